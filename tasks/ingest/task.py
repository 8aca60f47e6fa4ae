"""Ingest as Prefect tasks: plan the sources, read a shard."""

from __future__ import annotations

import time
from pathlib import Path

from prefect import task

from tasks.config import SourceConfig
from tasks.ingest.convert import fill_ingest_shard
from tasks.ingest.plan import IngestShard, SourcePlan, plan_source, side_fingerprint
from tasks.ingest.registry import make_reader
from tasks.store.shard import ShardMarker, write_shard

__all__ = ["ingest_shard", "plan_sources"]


@task(name="plan-sources")
def plan_sources(sources: tuple[SourceConfig, ...]) -> list[SourcePlan]:
    """Find the items of every source folder and divide them into shards.

    Raises:
        ConfigError: If a folder or a side file cannot be used.
    """
    taken: dict[str, set[str]] = {}
    plans = []
    for config in sources:
        reader = make_reader(config, side_fingerprint(config))
        discovery = reader.discover(Path(config.path))
        plans.append(plan_source(config, discovery, taken.setdefault(config.name, set())))
    return plans


@task(name="ingest-shard", task_run_name="ingest-{shard.shard_id}")
def ingest_shard(shard: IngestShard, folder: Path) -> ShardMarker:
    """Read one shard of raw files, unless its finished folder is there already."""

    def fill(temporary: Path) -> dict[str, int]:
        reader = make_reader(shard.config, shard.side_files)
        return fill_ingest_shard(temporary, shard, reader)

    return write_shard(folder, wanted=shard.fingerprint, fill=fill, clock=time.perf_counter)
