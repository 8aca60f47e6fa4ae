"""Smooth curves through key poses that need not stop at every key."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from tasks.synthesize.engine.take import Take

__all__ = ["frames_of", "glide"]

_EPS_S = 1e-6


def frames_of(take: Take, start_s: float, end_s: float) -> slice:
    """Frames of a take from one time to another, both included; at least one frame."""
    step = float(take.t[1] - take.t[0])
    # a floor and a ceiling that forgive rounding of a time that falls on a frame
    low = int(np.ceil((start_s - take.t[0]) / step - _EPS_S))
    high = int(np.floor((end_s - take.t[0]) / step + _EPS_S)) + 1
    low = min(max(low, 0), len(take.t) - 1)
    return slice(low, max(min(high, len(take.t)), low + 1))


def glide(
    t: NDArray[np.float64],
    times: Sequence[float] | NDArray[np.float64],
    values: Sequence[Any] | NDArray[np.float64],
) -> NDArray[np.float64]:
    """Run through keys without stopping where the motion goes on the same way.

    Between two keys lies a quintic without acceleration at its ends: with no speed either it is
    the minimum-jerk rise of `timing.ease`. The speed at a key is the harmonic mean of the slopes
    beside it, and 0 at a turning point and at both ends, so that no value is overshot.

    Args:
        t: Times, shape (T,), seconds.
        times: Key times in order; keys less than 1 ms after the one before come 1 ms after it.
        values: One value a key: a number, or an array of any one shape.

    Returns:
        Shape (T, *value); before the first key and after the last one their values.

    Source: slopes after Fritsch and Butland, SIAM J. Sci. Stat. Comput. 5(2), 1984.
    """
    at = np.asarray(times, dtype=np.float64)
    at = np.maximum.accumulate(at - 1e-3 * np.arange(len(at))) + 1e-3 * np.arange(len(at))
    rows = np.asarray(values, dtype=np.float64)
    shape = rows.shape[1:]
    rows = rows.reshape(len(at), -1)
    if len(at) == 1:
        return np.broadcast_to(rows[0], (len(t), rows.shape[1])).reshape(len(t), *shape).copy()
    span = np.diff(at)[:, None]
    slope = np.diff(rows, axis=0) / span
    before, after = slope[:-1], slope[1:]
    same = before * after
    speed = np.zeros_like(rows)
    total = before + after
    np.divide(2.0 * same, total, out=speed[1:-1], where=same > 0.0)
    k = np.clip(np.searchsorted(at, t, side="right") - 1, 0, len(at) - 2)
    u = np.clip((t - at[k]) / span[k, 0], 0.0, 1.0)
    cube = u**3
    rise = cube * (10.0 - 15.0 * u + 6.0 * u * u)
    leave = u - cube * (6.0 - 8.0 * u + 3.0 * u * u)
    arrive = -cube * (4.0 - 7.0 * u + 3.0 * u * u)
    out = rows[k] + rise[:, None] * (rows[1:] - rows[:-1])[k]
    out += leave[:, None] * (speed[:-1] * span)[k] + arrive[:, None] * (speed[1:] * span)[k]
    track: NDArray[np.float64] = out.reshape(len(t), *shape)
    return track
