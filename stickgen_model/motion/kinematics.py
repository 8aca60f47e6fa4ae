"""Forward kinematics of a joint tree, vectorised over frames."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from stickgen_model.motion.shapes import check_shape

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

__all__ = ["forward_kinematics"]


def forward_kinematics(
    rotations: NDArray[np.floating[Any]],
    offsets: NDArray[np.floating[Any]],
    parents: Sequence[int],
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Positions and orientations of all joints in the world.

    Args:
        rotations: Local rotation matrices, shape (T, J, 3, 3), column-vector convention.
        offsets: Position of each joint in its parent's frame (roots: in the world), shape (J, 3)
            or, where it moves, (T, J, 3); any unit.
        parents: Index of each joint's parent, -1 for a root; parents come before children.

    Returns:
        Positions (T, J, 3) in the unit of `offsets`, and world rotations (T, J, 3, 3).

    Raises:
        ValueError: If shapes disagree or a parent does not precede its child.
    """
    num_frames, num_joints = rotations.shape[:2]
    check_shape(rotations, f"T {num_joints} 3 3", name="rotations")
    if offsets.ndim == 2:
        offsets = np.broadcast_to(offsets, (num_frames, *offsets.shape))
    check_shape(offsets, f"{num_frames} {num_joints} 3", name="offsets")
    if len(parents) != num_joints:
        msg = f"expected {num_joints} parents, got {len(parents)}"
        raise ValueError(msg)
    # joints first, frames last: each step is then a few products of long contiguous rows
    world = np.array(rotations.transpose(1, 2, 3, 0), dtype=np.float64, order="C")
    positions = np.array(offsets.transpose(1, 2, 0), dtype=np.float64, order="C")
    for joint, parent in enumerate(parents):
        if parent < 0:
            continue
        if parent >= joint:
            msg = f"expected the parent of joint {joint} before it, got {parent}"
            raise ValueError(msg)
        turn = world[parent]
        positions[joint] = positions[parent] + _product(turn, positions[joint])
        world[joint] = _product(turn, world[joint])
    return positions.transpose(2, 0, 1), world.transpose(3, 0, 1, 2)


def _product(turn: NDArray[np.float64], other: NDArray[np.float64]) -> NDArray[np.float64]:
    """Matrices (3, 3, T) times vectors (3, T) or matrices (3, 3, T), frame by frame."""
    gap = (slice(None),) + (None,) * (other.ndim - 2)
    total: NDArray[np.float64] = turn[:, 0][gap] * other[0]
    for index in (1, 2):
        total += turn[:, index][gap] * other[index]
    return total
