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


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class Framing:
    """What a move asks for."""

    track: NDArray[np.float64]
    """(T, 3): centre x, y and half the picture's height, H."""
    kept: NDArray[np.float64]
    """(T, 4): left, bottom, right, top of what must stay in the picture, H."""


def union_box(bodies: Sequence[NDArray[np.float64]]) -> NDArray[np.float64]:
    """Left, bottom, right, top around all points of all bodies, frame by frame, shape (T, 4)."""
    low = [[body[:, :, axis].min(axis=1) for body in bodies] for axis in range(2)]
    high = [[body[:, :, axis].max(axis=1) for body in bodies] for axis in range(2)]
    return np.stack(
        [*(np.min(row, axis=0) for row in low), *(np.max(row, axis=0) for row in high)], axis=1
    )


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
    room = _widened(kept - np.tile(smooth[:, :2], 2))
    least = _windows(smooth[:, 2:]).min(axis=-1)[:, 0]
    more = np.maximum(fit_half(room) - least, 0.0)
    reach = (least + more - MARGIN_H)[:, None]
    aside = np.clip(0.0, room[:, 2:] - reach, room[:, :2] + reach)
    smooth += _smoothed(np.concatenate([aside, more[:, None]], axis=1))
    smooth[:, 2] = 1.0 / smooth[:, 2]
    return smooth.astype(np.float32)


def _windows(values: NDArray[np.float64]) -> NDArray[np.float64]:
    padded = np.pad(values, ((_SMOOTH_FRAMES, _SMOOTH_FRAMES), (0, 0)), mode="edge")
    return np.lib.stride_tricks.sliding_window_view(padded, 2 * _SMOOTH_FRAMES + 1, axis=0)


def _widened(box: NDArray[np.float64]) -> NDArray[np.float64]:
    near = _windows(box)
    return np.concatenate([near[:, :2].min(axis=-1), near[:, 2:].max(axis=-1)], axis=1)


def _smoothed(track: NDArray[np.float64]) -> NDArray[np.float64]:
    # a raised cosine: weights that sum to 1, so equal rows stay equal
    ramp = 1.0 + np.cos(np.linspace(-np.pi, np.pi, 2 * _SMOOTH_FRAMES + 3)[1:-1])
    return np.asarray(_windows(track) @ (ramp / ramp.sum()))
