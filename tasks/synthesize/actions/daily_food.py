"""Eating and drinking."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from tasks.synthesize.engine.repeats import along
from tasks.synthesize.engine.strokes import Act, begin_act
from tasks.synthesize.engine.take import ActionSpec, Beat, Deed, Take
from tasks.synthesize.engine.timing import ease

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

__all__ = ["SPECS"]

_FOODS: Final = {
    "salad": "fork",
    "pasta": "fork",
    "cake": "fork",
    "soup": "spoon",
    "cereal": "spoon",
    "ice cream": "spoon",
    "sandwich": "hands",
    "burger": "hands",
    "pizza": "one_hand",
    "apple": "one_hand",
}
_MEALS: Final = ("fork", "spoon", "hands", "one_hand")
_DRINKS: Final = ("cup", "glass", "bottle", "can", "mug")
_SIPS: Final = ("sips", "gulp")
_BITE_S: Final = 1.75
"""One bite with its chewing; by eye."""


def _eat(take: Take, beat: Beat) -> Deed:
    style = _FOODS.get(beat.thing, "")
    act = begin_act(take, beat, styles=(style,) if style else _MEALS, two_handed=("hands",))
    foods = [food for food, way in _FOODS.items() if way == act.style]
    thing = beat.thing if style else foods[int(abs(act.dice[51]) * 50.0) % len(foods)]
    borders = act.times(0.6, period=_BITE_S, most=6, least_period=0.9)
    count = len(borders) - 1
    bite = _dwell(act, borders, 0.42)
    lift = act.weight(0.6)
    # chewing: between the bites the head goes a little up and down
    chew = act.tremor(1.6) * (1.0 - bite)
    act.head(lift, nod=0.16 + 0.05 * chew - 0.06 * bite)
    act.trunk(lift, bend=0.06 + 0.10 * bite)
    act.shift(lift, aside=0.02 * act.vary(1, 0.5))
    side = act.hand()
    if act.style == "hands":
        side = "both"
        for one in (0, 1):
            low, high = (
                act.place(-0.075, -0.16, 0.28, side=one),
                act.place(-0.065, 0.085, 0.185, side=one),
            )
            act.reach(one, low + bite[:, None] * (high - low), lift, out=0.25)
        return act.done(side=side, count=count, thing=thing)
    high = act.place(-0.07, 0.105, 0.195)
    dish = (-0.03, -0.22, 0.29) if act.style == "spoon" else (-0.09, -0.33, 0.32)
    low = act.place(*(dish if act.style != "one_hand" else (-0.15, -0.17, 0.30)))
    stir = along(0.02 * act.scale * act.tremor(1.9) * (1.0 - bite), (1.0, 0.3, 0.6))
    act.reach(act.side, low + bite[:, None] * (high - low) + stir, lift, out=0.15 + 0.2 * 0.5)
    _rest_other(act, act.weight(0.75, late=0.12), bite)
    return act.done(side=side, count=count, thing=thing)


def _rest_other(act: Act, lift: Floats, bite: Floats) -> None:
    """The other hand holds the bowl, rests at the plate, or hangs."""
    if act.style == "spoon":
        bowl = act.place(0.015, -0.24, 0.27, side=act.other)
        act.reach(act.other, bowl + along(0.03 * bite, (0.0, 1.0, -0.3)), lift, out=0.1)
    elif act.style == "fork":
        act.reach(act.other, act.place(-0.17, -0.35, 0.28, side=act.other), lift, out=0.1)
    else:
        act.arm(act.other, np.array([0.05, 0.08, 0.15, 0.35]), 0.6 * lift)


def _dwell(act: Act, borders: Floats, share: float) -> Floats:
    """To the mouth, a stay there, and back, between each two borders; heights 0..1. (N,)."""
    u = np.clip((act.t[:, None] - borders[:-1]) / np.diff(borders), 0.0, 1.0)
    stay = share * (1.0 + 0.10 * act.dice[24 : 24 + len(borders) - 1])
    way = (1.0 - stay) / 2.0
    out: Floats = (ease(u / way) * ease((1.0 - u) / way)).sum(axis=1)
    return out


def _drink(take: Take, beat: Beat) -> Deed:
    act = begin_act(take, beat, styles=_SIPS)
    thing = beat.thing if beat.thing in _DRINKS else _DRINKS[int(abs(act.dice[51]) * 50.0) % 5]
    gulp = act.style == "gulp"
    borders = act.times(
        0.55,
        period=3.4 if gulp else 1.9,
        most=2 if gulp and not beat.count else 5,
        least_period=1.0,
    )
    count = len(borders) - 1
    sip = _dwell(act, borders, 0.55 if gulp else 0.40)
    lift = act.weight(0.65)
    far = 1.0 if gulp else 0.55
    tall = 0.05 if thing == "bottle" else 0.0
    # the cup arrives, then is tilted: head and hand go back together, later than the reach
    tilt = act.size * sip**3
    low = act.place(-0.14, -0.23, 0.31)
    high = act.place(-0.055, 0.085, 0.195)
    raised = along(act.scale * tilt, (0.0, 0.05 * far + tall, 0.02 - tall))
    act.reach(act.side, low + sip[:, None] * (high - low) + raised, lift, out=0.25)
    act.posture.elbows[:, act.side] += lift * (0.30 * far) * tilt
    act.head(lift, nod=(-0.85 * far) * tilt + 0.05 * sip)
    act.trunk(lift, bend=-0.14 * far * tilt, lean=0.02 * sip)
    act.shift(lift, ahead=0.02 * far * tilt, aside=0.015)
    late = act.weight(0.8, late=0.1)
    act.posture.arms[:, act.other, 0] -= 0.08 * late * tilt
    act.posture.arms[:, act.other, 3] += 0.10 * late
    return act.done(side=act.hand(), count=count, thing=thing)


SPECS: Final = (
    ActionSpec(
        name="eat",
        kind="upper",
        seconds=(3.0, 8.0),
        play=_eat,
        over=("stand", "sit", "kneel"),
        sided=True,
        counts=(1, 4),
        things=tuple(_FOODS),
        styles=_MEALS,
    ),
    ActionSpec(
        name="drink",
        kind="upper",
        seconds=(2.6, 6.0),
        play=_drink,
        over=("stand", "walk", "sit", "kneel"),
        sided=True,
        counts=(1, 3),
        things=_DRINKS,
        styles=_SIPS,
    ),
)
