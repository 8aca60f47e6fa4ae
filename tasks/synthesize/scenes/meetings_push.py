"""One pushes with both hands; the other loses balance and staggers back."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

import numpy as np

from tasks.synthesize.engine.arms import aim_hand, sided
from tasks.synthesize.engine.contact import incline, lean_to_reach, reach_palm, spine_place
from tasks.synthesize.engine.keyposes import POSE_WIDTH, lay_pose
from tasks.synthesize.engine.splines import frames_of
from tasks.synthesize.engine.take import LEFT, RIGHT, Beat
from tasks.synthesize.engine.timing import keyed, pulse
from tasks.synthesize.scenes.meetings_greet import face_each_other
from tasks.synthesize.scenes.meetings_spec import Encounter, MeetingSpec

if TYPE_CHECKING:
    from tasks.synthesize.scenes.plan import ActorPlan, Meeting

__all__ = ["PUSHES"]

_HIT_SHARE: Final = 0.34
"""When the hands land, as a share of the meeting."""
_STAGGER_MPS: Final = 0.75


def _hit(meeting: Meeting) -> float:
    return meeting.start_s + _HIT_SHARE * (meeting.end_s - meeting.start_s)


def _push_beats(
    meeting: Meeting, actors: tuple[ActorPlan, ...]
) -> tuple[tuple[Beat, ...], tuple[Beat, ...]]:
    hit = _hit(meeting)
    speed = _STAGGER_MPS * actors[1].body.leg / 0.83
    back = Beat(
        action="walk_backward",
        start_s=hit - 0.06,
        end_s=min(hit + 1.9, meeting.end_s),
        amount=speed,
    )
    return (), (back,)


def _push(encounter: Encounter) -> None:
    t, meeting = encounter.t, encounter.meeting
    hit = _hit(meeting)
    one, two = encounter.takes
    face_each_other(encounter, pulse(t, meeting.start_s, hit + 0.4, 0.35))
    back = max(meeting.start_s, hit - 0.75)
    end = min(hit + 0.95, meeting.end_s)
    shove = keyed(t, (back, hit - 0.30, hit + 0.12, end), (0.0, -0.4, 1.0, 0.0))
    incline(one, 0.20 * one.manner.amplitude * np.maximum(shove, -0.3))
    points = encounter.points_of(1)
    # at the chest, or as high as a small one comes
    share = float(np.clip(0.80 * one.body.stature / two.body.stature, 0.35, 0.86))
    chest = [
        (side, spine_place(points, share, out_m=0.12, left_m=-(1.0 - 2.0 * side) * 0.12))
        for side in (LEFT, RIGHT)
    ]
    ready = keyed(t, (back, hit - 0.28, hit, hit + 0.01), (0.0, 1.0, 1.0, 0.0))
    touch = keyed(t, (hit - 0.26, hit, hit + 0.14, end), (0.0, 1.0, 1.0, 0.0))
    lean_to_reach(one, chest, touch)
    row = int(np.clip(np.searchsorted(t, hit + 0.10), 0, len(t) - 1))
    for side, place in chest:
        near = one.body.stature / 1.7 * sided((0.14, -0.14, 0.22), side)
        aim_hand(one.posture, side, near, ready)
        # they follow the chest for a moment, then the arms are at their end
        follow = np.where((t < hit + 0.10)[:, None], place, place[row])
        reach_palm(one, side, follow, touch)
    _reel(encounter, hit=hit)
    # steps that catch a fall are no walk
    two.deeds[:] = [
        replace(deed, action="stagger", partner=meeting.actors[0])
        if deed.action == "walk_backward" and abs(deed.start_s - hit) < 0.1
        else deed
        for deed in two.deeds
    ]
    encounter.tell(0, "push", start_s=back, end_s=end, side="both", direction="forward")


def _reel(encounter: Encounter, *, hit: float) -> None:
    """The trunk is pushed away, the arms fly up for balance."""
    take, t = encounter.takes[1], encounter.t
    frames = frames_of(take, hit - 0.02, hit + 1.5)
    clock = t[frames]
    jolt = keyed(clock, (hit, hit + 0.20, hit + 1.1), (0.0, 1.0, 0.0))
    flail = keyed(clock, (hit + 0.02, hit + 0.32, hit + 1.4), (0.0, 1.0, 0.0))
    rows = np.zeros((len(clock), POSE_WIDTH))
    rows[:, 3], rows[:, 6], rows[:, 9] = -0.06 * jolt, -0.20 * jolt, 0.30 * jolt
    wave = 0.25 * np.sin(2 * np.pi * 1.6 * (clock - hit))
    rows[:, 12:16] = np.array([0.75, 0.70, 0.1, 0.75])
    rows[:, 16:20] = np.array([0.65, 0.80, 0.1, 0.85])
    rows[:, 12] += wave
    rows[:, 16] -= wave
    lay_pose(take, frames, rows, 0.85 * flail)


PUSHES: Final = (
    MeetingSpec(
        name="push",
        labels=("push", "stagger"),
        seconds=(2.6, 3.6),
        play=_push,
        distance_m=(0.70, 0.80),
        beats=_push_beats,
        needs=("walk_backward",),
    ),
)
