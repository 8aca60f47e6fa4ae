"""The measures behind a clip's quality score: name, unit, and where good ends and bad begins."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

__all__ = ["QUALITY_MEASURES", "QUALITY_SCORE", "MeasureSpec", "quality_column"]

QUALITY_SCORE: Final = "quality_score"
"""Column of the total, in [0, 1]."""


@dataclass(frozen=True, kw_only=True, slots=True)
class MeasureSpec:
    """One measure. Its part of the score falls from 1 at `good` to 0 at `bad`, linearly."""

    name: str
    unit: str
    meaning: str
    good: float
    bad: float
    source: str
    """Where the two thresholds come from."""


QUALITY_MEASURES: Final[tuple[MeasureSpec, ...]] = ()


def quality_column(name: str) -> str:
    """Column of a measure in the clips table."""
    return f"quality_{name}"
