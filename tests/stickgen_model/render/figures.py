"""Scenes whose pictures are known."""

from __future__ import annotations

from typing import Any

import numpy as np

from stickgen_model.animation import Animation

__all__ = ["STANDING", "moving_scene", "standing_scene"]

STANDING = np.array(
    [
        (0.0, 0.93),
        (0.0, 0.50),
        (0.16, 0.66),
        (0.20, 0.50),
        (-0.16, 0.66),
        (-0.20, 0.50),
        (0.08, 0.28),
        (0.10, 0.04),
        (-0.08, 0.28),
        (-0.10, 0.04),
    ],
    dtype=np.float32,
)
"""H, shape (10, 2)."""


def standing_scene(
    places: list[tuple[float, float, float]], *, frames: int = 3, **more: Any
) -> Animation:
    """People who stand, each moved by (x, y, depth)."""
    move = np.array(places, dtype=np.float32)
    joints = STANDING + move[:, None, :2]
    joints = np.repeat(joints[:, None], frames, axis=1)
    depth = np.repeat(np.repeat(move[:, None, None, 2], frames, axis=1), 10, axis=2)
    return Animation(joints=joints, depth=np.ascontiguousarray(depth), **more)


def moving_scene(people: int = 1, *, frames: int = 12, seed: int = 0, **more: Any) -> Animation:
    """People who wave all limbs, side by side."""
    rng = np.random.default_rng(seed)
    at = np.arange(frames)[:, None, None] / 25.0
    phase, size = rng.uniform(0.0, 6.0, (people, 1, 10, 2)), rng.uniform(0.0, 0.1, (10, 2))
    joints = STANDING + size * np.sin(9.0 * at + phase)
    joints[..., 0] += 0.5 * np.arange(people)[:, None, None]
    depth = 0.1 * np.sin(5.0 * at[..., 0] + phase[..., 0]) - 0.2 * np.arange(people)[:, None, None]
    return Animation(joints=joints.astype(np.float32), depth=depth.astype(np.float32), **more)
