"""Things that go round: closed curves, distance along a way, limbs that bear and swing in turn."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from tasks.synthesize.engine.timing import ease

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

__all__ = ["advance", "arc", "between", "hermite", "loop", "plant", "through"]


def loop(phase: Floats, keys: Sequence[Any]) -> Floats:
    """Smooth closed curve through keys that are evenly spaced over one turn.

    Args:
        phase: Turns, any shape; key k of n is met at k / n.
        keys: An odd number of values of any one shape.

    Returns:
        Shape (*phase.shape, *value): the only trigonometric polynomial of least degree.
    """
    rows = np.asarray(keys, dtype=np.float64)
    num = len(rows)
    spectrum = np.fft.rfft(rows.reshape(num, -1), axis=0) / num
    waves = np.exp(2j * np.pi * phase[..., None] * np.arange(len(spectrum)))
    waves[..., 1:] *= 2.0
    if num % 2 == 0:
        waves[..., -1] *= 0.5
    curve: Floats = (waves @ spectrum).real.reshape(*phase.shape, *rows.shape[1:])
    return curve


def advance(t: Floats, start_s: float, end_s: float, *, ramp_s: float) -> Floats:
    """Distance of a way whose speed rises and falls with minimum jerk, as a share of it.

    Args:
        t: Times, (T,).
        start_s: When it starts from rest.
        end_s: When it is at rest again.
        ramp_s: Length of both ramps.

    Returns:
        (T,) from 0 to 1.
    """
    ramp = min(ramp_s, (end_s - start_s) / 2)
    gone = _eased_away((t - start_s) / ramp) - _eased_away((t - end_s + ramp) / ramp)
    share: Floats = gone * (ramp / (end_s - start_s - ramp))
    return share


def _eased_away(u: Floats) -> Floats:
    """Integral of `ease` from 0 to u."""
    v = np.minimum(np.maximum(u, 0.0), 1.0)
    inside: Floats = v**4 * (2.5 - 3.0 * v + v * v) + np.maximum(u - 1.0, 0.0)
    return inside


def plant(phase: Floats, duty: float) -> tuple[Floats, Floats]:
    """Where a limb is that bears for a share of each turn and swings to its next hold in the rest.

    Args:
        phase: Turns; a hold begins at each whole number.
        duty: Share of a turn in which the limb bears.

    Returns:
        Number of the hold (whole while it bears, between two while it swings), and height of the
        swing, 0..1. Same shape as `phase`.
    """
    number = np.floor(phase)
    u = np.maximum((phase - number - duty) / (1.0 - duty), 0.0)
    return number + ease(u), arc(u)


def arc(u: Floats) -> Floats:
    """0 at both ends, 1 in the middle, at rest at all three."""
    v = np.minimum(np.maximum(u, 0.0), 1.0)
    height: Floats = 16.0 * v * v * (1.0 - v) ** 2
    return height


def between(value: float, least: float, most: float) -> float:
    """A number, kept inside limits; far quicker for one number than numpy's clip."""
    return min(max(value, least), most)


def through(t: Floats, times: Sequence[float], values: Sequence[float]) -> Floats:
    """Minimum-jerk moves from key to key; as `timing.keyed`, quicker for many keys of numbers.

    Args:
        t: Times, (T,).
        times: Two or more, strictly ascending.
        values: One number a key.

    Returns:
        Shape (T,).
    """
    at, value = np.asarray(times, dtype=np.float64), np.asarray(values, dtype=np.float64)
    here = np.minimum(np.maximum(np.searchsorted(at, t, side="right") - 1, 0), len(at) - 2)
    u = (t - at[here]) / (at[here + 1] - at[here])
    moved: Floats = value[here] + ease(u) * (value[here + 1] - value[here])
    return moved


def hermite(
    t: Floats, times: Sequence[float], values: Sequence[float], slopes: Sequence[float]
) -> Floats:
    """Cubic pieces through keys with given slopes; the end values hold outside.

    Returns:
        Shape (T,).
    """
    at, value = np.asarray(times, dtype=np.float64), np.asarray(values, dtype=np.float64)
    slope = np.asarray(slopes, dtype=np.float64)
    here = np.minimum(np.maximum(np.searchsorted(at, t, side="right") - 1, 0), len(at) - 2)
    width = at[here + 1] - at[here]
    u = np.minimum(np.maximum((t - at[here]) / width, 0.0), 1.0)
    rise = value[here + 1] - value[here]
    bend = slope[here] * width - rise
    other = rise - slope[here + 1] * width
    curve: Floats = value[here] + u * rise + u * (1.0 - u) * ((1.0 - u) * bend + u * other)
    return curve
