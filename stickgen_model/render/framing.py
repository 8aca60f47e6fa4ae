"""Cameras of many frames at once, and how far away they must be to hold everybody.

Letters of shapes: F frames, K points. Viewpoints: `stickgen_model.render.viewpoint`; the field of
view is that between the upper and lower edge of the picture, whatever its width.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

__all__ = ["SAFE_AREA", "holds", "nearest_fit", "picture_places", "see_from", "view_axes"]

SAFE_AREA: Final = (0.90, -0.80, 0.90)
"""Where joints may lie, as shares of half the picture: aside, down, up. Below is room for text."""

_PAD: Final = 0.08
"""H around every joint: head and limbs are drawn with a width."""
_NEAREST: Final = 0.5
"""H between the camera and whoever it shows."""
_FURTHER: Final = 1.35
_HALVINGS: Final = 9
_FARTHEST: Final = 20_000.0


def view_axes(views: NDArray[Any]) -> Floats:
    """Right, up and forward of every camera.

    Args:
        views: Viewpoints, shape (F, 7).

    Returns:
        Unit vectors as rows, shape (F, 3, 3).
    """
    away = np.asarray(views[:, 3:6] - views[:, :3], dtype=np.float64)
    forward = away / np.linalg.norm(away, axis=1, keepdims=True)
    right = np.stack([-forward[:, 2], np.zeros(len(away)), forward[:, 0]], axis=1)
    right /= np.linalg.norm(right, axis=1, keepdims=True)
    return np.stack([right, np.cross(right, forward), forward], axis=1)


def see_from(views: NDArray[Any], points: NDArray[Any]) -> Floats:
    """Points as the cameras see them: to the right, up, ahead.

    Args:
        views: Viewpoints, shape (F, 7).
        points: H, shape (F, ..., 3).

    Returns:
        H, shape of `points`.
    """
    shape = points.shape
    away = points.reshape(shape[0], -1, 3) - views[:, None, :3]
    return np.asarray(away @ view_axes(views).transpose(0, 2, 1), dtype=np.float64).reshape(shape)


def picture_places(views: NDArray[Any], seen: Floats, aspect: float) -> Floats:
    """Places in the picture: (0, 0) its middle, (1, 1) its upper right corner.

    Args:
        views: Viewpoints, shape (F, 7).
        seen: As of `see_from`, all ahead, shape (F, ..., 3).
        aspect: Width by height of the picture.

    Returns:
        Shape (F, ..., 2).
    """
    half = np.tan(0.5 * views[:, 6]).reshape(-1, *[1] * (seen.ndim - 1))
    scale = np.concatenate([half * aspect, half], axis=-1)
    return np.asarray(seen[..., :2] / (seen[..., 2:] * scale))


def holds(
    views: NDArray[Any],
    points: Floats,
    kept: NDArray[np.bool_],
    *,
    aspect: float,
    area: tuple[float, float, float] = SAFE_AREA,
) -> bool:
    """Whether every kept point, with room around it, lies in an area of its frame.

    And no camera comes near to a point, kept or not.

    Args:
        views: Viewpoints, shape (F, 7).
        points: H, shape (F, K, 3).
        kept: Shape (F, K).
        aspect: Width by height of the picture.
        area: As of `SAFE_AREA`.
    """
    seen = see_from(views, points)
    ahead = seen[..., 2] - _PAD
    half = ahead * np.tan(0.5 * views[:, 6])[:, None]
    aside, down, up = area
    inside = (
        (ahead >= _NEAREST)
        & (np.abs(seen[..., 0]) + _PAD <= aside * aspect * half)
        & (seen[..., 1] + _PAD <= up * half)
        & (seen[..., 1] - _PAD >= down * half)
    )
    apart = np.square(points - views[:, None, :3]).sum(axis=-1) >= _NEAREST**2
    return bool(((inside | ~kept) & apart).all())


def nearest_fit(fits: Callable[[float], bool], least: float) -> float:
    """The smallest distance, to about a thousandth, at which a camera holds everybody.

    Args:
        fits: Whether a distance does.
        least: H; nearer the camera does not come.

    Returns:
        A distance that fits; where none does within reason, the largest tried.
    """
    if fits(least):
        return least
    low, high = least, least * _FURTHER
    while not fits(high) and high < _FARTHEST:
        low, high = high, high * _FURTHER
    for _ in range(_HALVINGS):
        middle = float(np.sqrt(low * high))
        low, high = (low, middle) if fits(middle) else (middle, high)
    return high
