"""How pelvis, trunk, head and arms are carried over the steps, and how standing stays alive."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from tasks.synthesize.engine.course import smooth
from tasks.synthesize.engine.footsteps import COLUMNS

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from tasks.synthesize.engine.body import Body
    from tasks.synthesize.engine.course import Course
    from tasks.synthesize.engine.footfalls import Rhythm

    Floats = NDArray[np.float64]

__all__ = ["NUM_DRIFTS", "Beating", "arms", "beating", "head", "pelvis", "trunk", "weight_shift"]

NUM_DRIFTS: Final = 12
"""Channels of slow noise that the functions here take, (T, 12)."""
_FULL_MPS: Final = 1.0
"""From this speed on a gait swings fully."""
_LOOK_S: Final = 0.35
"""The head turns so long before the body (Grasso et al., Neuroreport 7(6), 1996)."""
_SHIFT_SHARE: Final = 0.065
"""Way of the hips from both legs to one, share of the leg."""
_AHEAD: Final = 0.035
"""The hips of a standing body are so far before its ankles, share of the leg: it rests over the
middle of its feet."""
_SURGE: Final = 0.015
"""Way of the hips before and behind an even motion within a step, share of the leg."""
_SHIFT_EVERY_S: Final = (2.0, 5.5)
_SHIFT_S: Final = 0.8
_SHIFTS: Final = 8
_TURNS: Final = (-1.0) ** np.arange(_SHIFTS + 1)
"""The legs in turn."""
_BREATHS_HZ: Final = 0.27
_LEAN_PER_ACCELERATION: Final = 0.035
"""Radians of lean per m/s2 of acceleration; static balance would take 1/9.8."""
_LEAN_IN_CURVE: Final = 0.6
"""Share of the balancing lean that the trunk takes."""
_SIDES: Final = np.array([[-1.0], [1.0]])
"""Arms swing against the legs, left and right."""


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class Beating:
    """The gait at the frames of a clip, (T,) each."""

    t: Floats
    course: Course
    yaw: Floats
    round_: Floats
    """Phase of the stride, radians; 0: the left foot lands."""
    mid: Floats
    """As `round_`, 0 in the middle of the left stance."""
    vigour: Floats
    """0 at rest, 1 in a gait of usual speed."""
    styles: Floats
    """(T, F) or (1, F), columns as `footsteps.COLUMNS`; not (T,)."""
    push: Floats
    """Acceleration forward, m/s2."""
    curve: Floats
    """Acceleration to the left in a curve, m/s2."""
    shift: Floats
    """-1..1: a standing body rests on its right leg, its left leg."""
    slow: Floats
    """(T, NUM_DRIFTS) noise."""

    def style(self, name: str) -> Floats:
        """A number of the style at every frame, or one number in an array of one."""
        return self.styles[:, COLUMNS[name]]


def beating(
    t: Floats, course: Course, rhythm: Rhythm, rng: np.random.Generator, slow: Floats
) -> Beating:
    """Sample a course and its rhythm at the frames of a clip."""
    lead = np.cos(course.travel)
    step = course.t[1] - course.t[0]
    flow = course.speed * lead
    speed = course.at(t, course.speed)
    active, driven = course.at(t, rhythm.active), course.at(t, course.driven)
    fast = np.minimum(0.3 + 0.7 * speed / _FULL_MPS, 1.0)
    vigour = smooth(active) * (fast + driven * (1.0 - fast))
    styles = course.styles(course.at(t, course.blend))
    round_ = 2 * np.pi * course.at(t, rhythm.phase)
    return Beating(
        t=t,
        course=course,
        yaw=course.at(t, course.yaw),
        round_=round_,
        mid=round_ - np.pi * styles[:, COLUMNS["duty"]],
        vigour=vigour,
        styles=styles,
        push=course.at(t, _rate(flow, step)),
        curve=course.at(t, _rate(course.yaw, step) * flow),
        shift=weight_shift(t, rng) * (1.0 - vigour),
        slow=slow,
    )


def _rate(track: Floats, step: float) -> Floats:
    """Central differences; the ends repeat their neighbours."""
    rate = np.empty_like(track)
    rate[1:-1] = (track[2:] - track[:-2]) * (0.5 / step)
    rate[0], rate[-1] = rate[1], rate[-2]
    return rate


def weight_shift(t: Floats, rng: np.random.Generator) -> Floats:
    """A standing body moves from leg to leg every few seconds: (T,) -1 right .. 1 left."""
    waits = rng.uniform(*_SHIFT_EVERY_S, _SHIFTS)
    first = 1.0 - 2.0 * float(rng.uniform() < 0.5)
    levels = first * _TURNS * rng.uniform(0.25, 1.0, _SHIFTS + 1)
    at = t[0] - 2.0 + np.cumsum(waits)
    k = at.searchsorted(t, side="right")
    since = (t - np.concatenate(([t[0] - 9.0], at))[k]) / _SHIFT_S
    old, new = levels[np.maximum(k - 1, 0)], levels[k]
    shifted: Floats = old + smooth(since) * (new - old)
    return shifted


def pelvis(body: Body, beat: Beating) -> tuple[Floats, Floats, Floats, Floats]:
    """Place (T, 3) of the mid-hips above the ground at their usual height, yaw, pitch, roll."""
    style, vigour, slow = beat.style, beat.vigour, beat.slow
    still = 0.009 * (1.0 - 0.7 * vigour)
    side = style("sway") * body.leg * vigour * np.cos(beat.mid)
    side += _SHIFT_SHARE * body.leg * beat.shift + still * slow[:, 0]
    loose = style("jitter")
    side += 0.07 * loose * slow[:, 9]
    ahead = (still + 0.018 * vigour) * slow[:, 1] + 0.04 * loose * slow[:, 10]
    ahead = ahead + _AHEAD * body.leg * (1.0 - vigour)
    # slowest over the standing leg, quickest as the next foot lands
    ahead -= _SURGE * body.leg * vigour * np.sin(2 * beat.mid)
    sine, cosine = np.sin(beat.yaw), np.cos(beat.yaw)
    course = beat.course
    x = course.at(beat.t, course.place[:, 0]) + side * cosine + ahead * sine
    z = course.at(beat.t, course.place[:, 1]) - side * sine + ahead * cosine
    y = body.hip_height - (0.006 + 0.002 * vigour) * body.leg
    y = y - style("sink") * body.leg * (0.3 + 0.7 * vigour)
    # highest between mid-stance and the moment when the hips are over the ankle
    early = np.pi * style("duty") * (0.5 - style("over"))
    y += style("bob") * body.leg * vigour * (np.cos(2 * (beat.mid + early)) - 1.0)
    yaw = beat.yaw - style("twist") * vigour * np.cos(beat.round_) + 0.05 * beat.shift
    pitch = style("lean") * 0.5 * (0.4 + 0.6 * vigour) + 0.4 * _LEAN_PER_ACCELERATION * beat.push
    roll = style("roll") * vigour * np.cos(beat.mid) + 0.045 * beat.shift
    roll -= 0.06 * style("limp") * vigour * (1.0 + np.cos(beat.mid - np.pi * (style("limp") < 0)))
    hips = np.empty((len(beat.t), 3))
    hips[:, 0], hips[:, 1], hips[:, 2] = x, y, z
    return hips, yaw, pitch, roll


def trunk(beat: Beating) -> Floats:
    """Bend forward, twist to the left, lean to the left of the chest on the pelvis, (T, 3)."""
    style, vigour, slow = beat.style, beat.vigour, beat.slow
    breath = np.sin(2 * np.pi * _BREATHS_HZ * beat.t + 6.0 * slow[0, 2])
    limp = style("limp")
    lurch = np.abs(limp) * np.cos(beat.mid - np.pi * (limp < 0)) * np.sign(limp)
    bend = style("lean") * 0.5 + style("stoop") + 0.010 * breath + 0.012 * slow[:, 3]
    bend = bend + 0.6 * _LEAN_PER_ACCELERATION * beat.push
    twist = style("twist") * style("counter") * vigour * np.cos(beat.round_) + 0.025 * slow[:, 4]
    lean = style("roll") * vigour * np.cos(beat.mid) + 0.016 * slow[:, 5] + 0.07 * beat.shift
    lean = lean + 0.30 * lurch * vigour + _LEAN_IN_CURVE * beat.curve / 9.8
    out = np.empty((len(beat.t), 3))
    out[:, 0], out[:, 1], out[:, 2] = bend, twist, lean
    return out


def head(beat: Beating) -> Floats:
    """Nod, turn to the left, tilt to the right, of the head on the chest, (T, 3)."""
    style, slow = beat.style, beat.slow
    nod = style("nod") - 0.7 * style("lean") - 0.6 * style("stoop") + 0.03 * slow[:, 6]
    counter = style("twist") * (style("counter") - 1.0)
    turn = -counter * beat.vigour * np.cos(beat.round_) + 0.06 * slow[:, 7]
    # the eyes go first in a turn
    course = beat.course
    turn = turn + _limited(0.8 * (course.at(beat.t + _LOOK_S, course.yaw) - beat.yaw), 0.7)
    out = np.empty((len(beat.t), 3))
    out[:, 0], out[:, 1], out[:, 2] = nod, turn, 0.02 * slow[:, 8]
    return out


def arms(beat: Beating) -> Floats:
    """Arms in counter-phase to the legs, (T, 2, 4) flexion, abduction, inward turn, elbow."""
    style, vigour, slow = beat.style, beat.vigour, beat.slow
    # components first: every step then runs over contiguous memory
    out = np.empty((4, 2, len(beat.t)))
    wave = _SIDES * (np.cos(beat.round_) * vigour)
    own = 0.03 * slow[:, 9:11].T
    swing = style("swing") * wave
    out[0] = style("flexion") + swing + own
    out[1] = style("abduction") + 0.02 * slow[:, 11]
    out[2] = 0.25
    out[3] = np.maximum(style("elbow") * (0.5 + 0.5 * vigour) + 0.75 * swing + own, 0.08)
    fixed = style("fixed")
    if fixed.any():
        goal = np.empty_like(out)
        for k in range(4):
            goal[k] = style(f"arm{k}")
        goal[0] += 0.10 * wave + own
        goal[3] += own
        out += fixed * (goal - out)
    return np.ascontiguousarray(out.transpose(2, 1, 0))


def _limited(value: Floats, most: float) -> Floats:
    return np.minimum(np.maximum(value, -most), most)
