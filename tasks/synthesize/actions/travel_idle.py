"""Standing about: what idle hands, eyes and feet do while nothing is done.

After recorded idling of several people (ReActIdle, genuine and acted): in about 40 % of the time
both hands hang, in a quarter they are together before the body or on the hips, in a sixth the arms
are folded, in the rest each hand does something else; every few seconds the weight goes over, the
head looks elsewhere, the trunk turns a little, or a hand scratches.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from stickgen_model.motion.rotations import axis_rotation
from tasks.synthesize.engine.arms import aim_hand, sided
from tasks.synthesize.engine.body import joint
from tasks.synthesize.engine.frames import drift
from tasks.synthesize.engine.take import ActionSpec, Beat, Deed, Take
from tasks.synthesize.engine.timing import ease, pulse

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

__all__ = ["SPECS"]


@dataclass(frozen=True, kw_only=True, slots=True)
class _Hold:
    """Where idle hands are: wrists from mid-shoulders, x outward, shares of the stature."""

    right: tuple[float, float, float] | None
    left: tuple[float, float, float] | None
    """As for the right hand, mirrored; None: the hand hangs."""
    out: float = 0.35
    """How far the elbows point outward."""
    share: float = 0.1
    """How often it is chosen."""


_HIPS: Final = (0.110, -0.245, 0.045)
_POCKET: Final = (0.125, -0.285, 0.055)
_HOLDS: Final = {
    "at ease": _Hold(right=None, left=None, share=0.30),
    "hands on hips": _Hold(right=_HIPS, left=_HIPS, out=0.8, share=0.12),
    "hands behind back": _Hold(right=(0.02, -0.30, -0.105), left=(0.02, -0.29, -0.095), share=0.08),
    "hands together": _Hold(
        right=(0.015, -0.255, 0.135), left=(0.012, -0.245, 0.125), out=0.30, share=0.16
    ),
    "hands in pockets": _Hold(right=_POCKET, left=_POCKET, out=0.30, share=0.08),
    "one hand on hip": _Hold(right=_HIPS, left=None, out=0.75, share=0.06),
    "holding an arm": _Hold(right=(-0.075, -0.175, 0.105), left=None, out=0.2, share=0.05),
    "fidget": _Hold(right=(0.045, -0.20, 0.14), left=(0.045, -0.21, 0.13), out=0.30, share=0.10),
    "sway": _Hold(right=None, left=None, share=0.05),
}
_STYLES: Final = tuple(_HOLDS)
_LOOK_S: Final = (1.3, 4.0)
"""Time from one look to the next."""
_EVENTS: Final = 8
_HEEL_RAD: Final = 0.55
"""Pitch of a free foot when all the weight is on the other one."""
_TOUCH_LEAST_S: Final = 2.0
"""Nobody touches the face while standing for a moment only."""


def _idled(take: Take, beat: Beat) -> Deed:
    chance = take.rng.uniform(size=8)
    shares = np.cumsum([hold.share for hold in _HOLDS.values()])
    style = beat.style or _STYLES[int(np.searchsorted(shares, chance[0] * shares[-1]))]
    weight = pulse(take.t, beat.start_s, beat.end_s, 0.7)
    noise = drift(take.t, take.rng, 12) * (0.5 + 1.0 * take.manner.noise)
    lively = float(0.3 + 1.4 * chance[1] ** 2)
    _hold(take, _HOLDS[style], weight, noise, mirrored=chance[2] < 0.5, chance=chance[3:5])
    _look_about(take, weight * lively)
    _stir(take, weight * lively, noise)
    if style == "fidget":
        _fidget(take, weight, noise)
    elif style == "sway":
        _sway(take, weight, float(chance[5]))
    elif chance[6] < 0.35 and beat.end_s - beat.start_s > _TOUCH_LEAST_S:
        _touch(take, beat, float(chance[7]), side=int(chance[2] < 0.5))
    return Deed(action="idle", start_s=beat.start_s, end_s=beat.end_s, style=style)


def _hold(
    take: Take,
    hold: _Hold,
    weight: Floats,
    noise: Floats,
    *,
    mirrored: bool,
    chance: Floats,
) -> None:
    """Hands where the way of standing has them, a little higher or lower, never quite still."""
    up = 0.06 * (float(chance[0]) - 0.35)
    for side in (0, 1):
        place = hold.right if (side == 1) is not mirrored else hold.left
        posture = take.posture
        if place is None:
            # arms hang differently on everybody
            posture.arms[:, side, 0] += weight * (0.16 * (float(chance[1]) - 0.6))
            posture.arms[:, side, 1] += weight * 0.10 * float(chance[0])
            posture.arms[:, side, 3] += weight * (0.10 + 0.45 * float(chance[1]))
            posture.arms[:, side, 0] += 0.05 * weight * noise[:, side]
            posture.arms[:, side, 3] += 0.07 * weight * np.abs(noise[:, 2 + side])
            continue
        target = sided(place, side) + np.array([0.0, up if place[2] > 0.1 else 0.3 * up, 0.0])
        moving = 0.006 * noise[:, 3 * side : 3 * side + 3]
        aim_hand(posture, side, (target + moving) * take.body.stature, weight)
        posture.elbows[:, side] += hold.out * weight


def _steps(take: Take, seconds: tuple[float, float], move_s: float) -> Floats:
    """A track that rests and every so often goes somewhere else, (T,), about -1..1."""
    waits = take.rng.uniform(*seconds, _EVENTS) / take.manner.tempo
    levels = np.concatenate([[0.0], take.rng.uniform(-1.0, 1.0, _EVENTS)])
    # back ahead every other time
    levels[::2] *= 0.3
    at = take.t[0] - seconds[1] * float(take.rng.uniform()) + np.cumsum(waits)
    rise = ease((take.t[:, None] - at) / move_s)
    track: Floats = levels[0] + rise @ np.diff(levels)
    return track


def _look_about(take: Take, weight: Floats) -> None:
    """The head looks elsewhere every few seconds; the trunk follows some way."""
    turn, nod = _steps(take, _LOOK_S, 0.5), _steps(take, _LOOK_S, 0.55)
    posture = take.posture
    posture.head[:, 1] += 0.40 * weight * turn
    posture.head[:, 0] += weight * (0.06 + 0.16 * nod)
    posture.trunk[:, 1] += 0.14 * weight * turn


def _stir(take: Take, weight: Floats, noise: Floats) -> None:
    """Weight goes over and the trunk bends a little, now and then."""
    shift, bend = _steps(take, (1.8, 4.5), 0.9), _steps(take, (2.0, 5.0), 0.9)
    posture = take.posture
    side = posture.turn[:, :, 0] * np.array([1.0, 0.0, 1.0])
    way = weight * (0.035 * shift + 0.004 * noise[:, 6])
    posture.hips += (take.body.leg * way)[:, None] * side
    posture.trunk[:, 2] += weight * (0.05 * shift + 0.012 * noise[:, 7])
    posture.trunk[:, 0] += weight * (0.06 * bend + 0.015 * noise[:, 8])
    posture.arms[:, :, 0] -= (0.05 * weight * bend)[:, None]
    # a little lower the farther from the middle, and the heel of the free leg comes up
    sink = 0.010 * shift**2 + 0.0015 * (1.0 + np.tanh(noise[:, 9]))
    posture.hips[:, 1] -= take.body.leg * weight * sink
    for free, sign in ((0, -1.0), (1, 1.0)):
        _lift_heel(take, free, _HEEL_RAD * weight * np.maximum(sign * shift - 0.35, 0.0))


def _lift_heel(take: Take, side: int, pitch: Floats) -> None:
    """Roll a standing foot onto its ball, which stays where it is."""
    ball = take.body.offsets[joint("l_foot")]
    feet = take.posture.feet[:, side]
    # a foot that steps is left alone
    flat = np.minimum(np.maximum(feet[:, 1, 1], 0.0), 1.0) ** 8
    turned = feet @ axis_rotation("X", pitch * flat)
    take.posture.ankles[:, side] += feet @ ball - turned @ ball
    take.posture.feet[:, side] = turned


def _touch(take: Take, beat: Beat, when: float, *, side: int) -> None:
    """One hand goes up to the face, the neck or the other arm, and down again."""
    places = ((0.05, 0.09, 0.115), (0.075, 0.07, 0.02), (-0.07, -0.14, 0.11))
    span = min(2.8, 0.8 * (beat.end_s - beat.start_s))
    low, high = max(beat.start_s, 0.0), min(beat.end_s, float(take.t[-1])) - span
    start = low + when * max(high - low, 0.0)
    weight = pulse(take.t, start, start + span, 0.95)
    place = sided(places[int(when * 997.0) % len(places)], side) * take.body.stature
    rub = 0.004 * take.body.stature * np.sin(2 * np.pi * 1.3 * take.t)
    target = place + np.stack([0.5 * rub, rub, 0.0 * rub], axis=-1)
    aim_hand(take.posture, side, target, weight)
    take.posture.elbows[:, side] += 0.3 * weight
    take.posture.head[:, 0] += 0.08 * weight


def _fidget(take: Take, weight: Floats, noise: Floats) -> None:
    """The hands pick at each other, the head drops and looks."""
    quick = np.sin(2 * np.pi * 0.7 * take.manner.tempo * take.t + 2.0 * noise[:, 9])
    place = np.array([0.045, -0.20, 0.13])
    for side in (0, 1):
        way = np.stack([0.008 * quick, 0.008 * noise[:, 10 + side], 0.007 * quick], axis=-1)
        aim_hand(take.posture, side, (sided(tuple(place), side) + way) * take.body.stature, weight)
    take.posture.head[:, 0] += 0.20 * weight


def _sway(take: Take, weight: Floats, phase: float) -> None:
    """The whole body swings slowly over the feet, arms loose."""
    wave = weight * np.sin(2 * np.pi * (0.33 * take.manner.tempo * take.t + phase))
    side = take.posture.turn[:, :, 0]
    take.posture.hips += (0.04 * take.body.leg * wave)[:, None] * side * np.array([1.0, 0.0, 1.0])
    take.posture.trunk[:, 2] -= 0.05 * wave
    take.posture.trunk[:, 1] += 0.16 * wave
    take.posture.arms[:, :, 0] += 0.12 * wave[:, None] * np.array([-1.0, 1.0])


SPECS: Final = (
    ActionSpec(name="idle", kind="travel", seconds=(2.0, 6.0), play=_idled, styles=_STYLES),
)
