"""Which way a body faces, frame by frame and for a whole clip."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np

from datasets_spec.skeleton import body_index
from tasks.retarget.body import neck_of, root_of
from tasks.retarget.ranks import median

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.floating[Any]]

__all__ = ["clip_heading", "facing", "left_of"]

_MIN_ACROSS: Final = 0.35
"""Facing is undefined if the left-right axis is that short on the floor (share of its length)."""
_MIN_UPRIGHT: Final = 0.2
"""... or if the trunk leans further than that (cosine): lying and upside down."""
_MIN_RESULTANT: Final = 0.5
"""Below it a clip turns about too much for a mean direction."""
_SMOOTH_FRAMES: Final = 20.0
"""Standard deviation of the weights behind frame 0's smoothed facing, frames.

Source: the smoothing that HumanML3D's processing uses (20 frames)."""


def _unit(vectors: Floats) -> NDArray[np.float64]:
    """Rows scaled to length 1; rows of length 0 stay 0."""
    length = np.hypot(vectors[..., 0], vectors[..., 1])
    return np.asarray(vectors / np.where(length > 0, length, 1.0)[..., None], dtype=np.float64)


def _lengths(vectors: Floats) -> Floats:
    """Lengths of rows (T, 3), shape (T,)."""
    return np.asarray(np.sqrt(np.add.reduce(vectors * vectors, axis=1)))


def left_of(forward: Floats) -> NDArray[np.float64]:
    """Subject's left on the floor (x, z) for a forward direction (x, z): up x forward."""
    left = np.empty(forward.shape)
    left[..., 0], left[..., 1] = forward[..., 1], -forward[..., 0]
    return left


def _held(values: NDArray[np.float64], valid: NDArray[np.bool_]) -> NDArray[np.float64]:
    """Undefined rows take the last defined one; leading ones the first defined."""
    last = np.maximum.accumulate(np.where(valid, np.arange(valid.size), -1))
    return values[np.where(last < 0, np.argmax(valid), last)]


def facing(points: Floats) -> NDArray[np.float64]:
    """Horizontal facing direction of each frame.

    f = up x a, with a from the left to the right hip and shoulder; where it is undefined (lying,
    upside down, axis upright) the last defined value is held.

    Args:
        points: Shape (T, 15, 3), y up.

    Returns:
        Shape (T, 2): unit (x, z) directions. If no frame defines one: the mean left-right axis
        all the same, else the trunk's direction on the floor, else +z.
    """
    across = (points[:, body_index("r_hip")] - points[:, body_index("l_hip")]) + (
        points[:, body_index("r_shoulder")] - points[:, body_index("l_shoulder")]
    )
    forward = np.empty((len(across), 2))
    forward[:, 0], forward[:, 1] = across[:, 2], -across[:, 0]
    size = float(median(_lengths(across)))
    level = np.hypot(across[:, 0], across[:, 2]) > _MIN_ACROSS * size
    trunk = neck_of(points) - root_of(points)
    upright = trunk[:, 1] > _MIN_UPRIGHT * _lengths(trunk)
    for valid in (level & upright, level):
        if valid.any():
            return _held(_unit(forward), valid)
    lean = trunk[:, [0, 2]].mean(axis=0)
    if np.hypot(*lean) <= 0:
        lean = np.array([0.0, 1.0])
    return np.broadcast_to(_unit(lean), (points.shape[0], 2)).astype(np.float64)


def clip_heading(points: Floats) -> NDArray[np.float64]:
    """The one forward direction of a clip.

    Args:
        points: Shape (T, 15, 3), y up.

    Returns:
        Shape (2,): unit (x, z). The circular mean of the facing, or, if the body turns about so
        much that the mean says little, the smoothed facing of frame 0.
    """
    forward = facing(points)
    mean = forward.mean(axis=0)
    if np.hypot(*mean) > _MIN_RESULTANT:
        return _unit(mean)
    weights = np.exp(-0.5 * (np.arange(forward.shape[0]) / _SMOOTH_FRAMES) ** 2)
    start = (weights[:, None] * forward).sum(axis=0)
    return _unit(start if np.hypot(*start) > 1e-3 * weights.sum() else forward[0])
