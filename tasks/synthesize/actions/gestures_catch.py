"""Catching: hands ready, out to meet what comes, in with it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from tasks.synthesize.engine.repeats import local_time
from tasks.synthesize.engine.stepping import raise_heel, sink_to_reach
from tasks.synthesize.engine.strokes import Act, begin_act
from tasks.synthesize.engine.take import ActionSpec, Beat, Deed, Take
from tasks.synthesize.engine.timing import keyed

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Place = tuple[float, float, float]

__all__ = ["SPECS"]

_CATCHES: Final = ("two_hands", "one_hand")
_CAUGHT: Final = ("ball", "frisbee", "bag", "snowball", "keys")
_CATCH_S: Final = 1.6


_REACHES: Final[dict[str, Place]] = {
    "forward": (0.0, -0.04, 0.49),
    "up": (0.0, 0.47, 0.20),
    "down": (0.0, -0.38, 0.40),
    "left": (0.27, -0.02, 0.32),
    "right": (-0.27, -0.02, 0.32),
}
"""Where the hands meet what comes, in the chest's frame, metres; x to the body's left."""


def _catch(take: Take, beat: Beat) -> Deed:
    act = begin_act(take, beat, styles=_CATCHES, two_handed=("two_hands",))
    thing = beat.thing or _CAUGHT[int(abs(act.dice[51]) * 50.0) % len(_CAUGHT)]
    ways = tuple(_REACHES)
    way = beat.direction if beat.direction in ways else ways[int(abs(act.dice[52]) * 50.0) % 5]
    if act.style == "one_hand" and beat.side is None and way in ("left", "right"):
        act = act.led_by(0 if way == "left" else 1)
    borders = act.times(0.3, period=_CATCH_S, most=5, least_period=1.0)
    u, length = local_time(act.t, borders)
    met = length - min(0.95 / act.pace, 0.62 * length)
    times = (
        max(0.0, met - 0.42 / act.pace),
        met,
        met + (0.42 if way == "up" else 0.30) / act.pace,
        length,
    )
    times = (*times[:2], min(times[2], 0.5 * (met + length)), length)
    _catch_arms(act, way, keyed(u, times, tuple(np.eye(4)[[0, 1, 2, 0]])))
    _catch_body(take, act, way, u=u, times=times)
    side = "both" if act.style == "two_hands" else act.hand()
    return act.done(side=side, count=len(borders) - 1, thing=thing, direction=way)


def _catch_arms(act: Act, way: str, parts: Floats) -> None:
    """Hands from ready to the meeting, in with what came, and back; parts (N, 4) mix the places."""
    lift = act.weight(0.40)
    goal = np.array(_REACHES[way]) * act.scale
    for side in (act.side, act.other):
        hands = np.zeros((4, 3))
        hands[0] = act.place(-0.12, -0.22, 0.33, side=side)
        if act.style == "two_hands":
            hands[1] = goal + act.place(-0.075, 0.0, 0.0, side=side)
            hands[2] = act.place(-0.065, -0.19, 0.24, side=side)
        elif side == act.side:
            hands[1] = goal + act.place(-0.12, 0.0, 0.0, side=side)
            hands[2] = act.place(-0.14, -0.16, 0.25, side=side)
        else:
            hands[1] = act.place(-0.34, -0.28, 0.10, side=side)
            hands[2] = act.place(-0.22, -0.28, 0.22, side=side)
        act.reach(side, parts @ hands, lift, out=0.25)


def _catch_body(take: Take, act: Act, way: str, *, u: Floats, times: tuple[float, ...]) -> None:
    lift = act.weight(0.5)
    go = keyed(u, times, (0.0, 1.0, 0.25, 0.0)) * act.size
    give = keyed(u, times, (0.0, 0.0, 1.0, 0.0))
    bend = {"up": -0.16, "down": 0.55}.get(way, 0.12)
    turn = {"left": 1.0, "right": -1.0}.get(way, 0.0) * act.away
    act.trunk(
        lift, bend=0.08 + bend * go + 0.10 * give, twist=0.30 * turn * go, lean=0.14 * turn * go
    )
    act.head(lift, nod={"up": -0.55, "down": 0.35}.get(way, 0.0) * go, turn=0.3 * turn * go)
    down = {"up": 0.0, "down": 0.15}.get(way, 0.03)
    act.shift(
        lift,
        aside=0.05 * turn * go,
        ahead=(-0.07 if way == "down" else 0.02) * go - 0.02 * give,
        down=0.02 + down * go + 0.035 * give,
    )
    if act.standing and way == "up":
        act.shift(lift, down=-0.045 * go)
        for side in (0, 1):
            raise_heel(act.posture, take.body, side, 0.40 * lift * go)
    if act.standing:
        sink_to_reach(act.posture, take.body, fps=take.fps)


SPECS: Final = (
    ActionSpec(
        name="catch",
        kind="whole",
        seconds=(1.5, 3.4),
        play=_catch,
        sided=True,
        counts=(1, 3),
        things=_CAUGHT,
        directions=tuple(_REACHES),
        styles=_CATCHES,
    ),
)
