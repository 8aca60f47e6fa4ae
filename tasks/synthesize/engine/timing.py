"""Curves over time: minimum-jerk transitions, keys, slow natural noise."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

__all__ = ["clock", "ease", "keyed", "pulse", "wobble"]


def clock(duration_s: float, fps: float) -> NDArray[np.float64]:
    """Times of the frames of a clip, seconds from 0."""
    return np.arange(int(np.floor(duration_s * fps + 1e-6)) + 1) / fps


def ease(u: NDArray[np.floating[Any]]) -> NDArray[np.float64]:
    """Minimum-jerk rise from 0 (u <= 0) to 1 (u >= 1).

    Source: Flash and Hogan, The coordination of arm movements, J. Neurosci. 5(7), 1985.
    """
    v = np.minimum(np.maximum(np.asarray(u, dtype=np.float64), 0.0), 1.0)
    return v * v * v * (10.0 - 15.0 * v + 6.0 * v * v)


def keyed(
    t: NDArray[np.float64], times: Sequence[float], values: Sequence[Any]
) -> NDArray[np.float64]:
    """Hold the first value, then move to each next one with minimum jerk.

    Args:
        t: Times, shape (T,), seconds.
        times: Ascending key times, seconds.
        values: One value a key: a number, or an array of any one shape.

    Returns:
        Shape (T, *value).
    """
    rows = np.asarray(values, dtype=np.float64)
    at = np.asarray(times, dtype=np.float64)
    out = np.broadcast_to(rows[0], (len(t), *rows.shape[1:])).copy()
    for k in range(1, len(at)):
        u = ease((t - at[k - 1]) / max(at[k] - at[k - 1], 1e-9))
        out += u.reshape((-1,) + (1,) * (rows.ndim - 1)) * (rows[k] - rows[k - 1])
    return out


def pulse(
    t: NDArray[np.float64], start_s: float, end_s: float, ramp_s: float
) -> NDArray[np.float64]:
    """0 outside, 1 inside, minimum-jerk ramps that lie inside the span. Shape (T,)."""
    ramp = min(ramp_s, (end_s - start_s) / 2)
    return ease((t - start_s) / ramp) * (1.0 - ease((t - end_s + ramp) / ramp))


def wobble(
    t: NDArray[np.float64], rng: np.random.Generator, shape: tuple[int, ...]
) -> NDArray[np.float64]:
    """Slow noise of about unit deviation, 0.15 to 0.9 Hz, the same at any frame rate.

    Returns:
        Shape (T, *shape).
    """
    num_waves = 4
    size = int(np.prod(shape))
    hertz = rng.uniform(0.15, 0.9, (num_waves, size))
    phase = rng.uniform(0.0, 2 * np.pi, (num_waves, size))
    height = 1.0 / np.sqrt(1.0 + (hertz / 0.4) ** 2)
    waves = height * np.sin(2 * np.pi * hertz * t[:, None, None] + phase)
    unit = np.sqrt(0.5 * (height**2).sum(axis=0))
    noise: NDArray[np.float64] = (waves.sum(axis=1) / unit).reshape(len(t), *shape)
    return noise
