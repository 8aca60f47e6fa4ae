"""The digest of a model: the same bytes are the same model, wherever they lie."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Final

from stickgen_model.export_model.place import MANIFEST_FILE, ONNX_FILE
from stickgen_model.training.checkpoint import ADAPTER_FILE, CONFIG_FILE, MODEL_FILE
from tasks.register.package import find_model
from tasks.store.shard import file_sha256

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["SERVED_FILES", "folder_digest", "model_digest"]

SERVED_FILES: Final = (CONFIG_FILE, MODEL_FILE, ADAPTER_FILE, ONNX_FILE, MANIFEST_FILE)
"""What generates; all else of a checkpoint is there to go on with its training."""


def model_digest(path: Path) -> str:
    """SHA-256 over the files of a model that generate, in hexadecimal.

    It is the same for a checkpoint, the run whose best it is, and its copy in a registry.

    Args:
        path: Checkpoint, the folder of a run (then its best), or an export.

    Raises:
        CheckpointError: If there is no model.
        OnnxFileError: If it is a damaged export.
    """
    return folder_digest(find_model(path).folder)


def folder_digest(folder: Path) -> str:
    """As `model_digest`, of a checkpoint, an export or a lone ONNX file."""
    digest = hashlib.sha256()
    if folder.is_file():
        files = [(ONNX_FILE, folder)]
    else:
        files = [(name, folder / name) for name in SERVED_FILES if (folder / name).is_file()]
    for name, file in files:
        digest.update(f"{name} {file_sha256(file)}\n".encode())
    return digest.hexdigest()
