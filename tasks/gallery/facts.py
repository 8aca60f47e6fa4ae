"""What a checkpoint and its run tell about themselves; nothing here needs the weights."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

import polars as pl

from stickgen_model.training.checkpoint import read_info
from tasks.gallery.sources import run_of
from tasks.train.curves import SCHEMA, read_metrics
from tasks.train.folder import RunFolder

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from stickgen_model.training.checkpoint import CheckpointInfo

__all__ = ["CheckpointFacts", "config_differences", "read_facts", "run_metrics"]

_OF_JOB: Final = ("init_from", "encoder", "style", "prior_share", "seed")
"""Values of a job that make a difference; the others are places and habits."""
_VALIDATION: Final = "val/"


@dataclass(frozen=True, eq=False, kw_only=True, slots=True)
class CheckpointFacts:
    """What is told beside the motion.

    Attributes:
        info: Of the checkpoint.
        run: Folder of its run.
        run_name: Name of that; empty for a checkpoint that was taken out of its run.
        data: What it was trained on: clips, frames, digest.
        validation: Losses that were measured last before the checkpoint, by name.
        config: Settings of training and job, flat.
    """

    info: CheckpointInfo
    run: Path
    run_name: str = ""
    data: str = ""
    validation: Mapping[str, float] = field(default_factory=dict)
    config: Mapping[str, Any] = field(default_factory=dict)


def read_facts(checkpoint: Path) -> CheckpointFacts:
    """Read what a checkpoint and its run tell; what is missing stays empty.

    Raises:
        CheckpointError: If it is no checkpoint.
    """
    info = read_info(checkpoint)
    folder = RunFolder(root=run_of(checkpoint))
    own, job = _read(checkpoint / "training.json"), _read(folder.job)
    asked = _mapping(job.get("job"))
    config = _mapping(own.get("config")) or _mapping(job.get("training"))
    told = {f"job.{name}": asked[name] for name in _OF_JOB if name in asked}
    if "job.init_from" in told:  # the place on this machine says nothing to others
        told["job.init_from"] = "/".join(str(told["job.init_from"]).rstrip("/").split("/")[-2:])
    return CheckpointFacts(
        info=info,
        run=folder.root,
        run_name=folder.root.name if checkpoint.name.startswith("step-") else "",
        data=str(own.get("data", "")),
        validation=_validation(run_metrics(folder.root), step=info.step),
        config={**told, **_flat(config)},
    )


def run_metrics(run: Path) -> pl.DataFrame:
    """Columns step, name, value of a run; empty where there are none, or the file is damaged."""
    try:
        return read_metrics(RunFolder(root=run).metrics)
    except (OSError, ValueError):
        return pl.DataFrame(schema=SCHEMA)


def _validation(metrics: pl.DataFrame, *, step: int) -> dict[str, float]:
    known = metrics.filter(
        pl.col("name").str.starts_with(_VALIDATION) & (pl.col("step") <= step)
    ).sort("step")
    return {name: value for _, name, value in known.iter_rows() if value == value}  # noqa: PLR0124


def config_differences(configs: Sequence[Mapping[str, Any]]) -> list[tuple[str, list[str]]]:
    """Settings that are not the same everywhere: name, and the value in each; "-" = not told.

    What is not told differs from nothing.
    """
    names = sorted({name for config in configs for name in config})
    rows = []
    for name in names:
        values = [_text(config[name]) if name in config else "-" for config in configs]
        if len({_text(config[name]) for config in configs if name in config}) > 1:
            rows.append((name, values))
    return rows


def _text(value: object) -> str:
    if isinstance(value, float):
        return f"{value:g}"
    return value if isinstance(value, str) else json.dumps(value)


def _flat(values: Mapping[str, Any], *, head: str = "") -> dict[str, Any]:
    flat: dict[str, Any] = {}
    for name, value in values.items():
        if isinstance(value, dict):
            flat |= _flat(value, head=f"{head}{name}.")
        else:
            flat[f"{head}{name}"] = value
    return flat


def _mapping(value: object) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _read(path: Path) -> dict[str, Any]:
    try:
        return _mapping(json.loads(path.read_text(encoding="utf-8")))
    except (OSError, ValueError):
        return {}  # may have been deleted: the weights alone generate
