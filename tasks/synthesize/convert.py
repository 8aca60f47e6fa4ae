"""One shard of scenes to records of sequences, with an index and the rejects."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from datasets_spec.rejection import RejectReason
from tasks.ingest.convert import (
    INDEX_FILE,
    RECORDS_FILE,
    REJECTS_FILE,
    index_row,
    reject_row,
    write_index,
    write_rejects,
)
from tasks.store.records import RecordWriter
from tasks.store.sequences import write_sequence
from tasks.synthesize.scenes.random_scene import random_scene, scene_action
from tasks.synthesize.scenes.sequence import SceneOptions, scene_sequence
from tasks.synthesize.story.book import read_stories
from tasks.synthesize.story.compile import compile_story, num_scenes, story_identity

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from datasets_spec.motion import MotionSequence
    from tasks.synthesize.shards import SceneShard, StoryShard
    from tasks.synthesize.story.compile import StoryScene
    from tasks.synthesize.story.schema import Story

__all__ = ["fill_scene_shard", "fill_story_shard"]


@dataclass(frozen=True, kw_only=True, slots=True)
class _Job:
    """One scene to make."""

    item: str
    what: str
    """Which scene it is, for the reject."""
    make: Callable[[], MotionSequence]
    """Raises ValueError if the engine cannot play the scene."""


def fill_scene_shard(folder: Path, shard: SceneShard) -> dict[str, int]:
    """Make every procedural scene of a shard.

    Args:
        folder: Where to write records, index and rejects.
        shard: The work.

    Returns:
        Counts as of an ingested shard: items, accepted, rejected, sequences, frames.
    """
    numbers = range(shard.first, shard.first + shard.count)
    jobs = (_scene_job(shard, number) for number in numbers)
    return _fill(folder, shard.config.name, jobs, items=shard.count)


def fill_story_shard(folder: Path, shard: StoryShard) -> dict[str, int]:
    """Make every scene of the stories of a shard.

    Args:
        folder: Where to write records, index and rejects.
        shard: The work.

    Returns:
        Counts as of an ingested shard; an item is a scene.

    Raises:
        StickgenError: If the book of stories was changed meanwhile.
    """
    stories = read_stories(Path(shard.book), first=shard.first, count=shard.count)
    jobs = (job for story in stories for job in _story_jobs(story, shard.seed))
    return _fill(folder, shard.config.name, jobs, items=shard.num_scenes)


def _fill(folder: Path, source: str, jobs: Iterable[_Job], *, items: int) -> dict[str, int]:
    rows = []
    rejects: list[dict[str, str]] = []
    frames = 0
    with RecordWriter(folder / RECORDS_FILE) as writer:
        for job in jobs:
            try:
                sequence = job.make()
            except ValueError as error:
                # one scene in a hundred thousand must not cost the build; the gate counts them
                rejects.append(_unplayable(source, job, error))
                continue
            write_sequence(writer, sequence)
            rows.append(index_row(sequence.sequence_id, sequence))
            frames += sequence.num_frames
    assert len(rows) + len(rejects) == items
    write_index(folder / INDEX_FILE, rows)
    write_rejects(folder / REJECTS_FILE, rejects)
    return {
        "items": items,
        "accepted": len(rows),
        "rejected": len(rejects),
        "sequences": len(rows),
        "frames": frames,
    }


def _scene_job(shard: SceneShard, number: int) -> _Job:
    def make() -> MotionSequence:
        plan = random_scene(shard.seed, number, total=shard.total, shares=shard.shares)
        word = plan.meetings[0].kind if plan.meetings else scene_action(shard.seed, number)
        options = SceneOptions(
            source=shard.config.name,
            sequence_id=f"{number:07d}_{word}",
            seed=(shard.seed, number),
            moving_camera=shard.shares.moving_camera,
        )
        return scene_sequence(plan, options)

    action = scene_action(shard.seed, number)
    return _Job(
        item=f"{number:07d}", what=f"seed {shard.seed}, scene {number} ({action})", make=make
    )


def _story_jobs(story: Story, seed: int) -> Iterator[_Job]:
    """The scenes of a story; they are one performance of its players."""
    identity = story_identity(story)
    failure: ValueError | None = None
    scenes: tuple[StoryScene, ...] = ()
    try:
        scenes = compile_story(story)
    except ValueError as error:
        failure = error
    for number in range(num_scenes(story)):

        def make(number: int = number) -> MotionSequence:
            if failure is not None:
                raise failure
            scene = scenes[number]
            options = SceneOptions(
                source="stories",
                sequence_id=f"{identity}/s{number:02d}",
                performance_id=identity,
                seed=(seed, int(identity, 16), number),
                shots=scene.shots,
                voices=scene.voices,
            )
            return scene_sequence(scene.plan, options)

        yield _Job(
            item=f"{identity}/s{number:02d}",
            what=f"story {identity}, scene {number + 1} of {num_scenes(story)}",
            make=make,
        )


def _unplayable(source: str, job: _Job, error: ValueError) -> dict[str, str]:
    return reject_row(
        source=source,
        item=job.item,
        origin_path=f"{source}/{job.item}",
        stage="ingest",
        level="file",
        reason=RejectReason.UNPLAYABLE.value,
        detail=f"{job.what}: {error}",
    )
