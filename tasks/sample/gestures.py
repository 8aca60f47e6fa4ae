"""What arms, head and trunk do on top of a gait. Every gesture edits a posture and names itself."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from stickgen_model.motion.rotations import axis_rotation
from tasks.sample.motion import Span
from tasks.synthesize.engine.arms import aim_arm, aim_hand, sided
from tasks.synthesize.engine.timing import keyed, pulse

if TYPE_CHECKING:
    from tasks.synthesize.engine.posture import Posture

__all__ = [
    "bow",
    "celebrate",
    "clap",
    "cross_arms",
    "dance_arms",
    "drink",
    "look_around",
    "nod",
    "phone_call",
    "point",
    "punch",
    "salute",
    "throw",
    "wave",
]

_MOUTH: Final = (-0.05, 0.07, 0.19)
"""A right wrist in the chest's frame that brings a cup to the lips, metres."""
_EAR: Final = (-0.14, 0.13, 0.10)
_BROW: Final = (-0.13, 0.23, 0.14)


def wave(posture: Posture, start_s: float, end_s: float, *, side: int = 1) -> Span:
    """Raise a hand beside the head and wave it."""
    t = posture.t
    weight = pulse(t, start_s, end_s, 0.65)
    beat = np.sin(2 * np.pi * 1.55 * (t - start_s))
    angles = np.stack(
        [
            np.full_like(t, 0.25),
            1.45 + 0.06 * beat,
            -1.35 + 0.05 * beat,
            1.35 + 0.38 * beat,
        ],
        axis=-1,
    )
    aim_arm(posture, side, angles, weight)
    posture.trunk[:, 2] += weight * (0.05 if side == 0 else -0.05)
    hand = "right" if side else "left"
    return Span(action="wave", start_s=start_s, end_s=end_s, text=f"waves the {hand} hand")


def clap(posture: Posture, start_s: float, end_s: float) -> Span:
    """Clap in front of the chest."""
    t = posture.t
    weight = pulse(t, start_s, end_s, 0.5)
    gap = 0.055 + 0.085 * (1 - np.cos(2 * np.pi * 2.1 * (t - start_s))) ** 1.3
    for side, sign in ((0, 1.0), (1, -1.0)):
        target = np.stack([sign * gap, np.full_like(t, -0.13), np.full_like(t, 0.30)], axis=-1)
        aim_hand(posture, side, target, weight)
    return Span(action="clap", start_s=start_s, end_s=end_s, text="claps the hands")


def cross_arms(posture: Posture, start_s: float, end_s: float) -> Span:
    """Fold the arms over the chest."""
    weight = pulse(posture.t, start_s, end_s, 0.9)
    late = pulse(posture.t, start_s + 0.15, end_s - 0.1, 0.9)
    aim_hand(posture, 0, np.array([-0.13, -0.17, 0.20]), weight)
    aim_hand(posture, 1, np.array([0.12, -0.21, 0.25]), late)
    return Span(action="cross_arms", start_s=start_s, end_s=end_s, text="crosses the arms")


def drink(posture: Posture, start_s: float, end_s: float, *, side: int = 1) -> Span:
    """Take two sips from a cup."""
    t = posture.t
    third = (end_s - start_s) / 8
    hold = pulse(t, start_s, end_s, 0.8)
    sip = pulse(t, start_s + third, start_s + 3.6 * third, 0.6)
    sip += pulse(t, start_s + 4.6 * third, end_s - third, 0.6)
    low, high = sided((-0.12, -0.24, 0.30), side), sided(_MOUTH, side)
    aim_hand(posture, side, low + sip[:, None] * (high - low), hold)
    posture.head[:, 0] -= 0.22 * sip
    return Span(action="drink", start_s=start_s, end_s=end_s, text="drinks from a cup")


def phone_call(posture: Posture, start_s: float, end_s: float, *, side: int = 1) -> Span:
    """Hold a telephone to the ear."""
    weight = pulse(posture.t, start_s, end_s, 0.9)
    aim_hand(posture, side, sided(_EAR, side), weight)
    posture.head[:, 2] += 0.12 * weight * (1 if side else -1)
    return Span(action="phone_call", start_s=start_s, end_s=end_s, text="makes a phone call")


def salute(posture: Posture, start_s: float, end_s: float) -> Span:
    """Bring the right hand to the brow."""
    weight = pulse(posture.t, start_s, end_s, 0.8)
    aim_hand(posture, 1, np.array(_BROW), weight)
    return Span(action="salute", start_s=start_s, end_s=end_s, text="salutes")


def point(posture: Posture, start_s: float, end_s: float, *, side: int = 1) -> Span:
    """Point ahead and a little outwards."""
    weight = pulse(posture.t, start_s, end_s, 0.6)
    aim_arm(posture, side, np.array([1.45, 0.25, 0.2, 0.10]), weight)
    posture.head[:, 1] += weight * (-0.15 if side else 0.15)
    return Span(action="point", start_s=start_s, end_s=end_s, text="points ahead")


