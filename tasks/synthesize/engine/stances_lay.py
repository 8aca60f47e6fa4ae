"""From key poses to tracks: one smooth curve through all of them, laid over planted feet."""

from __future__ import annotations

import math
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Final

import numpy as np

from stickgen_model.motion.rotations import axis_rotation
from tasks.synthesize.engine.body import joint
from tasks.synthesize.engine.limbs import two_bones
from tasks.synthesize.engine.stances_fit import angles_of, fit_arms, matrix_of
from tasks.synthesize.engine.timing import ease

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from tasks.synthesize.engine.body import Body
    from tasks.synthesize.engine.stances_poses import Pose
    from tasks.synthesize.engine.take import Take

    Floats = NDArray[np.float64]

__all__ = ["Anchor", "Key", "anchor_at", "lay_keys"]

_HIPS: Final = slice(0, 3)
_TURN: Final = slice(3, 7)
_TRUNK: Final = slice(7, 10)
_HEAD: Final = slice(10, 13)
_ARMS: Final = slice(13, 21)
_BALLS: Final = slice(21, 27)
_FEET: Final = slice(27, 35)
_KNEES: Final = slice(35, 41)
_HOLDS: Final = slice(41, 43)
_AWAY: Final = 43
"""0 standing, 1 in any other pose."""
_COLUMNS: Final = 44
_STEP_M: Final = 0.02
"""A foot or hand that goes farther than this is lifted on its way."""
_LIFT_SHARE: Final = 0.30
_LIFT_MOST_M: Final = 0.11
_ROLL_LIFT_M: Final = 0.04
"""A foot that turns over lifts its ankle anyway."""
_ON_FLOOR_M: Final = 0.08
_IMPACT: Final = 1.5
"""Speed at an impact against the mean speed of the way to it: 2 would be a free fall from rest."""
_KNEE_LEAST_M: Final = 0.04
_LIVELY: Final = (0.03, 0.03, 0.025, 0.04, 0.10, 0.03)
"""Slow shifts of trunk and head while resting, radians, by eye."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Key:
    """A pose at a time."""

    at_s: float
    pose: Pose | None
    """None: standing, as the base has it."""
    impact: bool = False
    """True: it is reached at speed and stops there."""


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class Anchor:
    """The place of standing, from which poses are measured."""

    at: Floats
    """(3,) middle between the ankles on the floor."""
    yaw: float
    stood: tuple[tuple[float, float, float], tuple[float, float, float]]
    """Ankles from there."""
    yaws: tuple[float, float]
    """Turns of the feet against it."""


def anchor_at(take: Take, time_s: float) -> Anchor:
    """Where the body stands at a time of its base."""
    posture = take.posture
    when = int(np.clip(np.searchsorted(posture.t, time_s - 1e-9), 0, len(posture.t) - 1))
    ankles = posture.ankles[when]
    at = ankles.mean(axis=0) * np.array([1.0, 0.0, 1.0])
    front = posture.turn[when, :, 2]
    yaw = float(np.arctan2(front[0], front[2]))
    local = (ankles - at) @ axis_rotation("Y", np.array(yaw))
    rows = [(float(row[0]), float(row[1]), float(row[2])) for row in local]
    ahead = posture.feet[when, :, :, 2]
    turns = np.arctan2(ahead[:, 0], ahead[:, 2]) - yaw
    turns = np.mod(turns + np.pi, 2 * np.pi) - np.pi
    yaws = (float(turns[0]), float(turns[1]))
    return Anchor(at=at, yaw=yaw, stood=(rows[0], rows[1]), yaws=yaws)


def lay_keys(take: Take, anchor: Anchor, keys: Sequence[Key]) -> None:
    """Lead the posture through key poses.

    Args:
        take: Its posture is edited from the first key on; to the end of the clip, unless the last
            key stands.
        anchor: From which the poses are measured.
        keys: In time order, each later than the one before; the first one stands or lies before
            the clip.
    """
    t = take.posture.t
    # drawn whether or not a frame is touched: later draws do not depend on the clip's cut
    shifts = _shifts(t, take.rng)
    last = keys[-1].at_s if keys[-1].pose is None else float("inf")
    rows = np.flatnonzero((t >= keys[0].at_s) & (t <= last))
    if not rows.size:
        return
    span = slice(int(rows[0]), int(rows[-1]) + 1)
    base = _read(take, anchor, span)
    values, goals = _values(take.body, keys, base)
    track = _curve(t[span], keys, values)
    _lift(t[span], keys, values, track)
    away = np.clip(track[:, _AWAY], 0.0, 1.0)[:, None]
    u = ease((t[span] - t[span][0]) / max(t[span][-1] - t[span][0], 1e-9))[:, None]
    own = base - (base[0] + u * (base[-1] - base[0]))
    keep = np.ones(_COLUMNS)
    keep[[*range(7), *range(21, 41)]] = 0.0
    keep[_ARMS] = 0.5
    track += own * (1.0 - away * (1.0 - keep))
    lively = take.manner.noise * away * np.array(_LIVELY) * shifts[span]
    track[:, _TRUNK.start : _HEAD.stop] += lively
    _write(take, anchor, span, track)
    _hold_hands(take, anchor, span, keys, goals, track)


def _shifts(t: Floats, rng: np.random.Generator) -> Floats:
    """Slow noise of about unit deviation for trunk and head, (T, 6): two waves each."""
    hertz = rng.uniform(0.12, 0.55, (2, 6))
    phase = rng.uniform(0.0, 2 * np.pi, (2, 6))
    waves = np.sin(2 * np.pi * hertz * t[:, None, None] + phase)
    return waves[:, 0] + waves[:, 1]


def _read(take: Take, anchor: Anchor, span: slice) -> Floats:
    """The base's own tracks in the columns of a pose, (T, columns)."""
    posture, back = take.posture, axis_rotation("Y", np.array(anchor.yaw))
    num = span.stop - span.start
    out = np.zeros((num, _COLUMNS))
    out[:, _HIPS] = (posture.hips[span] - anchor.at) @ back
    out[:, _TURN] = angles_of(posture.turn[span], facing=anchor.yaw)
    out[:, _TRUNK] = posture.trunk[span]
    out[:, _HEAD] = posture.head[span]
    out[:, _ARMS] = posture.arms[span].reshape(num, 8)
    balls = posture.ankles[span] + posture.feet[span] @ take.body.offsets[joint("l_foot")]
    out[:, _BALLS] = ((balls - anchor.at) @ back).reshape(num, 6)
    out[:, _FEET] = angles_of(posture.feet[span], facing=anchor.yaw).reshape(num, 8)
    out[:, _KNEES] = (posture.knees[span] @ back).reshape(num, 6)
    return out


