"""Smooth discs, limbs and rectangles, painted into an array from their signed distances.

Pixels: x to the right, y down; the middle of the pixel in row r and column c is (c + 0.5, r + 0.5).
A picture is uint8 (H, W, 3), changed in place. Only the pixels around a shape are touched, so that
the cost is that of its size.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import ArrayLike, NDArray

__all__ = ["blend", "paint_capsule", "paint_disc", "paint_rectangle"]

_POINT: Final = 1e-9
"""Squared pixels: a shorter segment is a disc."""


def paint_capsule(
    image: NDArray[np.uint8],
    start: Sequence[float],
    end: Sequence[float],
    *,
    radii: tuple[float, float],
    colour: ArrayLike,
    softness: float = 1.0,
    edge: tuple[float, ArrayLike] | None = None,
) -> None:
    """Paint a segment with round ends, its radius changing evenly from end to end.

    Args:
        image: Shape (H, W, 3).
        start: (x, y), pixels.
        end: (x, y), pixels.
        radii: At start and end, pixels. A radius below half a pixel is painted as half a pixel
            with less cover, so that thin lines fade in place of breaking.
        colour: RGB, or RGB and cover 0..1, all as numbers.
        softness: Width of the blur at its border, pixels; 1 = plain smooth, more = a shadow.
        edge: Width, pixels, and RGB of a line around it, or None.
    """
    wide = (max(radii[0], 0.5), max(radii[1], 0.5))
    line = 0.0 if edge is None else edge[0]
    reach = max(wide) + line + softness
    box = _box(
        image,
        (min(start[0], end[0]), min(start[1], end[1])),
        (max(start[0], end[0]), max(start[1], end[1])),
        reach,
    )
    if box is None:
        return
    away = _distance(box, start, end, radii=wide)
    thin = np.float32(max(radii) / max(wide))
    cover = thin * _cover(away, softness)
    if edge is None:
        blend(image[box], cover, colour)
        return
    inner, outer = np.asarray(colour, dtype=np.float32), np.asarray(edge[1], dtype=np.float32)
    tone = outer + cover[..., None] * (inner - outer)
    blend(image[box], thin * _cover(away - np.float32(line), softness), tone)


def _distance(
    box: tuple[slice, slice],
    start: Sequence[float],
    end: Sequence[float],
    *,
    radii: tuple[float, float],
) -> NDArray[np.float32]:
    """Distance of the pixels of a box to the border of a segment, negative inside, pixels."""
    rows, columns = box
    x = np.arange(columns.start, columns.stop, dtype=np.float32) + np.float32(0.5 - start[0])
    y = np.arange(rows.start, rows.stop, dtype=np.float32) + np.float32(0.5 - start[1])
    along_x, along_y = end[0] - start[0], end[1] - start[1]
    length2 = along_x**2 + along_y**2
    if length2 < _POINT:
        away = np.sqrt(np.square(x)[None, :] + np.square(y)[:, None])
        return np.asarray(away - np.float32(max(radii)), dtype=np.float32)
    share = (x * np.float32(along_x / length2))[None, :] + (y * np.float32(along_y / length2))[
        :, None
    ]
    np.minimum(np.maximum(share, 0.0, out=share), 1.0, out=share)
    off_x = x[None, :] - share * np.float32(along_x)
    off_y = y[:, None] - share * np.float32(along_y)
    away = np.sqrt(off_x * off_x + off_y * off_y)
    away -= np.float32(radii[0]) + share * np.float32(radii[1] - radii[0])
    return np.asarray(away, dtype=np.float32)


def _cover(away: NDArray[np.float32], softness: float) -> NDArray[np.float32]:
    """Share of a pixel that is inside, from its distance to the border."""
    cover = np.float32(0.5) - away * np.float32(1.0 / softness)
    return np.asarray(np.minimum(np.maximum(cover, 0.0, out=cover), 1.0, out=cover))


def paint_disc(
    image: NDArray[np.uint8],
    centre: Sequence[float],
    *,
    radius: float,
    colour: ArrayLike,
    softness: float = 1.0,
) -> None:
    """Paint a disc; arguments as of `paint_capsule`."""
    paint_capsule(image, centre, centre, radii=(radius, radius), colour=colour, softness=softness)


def paint_rectangle(
    image: NDArray[np.uint8],
    corner: Sequence[float],
    opposite: Sequence[float],
    *,
    colour: ArrayLike,
) -> None:
    """Paint an upright rectangle from (x, y) to (x, y), pixels; edges may lie between pixels."""
    height, width = image.shape[:2]
    cover_x = _overlap(width, corner[0], opposite[0])
    cover_y = _overlap(height, corner[1], opposite[1])
    rows, columns = _span(cover_y), _span(cover_x)
    blend(image[rows, columns], cover_y[rows, None] * cover_x[None, columns], colour)


def blend(part: NDArray[np.uint8], cover: NDArray[np.float32], colour: ArrayLike) -> None:
    """Lay a colour over part of a picture, in place.

    Args:
        part: Shape (h, w, 3), a view of the picture.
        cover: Share of every pixel that the colour covers, shape (h, w).
        colour: RGB, or RGB and the cover of all of it; of every pixel, where it has their shape.
    """
    tone = np.asarray(colour, dtype=np.float32)
    if tone.shape[-1] > 3:  # RGB
        cover, tone = cover * tone[..., 3], tone[..., :3]
    mixed = np.add(part, cover[..., None] * (tone - part), dtype=np.float32)
    mixed += np.float32(0.5)
    part[...] = mixed


def _box(
    image: NDArray[np.uint8], low: tuple[float, float], high: tuple[float, float], reach: float
) -> tuple[slice, slice] | None:
    """Rows and columns within `reach` of a rectangle; None where that is outside the picture."""
    height, width = image.shape[:2]
    left, right = max(math.floor(low[0] - reach), 0), min(math.ceil(high[0] + reach), width)
    top, bottom = max(math.floor(low[1] - reach), 0), min(math.ceil(high[1] + reach), height)
    if left >= right or top >= bottom:
        return None
    return slice(top, bottom), slice(left, right)


def _overlap(count: int, low: float, high: float) -> NDArray[np.float32]:
    """Share of each pixel of a row that lies between two places."""
    edges = np.arange(count, dtype=np.float32)
    shared = np.minimum(edges + 1.0, np.float32(high)) - np.maximum(edges, np.float32(low))
    return np.asarray(np.clip(shared, 0.0, 1.0), dtype=np.float32)


def _span(cover: NDArray[np.float32]) -> slice:
    touched = np.flatnonzero(cover)
    return slice(int(touched[0]), int(touched[-1]) + 1) if len(touched) else slice(0, 0)
