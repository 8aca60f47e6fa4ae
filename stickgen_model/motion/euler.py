"""Euler angles from rotation matrices, without jumps from frame to frame."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np

from stickgen_model.motion.rotations import axis_rotation

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

__all__ = ["matrix_to_euler"]

_AXES: Final = "XYZ"
_LOCKED: Final = 1e-7
"""Cosine of the middle angle below which only the sum of the outer angles is known."""


def matrix_to_euler(matrices: NDArray[np.floating[Any]], order: str) -> Floats:
    """Angles of R = R_a R_b R_c, which run on from each frame to the next.

    Of all angles that give a matrix (two sets, and full turns) the nearest to those of the frame
    before are taken; the first frame has the middle angle within a quarter turn. Where the outer
    axes lie in one line, the first angle stays.

    Args:
        matrices: Rotations, frames first, shape (T, J, 3, 3).
        order: Three different upper-case axes such as `ZYX`.

    Returns:
        Radians in the sequence of `order`, shape (T, J, 3), float64.

    Raises:
        ValueError: If `order` is no such word.
    """
    if sorted(order) != list(_AXES):
        msg = f"expected an order of the three axes such as ZYX, got {order!r}"
        raise ValueError(msg)
    values = np.asarray(matrices, dtype=np.float64)
    raw, locked = _first_set(values, order)
    found = np.empty_like(raw)
    before = np.zeros(raw.shape[1:])
    for frame in range(len(raw)):
        angles = raw[frame]
        if locked[frame].any():
            turned = _locked_set(values[frame], before, angles[:, 1], order=order)
            angles = np.where(locked[frame][:, None], turned, angles)
        before = found[frame] = _nearest(angles, before, free=frame == 0)
    return found


def _first_set(values: Floats, order: str) -> tuple[Floats, NDArray[np.bool_]]:
    """Angles with the middle one within a quarter turn, and where the outer ones are unclear."""
    i, j, k = (_AXES.index(axis) for axis in order)
    sign = 1.0 if (j - i) % 3 == 1 else -1.0
    middle = np.arcsin(np.clip(sign * values[..., i, k], -1.0, 1.0))
    first = np.arctan2(-sign * values[..., j, k], values[..., k, k])
    last = np.arctan2(-sign * values[..., i, j], values[..., i, i])
    locked = np.hypot(values[..., j, k], values[..., k, k]) < _LOCKED
    return np.stack([first, middle, last], axis=-1), locked


def _locked_set(values: Floats, before: Floats, middle: Floats, *, order: str) -> Floats:
    """The first angle as before, the last one what is left, shape (J, 3)."""
    first = axis_rotation(order[0], before[:, 0])
    rest = np.swapaxes(first @ axis_rotation(order[1], middle), -1, -2) @ values
    i, j, _ = (_AXES.index(axis) for axis in order)
    sign = 1.0 if (j - i) % 3 == 1 else -1.0
    last = np.arctan2(-sign * rest[..., i, j], rest[..., i, i])
    return np.stack([before[:, 0], middle, last], axis=-1)


def _nearest(angles: Floats, before: Floats, *, free: bool) -> Floats:
    """Of the sets that give the same rotation the one nearest to `before`, shape (J, 3)."""
    if free:
        return angles
    other = np.stack([angles[:, 0] + np.pi, np.pi - angles[:, 1], angles[:, 2] + np.pi], axis=-1)
    turn = 2.0 * np.pi
    sets = [option - turn * np.rint((option - before) / turn) for option in (angles, other)]
    far = [np.abs(option - before).sum(axis=-1) for option in sets]
    return np.where((far[0] <= far[1])[:, None], sets[0], sets[1])