def _values(body: Body, keys: Sequence[Key], base: Floats) -> tuple[Floats, Floats]:
    """Columns of every key (K, columns), and wrists of bearing hands (K, 2, 3)."""
    values = np.empty((len(keys), _COLUMNS))
    goals = np.full((len(keys), 2, 3), np.nan)
    for k, key in enumerate(keys):
        stood = base[0] if k == 0 else base[-1]
        values[k] = stood
        if key.pose is None:
            continue
        pose = key.pose
        values[k, _HIPS.start : _HEAD.stop] = (*pose.hips, *pose.turn, *pose.trunk, *pose.head)
        values[k, _ARMS] = (*pose.arms[0], *pose.arms[1])
        values[k, _HOLDS] = [hand is not None and hand.bears for hand in pose.hands]
        values[k, _AWAY] = 1.0
        for side in (0, 1):
            foot, knee, hand = pose.feet[side], pose.knees[side], pose.hands[side]
            if foot is not None:
                values[k, 21 + 3 * side : 24 + 3 * side] = foot.ball
                values[k, 27 + 4 * side : 31 + 4 * side] = foot.turn
            if knee is not None:
                values[k, 35 + 3 * side : 38 + 3 * side] = knee
            if hand is not None:
                goals[k, side] = hand.at
    arms = values[:, _ARMS].reshape(-1, 2, 4)
    have = np.isfinite(goals[:, :, 0])
    if have.any():
        turns = matrix_of(values[:, _TURN])
        fitted = fit_arms(body, values[:, _HIPS], turns, values[:, _TRUNK], goals=goals)
        arms = np.where(have[:, :, None], fitted, arms)
    # the shorter way round: a flexion or a turn beyond half a circle is the same arm
    swung = arms[:, :, ::2]
    swung[1:] -= 2.0 * np.pi * np.cumsum(np.round((swung[1:] - swung[:-1]) / (2.0 * np.pi)), axis=0)
    values[:, _ARMS] = arms.reshape(-1, 8)
    goals[~(values[:, _HOLDS] > 0.0)] = np.nan
    return values, goals


def _curve(t: Floats, keys: Sequence[Key], values: Floats) -> Floats:
    """Through all keys with continuous acceleration, without overshoot; still before and after.

    Between two rests it is the minimum-jerk curve; a pose on the way is passed without a stop.
    """
    times = np.array([key.at_s for key in keys])
    if len(keys) == 1:
        return np.repeat(values, len(t), axis=0)
    step = (times[1:] - times[:-1])[:, None]
    chord = (values[1:] - values[:-1]) / step
    into, out = np.zeros_like(values), np.zeros_like(values)
    one, other = chord[:-1], chord[1:]
    same = one * other > 0.0
    first, second = 2 * step[1:] + step[:-1], step[1:] + 2 * step[:-1]
    mean = np.divide(
        (first + second) * one * other,
        first * other + second * one,
        out=np.zeros_like(one),
        where=same,
    )
    into[1:-1] = out[1:-1] = mean
    for k, key in enumerate(keys):
        if key.impact and k:
            into[k], out[k] = _IMPACT * chord[k - 1], 0.0
    at = np.minimum(np.maximum(np.searchsorted(times, t, side="right") - 1, 0), len(step) - 1)
    length = step[at, 0]
    u = np.minimum(np.maximum((t - times[at]) / length, 0.0), 1.0)
    cube = u * u * u
    rise = cube * (10.0 - 15.0 * u + 6.0 * u * u)
    # what each key's place, speed away and speed towards count for in each frame
    rows, num = np.arange(len(t)), len(keys)
    share = np.zeros((len(t), 3 * num))
    share[rows, at] = 1.0 - rise
    share[rows, at + 1] = rise
    share[rows, num + at] = length * (u - cube * (6.0 - 8.0 * u + 3.0 * u * u))
    share[rows, 2 * num + at + 1] = -length * cube * (4.0 - 7.0 * u + 3.0 * u * u)
    track: Floats = share @ np.concatenate([values, out, into])
    return track


