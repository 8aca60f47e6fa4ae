"""The sample's own body: 22 joints in SMPL's order, T-pose at rest, facing +z, left = +x, y up."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from datasets_spec.skeleton import GENERIC_LENGTHS
from stickgen_model.motion.kinematics import forward_kinematics

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

__all__ = [
    "BODY_JOINTS",
    "HEAD_CENTRE_M",
    "PARENTS",
    "Body",
    "body_points",
    "joint",
    "make_body",
]

BODY_JOINTS: Final = (
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

PARENTS: Final = (-1, 0, 0, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 9, 9, 12, 13, 14, 16, 17, 18, 19)

HEAD_CENTRE_M: Final = 0.10
"""Head centre above the head joint, along neck to head, metres: the rule for SMPL-like bodies."""

_TRUNK_HEIGHTS: Final = {
    "pelvis": 0.15,
    "spine1": 0.35,
    "spine2": 0.60,
    "spine3": 0.75,
    "collar": 0.95,
    "neck": 1.10,
}
"""Rest heights above the mid-hips as shares of the torso, rounded by eye on an upright adult."""
_COLLAR_WIDTH: Final = 0.40
"""Of half the shoulder width."""
_BALL_DROP: Final = 0.70
"""Ball of the foot below the ankle, share of the ankle's height."""

_POINT_JOINTS: Final = (16, 17, 18, 19, 20, 21, 1, 2, 4, 5, 7, 8, 10, 11)
"""Joints behind the points of `skeleton.BODY_POINTS` after the head."""


def joint(name: str) -> int:
    """Index of a joint of the body."""
    return BODY_JOINTS.index(name)


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class Body:
    """Proportions and manner of one subject."""

    stature: float
    """Metres."""
    tempo: float
    """How quickly the subject moves; 1 is usual."""
    offsets: NDArray[np.float64]
    """(22, 3): each joint in its parent's frame at rest, metres; the pelvis at 0."""

    def length(self, name: str) -> float:
        """Distance of a joint from its parent, metres."""
        return math.hypot(*self.offsets[joint(name)].tolist())

    @property
    def leg(self) -> float:
        """Thigh and shin, metres."""
        return -float(self.offsets[4, 1] + self.offsets[7, 1])

    @property
    def ankle_height(self) -> float:
        """Ankle above the floor with a flat foot, metres."""
        return GENERIC_LENGTHS["foot_height"] * self.stature

    @property
    def hip_height(self) -> float:
        """Mid-hips above the floor on straight legs, metres."""
        return self.leg + self.ankle_height

    @property
    def hips_below_pelvis(self) -> float:
        """Mid-hips below the pelvis joint at rest, metres."""
        return float(-self.offsets[1, 1])


def make_body(
    *,
    stature: float = 1.70,
    limbs: float = 1.0,
    tempo: float = 1.0,
    scale: Mapping[str, float] | None = None,
) -> Body:
    """Build a body from the generic lengths.

    Args:
        stature: Height of a body of generic proportions, metres: the unit of all lengths.
        limbs: Arm and leg length against the generic share of stature.
        tempo: How quickly the subject moves; 1 is usual.
        scale: Factors on single lengths, by the names of `skeleton.GENERIC_LENGTHS`.
    """
    own = scale or {}
    share = {name: length * own.get(name, 1.0) for name, length in GENERIC_LENGTHS.items()}
    torso, half_shoulders = share["torso"], share["shoulder_width"] / 2
    height = {name: part * torso for name, part in _TRUNK_HEIGHTS.items()}
    collar_x = _COLLAR_WIDTH * half_shoulders
    head_y = torso + share["neck_head"] - height["neck"] - HEAD_CENTRE_M / stature
    left = {
        "hip": (share["hip_width"] / 2, -height["pelvis"], 0.0),
        "knee": (0.0, -share["thigh"] * limbs, 0.0),
        "ankle": (0.0, -share["shin"] * limbs, 0.0),
        "foot": (0.0, -_BALL_DROP * share["foot_height"], share["foot_length"]),
        "collar": (collar_x, height["collar"] - height["spine3"], 0.0),
        "shoulder": (half_shoulders - collar_x, torso - height["collar"], 0.0),
        "elbow": (share["upper_arm"] * limbs, 0.0, 0.0),
        "wrist": (share["forearm"] * limbs, 0.0, 0.0),
    }
    middle = {
        "pelvis": 0.0,
        "spine1": height["spine1"] - height["pelvis"],
        "spine2": height["spine2"] - height["spine1"],
        "spine3": height["spine3"] - height["spine2"],
        "neck": height["neck"] - height["spine3"],
        "head": head_y,
    }
    rows = []
    for name in BODY_JOINTS:
        side, _, part = name.partition("_")
        if name in middle:
            rows.append((0.0, middle[name], 0.0))
        else:
            x, y, z = left[part]
            rows.append((x if side == "l" else -x, y, z))
    return Body(stature=stature, tempo=tempo, offsets=np.array(rows) * stature)


def body_points(
    body: Body, rotations: NDArray[np.floating[Any]], pelvis: NDArray[np.floating[Any]]
) -> NDArray[np.float32]:
    """The 15 points of `skeleton.BODY_POINTS`.

    Args:
        body: Whose offsets to use.
        rotations: Local rotation matrices, shape (T, 22, 3, 3).
        pelvis: Pelvis joint in the world, shape (T, 3), metres, y up.

    Returns:
        Shape (T, 15, 3), metres, y up, float32.
    """
    positions, _ = forward_kinematics(rotations, body.offsets, PARENTS)
    positions = positions + np.asarray(pelvis, dtype=np.float64)[:, None]
    along = positions[:, joint("head")] - positions[:, joint("neck")]
    along /= np.linalg.norm(along, axis=-1, keepdims=True)
    head = positions[:, joint("head")] + HEAD_CENTRE_M * along
    points = np.concatenate([head[:, None], positions[:, _POINT_JOINTS]], axis=1)
    return points.astype(np.float32)
