"""Two who dance together: a waltz in closed hold, and steps from side to side hand in hand."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from datasets_spec.skeleton import body_index
from tasks.synthesize.engine.arms import aim_hand
from tasks.synthesize.engine.contact import arm_length, look_at, reach_palm, spine_place
from tasks.synthesize.engine.keyposes import POSE_WIDTH, lay_pose
from tasks.synthesize.engine.splines import frames_of
from tasks.synthesize.engine.steps import FootMove, keep_hips_in_reach, step_feet
from tasks.synthesize.engine.take import LEFT, RIGHT
from tasks.synthesize.engine.timing import ease, pulse
from tasks.synthesize.scenes.meetings_spec import Encounter, MeetingSpec

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

__all__ = ["DANCES"]

_WALTZ_BEAT_S: Final = 0.60
"""A slow waltz: 30 bars of three a minute is ballroom tempo; beginners take it slower or so."""
_STEP_BEAT_S: Final = 0.62
_BOX: Final = (
    (LEFT, (0.0, 1.0)),
    (RIGHT, (-1.0, 1.0)),
    (LEFT, (-1.0, 1.0)),
    (RIGHT, (-1.0, 0.0)),
    (LEFT, (0.0, 0.0)),
    (RIGHT, (0.0, 0.0)),
)
"""The leader's box step: foot and its place (left, ahead) in steps; the other mirrors it."""
_SWAY: Final = (
    (LEFT, (1.0, 0.0)),
    (RIGHT, (1.0, 0.0)),
    (RIGHT, (0.0, 0.0)),
    (LEFT, (0.0, 0.0)),
)
_EDGE_S: Final = 0.5
"""Before the first step, and after the last one."""
_HOLD_S: Final = 0.8


def _dance(encounter: Encounter) -> None:
    meeting = encounter.meeting
    style = meeting.style or "waltz"
    waltz = style == "waltz"
    pattern = _BOX if waltz else _SWAY
    usual = (_WALTZ_BEAT_S if waltz else _STEP_BEAT_S) / float(np.clip(encounter.tempo, 0.8, 1.3))
    room = meeting.end_s - meeting.start_s - 2 * _EDGE_S
    steps = len(pattern) * max(1, int(room / (usual * len(pattern))))
    beat_s = float(np.clip(room / steps, 0.42, 1.25 * usual))
    for one in (0, 1):
        _tread(encounter, one, steps=steps, beat_s=beat_s, waltz=waltz)
        encounter.tell(
            one, "dance", start_s=meeting.start_s, end_s=meeting.end_s, style=style, side="both"
        )
    if waltz:
        _closed_hold(encounter)
    else:
        _open_hold(encounter, beat_s=beat_s, begin=meeting.start_s + _EDGE_S)


def _moves(
    encounter: Encounter, one: int, *, steps: int, beat_s: float, waltz: bool
) -> list[FootMove]:
    """Steps of one of the two; the other's left and ahead are the right and back of the leader."""
    pattern = _BOX if waltz else _SWAY
    begin = encounter.meeting.start_s + _EDGE_S
    leg = min(take.body.leg for take in encounter.takes)
    size = (1.0 - 2.0 * one) * (0.22 if waltz else 0.20) * leg
    moves = []
    for k in range(steps):
        foot, (left, ahead) = pattern[k % len(pattern)]
        moves.append(
            FootMove(
                side=foot if one == 0 else 1 - foot,
                start_s=begin + k * beat_s,
                end_s=begin + (k + 0.72) * beat_s,
                left=size * left,
                ahead=size * ahead,
                lift=0.035,
                roll=0.25,
                over=0.55,
            )
        )
    return moves


