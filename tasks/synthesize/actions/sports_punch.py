"""Punches out of a boxer's guard: jab, cross, hook, uppercut, and combinations of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from tasks.synthesize.engine.arms import aim_hand
from tasks.synthesize.engine.keyposes import lay_pose
from tasks.synthesize.engine.splines import frames_of, glide
from tasks.synthesize.engine.steps import FootMove, keep_hips_in_reach, pivot_feet, step_feet
from tasks.synthesize.engine.take import ActionSpec, Beat, Deed, Take
from tasks.synthesize.engine.timing import pulse

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

__all__ = ["PUNCH"]


@dataclass(frozen=True, kw_only=True, slots=True)
class _Blow:
    """A punch; places as seen from the shoulder of the punching hand, shares of the arm.

    Each place is (inwards, up, ahead) in the frame in which the boxer faces the opponent.
    """

    rear: bool
    """True: the hand of the rear foot's side, which is the stronger one."""
    cock: tuple[float, float, float]
    hit: tuple[float, float, float]
    through: tuple[float, float, float]
    """Where the hand turns back: of a hook past the middle, of an uppercut high."""
    twist: float
    """Turn of the chest at the hit, radians towards the other side."""
    elbow: float
    """Elbow out to the side: 1, down: 0."""
    dip: float = 0.0
    """Lowering of the hips before the hit, share of the leg."""


_BLOWS: Final = {
    "jab": _Blow(
        rear=False,
        cock=(0.10, 0.10, 0.52),
        hit=(0.16, 0.10, 0.95),
        through=(0.16, 0.10, 0.93),
        twist=0.38,
        elbow=0.25,
    ),
    "cross": _Blow(
        rear=True,
        cock=(0.14, 0.10, 0.40),
        hit=(0.16, 0.10, 0.95),
        through=(0.18, 0.09, 0.93),
        twist=0.80,
        elbow=0.25,
    ),
    "hook": _Blow(
        rear=False,
        cock=(0.08, 0.02, 0.46),
        hit=(0.30, 0.12, 0.70),
        through=(0.62, 0.12, 0.48),
        twist=0.70,
        elbow=0.95,
    ),
    "uppercut": _Blow(
        rear=True,
        cock=(0.10, -0.55, 0.34),
        hit=(0.28, 0.12, 0.68),
        through=(0.32, 0.34, 0.60),
        twist=0.62,
        elbow=0.0,
        dip=0.07,
    ),
}
_COMBOS: Final = {
    "one_two": ("jab", "cross"),
    "one_two_three": ("jab", "cross", "hook"),
    "jab": ("jab",),
    "cross": ("cross",),
    "hook": ("hook", "rear_hook"),
    "uppercut": ("uppercut", "lead_uppercut"),
    "mixed": ("jab", "jab", "cross", "hook", "uppercut"),
}
_ENTER_S: Final = 0.55
_LEAVE_S: Final = 0.60
_BLOW_S: Final = 0.46
"""From guard to guard of one punch, by eye."""
_OUT_SHARE: Final = (0.0, 0.16, 0.52, 0.62, 1.0)
"""Guard, cocked, hit, turned back, guard."""
_GUARD_SPOT: Final = ((0.34, 0.16, 0.46), (0.30, 0.18, 0.36))
"""Lead and rear hand before the chin, from their shoulders: inwards, up, ahead."""


@dataclass(frozen=True, kw_only=True, slots=True)
class _Thrown:
    """One punch in time."""

    start_s: float
    length_s: float
    side: int
    blow: _Blow


def _punch(take: Take, beat: Beat) -> Deed:
    draws = take.rng.uniform(size=6)
    style = beat.style or tuple(_COMBOS)[int(draws[0] * len(_COMBOS))]
    lead = 1 - take.manner.handed
    names = _COMBOS[style]
    if beat.side is not None and not beat.style:
        style = ("jab", "cross", "hook", "uppercut")[int(draws[0] * 4)]
        names = _COMBOS[style]
    if beat.side is not None:
        # one hand only: it leads with jabs and hooks, and is behind for the strong ones
        names = names[:1]
        lead = 1 - beat.side if _BLOWS[names[0]].rear else beat.side
    times = (_BLOW_S * (1.0 + 0.8 * float(draws[3]) ** 2), 0.1 + 0.5 * float(draws[1]))
    thrown = _plan(take, beat, names, lead=lead, times=times)
    way = (1.1 + 1.6 * float(draws[2]), 0.5 * float(draws[4]) ** 2)
    _box(take, beat, thrown, lead=lead, way=way)
    sides = {one.side for one in thrown}
    side = "both" if len(sides) > 1 else ("right" if sides == {1} else "left")
    return Deed(
        action="punch",
        start_s=beat.start_s,
        end_s=beat.end_s,
        side=side,
        count=len(thrown),
        direction="forward",
        style=style,
    )


