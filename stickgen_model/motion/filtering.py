"""Zero-phase low-pass of joint positions at the source rate, before resampling."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from scipy.signal import butter, sosfilt, sosfilt_zi

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
    if tracked.all():
        return bridged
    longest = int(_MAX_BRIDGE_S * fps)
    num_frames = points.shape[0]
    frames = np.arange(num_frames)[:, None]
    left = np.maximum.accumulate(np.where(tracked, frames, -1), axis=0)
    right = np.minimum.accumulate(np.where(tracked, frames, num_frames)[::-1], axis=0)[::-1]
    inner = ~tracked & (left >= 0) & (right < num_frames) & (right - left - 1 <= longest)
    frame, point = np.nonzero(inner)
    before, after = left[frame, point], right[frame, point]
    share = ((frame - before) / (after - before))[:, None]
    bridged[frame, point] = points[before, point] * (1.0 - share) + points[after, point] * share
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
    smooth = _both_ways(clean.reshape(num_frames, -1), _design(setting, fps), padding=padding)
    return smooth.reshape(points.shape)


def _both_ways(
    columns: NDArray[np.floating[Any]],
    design: tuple[NDArray[np.float64], NDArray[np.float64]],
    *,
    padding: int,
) -> NDArray[np.float64]:
    """Each column (T, C) through the sections forwards, then backwards.

    What `scipy.signal.sosfiltfilt` does, without the design of the initial state every time.
    """
    sections, state = design
    num_frames, stop = columns.shape[0], columns.shape[0] + padding
    # one row a coordinate: the recursion then runs over contiguous memory
    rows = np.empty((columns.shape[1], num_frames + 2 * padding))
    rows[:, padding:stop] = columns.T
    first, last = rows[:, padding, None], rows[:, stop - 1, None]
    rows[:, :padding] = 2.0 * first - rows[:, padding + 1 : 2 * padding + 1][:, ::-1]
    rows[:, stop:] = 2.0 * last - rows[:, stop - 1 - padding : stop - 1][:, ::-1]
    for _ in range(2):
        rows = sosfilt(sections, rows, axis=-1, zi=state * rows[:, :1])[0][:, ::-1]
    return np.asarray(rows[:, padding:stop].T, dtype=np.float64)


@lru_cache(maxsize=64)
def _design(setting: LowPass, fps: float) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Second-order sections (S, 6), and the state (S, 1, 2) of each after a long input of 1."""
    share_of_nyquist = setting.cutoff_hz / (fps / 2.0)
    sections = np.asarray(butter(setting.order, share_of_nyquist, output="sos"), dtype=np.float64)
    return sections, np.asarray(sosfilt_zi(sections), dtype=np.float64)[:, None]
