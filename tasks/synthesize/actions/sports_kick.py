"""Kicks: chamber, extension, chamber, and the foot back where it was."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from tasks.synthesize.actions.sports_kick_kinds import DOWN, GUARD, KINDS, SOCCER, KickKind
from tasks.synthesize.engine.freeleg import aim_leg
from tasks.synthesize.engine.keyposes import lay_pose, mirrored, pose
from tasks.synthesize.engine.splines import frames_of, glide
from tasks.synthesize.engine.steps import FootMove, keep_hips_in_reach, pivot_feet, step_feet
from tasks.synthesize.engine.take import ActionSpec, Beat, Deed, Take
from tasks.synthesize.engine.timing import ease, pulse

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

__all__ = ["KICK"]

_LEAD_S: Final = 0.35
_RUN_UP_S: Final = 0.42
_HOME_S: Final = 0.42


def _kick(take: Take, beat: Beat) -> Deed:
    rng = take.rng
    draws = rng.uniform(size=4)
    style = beat.style or tuple(KINDS)[int(draws[0] * len(KINDS))]
    kind = KINDS[style]
    length = beat.end_s - beat.start_s
    extra = _RUN_UP_S + 2 * _HOME_S if style == "soccer" else 0.12
    usual = (sum(kind.seconds) + extra) / take.manner.tempo
    room = length - 2 * _LEAD_S * 0.8
    most = max(1, int(room / (0.72 * usual)))
    count = min(beat.count or max(1, min(3, round(room / usual))), most, 4)
    pace = min(1.35, room / (count * usual)) / take.manner.tempo
    first = take.manner.handed if beat.side is None else beat.side
    swap = count > 1 and beat.side is None and draws[1] < 0.5
    sides = [first ^ (k % 2) if swap else first for k in range(count)]
    gap = (length - count * pace * (sum(kind.seconds) + extra)) / (count + 1)
    starts = [
        beat.start_s + gap + k * (gap + pace * (sum(kind.seconds) + extra)) for k in range(count)
    ]
    _perform(take, beat, kind, starts=starts, sides=sides, pace=pace, grow=0.9 + 0.2 * draws[2])
    name = "both" if swap else ("right" if first else "left")
    direction = kind.direction
    if style == "side":
        direction = "" if swap else name
    return Deed(
        action="kick",
        start_s=beat.start_s,
        end_s=beat.end_s,
        side=name,
        count=count,
        thing="ball" if style == "soccer" else "",
        direction=direction,
        style=style,
    )


def _perform(
    take: Take,
    beat: Beat,
    kind: KickKind,
    *,
    starts: list[float],
    sides: list[int],
    pace: float,
    grow: float,
) -> None:
    frames = frames_of(take, beat.start_s, beat.end_s)
    t = take.t[frames]
    soccer = kind is SOCCER
    spans = pace * np.array((0.0, *kind.seconds))
    # a leg strikes as fast as it can, however hurried the rest is
    quick = float(np.clip(pace, 0.9, 1.15))
    spans[2], spans[4] = quick * kind.seconds[1], spans[4] + spans[2] - quick * kind.seconds[1]
    delay = pace * _RUN_UP_S if soccer else 0.0
    keys = [start + delay + np.cumsum(spans) for start in starts]
    stride = 0.42 * take.body.leg * take.manner.amplitude
    step = step_feet(take, frames, _run_up(starts, sides, keys, stride) if soccer else [])
    rows = _body(take, beat, kind, keys, sides)
    lay_pose(take, frames, rows, pulse(t, beat.start_s, beat.end_s, _LEAD_S))
    free, yaw = np.zeros((len(t), 2)), np.zeros((len(t), 2))
    for at, side in zip(keys, sides, strict=True):
        free[:, side] += _free(t, at)
        turn = ease((t - at[0] - 0.1) / (at[2] - at[0])) - ease((t - at[3]) / (at[5] - at[3]))
        yaw[:, 1 - side] += (1.0 if side else -1.0) * kind.pivot * turn
    pivot_feet(take, frames, yaw, np.zeros_like(yaw), on_heels=True)
    keep_hips_in_reach(take, frames, np.maximum(step.air, free))
    for side in sorted(set(sides)):
        own = [at for at, one in zip(keys, sides, strict=True) if one == side]
        # no time to kick high in a beat that is too short for it
        height = grow * min(1.0, max(0.5, pace / 0.75))
        legs = glide(t, np.concatenate(own), np.tile(_leg_rows(take, kind, height), (len(own), 1)))
        aim_leg(take, frames, side, legs, free[:, side])


def _body(take: Take, beat: Beat, kind: KickKind, keys: list[Floats], sides: list[int]) -> Floats:
    """Hips, pelvis, trunk, head and arms of all kicks, (n, 20)."""
    frames = frames_of(take, beat.start_s, beat.end_s)
    soccer = kind is SOCCER
    rest = pose() if soccer else pose(hips=(0.0, -0.03, 0.0), arms=GUARD)
    times, rows = [beat.start_s, beat.start_s + 0.3], [pose(), rest]
    for at, side in zip(keys, sides, strict=True):
        times += list(at)
        rows += [row if side else mirrored(row) for row in (rest, *kind.poses, rest)]
    times += [beat.end_s - 0.3, beat.end_s]
    track = glide(take.t[frames], times, np.array([*rows, rest, pose()]))
    ankles = take.posture.ankles[frames.start]
    half = float(np.linalg.norm(ankles[0] - ankles[1])) / 2
    # after a run-up the steps already carry the hips over the standing foot
    track[:, 0] *= 0.0 if soccer else half / take.body.leg
    track[:, 3:12] *= 0.85 + 0.15 * take.manner.amplitude
    return track


def _free(t: Floats, at: Floats) -> Floats:
    """1 while the foot is led by the angles, with ramps as it leaves and as it comes down."""
    up = 0.55 * (at[1] - at[0])
    down = 0.75 * (at[5] - at[4])
    begin = at[0] + 0.25 * (at[1] - at[0])
    return ease((t - begin) / up) * (1.0 - ease((t - at[5] + down) / down))


def _leg_rows(take: Take, kind: KickKind, grow: float) -> Floats:
    """Angles at the six keys of one kick; its height goes with the manner's amplitude."""
    rows = np.array([DOWN, *kind.legs, DOWN])
    size = np.clip(grow * (0.6 + 0.4 * take.manner.amplitude), 0.5, 1.12)
    rows[2:4, :2] *= size
    return rows


def _run_up(
    starts: list[float], sides: list[int], keys: list[Floats], stride: float
) -> list[FootMove]:
    """The standing foot steps beside the ball; after the kick both feet come home."""
    moves: list[FootMove] = []
    for start, side, at in zip(starts, sides, keys, strict=True):
        stand = 1 - side
        home = (at[5] - at[0]) * 0.30
        moves += [
            FootMove(side=stand, start_s=start, end_s=at[0] + 0.06, ahead=stride, lift=0.07),
            # in the air the angles lead this foot; meanwhile its place moves up under the body
            FootMove(side=side, start_s=at[0] + 0.07, end_s=at[5], ahead=0.9 * stride, over=0.95),
            FootMove(side=stand, start_s=at[5] + 0.1, end_s=at[5] + 0.1 + home, lift=0.05),
            FootMove(side=side, start_s=at[5] + 0.12 + home, end_s=at[5] + 0.12 + 2 * home),
        ]
    return moves


KICK: Final = ActionSpec(
    name="kick",
    kind="whole",
    seconds=(1.9, 5.0),
    play=_kick,
    sided=True,
    counts=(1, 4),
    things=("ball",),
    directions=("forward", "up", "left", "right"),
    styles=tuple(KINDS),
)
