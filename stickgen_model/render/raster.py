"""Smooth discs, limbs and rectangles, painted into an array from their signed distances.

Pixels: x to the right, y down; the middle of the pixel in row r and column c is (c + 0.5, r + 0.5).
A picture is float32 (H, W, 3), values 0..255, changed in place. Only the pixels around a shape are
touched, so that the cost is that of its size.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import ArrayLike, NDArray

__all__ = ["blend", "paint_capsule", "paint_disc", "paint_rectangle", "to_uint8"]


def paint_capsule(
    image: NDArray[np.float32],
    start: Sequence[float],
    end: Sequence[float],
    *,
    radii: tuple[float, float],
    colour: ArrayLike,
    softness: float = 1.0,
) -> None:
    """Paint a segment with round ends, its radius changing evenly from end to end.

    Args:
        image: Shape (H, W, 3).
        start: (x, y), pixels.
        end: (x, y), pixels.
        radii: At start and end, pixels. A radius below half a pixel is painted as half a pixel
            with less cover, so that thin lines fade in place of breaking.
        colour: RGB, or RGB and cover 0..1, all as numbers.
        softness: Width of the edge, pixels; 1 = plain smooth edge, more = a shadow.
    """
    (x0, y0), (x1, y1) = start, end
    wide = (max(radii[0], 0.5), max(radii[1], 0.5))
    reach = max(wide) + softness
    box = _box(image, (min(x0, x1), min(y0, y1)), (max(x0, x1), max(y0, y1)), reach)
    if box is None:
        return
    rows, columns = box
    x = (np.arange(columns.start, columns.stop, dtype=np.float32) + np.float32(0.5 - x0))[None, :]
    y = (np.arange(rows.start, rows.stop, dtype=np.float32) + np.float32(0.5 - y0))[:, None]
    along_x, along_y = x1 - x0, y1 - y0
    length2 = max(along_x**2 + along_y**2, 1e-12)
    share = np.clip(x * np.float32(along_x / length2) + y * np.float32(along_y / length2), 0.0, 1.0)
    away = np.hypot(x - share * np.float32(along_x), y - share * np.float32(along_y))
    away -= np.float32(wide[0]) + share * np.float32(wide[1] - wide[0])
    thin = np.float32(max(radii) / max(wide))
    cover = thin * np.clip(0.5 - away / np.float32(softness), 0.0, 1.0, dtype=np.float32)
    blend(image[rows, columns], cover, colour)


def paint_disc(
    image: NDArray[np.float32],
    centre: Sequence[float],
    *,
    radius: float,
    colour: ArrayLike,
    softness: float = 1.0,
) -> None:
    """Paint a disc; arguments as of `paint_capsule`."""
    paint_capsule(image, centre, centre, radii=(radius, radius), colour=colour, softness=softness)


def paint_rectangle(
    image: NDArray[np.float32],
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


def blend(part: NDArray[np.float32], cover: NDArray[np.float32], colour: ArrayLike) -> None:
    """Lay a colour over part of a picture, in place.

    Args:
        part: Shape (h, w, 3), a view of the picture.
        cover: Share of every pixel that the colour covers, shape (h, w).
        colour: RGB, or RGB and the cover of all of it.
    """
    tone = np.asarray(colour, dtype=np.float32)
    if len(tone) > 3:  # RGB
        cover = cover * tone[3]
    part += cover[..., None] * (tone[:3] - part)


def to_uint8(image: NDArray[np.float32]) -> NDArray[np.uint8]:
    """The picture in whole numbers 0..255."""
    return np.rint(np.clip(image, 0.0, 255.0)).astype(np.uint8)


def _box(
    image: NDArray[np.float32], low: tuple[float, float], high: tuple[float, float], reach: float
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
