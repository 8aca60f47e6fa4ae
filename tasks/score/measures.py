"""The measures of a clip, from the 15 points of its body in the axes of its view."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np

from datasets_spec.schema import CLIP_FPS
from datasets_spec.skeleton import body_index
from tasks.retarget.body import bone_lengths
from tasks.score.signals import signal_measures

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.floating[Any]]

__all__ = ["body_measures"]

_MM: Final = 1000.0
_CONTACT_HEIGHT_H: Final = 0.06
"""An ankle no higher than this above the floor may bear weight (8 cm for an adult)."""
_CONTACT_RISE_HPS: Final = 0.25
"""... unless it moves up or down faster than this."""
_PENETRATION_SLACK_H: Final = 0.03
"""Ankles sink a little while the foot rolls, and the floor is a percentile."""
_OVERLAP_H: Final = 0.05
"""Two limbs nearer than this in the picture are one line (drawn lines are about that wide)."""

_FEET: Final = np.array([body_index("l_foot"), body_index("r_foot")])
_FEET_AND_TOES: Final = np.array([*_FEET, body_index("l_toe"), body_index("r_toe")])
_LIMBS: Final = np.array(
    [
        [[body_index(side + joint) for joint in limb] for side in ("l_", "r_")]
        for limb in (("elbow", "hand"), ("knee", "foot"))
    ]
)
"""Shape (2 limbs, 2 sides, 2 joints)."""


def _foot_skate(points: Floats) -> float:
    """Mean horizontal speed of feet that bear weight, H/s."""
    feet = points.take(_FEET_AND_TOES, axis=1)
    steps = (feet[1:] - feet[:-1]) * CLIP_FPS
    slide = np.hypot(steps[..., 0], steps[..., 2])
    # heel or ball: the slower one is what stands
    slide = np.minimum(slide[:, :2], slide[:, 2:])
    low = np.maximum(feet[1:, :2, 1], feet[:-1, :2, 1]) < _CONTACT_HEIGHT_H
    contact = low & (np.abs(steps[:, :2, 1]) < _CONTACT_RISE_HPS)
    return float(slide[contact].mean()) if contact.any() else 0.0


def _floor_penetration(points: Floats) -> float:
    """Mean depth of the lower ankle below the floor, H."""
    lowest = np.minimum(points[:, _FEET[0], 1], points[:, _FEET[1], 1])
    return float(np.maximum(-lowest - _PENETRATION_SLACK_H, 0.0).mean())


def _bone_length_cv(points: Floats) -> float:
    """Standard deviation of the 3D length of rigid bones over their mean, mean over bones."""
    lengths = bone_lengths(points)
    mean = lengths.mean(axis=0)
    return float((lengths.std(axis=0) / np.maximum(mean, 1e-6)).mean())


def _peak_speed(points: Floats) -> float:
    """Speed of the fastest point in the fastest frame, unit/s."""
    steps = points[1:] - points[:-1]
    return float(np.sqrt(np.einsum("tpi,tpi->tp", steps, steps).max(initial=0.0))) * CLIP_FPS


def _visibility(points: Floats) -> float:
    """Share of limb pairs and frames in which left and right are apart in the picture."""
    # coordinates first: the largest of a few is then found along contiguous memory
    picture = np.ascontiguousarray(points[:, :, :2].transpose(1, 2, 0))
    gap = np.abs(picture[_LIMBS[:, 0]] - picture[_LIMBS[:, 1]]).max(axis=(1, 2))
    return float(np.count_nonzero(gap > _OVERLAP_H) / gap.size)


def body_measures(points: Floats, *, height_m: float) -> dict[str, float]:
    """Every measure that the clip alone gives, by the names of `QUALITY_MEASURES`.

    Args:
        points: Shape (T, 15, 3), H, y up, floor 0, at 25 fps; T >= 2.
        height_m: H in metres.

    Returns:
        Measures in the units of `QUALITY_MEASURES`.
    """
    metres = points * height_m
    signal = signal_measures(metres, fps=CLIP_FPS)
    return {
        "foot_skate": _foot_skate(points),
        "floor_penetration": _floor_penetration(points),
        "jitter": signal.noise * _MM,
        "bone_length_cv": _bone_length_cv(points),
        "peak_speed": _peak_speed(metres),
        "peak_jump": signal.peak_jump,
        "time_jumps": signal.time_jump_share,
        "frozen_share": signal.repeated_share,
        "visibility": _visibility(points),
    }