def _plan(
    take: Take, beat: Beat, names: tuple[str, ...], *, lead: int, times: tuple[float, float]
) -> list[_Thrown]:
    """Punches of a combination quickly one after another, a pause, and again."""
    pace = take.manner.tempo * (0.9 + 0.2 * take.manner.energy)
    blow_s, gap = times[0] / pace, times[1] / pace
    begin, end = beat.start_s + _ENTER_S, beat.end_s - _LEAVE_S
    total = len(names) * blow_s + gap
    usual = max(1, int((end - begin + gap) / total)) * len(names)
    count = beat.count or usual
    need = count * blow_s + (count - 1) // len(names) * gap
    squeeze = min(1.0, (end - begin) / need)
    if squeeze < 0.62:
        count = max(1, int(count * squeeze / 0.62))
        need = count * blow_s + (count - 1) // len(names) * gap
        squeeze = min(1.0, (end - begin) / need)
    rounds = (count - 1) // len(names)
    spare = max(0.0, end - begin - need * squeeze) / (rounds + 2)
    thrown = []
    at = begin + spare
    for k in range(count):
        name = names[k % len(names)]
        blow = _BLOWS[name.removeprefix("lead_").removeprefix("rear_")]
        rear = (blow.rear or name.startswith("rear_")) and not name.startswith("lead_")
        side = 1 - lead if rear else lead
        thrown.append(_Thrown(start_s=at, length_s=blow_s * squeeze, side=side, blow=blow))
        at += blow_s * squeeze
        if (k + 1) % len(names) == 0:
            at += gap * squeeze + spare
    return thrown


def _box(
    take: Take, beat: Beat, thrown: list[_Thrown], *, lead: int, way: tuple[float, float]
) -> None:
    """Rate of the bounce (Hz) and how low the guard hangs (shares of the arm) are the `way`."""
    posture, hertz = take.posture, way[0]
    frames = frames_of(take, beat.start_s, beat.end_s)
    t = take.t[frames]
    sign, rear = (1.0 if lead == 0 else -1.0), 1 - lead
    inside = pulse(t, beat.start_s, beat.end_s, 0.5)
    step = step_feet(take, frames, _stance(take, beat, lead))
    drive, yaw, dip = _drives(t, thrown)
    yaw *= 0.8 + 0.2 * take.manner.amplitude
    # the body stands turned away from the lead side
    stance_yaw = -sign * 0.55 * inside
    beat_wave = inside * (1.0 - np.cos(2 * np.pi * hertz * (t - t[0])))
    dip += (0.006 + 0.014 * take.manner.energy) * beat_wave
    lay_pose(take, frames, _lean(drive, yaw, dip, stance_yaw, inside), np.zeros(len(t)))
    pitch, turn = np.zeros((len(t), 2)), np.zeros((len(t), 2))
    pitch[:, rear] = 0.16 * inside + 0.05 * beat_wave + 0.30 * drive[rear]
    pitch[:, lead] = 0.04 * beat_wave
    turn[:, rear] = sign * 0.45 * drive[rear]
    pivot_feet(take, frames, turn, pitch)
    keep_hips_in_reach(take, frames, step.air)
    for side in (0, 1):
        own = [one for one in thrown if one.side == side]
        inwards, up, ahead = _GUARD_SPOT[int(side != lead)]
        spot, out = _hand(t, own, (inwards - 0.2 * way[1], up - way[1], ahead - 0.1 * way[1]))
        target = _in_chest(take, side, spot, stance_yaw + yaw)
        target[:, 1] += 0.012 * inside * np.sin(2 * np.pi * hertz * (t - t[0]) + side)
        full, weight = np.zeros((len(posture.t), 3)), np.zeros(len(posture.t))
        full[frames], weight[frames] = target, inside
        aim_hand(posture, side, full, weight)
        posture.elbows[frames, side] += inside * out


