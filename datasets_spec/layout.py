"""Where things lie in a dataset folder and in the working folder beside it."""

from __future__ import annotations

from pathlib import Path
from typing import Final

__all__ = [
    "CARD_FILE",
    "CLIPS_DIR",
    "CONFIG_FILE",
    "GATES_FILE",
    "MANIFEST_FILE",
    "PREVIEW_FILE",
    "REJECTS_FILE",
    "STATISTICS_FILE",
    "default_work_dir",
]

CLIPS_DIR: Final = "clips"
"""`clips/<split>-NNNNN-of-NNNNN.parquet`"""
REJECTS_FILE: Final = "rejects.parquet"
MANIFEST_FILE: Final = "manifest.json"
"""Every other file with size and sha256, the config, counts; written last; no times of day."""
CONFIG_FILE: Final = "config.json"
STATISTICS_FILE: Final = "statistics.json"
GATES_FILE: Final = "gates.json"
CARD_FILE: Final = "README.md"
PREVIEW_FILE: Final = "preview.html"


def default_work_dir(out: Path) -> Path:
    """Working folder of a dataset folder: a hidden sibling, so that publishing is one rename."""
    return out.parent / f".{out.name}.work"
