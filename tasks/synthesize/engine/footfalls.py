"""Where and when feet stand: every contact of a course, and the flights between them."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Final

import numpy as np

from tasks.synthesize.engine.footsteps import COLUMNS
from tasks.synthesize.engine.ground import ground_height, ground_slope, tread_middle

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from tasks.synthesize.engine.body import Body
    from tasks.synthesize.engine.course import Course, Special
    from tasks.synthesize.engine.setting import Setting

    Floats = NDArray[np.float64]

__all__ = ["Footfalls", "Rhythm", "keep_time", "plan_footfalls"]

_WALK_RATIO: Final = 0.39
"""Speed over squared step rate, metres x seconds, of adults at ease; Sekiya et al. 1996 give
0.0065 m per step/min, which is this in SI units."""
_USUAL_LEG_M: Final = 0.83
_REST_PHASE: Final = 0.03
"""Phase in double support where a walker may stop: the weight has not gone over yet."""
_REST_DUTY: Final = 0.64
"""Stance of a foot that rests, in phases: it leaves well after the body has begun to move."""
_REST_WIDTH: Final = (0.20, 0.28)
"""Feet of somebody who stands are so far apart, share of the leg: the narrower part of
recorded standing (ReActIdle: ankles 0.12 to 0.22 of H apart)."""
_SLOWEST_MPS: Final = 0.42
_STANDING_MPS: Final = 0.04
_TURNING_RADPS: Final = 0.25
_TURN_STEP_RAD: Final = 0.62
"""Turn of the body in one step on the spot: by eye, about 35 degrees."""
_LAST_STEP_S: Final = 0.28
"""The second foot comes alongside so long after the body has stopped."""
_TOE_OUT_RAD: Final = 0.10
_SPREAD_M: Final = 0.012
"""Deviation of a foothold; step length varies by 2 to 3 % (Hausdorff, Hum. Mov. Sci. 26, 2007)."""
_FARTHEST: Final = 0.70
"""A foot leaves when the hips are so far ahead of it, share of the leg, at the latest."""
_SHORTEST_S: Final = 0.08
_MANY: Final = 128


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class Rhythm:
    """The clock of a gait on the time line of its course."""

    phase: Floats
    """(N,) strides; the left foot lands at whole numbers, the right foot at halves."""
    rests: tuple[tuple[float, float], ...]
    """Phase and time of every stop."""
    active: Floats
    """(N,) 0 where the feet stand still, 1 where they step, linear over some tenths of a second."""


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class Footfalls:
    """All contacts (K,) in order of landing."""

    side: NDArray[np.intp]
    land: Floats
    """Seconds."""
    leave: Floats
    place: Floats
    """(K, 3) ankle of the flat foot."""
    yaw: Floats
    style: Floats
    """(K, F) columns as `footsteps.COLUMNS`."""
    carried: NDArray[np.bool_]
    """True: after this contact the foot is carried along for a while, without stepping."""


def keep_time(course: Course, body: Body, *, first_phase: float) -> Rhythm:
    """Integrate the stride rate over a course; every stop falls into double support.

    Args:
        course: Speed, facing and style.
        body: Long legs step more slowly.
        first_phase: Phase at the beginning of a course that begins moving.
    """
    t, step = course.t, course.t[1] - course.t[0]
    spin = np.append(np.abs(course.yaw[1:] - course.yaw[:-1]) / step, 0.0)
    ratio = _WALK_RATIO * body.leg / _USUAL_LEG_M
    rate = np.sqrt(np.maximum(course.speed, _SLOWEST_MPS) / ratio)
    styles = course.styles(course.blend)
    rate = np.maximum(rate * styles[:, COLUMNS["cadence"]], spin / _TURN_STEP_RAD)
    # between two styles the fixed rate and its weight are both on their way
    rate = 0.5 * (rate * (1.0 - styles[:, COLUMNS["paced"]]) + styles[:, COLUMNS["steps_per_s"]])
    busy = (course.speed > _STANDING_MPS) | (spin > _TURNING_RADPS) | (course.driven > 0.05)
    spells = _spells(busy, before=1, after=round(_LAST_STEP_S / step))
    gain = np.zeros(len(t))
    rests: list[tuple[float, float]] = []
    at = begin = first_phase if busy[0] else _REST_PHASE
    last = 0
    for low, high in spells:
        if low > 0:
            rests.append((at, float(t[(last + low) // 2])))
        piece = rate[low:high] * step
        total = float(piece.sum())
        if high < len(t):
            floor = at - _REST_PHASE
            landing = round(2 * (floor + total)) / 2
            landing = max(landing, np.floor(2 * floor + 1e-6) / 2 + (1.0 if low > 0 else 0.5))
            piece *= (landing - floor) / total
        gain[low:high] = piece
        at += float(piece.sum())
        last = high
    if last < len(t):
        rests.append((at, float(t[(last + len(t)) // 2])))
    phase = begin + np.cumsum(np.append(0.0, gain[:-1]))
    return Rhythm(phase=phase, rests=tuple(rests), active=_envelope(t, spells))


def _spells(busy: NDArray[np.bool_], *, before: int, after: int) -> list[tuple[int, int]]:
    """Spans of stepping, widened and joined."""
    edges = (busy[1:] != busy[:-1]).nonzero()[0] + 1
    bounds = [0, *edges.tolist(), len(busy)]
    joined: list[tuple[int, int]] = []
    for low, high in pairwise(bounds):
        if not busy[low]:
            continue
        low, high = max(low - before, 0), min(high + after, len(busy))  # noqa: PLW2901
        if joined and low <= joined[-1][1] + after:
            joined[-1] = (joined[-1][0], high)
        else:
            joined.append((low, high))
    return joined


def _envelope(t: Floats, spells: list[tuple[int, int]]) -> Floats:
    at, values = [t[0] - 1.0], [0.0]
    for low, high in spells:
        start = t[low] if low else t[0] - 1.0
        end = t[high] if high < len(t) else t[-1] + 1.0
        at += [start, min(start + 0.4, 0.5 * (start + end))]
        values += [0.0, 1.0]
        at += [max(end - 0.4, 0.5 * (start + end)), end]
        values += [1.0, 0.0]
    return np.interp(t, at, values) if spells else np.zeros(len(t))


def plan_footfalls(
    course: Course,
    rhythm: Rhythm,
    body: Body,
    *,
    setting: Setting,
    rng: np.random.Generator,
    noise: float = 1.0,
) -> Footfalls:
    """Every contact of both feet, from before the clip to after it.

    Args:
        course: The way.
        rhythm: Its phases.
        body: Who.
        setting: Its ground lies under the feet.
        rng: For the spread of the footholds.
        noise: Scale of that spread.
    """
    t = course.t
    first, last = np.floor(2 * rhythm.phase[0]) - 1, np.ceil(2 * rhythm.phase[-1]) + 1
    number = np.arange(first, last + 1)
    side = (number % 2).astype(np.intp)
    low = number / 2
    land = np.interp(low, rhythm.phase, t, left=t[0] - 1.0, right=t[-1] + 1.0)
    style = _styles_at(course, land)
    bad = style[:, COLUMNS["limp"]]
    # a bad leg bears for a shorter time: the good foot lands early, the bad one leaves early
    shift = np.where((bad > 0) == (side == 1), 0.5 * np.abs(bad), 0.0) * 0.16
    short = np.where((bad > 0) == (side == 0), 0.16, -0.04) * np.abs(bad)
    resting, rest_time = _resting(low, rhythm)
    shift[resting] = 0.0
    duty = style[:, COLUMNS["duty"]] - short
    apart = float(rng.uniform(*_REST_WIDTH))
    style[resting, COLUMNS["width"]] = np.maximum(style[resting, COLUMNS["width"]], apart)
    duty[resting] = np.maximum(duty[resting], _REST_DUTY)
    land = np.interp(low - shift, rhythm.phase, t)
    leave = np.interp(low + duty, rhythm.phase, t)
    land[land <= t[0]] = t[0] - 2.0 + low[land <= t[0]] * 1e-3
    leave[leave >= t[-1]] = t[-1] + 2.0
    wanted = np.where(resting, rest_time, np.nan)
    contacts = (side, land, leave, style, wanted)
    carried = np.zeros(len(side), dtype=np.bool_)
    for special in course.specials:
        if special.hop is not None:
            contacts, carried = _drop_other_leg(contacts, carried, special)
        if special.skip:
            contacts, carried = _split_steps(contacts, carried, special)
    side, land, leave, style, wanted = contacts
    spread = rng.normal(size=(_MANY, 2))[np.arange(len(side)) % _MANY]
    spread = np.minimum(np.maximum(spread, -1.6), 1.6) * _SPREAD_M * noise
    when = land + style[:, COLUMNS["over"]] * (leave - land)
    when = np.where(np.isnan(wanted), when, wanted)
    leave = _left_in_reach(course, body, land, leave, when)
    place, yaw = _footholds(course, body, side, when, style, setting=setting, spread=spread)
    return Footfalls(
        side=side, land=land, leave=leave, place=place, yaw=yaw, style=style, carried=carried
    )


def _styles_at(course: Course, times: Floats) -> Floats:
    styles = course.styles(np.interp(times, course.t, course.blend))
    return np.repeat(styles, len(times), axis=0) if len(styles) == 1 else styles


def _resting(low: Floats, rhythm: Rhythm) -> tuple[NDArray[np.bool_], Floats]:
    """Which contacts hold a rest, and when that rest is."""
    resting, when = np.zeros(len(low), dtype=np.bool_), np.zeros(len(low))
    for phase, time in rhythm.rests:
        inside = (low <= phase) & (phase <= low + _REST_DUTY - _REST_PHASE)
        resting |= inside
        when[inside] = time
    return resting, when


_Contacts = tuple["NDArray[np.intp]", "Floats", "Floats", "Floats", "Floats"]


def _drop_other_leg(
    contacts: _Contacts, carried: NDArray[np.bool_], special: Special
) -> tuple[_Contacts, NDArray[np.bool_]]:
    """Hopping: the free foot does not land inside the span."""
    side, land, leave, _, wanted = contacts
    free = side != special.hop
    inside = (land > special.start_s - 0.05) & (leave < special.end_s + 0.05)
    drop = free & inside & np.isnan(wanted)
    before = np.flatnonzero(free & (land <= special.start_s - 0.05))
    carried = carried.copy()
    if drop.any() and len(before):
        carried[before[-1]] = True
    keep = ~drop
    return tuple(column[keep] for column in contacts), carried[keep]


def _split_steps(
    contacts: _Contacts, carried: NDArray[np.bool_], special: Special
) -> tuple[_Contacts, NDArray[np.bool_]]:
    """Skipping: every stance becomes two, with a hop on the same foot in between."""
    side, land, leave, style, wanted = contacts
    split = (land > special.start_s) & (leave < special.end_s) & np.isnan(wanted)
    span = leave - land
    first_leave, second_land = land + 0.38 * span, land + 0.66 * span
    second = style[split].copy()
    first = style.copy()
    # the little hop in between: low, nearly flat
    first[split, COLUMNS["lift"]] *= 0.6
    first[split, COLUMNS["toe_off"]] *= 0.5
    second[:, COLUMNS["toe_up"]] = -0.25
    order = np.argsort(np.concatenate([land, second_land[split]]), kind="stable")
    joined = (
        np.concatenate([side, side[split]])[order],
        np.concatenate([land, second_land[split]])[order],
        np.concatenate([np.where(split, first_leave, leave), leave[split]])[order],
        np.concatenate([first, second])[order],
        np.concatenate([wanted, wanted[split]])[order],
    )
    return joined, np.concatenate([carried, carried[split]])[order]


def _left_in_reach(course: Course, body: Body, land: Floats, leave: Floats, when: Floats) -> Floats:
    """Times of leaving, earlier where the body would be too far ahead of the foot."""
    gone = np.cumsum(course.speed) * (course.t[1] - course.t[0])
    far = np.interp(when, course.t, gone) + _FARTHEST * body.leg
    # where the body stays there is no such time
    latest = np.where(far < gone[-1], np.interp(far, gone, course.t), np.inf)
    return np.asarray(np.minimum(leave, np.maximum(latest, land + _SHORTEST_S)))


def _footholds(
    course: Course,
    body: Body,
    side: NDArray[np.intp],
    when: Floats,
    style: Floats,
    *,
    setting: Setting,
    spread: Floats,
) -> tuple[Floats, Floats]:
    """Ankles on the ground (K, 3), and yaws (K,)."""
    yaw = np.interp(when, course.t, course.yaw)
    way = np.interp(when, course.t, course.way)
    sign = 1.0 - 2.0 * side
    loose = 1.0 + 5.0 * style[:, COLUMNS["jitter"]]
    out = sign * style[:, COLUMNS["width"]] * body.leg / 2 + spread[:, 0] * loose
    ahead = spread[:, 1] * loose * (ground_slope(setting) == 0.0)
    ahead += tread_middle(setting, way) - way
    sine, cosine = np.sin(yaw), np.cos(yaw)
    x = np.interp(when, course.t, course.place[:, 0]) + out * cosine + ahead * sine
    z = np.interp(when, course.t, course.place[:, 1]) - out * sine + ahead * cosine
    y = body.ankle_height + ground_height(setting, way)
    return np.stack([x, y, z], axis=-1), yaw + sign * _TOE_OUT_RAD
