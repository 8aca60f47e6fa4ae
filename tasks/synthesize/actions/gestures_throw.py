"""Throwing: wind-up, stride, one stroke of the arm, follow-through."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Final

import numpy as np

from tasks.synthesize.engine.repeats import local_time
from tasks.synthesize.engine.stepping import move_foot, raise_heel, sink_to_reach
from tasks.synthesize.engine.strokes import Act, begin_act
from tasks.synthesize.engine.take import ActionSpec, Beat, Deed, Take
from tasks.synthesize.engine.timing import ease, keyed

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Place = tuple[float, float, float]

__all__ = ["SPECS"]

_THROWS: Final = ("overarm", "underarm", "chest_pass", "backhand")
_THROWN: Final = {
    "ball": ("overarm", "underarm", "chest_pass"),
    "stone": ("overarm", "underarm"),
    "snowball": ("overarm",),
    "paper plane": ("overarm",),
    "basketball": ("chest_pass",),
    "frisbee": ("backhand",),
    "bag": ("underarm",),
}
_THROW_S: Final = 1.9


@dataclass(frozen=True, kw_only=True, slots=True)
class _Throw:
    """Places of the right wrist in the chest's frame, metres, and what the body does; by eye."""

    cocked: Place
    out: tuple[Place, Place]
    """Control points of the curve along which the hand comes forward."""
    follow: Place
    free: tuple[Place, Place]
    """The other hand at the wind-up and at the follow-through, as if it were the right one."""
    twist: float
    """Chest towards the throwing hand in the wind-up; it unwinds to the other side."""
    bend: tuple[float, float]
    stride: float
    """Step of the foot, metres."""
    drive: float = 0.47
    """Share of the throw from cocked to followed through; the rest is coming back."""
    around: Place = (0.0, 0.0, 0.0)
    """Bow of the way to the wind-up: around the shoulder, not through it."""
    same_foot: bool = False
    """True: the foot of the throwing side steps out, else the other one."""


_FORMS: Final = {
    "overarm": _Throw(
        cocked=(-0.42, 0.27, -0.12),
        around=(-0.26, -0.08, 0.06),
        out=((-0.42, 0.55, 0.25), (-0.02, 0.25, 0.70)),
        follow=(0.14, -0.34, 0.30),
        free=((-0.24, 0.02, 0.47), (-0.20, -0.22, 0.10)),
        twist=0.55,
        bend=(-0.12, 0.36),
        stride=0.38,
    ),
    "underarm": _Throw(
        cocked=(-0.27, -0.38, -0.32),
        around=(-0.12, -0.04, 0.0),
        out=((-0.26, -0.70, 0.0), (-0.22, -0.42, 0.62)),
        follow=(-0.15, 0.16, 0.46),
        free=((-0.30, -0.24, 0.28), (-0.33, -0.36, 0.02)),
        twist=0.30,
        bend=(0.24, 0.04),
        stride=0.36,
    ),
    "chest_pass": _Throw(
        cocked=(-0.12, -0.12, 0.17),
        out=((-0.11, -0.06, 0.22), (-0.12, -0.05, 0.42)),
        follow=(-0.13, -0.07, 0.51),
        free=((-0.12, -0.12, 0.17), (-0.13, -0.07, 0.51)),
        twist=0.0,
        bend=(-0.06, 0.24),
        stride=0.26,
        drive=0.27,
    ),
    "backhand": _Throw(
        cocked=(0.19, -0.20, 0.17),
        out=((0.10, -0.18, 0.45), (-0.45, -0.12, 0.62)),
        follow=(-0.66, -0.02, 0.18),
        free=((-0.26, -0.34, 0.12), (-0.34, -0.32, -0.02)),
        twist=-0.55,
        bend=(0.16, 0.08),
        stride=0.26,
        same_foot=True,
    ),
}


def _throw(take: Take, beat: Beat) -> Deed:
    act = begin_act(take, beat, styles=_THROWN.get(beat.thing, _THROWS), two_handed=("chest_pass",))
    fitting = [thing for thing, ways in _THROWN.items() if act.style in ways]
    thing = beat.thing or fitting[int(abs(act.dice[51]) * 50.0) % len(fitting)]
    borders = act.times(0.25, period=_THROW_S, most=5, least_period=1.3)
    form = _FORMS[act.style]
    size = act.size * (0.7 if thing == "paper plane" else 1.0)
    u, keys = _throw_clock(act, borders, form.drive)
    _throw_arms(act, form, u, keys)
    _throw_body(act, form, u, keys=keys, size=size)
    if act.standing:
        _throw_steps(take, act, form, u=u, keys=keys)
    side = "both" if act.style == "chest_pass" else act.hand()
    return act.done(side=side, count=len(borders) - 1, thing=thing, direction="forward")


