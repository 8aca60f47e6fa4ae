"""Segments with round ends, and soft ellipses: how much of a pixel they cover.

A capsule's radius changes evenly from tip to tip. Letters of shapes: M shapes, R bands, L pixels.
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

__all__ = [
    "Capsules",
    "capsule_bands",
    "capsule_depths",
    "capsule_factors",
    "ellipse_bands",
    "ellipse_covers",
    "ellipse_factors",
]

_POINT: Final = 1e-6
_LEVEL: Final = 1e-9
_WIDE: Final = 1e9


@dataclass(frozen=True, eq=False, kw_only=True, slots=True)
class Capsules:
    """Segments with round ends.

    Attributes:
        ends: (x, y), pixels, shape (M, 2, 2).
        radii: At the tips, pixels; where both are 0 there is nothing, shape (M, 2).
    """

    ends: Floats
    radii: Floats


def capsule_bands(capsules: Capsules, *, beyond: float | Floats, width: int, height: int) -> Bands:
    """Bands around capsules and what is up to some pixels outside of them.

    Args:
        capsules: Shapes.
        beyond: Pixels, one number or one a capsule, shape (M,).
        width: Of the picture.
        height: Of the picture.
    """
    begin, along = capsules.ends[:, 0], capsules.ends[:, 1] - capsules.ends[:, 0]
    widest = capsules.radii.max(axis=1)
    reach = widest + beyond
    low = capsules.ends.min(axis=1) - reach[:, None]
    high = capsules.ends.max(axis=1) + reach[:, None]
    drawn = (widest > 0.0) & (high[:, 0] > 0.0) & (low[:, 0] < width)
    shape, row = band_rows(low[:, 1], np.where(drawn, high[:, 1], -1.0), height=height)
    level = np.abs(along[:, 1]) < _LEVEL
    rise = np.where(level, 1.0, along[:, 1])
    slope = along[:, 0] / rise
    # the strip around the axis, as wide as a row cuts it
    half = np.where(level, _WIDE, reach * np.sqrt(1.0 + np.square(slope)))
    share = np.clip((row + 0.5 - begin[shape, 1]) / rise[shape], 0.0, 1.0)
    axis = begin[shape, 0] + share * along[shape, 0]
    columns = (
        np.maximum(axis - half[shape], low[shape, 0]),
        np.minimum(axis + half[shape], high[shape, 0]),
    )
    return cut_bands(shape, row, columns=columns, width=width)


def capsule_factors(
    capsules: Capsules, bands: Bands, *, scale: float | Floats, shift: float | Floats
) -> Singles:
    """What `capsule_depths` is computed of, as of `ramps`.

    Args:
        capsules: As of `capsule_bands`.
        bands: Of these.
        scale: Of a depth of one pixel, one number or one a capsule, shape (M,).
        shift: Result at the border of a capsule, likewise.

    Returns:
        Behind the first end, ahead of the second (halves of both), aside, radius; shape
        (4, R, 2).
    """
    begin, along = capsules.ends[:, 0], capsules.ends[:, 1] - capsules.ends[:, 0]
    length = np.hypot(along[:, 0], along[:, 1])
    is_point = length < _POINT
    unit = np.where(is_point[:, None], (1.0, 0.0), along / np.maximum(length, _POINT)[:, None])
    first, second = capsules.radii[:, 0], capsules.radii[:, 1]
    whole = np.maximum(length + first + second, _POINT)
    taper = (second - first) / whole
    factor = np.broadcast_to(np.asarray(scale, dtype=np.float64), length.shape)
    at_border = np.broadcast_to(np.asarray(shift, dtype=np.float64), length.shape)
    # one table of what a band needs of its capsule
    table = np.stack(
        [
            *(begin[:, 0], begin[:, 1], unit[:, 0] * factor, unit[:, 1] * factor),
            *(length * factor, taper, first * (1.0 + taper) * factor + at_border),
        ]
    )
    x, y, unit_x, unit_y, long, narrower, middle = table[:, bands.shape]
    right, down = bands.start + 0.5 - x, bands.row + 0.5 - y
    ahead = right * unit_x + down * unit_y
    aside = down * unit_x - right * unit_y
    factors = np.empty((4, len(bands.row), 2), dtype=np.float32)
    factors[0, :, 0], factors[0, :, 1] = -0.5 * unit_x, -0.5 * ahead
    factors[1, :, 0], factors[1, :, 1] = 0.5 * unit_x, 0.5 * (ahead - long)
    factors[2, :, 0], factors[2, :, 1] = -unit_y, aside
    factors[3, :, 0], factors[3, :, 1] = narrower * unit_x, middle + narrower * ahead
    return factors


def capsule_depths(factors: Singles, length: int) -> Singles:
    """How deep pixels lie in capsules, negative outside, times scale, plus shift.

    Args:
        factors: Of some bands, as of `capsule_factors`, shape (4, r, 2).
        length: Of the bands.

    Returns:
        Shape (r, L).
    """
    behind, ahead, aside, radius = ramps(factors, length)
    # twice the larger half, or 0 between the ends
    np.maximum(behind, ahead, out=behind)
    np.abs(behind, out=ahead)
    behind += ahead
    behind *= behind
    aside *= aside
    aside += behind
    np.sqrt(aside, out=aside)
    radius -= aside
    return np.asarray(radius, dtype=np.float32)


def ellipse_bands(ellipses: Floats, *, width: int, height: int) -> Bands:
    """Bands of ellipses.

    Args:
        ellipses: Centre (x, y) and half axes (aside, down), pixels, 0 where there is nothing,
            shape (M, 4).
        width: Of the picture.
        height: Of the picture.
    """
    x, y, half_x, half_y = ellipses.T
    drawn = (half_x > 0.0) & (x + half_x > 0.0) & (x - half_x < width)
    shape, row = band_rows(y - half_y, np.where(drawn, y + half_y, -1.0), height=height)
    off = (row + 0.5 - y[shape]) / half_y[shape]
    half = half_x[shape] * np.sqrt(np.maximum(1.0 - np.square(off), 0.0))
    return cut_bands(shape, row, columns=(x[shape] - half, x[shape] + half), width=width)


def ellipse_factors(ellipses: Floats, bands: Bands, *, strength: Floats) -> tuple[Singles, Singles]:
    """What `ellipse_covers` is computed of.

    Args:
        ellipses: As of `ellipse_bands`.
        bands: Of these.
        strength: Cover in the middle, shape (M,).

    Returns:
        Place across, as of `ramps`, shape (R, 2); and the rest of the cover's root, shape (R, 1).
    """
    root = np.sqrt(strength)
    x, y, half_x, half_y, whole = np.stack([*ellipses.T, root])[:, bands.shape]
    scale = np.sqrt(whole) / half_x
    across = np.stack([scale, scale * (bands.start + 0.5 - x)], axis=1)
    rest = whole * (1.0 - np.square((bands.row + 0.5 - y) / half_y))
    return across.astype(np.float32), rest.astype(np.float32)[:, None]


def ellipse_covers(across: Singles, rest: Singles, length: int) -> Singles:
    """Cover of soft ellipses: strength * (1 - r^2)^2, r = 1 at the edge.

    Args:
        across: Of some bands, as of `ellipse_factors`, shape (r, 2).
        rest: Likewise, shape (r, 1).
        length: Of the bands.

    Returns:
        Shape (r, L).
    """
    cover = ramps(across, length)
    cover *= cover
    np.subtract(rest, cover, out=cover)
    np.maximum(cover, np.float32(0.0), out=cover)
    cover *= cover
    return cover
