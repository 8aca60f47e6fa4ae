"""Two who fight: stance and guard, exchanges of blows, and what they do to the other."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from datasets_spec.skeleton import body_index
from tasks.synthesize.engine.arms import aim_hand
from tasks.synthesize.engine.contact import (
    PALM_M,
    arm_length,
    reach_palm,
    spine_place,
    unit,
)
from tasks.synthesize.engine.freeleg import aim_leg
from tasks.synthesize.engine.keyposes import POSE_WIDTH, lay_pose
from tasks.synthesize.engine.splines import frames_of
from tasks.synthesize.engine.steps import FootMove, Stepping, keep_hips_in_reach, step_feet
from tasks.synthesize.engine.timing import keyed, pulse
from tasks.synthesize.scenes.meetings_blows import (
    Blow,
    answer,
    choreography,
    drive,
    kick_angles,
)
from tasks.synthesize.scenes.meetings_spec import Encounter, MeetingSpec

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from tasks.synthesize.engine.take import Take

    Floats = NDArray[np.float64]

__all__ = ["FIGHTS"]

_GUARD: Final = ((0.16, 0.02, 0.34), (0.12, 0.03, 0.26))
"""Lead and rear wrist in the chest's frame, of a body of 1.70 m, metres; before the chin."""


def _fight(encounter: Encounter) -> None:
    meeting = encounter.meeting
    style = meeting.style or "boxing"
    blows = choreography(encounter, kicks=style == "kicks")
    frames = frames_of(encounter.takes[0], meeting.start_s, meeting.end_s)
    leads = [1 - take.manner.handed for take in encounter.takes]
    steps = [
        step_feet(take, frames, _stance(take, encounter, lead))
        for take, lead in zip(encounter.takes, leads, strict=True)
    ]
    calm = [encounter.points_of(one) for one in (0, 1)]
    lunges = [_lunge(encounter, one, calm) for one in (0, 1)]
    for one in (0, 1):
        _body(encounter, one, blows, frames=frames, step=steps[one], lunge=lunges[one])
    for one in (0, 1):
        _hands(encounter, one, blows, calm=calm[1 - one], lead=leads[one])
        count = sum(blow.who == one for blow in blows)
        encounter.tell(
            one, "fight", start_s=meeting.start_s, end_s=meeting.end_s, count=count, style=style
        )


def _stance(take: Take, encounter: Encounter, lead: int) -> list[FootMove]:
    """Lead foot ahead, rear foot back and out; home at the end."""
    leg, rear = take.body.leg, 1 - lead
    sign = 1.0 if lead == 0 else -1.0
    begin, end = encounter.meeting.start_s + 0.05, encounter.meeting.end_s
    moves = [
        FootMove(
            side=rear,
            start_s=begin,
            end_s=begin + 0.32,
            left=-sign * 0.05 * leg,
            ahead=-0.24 * leg,
            toe=-sign * 0.5,
            over=0.35,
        ),
        FootMove(
            side=lead,
            start_s=begin + 0.26,
            end_s=begin + 0.54,
            ahead=0.10 * leg,
            toe=-sign * 0.15,
            over=0.35,
            lift=0.035,
        ),
    ]
    home = [
        FootMove(side=lead, start_s=end - 0.64, end_s=end - 0.36, over=0.35),
        FootMove(side=rear, start_s=end - 0.40, end_s=end - 0.06, over=0.35),
    ]
    return [*moves, *home]


def _body(
    encounter: Encounter,
    one: int,
    blows: list[Blow],
    *,
    frames: slice,
    step: Stepping,
    lunge: float,
) -> None:
    """Bounce, drive of the own blows, answers to the other's."""
    take = encounter.takes[one]
    t = take.t[frames]
    rows = _bounce(encounter, one, t)
    legs = np.zeros((2, len(t)))
    kicks = np.zeros((2, len(t), 5))
    for blow in blows:
        if blow.who == one:
            rows += drive(t, blow, lunge=lunge)
            if blow.kick:
                angles, weight = kick_angles(t, blow)
                kicks[blow.side] += weight[:, None] * angles
                legs[blow.side] = np.maximum(legs[blow.side], weight)
        else:
            rows += take.manner.amplitude**0.5 * answer(t, blow)
    lay_pose(take, frames, rows, np.zeros(len(t)))
    air = np.maximum(step.air, legs.T)
    keep_hips_in_reach(take, frames, air)
    for side in (0, 1):
        if legs[side].any():
            angles = kicks[side] / np.maximum(legs[side], 1e-6)[:, None]
            aim_leg(take, frames, side, angles, legs[side])
            # off the floor before it travels, and down again after: it does not scrape
            take.posture.ankles[frames, side, 1] += 0.36 * legs[side] * (1.0 - legs[side])


