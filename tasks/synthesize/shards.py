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

__all__ = ["SceneShard", "Synthetic", "plan_scenes", "scene_shares"]

SCENES_A_SHARD: Final = 2000
"""About a minute of work."""


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
