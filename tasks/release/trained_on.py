"""What a model was trained on, by itself and by the models that it started from."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, Final

from datasets_spec.errors import ConfigError
from stickgen_model.training.checkpoint import CHECKPOINTS_DIR
from tasks.publish.manifest import read_manifest
from tasks.release.dataset import clips_by_source

__all__ = ["trained_on"]

_JOB_FILE: Final = "job.json"
_MAX_RUNS: Final = 16
"""Runs that a model can come from, one after the other."""


def trained_on(folder: Path, data: Path | None = None) -> dict[str, int]:
    """Clips by source of all data that a model has learned from.

    Args:
        folder: Checkpoint or export.
        data: The dataset, for a model that does not say; None = as its run says.

    Raises:
        ConfigError: If neither tells, or a dataset is gone.
        StickgenError: If a dataset is damaged.
    """
    if data is not None:
        read_manifest(data)
        return clips_by_source(data)
    sources: dict[str, int] = {}
    place: Path | None = folder
    seen: set[Path] = set()
    while place is not None and place.resolve() not in seen and len(seen) < _MAX_RUNS:
        seen.add(place.resolve())
        job = _job_of(place, folder)
        for name, clips in _sources_of(Path(str(job.get("data", ""))), place).items():
            sources[name] = max(clips, sources.get(name, 0))
        start = str(job.get("init_from") or "")
        place = Path(start).expanduser() if start else None
    return sources


def _sources_of(data: Path, place: Path) -> dict[str, int]:
    try:
        read_manifest(data.expanduser())
    except ConfigError as error:
        msg = f"{place}: expected the dataset that it was trained on: {error}; name it with --data"
        raise ConfigError(msg) from error
    return clips_by_source(data.expanduser())


def _job_of(place: Path, model: Path) -> dict[str, Any]:
    """The job of the run that a checkpoint, or a run's own folder, belongs to."""
    run = place.parents[1] if place.parent.name == CHECKPOINTS_DIR else place
    try:
        job = json.loads((run / _JOB_FILE).read_text(encoding="utf-8"))["job"]
    except (OSError, ValueError, KeyError, TypeError):
        job = None
    if not isinstance(job, dict):
        msg = (
            f"{model}: expected to find in {run / _JOB_FILE} what it was trained on; name the "
            "dataset with --data, so that its licences can be checked"
        )
        raise ConfigError(msg)
    return job