def _throw_clock(act: Act, borders: Floats, drive: float) -> tuple[Floats, tuple[float, ...]]:
    """Seconds since the last throw began (N,); start of the wind-up, cocked, followed through, end.

    The throw itself takes its own time however long the beat is: what is left is spent aiming.
    """
    u, length = local_time(act.t, borders)
    pace = act.pace * (0.9 + 0.2 * act.energy)
    tail = min(1.05 / pace, 0.64 * length)
    cocked = length - tail
    return u, (max(0.0, cocked - 0.75 / pace), cocked, cocked + drive * tail, length)


def _throw_arms(act: Act, form: _Throw, u: Floats, keys: tuple[float, ...]) -> None:
    begin, cocked, through, end = keys
    lift = act.weight(0.40)
    ready, lead = act.place(-0.055, -0.17, 0.27), [act.place(*form.cocked)]
    lead += [act.place(*one) for one in (*form.out, form.follow)]
    back = ease((u - begin) / (cocked - begin))[:, None]
    out = ease((u - cocked) / (through - cocked))[:, None]
    home = ease((u - through) / (end - through))[:, None]
    # a cubic curve from the cocked hand to the follow-through: one stroke without a stop
    bow = 4.0 * back * (1.0 - back) * act.place(*form.around)
    curve = (1 - out) ** 3 * (ready + back * (lead[0] - ready) + bow)
    curve += 3 * (1 - out) ** 2 * out * lead[1] + 3 * (1 - out) * out**2 * lead[2]
    curve += out**3 * lead[3]
    act.reach(act.side, curve + home * (ready - lead[3]), lift, out=0.35)
    first, second = (act.place(*one, side=act.other) for one in form.free)
    rest = act.place(-0.055, -0.17, 0.27, side=act.other)
    wind, drive = _phases(u, keys)
    free = rest + wind[:, None] * (first - rest) + drive[:, None] * (second - rest)
    act.reach(act.other, free, lift, out=0.2)


def _throw_body(act: Act, form: _Throw, u: Floats, *, keys: tuple[float, ...], size: float) -> None:
    """Pelvis first, then chest, then head: each a little later than the one before."""
    begin, cocked, through, end = keys
    lead = 0.18 * (through - cocked)
    lift = np.ones_like(u)
    wind, drive = _phases(u, (begin, cocked - lead, through - lead, end))
    early = _phases(u, (begin, cocked - 2.0 * lead, through - 2.0 * lead, end))
    unwind = form.twist * size
    twist = unwind * (wind - 0.8 * drive)
    act.trunk(
        lift,
        twist=twist,
        bend=form.bend[0] * wind + form.bend[1] * size * drive,
        lean=(0.10 * wind - 0.08 * drive) * (form.twist > 0.0),
    )
    act.swivel(lift, 0.6 * act.away * unwind * (early[0] - 0.8 * early[1]))
    # the eyes stay on the goal
    act.head(lift, turn=-0.9 * twist, nod=-0.16 * drive)
    way = form.stride / 0.38
    act.shift(
        lift,
        ahead=way * (0.20 * early[1] - 0.06 * early[0]),
        down=way * (0.015 * wind + 0.045 * drive),
    )


def _phases(u: Floats, times: tuple[float, ...]) -> tuple[Floats, Floats]:
    """How far the body is wound up, and how far it is thrown; 0..1, each (N,)."""
    up, over, home = (ease((u - before) / (after - before)) for before, after in pairwise(times))
    return up - over, over - home


def _throw_steps(take: Take, act: Act, form: _Throw, *, u: Floats, keys: tuple[float, ...]) -> None:
    begin, cocked, through, end = keys
    foot = act.side if form.same_foot else act.other
    plant = cocked + 0.10 * (through - cocked)
    go = ease((u - begin - 0.4 * (cocked - begin)) / (plant - begin - 0.4 * (cocked - begin)))
    home = ease((u - through - 0.05 * (end - through)) / (0.80 * (end - through)))
    stride, lift = form.stride * act.scale * act.size, 0.085 * act.scale
    move_foot(
        act.posture,
        foot,
        ahead=stride * (go - home),
        lift=lift * 4.0 * (go * (1.0 - go) + home * (1.0 - home)),
    )
    push = keyed(u, (cocked, through, through + 0.6 * (end - through)), (0.0, 0.75, 0.0))
    raise_heel(act.posture, take.body, 1 - foot, push * form.stride / 0.38)
    sink_to_reach(act.posture, take.body, fps=take.fps)


SPECS: Final = (
    ActionSpec(
        name="throw",
        kind="whole",
        seconds=(1.9, 3.8),
        play=_throw,
        sided=True,
        counts=(1, 3),
        things=tuple(_THROWN),
        styles=_THROWS,
    ),
)
