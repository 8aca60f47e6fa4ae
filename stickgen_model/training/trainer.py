"""A training run from start, or from where it was interrupted."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import torch

from stickgen_model.training.checkpoint import newest_checkpoint
from stickgen_model.training.memory import freed_memory_kept
from stickgen_model.training.optimiser import AveragedWeights, make_optimiser
from stickgen_model.training.preparation import prepare_model
from stickgen_model.training.run_state import Progress, RunParts, load_run
from stickgen_model.training.training_run import TrainingRun, TrainPlace

if TYPE_CHECKING:
    from pathlib import Path

    from stickgen_model.training.config import TrainConfig
    from stickgen_model.training.hooks import RunHooks
    from stickgen_model.training.metrics import MetricSink
    from stickgen_model.training.preparation import TrainingData

__all__ = ["TrainResult", "train"]


@dataclass(frozen=True, kw_only=True, slots=True)
class TrainResult:
    """How a run ended.

    Attributes:
        checkpoint: The newest one.
        progress: How far it is.
        finished: Whether all steps are done.
        loss: Training loss of the last step that was taken here, NaN if there was none.
    """

    checkpoint: Path
    progress: Progress
    finished: bool
    loss: float


def train(
    config: TrainConfig,
    data: TrainingData,
    *,
    out: Path,
    sink: MetricSink | None = None,
    init_from: Path | None = None,
    stop_after: int | None = None,
    place: TrainPlace | None = None,
    hooks: RunHooks | None = None,
) -> TrainResult:
    """Train, going on from the newest checkpoint in `out` if there is one.

    Args:
        config: Of the run.
        data: Clips and words.
        out: Folder of the run's checkpoints, `step-*`.
        sink: Gets the metrics of process 0.
        init_from: Checkpoint to start from.
        stop_after: Save and stop after that many steps of this call.
        place: Where to compute; None = the CPU, alone.
        hooks: Asked and told between steps.

    Raises:
        StickgenError: If settings, data, checkpoint or memory do not allow it.
    """
    place = TrainPlace() if place is None else place
    model, codec = prepare_model(config, data, init_from=init_from)
    model.to(place.device)
    parts = RunParts(
        model=model,
        optimiser=make_optimiser(model, config.optim),
        averages=AveragedWeights(model, config.optim.ema_decay),
        codec=codec,
        config=config,
        data=data.fingerprint(),
        world=place.world,
    )
    newest = newest_checkpoint(out)
    progress = Progress() if newest is None else load_run(newest, parts)
    run = TrainingRun(parts, data, out=out, sink=sink, place=place, hooks=hooks)
    devices = [place.device] if place.device.startswith("cuda") else []
    with torch.random.fork_rng(devices), freed_memory_kept():
        progress, checkpoint = run.go(progress, stop_after=stop_after)
    return TrainResult(
        checkpoint=checkpoint,
        progress=progress,
        finished=progress.step >= run.num_steps,
        loss=run.last_loss,
    )
