"""The way of a body over the floor in time: speed, facing, place and manner of the gait."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from tasks.synthesize.engine.footsteps import style_table

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from tasks.synthesize.engine.take import Leg

    Floats = NDArray[np.float64]

__all__ = ["Course", "Special", "course_of_legs", "smooth"]

_STEP_S: Final = 0.04
_ON_GRID: Final = 1e-9
"""Evenly spaced times whose ends are so near to the grid, in steps, are on it."""
_PAD_S: Final = 2.4
"""Longer than any stride: the steps at the edges of a clip begin and end outside it."""
_JOIN_S: Final = 0.35
"""Legs nearer to each other than this may join without a stop."""
_JOIN_RAD: Final = 0.7
"""Travel may change by so much without a stop."""
_ACCELERATION: Final = 1.3
"""m/s2 of people who start to walk: full speed within two steps, about 0.8 s; Breniere and Do, J.
Biomech. 19(12), 1986. It grows with the speed, as runners' does."""
_WEAVE_S: Final = 2.8
"""Time of one wave of a zigzag."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Special:
    """A span in which the steps are of a special kind."""

    start_s: float
    end_s: float
    hop: int | None
    skip: bool


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class Course:
    """Tracks on a time line of its own, longer than the clip, (N,) each."""

    t: Floats
    place: Floats
    """(N, 2) x and z of the hips, metres; the origin at time 0 unless a path says otherwise."""
    way: Floats
    """Distance gone, metres, forward positive, 0 at time 0."""
    speed: Floats
    yaw: Floats
    travel: Floats
    table: Floats
    """(L, F) style of every leg, see `footsteps.COLUMNS`."""
    blend: Floats
    """Row of the table in force; between whole numbers two rows are mixed."""
    driven: Floats
    """0..1: a step rate of its own keeps the feet going at any speed."""
    specials: tuple[Special, ...]

    def styles(self, blend: Floats) -> Floats:
        """Styles (B, F) at blended rows (B,); (1, F) where there is only one."""
        if len(self.table) == 1:
            return self.table
        row = np.minimum(blend.astype(np.intp), len(self.table) - 2)
        share = (blend - row)[:, None]
        mixed: Floats = (1.0 - share) * self.table[row] + share * self.table[row + 1]
        return mixed

    def at(self, times: Floats, track: Floats) -> Floats:
        """A track of the course at other times; at the frames of a clip they are on its grid."""
        first, num = (float(times[0]) - float(self.t[0])) / _STEP_S, len(times)
        low = round(first)
        on_grid = abs(first - low) < _ON_GRID and 0 <= low <= len(self.t) - num
        if on_grid and abs(float(times[-1]) - float(self.t[low + num - 1])) < _ON_GRID * _STEP_S:
            return track[low : low + num].copy()
        return np.interp(times, self.t, track)


def smooth(u: Floats) -> Floats:
    """Cubic rise from 0 (u <= 0) to 1 (u >= 1)."""
    v = np.minimum(np.maximum(u, 0.0), 1.0)
    rise: Floats = v * v * (3.0 - 2.0 * v)
    return rise


def course_of_legs(t: Floats, legs: Sequence[Leg]) -> Course:
    """The course along legs: joined without a stop where that is natural.

    Args:
        t: Times of the clip, (T,), seconds.
        legs: At least one, in time order, without overlap.
    """
    grid = _grid(t)
    speed, travel, blend, driven = _tracks(grid, legs)
    yaw = _facing(grid, legs)
    return _laid(
        grid,
        speed=speed,
        yaw=yaw - yaw[_origin(grid)],
        travel=travel,
        table=style_table([leg.style for leg in legs]),
        blend=blend,
        driven=driven,
        specials=tuple(
            Special(start_s=leg.start_s, end_s=leg.end_s, hop=leg.style.hop, skip=leg.style.skip)
            for leg in legs
            if leg.style.hop is not None or leg.style.skip
        ),
    )


def _grid(t: Floats) -> Floats:
    low, high = np.floor((t[0] - _PAD_S) / _STEP_S), np.ceil((t[-1] + _PAD_S) / _STEP_S)
    return _STEP_S * np.arange(low, high + 1)


def _origin(grid: Floats) -> int:
    """Number of time 0, which is on the grid."""
    return int(grid.searchsorted(-1e-9))


def _eased(t: Floats, times: Sequence[float], *values: Sequence[float]) -> Floats:
    """Minimum jerk from key to key, the ends held: a row (T,) for each of the values."""
    at, rows = np.array(times), np.array(values)
    if len(at) == 1:
        return np.repeat(rows, len(t), axis=1)
    here = np.minimum(np.maximum(at.searchsorted(t, side="right") - 1, 0), len(at) - 2)
    per_s = 1.0 / np.maximum(at[1:] - at[:-1], 1e-9)
    u = np.minimum(np.maximum((t - at[here]) * per_s[here], 0.0), 1.0)
    square = u * u
    rise = square * u * (10.0 - 15.0 * u + 6.0 * square)
    change = rows[:, 1:] - rows[:, :-1]
    mixed: Floats = rows.take(here, axis=1) + rise * change.take(here, axis=1)
    return mixed


def _joined(one: Leg, other: Leg) -> bool:
    """Whether the body goes over from leg to leg without a stop."""
    gap = other.start_s - one.end_s
    apart = abs((other.travel - one.travel + np.pi) % (2 * np.pi) - np.pi)
    moving = min(one.speed_mps, other.speed_mps) > 0.0
    special = one.style.hop != other.style.hop
    return gap < _JOIN_S and moving and apart < _JOIN_RAD and not special


def _ramp(change: float, room: float) -> float:
    return min(max(abs(change) / (_ACCELERATION + 0.35 * abs(change)), 0.45), 0.45 * room)


def _tracks(grid: Floats, legs: Sequence[Leg]) -> tuple[Floats, Floats, Floats, Floats]:
    """Speed, travel, blend and drive of all legs."""
    at, speeds, driven = [-1e6], [0.0], [0.0]
    mixes, rows = [-1e6], [0.0]
    for number, leg in enumerate(legs):
        room = leg.end_s - leg.start_s
        paced = float(leg.style.steps_per_s > 0.0)
        if number and _joined(legs[number - 1], leg):
            last = legs[number - 1]
            half = 0.5 * _ramp(leg.speed_mps - last.speed_mps, min(room, last.end_s - last.start_s))
            middle = 0.5 * (last.end_s + leg.start_s)
            at[-2:] = [middle - half, middle + half]
            speeds[-1:], driven[-1:] = [], []
            mixes += [middle - half, middle + half]
        else:
            ramp = _ramp(leg.speed_mps, room)
            at += [leg.start_s, leg.start_s + ramp]
            speeds.append(0.0)
            driven.append(0.0)
            border = 0.5 * (leg.start_s + (legs[number - 1].end_s if number else leg.start_s))
            mixes += [border - 0.01, border + 0.01]
        speeds.append(leg.speed_mps)
        driven.append(paced)
        rows += [max(number - 1.0, 0.0), float(number)]
        ramp = _ramp(leg.speed_mps, room)
        at += [leg.end_s - ramp, leg.end_s]
        speeds += [leg.speed_mps, 0.0]
        driven += [paced, 0.0]
    speed, drive = _eased(grid, at, speeds, driven)
    if len(legs) == 1:
        return speed, np.full(len(grid), legs[0].travel), np.zeros(len(grid)), drive
    blend = np.interp(grid, mixes, rows)
    ways = np.unwrap([leg.travel for leg in legs])
    return speed, np.interp(blend, np.arange(len(legs)), ways), blend, drive


def _facing(grid: Floats, legs: Sequence[Leg]) -> Floats:
    yaw = np.zeros(len(grid))
    for leg in legs:
        if not (leg.turn_rad or leg.weave_rad):
            continue
        u = (grid - leg.start_s) / (leg.end_s - leg.start_s)
        if leg.speed_mps > 0.0:
            yaw += leg.turn_rad * _steady(u, min(0.45, 0.5 / (leg.end_s - leg.start_s)))
        else:
            yaw += leg.turn_rad * _steady((u - 0.02) / 0.9, 0.4)
        if leg.weave_rad:
            waves = max(1.0, np.round((leg.end_s - leg.start_s) / _WEAVE_S))
            window = smooth(np.minimum(u, 1.0 - u) * 4.0 * waves)
            yaw += leg.weave_rad * window * np.sin(2 * np.pi * waves * u)
    return yaw


def _steady(u: Floats, share: float) -> Floats:
    """From 0 to 1 at a steady rate, with a ramp of that share of the time at either end."""
    x = np.minimum(np.maximum(u, 0.0), 1.0)
    bent: Floats = (
        x**2 - np.maximum(x - share, 0.0) ** 2 - np.maximum(x - 1.0 + share, 0.0) ** 2
    ) / (2 * share * (1.0 - share))
    return bent


def _laid(
    grid: Floats,
    *,
    speed: Floats,
    yaw: Floats,
    travel: Floats,
    table: Floats,
    blend: Floats,
    driven: Floats,
    specials: tuple[Special, ...] = (),
) -> Course:
    """Integrate speed along the facing, from the origin at time 0."""
    heading = yaw + travel
    moved = np.zeros((3, len(grid)))
    if speed.any():
        flow = np.stack([np.sin(heading), np.cos(heading), np.cos(travel)]) * speed
        np.cumsum((flow[:, 1:] + flow[:, :-1]) * (0.5 * _STEP_S), axis=1, out=moved[:, 1:])
        moved -= moved[:, _origin(grid), None]
    return Course(
        t=grid,
        place=moved[:2].T,
        way=moved[2],
        speed=speed,
        yaw=yaw,
        travel=travel,
        table=table,
        blend=blend,
        driven=driven,
        specials=specials,
    )
