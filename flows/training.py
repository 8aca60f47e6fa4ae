"""The order of tasks that pretraining and fine-tuning share."""

from __future__ import annotations

import json
import time
from pathlib import Path
from typing import TYPE_CHECKING

from prefect.artifacts import create_image_artifact, create_markdown_artifact

from stickgen_model.training.checkpoint import ADAPTER_FILE, CONFIG_FILE, MODEL_FILE
from tasks.embed.task import embed_texts
from tasks.gallery.task import make_gallery, tell_gallery
from tasks.gate.task import run_gate
from tasks.gate.training_tables import result_tables
from tasks.publish.lock import build_lock
from tasks.track.task import track_build
from tasks.train.folder import explained_run
from tasks.train.plan import plan_run
from tasks.train.signals import report_saved
from tasks.train.summary import summarise_run, summary_markdown, summary_metrics
from tasks.train.task import (
    choose_training_clips,
    judge_model,
    open_training_data,
    train_model,
)

if TYPE_CHECKING:
    from tasks.track.task import BuildTracker
    from tasks.train.data import ChosenClips
    from tasks.train.job import TrainJob
    from tasks.train.plan import TrainPlan
    from tasks.train.run import JudgedRun
    from tasks.train.summary import TrainSummary

__all__ = ["TrainingInterruptedError", "train_in_flow"]


class TrainingInterruptedError(KeyboardInterrupt):
    """A run was stopped and has saved where it is."""


def train_in_flow(job: TrainJob) -> TrainSummary:
    """Check the data, embed its texts, train, check the result; call inside a flow.

    Raises:
        StickgenError: If a setting, a gate, the disk or the tracking store stops the run.
        TrainingInterruptedError: If somebody wanted it to stop.
    """
    started = time.perf_counter()
    plan = plan_run(job)
    resolved = {"job": job.to_dict(), "training": plan.config.to_dict()}
    resolved["job"]["settings"] = {}  # they are in the training's values
    with (
        explained_run(plan.run),
        build_lock(plan.run.root, what="run"),
        track_build(job.experiment_name, params=resolved, go_on=_tracked_before(plan)) as tracker,
    ):
        plan.run.write_json(plan.run.job, {"job": job.to_dict(), "training": resolved["training"]})
        plan.run.write_json(plan.run.tracked, {"uri": tracker.uri, "run_id": tracker.run_id})
        chosen, tables = choose_training_clips(plan)
        run_gate("training-data", tables, plan.run.docs)
        _log_start(plan, tracker, chosen)
        embed_texts(plan.data, job.encoder, folder=plan.texts.parent, device=plan.place.device)
        data, vectors, tables = open_training_data(plan, chosen)
        run_gate("training-texts", tables, plan.run.docs)
        outcome = train_model(plan, data, vectors, tracker)
        if not outcome.finished:
            report_saved(outcome.checkpoint)
            raise TrainingInterruptedError(outcome.checkpoint)
        judged = judge_model(plan, outcome, vectors)
        page = make_gallery(plan, outcome, data, vectors)
        summary = summarise_run(
            plan,
            outcome,
            judged,
            seconds=time.perf_counter() - started,
            tracked=(tracker.uri, tracker.run_id),
            gallery=page,
        )
        _tell_result(plan, tracker, summary, judged)
        tell_gallery(page, tracker, stage=job.stage)
        tables = result_tables(judged.loss, judged.generated, plan.floors)
        try:
            run_gate("training-result", tables, plan.run.docs)
        finally:
            tracker.log_files([plan.run.docs], "gates")
        return summary


def _tracked_before(plan: TrainPlan) -> str:
    """Id of the tracked run of this folder, empty if there was none."""
    try:
        return str(json.loads(plan.run.tracked.read_text(encoding="utf-8"))["run_id"])
    except (OSError, ValueError, KeyError, TypeError):
        return ""  # the first time, or a file that somebody changed: a new run is tracked


def _log_start(plan: TrainPlan, tracker: BuildTracker, chosen: ChosenClips) -> None:
    tracker.log_tags(
        {
            "dataset.fingerprint": chosen.fingerprint,
            "dataset.clips": chosen.digest,
            "run.folder": str(plan.run.root),
            "run.start": str(plan.start or ""),
        }
    )
    tracker.log_dataset(
        plan.data, name=plan.data.name, digest=chosen.fingerprint, context="training"
    )


def _tell_result(
    plan: TrainPlan, tracker: BuildTracker, summary: TrainSummary, judged: JudgedRun
) -> None:
    """To the folder of the run, MLflow and Prefect; the gate comes after it."""
    run = plan.run
    run.write_json(run.report, {**summary.as_json(), **judged.as_json()})
    tracker.log_metrics(summary_metrics(judged), time_ms=time.time_ns() // 1_000_000)
    tracker.log_files([run.report, run.curves, run.metrics, run.job])
    best = Path(summary.checkpoint)
    files = [best / name for name in (CONFIG_FILE, MODEL_FILE, ADAPTER_FILE)]
    tracker.log_files(files, "checkpoint")  # what generates; the optimiser stays in the folder
    key = plan.job.stage
    create_markdown_artifact(key=f"{key}-summary", markdown=summary_markdown(summary))
    if summary.samples:
        create_image_artifact(
            key=f"{key}-samples",
            image_url=Path(summary.samples[-1]).as_uri(),
            description=f"Samples of {summary.out}",
        )
