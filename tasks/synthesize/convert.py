"""One shard of scenes to records of sequences, with an index and the rejects."""

from __future__ import annotations

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

if TYPE_CHECKING:
    from pathlib import Path

    from datasets_spec.motion import MotionSequence
    from tasks.synthesize.shards import SceneShard

__all__ = ["fill_scene_shard"]


def fill_scene_shard(folder: Path, shard: SceneShard) -> dict[str, int]:
    """Make every scene of a shard.

    Args:
        folder: Where to write records, index and rejects.
        shard: The work.

    Returns:
        Counts as of an ingested shard: items, accepted, rejected, sequences, frames.
    """
    rows = []
    rejects: list[dict[str, str]] = []
    frames = 0
    with RecordWriter(folder / RECORDS_FILE) as writer:
        for number in range(shard.first, shard.first + shard.count):
            try:
                sequence = _scene(shard, number)
            except ValueError as error:
                # one scene in a hundred thousand must not cost the build; the gate counts them
                rejects.append(_unplayable(shard, number, error))
                continue
            write_sequence(writer, sequence)
            rows.append(index_row(sequence.sequence_id, sequence))
            frames += sequence.num_frames
    write_index(folder / INDEX_FILE, rows)
    write_rejects(folder / REJECTS_FILE, rejects)
    return {
        "items": shard.count,
        "accepted": len(rows),
        "rejected": len(rejects),
        "sequences": len(rows),
        "frames": frames,
    }


def _scene(shard: SceneShard, number: int) -> MotionSequence:
    plan = random_scene(shard.seed, number, total=shard.total, shares=shard.shares)
    word = plan.meetings[0].kind if plan.meetings else scene_action(shard.seed, number)
    options = SceneOptions(
        source=shard.config.name,
        sequence_id=f"{number:07d}_{word}",
        seed=(shard.seed, number),
        moving_camera=shard.shares.moving_camera,
    )
    return scene_sequence(plan, options)


def _unplayable(shard: SceneShard, number: int, error: ValueError) -> dict[str, str]:
    action = scene_action(shard.seed, number)
    return reject_row(
        source=shard.config.name,
        item=f"{number:07d}",
        origin_path=f"{shard.config.name}/{number:07d}",
        stage="ingest",
        level="file",
        reason=RejectReason.UNPLAYABLE.value,
        detail=f"seed {shard.seed}, scene {number} ({action}): {error}",
    )
