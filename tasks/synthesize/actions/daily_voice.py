"""Voices as bodies show them: talking, shouting, whispering, singing."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from tasks.synthesize.engine.repeats import along, bumps, rocking
from tasks.synthesize.engine.strokes import Act, begin_act
from tasks.synthesize.engine.take import ActionSpec, Beat, Deed, Take

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

__all__ = ["SPECS"]

_TALKS: Final = ("beats", "explaining", "counting", "hand_on_hip")
_SHOUTS: Final = ("cupped_hands", "fist", "leaning")
_WHISPERS: Final = ("hand_at_mouth", "leaning")
_SONGS: Final = ("microphone", "open_arms", "swaying")


def _talk(take: Take, beat: Beat) -> Deed:
    act = begin_act(take, beat, styles=_TALKS)
    lift = act.weight(0.6)
    borders = act.times(0.5, period=0.85, least_period=0.35)
    count = len(borders) - 1
    # some words are stressed and some are not
    stress = act.size * np.clip(0.75 + 0.45 * act.dice[24 : 24 + count], 0.15, 1.4)
    stroke = bumps(act.t, borders, stress, skew=0.8)
    {
        "beats": _beat_hands,
        "explaining": _explain,
        "counting": _count_fingers,
        "hand_on_hip": _akimbo,
    }[act.style](act, lift, stroke)
    late = act.weight(0.8, late=0.08)
    slow = np.sin(2.0 * np.pi * 0.33 * act.pace * (act.t - act.start) + act.dice[52])
    act.head(lift, nod=0.16 * stroke - 0.04, turn=0.22 * slow, tilt=0.06 * slow)
    act.trunk(late, bend=0.05 + 0.03 * stroke, twist=0.07 * slow, lean=0.03 * slow)
    act.shift(late, aside=0.022 * slow, ahead=0.012 * stroke)
    return act.done()


def _palm(act: Act, side: int, at: tuple[float, float, float], *parts: Floats) -> Floats:
    """A place and what is added to it, (N, 3); parts are (N, 3) for the right hand."""
    x = -1.0 if side == 0 else 1.0
    total = np.array(at) + sum(parts)
    return np.asarray(total * np.array([x, 1.0, 1.0]) * act.scale, dtype=np.float64)


def _beat_hands(act: Act, lift: Floats, stroke: Floats) -> None:
    """Both palms up before the waist; the leading one beats time, the other takes part."""
    echo = np.concatenate([stroke[:3] * 0.0, stroke[:-3]]) if len(stroke) > 3 else stroke
    lead = _palm(act, act.side, (-0.20, -0.26, 0.33), along(stroke, (-0.05, 0.13, 0.06)))
    follow = _palm(act, act.other, (-0.19, -0.30, 0.29), along(echo, (-0.04, 0.06, 0.03)))
    act.reach(act.side, lead, lift, out=0.10)
    act.reach(act.other, follow, act.weight(0.7, late=0.15), out=0.10)


def _explain(act: Act, lift: Floats, stroke: Floats) -> None:
    """The hands part and come together as if they showed how large it was."""
    wide = 0.5 + 0.5 * np.sin(2.0 * np.pi * 0.45 * act.pace * (act.t - act.start) - 1.2)
    for side, phase in ((act.side, 1.0), (act.other, 0.7)):
        part = along(act.size * phase * wide, (-0.17, 0.05, -0.03))
        hand = _palm(act, side, (-0.10, -0.22, 0.33), part, along(stroke, (0.0, 0.06, 0.02)))
        act.reach(side, hand, lift, out=0.20)


def _count_fingers(act: Act, lift: Floats, stroke: Floats) -> None:
    """One palm is held up, the other hand taps its fingers one after another."""
    palm = _palm(act, act.other, (-0.09, -0.15, 0.30), along(stroke, (0.0, -0.012, 0.0)))
    tap = _palm(act, act.side, (0.00, -0.11, 0.36), along(stroke, (-0.11, 0.07, 0.02)))
    act.reach(act.other, palm, lift, out=0.1)
    act.reach(act.side, tap, act.weight(0.7, late=0.12), out=0.2)
    act.head(lift, nod=0.22)


def _akimbo(act: Act, lift: Floats, stroke: Floats) -> None:
    """One hand on the hip, the other one talks."""
    act.reach(act.other, act.place(-0.20, -0.43, 0.03, side=act.other), lift, out=0.85, arc=0.3)
    lead = _palm(act, act.side, (-0.24, -0.20, 0.32), along(stroke, (-0.05, 0.12, 0.04)))
    act.reach(act.side, lead, act.weight(0.6, late=0.1), out=0.1)
    act.shift(act.weight(0.9), aside=-0.03)
    act.trunk(act.weight(0.9), lean=0.05)


def _shout(take: Take, beat: Beat) -> Deed:
    act = begin_act(take, beat, styles=_SHOUTS)
    borders = act.times(0.5, period=1.05, most=6, least_period=0.5)
    count = len(borders) - 1
    call = bumps(act.t, borders, act.size * act.heights(count), skew=0.7)
    lift = act.weight(0.5)
    if act.style == "cupped_hands":
        for side in (0, 1):
            hand = _palm(act, side, (-0.095, 0.11, 0.15), along(call, (0.0, 0.01, 0.02)))
            act.reach(side, hand, lift, out=0.05)
        act.trunk(lift, bend=0.12 * call - 0.10)
        act.head(lift, nod=-0.18 * call - 0.05)
    elif act.style == "fist":
        fist = _palm(act, act.side, (-0.33, 0.20, 0.12), along(call, (0.02, 0.10, 0.20)))
        act.reach(act.side, fist, lift, out=0.4)
        act.trunk(lift, bend=0.16 * call + 0.04, twist=-0.18 * call + 0.05)
        act.head(lift, nod=-0.25 * call)
    else:
        for side in (0, 1):
            act.arm(side, _thrown_back(call), lift)
        act.trunk(lift, bend=0.30 + 0.14 * call)
        act.head(lift, nod=-0.45 - 0.12 * call)
        act.shift(lift, ahead=-0.03)
    act.shift(act.weight(0.6, late=0.05), ahead=0.03 * call, down=0.02 * call)
    return act.done(count=count, side=act.hand() if act.style == "fist" else "")


def _thrown_back(call: Floats) -> Floats:
    """Arms thrown down and back, fists out."""
    one = np.ones_like(call)
    return np.stack(
        [-0.50 - 0.15 * call, 0.40 + 0.10 * call, 0.2 * one, 0.55 - 0.20 * call], axis=-1
    )


def _whisper(take: Take, beat: Beat) -> Deed:
    act = begin_act(take, beat, styles=_WHISPERS)
    direction = beat.direction if beat.direction in ("left", "right") else ""
    # the ear one whispers to is on the far side of the shielding hand
    if direction:
        act = act.led_by(1 if direction == "left" else 0)
    elif beat.side is None:
        act = act.led_by(int(act.dice[50] > 0.0))
    direction = "left" if act.side == 1 else "right"
    lift, early = act.weight(0.6, late=0.1), act.weight(0.75)
    hush = 0.5 + 0.5 * act.tremor(0.9)
    lean = 0.30 if act.style == "leaning" else 0.20
    act.trunk(early, lean=-(lean + 0.03 * hush), bend=0.16 + 0.03 * hush, twist=-0.15)
    act.head(early, tilt=-0.12, nod=0.06 * hush, turn=-0.45)
    act.shift(early, aside=-0.030, down=0.03 if act.style == "leaning" else 0.012)
    hand = _palm(act, act.side, (-0.10, 0.11, 0.17), along(hush, (0.006, 0.008, 0.004)))
    act.reach(act.side, hand, lift, out=0.15)
    if act.style == "leaning":
        # the other arm steadies itself on the thigh
        act.arm(act.other, np.array([0.30, 0.12, 0.1, 0.55]), early)
    return act.done(side=act.hand(), direction=direction)


def _sing(take: Take, beat: Beat) -> Deed:
    act = begin_act(take, beat, styles=_SONGS)
    lift = act.weight(0.7)
    borders = act.times(0.6, period=2.2, most=8, least_period=1.0)
    count = len(borders) - 1
    phrase = bumps(act.t, borders, act.size * act.heights(count), skew=0.8)
    sway = rocking(act.t, borders, act.size * act.heights(count))
    if act.style == "microphone":
        _hold_microphone(act, lift, phrase)
    elif act.style == "open_arms":
        for side in (0, 1):
            part = along(phrase, (-0.26, 0.22, -0.04))
            act.reach(side, _palm(act, side, (-0.20, -0.26, 0.30), part), lift, out=0.2)
    else:
        for side in (0, 1):
            hand = _palm(act, side, (-0.035, -0.19, 0.25), along(phrase, (0.0, 0.03, 0.02)))
            act.reach(side, hand, lift, out=0.15)
    rock = 1.0 if act.style == "swaying" else 0.45
    act.trunk(lift, bend=-0.04 - 0.05 * phrase, lean=0.11 * rock * sway, twist=0.06 * sway)
    act.head(lift, nod=-0.10 - 0.25 * phrase, tilt=0.10 * rock * sway)
    act.shift(act.weight(0.8, late=0.06), aside=0.045 * rock * sway, down=0.012 * phrase)
    return act.done(
        thing="microphone" if act.style == "microphone" else "",
        side=act.hand() if act.style == "microphone" else "",
    )


def _hold_microphone(act: Act, lift: Floats, phrase: Floats) -> None:
    mic = _palm(act, act.side, (-0.06, 0.06, 0.21), along(phrase, (0.0, 0.025, 0.01)))
    act.reach(act.side, mic, lift, out=0.25)
    free = _palm(act, act.other, (-0.24, -0.30, 0.22), along(phrase, (-0.22, 0.30, 0.08)))
    act.reach(act.other, free, act.weight(0.9, late=0.25), out=0.1)


_VOICED: Final = ("stand", "walk", "sit", "crouch", "kneel")
SPECS: Final = (
    ActionSpec(
        name="talk",
        kind="upper",
        seconds=(2.0, 8.0),
        play=_talk,
        over=_VOICED,
        styles=_TALKS,
    ),
    ActionSpec(
        name="shout",
        kind="upper",
        seconds=(1.6, 4.0),
        play=_shout,
        over=_VOICED,
        counts=(1, 4),
        styles=_SHOUTS,
    ),
    ActionSpec(
        name="whisper",
        kind="upper",
        seconds=(2.0, 5.0),
        play=_whisper,
        over=("stand", "sit", "crouch", "kneel"),
        sided=True,
        directions=("left", "right"),
        styles=_WHISPERS,
    ),
    ActionSpec(
        name="sing",
        kind="upper",
        seconds=(3.0, 9.0),
        play=_sing,
        over=_VOICED,
        things=("microphone",),
        styles=_SONGS,
    ),
)
