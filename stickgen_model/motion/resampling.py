"""Change of frame rate on a true time base: nothing is stretched, nothing extrapolated."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from scipy.interpolate import CubicSpline
from scipy.linalg import solve_banded

if TYPE_CHECKING:
    from numpy.typing import NDArray

__all__ = ["resample", "resample_tracked", "resampled_length", "snap_fps"]

_BROADCAST_RATES: Final = (24000 / 1001, 30000 / 1001, 60000 / 1001, 120000 / 1001)
"""NTSC rates, usually written 23.976, 29.97, 59.94, 119.88."""
_BROADCAST_TOLERANCE: Final = 1e-4
_INTEGER_TOLERANCE: Final = 1e-3
"""Frame times are often written with few digits (0.00833 s for 120 fps)."""
_MIN_LINEAR_FPS: Final = 60.0
"""From here on straight lines between filtered frames are right to a fraction of a millimetre."""
_FRAME_SLACK: Final = 1e-6
_MIN_SPLINE_FRAMES: Final = 4
"""Fewer frames have no interior knot for the end conditions of the spline."""


def snap_fps(fps: float) -> float:
    """The frame rate that was meant: a broadcast rate within 0.01 %, an integer within 0.1 %.

    Raises:
        ValueError: If `fps` is not finite and positive.
    """
    if not (math.isfinite(fps) and fps > 0):
        msg = f"expected frames per second > 0, got {fps}"
        raise ValueError(msg)
    for rate in _BROADCAST_RATES:
        if abs(fps - rate) <= _BROADCAST_TOLERANCE * rate:
            return rate
    whole = float(round(fps))
    if whole >= 1 and abs(fps - whole) <= _INTEGER_TOLERANCE * whole:
        return whole
    return fps


def resampled_length(num_frames: int, *, fps_in: float, fps_out: float) -> int:
    """Number of output frames that fit between the first and the last input frame."""
    if num_frames < 1:
        return 0
    return math.floor((num_frames - 1) / fps_in * fps_out + _FRAME_SLACK) + 1


def _sample_places(num_frames: int, *, fps_in: float, fps_out: float) -> NDArray[np.float64]:
    """Places of the output frames, counted in input frames, shape (K,)."""
    count = resampled_length(num_frames, fps_in=fps_in, fps_out=fps_out)
    places = np.arange(count) * (fps_in / fps_out)
    near = np.round(places)
    # an exact hit must give the input frame bit by bit
    places = np.where(np.abs(places - near) < _FRAME_SLACK, near, places)
    return np.asarray(np.minimum(places, num_frames - 1), dtype=np.float64)


def resample(
    values: NDArray[np.floating[Any]], *, fps_in: float, fps_out: float
) -> NDArray[np.float64]:
    """Values at t_k = k / fps_out, from the first frame on.

    Straight lines from 60 fps on, a cubic spline through the frames below (30 to 25 fps bends
    fast motion by millimetres with straight lines).

    Args:
        values: Shape (T, ...), one row a frame, T >= 1.
        fps_in: Frames per second of `values`, > 0.
        fps_out: Wanted frames per second, > 0.

    Returns:
        Shape (floor((T - 1) / fps_in * fps_out) + 1, ...), float64; the first frame is kept.
    """
    num_frames = values.shape[0]
    places = _sample_places(num_frames, fps_in=fps_in, fps_out=fps_out)
    if fps_in == fps_out or num_frames == 1:
        return values[: places.size].astype(np.float64)
    flat = values.reshape(num_frames, -1)
    if fps_in >= _MIN_LINEAR_FPS:
        left, share = _intervals(places, num_frames)
        out = flat[left] * (1.0 - share) + flat[left + 1] * share
    else:
        out = _spline(flat.astype(np.float64), places)
    return np.asarray(out, dtype=np.float64).reshape(places.size, *values.shape[1:])


def _intervals(
    places: NDArray[np.float64], num_frames: int
) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """Frame before each place, shape (K,), and the way into the interval, 0..1, shape (K, 1)."""
    left = np.minimum(places.astype(np.int64), num_frames - 2)
    return left, (places - left)[:, None]


def _spline(frames: NDArray[np.float64], places: NDArray[np.float64]) -> NDArray[np.float64]:
    """The cubic spline through rows (T, C) at 0, 1, 2, ..., not-a-knot at both ends.

    Equal steps make the system for the slopes so simple that setting it up here costs a fraction
    of `scipy.interpolate.CubicSpline`.
    """
    num_frames = frames.shape[0]
    if num_frames < _MIN_SPLINE_FRAMES:
        return np.asarray(CubicSpline(np.arange(num_frames), frames, axis=0)(places))
    steps = frames[1:] - frames[:-1]
    wanted = np.empty_like(frames)
    wanted[1:-1] = 3.0 * (steps[:-1] + steps[1:])
    wanted[0] = 2.5 * steps[0] + 0.5 * steps[1]
    wanted[-1] = 0.5 * steps[-2] + 2.5 * steps[-1]
    bands = np.ones((3, num_frames))
    bands[1, 1:-1] = 4.0
    bands[0, 1] = bands[2, -2] = 2.0
    slopes = solve_banded((1, 1), bands, wanted, overwrite_ab=True, overwrite_b=True)
    left, way = _intervals(places, num_frames)
    step, slope = steps[left], slopes[left]
    bend = slope + slopes[left + 1] - 2.0 * step
    out = frames[left] + way * (slope + way * (step - slope - bend + way * bend))
    return np.asarray(out)


def resample_tracked(
    tracked: NDArray[np.bool_], *, fps_in: float, fps_out: float
) -> NDArray[np.bool_]:
    """Whether both source frames around each output frame were tracked.

    Args:
        tracked: Shape (T, P).
        fps_in: Frames per second of `tracked`.
        fps_out: Wanted frames per second.

    Returns:
        Shape (K, P).
    """
    places = _sample_places(tracked.shape[0], fps_in=fps_in, fps_out=fps_out)
    before, after = tracked[np.floor(places).astype(int)], tracked[np.ceil(places).astype(int)]
    return np.asarray(before & after)
