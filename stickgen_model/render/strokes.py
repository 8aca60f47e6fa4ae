"""Lines through points, and outlines that are filled: how much of a pixel they cover.

Letters of shapes: M strokes, P points of each, R bands, L pixels of a band.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from stickgen_model.render.bands import Bands, band_rows, cut_bands, ramps

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Singles = NDArray[np.float32]

__all__ = ["Strokes", "stroke_bands", "stroke_depths"]

_POINT: Final = 1e-6
_NEVER: Final = -1e9


@dataclass(frozen=True, eq=False, kw_only=True, slots=True)
class Strokes:
    """Lines of one width each.

    Attributes:
        points: (x, y), pixels, shape (M, P, 2).
        closed: Whether the last point joins the first and the inside is filled, shape (M,).
        halves: Half of the width of the line, pixels, shape (M,).
    """

    points: Floats
    closed: NDArray[np.bool_]
    halves: Floats


def stroke_bands(strokes: Strokes, *, beyond: float, width: int, height: int) -> Bands:
    """Bands around strokes and what is up to some pixels outside of them.

    Args:
        strokes: Shapes.
        beyond: Pixels.
        width: Of the picture.
        height: Of the picture.
    """
    reach = (strokes.halves + beyond)[:, None]
    low, high = strokes.points.min(axis=1) - reach, strokes.points.max(axis=1) + reach
    seen = (high[:, 0] > 0.0) & (low[:, 0] < width)
    shape, row = band_rows(low[:, 1], np.where(seen, high[:, 1], -1.0), height=height)
    return cut_bands(shape, row, columns=(low[shape, 0], high[shape, 0]), width=width)


def stroke_depths(strokes: Strokes, bands: Bands) -> Singles:
    """How deep pixels lie in strokes, pixels, negative outside.

    Args:
        strokes: As of `stroke_bands`.
        bands: Of these.

    Returns:
        Shape (R, L).
    """
    begin = strokes.points
    end = np.concatenate([begin[:, 1:], begin[:, :1]], axis=1)
    # what is not closed ends where it ends
    end[~strokes.closed, -1] = begin[~strokes.closed, -1]
    along = end - begin
    length = np.linalg.norm(along, axis=-1)
    unit = along / np.maximum(length, _POINT)[..., None]
    unit[length < _POINT] = (1.0, 0.0)
    right = (bands.start + 0.5)[:, None] - begin[bands.shape, :, 0]
    down = (bands.row + 0.5)[:, None] - begin[bands.shape, :, 1]
    unit_x, unit_y = unit[bands.shape, :, 0], unit[bands.shape, :, 1]
    ahead = right * unit_x + down * unit_y
    factors = np.empty((3, begin.shape[1], len(bands.row), 2), dtype=np.float32)
    factors[0, ..., 0], factors[0, ..., 1] = -unit_x.T, -ahead.T
    factors[1, ..., 0], factors[1, ..., 1] = unit_x.T, (ahead - length[bands.shape]).T
    factors[2, ..., 0], factors[2, ..., 1] = -unit_y.T, (down * unit_x - right * unit_y).T
    behind, beyond, aside = ramps(factors, bands.length)
    np.maximum(behind, beyond, out=behind)
    np.maximum(behind, np.float32(0.0), out=behind)
    behind *= behind
    aside *= aside
    aside += behind
    away = np.sqrt(aside.min(axis=0))
    away[~_inside(strokes, bands, along)] *= np.float32(-1.0)
    away += strokes.halves[bands.shape].astype(np.float32)[:, None]
    return np.asarray(away, dtype=np.float32)


def _inside(strokes: Strokes, bands: Bands, along: Floats) -> NDArray[np.bool_]:
    """Which pixels lie inside of closed strokes: an odd number of edges is to their right."""
    begin = strokes.points
    row = (bands.row + 0.5)[:, None]
    above = begin[bands.shape, :, 1] <= row
    crossed = above != ((begin + along)[bands.shape, :, 1] <= row)
    crossed &= strokes.closed[bands.shape, None]
    rise = along[bands.shape, :, 1]
    share = (row - begin[bands.shape, :, 1]) / np.where(crossed, rise, 1.0)
    column = begin[bands.shape, :, 0] + share * along[bands.shape, :, 0]
    place = np.where(crossed, column - (bands.start + 0.5)[:, None], _NEVER).astype(np.float32)
    steps = np.arange(bands.length, dtype=np.float32)
    return np.asarray(np.logical_xor.reduce(place.T[..., None] > steps, axis=0))
