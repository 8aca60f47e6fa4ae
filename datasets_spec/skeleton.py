"""The stick figure (10 joints) and the body it is made from (15 points).

Axes of 3D points: right-handed, y up, metres; x and z span the floor. The figure: x to the right,
y up, unit H (body height, see `docs/data.md`), floor at 0.
"""

from __future__ import annotations

from typing import Final

import numpy as np

__all__ = [
    "BODY_BONES",
    "BODY_MIRROR",
    "BODY_POINTS",
    "BONES",
    "GENERIC_LENGTHS",
    "JOINTS",
    "MIRROR",
    "NECK_RATIO",
    "NUM_BODY_POINTS",
    "NUM_JOINTS",
    "POSE_DIM",
    "SEGMENT_MASSES",
    "body_index",
    "joint_index",
]

JOINTS: Final = (
    "head",
    "pelvis",
    "l_elbow",
    "l_hand",
    "r_elbow",
    "r_hand",
    "l_knee",
    "l_foot",
    "r_knee",
    "r_foot",
)
"""Column order of the figure, fixed. Pelvis = mid-hips, hand = wrist, foot = ankle."""

NUM_JOINTS: Final = len(JOINTS)
POSE_DIM: Final = 2 * NUM_JOINTS

NECK_RATIO: Final = 0.70
"""The neck is drawn at pelvis + NECK_RATIO * (head - pelvis); it is not stored."""

BONES: Final = (
    ("pelvis", "head"),
    ("neck", "l_elbow"),
    ("l_elbow", "l_hand"),
    ("neck", "r_elbow"),
    ("r_elbow", "r_hand"),
    ("pelvis", "l_knee"),
    ("l_knee", "l_foot"),
    ("pelvis", "r_knee"),
    ("r_knee", "r_foot"),
)
"""Drawn segments; `neck` is the derived point."""

BODY_POINTS: Final = (
    "head",
    "l_shoulder",
    "r_shoulder",
    "l_elbow",
    "r_elbow",
    "l_hand",
    "r_hand",
    "l_hip",
    "r_hip",
    "l_knee",
    "r_knee",
    "l_foot",
    "r_foot",
    "l_toe",
    "r_toe",
)
"""Points that every reader delivers in 3D. head = head centre, hand = wrist, foot = ankle, toe =
ball of the foot (only for floor and contacts), shoulder and hip = the ball joints."""

NUM_BODY_POINTS: Final = len(BODY_POINTS)

BODY_BONES: Final = (
    ("l_shoulder", "l_elbow"),
    ("l_elbow", "l_hand"),
    ("r_shoulder", "r_elbow"),
    ("r_elbow", "r_hand"),
    ("l_hip", "l_knee"),
    ("l_knee", "l_foot"),
    ("r_hip", "r_knee"),
    ("r_knee", "r_foot"),
    ("l_hip", "r_hip"),
)
"""Segments that are rigid in a body, so that their 3D length must hold through a clip."""


def joint_index(name: str) -> int:
    """Column of a joint of the figure.

    Raises:
        ValueError: If `name` is no joint.
    """
    if name not in JOINTS:
        msg = f"expected a joint of {JOINTS}, got {name!r}"
        raise ValueError(msg)
    return JOINTS.index(name)


def body_index(name: str) -> int:
    """Row of a point of the 15-point body.

    Raises:
        ValueError: If `name` is no body point.
    """
    if name not in BODY_POINTS:
        msg = f"expected a body point of {BODY_POINTS}, got {name!r}"
        raise ValueError(msg)
    return BODY_POINTS.index(name)


def _swap_side(name: str) -> str:
    return {"l_": "r_", "r_": "l_"}.get(name[:2], name[:2]) + name[2:]


MIRROR: Final = np.array([JOINTS.index(_swap_side(name)) for name in JOINTS])
"""Permutation of the joints under left/right exchange; its own inverse."""

BODY_MIRROR: Final = np.array([BODY_POINTS.index(_swap_side(name)) for name in BODY_POINTS])

GENERIC_LENGTHS: Final = {
    "thigh": 0.245,
    "shin": 0.246,
    "foot_height": 0.039,
    "foot_length": 0.110,
    "torso": 0.288,
    "neck_head": 0.130,
    "upper_arm": 0.186,
    "forearm": 0.146,
    "shoulder_width": 0.230,
    "hip_width": 0.110,
}
"""Segment lengths of the generic body as shares of stature.

Source: Drillis and Contini (1966) as tabled in Winter, Biomechanics and Motor Control of Human
Movement, 4th ed. 2009, fig. 4.1 (limbs, shoulder height .818, hip height .530, head and neck
.182); torso = .818 - .530; neck_head = mid-shoulder to head centre; widths rounded, ball joint to
ball joint; foot_length = ankle to ball of the foot, horizontally."""

SEGMENT_MASSES: Final = {
    "head_neck": 0.081,
    "trunk": 0.497,
    "upper_arm": 0.028,
    "forearm_hand": 0.022,
    "thigh": 0.100,
    "shank_foot": 0.061,
}
"""Segment masses as shares of body mass (limbs: each side). Source: Winter 2009, table 4.1."""
