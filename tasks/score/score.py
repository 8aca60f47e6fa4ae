"""The quality of a clip: named measures and one number in [0, 1]."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final

import numpy as np

from datasets_spec.quality import QUALITY_MEASURES, QUALITY_SCORE, quality_column
from datasets_spec.skeleton import BODY_POINTS, JOINTS, body_index, joint_index
from tasks.retarget.body import root_of
from tasks.retarget.source_rate import (
    SOURCE_JUMP,
    SOURCE_NOISE,
    SOURCE_REPEATS,
    SOURCE_TIME_JUMPS,
)
from tasks.score.measures import body_measures

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from tasks.retarget.clip import StickClip

__all__ = ["score_clip"]

_SAME_H: Final = 1e-4
"""Joints and points that differ by less than this (H) say the same."""
_SHARED: Final = tuple(name for name in JOINTS if name in BODY_POINTS)
_JOINT_COLUMNS: Final = np.array([joint_index(name) for name in _SHARED])
_POINT_ROWS: Final = np.array([body_index(name) for name in _SHARED])
_HIPS: Final = np.array([body_index("l_hip"), body_index("r_hip")])

_FROM_SOURCE: Final = (
    ("time_jumps", SOURCE_TIME_JUMPS),
    ("frozen_share", SOURCE_REPEATS),
    ("peak_jump", SOURCE_JUMP),
)
"""Measures taken at both rates: the filter hides what is wrong at the source."""


def _redrawn(clip: StickClip) -> NDArray[np.float64] | None:
    """The points moved to where the figure's joints are; None if they are there already."""
    joints = np.concatenate([clip.joints, clip.depth[:, :, None]], axis=2).astype(np.float64)
    points = clip.points.astype(np.float64)
    pelvis = joints[:, joint_index("pelvis")] - root_of(points)
    shared = joints[:, _JOINT_COLUMNS] - points[:, _POINT_ROWS]
    if max(np.abs(pelvis).max(), np.abs(shared).max()) < _SAME_H:
        return None
    points[:, _POINT_ROWS] += shared
    points[:, _HIPS] += pelvis[:, None]
    return points


def _worse(one: dict[str, float], other: dict[str, float]) -> dict[str, float]:
    better = {spec.name: min if spec.bad > spec.good else max for spec in QUALITY_MEASURES}
    return {
        name: one[name] if better[name](one[name], other[name]) == other[name] else other[name]
        for name in one
    }


def score_clip(clip: StickClip) -> dict[str, float]:
    """Measure a clip.

    The points behind the figure are measured; if the joints of the figure lie elsewhere, they
    are measured as well and the worse value of each measure counts.

    Args:
        clip: At least 2 frames.

    Returns:
        `quality_<name>` for every measure of `QUALITY_MEASURES`, and `quality_score`: the product
        of their parts, in [0, 1].
    """
    points = clip.points.astype(np.float64)
    arrays = (clip.joints, clip.depth, points)
    if not all(np.isfinite(array).all() for array in arrays):
        worst = dict.fromkeys((quality_column(m.name) for m in QUALITY_MEASURES), math.nan)
        return worst | {QUALITY_SCORE: 0.0}
    measures = body_measures(points, height_m=clip.body_height_m)
    redrawn = _redrawn(clip)
    if redrawn is not None:
        measures = _worse(measures, body_measures(redrawn, height_m=clip.body_height_m))
    source = clip.source_measures
    for name, key in _FROM_SOURCE:
        measures[name] = max(measures[name], source.get(key, 0.0))
    measures["source_noise"] = source.get(SOURCE_NOISE, 0.0)
    measures["gap_share"] = 1.0 - float(clip.tracked_share.mean())
    sensor = clip.body_model == "sensor"
    score = math.prod(spec.part(measures[spec.name], sensor=sensor) for spec in QUALITY_MEASURES)
    row = {quality_column(spec.name): measures[spec.name] for spec in QUALITY_MEASURES}
    return row | {QUALITY_SCORE: score}
