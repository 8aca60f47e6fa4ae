"""Climbing about on a frame of a playground: up to it, up, along, and down at another place."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from stickgen_model.motion.rotations import axis_rotation
from tasks.synthesize.engine.carry import (
    Figure,
    Ground,
    ground_at,
    keep_toes_up,
    lay_over,
    move_rest,
    window,
)
from tasks.synthesize.engine.cycles import arc, between
from tasks.synthesize.engine.steps import keep_hips_in_reach
from tasks.synthesize.engine.take import Beat, Deed, Take
from tasks.synthesize.engine.timing import ease

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

__all__ = ["climb_frame"]

_BAR_M: Final = 0.30
"""Between two bars; hips of the climbers in CMU trials 01_02, 01_04 and 01_05 rise by 0.3 to 0.9 m
and travel at 0.2 statures a second, 1.3 s a move."""
_MOVE_S: Final = 1.15
_CROUCH: Final = 0.035
"""Hips below standing on the bars, share of stature."""
_EDGE_S: Final = 0.4


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class _Route:
    """Places of the climb: k + 1 rests with k moves between them."""

    place: Floats
    """(k + 1, 3) of the feet's middle: left, up, ahead of the start, metres."""
    sink: Floats
    """(k + 1,) hips below standing, metres."""
    hands: Floats
    """(k + 1, 2, 3) wrists, metres from the start."""
    grip: Floats
    """(k + 1,) whether the hands hold on."""
    lean: Floats
    """(k + 1, 3) trunk forward, aside, and turn of the body, radians."""
    lift: Floats
    """(k, 2) height of the feet's arcs, metres."""
    starts: Floats
    """(k,) seconds."""
    seconds: Floats
    """(k,)."""
    first: int
    """Which foot goes first."""

    def share(self, t: Floats, low: Floats, high: Floats) -> Floats:
        """(T, k) how much of each move is done, if it takes place between two shares of it."""
        return ease((self.at(t) - low) / (high - low))

    def at(self, t: Floats) -> Floats:
        """(T, k) how far each move has come, unbounded."""
        u: Floats = (t[:, None] - self.starts) / self.seconds
        return u

    def foot_times(self, side: int) -> tuple[Floats, Floats]:
        """(k,) shares of each move between which a foot is in the air."""
        rise = np.diff(self.place[:, 1])
        leads = side == self.first
        low = np.where(rise < 0.0, 0.10, 0.02) if leads else np.where(rise > 0.0, 0.54, 0.50)
        return low, low + 0.42


def climb_frame(take: Take, beat: Beat) -> Deed:
    """Steps up to a frame, climbs it bar by bar, goes along, looks about, and comes down."""
    lots = take.rng.uniform(size=(14, 14))
    span = window(take, beat, enter_s=_EDGE_S, leave_s=_EDGE_S)
    ground = ground_at(take.posture, max(beat.start_s, 0.0))
    last = float(take.t[-1])
    before, after = beat.start_s < 0.0, beat.end_s > last
    start = 0.0 if before else span.full[0] - 0.2
    end = last if after else span.full[1]
    route = _route(take, lots, (start, end), _kinds(take, lots, end - start, (before, after)))
    weight = span.weight(take.t)
    if not after:
        gone = ease((take.t - start) / (end - start))[:, None] * route.place[-1]
        # it stands where it has come down; while the figure rules, the base is not seen
        move_rest(take.posture, gone @ ground.basis.T)
    figure, legs = _figure(take, ground, route, start)
    if before:
        legs[:] = 1.0
    hold = _along(route.grip, route.share(take.t, np.array(0.0), np.array(0.6))) * weight
    hands = np.stack([hold, hold], axis=-1)
    lay_over(take.posture, ground, figure, weight, legs=legs * weight[:, None], hands=hands)
    inside = np.flatnonzero(weight > 0.0)
    frames = slice(int(inside[0]), int(inside[-1]) + 1)
    air = [_arcs(route, take.t[frames], side).max(axis=1) for side in (0, 1)]
    keep_hips_in_reach(take, frames, np.stack(air, axis=-1))
    keep_toes_up(take.posture, take.body, float(ground.origin[1]) - take.body.ankle_height)
    return Deed(
        action="climb",
        start_s=beat.start_s,
        end_s=beat.end_s,
        direction="" if before == after else ("down" if before else "up"),
        style="frame",
    )


