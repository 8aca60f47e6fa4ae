"""The flow build-dataset: raw motion to a curated, gated, tracked dataset folder."""

from __future__ import annotations

import time
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from prefect import flow
from prefect.artifacts import create_table_artifact
from prefect.logging import get_run_logger

from flows.convert import Converted, convert_sources
from flows.runner import open_runner
from tasks.config import BuildConfig
from tasks.curate.task import curate_dataset
from tasks.gate.tables import curate_tables
from tasks.gate.task import run_gate
from tasks.publish.lock import build_lock
from tasks.publish.publish import PublishInputs
from tasks.publish.swap import check_target, recover
from tasks.publish.task import publish_build
from tasks.sample.task import make_sample
from tasks.store.workspace import Workspace, explained_disk, open_workspace
from tasks.synthesize.task import check_teller
from tasks.track.outcome import log_outcome, rejects_table, source_specs
from tasks.track.progress import report_progress
from tasks.track.summary import BuildSummary, summarise
from tasks.track.task import track_build, tracked_config

if TYPE_CHECKING:
    from tasks.publish.publish import PublishedDataset
    from tasks.track.task import BuildTracker

__all__ = ["build_dataset"]


@flow(name="build-dataset")
def build_dataset(config: BuildConfig = BuildConfig(sample=True)) -> BuildSummary:  # noqa: B008
    """Read, retarget, score, curate, check and publish.

    Args:
        config: What to build, from what, and where to.

    Returns:
        Counts by source and where to look.

    Raises:
        StickgenError: If a folder, a gate, the disk or the tracking store stops the build; the
            last good dataset is then still in place.
    """
    started = time.perf_counter()
    workspace = open_workspace(config.out, config.work)
    check_target(workspace.out, workspace.root)
    check_teller(config.synthesis)
    with (
        explained_disk(workspace),
        build_lock(workspace.root),
        track_build(config.experiment, params=tracked_config(config)) as tracker,
    ):
        recover(workspace.out, workspace.root)
        workspace.clear_unfinished()
        sources = config.sources
        if config.sample:
            sources += make_sample(workspace.sample, config.seed)
        with open_runner(config) as runner:
            converted = convert_sources(runner, workspace, config, sources)
        return _finish(config, workspace, converted, tracker, started)


def _finish(
    config: BuildConfig,
    workspace: Workspace,
    converted: Converted,
    tracker: BuildTracker,
    started: float,
) -> BuildSummary:
    report_progress("curate", 0, 1)
    curated = curate_dataset(converted.tables, config.curate, config.seed)
    caps = curated.statistics["fine_tuning"]["caps"]
    tables = curate_tables(
        converted.scored.join(curated.assignments.filter("keep"), on="clip_id"),
        config.curate,
        {name: caps[name]["held"] for name in ("action", "source")},
        curated.statistics["splits"]["split_by_performance"],
    )
    gate = run_gate("curate", tables, workspace.docs)
    report_progress("curate", 1, 1)
    report_progress("publish", 0, 1)
    removed = rejects_table(curated.removed, converted.scored)
    published = publish_build(
        PublishInputs(
            work_tables=converted.tables,
            assignments=curated.assignments,
            rejects=[*converted.rejects, removed],
            config=asdict(config),
            statistics={"accounting": converted.accounting, "curation": curated.statistics},
            gates={report.stage: report.as_json() for report in (*converted.gates, gate)},
            specs=source_specs(converted.sources),
            out=workspace.out,
            work=workspace.root,
        )
    )
    report_progress("publish", 1, 1)
    return _report(workspace, converted, published, tracker, started)


def _report(
    workspace: Workspace,
    converted: Converted,
    published: PublishedDataset,
    tracker: BuildTracker,
    started: float,
) -> BuildSummary:
    index, rejects = log_outcome(
        tracker, workspace, published, seconds=converted.stage_seconds, more=converted.metrics
    )
    rows = summarise(
        files=converted.files,
        sequences=converted.sequences,
        clips=index,
        rejects=rejects,
        seconds=converted.source_seconds,
    )
    summary = BuildSummary(
        out=str(workspace.out),
        docs=str(workspace.docs),
        fingerprint=published.manifest["fingerprint"],
        rows=rows,
        shards=converted.shards,
        shards_reused=converted.shards_reused,
        seconds=round(time.perf_counter() - started, 1),
        tracking_uri=tracker.uri,
        run_id=tracker.run_id,
        warnings=converted.warnings,
    )
    for warning in summary.warnings:
        get_run_logger().warning(warning)
    create_table_artifact(
        key="build-dataset-summary",
        table=[_artifact_row(row) for row in summary.as_json()["rows"]],
        description=f"Dataset {summary.out}, fingerprint {summary.fingerprint[:12]}",
    )
    return summary


def _artifact_row(row: dict[str, Any]) -> dict[str, Any]:
    reasons = ", ".join(f"{reason} {count}" for reason, count in row["rejected"].items())
    return {**row, "rejected": reasons}
