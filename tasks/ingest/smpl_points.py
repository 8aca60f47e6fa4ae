"""The 22 body joints of the SMPL family, and the 15 body points taken from them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np

from datasets_spec.skeleton import BODY_POINTS

if TYPE_CHECKING:
    from numpy.typing import NDArray

__all__ = ["SMPL_JOINTS", "SMPL_PARENTS", "points_from_smpl"]

SMPL_JOINTS: Final = (
    "pelvis",
    "l_hip",
    "r_hip",
    "spine1",
    "l_knee",
    "r_knee",
    "spine2",
    "l_ankle",
    "r_ankle",
    "spine3",
    "l_foot",
    "r_foot",
    "neck",
    "l_collar",
    "r_collar",
    "head",
    "l_shoulder",
    "r_shoulder",
    "l_elbow",
    "r_elbow",
    "l_wrist",
    "r_wrist",
)
"""Order of the joints; equal in SMPL, SMPL-H, SMPL-X and InterHuman's files."""

SMPL_PARENTS: Final = (
    -1, 0, 0, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 9, 9, 12, 13, 14, 16, 17, 18, 19,
)  # fmt: skip

_RENAMED: Final = {"hand": "wrist", "foot": "ankle", "toe": "foot"}
_HEAD_EXTENSION_M: Final = 0.10
"""The head joint is the skull's base; its centre lies about this far along neck -> head."""
_MIN_NECK_M: Final = 1e-6


def _smpl_name(point: str) -> str:
    side, _, part = point.partition("_")
    return f"{side}_{_RENAMED.get(part, part)}" if part else point


_ROWS: Final = np.array([SMPL_JOINTS.index(_smpl_name(point)) for point in BODY_POINTS])
_HEAD_ROW: Final = BODY_POINTS.index("head")
_HEAD: Final = SMPL_JOINTS.index("head")
_NECK: Final = SMPL_JOINTS.index("neck")


def points_from_smpl(joints: NDArray[np.floating[Any]]) -> NDArray[np.float32]:
    """Joints of a z-up world to the points that every reader delivers.

    Args:
        joints: Shape (T, J, 3), J >= 22, metres, z up, order of `SMPL_JOINTS`.

    Returns:
        Shape (T, 15, 3), metres, y up by (x, y, z) -> (x, z, -y), rows as `BODY_POINTS`, float32.
    """
    points = np.asarray(joints[:, _ROWS], dtype=np.float64)
    along = points[:, _HEAD_ROW] - joints[:, _NECK]
    length = np.linalg.norm(along, axis=-1, keepdims=True)
    # a neck of no length has no direction: the head then stays at its joint
    along = np.where(length > _MIN_NECK_M, along / np.maximum(length, _MIN_NECK_M), 0.0)
    points[:, _HEAD_ROW] += _HEAD_EXTENSION_M * along
    turned = np.empty(points.shape, dtype=np.float32)
    turned[..., 0] = points[..., 0]
    turned[..., 1] = points[..., 2]
    turned[..., 2] = -points[..., 1]
    return turned
