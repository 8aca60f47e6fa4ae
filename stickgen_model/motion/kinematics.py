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
    # joint first: each step then works on contiguous memory; copies, for they are overwritten
    world = np.array(np.moveaxis(rotations, 1, 0), dtype=np.float64, order="C")
    positions = np.array(np.moveaxis(offsets, 1, 0), dtype=np.float64, order="C")
    for joint, parent in enumerate(parents):
        if parent < 0:
            continue
        if parent >= joint:
            msg = f"expected the parent of joint {joint} before it, got {parent}"
            raise ValueError(msg)
        positions[joint] = positions[parent] + np.einsum(
            "tij,tj->ti", world[parent], positions[joint]
        )
        world[joint] = world[parent] @ world[joint]
    return np.moveaxis(positions, 0, 1), np.moveaxis(world, 0, 1)
