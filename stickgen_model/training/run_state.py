"""Saving a training run and going on with it, to the bit."""

from __future__ import annotations

import json
import shutil
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any, Final

import torch
from safetensors.torch import save_file

from stickgen_model.lora import save_lora_file
from stickgen_model.training.checkpoint import (
    ADAPTER_FILE,
    BEST_FILE,
    CheckpointError,
    check_keys,
    newest_checkpoint,
    read_info,
    read_json,
    read_tensors,
    write_folder,
    write_inference_files,
    write_json,
)

if TYPE_CHECKING:
    from pathlib import Path

    from torch import Tensor

    from stickgen_model.codec import MotionCodec
    from stickgen_model.model.transformer import StickFigureTransformer
    from stickgen_model.training.checkpoint import CheckpointInfo
    from stickgen_model.training.config import TrainConfig
    from stickgen_model.training.optimiser import AveragedWeights

__all__ = ["Progress", "RunParts", "load_run", "prune_checkpoints", "save_run"]

_TRAINING_FILE: Final = "training.json"
_TRAINED_FILE: Final = "trained.safetensors"
_OPTIMISER_FILE: Final = "optimiser.pt"
_FREE_TO_CHANGE: Final = ("workers", "validate_every", "save_every", "keep", "max_bad_steps")
"""What may differ when a run goes on: nothing of it changes a weight."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Progress:
    """How far a run is.

    Attributes:
        step: Steps done.
        skipped: Steps of them without a finite gradient.
        averaged: Updates of the averaged weights.
        best_loss: Least validation loss, None before the first validation.
        best_step: Its step.
    """

    step: int = 0
    skipped: int = 0
    averaged: int = 0
    best_loss: float | None = None
    best_step: int | None = None


@dataclass(frozen=True, eq=False, kw_only=True, slots=True)
class RunParts:
    """What a run consists of.

    Attributes:
        model: Live weights.
        optimiser: Its optimiser.
        averages: Averaged weights.
        codec: Of the states.
        config: Of the run.
        data: Words that differ when the clips do.
        world: Processes of the run.
    """

    model: StickFigureTransformer
    optimiser: torch.optim.Optimizer
    averages: AveragedWeights
    codec: MotionCodec
    config: TrainConfig
    data: str
    world: int = 1


def save_run(folder: Path, parts: RunParts, *, info: CheckpointInfo, progress: Progress) -> Path:
    """Write a checkpoint `step-*` into a folder of checkpoints.

    Returns:
        The checkpoint.
    """
    place = folder / f"step-{progress.step:08d}"

    def fill(part: Path) -> None:
        # the averages alone generate; the live weights are needed to go on
        live = {k: v.detach().cpu().clone() for k, v in parts.model.state_dict().items()}
        with parts.averages.applied(parts.model):
            weights = {k: v for k, v in parts.model.state_dict().items() if ".lora_" not in k}
            write_inference_files(part, info, weights=weights, codec=parts.codec)
            if info.adapter is not None:
                save_lora_file(parts.model, part / ADAPTER_FILE, adapter=info.adapter)
        averages = {f"average.{k}": v.cpu() for k, v in parts.averages.state_dict().items()}
        save_file({**{f"live.{k}": v for k, v in live.items()}, **averages}, part / _TRAINED_FILE)
        torch.save(parts.optimiser.state_dict(), part / _OPTIMISER_FILE)
        training = {
            "config": parts.config.to_dict(),
            "progress": asdict(progress),
            "data": parts.data,
            "world": parts.world,
        }
        write_json(part / _TRAINING_FILE, training)

    write_folder(place, fill)
    if progress.best_step == progress.step:
        part = folder / f".{BEST_FILE}.tmp"
        write_json(part, {"checkpoint": place.name, "loss": progress.best_loss})
        part.replace(folder / BEST_FILE)
    return place


def load_run(checkpoint: Path, parts: RunParts) -> Progress:
    """Put a run where a checkpoint left it.

    Args:
        checkpoint: A `step-*` folder.
        parts: Made as for a new run; changed in place.

    Raises:
        CheckpointError: If the checkpoint is of another run.
    """
    read_info(checkpoint)
    training = read_json(checkpoint / _TRAINING_FILE)
    _check_same_run(training, parts, checkpoint)
    tensors = read_tensors(checkpoint / _TRAINED_FILE)
    live = _under(tensors, "live.")
    check_keys(parts.model.state_dict(), live, where=str(checkpoint))
    averages = _under(tensors, "average.")
    check_keys(parts.averages.state_dict(), averages, where=f"{checkpoint} (averages)")
    progress = Progress(**training["progress"])
    parts.model.load_state_dict(live)
    parts.averages.load(averages, progress.averaged)
    state = torch.load(checkpoint / _OPTIMISER_FILE, weights_only=True, map_location="cpu")
    parts.optimiser.load_state_dict(state)
    return progress


def _check_same_run(training: dict[str, Any], parts: RunParts, checkpoint: Path) -> None:
    # through JSON, so that tuples and lists compare equal
    wanted = json.loads(json.dumps(parts.config.to_dict()))
    found = training.get("config", {})
    differing = [
        f"{name} {found.get(name)!r} there, {wanted.get(name)!r} here"
        for name in sorted({*wanted, *found} - set(_FREE_TO_CHANGE))
        if found.get(name) != wanted.get(name)
    ]
    for name, here in (("data", parts.data), ("world", parts.world)):
        if training.get(name) != here:
            differing.append(f"{name} {training.get(name)!r} there, {here!r} here")
    if differing:
        msg = (
            f"{checkpoint}: expected a checkpoint of this very run, but: {'; '.join(differing)}; "
            "use the same settings, or start anew from its weights"
        )
        raise CheckpointError(msg)


def _under(tensors: dict[str, Tensor], prefix: str) -> dict[str, Tensor]:
    return {k.removeprefix(prefix): v for k, v in tensors.items() if k.startswith(prefix)}


def prune_checkpoints(folder: Path, *, keep: int, best_step: int | None) -> None:
    """Delete all but the newest checkpoints and the best."""
    newest = newest_checkpoint(folder)
    if newest is None:
        return
    for old in sorted(folder.glob("step-*"))[:-keep]:
        if best_step is None or old.name != f"step-{best_step:08d}":
            shutil.rmtree(old)
