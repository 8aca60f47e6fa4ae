"""Pixels around shapes as bands: pieces of rows, all of one length, so that they are one array.

Letters of shapes: M shapes, R bands, L pixels of a band.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Singles = NDArray[np.float32]
    Ints = NDArray[np.intp]

__all__ = ["Bands", "band_rows", "counted", "cut_bands", "ramps"]

_LENGTHS: Final = np.array([8, 12, 16, 20, 24, 28, 32, 40, 48, 64, 96, 128])
_PER_BAND: Final = 6
"""Pixels that a band costs beside its own."""


@dataclass(frozen=True, eq=False, kw_only=True, slots=True)
class Bands:
    """Where bands are; those of a shape follow each other. All lie in the picture.

    Attributes:
        shape: Which shape each belongs to, ascending, shape (R,).
        row: Of the picture, shape (R,).
        start: Column of the first pixel, shape (R,).
        length: L.
    """

    shape: Ints
    row: Ints
    start: Ints
    length: int

    def of_shapes(self, first: int, last: int) -> slice:
        """The bands of the shapes from `first` up to but without `last`."""
        begin, end = np.searchsorted(self.shape, [first, last])
        return slice(int(begin), int(end))

    def part(self, bands: slice) -> Bands:
        """Some of them."""
        return Bands(
            shape=self.shape[bands],
            row=self.row[bands],
            start=self.start[bands],
            length=self.length,
        )


def band_rows(low: Floats, high: Floats, *, height: int) -> tuple[Ints, Ints]:
    """The rows that shapes touch.

    Args:
        low: Upper edge of every shape, pixels, shape (M,).
        high: Lower edge; not below `low` where there is nothing to draw, shape (M,).
        height: Of the picture.

    Returns:
        Shape and row, shape (n,) each.
    """
    top = np.clip(np.floor(low), 0, height).astype(np.intp)
    bottom = np.clip(np.ceil(high), top, height).astype(np.intp)
    shape = np.repeat(np.arange(len(top)), bottom - top)
    return shape, top[shape] + counted(shape)


def counted(groups: Ints) -> Ints:
    """Place of each in its group; members of a group follow each other, shape of `groups`."""
    at = np.arange(len(groups))
    begins = np.flatnonzero(np.diff(groups, prepend=-1))
    return at - np.repeat(begins, np.diff(begins, append=len(groups)))


def cut_bands(shape: Ints, row: Ints, *, columns: tuple[Floats, Floats], width: int) -> Bands:
    """Bands that cover an interval of each row. Bands of a shape may share pixels.

    Args:
        shape: Of every interval, ascending, shape (n,).
        row: Of every interval, shape (n,).
        columns: From where to where pixels are needed, shape (n,) each.
        width: Of the picture.
    """
    first = np.clip(np.floor(columns[0]), 0, width).astype(np.intp)
    wanted = np.clip(np.ceil(columns[1]), first, width).astype(np.intp) - first
    lengths = _LENGTHS[width >= _LENGTHS]
    often = np.bincount(wanted)
    number = -(-np.arange(len(often)) // lengths[:, None])
    length = int(lengths[np.argmin(number @ often * (lengths + _PER_BAND))])
    parts = -(-wanted // length)
    if not (parts == 1).all():
        band = np.repeat(np.arange(len(parts)), parts)
        shape, row, first = shape[band], row[band], first[band] + length * counted(band)
    return Bands(shape=shape, row=row, start=np.minimum(first, width - length), length=length)


def ramps(factors: Singles, length: int) -> Singles:
    """Linear functions of the place along bands: one product of matrices.

    Args:
        factors: Change from pixel to pixel, and value at the first pixel, shape (..., r, 2).
        length: L.

    Returns:
        Shape (..., r, L).
    """
    steps = np.ones((2, length), dtype=np.float32)
    steps[0] = np.arange(length)
    return np.asarray(factors @ steps)
