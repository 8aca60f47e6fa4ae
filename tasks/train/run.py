"""Training and judging of a planned run, without any orchestration."""

from __future__ import annotations

import math
import statistics
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

import torch
import torch.distributed as dist

from datasets_spec.quality import QUALITY_SCORE
from stickgen_model.data.clip_store import ClipStore
from stickgen_model.text.text_table import TextTable
from stickgen_model.training.checkpoint import best_checkpoint
from stickgen_model.training.trainer import train
from tasks.score.figure import BONE_VARIATION, MOTION_ENERGY
from tasks.train.curves import draw_curves, first_and_last, read_metrics
from tasks.train.data import choose_clips, clip_table, open_data
from tasks.train.meter import TrainMeter, peak_memory
from tasks.train.samples import measure_generated, measure_real
from tasks.train.signals import STOP

if TYPE_CHECKING:
    from pathlib import Path

    from stickgen_model.training.preparation import TrainingData
    from tasks.train.meter import RunTracker
    from tasks.train.plan import TrainPlan

__all__ = ["JudgedRun", "TrainOutcome", "follow", "judge_run", "train_run", "wait_for_all"]


@dataclass(frozen=True, kw_only=True, slots=True)
class TrainOutcome:
    """How training ended.

    Attributes:
        checkpoint: The newest.
        best: That of the least validation loss, else the newest.
        step: Steps done.
        finished: Whether all are.
        skipped: Steps without a finite gradient.
    """

    checkpoint: str
    best: str
    step: int
    finished: bool
    skipped: int


@dataclass(frozen=True, kw_only=True, slots=True)
class JudgedRun:
    """What a finished run is worth.

    Attributes:
        loss: Name, first and last loss.
        generated: Measures of generated clips, one row a prompt.
        medians: Medians over generated clips, and over real ones (`real_...`).
        speed: Clips and frames a second (median), peak memory.
    """

    loss: tuple[str, float, float] | None
    generated: list[dict[str, Any]]
    medians: dict[str, float]
    speed: dict[str, float]

    def as_json(self) -> dict[str, Any]:
        """Plain values."""
        return asdict(self)


def wait_for_all(plan: TrainPlan) -> None:
    """Go on when every process is here."""
    if plan.place.world > 1:
        dist.all_reduce(torch.zeros(1, device=plan.place.device))


def train_run(
    plan: TrainPlan,
    data: TrainingData,
    *,
    vectors: TextTable,
    tracker: RunTracker | None = None,
) -> TrainOutcome:
    """Train as process 0, going on where the run was left.

    Args:
        plan: The run.
        data: Its clips and words.
        vectors: Of the sample prompts.
        tracker: The tracked run.

    Raises:
        StickgenError: If settings, data, checkpoint or memory do not allow it.
    """
    meter = TrainMeter(
        plan.job, plan.run, vectors=vectors, device=plan.place.device, tracker=tracker
    )
    wait_for_all(plan)
    try:
        result = train(
            plan.config,
            data,
            out=plan.run.checkpoints,
            sink=meter,
            init_from=plan.start,
            place=plan.place,
            hooks=meter,
        )
    finally:
        meter.flush()
    best = best_checkpoint(plan.run.root) or result.checkpoint
    return TrainOutcome(
        checkpoint=str(result.checkpoint),
        best=str(best),
        step=result.progress.step,
        finished=result.finished,
        skipped=result.progress.skipped,
    )


class _Follower:
    """Hooks of the processes that only train."""

    def on_start(self, *, step: int, num_steps: int) -> None:
        """Say nothing."""

    def on_checkpoint(self, checkpoint: Path, *, step: int) -> None:
        """Say nothing."""

    def stop_wanted(self) -> bool:
        """As this process was told."""
        return STOP.is_set()


def follow(plan: TrainPlan) -> None:
    """Train as one of the other processes; process 0 checks and prepares everything."""
    wait_for_all(plan)
    chosen = choose_clips(plan.job, plan.data, clip_table(plan.data))
    texts = TextTable.load(plan.texts)
    config = plan.config
    data = open_data(chosen, texts, num_actions=config.num_actions, pictures=config.multimodal)
    train(
        plan.config,
        data,
        out=plan.run.checkpoints,
        init_from=plan.start,
        place=plan.place,
        hooks=_Follower(),
    )


def judge_run(plan: TrainPlan, outcome: TrainOutcome, vectors: TextTable) -> JudgedRun:
    """Draw the curves, generate with the best checkpoint and measure what comes out."""
    metrics = read_metrics(plan.run.metrics)
    draw_curves(metrics, plan.run.curves)
    best = plan.run.checkpoints / outcome.best.rpartition("/")[2]
    device = plan.place.device
    generated = measure_generated(best, config=plan.job.samples, vectors=vectors, device=device)
    real = measure_real(ClipStore.open(plan.data, split="val", num_actions=plan.config.num_actions))
    names = (QUALITY_SCORE, BONE_VARIATION, MOTION_ENERGY)
    medians = {name: statistics.median(row[name] for row in generated) for name in names}
    medians |= {f"real_{name}": statistics.median(row[name] for row in real) for name in names}
    speed = peak_memory(device)
    for name in ("system/clips_per_s", "system/frames_per_s"):
        values = metrics.filter(metrics["name"] == name)["value"].to_list()
        speed[name] = statistics.median(values) if values else math.nan
    return JudgedRun(
        loss=first_and_last(metrics), generated=generated, medians=medians, speed=speed
    )
