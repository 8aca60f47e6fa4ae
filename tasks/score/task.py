"""Scoring as a Prefect task."""

from __future__ import annotations

import time
from dataclasses import asdict
from pathlib import Path

from prefect import task

from datasets_spec.schema import SCHEMA_VERSION
from tasks.config import ScoreConfig
from tasks.ingest.convert import RECORDS_FILE
from tasks.score.convert import fill_score_shard
from tasks.store.code import code_fingerprint
from tasks.store.shard import ShardMarker, fingerprint, write_shard

__all__ = ["score_shard"]


@task(name="score-shard", task_run_name="score-{retargeted.shard_id}")
def score_shard(
    retargeted: ShardMarker, *, source: Path, folder: Path, config: ScoreConfig
) -> ShardMarker:
    """Score the clips of one shard, unless its finished folder is there already."""
    wanted = fingerprint(
        SCHEMA_VERSION, code_fingerprint("score"), retargeted.content, asdict(config)
    )

    def fill(temporary: Path) -> dict[str, int]:
        return fill_score_shard(temporary, records=source / RECORDS_FILE, config=config)

    return write_shard(folder, wanted=wanted, fill=fill, clock=time.perf_counter)
