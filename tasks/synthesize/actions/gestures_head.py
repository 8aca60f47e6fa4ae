"""Signs made with the head: nodding, shaking, looking about."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from tasks.synthesize.engine.repeats import bumps, rocking
from tasks.synthesize.engine.strokes import Act, begin_act
from tasks.synthesize.engine.take import ActionSpec, Beat, Deed, Take
from tasks.synthesize.engine.timing import keyed

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

__all__ = ["SPECS"]

_NODS: Final = ("gentle", "quick", "deep")
_SHAKES: Final = ("gentle", "firm", "disbelief")
_LOOKS: Final = ("slow", "searching", "far")
_WAYS: Final = ("left", "right", "up", "down", "around")
_AROUND: Final = (
    (0.0, 0.0, 0.0),
    (0.20, 1.0, 0.10),
    (0.38, 0.9, 0.15),
    (0.60, -1.0, -0.10),
    (0.80, -0.9, 0.05),
    (1.0, 0.0, 0.0),
)
"""Gaze: share of the beat, where the eyes are sideways, how high; -1..1, by eye."""
_SEARCH: Final = (
    (0.0, 0.0, 0.0),
    (0.14, 1.0, -0.20),
    (0.26, 0.95, 0.10),
    (0.42, -0.8, 0.25),
    (0.56, -1.0, -0.30),
    (0.66, 0.2, 0.30),
    (0.84, 0.7, -0.10),
    (1.0, 0.0, 0.0),
)
_ASIDE: Final = (
    (0.0, 0.0, 0.0),
    (0.25, 0.9, 0.10),
    (0.45, 0.95, 0.10),
    (0.58, 0.70, -0.10),
    (0.78, 0.75, -0.10),
    (1.0, 0.0, 0.0),
)
_UP: Final = (
    (0.0, 0.0, 0.0),
    (0.25, 0.15, 1.0),
    (0.45, 0.15, 0.9),
    (0.60, -0.20, 1.05),
    (0.80, -0.20, 1.0),
    (1.0, 0.0, 0.0),
)
_ANY: Final = ("stand", "walk", "sit", "crouch", "kneel", "lie")


def _nod(take: Take, beat: Beat) -> Deed:
    act = begin_act(take, beat, styles=_NODS)
    period, size = {"gentle": (0.75, 0.62), "quick": (0.48, 0.55), "deep": (1.10, 0.95)}[act.style]
    borders = act.times(
        0.25, period=period, fewest=2 - (act.style == "deep"), most=8, least_period=0.3
    )
    count = len(borders) - 1
    dip = bumps(act.t, borders, act.size * act.heights(count), skew=0.85)
    lift = act.weight(0.3)
    # the chin comes up a little before it goes down
    act.head(lift, nod=size * dip - 0.10)
    act.trunk(lift, bend=(0.14 if act.style == "deep" else 0.08) * dip)
    act.shift(lift, down=0.008 * dip)
    act.posture.arms[:, :, 0] += (0.04 * lift * dip)[:, None]
    return act.done(count=count)


def _shake_head(take: Take, beat: Beat) -> Deed:
    act = begin_act(take, beat, styles=_SHAKES)
    period, size = {"gentle": (0.90, 1.0), "firm": (0.60, 1.1), "disbelief": (1.25, 1.1)}[act.style]
    borders = act.times(0.35, period=period, most=6, least_period=0.4)
    count = len(borders) - 1
    swing = size * act.size * rocking(act.t, borders, act.heights(count))
    lift = act.weight(0.4)
    # the head of a turning neck moves aside too; the chest follows by a tenth
    act.head(lift, turn=0.62 * swing, tilt=0.42 * swing)
    act.trunk(lift, twist=0.13 * swing, lean=-0.03 * swing)
    act.posture.arms[:, :, 0] += (0.03 * lift * swing)[:, None] * np.array([1.0, -1.0])
    if act.style == "disbelief":
        sad = act.weight(0.6)
        act.head(sad, nod=0.45)
        act.trunk(sad, bend=0.10)
        act.reach(act.side, act.place(-0.07, 0.20, 0.17), act.weight(0.6, late=0.1), out=0.2)
    elif act.style == "firm":
        _refuse(act, swing)
    return act.done(count=count)


def _refuse(act: Act, swing: Floats) -> None:
    """One raised palm goes along with the head."""
    lift = act.weight(0.5)
    palm = act.place(-0.20, -0.10, 0.34) + swing[:, None] * np.array([-0.05 * act.scale, 0.0, 0.0])
    act.reach(act.side, palm, lift, out=0.1)


def _look_around(take: Take, beat: Beat) -> Deed:
    act = begin_act(take, beat, styles=_LOOKS)
    direction = beat.direction if beat.direction in _WAYS else "around"
    gaze, height = _gaze(act, direction)
    lift, late = act.weight(0.3), act.weight(0.5, late=0.1)
    side = act.away
    act.head(lift, turn=side * 0.85 * gaze, nod=-0.75 * height, tilt=side * 0.18 * gaze)
    act.trunk(late, twist=side * 0.36 * gaze, bend=-0.16 * height, lean=-0.04 * side * gaze)
    act.swivel(late, 0.20 * gaze)
    act.shift(late, aside=side * 0.020 * gaze)
    act.posture.arms[:, :, 1] += (0.06 * late * np.abs(gaze))[:, None]
    if act.style == "far":
        shade = act.weight(0.6)
        act.reach(act.side, act.place(-0.13, 0.24, 0.13), shade, out=0.40)
        act.trunk(shade, bend=0.12)
        act.shift(shade, ahead=0.02)
    return act.done(direction=direction, side=act.hand() if act.style == "far" else "")


def _gaze(act: Act, direction: str) -> tuple[Floats, Floats]:
    """Where the eyes go: -1..1 to the left, -1..1 up; each (N,)."""
    span = act.end - act.start
    first = 1.0 if act.dice[50] > 0 else -1.0
    sign = {"left": 1.0, "right": -1.0}.get(direction)
    wide, high = min(1.15, act.size), 1.0
    row: tuple[tuple[float, float, float], ...] = _AROUND
    if direction in ("up", "down"):
        row = _UP
        high = 1.0 if direction == "up" else -0.8
    elif sign is not None:
        row, first, high = _ASIDE, sign, 1.0
    elif act.style == "searching" and span > 2.4:
        row = _SEARCH
    shares, sideways, heights = np.array(row).T
    times = [act.start + share * span for share in shares]
    return first * wide * keyed(act.t, times, sideways), high * keyed(act.t, times, heights)


SPECS: Final = (
    ActionSpec(
        name="nod",
        kind="upper",
        seconds=(1.2, 3.0),
        play=_nod,
        over=_ANY,
        counts=(1, 6),
        styles=_NODS,
    ),
    ActionSpec(
        name="shake_head",
        kind="upper",
        seconds=(1.6, 3.5),
        play=_shake_head,
        over=_ANY,
        counts=(1, 5),
        styles=_SHAKES,
    ),
    ActionSpec(
        name="look_around",
        kind="upper",
        seconds=(2.2, 5.0),
        play=_look_around,
        over=("stand", "walk", "sit", "crouch", "kneel"),
        directions=_WAYS,
        styles=_LOOKS,
    ),
)