def _bounce(encounter: Encounter, one: int, t: Floats) -> Floats:
    """A fighter's stance on its toes between the blows, (n, 20)."""
    take, meeting = encounter.takes[one], encounter.meeting
    sign = 1.0 if take.manner.handed else -1.0
    inside = pulse(t, meeting.start_s, meeting.end_s, 0.6)
    rows = np.zeros((len(t), POSE_WIDTH))
    hertz = 1.5 + 0.8 * float(encounter.rng.uniform())
    bounce = 0.5 - 0.5 * np.cos(2 * np.pi * hertz * (t - t[0]))
    rows[:, 1] = -inside * (0.05 + (0.01 + 0.02 * take.manner.energy) * bounce)
    rows[:, 0] = 0.025 * inside * np.sin(2 * np.pi * 0.37 * (t - t[0]) + 3.0 * one)
    rows[:, 3], rows[:, 6], rows[:, 9] = 0.05 * inside, 0.13 * inside, 0.06 * inside
    rows[:, 4], rows[:, 10] = -sign * 0.30 * inside, sign * 0.28 * inside
    return rows


def _lunge(encounter: Encounter, one: int, calm: list[Floats]) -> float:
    """How far an attacker must bend forward to reach the other, radians."""
    take, target = encounter.takes[one], encounter.takes[1 - one]
    row = int(np.clip(np.searchsorted(encounter.t, encounter.at(0.5)), 0, len(encounter.t) - 1))
    mine, other = calm[one][row : row + 1], calm[1 - one][row : row + 1]
    goal = other[:, body_index("head")]
    if target.body.stature > 1.15 * take.body.stature:
        goal = spine_place(other, 0.62)
    # the turn of the trunk brings the shoulder about a third of its width ahead
    arm = arm_length(take.body) + PALM_M + 0.07 * take.body.stature
    short = float(np.linalg.norm(goal - spine_place(mine, 1.0))) - 0.10 - 0.96 * arm
    return float(np.clip(short / (0.16 * take.body.stature), 0.0, 0.55))


def _hands(encounter: Encounter, one: int, blows: list[Blow], *, calm: Floats, lead: int) -> None:
    """Guard before the chin, fists that go out to the other, arms that cover."""
    take, t, meeting = encounter.takes[one], encounter.t, encounter.meeting
    scale = take.body.stature / 1.7
    inside = pulse(t, meeting.start_s, meeting.end_s, 0.5)
    cover = np.zeros_like(t)
    for blow in blows:
        if blow.who != one and blow.answer == "block":
            hit = blow.times()[2]
            lift = keyed(t, (hit - 0.24, hit - 0.03, hit + 0.15, hit + 0.45), (0.0, 1.0, 1.0, 0))
            cover = np.maximum(cover, lift * (-1.0 if blow.low else 1.0))
    head = calm[:, body_index("head")]
    trunk = spine_place(calm, 0.62, out_m=0.10)
    for side in (0, 1):
        x, y, z = _GUARD[int(side != lead)]
        mirror = 1.0 - 2.0 * side
        guard = np.stack(
            [mirror * (x - 0.06 * cover), y + 0.09 * cover, z - 0.04 * np.abs(cover)], axis=-1
        )
        aim_hand(take.posture, side, scale * guard, inside)
        take.posture.elbows[:, side] += 0.12 * inside
        own = [b for b in blows if b.who == one and b.side == side and not b.kick]
        weight, place = np.zeros_like(t), np.zeros((len(t), 3))
        for blow in own:
            start, cocked, hit, held, end = blow.times()
            out = keyed(t, (cocked, hit, held, end), (0.0, 1.0, 1.0, 0.0))
            aim = trunk if blow.low else head
            # fists stop at the skin: the point aimed at lies a hand's breadth before the middle
            short = 0.05 if blow.low else (0.17 if blow.answer == "block" else 0.09)
            toward = unit(take.posture.hips - aim) * np.array([1.0, 0.0, 1.0])
            row = int(np.clip(np.searchsorted(t, hit), 0, len(t) - 1))
            busy = out > 0.0
            place[busy] = (aim + short * unit(toward))[row]
            weight = np.maximum(weight, out)
            del start
        reach_palm(take, side, place, weight)


FIGHTS: Final = (
    MeetingSpec(
        name="fight",
        labels=("fight", "fight"),
        seconds=(4.2, 7.5),
        play=_fight,
        distance_m=(0.94, 1.02),
        styles=("boxing", "kicks"),
    ),
)
