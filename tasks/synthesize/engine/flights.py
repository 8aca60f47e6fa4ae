"""Rise and fall of the body between contacts: parabolas in the air, yielding legs on the ground."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from tasks.synthesize.engine.footfalls import Footfalls

    Floats = NDArray[np.float64]

__all__ = ["bounce", "impact"]

_LONG_STANCE_S: Final = 0.7
_YIELD_S: Final = 0.45
"""A landing that ends in standing, or a push-off out of it, takes so long."""
_FULL_FLIGHT_S: Final = 0.10
"""Shorter flights shape the stance less: a walk has none."""


_IMPACT_HZ: Final = 6.5
_IMPACT_S: Final = 0.09
_IMPACT_M: Final = 0.016
"""Wave of the body after a landing: frequency, decay and height by eye; the jerk of the hips stays
below that of recorded walks."""


def impact(t: Floats, falls: Footfalls) -> Floats:
    """A little dying wave after every landing, (T,) metres."""
    k = np.maximum(np.searchsorted(falls.land, t, side="right") - 1, 0)
    since = t - falls.land[k]
    wave = np.sin(2 * np.pi * _IMPACT_HZ * since)
    dying: Floats = -_IMPACT_M * wave * np.exp(-since / _IMPACT_S) * (since / (since + 0.02))
    return dying


def bounce(t: Floats, falls: Footfalls, *, gravity: float) -> Floats:
    """Height of the body centre against its height at landing and leaving.

    In the air it follows gravity; on the ground the force rises and falls like half a sine, as the
    force under a runner does (Blickhan, J. Biomech. 22(11-12), 1989).

    Args:
        t: Times, (T,), seconds.
        falls: Contacts.
        gravity: m/s2.

    Returns:
        (T,) metres; 0 throughout for a gait without flight.
    """
    order = np.argsort(falls.land, kind="stable")
    land, leave = falls.land[order], np.maximum.accumulate(falls.leave[order])
    gap = np.maximum(land[1:] - leave[:-1], 0.0)
    if not gap.any():
        return np.zeros(len(t))
    before, after = np.append(0.0, gap), np.append(gap, 0.0)
    k = np.maximum(np.searchsorted(land, t, side="right") - 1, 0)
    end = np.append(np.minimum(leave[:-1], land[1:]), leave[-1])
    span = np.maximum(end - land, 1e-3)[k]
    down, up = 0.5 * gravity * before[k], 0.5 * gravity * after[k]
    since = t - land[k]
    air = np.maximum(t - end[k], 0.0)
    on_ground = np.where(
        span > _LONG_STANCE_S,
        -_yield(since, down) - _yield(span - since, up),
        _stance(np.minimum(since, span), span, down, up, gravity=gravity),
    )
    return np.where(air > 0.0, air * (up - 0.5 * gravity * air), on_ground)


def _yield(x: Floats, speed: Floats) -> Floats:
    """A dip that begins with a speed downwards and ends at rest."""
    u = np.clip(x / _YIELD_S, 0.0, 1.0)
    dip: Floats = speed * _YIELD_S * u * (1.0 - u) ** 2
    return dip


def _stance(x: Floats, span: Floats, down: Floats, up: Floats, *, gravity: float) -> Floats:
    """From the speed of landing to that of leaving under a force like half a sine."""
    share = np.minimum((down + up) / (gravity * _FULL_FLIGHT_S), 1.0)
    pull = gravity * share
    s = x / span
    push = 0.5 * (down + up + pull * span)
    rise = -down * x - 0.5 * pull * x * x + push * (x - span * np.sin(np.pi * s) / np.pi)
    return rise - 0.5 * (up - down) * span * s * s * (3.0 - 2.0 * s)
