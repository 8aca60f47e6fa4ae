"""How a model was trained, stage by stage, as its runs recorded it."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import polars as pl

from stickgen_model.training.checkpoint import (
    CHECKPOINTS_DIR,
    CONFIG_FILE,
    CheckpointError,
    best_checkpoint,
    read_info,
)
from tasks.train.curves import SCHEMA, read_metrics
from tasks.train.folder import RunFolder

if TYPE_CHECKING:
    from stickgen_model.training.checkpoint import CheckpointInfo

__all__ = ["StageRecord", "read_stages"]

_MOST_STAGES: Final = 16
"""Runs that a model can come from, one after the other."""
_STEP_S: Final = "system/step_s"
_CPU_S: Final = "system/cpu_s"
_GPU_S: Final = "system/gpu_s"


@dataclass(frozen=True, kw_only=True, slots=True)
class StageRecord:
    """One training that a model went through.

    Attributes:
        stage: pretrain, sft or lora.
        steps: Done.
        batch: Clips a step, of all processes together; None = not known.
        learning_rate: The highest; None = not known.
        clips: What it was trained on, as the training tells it; empty = not known.
        data: Its dataset, None = not known.
        seconds: Of training; None = not measured.
        core_seconds: Processor time; None = not measured.
        gpu_seconds: Time of GPUs, 0 where none was used; None = not measured.
        gaps: What is not known, in words.
    """

    stage: str
    steps: int
    batch: int | None
    learning_rate: float | None
    clips: str
    data: Path | None
    seconds: float | None
    core_seconds: float | None
    gpu_seconds: float | None
    gaps: tuple[str, ...] = ()


def read_stages(folder: Path) -> tuple[StageRecord, ...]:
    """All trainings of a model, the first one first.

    Args:
        folder: A checkpoint.

    Raises:
        CheckpointError: If it is none.
    """
    info = read_info(folder)
    stages: list[StageRecord] = []
    seen: set[Path] = set()
    place = folder
    while len(seen) < _MOST_STAGES:
        seen.add(place.resolve())
        job = _read(_run_of(place).job)
        stage = _stage(place, info, job)
        start = _start(str(_part(job, "job").get("init_from") or ""))
        if start is None or start.resolve() in seen:
            stages.append(stage)
            break
        try:
            info = read_info(start)
        except CheckpointError:
            gap = f"stage {stage.stage} ({_short(place)}): its start, {_short(start)}, is gone"
            stages.append(replace(stage, gaps=(*stage.gaps, gap)))
            break
        stages.append(stage)
        place = start
    return tuple(reversed(stages))


def _run_of(checkpoint: Path) -> RunFolder:
    inside = checkpoint.parent.name == CHECKPOINTS_DIR
    return RunFolder(root=checkpoint.parents[1] if inside else checkpoint)


def _start(name: str) -> Path | None:
    """The checkpoint that a run began with, None where it began with nothing."""
    if not name:
        return None
    place = Path(name).expanduser()
    return place if (place / CONFIG_FILE).is_file() else best_checkpoint(place) or place


def _stage(place: Path, info: CheckpointInfo, job: dict[str, Any]) -> StageRecord:
    own = _read(place / "training.json")
    config = _part(own, "config") or _part(job, "training")
    asked, world = _part(job, "job"), int(own.get("world", 1))
    seconds, core, gpu = _times(_run_of(place), steps=info.step, world=world)
    batch = _whole(config.get("batch_size")), _whole(config.get("accumulation"))
    rate = _part(config, "optim").get("learning_rate")
    data = str(asked.get("data") or "")
    where = f"stage {info.stage} ({_short(place)})"
    gaps = [
        (seconds is None, f"{where}: its time, told by metrics.csv or report.json of its run"),
        (core is None, f"{where}: its processor time, told by metrics.csv of its run"),
    ]
    return StageRecord(
        stage=info.stage,
        steps=info.step,
        batch=None if None in batch else (batch[0] or 0) * (batch[1] or 0) * world,
        learning_rate=float(rate) if isinstance(rate, int | float) else None,
        clips=str(own.get("data", "")),
        data=Path(data).expanduser() if data else None,
        seconds=seconds,
        core_seconds=core,
        gpu_seconds=gpu,
        gaps=tuple(told for missing, told in gaps if missing),
    )


def _times(
    run: RunFolder, *, steps: int, world: int
) -> tuple[float | None, float | None, float | None]:
    """Seconds of training, of processors and of GPUs; mean of the steps that were timed, times all.

    A run of before steps were timed gives the time of its last session alone.
    """
    try:
        metrics = read_metrics(run.metrics)
    except (OSError, ValueError):
        metrics = pl.DataFrame(schema=SCHEMA)
    timed = metrics.filter((pl.col("step") <= steps) & (pl.col("name") == _STEP_S))
    if not timed.height:
        told = _read(run.report).get("seconds")
        return (float(told) if isinstance(told, int | float) else None), None, None
    share = steps / timed.height
    step_s, cpu_s, gpu_s = (_sum(metrics, name, steps) for name in (_STEP_S, _CPU_S, _GPU_S))
    return step_s * share, cpu_s * share * world, gpu_s * share * world


def _sum(metrics: pl.DataFrame, name: str, steps: int) -> float:
    found = metrics.filter((pl.col("step") <= steps) & (pl.col("name") == name))["value"]
    return float(sum(found.to_list()))


def _short(place: Path) -> str:
    """A place without the folders of this machine."""
    return "/".join(place.parts[-3:]).lstrip("/")


def _whole(value: object) -> int | None:
    return value if isinstance(value, int) else None


def _part(values: dict[str, Any], name: str) -> dict[str, Any]:
    part = values.get(name)
    return part if isinstance(part, dict) else {}


def _read(path: Path) -> dict[str, Any]:
    try:
        values = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}  # told as a gap
    return values if isinstance(values, dict) else {}
