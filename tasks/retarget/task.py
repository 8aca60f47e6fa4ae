"""Retargeting as a Prefect task."""

from __future__ import annotations

import time
from dataclasses import asdict
from pathlib import Path

from prefect import task

from datasets_spec.schema import SCHEMA_VERSION
from tasks.config import RetargetConfig
from tasks.ingest.convert import RECORDS_FILE
from tasks.ingest.duplicates import RepeatedSequence
from tasks.retarget.convert import fill_retarget_shard
from tasks.store.code import code_fingerprint
from tasks.store.shard import ShardMarker, fingerprint, write_shard

__all__ = ["retarget_shard"]


@task(name="retarget-shard", task_run_name="retarget-{ingested.shard_id}")
def retarget_shard(
    ingested: ShardMarker,
    *,
    source: Path,
    folder: Path,
    repeats: tuple[RepeatedSequence, ...],
    config: RetargetConfig,
    licence: str,
) -> ShardMarker:
    """Make the clips of one ingested shard, unless its finished folder is there already."""
    wanted = fingerprint(
        SCHEMA_VERSION,
        code_fingerprint("retarget"),
        ingested.content,
        [asdict(repeat) for repeat in repeats],
        asdict(config),
        licence,
    )

    def fill(temporary: Path) -> dict[str, int]:
        return fill_retarget_shard(
            temporary,
            records=source / RECORDS_FILE,
            repeats=repeats,
            config=config,
            licence=licence,
        )

    return write_shard(folder, wanted=wanted, fill=fill, clock=time.perf_counter)
