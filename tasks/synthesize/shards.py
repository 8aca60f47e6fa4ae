"""Divide the scenes of a build into shards, the same way every time."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Final

from datasets_spec.schema import SCHEMA_VERSION
from tasks.ingest.plan import SourcePlan
from tasks.store.code import code_fingerprint
from tasks.store.shard import fingerprint
from tasks.synthesize.scenes.random_scene import SceneShares

if TYPE_CHECKING:
    from tasks.config import SynthesisConfig
    from tasks.synthesize.story.book import StoryBook

__all__ = [
    "SceneShard",
    "StoryShard",
    "Synthetic",
    "plan_scenes",
    "plan_stories",
    "scene_shares",
]

SCENES_A_SHARD: Final = 2000
"""About a minute of work."""
STORIES_A_SHARD: Final = 50
"""Some hundred scenes of one to three people."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Synthetic:
    """A source without a folder."""

    name: str


@dataclass(frozen=True, kw_only=True, slots=True)
class SceneShard:
    """The work of one task: scenes first..first+count-1 of the build."""

    shard_id: str
    config: Synthetic
    first: int
    count: int
    total: int
    seed: int
    shares: SceneShares
    fingerprint: str


@dataclass(frozen=True, kw_only=True, slots=True)
class StoryShard:
    """The work of one task: stories first..first+count-1 of a book."""

    shard_id: str
    config: Synthetic
    book: str
    """File of the stories."""
    first: int
    count: int
    num_scenes: int
    seed: int
    fingerprint: str


def scene_shares(config: SynthesisConfig) -> SceneShares:
    """The engine's part of the configuration."""
    return SceneShares(
        sequence=config.sequence_share,
        together=config.together_share,
        style=config.style_share,
        setting=config.setting_share,
        moving_camera=config.moving_camera_share,
    )


def plan_scenes(config: SynthesisConfig, *, seed: int) -> list[SourcePlan]:
    """Shards of the procedural scenes; none if none are wanted."""
    if not config.num_scenes:
        return []
    shares, source = scene_shares(config), Synthetic(name="procedural")
    shards = []
    for first in range(0, config.num_scenes, SCENES_A_SHARD):
        count = min(SCENES_A_SHARD, config.num_scenes - first)
        # the number of scenes decides how many people there are, so it belongs to every shard
        decides = [config.num_scenes, first, count, seed, asdict(shares)]
        shards.append(
            SceneShard(
                shard_id=f"procedural-{seed}-{first:08d}",
                config=source,
                first=first,
                count=count,
                total=config.num_scenes,
                seed=seed,
                shares=shares,
                fingerprint=fingerprint(SCHEMA_VERSION, code_fingerprint("synthesize"), decides),
            )
        )
    return [
        SourcePlan(
            config=source,
            shards=tuple(shards),
            rejects=(),
            num_items=config.num_scenes,
            warnings=(),
        )
    ]


def plan_stories(book: StoryBook, *, seed: int) -> list[SourcePlan]:
    """Shards of the stories that were told.

    Args:
        book: Its rejects become those of the plan, its shortcomings the plan's warnings.
        seed: Of the build.
    """
    source = Synthetic(name="stories")
    shards = []
    for first in range(0, len(book.entries), STORIES_A_SHARD):
        entries = book.entries[first : first + STORIES_A_SHARD]
        decides = [seed, [entry.sha256 for entry in entries]]
        shards.append(
            StoryShard(
                shard_id=f"stories-{seed}-{first:08d}",
                config=source,
                book=book.path,
                first=first,
                count=len(entries),
                num_scenes=sum(entry.scenes for entry in entries),
                seed=seed,
                fingerprint=fingerprint(SCHEMA_VERSION, code_fingerprint("synthesize"), decides),
            )
        )
    return [
        SourcePlan(
            config=source,
            shards=tuple(shards),
            rejects=book.rejects,
            num_items=sum(entry.scenes for entry in book.entries),
            warnings=tuple(_shortcomings(book)),
        )
    ]


def _shortcomings(book: StoryBook) -> list[str]:
    lines = []
    told = len(book.entries)
    if told < book.wanted:
        lines.append(
            f"stories: {told} of the {book.wanted} wanted, {len(book.rejects)} requests gave none; "
            "rejects.parquet says why"
        )
    if book.repaired:
        lines.append(
            f"stories: {book.repaired} of {told} were valid only after their faults had been sent "
            "back"
        )
    return lines
