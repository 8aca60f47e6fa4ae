"""Strokes that repeat: bumps, swings and local time between uneven borders."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

__all__ = ["along", "bumps", "local_time", "rocking"]


def along(track: Floats, direction: tuple[float, float, float]) -> Floats:
    """A track (N,) times a direction: (N, 3)."""
    out: Floats = track[:, None] * np.array(direction)
    return out


def bumps(
    t: Floats, borders: Floats, heights: Floats, *, sharp: float = 1.0, skew: float = 1.0
) -> Floats:
    """One smooth bump between each two borders, 0 at the borders and outside. Shape (N,).

    Args:
        t: (N,) seconds.
        borders: (n + 1,) ascending seconds.
        heights: (n,) peak of each.
        sharp: Larger: narrower bumps.
        skew: Below 1: quick rise, slow fall; above 1: the other way about.
    """
    which, u = _shares(t, borders)
    if skew != 1.0:
        u = u**skew
    wave = np.square(np.sin(np.pi * u))
    out: Floats = (wave if sharp == 1.0 else wave**sharp) * heights[which]
    return out


def rocking(t: Floats, borders: Floats, heights: Floats) -> Floats:
    """One full swing to plus and minus between each two borders, with height 1. Shape (N,)."""
    which, u = _shares(t, borders)
    out: Floats = np.sin(2.0 * np.pi * u) * heights[which]
    return out


def local_time(t: Floats, borders: Floats) -> tuple[Floats, float]:
    """Seconds since the last border, scaled so that every repeat lasts as long, and that length.

    Before the first border 0, after the last one the whole length.
    """
    length = float(borders[-1] - borders[0]) / (len(borders) - 1)
    return _shares(t, borders)[1] * length, length


def _shares(t: Floats, borders: Floats) -> tuple[NDArray[np.intp], Floats]:
    """Number of the repeat at each time, and how much of it is over, 0..1; each (N,)."""
    which = borders[1:-1].searchsorted(t, side="right")
    share = (t - borders[which]) / (borders[1:] - borders[:-1])[which]
    return which, np.minimum(np.maximum(share, 0.0), 1.0)
