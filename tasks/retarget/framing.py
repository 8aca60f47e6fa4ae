"""Boxes around people, and a camera track that keeps them in the picture without a jerk."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

__all__ = ["MARGIN_H", "Framing", "fit_half", "keep_inside", "union_box"]

MARGIN_H: Final = 0.1
"""Room around the points on every side, H: head and limbs are drawn with a width."""
_SMOOTH_FRAMES: Final = 10
"""Half width of the window over which moves are joined and corrected: 0.4 s, by eye."""
_WINDOW: Final = 2 * _SMOOTH_FRAMES + 1
_RAMP: Final = 1.0 + np.cos(np.linspace(-np.pi, np.pi, _WINDOW + 2)[1:-1])
_WEIGHTS: Final = _RAMP / _RAMP.sum()
"""A raised cosine: weights that sum to 1, so equal rows stay equal."""


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class Framing:
    """What a move asks for."""

    track: NDArray[np.float64]
    """(T, 3): centre x, y and half the picture's height, H."""
    kept: NDArray[np.float64]
    """(T, 4): left, bottom, right, top of what must stay in the picture, H."""


def union_box(bodies: Sequence[NDArray[np.float64]]) -> NDArray[np.float64]:
    """Left, bottom, right, top around all points of all bodies, frame by frame, shape (T, 4)."""
    # coordinates first: the least of a few is then found along contiguous memory
    planes = [np.ascontiguousarray(body[:, :, :2].transpose(1, 2, 0)) for body in bodies]
    every = planes[0] if len(planes) == 1 else np.concatenate(planes)
    box = np.empty((every.shape[2], 4))
    box[:, :2], box[:, 2:] = every.min(axis=0).T, every.max(axis=0).T
    return box


def fit_half(box: NDArray[np.float64]) -> NDArray[np.float64]:
    """Half the height of the smallest square picture that holds a box, with its margin.

    Args:
        box: Shape (..., 4).

    Returns:
        Shape (...), H.
    """
    wide, high = box[..., 2] - box[..., 0], box[..., 3] - box[..., 1]
    return np.asarray(np.maximum(wide, high) / 2.0 + MARGIN_H)


def keep_inside(track: NDArray[np.float64], kept: NDArray[np.float64]) -> NDArray[np.float32]:
    """The track, smoothed where moves join, and corrected where it would lose its subjects.

    "The picture holds the box" is linear in centre and half height. So a correction that serves
    the boxes of all frames within the smoothing window, seen from the camera, still serves the box
    of its own frame after a weighted mean over that window. Where nothing is lost it is zero.

    Args:
        track: Shape (T, 3): centre x, y, half height, H.
        kept: Shape (T, 4): left, bottom, right, top, H.

    Returns:
        Shape (T, 3), float32: centre x, y, zoom.
    """
    smooth = _smoothed(track)
    # least left, bottom and half height; most right and top, as the least of their negatives
    near = np.empty((len(track), 5))
    near[:, :2] = kept[:, :2] - smooth[:, :2]
    near[:, 2:4] = smooth[:, :2] - kept[:, 2:]
    near[:, 4] = smooth[:, 2]
    near = _least(near)
    room, least = np.concatenate([near[:, :2], -near[:, 2:4]], axis=1), near[:, 4]
    more = np.maximum(fit_half(room) - least, 0.0)
    reach = (least + more - MARGIN_H)[:, None]
    aside = np.minimum(np.maximum(0.0, room[:, 2:] - reach), room[:, :2] + reach)
    smooth += _smoothed(np.concatenate([aside, more[:, None]], axis=1))
    smooth[:, 2] = 1.0 / smooth[:, 2]
    return smooth.astype(np.float32)


def _padded(values: NDArray[np.float64]) -> NDArray[np.float64]:
    """Rows (T, C) with the first and the last one repeated for half a window."""
    rows = np.arange(-_SMOOTH_FRAMES, len(values) + _SMOOTH_FRAMES)
    return values.take(np.minimum(np.maximum(rows, 0), len(values) - 1), axis=0)


def _least(values: NDArray[np.float64]) -> NDArray[np.float64]:
    """Least of the window around every row, (T, C), by windows of twice the width each time."""
    least, width = _padded(values), 1
    while 2 * width <= _WINDOW:
        least = np.minimum(least[:-width], least[width:])
        width *= 2
    rest = _WINDOW - width
    return np.minimum(least[: len(least) - rest], least[rest:])


def _smoothed(track: NDArray[np.float64]) -> NDArray[np.float64]:
    columns = np.ascontiguousarray(_padded(track).T)
    out = np.empty_like(track)
    for number, column in enumerate(columns):
        out[:, number] = np.convolve(column, _WEIGHTS, mode="valid")
    return out
