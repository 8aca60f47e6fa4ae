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
    u = np.clip((t[:, None] - borders[:-1]) / np.diff(borders), 0.0, 1.0)
    if skew != 1.0:
        u = u**skew
    wave = np.sin(np.pi * u) ** 2
    out: Floats = (wave if sharp == 1.0 else wave**sharp) @ heights
    return out


def rocking(t: Floats, borders: Floats, heights: Floats) -> Floats:
    """One full swing to plus and minus between each two borders, with height 1. Shape (N,)."""
    u = np.clip((t[:, None] - borders[:-1]) / np.diff(borders), 0.0, 1.0)
    out: Floats = np.sin(2.0 * np.pi * u) @ heights
    return out


def local_time(t: Floats, borders: Floats) -> tuple[Floats, float]:
    """Seconds since the last border, scaled so that every repeat lasts as long, and that length.

    Before the first border 0, after the last one the whole length.
    """
    length = float(borders[-1] - borders[0]) / (len(borders) - 1)
    which = np.clip(np.searchsorted(borders, t, side="right") - 1, 0, len(borders) - 2)
    share = np.clip((t - borders[which]) / np.diff(borders)[which], 0.0, 1.0)
    return share * length, length
