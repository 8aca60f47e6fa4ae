"""The quality of a clip of which only the figure is known, such as a generated one.

Shapes: T frames.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from datasets_spec.quality import QUALITY_MEASURES, QUALITY_SCORE
from datasets_spec.schema import CLIP_FPS
from datasets_spec.skeleton import BODY_POINTS, JOINTS, NECK_RATIO, NUM_BODY_POINTS, joint_index
from tasks.score.measures import body_measures

if TYPE_CHECKING:
    from numpy.typing import NDArray

__all__ = ["BONE_VARIATION", "MOTION_ENERGY", "figure_points", "score_figure"]

BONE_VARIATION: Final = "bone_variation"
MOTION_ENERGY: Final = "motion_energy"

_HEIGHT_M: Final = 1.6
"""H of a grown person."""
_NEEDS_MORE: Final = ("source_noise", "gap_share", "bone_length_cv")
"""Measures of the source, and of bones in 3D: a projected bone changes its length by turning."""
_PELVIS: Final = joint_index("pelvis")
_HEAD: Final = joint_index("head")


def figure_points(joints: NDArray[Any]) -> NDArray[np.float64]:
    """The body that a figure shows, flat: shoulders at the neck, hips at the pelvis, no toes.

    Args:
        joints: Shape (T, 10, 2), H.

    Returns:
        Shape (T, 15, 3), H; z is 0, toes lie at the ankles.
    """
    flat = np.asarray(joints, dtype=np.float64)
    pelvis = flat[:, _PELVIS]
    neck = pelvis + NECK_RATIO * (flat[:, _HEAD] - pelvis)
    points = np.zeros((len(flat), NUM_BODY_POINTS, 3))
    for row, name in enumerate(BODY_POINTS):
        side, part = name[:2], name[2:]
        if name in JOINTS:
            points[:, row, :2] = flat[:, joint_index(name)]
        elif part == "toe":
            points[:, row, :2] = flat[:, joint_index(f"{side}foot")]
        else:
            points[:, row, :2] = neck if part == "shoulder" else pelvis
    return points


def score_figure(joints: NDArray[Any]) -> dict[str, float]:
    """Measure a figure with the measures of data, as far as a picture tells them.

    Args:
        joints: Shape (T, 10, 2), H, at 25 fps; T >= 2.

    Returns:
        `quality_score` in [0, 1], 0 for what is not finite; `bone_variation`, the standard
        deviation over the mean of drawn bones; `motion_energy`, the root mean square speed of
        joints relative to the pelvis, H/s; and the other measures by name.
    """
    if not np.isfinite(joints).all():
        return {QUALITY_SCORE: 0.0, BONE_VARIATION: math.inf, MOTION_ENERGY: 0.0}
    measures = body_measures(figure_points(joints), height_m=_HEIGHT_M)
    variation = measures.pop("bone_length_cv")
    told = [spec for spec in QUALITY_MEASURES if spec.name not in _NEEDS_MORE]
    score = math.prod(spec.part(measures[spec.name]) for spec in told)
    relative = np.asarray(joints, dtype=np.float64)
    relative = relative - relative[:, _PELVIS : _PELVIS + 1]
    steps = np.diff(relative, axis=0) * CLIP_FPS
    energy = float(np.sqrt((steps**2).sum(axis=-1).mean()))
    return {
        QUALITY_SCORE: score,
        BONE_VARIATION: variation,
        MOTION_ENERGY: energy,
        **{spec.name: measures[spec.name] for spec in told},
    }
