"""Rotations of bones of which only the direction is known: no flips, little twist."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from stickgen_model.motion.rotations import axis_angle_to_matrix

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

__all__ = ["shortest_arc", "steady_frames"]


def shortest_arc(start: NDArray[np.floating[Any]], end: NDArray[np.floating[Any]]) -> Floats:
    """The smallest rotation that turns one direction into another.

    Args:
        start: Unit vectors, shape (..., 3).
        end: Unit vectors, of a shape that fits.

    Returns:
        Matrices (..., 3, 3), float64; half a turn about some axis where they are opposite.
    """
    a, b = np.broadcast_arrays(np.asarray(start, np.float64), np.asarray(end, np.float64))
    # two mirrors, at the plane across a + b and across a, turn a into b; opposite vectors
    # have no middle, any direction across them will do
    middle = a + b
    size = np.linalg.norm(middle, axis=-1, keepdims=True)
    across = np.cross(a, np.eye(3)[np.argmin(np.abs(a), axis=-1)])
    across /= np.linalg.norm(across, axis=-1, keepdims=True)
    middle = np.where(size < 1e-9, across, middle / np.maximum(size, 1e-9))
    mirror = np.eye(3) - 2.0 * middle[..., :, None] * middle[..., None, :]
    return np.asarray(mirror @ (np.eye(3) - 2.0 * a[..., :, None] * a[..., None, :]))


def steady_frames(directions: Floats, wanted: Floats, *, most: NDArray[np.floating[Any]]) -> Floats:
    """Rotations that follow directions by the smallest turns, and drift to wanted ones.

    Args:
        directions: Where the bones point, unit vectors, shape (T, J, 3).
        wanted: Rotations that differ from what is sought by a twist about `directions` only; may
            jump; shape (T, J, 3, 3).
        most: Radians by which a frame may be twisted towards the wanted, shape (T, J).

    Returns:
        Shape (T, J, 3, 3); the first is the wanted, and each follows the one before by the arc
        between the directions and a twist of at most `most`.
    """
    found = np.array(wanted, dtype=np.float64)
    arcs = shortest_arc(directions[:-1], directions[1:])
    for frame in range(1, len(found)):
        axis = directions[frame]
        carried = arcs[frame - 1] @ found[frame - 1]
        gap = found[frame] @ np.swapaxes(carried, -1, -2)
        curl = np.stack(
            [
                gap[:, 2, 1] - gap[:, 1, 2],
                gap[:, 0, 2] - gap[:, 2, 0],
                gap[:, 1, 0] - gap[:, 0, 1],
            ],
            axis=-1,
        )
        twist = np.arctan2((curl * axis).sum(axis=-1), np.trace(gap, axis1=1, axis2=2) - 1.0)
        turn = np.clip(twist, -most[frame], most[frame])
        found[frame] = axis_angle_to_matrix(axis * turn[:, None]) @ carried
    return found
