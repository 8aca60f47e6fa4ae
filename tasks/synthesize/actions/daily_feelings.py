"""Feelings that shake the body: laughing and crying."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from tasks.synthesize.engine.repeats import bumps
from tasks.synthesize.engine.strokes import Act, begin_act
from tasks.synthesize.engine.take import ActionSpec, Beat, Deed, Take

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

__all__ = ["SPECS"]

_LAUGHS: Final = ("shaking", "holding_belly", "slapping_thigh", "head_back", "hand_at_mouth")
_CRIES: Final = ("hands_over_face", "wiping_eyes", "slumped")
_LAUGH_HZ: Final = 3.3
"""Shakes of the trunk a second. The notes of laughter are 210 ms apart (Provine and Yong, Laughter:
a stereotyped human vocalization, Ethology 89, 1991), but at 25 frames a second a body that shakes
so fast cannot be told from one whose frames were dropped."""
_SOB_HZ: Final = 2.4
"""Shaking of the shoulders in sobs; by eye."""


def _laugh(take: Take, beat: Beat) -> Deed:
    lying = take.stance_at(beat.end_s) == "lie"
    act = begin_act(take, beat, styles=_LAUGHS[:2] if lying else _LAUGHS)
    borders = act.times(0.35, period=1.5, most=6, least_period=0.45)
    count = len(borders) - 1
    fit = bumps(act.t, borders, act.size * act.heights(count, spread=0.2), skew=0.75)
    lift = act.weight(0.5)
    shake = act.tremor(_LAUGH_HZ * (0.9 + 0.1 * act.pace)) * (0.35 + 0.65 * fit)
    act.trunk(lift, bend=0.032 * act.size * shake)
    act.head(lift, nod=-0.05 * shake)
    act.shift(lift, down=0.005 + 0.005 * shake)
    act.posture.arms[:, :, 0] += (0.05 * lift * shake)[:, None]
    {
        "shaking": _chuckle,
        "holding_belly": _hold_belly,
        "slapping_thigh": _slap,
        "head_back": _throw_back,
        "hand_at_mouth": _giggle,
    }[act.style](act, lift, fit)
    return act.done(
        side=act.hand() if act.style in ("slapping_thigh", "hand_at_mouth") else "",
    )


def _chuckle(act: Act, lift: Floats, fit: Floats) -> None:
    act.trunk(lift, bend=0.10 + 0.14 * fit, lean=0.05 * fit)
    act.head(lift, nod=0.10 - 0.30 * fit)
    for side in (0, 1):
        act.arm(side, np.array([0.10, 0.18, 0.3, 0.65]), lift * 0.7)
    act.shift(lift, aside=0.02 * fit)


def _hold_belly(act: Act, lift: Floats, fit: Floats) -> None:
    for side, low in ((act.side, -0.29), (act.other, -0.34)):
        act.reach(side, act.place(-0.05, low, 0.25, side=side), lift, out=0.45)
    act.trunk(act.weight(0.7), bend=0.26 + 0.30 * fit)
    act.head(lift, nod=0.10 - 0.25 * fit)
    act.shift(act.weight(0.7), ahead=-0.05, down=0.025 + 0.02 * fit)


def _slap(act: Act, lift: Floats, fit: Floats) -> None:
    """Bent over, one hand strikes the thigh at every peak of the laughter."""
    posture = act.posture
    bent = act.weight(0.7)
    act.trunk(bent, bend=0.52 + 0.16 * fit, lean=0.08)
    act.head(bent, nod=-0.30)
    act.shift(bent, ahead=-0.07, down=0.05)
    strike = np.clip(fit / max(float(fit.max(initial=0.0)), 1e-9), 0.0, 1.0) ** 1.5
    thigh = 0.55 * posture.hips + 0.45 * posture.ankles[:, act.side]
    thigh[:, 1] = (
        0.42 * posture.ankles[:, act.side, 1] + 0.58 * posture.hips[:, 1] + 0.10 * act.scale
    )
    front = posture.turn[:, :, 2] * act.scale
    left = posture.turn[:, :, 0] * act.scale
    thigh = thigh + 0.10 * front + act.away * 0.10 * left
    raised = (0.10 * front + act.away * 0.10 * left) + np.array([0.0, 0.20 * act.scale, 0.0])
    act.hold(act.side, thigh + (1.0 - strike[:, None]) * raised, act.weight(0.5))
    act.reach(act.other, act.place(-0.04, -0.32, 0.25, side=act.other), lift, out=0.4)


def _throw_back(act: Act, lift: Floats, fit: Floats) -> None:
    act.trunk(act.weight(0.6), bend=-0.16 - 0.12 * fit)
    act.head(act.weight(0.7, late=0.1), nod=-0.45 - 0.25 * fit)
    act.shift(act.weight(0.6), ahead=0.04, down=0.012)
    act.reach(act.side, act.place(-0.03, -0.30, 0.17), lift, out=0.4)
    act.arm(act.other, np.array([0.0, 0.40, 0.2, 0.75]), lift)


def _giggle(act: Act, lift: Floats, fit: Floats) -> None:
    act.reach(act.side, act.place(-0.07, 0.10, 0.17), lift, out=0.15)
    act.reach(act.other, act.place(0.0, -0.24, 0.17, side=act.other), act.weight(0.6, late=0.1))
    act.trunk(lift, bend=0.16 + 0.12 * fit, twist=0.12 * fit)
    act.head(lift, nod=0.22 - 0.15 * fit, tilt=0.12)


def _cry(take: Take, beat: Beat) -> Deed:
    lying = take.stance_at(beat.end_s) == "lie"
    act = begin_act(take, beat, styles=_CRIES[:1] if lying else _CRIES)
    borders = act.times(0.5, period=1.3, most=8, least_period=0.6)
    count = len(borders) - 1
    sob = bumps(act.t, borders, act.heights(count, spread=0.15), skew=0.65)
    lift, slow = act.weight(0.8), act.weight(1.0)
    shake = act.tremor(_SOB_HZ) * (0.25 + 0.75 * sob)
    act.trunk(lift, bend=0.05 * act.size * shake)
    act.head(lift, nod=0.06 * shake)
    act.shift(lift, down=0.010 + 0.006 * shake)
    side = ""
    if act.style == "hands_over_face":
        act.trunk(slow, bend=0.30 + 0.10 * sob)
        act.head(slow, nod=0.45)
        for one in (0, 1):
            face = act.place(-0.062, 0.10, 0.16, side=one)
            act.reach(one, face, act.weight(0.7, late=0.05 * one), out=-0.05)
    elif act.style == "wiping_eyes":
        side = act.hand()
        _wipe(act, lift, sob)
    else:
        act.trunk(slow, bend=0.50 + 0.12 * sob)
        act.head(slow, nod=0.70)
        act.shift(slow, ahead=-0.05, down=0.05)
        for one in (0, 1):
            act.arm(one, np.array([0.45, 0.06, 0.1, 0.20]), slow)
    return act.done(side=side)


def _wipe(act: Act, lift: Floats, sob: Floats) -> None:
    """The back of the hand goes over the eyes at every sob."""
    act.trunk(lift, bend=0.20 + 0.05 * sob)
    act.head(lift, nod=0.40 - 0.10 * sob, tilt=0.08)
    low = act.place(-0.15, -0.10, 0.24)
    high = act.place(-0.045, 0.20, 0.16)
    act.reach(act.side, low + sob[:, None] ** 0.8 * (high - low), lift, out=0.2)
    act.reach(act.other, act.place(0.05, -0.27, 0.22, side=act.other), act.weight(0.9, late=0.15))


SPECS: Final = (
    ActionSpec(
        name="laugh",
        kind="upper",
        seconds=(1.8, 5.0),
        play=_laugh,
        over=("stand", "walk", "sit", "kneel", "lie"),
        styles=_LAUGHS,
    ),
    ActionSpec(
        name="cry",
        kind="upper",
        seconds=(2.5, 7.0),
        play=_cry,
        over=("stand", "sit", "crouch", "kneel", "lie"),
        styles=_CRIES,
    ),
)
