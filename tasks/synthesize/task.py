"""Synthesis as Prefect tasks: make a shard of scenes."""

from __future__ import annotations

import time
from pathlib import Path

from prefect import task

from tasks.store.shard import ShardMarker, write_shard
from tasks.synthesize.convert import fill_scene_shard
from tasks.synthesize.shards import SceneShard

__all__ = ["synthesize_shard"]


@task(name="synthesize-shard", task_run_name="synthesize-{shard.shard_id}")
def synthesize_shard(shard: SceneShard, folder: Path) -> ShardMarker:
    """Make one shard of scenes, unless its finished folder is there already."""

    def fill(temporary: Path) -> dict[str, int]:
        return fill_scene_shard(temporary, shard)

    return write_shard(folder, wanted=shard.fingerprint, fill=fill, clock=time.perf_counter)
