"""Which way heads look: from trunk, arms and legs, smooth in time."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from datasets_spec.skeleton import joint_index
from stickgen_model.render.easing import path_at, steadied
from stickgen_model.render.figure import HEAD, PELVIS
from stickgen_model.render.habits import head_turns

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from stickgen_model.animation import Animation

    Floats = NDArray[np.float64]

__all__ = ["head_axes"]

_STEADY_S: Final = 0.2
_PAIRS: Final = (("l_elbow", "r_elbow", 1.0), ("l_knee", "r_knee", 0.7), ("l_hand", "r_hand", 0.2))
"""Who is left of whom, and how much that says about shoulders and hips."""
_STAND: Final = 1e-3


def head_axes(animation: Animation, depth: NDArray[np.floating], times: Floats) -> Floats:
    """Axes of every head.

    Args:
        animation: The scene.
        depth: H, shape (N, T, 10).
        times: Seconds, shape (F,).

    Returns:
        Towards the left ear, up and forward as rows, orthonormal, shape (N, F, 3, 3). A viewer
        whom the head faces has its left ear at his right.
    """
    points = np.concatenate([animation.joints, depth[..., None]], axis=-1, dtype=np.float64)
    grid = np.arange(animation.num_frames) / animation.fps
    frames = _STEADY_S * animation.fps
    found = np.empty((animation.num_actors, len(times), 3, 3))
    for actor, body in enumerate(points):
        left = sum(
            weight * (body[:, joint_index(a)] - body[:, joint_index(b)]) for a, b, weight in _PAIRS
        )
        left = path_at(grid, steadied(np.asarray(left), frames), times)
        up = path_at(grid, steadied(body[:, HEAD] - body[:, PELVIS], 0.3 * frames), times)
        found[actor] = _axes(left, up)
    return _turned(found, head_turns(animation, times))


def _axes(left: Floats, up: Floats) -> Floats:
    # a figure without length stands, one without width looks at its viewer
    up = up + np.array([0.0, _STAND, 0.0])
    up = up / np.maximum(np.linalg.norm(up, axis=1, keepdims=True), 1e-9)
    left = left + np.array([_STAND, 0.0, -0.5 * _STAND])
    left = left - (left * up).sum(axis=1, keepdims=True) * up
    left /= np.maximum(np.linalg.norm(left, axis=1, keepdims=True), 1e-9)
    return np.stack([left, up, np.cross(left, up)], axis=1)


def _turned(axes: Floats, turns: Floats) -> Floats:
    """Axes after a yaw about up and a pitch about left, radians, shape (N, F, 2)."""
    (yaw, pitch), (left, up, front) = np.moveaxis(turns, -1, 0)[..., None], np.moveaxis(axes, 2, 0)
    front, left = (
        np.cos(yaw) * front + np.sin(yaw) * left,
        np.cos(yaw) * left - np.sin(yaw) * front,
    )
    front, up = (
        np.cos(pitch) * front - np.sin(pitch) * up,
        np.cos(pitch) * up + np.sin(pitch) * front,
    )
    return np.stack([left, up, front], axis=2)
