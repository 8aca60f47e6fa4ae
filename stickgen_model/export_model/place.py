"""Names of the files of an exported model."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["MANIFEST_FILE", "ONNX_FILE", "onnx_file"]

ONNX_FILE: Final = "model.onnx"
MANIFEST_FILE: Final = "export.json"


def onnx_file(path: Path) -> Path | None:
    """The ONNX file that a path stands for, None where it stands for something else."""
    if path.suffix == ".onnx":
        return path
    inside = path / ONNX_FILE
    return inside if inside.is_file() else None