def celebrate(posture: Posture, start_s: float, end_s: float) -> Span:
    """Throw both arms up and pump them."""
    t = posture.t
    weight = pulse(t, start_s, end_s, 0.5)
    beat = np.sin(2 * np.pi * 1.7 * (t - start_s))
    for side in (0, 1):
        angles = np.stack(
            [0.2 + 0 * t, 2.45 + 0.15 * beat, -0.9 + 0 * t, 0.55 + 0.3 * beat], axis=-1
        )
        aim_arm(posture, side, angles, weight)
    posture.head[:, 0] -= 0.18 * weight
    return Span(action="celebrate", start_s=start_s, end_s=end_s, text="cheers with raised arms")


def punch(posture: Posture, start_s: float, end_s: float) -> Span:
    """Box the air from a guard: left, right, left, ..."""
    t = posture.t
    weight = pulse(t, start_s, end_s, 0.5)
    drive = np.zeros((2, len(t)))
    at, side = start_s + 0.6, 0
    while at + 0.80 < end_s - 0.4:
        drive[side] += keyed(t, (at, at + 0.34, at + 0.44, at + 0.80), (0.0, 1.0, 1.0, 0.0))
        at, side = at + 0.84, 1 - side
    for hand, sign in ((0, 1.0), (1, -1.0)):
        guard = np.array([sign * 0.10, -0.05, 0.26])
        hit = np.array([sign * 0.03, -0.02, 0.56])
        aim_hand(posture, hand, guard + drive[hand][:, None] * (hit - guard), weight)
    posture.trunk[:, 1] += 0.38 * (drive[1] - drive[0])
    posture.trunk[:, 0] += 0.10 * weight
    return Span(action="punch", start_s=start_s, end_s=end_s, text="punches the air")


def throw(posture: Posture, start_s: float, end_s: float) -> Span:
    """Throw something overarm with the right hand."""
    t = posture.t
    times = [start_s + share * (end_s - start_s) for share in (0.0, 0.45, 0.60, 0.70, 1.0)]
    rest = posture.arms[:, 1].mean(axis=0)
    angles = keyed(
        t,
        times,
        [rest, (-0.1, 1.5, -1.5, 1.6), (1.5, 0.5, -0.6, 0.4), (1.2, 0.0, 0.3, 0.2), rest],
    )
    aim_arm(posture, 1, angles, pulse(t, start_s, end_s, 0.2))
    posture.trunk[:, 1] += keyed(t, times, (0.0, -0.5, 0.35, 0.4, 0.0))
    posture.trunk[:, 0] += keyed(t, times, (0.0, -0.08, 0.15, 0.2, 0.0))
    return Span(action="throw", start_s=start_s, end_s=end_s, text="throws a ball overarm")


def bow(posture: Posture, start_s: float, end_s: float) -> Span:
    """Bow from the hips."""
    weight = pulse(posture.t, start_s, end_s, 1.1)
    ahead = posture.turn[:, :, 2] * np.array([1.0, 0.0, 1.0])
    posture.turn = posture.turn @ axis_rotation("X", 0.62 * weight)
    posture.hips -= 0.13 * weight[:, None] * ahead
    posture.hips[:, 1] -= 0.025 * weight
    posture.trunk[:, 0] += 0.45 * weight
    posture.head[:, 0] += 0.10 * weight
    posture.arms[:, :, 0] += 0.75 * weight[:, None]
    return Span(action="bow", start_s=start_s, end_s=end_s, text="bows deeply")


def nod(posture: Posture, start_s: float, end_s: float) -> Span:
    """Nod the head."""
    weight = pulse(posture.t, start_s, end_s, 0.4)
    posture.head[:, 0] += weight * 0.26 * np.sin(2 * np.pi * 1.4 * (posture.t - start_s))
    return Span(action="nod", start_s=start_s, end_s=end_s, text="nods")


def look_around(posture: Posture, start_s: float, end_s: float) -> Span:
    """Look to the left and to the right."""
    times = [start_s + share * (end_s - start_s) for share in (0, 0.25, 0.4, 0.7, 0.8, 1.0)]
    gaze = keyed(posture.t, times, (0.0, 1.0, 1.0, -1.0, -1.0, 0.0))
    posture.head[:, 1] += 0.85 * gaze
    posture.trunk[:, 1] += 0.25 * gaze
    return Span(action="look_around", start_s=start_s, end_s=end_s, text="looks around")


def dance_arms(posture: Posture, start_s: float, end_s: float, *, beats_per_s: float) -> Span:
    """Groove: arms, shoulders and hips on the beat; the steps come from the gait."""
    t = posture.t
    weight = pulse(t, start_s, end_s, 0.7)
    beat = np.pi * beats_per_s * (t - start_s)
    for side, sign in ((0, 1.0), (1, -1.0)):
        wave_ = sign * np.sin(beat)
        angles = np.stack(
            [
                0.75 + 0.55 * wave_,
                0.55 + 0.25 * np.sin(beat / 2 + side),
                -0.15 + 0.35 * np.cos(beat / 2),
                1.55 + 0.40 * np.cos(2 * beat),
            ],
            axis=-1,
        )
        aim_arm(posture, side, angles, weight)
    posture.trunk[:, 1] += 0.20 * weight * np.sin(beat)
    posture.trunk[:, 2] += 0.12 * weight * np.sin(beat + 0.6)
    posture.hips[:, 1] -= weight * (0.05 + 0.025 * np.cos(2 * beat))
    posture.head[:, 0] += 0.10 * weight * np.cos(2 * beat)
    return Span(action="dance", start_s=start_s, end_s=end_s, text="dances to a beat")
