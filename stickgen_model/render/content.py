"""Which part of a frame is more than its backdrop."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from stickgen_model.render.figure import HEAD_RADIUS
from stickgen_model.render.pieces import HEAD_PIECE, NUM_PIECES

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from stickgen_model.render.display import DisplayList

    Boxes = NDArray[np.intp]

__all__ = ["content_boxes"]

_AROUND: Final = 2.0
"""Pixels: smooth borders, and faces that reach a little beyond their heads."""


def content_boxes(film: DisplayList, frames: slice) -> Boxes:
    """Rectangles that hold people, their light and their shadows.

    Args:
        film: What is drawn.
        frames: C of its frames.

    Returns:
        First row and the one after the last, first column and the one after the last; both the
        same where there is nothing; shape (C, 4).
    """
    config, radii = film.config, film.radii[frames]
    heads = radii[:, HEAD_PIECE::NUM_PIECES, 0]
    light = np.repeat(heads * (config.look_spec.glow / HEAD_RADIUS), NUM_PIECES, axis=1)
    reach = radii.max(axis=2) + light + 0.05 * radii.max(axis=2) + _AROUND
    drawn = np.repeat(radii.max(axis=2)[..., None] > 0.0, 2, axis=2)
    ends = film.ends[frames]
    shadows, shaded = film.shadows[frames], film.shadow_covers[frames, :, None] > 0.0
    half = shadows[..., 2:] + _AROUND
    low = np.concatenate(
        [
            np.where(drawn, ends.min(axis=2) - reach[..., None], np.inf),
            np.where(shaded, shadows[..., :2] - half, np.inf),
        ],
        axis=1,
    ).min(axis=1)
    high = np.concatenate(
        [
            np.where(drawn, ends.max(axis=2) + reach[..., None], -np.inf),
            np.where(shaded, shadows[..., :2] + half, -np.inf),
        ],
        axis=1,
    ).max(axis=1)
    size = np.array([config.width, config.height])
    first = np.clip(np.floor(low), 0, size)
    last = np.clip(np.ceil(high), first, size)
    boxes = np.stack([first[:, 1], last[:, 1], first[:, 0], last[:, 0]], axis=1)
    empty = (last <= first).any(axis=1)
    boxes[empty] = 0
    return boxes.astype(np.intp)
