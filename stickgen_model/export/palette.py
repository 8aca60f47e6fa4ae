"""Colours of a clip, few enough for a format that has only a table of them.

A bin is a small cube of colours, 64 along each side of all of them. Letters of shapes: B bins that
occur, P colours of the palette.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterable

    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

__all__ = ["NUM_COLOURS", "OPAQUE", "Palette", "choose_palette"]

NUM_COLOURS: Final = 127
"""Half of what GIF has room for: a tenth smaller, and one cannot tell."""

OPAQUE: Final = 128
"""Alpha from which on a pixel is there, where a format has only there and not there."""

_BITS: Final = 6
_NUM_BINS: Final = 1 << (3 * _BITS)
_ROUNDS: Final = 4
_RARE: Final = 0.5
"""Exponent of the number of pixels of a bin: small things count for more than their size."""


class Palette:
    """A table of colours and the nearest of them to any colour.

    Attributes:
        colours: RGB, uint8, shape (P, 3), P up to 255.
    """

    def __init__(self, colours: NDArray[np.uint8]) -> None:
        """With these colours."""
        self.colours = colours
        self._nearest = np.full(_NUM_BINS, -1, dtype=np.int16)

    def numbers(self, pixels: NDArray[np.uint8], *, hole: int) -> NDArray[np.uint8]:
        """Numbers of the nearest colours.

        Args:
            pixels: RGB, or RGB and alpha, uint8, shape (h, w, 3 or 4).
            hole: Number of pixels that are not there.

        Returns:
            Shape (h, w).
        """
        bins = _bins(pixels)
        found = self._nearest[bins]
        if found.min(initial=0) < 0:
            self._look_up(pixels, bins, found < 0)
            found = self._nearest[bins]
        if pixels.shape[2] > 3:  # RGB
            found[pixels[..., 3] < OPAQUE] = hole
        return found.astype(np.uint8)

    def _look_up(
        self, pixels: NDArray[np.uint8], bins: NDArray[np.int32], new: NDArray[np.bool_]
    ) -> None:
        places, first = np.unique(bins[new], return_index=True)
        self._nearest[places] = _nearest(pixels[..., :3][new][first], self.colours)


def choose_palette(frames: Iterable[NDArray[np.uint8]], *, limit: int = NUM_COLOURS) -> Palette:
    """The colours that stand best for those of some frames.

    Args:
        frames: Some of a clip, each uint8 of shape (h, w, 3 or 4).
        limit: Most colours.
    """
    weights = np.zeros(_NUM_BINS)
    sums = np.zeros((3, _NUM_BINS))
    for frame in frames:
        _count(frame, weights, sums)
    seen = np.flatnonzero(weights)
    if not len(seen):  # nothing is there in any of them
        return Palette(np.zeros((1, 3), np.uint8))
    means = (sums[:, seen] / weights[seen]).T
    share = weights[seen] ** _RARE
    chosen = means if len(seen) <= limit else _settle(_spread(means, share, limit), means, share)
    return Palette(np.unique(np.rint(chosen).astype(np.uint8), axis=0))


def _count(frame: NDArray[np.uint8], weights: Floats, sums: Floats) -> None:
    pixels = frame[..., :3].reshape(-1, 3)
    bins = _bins(frame).reshape(-1)
    if frame.shape[2] > 3:  # RGB
        there = frame[..., 3].reshape(-1) >= OPAQUE
        pixels, bins = pixels[there], bins[there]
    weights += np.bincount(bins, minlength=_NUM_BINS)
    for channel in range(3):
        sums[channel] += np.bincount(bins, weights=pixels[:, channel], minlength=_NUM_BINS)


def _bins(pixels: NDArray[np.uint8]) -> NDArray[np.int32]:
    """Number of the bin of every pixel, shape (h, w)."""
    drop = 8 - _BITS
    high = pixels[..., :3] >> drop
    bins = high[..., 0].astype(np.int32)
    for channel in (1, 2):
        bins <<= _BITS
        bins |= high[..., channel]
    return bins


def _spread(means: Floats, share: Floats, limit: int) -> Floats:
    """Colours far from each other and often seen, one after the other, shape (P, 3)."""
    chosen = [int(np.argmax(share))]
    away = np.full(len(means), np.inf)
    for _ in range(limit - 1):
        away = np.minimum(away, np.square(means - means[chosen[-1]]).sum(axis=1))
        chosen.append(int(np.argmax(away * share)))
    return np.asarray(means[chosen], dtype=np.float64)


def _settle(chosen: Floats, means: Floats, share: Floats) -> Floats:
    """Every colour in the middle of those it stands for (Lloyd's algorithm), shape (P, 3)."""
    for _ in range(_ROUNDS):
        number = _nearest(means, chosen)
        weight = np.bincount(number, weights=share, minlength=len(chosen))
        sums = [np.bincount(number, means[:, c] * share, len(chosen)) for c in range(3)]
        held = weight > 0.0
        chosen[held] = (np.stack(sums, axis=1)[held].T / weight[held]).T
    return chosen


def _nearest(colours: NDArray[Any], palette: NDArray[Any]) -> NDArray[np.intp]:
    """Number of the nearest of the palette to every colour, shape (B,)."""
    table = palette.astype(np.float64)
    # |a - b|^2 without |a|^2, which is the same for all of the palette
    away = np.square(table).sum(axis=1) - 2.0 * (colours.astype(np.float64) @ table.T)
    return np.asarray(away.argmin(axis=1))
