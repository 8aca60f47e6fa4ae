"""A job made ready: settings, folder, device and start, checked before any work."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import torch
import torch.distributed as dist

from datasets_spec.errors import ConfigError
from stickgen_model.training.checkpoint import CheckpointError, read_info
from stickgen_model.training.place import TrainPlace
from tasks.embed.embedding import texts_path
from tasks.publish.manifest import read_manifest
from tasks.train.folder import RunFolder, open_run, start_checkpoint
from tasks.train.presets import gate_floors, train_config

if TYPE_CHECKING:
    from stickgen_model.training.config import TrainConfig
    from tasks.train.job import GateFloors, TrainJob

__all__ = ["TrainPlan", "choose_place", "plan_run"]


@dataclass(frozen=True, eq=False, kw_only=True, slots=True)
class TrainPlan:
    """What a run does.

    Attributes:
        job: As asked.
        config: Settings of the training.
        floors: Of its gates.
        run: Its folder.
        data: The dataset folder.
        texts: File of the vectors of its sentences.
        start: Checkpoint to start from, or None.
        place: Where to compute.
    """

    job: TrainJob
    config: TrainConfig
    floors: GateFloors
    run: RunFolder
    data: Path
    texts: Path
    start: Path | None
    place: TrainPlace


def plan_run(job: TrainJob) -> TrainPlan:
    """Check a job and make the folder of its run.

    Raises:
        ConfigError: If something cannot be used as asked.
        CheckpointError: If what to start from is no checkpoint.
    """
    config, place = train_config(job), choose_place(job.device)
    data = Path(job.data).expanduser().absolute()
    read_manifest(data)
    start = start_checkpoint(job.init_from)
    _check_start(job, config, start)
    run = open_run(job.out)
    if data == run.root or data in run.root.parents:
        msg = f"--out: expected a folder outside the dataset, got {run.root} in {data}"
        raise ConfigError(msg)
    return TrainPlan(
        job=job,
        config=config,
        floors=gate_floors(job),
        run=run,
        data=data,
        texts=texts_path(data, job.encoder, _folder(job.texts)),
        start=start,
        place=place,
    )


def _folder(name: str) -> Path | None:
    return Path(name).expanduser().absolute() if name else None


def _check_start(job: TrainJob, config: TrainConfig, start: Path | None) -> None:
    """Say early what would fail late."""
    if start is None:
        if job.stage != "pretrain":
            msg = (
                f"stage {job.stage}: expected a checkpoint or run to start from, got none; "
                "name one with --init-from"
            )
            raise ConfigError(msg)
        return
    info = read_info(start)
    if info.adapter is not None:
        msg = f"{start}: expected a whole model to start from, got one with an adapter"
        raise CheckpointError(msg)
    there, here = (info.model.variant, info.model.num_actions), (config.variant, config.num_actions)
    if there != here:
        msg = (
            f"{start}: expected a checkpoint of variant {here[0]} ({here[1]} actions), found "
            f"{there[0]} ({there[1]} actions); train with --variant {there[0]}, or start from "
            "another"
        )
        raise ConfigError(msg)
    if info.encoder.name != job.encoder:
        msg = (
            f"{start}: expected a checkpoint that knows the texts of {job.encoder}, found "
            f"{info.encoder.describe()}; train with --encoder {info.encoder.name}"
        )
        raise ConfigError(msg)


def choose_place(device: str) -> TrainPlace:
    """Where this process computes; under `torch.distributed`, as one of several.

    Raises:
        ConfigError: If there is no such device.
    """
    several = dist.is_available() and dist.is_initialized()
    rank, world = (dist.get_rank(), dist.get_world_size()) if several else (0, 1)
    count = torch.cuda.device_count() if torch.cuda.is_available() else 0
    if device == "auto":
        device = "cuda" if count else "cpu"
    if device.startswith("cuda"):
        number = int(device.partition(":")[2] or (torch.cuda.current_device() if count else 0))
        if number >= count:
            there = f"there are {count}" if count else "PyTorch sees none"
            msg = f"--device {device}: expected such a GPU, but {there}; use --device cpu"
            raise ConfigError(msg)
        device = f"cuda:{number}"
    return TrainPlace(device=device, rank=rank, world=world)
