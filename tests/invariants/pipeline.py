"""A build without Prefect: the same shard tasks, called one by one, in any order or in a pool."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from concurrent.futures import Executor
from dataclasses import asdict
from pathlib import Path
from typing import Any

import polars as pl

from datasets_spec.stage_index import INGEST_COLUMNS
from tasks.config import BuildConfig, SourceConfig
from tasks.curate.task import curate_dataset
from tasks.ingest import plan
from tasks.ingest.collect import count_files, planned_rejects
from tasks.ingest.convert import INDEX_FILE, REJECTS_FILE
from tasks.ingest.duplicates import find_repeats
from tasks.ingest.task import ingest_shard, plan_sources
from tasks.publish.publish import PublishInputs, publish_dataset
from tasks.publish.swap import recover
from tasks.retarget.task import retarget_shard
from tasks.score.convert import CLIPS_FILE
from tasks.score.task import score_shard
from tasks.store.shard import ShardMarker
from tasks.store.workspace import SHARD_STAGES, open_workspace
from tasks.track.outcome import account, rejects_table, source_spec, source_specs

SMALL_SHARD = 3
"""Items a shard: the sample is small, and there must be something to divide."""

Run = Callable[[Callable[..., ShardMarker], Sequence[dict[str, Any]]], list[ShardMarker]]


def in_order(
    work: Callable[..., ShardMarker], calls: Sequence[dict[str, Any]]
) -> list[ShardMarker]:
    return [work(**call) for call in calls]


def shuffled(seed: int) -> Run:
    def run(work: Callable[..., ShardMarker], calls: Sequence[dict[str, Any]]) -> list[ShardMarker]:
        order = list(range(len(calls)))
        random.Random(seed).shuffle(order)
        made = {number: work(**calls[number]) for number in order}
        return [made[number] for number in range(len(calls))]

    return run


def pooled(pool: Executor) -> Run:
    def run(work: Callable[..., ShardMarker], calls: Sequence[dict[str, Any]]) -> list[ShardMarker]:
        futures = [pool.submit(_work, work.__name__, call) for call in calls]
        return [future.result() for future in futures]

    return run


_TASKS = {task.fn.__name__: task.fn for task in (ingest_shard, retarget_shard, score_shard)}


def _work(name: str, call: dict[str, Any]) -> ShardMarker:
    # a task's function cannot be pickled: its name stands for it
    return _TASKS[name](**call)


def build(sources: Sequence[SourceConfig], out: Path, *, run: Run = in_order) -> dict[str, int]:
    """Build a dataset; returns how many shards of each stage were kept from an earlier run."""
    config = BuildConfig(sources=tuple(sources), out=str(out), work=f"{out}-work")
    workspace = open_workspace(config.out, config.work)
    recover(workspace.out, workspace.root)
    workspace.clear_unfinished()
    plan.MAX_ITEMS, usual = SMALL_SHARD, plan.MAX_ITEMS  # type: ignore[misc]
    try:
        plans = plan_sources.fn(config.sources)
    finally:
        plan.MAX_ITEMS = usual  # type: ignore[misc]
    shards = [shard for one in plans for shard in one.shards]
    folders = {
        stage: [workspace.shard(stage, s.shard_id) for s in shards] for stage in SHARD_STAGES
    }
    ingest, retarget, score = (folders[stage] for stage in SHARD_STAGES)
    markers = {
        "ingest": run(
            ingest_shard.fn,
            [{"shard": s, "folder": f} for s, f in zip(shards, ingest, strict=True)],
        )
    }
    tables = [pl.read_parquet(folder / INDEX_FILE) for folder in ingest]
    assert all(set(INGEST_COLUMNS) <= set(table.columns) for table in tables)
    repeats = find_repeats(
        (s.shard_id, table.to_dicts()) for s, table in zip(shards, tables, strict=True)
    )
    markers["retarget"] = run(
        retarget_shard.fn,
        [
            {
                "ingested": marker,
                "source": ingest[number],
                "folder": retarget[number],
                "repeats": tuple(r for r in repeats if r.shard_id == shards[number].shard_id),
                "config": config.retarget,
                "licence": source_spec(shards[number].config.name).licence,
            }
            for number, marker in enumerate(markers["ingest"])
        ],
    )
    markers["score"] = run(
        score_shard.fn,
        [
            {"retargeted": m, "source": s, "folder": f, "config": config.score}
            for m, s, f in zip(markers["retarget"], retarget, score, strict=True)
        ],
    )
    files = count_files(
        plans,
        planned_rejects(plans),
        {s.shard_id: folder for s, folder in zip(shards, ingest, strict=True)},
    )
    for stage in SHARD_STAGES:
        workspace.prune(stage, {s.shard_id for s in shards})
    clips = [folder / CLIPS_FILE for folder in score]
    scored = pl.concat([pl.read_parquet(path) for path in clips])
    curated = curate_dataset.fn(clips, config.curate, config.seed)
    rejects: list[Any] = [
        folder / REJECTS_FILE for stage in SHARD_STAGES for folder in folders[stage]
    ]
    publish_dataset(
        PublishInputs(
            work_tables=clips,
            assignments=curated.assignments,
            rejects=[*rejects, rejects_table(curated.removed, scored)],
            config=asdict(config),
            statistics={
                "accounting": account(files, markers),
                "curation": curated.statistics,
            },
            gates={},
            specs=source_specs(sorted({one.config.name for one in plans})),
            out=workspace.out,
            work=workspace.root,
        )
    )
    return {stage: sum(m.reused for m in made) for stage, made in markers.items()}


def contents(folder: Path) -> dict[str, bytes]:
    """Every file of a folder by its path."""
    found = sorted(path for path in folder.rglob("*") if path.is_file())
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in found}
