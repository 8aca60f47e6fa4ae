"""The 15-point body in named parts: roots, figure joints, bones, body centre, height, floor."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np

from datasets_spec.skeleton import (
    BODY_BONES,
    JOINTS,
    NUM_BODY_POINTS,
    SEGMENT_MASSES,
    body_index,
)
from tasks.retarget.ranks import median, percentile

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.floating[Any]]

__all__ = [
    "BONE_ENDS",
    "CENTRE_WEIGHTS",
    "HEAD",
    "L_FOOT",
    "R_FOOT",
    "body_height",
    "bone_lengths",
    "figure_joints",
    "floor_height",
    "neck_of",
    "root_of",
]

HEAD: Final = body_index("head")
L_FOOT: Final = body_index("l_foot")
R_FOOT: Final = body_index("r_foot")
_L_HIP: Final = body_index("l_hip")
_R_HIP: Final = body_index("r_hip")
_L_SHOULDER: Final = body_index("l_shoulder")
_R_SHOULDER: Final = body_index("r_shoulder")
_L_KNEE: Final = body_index("l_knee")
_R_KNEE: Final = body_index("r_knee")
_NUM_RESTING: Final = body_index("l_toe")
"""All points but the toes: on these a body can lie, kneel or stand on its hands."""

BONE_ENDS: Final = np.array([[body_index(a), body_index(b)] for a, b in BODY_BONES])
"""Shape (9, 2): rows of the two ends of each rigid bone."""

_PELVIS: Final = JOINTS.index("pelvis")
_JOINT_ROWS: Final = np.array([body_index("l_hip" if n == "pelvis" else n) for n in JOINTS])

_FLOOR_PERCENTILE: Final = 5.0
_SENSOR_FLOOR_PERCENTILE: Final = 10.0
"""A sensor's feet jump below the floor more often."""
_LOWER_SUPPORT_H: Final = 0.10
"""If other points rest this much (H) below the ankles, the body rests on them (a handstand)."""


def root_of(points: Floats) -> Floats:
    """Mid-hips, shape (T, 3), of points (T, 15, 3)."""
    return (points[:, _L_HIP] + points[:, _R_HIP]) * 0.5


def neck_of(points: Floats) -> Floats:
    """Mid-shoulders, shape (T, 3), of points (T, 15, 3)."""
    return (points[:, _L_SHOULDER] + points[:, _R_SHOULDER]) * 0.5


def figure_joints(points: Floats) -> Floats:
    """The ten joints in 3D, shape (T, 10, 3), of points (T, 15, 3)."""
    joints = points.take(_JOINT_ROWS, axis=1)
    joints[:, _PELVIS] = root_of(points)
    return joints


def bone_lengths(points: Floats) -> Floats:
    """3D lengths of the rigid bones, shape (T, 9), unit of `points`."""
    # bone by bone: what is reduced over frames then lies side by side
    rows = points.transpose(1, 0, 2)
    span = rows[BONE_ENDS[:, 0]] - rows[BONE_ENDS[:, 1]]
    return np.asarray(np.sqrt(np.einsum("bti,bti->bt", span, span))).T


def _distance(one: Floats, other: Floats) -> Floats:
    span = one - other
    return np.asarray(np.sqrt(np.einsum("ti,ti->t", span, span)))


def body_height(points: Floats) -> float:
    """H: median over frames of thigh + shin + torso + neck chain (left/right mean), unit of points.

    Args:
        points: Shape (T, 15, 3).
    """
    root, neck = root_of(points), neck_of(points)
    legs = (
        _distance(points[:, _L_HIP], points[:, _L_KNEE])
        + _distance(points[:, _R_HIP], points[:, _R_KNEE])
        + _distance(points[:, _L_KNEE], points[:, L_FOOT])
        + _distance(points[:, _R_KNEE], points[:, R_FOOT])
    ) * 0.5
    chain = legs + _distance(neck, root) + _distance(points[:, HEAD], neck)
    return float(median(chain))


def floor_height(points: Floats, *, height: float, sensor: bool) -> float:
    """Level on which the ankles rest: a low percentile over frames, so one glitch moves nothing.

    The whole sequence is used, not a window: a window that only holds the air time of a jump, or
    the top of a stair, would otherwise be pulled down to the floor. If knees, hips, hands or head
    rest clearly below the ankles' level (a handstand, legs up while lying), that lower level is
    the floor.

    Args:
        points: Shape (T, 15, 3), y up; several actors joined along T share a floor.
        height: H in the unit of `points`.
        sensor: True for depth sensors.

    Returns:
        y of the floor, unit of `points`.
    """
    percent = _SENSOR_FLOOR_PERCENTILE if sensor else _FLOOR_PERCENTILE
    ankles = np.minimum(points[:, L_FOOT, 1], points[:, R_FOOT, 1])
    # points first: the least of a few rows is found along contiguous memory
    any_point = np.ascontiguousarray(points[:, :_NUM_RESTING, 1].T).min(axis=0)
    floor, lowest = (percentile(level, percent) for level in (ankles, any_point))
    return lowest if floor - lowest > _LOWER_SUPPORT_H * height else floor


def _centre_weights() -> NDArray[np.float64]:
    """Share of each point in the body centre, shape (15,), sums to 1.

    Source of the places of the segment centres: Winter 2009, table 4.1 (from the proximal end):
    upper arm .436, forearm and hand .682, thigh .433, shank and foot .606, trunk .50; head and
    neck: at the ear, which is the head centre.
    """
    weights = np.zeros(NUM_BODY_POINTS)
    weights[HEAD] += SEGMENT_MASSES["head_neck"]
    for side in ("l_", "r_"):
        for name in ("shoulder", "hip"):
            weights[body_index(side + name)] += SEGMENT_MASSES["trunk"] / 4.0
        for segment, near, far, place in (
            ("upper_arm", "shoulder", "elbow", 0.436),
            ("forearm_hand", "elbow", "hand", 0.682),
            ("thigh", "hip", "knee", 0.433),
            ("shank_foot", "knee", "foot", 0.606),
        ):
            weights[body_index(side + near)] += SEGMENT_MASSES[segment] * (1.0 - place)
            weights[body_index(side + far)] += SEGMENT_MASSES[segment] * place
    return np.asarray(weights / weights.sum())


CENTRE_WEIGHTS: Final = _centre_weights()
