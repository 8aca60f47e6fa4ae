"""What feet and hips have really done in a span: way, turn, steps."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from tasks.synthesize.engine.body import joint

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from tasks.synthesize.engine.take import Take

__all__ = ["landings", "mean_speed", "span_frames", "turned_deg"]

_STILL_MPS: Final = 0.05
"""The ball of a planted foot does not move at all; at the top of a hop it is slow for a moment."""


def span_frames(take: Take, start_s: float, end_s: float) -> tuple[int, int]:
    """First and last frame of the part of a span that lies in the clip."""
    first, last = np.searchsorted(take.t, (start_s - 1e-6, end_s + 1e-6))
    return int(min(first, len(take.t) - 2)), int(max(min(last, len(take.t)) - 1, first + 1))


def mean_speed(take: Take, start_s: float, end_s: float) -> float:
    """Way of the hips over the floor by time, m/s."""
    first, last = span_frames(take, start_s, end_s)
    # every fifth frame: sway from side to side is no way
    place = take.posture.hips[[*range(first, last, 10), last]][:, [0, 2]]
    way = float(np.sqrt((np.diff(place, axis=0) ** 2).sum(axis=1)).sum())
    return way / float(take.t[last] - take.t[first])


def turned_deg(take: Take, start_s: float, end_s: float) -> float:
    """Turn of the feet's mean facing over a span, degrees, positive to the left."""
    first, last = span_frames(take, start_s, end_s)
    front = take.posture.feet[first : last + 1, :, :, 2].sum(axis=1)
    yaw = np.unwrap(np.arctan2(front[:, 0], front[:, 2]))
    return float(np.degrees(yaw[-1] - yaw[0]))


def landings(take: Take, start_s: float, end_s: float) -> tuple[int, int]:
    """How often the left and the right foot land within a span."""
    first, last = span_frames(take, start_s, end_s)
    posture = take.posture
    counts = []
    for side in (0, 1):
        ball = posture.ankles[:, side] + posture.feet[:, side] @ take.body.offsets[joint("l_foot")]
        still = _still(ball[first : last + 1], take.fps)
        counts.append(int(np.count_nonzero(still[1:] & ~still[:-1])))
    return counts[0], counts[1]


def _still(point: NDArray[np.float64], fps: float) -> NDArray[np.bool_]:
    speed = np.sqrt((np.diff(point, axis=0) ** 2).sum(axis=1)) * fps
    still: NDArray[np.bool_] = speed < _STILL_MPS
    return still
