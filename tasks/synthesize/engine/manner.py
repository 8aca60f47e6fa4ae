"""In what manner somebody moves: the knobs that make two clips of one action differ."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from datasets_spec.vocabulary import EXPRESSIONS

__all__ = ["AGES", "Manner"]

AGES: Final = ("child", "adult", "old")


@dataclass(frozen=True, kw_only=True, slots=True)
class Manner:
    """Manner of one actor through one clip."""

    tempo: float = 1.0
    """Speed of movement against the usual, 0.6..1.5."""
    amplitude: float = 1.0
    """Size of movement against the usual, 0.6..1.4."""
    energy: float = 0.5
    """0 tired, 0.5 usual, 1 vigorous: bounce, sharpness, how upright."""
    mood: str = "neutral"
    """A word of `vocabulary.EXPRESSIONS`."""
    age: str = "adult"
    """A word of `AGES`."""
    handed: int = 1
    """Preferred side: 0 left, 1 right."""
    asymmetry: float = 0.0
    """-1..1: how much larger the left (+) or right (-) side moves."""
    noise: float = 1.0
    """Scale of the slow natural noise."""
    style: str = ""
    """A style word that changes the whole motion (`people.styles`), or empty."""

    def __post_init__(self) -> None:
        if self.mood not in EXPRESSIONS or self.age not in AGES or self.handed not in (0, 1):
            msg = (
                f"expected a mood of {EXPRESSIONS}, an age of {AGES}, handed 0 or 1; "
                f"got {self.mood!r}, {self.age!r}, {self.handed!r}"
            )
            raise ValueError(msg)
