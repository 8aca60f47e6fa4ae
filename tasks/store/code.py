"""Fingerprint of the code of a stage, so that an edited function never meets a stale shard."""

from __future__ import annotations

import functools
import hashlib
from pathlib import Path
from typing import Final

__all__ = ["CODE_OF_STAGE", "code_fingerprint"]

_ROOT: Final = Path(__file__).parents[2]

CODE_OF_STAGE: Final = {
    "sample": (
        "datasets_spec",
        "stickgen_model/motion",
        "tasks/sample",
        "tasks/synthesize/actions",
        "tasks/synthesize/engine",
        "tasks/synthesize/people",
        "tasks/synthesize/scenes",
        "tasks/synthesize/tracks",
        "tasks/synthesize/words",
    ),
    "synthesize": (
        "datasets_spec",
        "stickgen_model/motion",
        "tasks/synthesize",
    ),
    "ingest": ("datasets_spec", "stickgen_model/motion", "tasks/ingest", "tasks/label"),
    "retarget": ("datasets_spec", "stickgen_model/motion", "tasks/retarget", "tasks/label"),
    "score": (
        "datasets_spec",
        "stickgen_model/motion",
        "tasks/score",
        "tasks/curate/descriptor.py",
    ),
}
"""Folders and files whose change makes the stage's shards stale."""


@functools.cache
def code_fingerprint(stage: str) -> str:
    """sha256 over the sources (and data files) that decide the bytes of a stage.

    Raises:
        KeyError: If `stage` is not in CODE_OF_STAGE.
    """
    digest = hashlib.sha256()
    for place in CODE_OF_STAGE[stage]:
        root = _ROOT / place
        files = [root] if root.is_file() else sorted(p for p in root.rglob("*") if p.is_file())
        for path in files:
            if "__pycache__" in path.parts:
                continue
            digest.update(path.relative_to(_ROOT).as_posix().encode())
            digest.update(path.read_bytes())
    return digest.hexdigest()