def _tread(encounter: Encounter, one: int, *, steps: int, beat_s: float, waltz: bool) -> None:
    """Feet, rise and fall, sway of one of the two."""
    take, meeting = encounter.takes[one], encounter.meeting
    frames = frames_of(take, meeting.start_s, meeting.end_s)
    moves = _moves(encounter, one, steps=steps, beat_s=beat_s, waltz=waltz)
    step = step_feet(take, frames, moves)
    t, begin = take.t[frames], meeting.start_s + _EDGE_S
    inside = pulse(t, begin - 0.4, begin + steps * beat_s + 0.3, 0.5)
    rows = np.zeros((len(t), POSE_WIDTH))
    # up on the second beat of a waltz, down on the first; on every step of the other
    wave = np.cos(2 * np.pi * ((t - begin) / ((3.0 if waltz else 1.0) * beat_s) - 0.5))
    rise = 0.018 + 0.016 * take.manner.energy
    rows[:, 1] = -inside * (0.03 + rise * (1.0 - wave) / 2)
    sway = np.sin(2 * np.pi * (t - begin) / ((6.0 if waltz else 4.0) * beat_s))
    rows[:, 8] = (1.0 - 2.0 * one) * 0.07 * take.manner.amplitude * inside * sway
    if waltz:
        rows[:, 6], rows[:, 10] = -0.05 * inside, 0.30 * inside
    lay_pose(take, frames, rows, np.zeros(len(t)))
    keep_hips_in_reach(take, frames, step.air)


def _weight(encounter: Encounter) -> Floats:
    return pulse(encounter.t, encounter.meeting.start_s, encounter.meeting.end_s, _HOLD_S)


def _closed_hold(encounter: Encounter) -> None:
    """Leader's left in the other's right, out to the side; his right on the back, hers on his."""
    weight = _weight(encounter)
    leader, partner = encounter.takes
    points = [encounter.points_of(one) for one in (0, 1)]
    middle, along = encounter.between()
    left = np.cross(np.array([0.0, 1.0, 0.0]), along)
    arms = min(arm_length(take.body) for take in encounter.takes)
    tall = float(np.mean([take.body.stature for take in encounter.takes]))
    joined = middle + (0.32 + 0.42 * arms) * left
    joined[:, 1] = 0.80 * tall
    reach_palm(leader, LEFT, joined, weight)
    reach_palm(partner, RIGHT, joined, weight)
    late = pulse(encounter.t, encounter.meeting.start_s + 0.1, encounter.meeting.end_s, _HOLD_S)
    blade = spine_place(points[1], 0.78, out_m=-0.11, left_m=0.10)
    leader.posture.elbows[:, RIGHT] += 0.75 * late
    aim_hand(leader.posture, RIGHT, blade, late, in_world=True)
    shoulder = points[0][:, body_index("r_shoulder")] + np.array([0.0, 0.05, 0.0])
    partner.posture.elbows[:, LEFT] += 0.75 * late
    aim_hand(partner.posture, LEFT, shoulder - 0.05 * along, late, in_world=True)


def _open_hold(encounter: Encounter, *, beat_s: float, begin: float) -> None:
    """Both pairs of hands joined between them, swinging with the steps."""
    t, weight = encounter.t, _weight(encounter)
    middle, along = encounter.between()
    left = np.cross(np.array([0.0, 1.0, 0.0]), along)
    tall = float(np.mean([take.body.stature for take in encounter.takes]))
    swing = np.sin(2 * np.pi * (t - begin) / (4 * beat_s)) * ease((t - begin) / 0.6)
    for side in (LEFT, RIGHT):
        out = (1.0 - 2.0 * side) * 0.20 + 0.06 * swing
        place = middle + out[:, None] * left
        place[:, 1] = 0.60 * tall + 0.05 * (1.0 - 2.0 * side) * swing
        reach_palm(encounter.takes[0], side, place, weight)
        reach_palm(encounter.takes[1], 1 - side, place, weight)
    for one in (0, 1):
        look_at(encounter.takes[one], encounter.head_of(1 - one), 0.8 * weight)


DANCES: Final = (
    MeetingSpec(
        name="dance_together",
        labels=("dance", "dance"),
        seconds=(5.0, 7.5),
        play=_dance,
        distance_m=(0.56, 0.66),
        styles=("waltz", "hand_in_hand"),
    ),
)
