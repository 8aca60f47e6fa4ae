"""Zero-phase low-pass of joint positions at the source rate, before resampling."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from scipy.signal import butter, sosfiltfilt

from stickgen_model.motion.shapes import check_shape

if TYPE_CHECKING:
    from numpy.typing import NDArray

__all__ = [
    "MIN_FILTER_FPS",
    "SENSOR_LOWPASS",
    "LowPass",
    "bridge_gaps",
    "low_pass",
    "mocap_lowpass",
]

MIN_FILTER_FPS: Final = 50.0
"""Below this rate a 25 fps result cannot alias enough to pay for a softer motion."""

_MAX_BRIDGE_S: Final = 0.4
"""Longest gap that is bridged by a straight line; over a longer one the reader's values stand."""

_MAX_CUTOFF_SHARE: Final = 0.45
"""Of the frame rate: a cut-off nearer to Nyquist (0.5) would filter nothing."""


@dataclass(frozen=True, kw_only=True, slots=True)
class LowPass:
    """A Butterworth low-pass, run forwards and backwards."""

    order: int
    cutoff_hz: float
    min_fps: float = 0.0
    """Slower motion is left alone."""


SENSOR_LOWPASS: Final = LowPass(order=2, cutoff_hz=7.0)
"""Depth sensors: centimetres of noise at 30 fps, so softer and at every rate."""


def mocap_lowpass(cutoff_hz: float) -> LowPass:
    """The filter for motion capture: order 4, only from 50 fps on.

    Args:
        cutoff_hz: Frequency of half power of one pass, Hz.
    """
    return LowPass(order=4, cutoff_hz=cutoff_hz, min_fps=MIN_FILTER_FPS)


def bridge_gaps(
    points: NDArray[np.floating[Any]], tracked: NDArray[np.bool_], *, fps: float
) -> NDArray[np.float64]:
    """Replace untracked points by a straight line between their tracked neighbours in time.

    Only gaps of at most 0.4 s with tracked frames on both sides are bridged; elsewhere the given
    values are kept.

    Args:
        points: Shape (T, P, 3), metres.
        tracked: Shape (T, P).
        fps: Frames per second.

    Returns:
        Shape (T, P, 3), float64, a copy.
    """
    check_shape(points, "T P 3", name="points")
    check_shape(tracked, f"{points.shape[0]} {points.shape[1]}", name="tracked")
    bridged = points.astype(np.float64)
    longest = int(_MAX_BRIDGE_S * fps)
    frames = np.arange(points.shape[0])
    for point in np.flatnonzero(~tracked.all(axis=0) & tracked.any(axis=0)):
        good = np.flatnonzero(tracked[:, point])
        after = np.searchsorted(good, frames)
        inner = ~tracked[:, point] & (after > 0) & (after < good.size)
        left = good[np.clip(after - 1, 0, None)]
        right = good[np.clip(after, None, good.size - 1)]
        fill = np.flatnonzero(inner & (right - left - 1 <= longest))
        share = ((fill - left[fill]) / (right[fill] - left[fill]))[:, None]
        ends = points[left[fill], point], points[right[fill], point]
        bridged[fill, point] = ends[0] * (1.0 - share) + ends[1] * share
    return bridged


def low_pass(
    points: NDArray[np.floating[Any]],
    *,
    fps: float,
    setting: LowPass,
    tracked: NDArray[np.bool_] | None = None,
) -> NDArray[np.float64]:
    """Remove what a 25 fps clip cannot show, without a delay.

    Clips shorter than three times the order, rates below `setting.min_fps` and cut-offs near the
    Nyquist frequency pass unfiltered.

    Args:
        points: Positions, shape (T, P, 3), any unit.
        fps: Frames per second, > 0.
        setting: The filter.
        tracked: Shape (T, P); short untracked gaps are bridged first so that their values do not
            leak into good frames. None: all tracked.

    Returns:
        Shape (T, P, 3), float64.

    Source: scipy's second-order sections, odd extension of at most half a second at the ends.
    """
    check_shape(points, "T P 3", name="points")
    clean = points if tracked is None else bridge_gaps(points, tracked, fps=fps)
    num_frames = clean.shape[0]
    unfit = fps < setting.min_fps or setting.cutoff_hz >= _MAX_CUTOFF_SHARE * fps
    if unfit or num_frames < max(3 * setting.order, 2):
        return clean.astype(np.float64)
    padding = min(num_frames - 1, int(fps / 2.0))
    # one row a coordinate: the recursion then runs over contiguous memory
    rows = np.ascontiguousarray(clean.reshape(num_frames, -1).T, dtype=np.float64)
    sections = _sections(setting.order, setting.cutoff_hz / (fps / 2.0))
    smooth = sosfiltfilt(sections, rows, axis=-1, padtype="odd", padlen=padding)
    return np.asarray(smooth, dtype=np.float64).T.reshape(points.shape)


@lru_cache(maxsize=64)
def _sections(order: int, share_of_nyquist: float) -> NDArray[np.float64]:
    return np.asarray(butter(order, share_of_nyquist, output="sos"), dtype=np.float64)