def _drives(t: Floats, thrown: list[_Thrown]) -> tuple[Floats, Floats, Floats]:
    """How far each hand is out (2, n), turn of the chest (n,), lowering of the hips (n,)."""
    drive, yaw, dip = np.zeros((2, len(t))), np.zeros(len(t)), np.zeros(len(t))
    for one in thrown:
        at = one.start_s + one.length_s * np.array(_OUT_SHARE)
        # out and back; the dip before a blow that comes from below
        out, low = glide(t, at, ((0, 0), (-0.15, 1), (1, -0.1), (0.92, 0), (0, 0))).T
        drive[one.side] += np.maximum(out, 0.0)
        yaw += (1.0 if one.side == 1 else -1.0) * one.blow.twist * out
        dip += one.blow.dip * low
    return drive, yaw, dip


def _lean(drive: Floats, yaw: Floats, dip: Floats, stance_yaw: Floats, inside: Floats) -> Floats:
    """Poses (n, 20): hips and chest share the turn, the head stays on the opponent."""
    rows = np.zeros((len(yaw), 20))
    both = drive[0] + drive[1]
    rows[:, 0] = 0.05 * yaw * inside
    rows[:, 1] = -0.045 * inside - dip
    rows[:, 2] = 0.05 * both
    rows[:, 3] = 0.06 * inside
    rows[:, 4] = 0.5 * stance_yaw + 0.55 * yaw
    rows[:, 6] = 0.12 * inside + 0.08 * both
    rows[:, 7] = 0.5 * stance_yaw + 0.45 * yaw
    rows[:, 8] = 0.10 * (drive[1] - drive[0])
    rows[:, 9] = 0.10 * inside
    rows[:, 10] = -0.9 * (stance_yaw + yaw)
    return rows


def _stance(take: Take, beat: Beat, lead: int) -> list[FootMove]:
    """Lead foot ahead, rear foot back and out; home at the end."""
    leg, rear = take.body.leg, 1 - lead
    sign = 1.0 if lead == 0 else -1.0
    begin, end = beat.start_s + 0.02, beat.end_s
    return [
        FootMove(
            side=rear,
            start_s=begin,
            end_s=begin + 0.32,
            left=-sign * 0.06 * leg,
            ahead=-0.26 * leg,
            toe=-sign * 0.60,
            over=0.35,
        ),
        FootMove(
            side=lead,
            start_s=begin + 0.26,
            end_s=begin + 0.54,
            ahead=0.12 * leg,
            toe=-sign * 0.20,
            over=0.35,
            lift=0.035,
        ),
        FootMove(side=lead, start_s=end - 0.66, end_s=end - 0.36, over=0.35),
        FootMove(side=rear, start_s=end - 0.40, end_s=end - 0.06, over=0.35),
    ]


def _hand(
    t: Floats, own: list[_Thrown], guard: tuple[float, float, float]
) -> tuple[Floats, Floats]:
    """Place of a hand (n, 3: inwards, up, ahead of its shoulder), and its elbow (n,)."""
    times, places, elbows = [float(t[0])], [guard], [0.1]
    for one in own:
        blow = one.blow
        times += [one.start_s + share * one.length_s for share in _OUT_SHARE]
        places += [guard, blow.cock, blow.hit, blow.through, guard]
        elbows += [0.1, 0.1 + 0.6 * (blow.elbow - 0.1), blow.elbow, blow.elbow, 0.1]
    track = glide(t, times, np.concatenate([places, np.array(elbows)[:, None]], axis=1))
    return track[:, :3], track[:, 3]


def _in_chest(take: Take, side: int, spot: Floats, chest_yaw: Floats) -> Floats:
    """Places counted from the shoulder, facing the opponent, as targets in the chest's frame."""
    body = take.body
    arm = body.length("l_elbow") + body.length("l_wrist")
    shoulder = body.offsets[13 + side, 0] + body.offsets[16 + side, 0]
    sign = 1.0 - 2.0 * side
    x, y, z = -sign * spot[:, 0] * arm, spot[:, 1] * arm, spot[:, 2] * arm
    cosine, sine = np.cos(chest_yaw), np.sin(chest_yaw)
    return np.stack([shoulder + cosine * x - sine * z, y, cosine * z + sine * x], axis=-1)


PUNCH: Final = ActionSpec(
    name="punch",
    kind="whole",
    seconds=(2.2, 6.0),
    play=_punch,
    sided=True,
    counts=(1, 8),
    directions=("forward",),
    styles=tuple(_COMBOS),
)
