"""Reading, typing, telephoning."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from tasks.synthesize.engine.repeats import along, bumps
from tasks.synthesize.engine.strokes import Act, begin_act
from tasks.synthesize.engine.take import ActionSpec, Beat, Deed, Take
from tasks.synthesize.engine.timing import ease, keyed

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

__all__ = ["SPECS"]

_TEXTS: Final = ("book", "newspaper", "letter", "phone")
_KEYS: Final = ("keyboard", "laptop", "phone")
_TYPING: Final = ("steady", "hunting")
_CALLS: Final = ("gesturing", "hand_on_hip", "listening")
_EAR: Final = (-0.135, 0.135, 0.075)
"""Wrist of a hand with a telephone at the ear."""


def _read(take: Take, beat: Beat) -> Deed:
    act = begin_act(take, beat)
    thing = beat.thing if beat.thing in _TEXTS else _TEXTS[int(abs(act.dice[51]) * 50.0) % 4]
    lift = act.weight(0.8)
    line = act.tremor(0.45 * act.pace)
    nod = {"book": 0.62, "newspaper": 0.30, "letter": 0.50, "phone": 0.60}[thing]
    act.head(act.weight(1.0), nod=nod + 0.03 * line, turn=0.10 * line)
    act.trunk(act.weight(1.0), bend=0.09 if thing != "newspaper" else 0.02)
    act.shift(act.weight(1.2), aside=0.02 * float(act.dice[52]))
    drift = act.place(0.0, 0.0, 0.0) + along(0.008 * act.scale * line, (0.2, 1.0, 0.3))
    at = {
        "book": (-0.11, -0.20, 0.31),
        "newspaper": (-0.27, -0.06, 0.34),
        "letter": (-0.09, -0.12, 0.31),
        "phone": (-0.05, -0.10, 0.29),
    }[thing]
    lead = act.place(*at) + drift
    if thing in ("book", "newspaper"):
        lead = lead + _turn_page(act, wide=-2.0 * at[0])
    elif thing == "phone":
        lead = lead + along(0.012 * act.scale * np.maximum(act.tremor(1.1), 0.0), (0.0, 1.0, 0.0))
    act.reach(act.side, lead, lift, out=0.10)
    if thing != "phone":
        act.reach(act.other, act.place(*at, side=act.other) + drift, act.weight(0.85), out=0.10)
    else:
        act.arm(act.other, np.array([0.10, 0.10, 0.2, 0.45]), 0.7 * lift)
    return act.done(thing=thing, side=act.hand() if thing == "phone" else "")


def _turn_page(act: Act, *, wide: float) -> Floats:
    """The leading hand carries a page over to the other one and comes back, (N, 3)."""
    span = act.end - act.start
    middle = act.start + span * (0.52 + 0.06 * float(act.dice[53]))
    half = min(0.65 / act.pace, 0.22 * span)
    over = ease((act.t - middle + half) / half) * ease((middle + half - act.t) / half)
    return act.scale * along(over, (-act.away * (0.80 * wide), 0.05, -0.02)) + act.scale * along(
        4.0 * over * (1.0 - over), (0.0, 0.05, 0.03)
    )


def _type(take: Take, beat: Beat) -> Deed:
    act = begin_act(take, beat, styles=_TYPING)
    thing = beat.thing if beat.thing in _KEYS else _KEYS[int(abs(act.dice[51]) * 50.0) % 3]
    lift = act.weight(0.7)
    slow = act.weight(1.0)
    if thing == "phone":
        act.head(slow, nod=0.62)
        act.trunk(slow, bend=0.08)
        for side, phase in ((0, 1.0), (1, -1.0)):
            tap = 0.010 * np.maximum(phase * act.tremor(2.6 * act.pace), 0.0)
            at = act.place(-0.055, -0.14, 0.30, side=side)
            act.reach(side, at + act.scale * along(tap, (0.0, 1.0, 0.3)), lift, out=0.1)
        return act.done(thing=thing)
    rhythm = act.tremor((2.7 if act.style == "steady" else 1.7) * act.pace)
    height = 0.020 if act.style == "steady" else 0.055
    low = -0.37 if act.stance != "stand" else -0.40
    for side, phase in ((0, 1.0), (1, -1.0)):
        tap = height * act.size * np.maximum(phase * rhythm, 0.0)
        slide = 0.03 * np.sin(1.9 * act.pace * act.t + 2.0 * side + act.dice[54])
        at = act.place(-0.12, low, 0.31, side=side)
        hand = at + act.scale * (along(tap, (0.0, 1.0, 0.1)) + along(slide, (1.0, 0.0, 0.4)))
        hand = hand + (side == act.side) * _return_key(act)
        act.reach(side, hand, lift, out=0.15)
    glance = act.tremor(0.22)
    act.head(slow, nod=0.30 + 0.16 * glance + 0.02 * rhythm)
    act.trunk(slow, bend=0.10 + 0.02 * glance)
    return act.done(thing=thing)


def _return_key(act: Act) -> Floats:
    """Now and then the leading hand goes aside: return, or the mouse. (N, 3)."""
    span = act.end - act.start
    at = act.start + span * (0.55 + 0.08 * float(act.dice[55]))
    half = min(0.45 / act.pace, 0.2 * span)
    u = np.clip((act.t - at) / half, -1.0, 1.0)
    out: Floats = act.scale * along(np.cos(0.5 * np.pi * u) ** 2, (act.away * 0.13, 0.03, 0.03))
    return out


def _phone_call(take: Take, beat: Beat) -> Deed:
    lying = take.stance_at(beat.end_s) == "lie"
    act = begin_act(take, beat, styles=_CALLS[:1] if lying else _CALLS)
    lift = act.weight(0.75)
    span = act.end - act.start
    # with time enough the number is looked at before the phone goes to the ear
    look = min(0.28 * span, 1.5 / act.pace) if span > 3.0 else 0.0
    ramp = act.ramp(0.75)
    raised = (
        keyed(act.t, (act.start + look, act.start + look + ramp), (0.0, 1.0))
        if look
        else np.ones_like(act.t)
    )
    screen, ear = act.place(-0.08, -0.12, 0.30), act.place(*_EAR)
    talk = 0.5 + 0.5 * act.tremor(0.7)
    if lying:
        # the elbow rests on the floor, so the wrist is higher
        ear = ear + act.place(0.0, 0.0, 0.10)
    bow = along(0.10 * act.scale * 4.0 * raised * (1.0 - raised), (0.8 * act.away, 0.0, 0.3))
    wrist = screen + raised[:, None] * (ear - screen) + bow
    act.reach(act.side, wrist + along(0.006 * talk, (0.0, 1.0, 1.0)), lift, out=0.15)
    late = raised * act.weight(0.9, late=0.1)
    act.head(lift, nod=0.50 * (1.0 - raised) + 0.07 * talk, tilt=0.24 * raised)
    act.trunk(late, lean=0.05, bend=0.04 + 0.03 * talk, twist=0.06 * act.tremor(0.3))
    act.shift(late, aside=0.025 * act.tremor(0.25))
    _free_hand(act, late)
    return act.done(side=act.hand(), thing="phone")


def _free_hand(act: Act, lift: Floats) -> None:
    if act.style == "gesturing":
        borders = act.times(1.0, period=0.95, least_period=0.4)
        count = len(borders) - 1
        stress = act.size * np.clip(0.7 + 0.5 * act.dice[24 : 24 + count], 0.1, 1.4)
        stroke = bumps(act.t, borders, stress, skew=0.8)
        way = along(act.scale * stroke, (-0.05 * act.away, 0.13, 0.05))
        act.reach(act.other, act.place(-0.22, -0.30, 0.29, side=act.other) + way, lift, out=0.1)
        act.head(lift, nod=0.10 * stroke)
    elif act.style == "hand_on_hip":
        hip = act.place(-0.20, -0.43, 0.03, side=act.other)
        act.reach(act.other, hip, lift, out=0.85, arc=0.3)
    else:
        # the other forearm lies across the belly and carries the elbow
        act.reach(act.other, act.place(0.09, -0.29, 0.20, side=act.other), lift, out=0.3)
        act.head(lift, nod=0.14 * np.maximum(act.tremor(0.55), 0.0))


SPECS: Final = (
    ActionSpec(
        name="read",
        kind="upper",
        seconds=(3.0, 9.0),
        play=_read,
        over=("stand", "walk", "sit", "kneel", "lie"),
        things=_TEXTS,
    ),
    ActionSpec(
        name="type",
        kind="upper",
        seconds=(2.5, 8.0),
        play=_type,
        over=("stand", "sit", "kneel"),
        things=_KEYS,
        styles=_TYPING,
    ),
    ActionSpec(
        name="phone_call",
        kind="upper",
        seconds=(3.0, 9.0),
        play=_phone_call,
        over=("stand", "walk", "sit", "crouch", "kneel", "lie"),
        sided=True,
        things=("phone",),
        styles=_CALLS,
    ),
)
