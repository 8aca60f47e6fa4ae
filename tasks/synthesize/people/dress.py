"""Mood, age and style, put on the base before any action plays."""

from __future__ import annotations

from dataclasses import fields, replace
from typing import TYPE_CHECKING, Final

import numpy as np

from stickgen_model.motion.rotations import axis_rotation
from tasks.synthesize.engine.body import joint
from tasks.synthesize.engine.footsteps import GaitStyle
from tasks.synthesize.people.styles import STYLES, StyleSpec

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from tasks.synthesize.engine.manner import Manner
    from tasks.synthesize.engine.take import Leg, Take

__all__ = ["dress_base", "dress_leg", "dress_manner"]

_MOODS: Final = {
    "neutral": ((0.0, 0.0), 0.0),
    "happy": ((-0.05, -0.06), 0.08),
    "sad": ((0.14, 0.30), -0.05),
    "surprised": ((-0.09, -0.08), 0.10),
    "angry": ((0.12, -0.03), 0.28),
    "excited": ((-0.03, -0.05), 0.25),
}
"""Bend of trunk and head (radians; forward is positive), and bend of the elbows, by mood; by eye,
in the directions that Wallbott, Bodily expression of emotion (1998) reports."""
_PACES: Final = {
    "neutral": (1.0, 1.0),
    "happy": (1.04, 1.10),
    "sad": (0.90, 0.82),
    "surprised": (1.04, 1.06),
    "angry": (1.07, 1.10),
    "excited": (1.10, 1.20),
}
"""Factors of tempo and size by mood: sad movements are slow and small, angry and joyful ones fast
and large (Pollick et al., Perceiving affect from arm movement, 2001); sizes by eye."""
_BRISK: Final = 0.22
_AMPLE: Final = 0.36
"""Change of tempo and of size from energy 0 to energy 1."""
_OLD_AMPLITUDE: Final = 0.9
_UNEVEN: Final = 0.3
"""Change of the swing of either arm at full asymmetry; by eye."""
_TEMPOS: Final = (0.45, 1.4)
_AMPLITUDES: Final = (0.6, 1.4)
_OLD_STOOP: Final = (0.20, -0.06)
_TIRED_STOOP: Final = 0.14
"""Slump of trunk and head at energy 0; at 1 as much the other way, a quarter as large."""


_GAIT_NAMES: Final = frozenset(field.name for field in fields(GaitStyle))


def dress_manner(manner: Manner) -> Manner:
    """The manner with what energy, mood, age and style do to the tempo and size of movements."""
    tempo, amplitude = _PACES[manner.mood]
    tempo *= manner.tempo * (1.0 + _BRISK * (manner.energy - 0.5))
    amplitude *= manner.amplitude * (1.0 + _AMPLE * (manner.energy - 0.5))
    if manner.age == "old":
        amplitude *= _OLD_AMPLITUDE
    if manner.style:
        tempo *= STYLES[manner.style].tempo
    low, high = _TEMPOS
    return replace(
        manner,
        tempo=min(max(tempo, low), high),
        amplitude=min(max(amplitude, _AMPLITUDES[0]), _AMPLITUDES[1]),
    )


def dress_leg(leg: Leg, manner: Manner) -> Leg:
    """A leg with the gait of the manner's style."""
    factors = STYLES[manner.style].gait if manner.style else {}
    if not factors:
        return leg
    changes = {
        name: getattr(leg.style, name) * by for name, by in factors.items() if name in _GAIT_NAMES
    }
    return replace(leg, style=replace(leg.style, **changes))


def dress_base(take: Take) -> None:
    """Bend trunk, head and arms as mood, age and style have it; feet as the style has them.

    Args:
        take: Its posture is edited; stances and actions come later and go on top.
    """
    manner, posture = take.manner, take.posture
    (bend, nod), elbow = _MOODS[manner.mood]
    slump = _TIRED_STOOP * (1.0 - 2.0 * manner.energy)
    slump = slump if slump > 0 else 0.25 * slump
    old = manner.age == "old"
    posture.trunk[:, 0] += bend + slump + (_OLD_STOOP[0] if old else 0.0)
    posture.head[:, 0] += nod + 0.6 * slump + (_OLD_STOOP[1] if old else 0.0)
    posture.arms[:, :, 3] = np.maximum(posture.arms[:, :, 3] + elbow, 0.05)
    swing = posture.arms[:, :, 0]
    usual = swing.mean(axis=0)
    swing += (swing - usual) * (_UNEVEN * manner.asymmetry * np.array([1.0, -1.0]))
    if manner.style:
        _put_on(take, STYLES[manner.style])


def _put_on(take: Take, style: StyleSpec) -> None:
    posture, t = take.posture, take.t
    phase = take.rng.uniform(0.0, 2.0 * np.pi, 3)

    def wave(cycle: tuple[float, float], which: int) -> NDArray[np.float64]:
        round_ = 2.0 * np.pi * cycle[1] * take.manner.tempo * t
        return np.asarray(cycle[0] * np.sin(round_ + phase[which]))

    posture.trunk += np.array(style.trunk)
    posture.trunk[:, 2] += wave(style.sway, 0)
    posture.head += np.array(style.head)
    posture.head[:, 0] += wave(style.nodding, 1)
    posture.hips[:, 1] -= style.sink * take.body.leg
    flap = wave(style.flap, 2)
    if style.flail[0]:
        flail = wave(style.flail, 2)
        posture.arms[:, :, 0] += flail[:, None] * np.array([1.0, -1.0])
        posture.arms[:, :, 1] += 0.4 * np.abs(flail)[:, None]
        posture.arms[:, :, 3] += 0.5 * np.abs(flail)[:, None]
    for side, arm in enumerate((style.left or style.arms, style.right or style.arms)):
        if arm is not None:
            held = np.array(arm) + np.stack([0 * t, flap, 0 * t, 0.5 * flap], axis=-1)
            posture.arms[:, side] += style.hold * (held - posture.arms[:, side])
    if style.toes_in:
        _turn_feet(take, style.toes_in)
    if style.tiptoe:
        _rise_on_toes(take, style.tiptoe)


def _turn_feet(take: Take, inwards: float) -> None:
    for side, sign in ((0, -1.0), (1, 1.0)):
        turn = axis_rotation("Y", np.array(sign * inwards))
        take.posture.feet[:, side] = take.posture.feet[:, side] @ turn
        knees = take.posture.knees[:, side] @ axis_rotation("Y", np.array(sign * inwards * 0.6)).T
        take.posture.knees[:, side] = knees


def _rise_on_toes(take: Take, pitch: float) -> None:
    """Heels up about the balls of the feet; the hips rise as far as the legs then allow."""
    ball = take.body.offsets[joint("l_foot")]
    feet = take.posture.feet
    flat = np.clip(feet[:, :, 1, 1], 0.0, 1.0)
    # a foot that is already on its ball is not pitched once more
    turned = feet @ axis_rotation("X", pitch * flat**4)
    rise = (feet @ ball - turned @ ball)[..., 1]
    take.posture.feet = turned
    take.posture.ankles[:, :, 1] += rise
    take.posture.hips[:, 1] += 0.9 * np.sin(pitch) * float(ball[2]) - 0.012 * take.body.leg