def _kinds(take: Take, lots: Floats, room_s: float, cut: tuple[bool, bool]) -> list[str]:
    """What the moves are, in order; a climb that is cut has no part on the floor there."""
    before, after = cut
    num = int(between(round(room_s * take.manner.tempo / (1.25 * _MOVE_S)), 3, 9))
    if before and after:
        order = ("along", "up", "along", "down")
        return [order[(k + int(4 * lots[0, 0])) % 4] for k in range(num)]
    near = int(num >= 4) + int(num >= 7 and lots[0, 1] < 0.5)
    ways = 1 if before or after else 2
    high = 1 + int(2.4 * lots[0, 2])
    high = max(1, min(high, (num - near) // ways))
    along = max(0, num - near - ways * high)
    up, down = ["walk"] * near + ["up"] * high, ["down"] * high
    if before:
        return ["along"] * along + down + ["walk"] * near
    # some of the way along is gone half-way up
    early = int(along > 1 and high > 1)
    up = up[:-1] + ["along"] * early + up[-1:] + ["along"] * (along - early)
    return up if after else up + down


def _route(take: Take, lots: Floats, span: tuple[float, float], kinds: list[str]) -> _Route:
    tall, num = take.body.stature, len(kinds)
    bar = _BAR_M * tall / 1.7 * (0.85 + 0.3 * lots[1, 0])
    way = 1.0 if lots[1, 1] < 0.5 else -1.0
    ahead = lots[1, 2] < 0.45
    place = np.zeros((num + 1, 3))
    for k, kind in enumerate(kinds):
        size = (0.17 + 0.15 * lots[2, k]) * tall
        step = {
            "walk": (0.0, 0.0, 1.2 * size),
            "up": (0.0, bar, 0.25 * size),
            "down": (0.15 * way * size, -bar, 0.25 * size),
            "along": (0.0, 0.0, size) if ahead else (way * size, 0.0, 0.0),
        }[kind]
        place[k + 1] = place[k] + step
    place[:, 1] -= min(0.0, float(place[:, 1].min()))
    if kinds[0] != "up" and "down" in kinds and "walk" not in kinds:
        place[:, 1] += bar
    off = place[:, 1] > 0.01
    top = place[:, 1] > place[:, 1].max() - 0.01
    soon = off | np.append(off[1:], False)
    low = np.where(top, 0.40, 0.50) + np.where(top, 0.32, 0.26) * lots[3, 0]
    hands = np.repeat(place[:, None], 2, axis=1)
    for side, sign in ((0, 1.0), (1, -1.0)):
        jitter = lots[4 + side, : num + 1]
        hands[:, side, 0] += sign * (0.10 + 0.08 * jitter) * tall
        hands[:, side, 1] += (low + 0.08 * jitter) * tall
        hands[:, side, 2] += (0.15 + 0.07 * lots[6 + side, : num + 1]) * tall
    bend = np.where(top, 0.10 + 0.45 * lots[8, 0], 0.08 + 0.15 * lots[9, : num + 1])
    around = (lots[10, : num + 1] - 0.5) * np.where(top, 0.9, 0.3)
    lean = np.stack([bend, 0.25 * (lots[11, : num + 1] - 0.5), around], axis=-1) * off[:, None]
    lift = tall * (0.035 + 0.03 * lots[12:14, :num].T)
    over = int(lots[1, 3] * 2 * num)
    if over < num and kinds[over] != "walk":
        lift[over] += (0.10, 0.04) if lots[1, 4] < 0.5 else (0.04, 0.10)
    starts, seconds = _times(lots, span, num)
    return _Route(
        place=place,
        sink=(_CROUCH + 0.05 * lots[3, : num + 1]) * tall * off,
        hands=hands,
        grip=soon.astype(np.float64),
        lean=lean,
        lift=lift,
        starts=starts,
        seconds=seconds,
        first=0 if way > 0 else 1,
    )


def _times(lots: Floats, span: tuple[float, float], num: int) -> tuple[Floats, Floats]:
    """When the moves start and how long they take; between some of them is a rest."""
    seconds = 0.8 + 0.5 * lots[2, :num]
    rests = np.where(lots[8, :num] < 0.35, 0.2 + 0.9 * lots[9, :num], 0.03)
    rests[0] = 0.05
    ends = np.cumsum(seconds + rests)
    scale = (span[1] - span[0]) / float(ends[-1])
    starts: Floats = span[0] + scale * (ends - seconds)
    return starts, scale * seconds


def _along(rests: Floats, shares: Floats) -> Floats:
    """Track through values at rests (k + 1, ...), with how much of each move is done (T, k)."""
    flat = rests.reshape(len(rests), -1)
    track: Floats = flat[0] + shares @ np.diff(flat, axis=0)
    return track.reshape(len(shares), *rests.shape[1:])


def _arcs(route: _Route, t: Floats, side: int) -> Floats:
    """(T, k) 0 while the foot bears, 1 in the middle of its way."""
    low, high = route.foot_times(side)
    return arc((route.at(t) - low) / (high - low))


def _figure(take: Take, ground: Ground, route: _Route, start_s: float) -> tuple[Figure, Floats]:
    """The body on its route, and the weights of the legs, 0 until their first step."""
    body, t = take.body, take.t
    tall, num = body.stature, len(t)
    rise = np.diff(route.place[:, 1])
    first = np.where(rise > 0.0, 0.36, np.where(rise < 0.0, 0.0, 0.10))
    shares = route.share(t, first, first + np.where(rise == 0.0, 0.8, 0.64))
    lean = _along(route.lean, shares)
    hips = _along(route.place, shares)
    stand = body.hip_height - body.ankle_height - 0.01 * tall
    hips[:, 1] += stand - _along(route.sink, shares)
    hips[:, 2] -= 0.10 * tall * np.sin(lean[:, 0])
    when = min(int(np.searchsorted(t, start_s)), num - 1)
    home = ground.local(take.posture.ankles[when])
    ankles, hold, legs = np.zeros((num, 2, 3)), np.zeros((num, 2, 3)), np.zeros((num, 2))
    for side in (0, 1):
        low, high = route.foot_times(side)
        gone, up = route.share(t, low, high), _arcs(route, t, side)
        ankles[:, side] = home[side] + _along(route.place, gone)
        ankles[:, side, 1] += (up * route.lift[:, side]).sum(axis=-1)
        # back from the bar, and around it
        ankles[:, side, 2] -= 0.035 * tall * (up * (rise != 0.0)).sum(axis=-1)
        legs[:, side] = np.minimum(1.0, 3.0 * gone[:, 0])
        late = 0.0 if side == route.first else 0.36
        reach = route.share(t, np.array(late), np.array(late + 0.42))
        hold[:, side] = _along(route.hands[:, side], reach)
        hold[:, side, 2] -= 0.04 * tall * arc((route.at(t) - late) / 0.42).sum(axis=-1)
    wide = np.array([[0.35, 0.1, 1.0], [-0.35, 0.1, 1.0]])
    zero = np.zeros(num)
    figure = Figure(
        hips=hips,
        turn=axis_rotation("Y", 0.5 * lean[:, 2]) @ axis_rotation("X", 0.45 * lean[:, 0]),
        trunk=np.stack([0.55 * lean[:, 0], 0.5 * lean[:, 2], lean[:, 1]], axis=-1),
        head=np.stack([zero - 0.35 * lean[:, 0], 0.4 * lean[:, 2], zero], axis=-1),
        ankles=ankles,
        feet=np.broadcast_to(np.eye(3), (num, 2, 3, 3)),
        knees=wide * np.ones((num, 1, 1)),
        hold=hold,
        elbows=0.4,
    )
    return figure, legs
