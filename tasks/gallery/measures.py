"""Numbers of clips and of columns, and how much two clips differ.

Shapes: T frames.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from datasets_spec.quality import QUALITY_SCORE
from stickgen_model.evaluate.motion_statistics import foot_skating, mean_jerk, mean_speed
from tasks.score.figure import BONE_VARIATION, MOTION_ENERGY, score_figure
from tasks.train.job import GateFloors

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    from stickgen_model.evaluate.action_classifier import ActionClassifier

    Clip = NDArray[np.float32]

__all__ = [
    "CLIP_METRICS",
    "GATE_SCORE",
    "METRICS",
    "MetricSpec",
    "best_columns",
    "column_values",
    "measure_clip",
    "motion_gap",
    "name_actions",
]

GATE_SCORE: Final = GateFloors().min_score
"""Quality score that a result must reach."""


@dataclass(frozen=True, kw_only=True, slots=True)
class MetricSpec:
    """A row of the table of metrics.

    Attributes:
        key: Name in the data of the page.
        label: As shown.
        meaning: What it is, one sentence.
        digits: After the point.
        better: "higher", "lower", or "real" = nearest to that of real clips.
        unit: Of the numbers.
    """

    key: str
    label: str
    meaning: str
    digits: int = 3
    better: str = "real"
    unit: str = ""


METRICS: Final = (
    MetricSpec(
        key=QUALITY_SCORE,
        label="Quality, median",
        meaning="Median over the prompts, 0 to 1, by the measures that score data.",
        better="higher",
    ),
    MetricSpec(
        key="mean_quality",
        label="Quality, mean",
        meaning="Mean of the score over the prompts.",
        better="higher",
    ),
    MetricSpec(
        key="below_gate",
        label="Below the gate",
        meaning=f"Share of clips whose score is below {GATE_SCORE:g}.",
        better="lower",
        unit="%",
        digits=0,
    ),
    MetricSpec(
        key="accuracy",
        label="Action recognised",
        meaning="Share of clips whose action an independent classifier names first.",
        better="higher",
        unit="%",
        digits=0,
    ),
    MetricSpec(
        key="skating",
        label="Sliding feet",
        meaning="Median share of steps in which a foot near the floor slides.",
    ),
    MetricSpec(
        key="jerk", label="Jerk", meaning="Median third derivative of the joints.", unit="H/s3",
        digits=1,
    ),
    MetricSpec(
        key=BONE_VARIATION,
        label="Variation of bones",
        meaning="Median deviation of drawn bones over their length.",
    ),
    MetricSpec(
        key=MOTION_ENERGY,
        label="Motion energy",
        meaning="Median speed of the joints relative to the pelvis.",
        unit="H/s",
    ),
    MetricSpec(
        key="speed", label="Speed", meaning="Median speed of the joints.", unit="H/s"
    ),
)  # fmt: skip
_OF_COLUMNS: Final = ("mean_quality", "below_gate", "accuracy")
CLIP_METRICS: Final = tuple(spec for spec in METRICS if spec.key not in _OF_COLUMNS)
"""Those that a single clip has as well."""


def measure_clip(joints: Clip) -> dict[str, float]:
    """Numbers of one clip.

    Args:
        joints: Shape (T, 10, 2), H, T >= 2.

    Returns:
        By key; of a clip that is not finite only its score, which is 0.
    """
    scores = score_figure(joints)
    if not np.isfinite(joints).all():
        return {QUALITY_SCORE: 0.0}
    return {
        **{key: scores[key] for key in (QUALITY_SCORE, BONE_VARIATION, MOTION_ENERGY)},
        "skating": float(foot_skating(joints[None])[0]),
        "jerk": float(mean_jerk(joints[None])[0]),
        "speed": float(mean_speed(joints[None])[0]),
    }


def column_values(
    measures: Sequence[Mapping[str, float]], *, right: Sequence[bool] = ()
) -> dict[str, float]:
    """Numbers of a column.

    Args:
        measures: Of its clips.
        right: Whether the classifier named the action, for clips whose action is known.

    Returns:
        By key of `METRICS`; what is not known is left out.
    """
    values = {}
    for spec in CLIP_METRICS:
        known = [row[spec.key] for row in measures if spec.key in row]
        if known:
            values[spec.key] = float(np.median(known))
    if measures:
        scores = np.array([row[QUALITY_SCORE] for row in measures])
        values["mean_quality"] = float(scores.mean())
        values["below_gate"] = 100.0 * float((scores < GATE_SCORE).mean())
    if right:
        values["accuracy"] = 100.0 * float(np.mean(right))
    return values


def name_actions(classifier: ActionClassifier, clips: Sequence[Clip]) -> list[str]:
    """What a classifier takes clips for; empty for one that is not finite."""
    finite = [n for n, clip in enumerate(clips) if np.isfinite(clip).all()]
    said = [""] * len(clips)
    if finite:
        rows = classifier.classify([clips[n] for n in finite]).argmax(axis=1)
        for n, row in zip(finite, rows, strict=True):
            said[n] = classifier.labels[row]
    return said


def motion_gap(one: Clip, other: Clip) -> float | None:
    """Mean distance between the joints of two clips, H, over the frames that both have.

    Args:
        one: Shape (T, 10, 2).
        other: Shape (T', 10, 2).

    Returns:
        None if a clip is not finite.
    """
    frames = min(len(one), len(other))
    gap = np.linalg.norm(one[:frames].astype(np.float64) - other[:frames], axis=-1)
    return float(gap.mean()) if np.isfinite(gap).all() else None


def best_columns(
    spec: MetricSpec, values: Sequence[float | None], real: float | None
) -> list[int]:  # fmt: skip
    """Columns that are best in a metric; none where nothing can be said or all are equal.

    Args:
        spec: The metric.
        values: Of the columns as they are shown; None = not known.
        real: That of real clips, if known.
    """
    shown = {n: round(v, spec.digits) for n, v in enumerate(values) if v is not None}
    if spec.better == "real":
        if real is None:
            return []
        rated = {n: round(abs(v - round(real, spec.digits)), spec.digits) for n, v in shown.items()}
    else:
        rated = {n: -v if spec.better == "higher" else v for n, v in shown.items()}
    if len(set(rated.values())) < 2:
        return []
    return [n for n, v in rated.items() if v == min(rated.values())]
