"""Shadows on the ground: soft ellipses under people, fainter the higher somebody is.

Letters of shapes: F frames, N actors.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from datasets_spec.skeleton import GENERIC_LENGTHS
from stickgen_model.render.pieces import FEET
from stickgen_model.render.viewpoint import NEAR

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from stickgen_model.render.projection import View

    Floats = NDArray[np.float64]

__all__ = ["SHADOWS_EACH", "shadow_ellipses"]

SHADOWS_EACH: Final = 3
"""Of a person: of the body, of the left and of the right foot."""

_BODY_RADIUS: Final = 0.10
_FOOT_RADIUS: Final = 0.055
"""H, of what stands on one point."""
_SPREAD: Final = 1.5
"""Half of the body's shadow, in weighted deviations of the joints."""
_BODY_FADE: Final = 1.6
_FOOT_FADE: Final = 9.0
_FOOT_BLUR: Final = 6.0
_LOW_FADE: Final = 2.0
"""Per H: how fast shadows fade with height, that of a foot grows, and how much less high joints
spread that of the body."""
_LEAST: Final = 0.02


def shadow_ellipses(view: View, points: Floats) -> tuple[Floats, Floats]:
    """The shadows of everybody.

    Args:
        view: Cameras.
        points: Joints, H, shape (F, N, 10, 3).

    Returns:
        Centre (x, y) and half axes (aside, down), pixels, shape (F, N, SHADOWS_EACH, 4).
        Cover, 0..1 of the darkest, 0 = not to be drawn, shape (F, N, SHADOWS_EACH).
    """
    feet = points[:, :, list(FEET)]
    height = np.maximum(points[..., 1], 0.0)
    lifted = np.maximum(feet[..., 1] - GENERIC_LENGTHS["foot_height"], 0.0)
    weight = np.exp(-_LOW_FADE * height)[..., None]
    weight /= weight.sum(axis=2, keepdims=True)
    right, ahead = view.axes[:, 0], view.axes[:, 2] * np.array([1.0, 0.0, 1.0])
    ahead = ahead / np.linalg.norm(ahead, axis=1, keepdims=True)
    level = np.stack([right, ahead], axis=-1)[:, None]
    across = points @ level
    middle = (weight * across).sum(axis=2, keepdims=True)
    spread = np.sqrt((weight * np.square(across - middle)).sum(axis=2, keepdims=True))
    places = np.concatenate([(weight * points).sum(axis=2, keepdims=True), feet], axis=2)
    halves = np.concatenate(
        [
            _BODY_RADIUS + _SPREAD * spread,
            np.repeat(_FOOT_RADIUS * (1.0 + _FOOT_BLUR * lifted[..., None]), 2, axis=-1),
        ],
        axis=2,
    )
    cover = np.concatenate(
        [
            0.6 * np.exp(-_BODY_FADE * height.min(axis=2, keepdims=True)),
            np.exp(-_FOOT_FADE * lifted),
        ],
        axis=2,
    )
    return _flattened(view, places, halves, cover=cover)


def _flattened(
    view: View, places: Floats, halves: Floats, *, cover: Floats
) -> tuple[Floats, Floats]:
    """Discs on the ground as they are seen, by their middles."""
    ground = places * np.array([1.0, 0.0, 1.0])
    seen = view.see(ground)
    ahead = seen[..., 2]
    drawn = (ahead > NEAR) & (cover > _LEAST)
    seen[..., 2] = np.maximum(ahead, NEAR)
    middle = view.pixels(seen)
    above = np.maximum(view.views[:, 1], 0.0)[:, None, None]
    tilt = above / np.linalg.norm(ground - view.views[:, None, None, :3], axis=-1)
    shrunk = np.stack([halves[..., 0], halves[..., 1] * tilt], axis=-1)
    half = shrunk * (view.focal[:, None, None] / seen[..., 2])[..., None]
    shown = np.concatenate([middle, half], axis=-1)
    return shown, np.where(drawn, cover, 0.0)
