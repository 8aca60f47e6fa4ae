"""What can be asked of generation, known without loading a model."""

from __future__ import annotations

from typing import Final

from datasets_spec.schema import CLIP_FPS

__all__ = ["MAX_ACTORS", "MAX_LONG_FRAMES", "MAX_SEED", "MIN_FRAMES"]

MIN_FRAMES: Final = 10
MAX_LONG_FRAMES: Final = 120 * CLIP_FPS
MAX_ACTORS: Final = 8
MAX_SEED: Final = 2**63 - 1