def _lift(t: Floats, keys: Sequence[Key], values: Floats, track: Floats) -> None:
    """Raise feet that go from one place on the floor to another."""
    for column in (21, 24):
        ball = values[:, column : column + 3]
        far = np.hypot(*np.diff(ball[:, (0, 2)], axis=0).T)
        rolls = np.abs(np.diff(values[:, 28 + 4 * (column == 24)])) > 1.0
        high = np.minimum(_LIFT_SHARE * far, np.where(rolls, _ROLL_LIFT_M, _LIFT_MOST_M))
        low = np.maximum(ball[:-1, 1], ball[1:, 1]) < _ON_FLOOR_M
        for k in np.flatnonzero((far > _STEP_M) & low).tolist():
            first, last = np.searchsorted(t, (keys[k].at_s, keys[k + 1].at_s))
            u = (t[first:last] - keys[k].at_s) / (keys[k + 1].at_s - keys[k].at_s)
            track[first:last, column + 1] += high[k] * 16.0 * (u * (1.0 - u)) ** 2


def _write(take: Take, anchor: Anchor, span: slice, track: Floats) -> None:
    """Columns back to the posture, in the world."""
    posture, body = take.posture, take.body
    world = axis_rotation("Y", np.array(anchor.yaw))
    num = len(track)
    track[:, [_TURN.start, _FEET.start, _FEET.start + 4]] += anchor.yaw
    posture.turn[span] = matrix_of(track[:, _TURN])
    posture.trunk[span] = track[:, _TRUNK]
    posture.head[span] = track[:, _HEAD]
    posture.arms[span] = track[:, _ARMS].reshape(num, 2, 4)
    feet = matrix_of(track[:, _FEET].reshape(num, 2, 4))
    posture.feet[span] = feet
    balls = track[:, _BALLS].reshape(num, 2, 3) @ world.T + anchor.at
    lever = feet.reshape(-1, 3) @ body.offsets[joint("l_foot")]
    posture.ankles[span] = balls - lever.reshape(num, 2, 3)
    posture.knees[span] = track[:, _KNEES].reshape(num, 2, 3) @ world.T
    hips = track[:, _HIPS] @ world.T + anchor.at
    across = body.offsets[(1, 2), 0]
    hip = hips[:, None] + posture.turn[span][:, None, :, 0] * across[:, None]
    lengths = (body.length("l_knee"), body.length("l_ankle"))
    thigh, _ = two_bones(posture.ankles[span] - hip, posture.knees[span], lengths=lengths)
    gap = _KNEE_LEAST_M - (hip[..., 1] + lengths[0] * thigh[..., 1]).min(axis=1)
    low = 0.5 * (gap + np.sqrt(gap**2 + 0.005**2))
    hips[:, 1] += low * np.clip(track[:, _AWAY], 0.0, 1.0)
    posture.hips[span] = hips


def _hold_hands(
    take: Take, anchor: Anchor, span: slice, keys: Sequence[Key], goals: Floats, track: Floats
) -> None:
    """Plant bearing hands in the world: a hand that has let go keeps its goal till it is free."""
    world = axis_rotation("Y", np.array(anchor.yaw))
    times = np.array([key.at_s for key in keys])
    t = take.posture.t[span]
    for side in (0, 1):
        known = np.flatnonzero(np.isfinite(goals[:, side, 0]))
        if not known.size:
            continue
        # halfway between two bearing keys with a free one between them the hand is free: it may
        # change its goal there; from one bearing key straight to the next it moves over the floor
        place = np.empty((len(t), 3))
        place[:] = goals[known[0], side]
        for one, other in pairwise(known.tolist()):
            u = (t - times[one]) / (times[other] - times[one])
            gap = goals[other, side] - goals[one, side]
            place += ease(u)[:, None] * gap
            if math.hypot(*gap) > _STEP_M:
                v = np.clip(u, 0.0, 1.0)
                place[:, 1] += 16.0 * (v * (1.0 - v)) ** 2 * 0.05
        take.posture.hold[span, side] = place @ world.T + anchor.at
        take.posture.hold_weight[span, side] = np.clip(track[:, _HOLDS.start + side], 0.0, 1.0)
