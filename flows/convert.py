"""From raw folders to scored clips: three shard stages, each followed by its gate."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import polars as pl
import pyarrow as pa

from datasets_spec.quality import QUALITY_MEASURES, QUALITY_SCORE, quality_column
from datasets_spec.schema import rejects_schema
from datasets_spec.stage_index import INGEST_COLUMNS, RETARGET_COLUMNS
from flows.stages import run_shards
from flows.telling import open_teller
from tasks.gate.tables import ingest_tables, retarget_tables, score_tables
from tasks.gate.task import run_gate
from tasks.ingest.collect import collect_warnings, count_files, planned_rejects, read_tables
from tasks.ingest.convert import INDEX_FILE, REJECTS_FILE, index_schema
from tasks.ingest.duplicates import RepeatedSequence, find_repeats
from tasks.ingest.task import ingest_shard, plan_sources
from tasks.publish.rows import work_schema
from tasks.retarget.task import retarget_shard
from tasks.score.convert import CLIPS_FILE
from tasks.score.task import score_shard
from tasks.store.workspace import SHARD_STAGES
from tasks.synthesize.shards import SceneShard, StoryShard, plan_scenes, plan_stories
from tasks.synthesize.task import synthesize_shard
from tasks.track.outcome import account, source_spec

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from pathlib import Path

    from prefect.task_runners import TaskRunner

    from tasks.config import BuildConfig, SourceConfig
    from tasks.gate.report import GateReport
    from tasks.ingest.contract import PlannedShard
    from tasks.ingest.plan import SourcePlan
    from tasks.store.shard import ShardMarker
    from tasks.store.workspace import Workspace

    Folders = Mapping[str, Sequence[Path]]

__all__ = ["Converted", "convert_sources"]

_SCORED_COLUMNS: Final = [
    "clip_id",
    "source",
    "performance_id",
    "subject_id",
    "scene_id",
    "action",
    "num_frames",
    "origin",
    QUALITY_SCORE,
    *(quality_column(measure.name) for measure in QUALITY_MEASURES),
]


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class Converted:
    """All scored clips of a build, and how they came about."""

    sources: tuple[str, ...]
    tables: list[Path]
    """Clips tables of the scored shards."""
    rejects: list[Path | pa.Table]
    files: pl.DataFrame
    sequences: pl.DataFrame
    scored: pl.DataFrame
    """Index of the scored clips."""
    gates: tuple[GateReport, ...]
    accounting: dict[str, Any]
    source_seconds: dict[str, float]
    stage_seconds: dict[str, float]
    shards: int
    """Over all stages."""
    shards_reused: int
    warnings: tuple[str, ...]
    metrics: dict[str, float]
    """Further numbers for the tracked run."""


def convert_sources(
    runner: TaskRunner[Any],
    workspace: Workspace,
    config: BuildConfig,
    sources: Sequence[SourceConfig],
) -> Converted:
    """Ingest, retarget and score every shard of every source, with a gate after each stage.

    Raises:
        GateError: If a gate fails.
        StickgenError: If a source folder or the disk cannot be used.
    """
    plans, ingested, metrics = _begin(runner, workspace, config, sources)
    shards = [shard for plan in plans for shard in plan.shards]
    folders = {stage: _folders(workspace, stage, shards) for stage in SHARD_STAGES}
    markers = {"ingest": ingested}
    files, sequences, repeats = _ingested(plans, shards, folders["ingest"])
    gates = [run_gate("ingest", ingest_tables(sequences, files), workspace.docs)]
    markers["retarget"] = _retarget(runner, shards, folders, markers["ingest"], repeats, config)
    clips = read_tables(folders["retarget"], INDEX_FILE, index_schema(RETARGET_COLUMNS))
    gates.append(run_gate("retarget", retarget_tables(clips), workspace.docs))
    markers["score"] = _score(runner, folders, markers["retarget"], config)
    scored = read_tables(folders["score"], CLIPS_FILE, work_schema(), columns=_SCORED_COLUMNS)
    gates.append(run_gate("score", score_tables(scored), workspace.docs))
    ruled_out = planned_rejects(plans)
    for stage in SHARD_STAGES:
        workspace.prune(stage, {shard.shard_id for shard in shards})
    return Converted(
        sources=tuple(sorted({plan.config.name for plan in plans})),
        tables=[folder / CLIPS_FILE for folder in folders["score"]],
        rejects=[
            pa.Table.from_pylist(ruled_out, schema=rejects_schema()),
            *(folder / REJECTS_FILE for stage in SHARD_STAGES for folder in folders[stage]),
        ],
        files=files,
        sequences=sequences,
        scored=scored,
        gates=tuple(gates),
        accounting=account(files, markers),
        source_seconds=_seconds_by_source(shards, markers),
        stage_seconds={stage: sum(m.elapsed_s for m in made) for stage, made in markers.items()},
        shards=len(shards) * len(SHARD_STAGES),
        shards_reused=sum(marker.reused for made in markers.values() for marker in made),
        warnings=collect_warnings(
            plans, [pl.read_parquet(f / INDEX_FILE) for f in folders["ingest"]]
        ),
        metrics=metrics,
    )


def _folders(workspace: Workspace, stage: str, shards: Sequence[PlannedShard]) -> list[Path]:
    return [workspace.shard(stage, shard.shard_id) for shard in shards]


def _begin(
    runner: TaskRunner[Any],
    workspace: Workspace,
    config: BuildConfig,
    sources: Sequence[SourceConfig],
) -> tuple[list[SourcePlan], list[ShardMarker], dict[str, float]]:
    """Read what was recorded and make what nobody recorded, while stories are told.

    Returns:
        All plans, the markers of their shards, and numbers about the stories.
    """
    with open_teller(config, workspace) as teller:
        plans = [*plan_sources(tuple(sources)), *plan_scenes(config.synthesis, seed=config.seed)]
        watch = teller.check if teller else None
        made = _make(runner, workspace, plans, stage="ingest", watch=watch)
        if teller is None:
            return plans, made, {}
        book = teller.result()
    told = plan_stories(book, seed=config.seed)
    return [*plans, *told], [*made, *_make(runner, workspace, told, stage="scenes")], book.metrics


def _make(
    runner: TaskRunner[Any],
    workspace: Workspace,
    plans: Sequence[SourcePlan],
    *,
    stage: str,
    watch: Callable[[], None] | None = None,
) -> list[ShardMarker]:
    shards = [shard for plan in plans for shard in plan.shards]
    calls = [
        (
            synthesize_shard if isinstance(shard, SceneShard | StoryShard) else ingest_shard,
            {"shard": shard, "folder": workspace.shard("ingest", shard.shard_id)},
        )
        for shard in shards
    ]
    return run_shards(runner, stage, calls, watch=watch) if calls else []


def _ingested(
    plans: Sequence[SourcePlan], shards: Sequence[PlannedShard], folders: Sequence[Path]
) -> tuple[pl.DataFrame, pl.DataFrame, list[RepeatedSequence]]:
    """Files by source, sequences without repeats, and the repeats."""
    tables = [pl.read_parquet(folder / INDEX_FILE) for folder in folders]
    named = zip([shard.shard_id for shard in shards], tables, strict=True)
    repeats = find_repeats((name, table.to_dicts()) for name, table in named)
    gone = Counter((repeat.shard_id, repeat.row) for repeat in repeats)
    kept = [
        table.filter([(shard.shard_id, row) not in gone for row in range(table.height)])
        for shard, table in zip(shards, tables, strict=True)
    ]
    empty = pl.DataFrame(index_schema(INGEST_COLUMNS).empty_table())
    sequences = pl.concat([table.select(empty.columns) for table in [empty, *kept]])
    by_id = dict(zip([shard.shard_id for shard in shards], folders, strict=True))
    return count_files(plans, planned_rejects(plans), by_id), sequences, repeats


def _retarget(
    runner: TaskRunner[Any],
    shards: Sequence[PlannedShard],
    folders: Folders,
    ingested: Sequence[ShardMarker],
    repeats: Sequence[RepeatedSequence],
    config: BuildConfig,
) -> list[ShardMarker]:
    calls = [
        {
            "ingested": marker,
            "source": source,
            "folder": folder,
            "repeats": tuple(r for r in repeats if r.shard_id == shard.shard_id),
            "config": config.retarget,
            "licence": source_spec(shard.config.name).licence,
        }
        for shard, marker, source, folder in zip(
            shards, ingested, folders["ingest"], folders["retarget"], strict=True
        )
    ]
    return run_shards(runner, "retarget", [(retarget_shard, call) for call in calls])


def _score(
    runner: TaskRunner[Any],
    folders: Folders,
    retargeted: Sequence[ShardMarker],
    config: BuildConfig,
) -> list[ShardMarker]:
    calls = [
        {"retargeted": marker, "source": source, "folder": folder, "config": config.score}
        for marker, source, folder in zip(
            retargeted, folders["retarget"], folders["score"], strict=True
        )
    ]
    return run_shards(runner, "score", [(score_shard, call) for call in calls])


def _seconds_by_source(
    shards: Sequence[PlannedShard], markers: Mapping[str, Sequence[ShardMarker]]
) -> dict[str, float]:
    seconds: Counter[str] = Counter()
    for made in markers.values():
        for shard, marker in zip(shards, made, strict=True):
            seconds[shard.config.name] += marker.elapsed_s  # type: ignore[assignment]
    return dict(seconds)
