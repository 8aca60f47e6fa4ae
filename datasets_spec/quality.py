"""The measures behind a clip's quality score: name, unit, and where good ends and bad begins."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Final

__all__ = ["PART_AT_BAD", "QUALITY_MEASURES", "QUALITY_SCORE", "MeasureSpec", "quality_column"]

QUALITY_SCORE: Final = "quality_score"
"""Column of the total, in [0, 1]."""

PART_AT_BAD: Final = 0.1
"""What a measure at its `bad` value multiplies the score with."""


@dataclass(frozen=True, kw_only=True, slots=True)
class MeasureSpec:
    """One measure. Its part of the score is 1 up to `good`, 0.1 at `bad` and falls on beyond.

    In between it falls by the same factor for the same step, so that worse is always lower. The
    score is the product of all parts: one bad measure is enough for a bad score.
    """

    name: str
    unit: str
    meaning: str
    good: float
    bad: float
    """Less than `good` where more is better."""
    source: str
    """Where the two thresholds come from."""
    sensor: tuple[float, float] | None = None
    """good and bad for depth sensors, where they differ."""

    def part(self, value: float, *, sensor: bool = False) -> float:
        """Part of the score for a value of the measure, in [0, 1]; 0 for one that is not finite.

        Args:
            value: In `unit`.
            sensor: True for a clip of a depth sensor (body_model "sensor").
        """
        if not math.isfinite(value):
            return 0.0
        good, bad = self.sensor if sensor and self.sensor else (self.good, self.bad)
        excess = (value - good) / (bad - good)
        return float(PART_AT_BAD ** max(excess, 0.0))


_SENSOR: Final = (
    "; sensors: noise of 10 to 30 mm a joint is normal for Kinect v2, so good and bad lie at what "
    "10 and 60 mm of white noise leave"
)

_REAL: Final = (
    "real motion: 451 clips of CMU (two rigs, 120 fps), AIST++ dance (30 fps), ReActIdle (24 fps) "
    "and AnimatedDrawings; "
)

QUALITY_MEASURES: Final[tuple[MeasureSpec, ...]] = (
    MeasureSpec(
        name="foot_skate",
        unit="H/s",
        meaning="mean horizontal speed of feet on the floor (the slower of ankle and toe)",
        good=0.45,
        bad=2.0,
        source=_REAL + "95th percentile 0.46, 99th 0.66",
    ),
    MeasureSpec(
        name="floor_penetration",
        unit="H",
        meaning="mean depth of the lower ankle more than 0.03 H below the floor",
        good=0.002,
        bad=0.1,
        source=_REAL + "largest 0.0001; bad = half a shin",
    ),
    MeasureSpec(
        name="source_noise",
        unit="mm",
        meaning="white noise of the source points, from bone lengths (all rates) and third "
        "differences (from 50 fps), before any filter",
        good=1.3,
        bad=30.0,
        source=_REAL
        + "largest 1.30; bad = noise that shows in a drawing 200 pixels high"
        + _SENSOR,
        sensor=(10.0, 60.0),
    ),
    MeasureSpec(
        name="jitter",
        unit="mm",
        meaning="white noise that would explain the third differences of the clip at 25 fps",
        good=4.0,
        bad=20.0,
        source=_REAL + "95th percentile 3.3, 99th (fast dance) 5.2" + _SENSOR,
        sensor=(5.0, 20.0),
    ),
    MeasureSpec(
        name="bone_length_cv",
        unit="1",
        meaning="standard deviation over mean of the 3D length of rigid bones, mean over bones",
        good=0.004,
        bad=0.12,
        source=_REAL
        + "99th percentile 0.0031, largest 0.0080; bad = a third of what is rejected"
        + _SENSOR,
        sensor=(0.05, 0.3),
    ),
    MeasureSpec(
        name="peak_speed",
        unit="m/s",
        meaning="speed of the fastest point in the fastest frame",
        good=13.0,
        bad=25.0,
        source=_REAL + "99th percentile 10.3, largest 13.8; bad = limit of the retargeting",
    ),
    MeasureSpec(
        name="peak_jump",
        unit="m",
        meaning="largest one-frame departure of the whole body from its course (rms over points), "
        "at source rate or 25 fps",
        good=0.08,
        bad=0.25,
        source=_REAL + "99th percentile 0.08 (25 fps), 0.11 (source rate); left and right "
        "exchanged: 0.2 and more",
    ),
    MeasureSpec(
        name="time_jumps",
        unit="1",
        meaning="share of steps that look like a held or skipped frame, at source rate or 25 fps",
        good=0.01,
        bad=0.15,
        source=_REAL + "99th percentile 0.006 (25 fps), 0.011 (source rate); a lost frame costs "
        "one or two steps, so bad = every tenth frame lost",
    ),
    MeasureSpec(
        name="frozen_share",
        unit="1",
        meaning="share of steps in which no point moves at all, at source rate or 25 fps",
        good=0.01,
        bad=0.7,
        source=_REAL + "99th percentile 0.0044, and that in genuine idles too",
    ),
    MeasureSpec(
        name="gap_share",
        unit="1",
        meaning="share of points that the source did not measure",
        good=0.05,
        bad=0.6,
        source="bad lies just beyond the share at which retargeting rejects (0.5)",
    ),
    MeasureSpec(
        name="visibility",
        unit="1",
        meaning="share of frames and limb pairs in which left and right are apart in the picture",
        good=0.5,
        bad=-1.2,
        source=_REAL + "1st percentile 0.59; bad lies beyond 0, so that a view that hides half the "
        "limbs all the time (two people face to face) still leaves half of the score",
    ),
)


def quality_column(name: str) -> str:
    """Column of a measure in the clips table."""
    return f"quality_{name}"
