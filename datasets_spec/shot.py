"""A stretch of one camera move, as whoever directs a scene asks for it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from datasets_spec.vocabulary import CAMERA_MOVES

__all__ = ["EASINGS", "Shot"]

EASINGS: Final = ("linear", "ease_in", "ease_out", "ease_in_out")


@dataclass(frozen=True, kw_only=True, slots=True)
class Shot:
    """One camera move over a span of a sequence; where no shot is, the camera stands still."""

    move: str
    """A word of `vocabulary.CAMERA_MOVES`."""
    start_s: float
    """Seconds after the first frame of the sequence (margins excluded)."""
    end_s: float
    amount: float = 0.0
    """By move; 0: usual. pan: H to the right (without `follow`); zoom, dolly: enlargement from
    start to end, below 1 outwards; track: seconds by which the camera lags; crane: H upwards;
    orbit: radians of the circle walked around the subject."""
    easing: str = "ease_in_out"
    """A word of `EASINGS`: how the move runs from its first to its last key frame."""
    follow: int | None = None
    """Actor whom the camera keeps; None: all. pan: on whom it ends."""

    def __post_init__(self) -> None:
        if self.move not in CAMERA_MOVES or self.easing not in EASINGS:
            msg = (
                f"expected a camera move of {CAMERA_MOVES} and an easing of {EASINGS}, "
                f"got {self.move!r}, {self.easing!r}"
            )
            raise ValueError(msg)
        if not self.end_s > self.start_s:
            msg = f"shot {self.move}: expected end > start, got {self.start_s}..{self.end_s} s"
            raise ValueError(msg)
