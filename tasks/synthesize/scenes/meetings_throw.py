"""Meetings over a flying thing: throwing and catching, dodging a throw."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from tasks.synthesize.engine.arms import aim_hand, sided
from tasks.synthesize.engine.contact import look_at, palm_of
from tasks.synthesize.engine.keyposes import POSE_WIDTH, lay_pose
from tasks.synthesize.engine.splines import frames_of, glide
from tasks.synthesize.engine.steps import keep_hips_in_reach
from tasks.synthesize.engine.take import LEFT, RIGHT
from tasks.synthesize.engine.timing import keyed, pulse
from tasks.synthesize.scenes.meetings_greet import face_each_other
from tasks.synthesize.scenes.meetings_spec import Encounter, MeetingSpec

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

__all__ = ["THROWS", "flight_time"]

_CATCH_AHEAD_M: Final = 0.36
_RELEASE: Final = (0.22, 0.20, 0.36)
_RELEASE_UNDER: Final = (0.20, -0.22, 0.42)
"""Wrist at the release of a throw, over or under the arm, chest's frame of a 1.70 m body."""


def flight_time(way_m: float, rise_m: float, *, angle_rad: float, gravity_mps2: float) -> float:
    """How long a thing flies that leaves at an angle and comes down at its goal, seconds.

    Args:
        way_m: Level distance, metres.
        rise_m: Height of the goal above the start.
        angle_rad: Elevation of the start; above that of the straight line to the goal.
        gravity_mps2: Of the place.

    Source: x = v cos(a) t, y = v sin(a) t - g t^2 / 2, solved for t.
    """
    return float(np.sqrt(2.0 * max(way_m * np.tan(angle_rad) - rise_m, 0.05) / gravity_mps2))


@dataclass(frozen=True, kw_only=True, slots=True)
class _Throw:
    """One flight from hand to hand."""

    who: int
    start_s: float
    release_s: float
    arrive_s: float
    end_s: float
    under: bool
    sides: tuple[int, ...]


def _throws(encounter: Encounter, *, hard: bool) -> list[_Throw]:
    """As many throws to and fro as fit, at least one."""
    meeting, rng = encounter.meeting, encounter.rng
    row = int(np.clip(np.searchsorted(encounter.t, encounter.at(0.1)), 0, len(encounter.t) - 1))
    gap = (encounter.takes[1].posture.hips - encounter.takes[0].posture.hips)[row]
    far = float(np.hypot(gap[0], gap[2])) - 0.7
    angle = float(rng.uniform(0.25, 0.35) if hard else rng.uniform(0.50, 0.80))
    gravity = encounter.takes[0].setting.gravity_mps2
    drop = -0.25 if hard else 0.0
    fly = flight_time(far, drop, angle_rad=angle, gravity_mps2=gravity)
    # on the moon one throws flatter rather than wait for seconds
    fly = float(np.clip(fly, 0.2, 0.35 * (meeting.end_s - meeting.start_s)))
    pace = float(np.clip(encounter.tempo, 0.75, 1.3))
    wind, through = 0.75 / pace, 0.45 / pace
    style = meeting.style
    cycle = wind + fly + 0.55 / pace
    most = 1 if hard else 4
    room = meeting.end_s - meeting.start_s - 0.55 / pace
    count = int(np.clip((room + 0.1) // cycle, 1, most))
    start = meeting.start_s + 0.5 * max(0.0, room - count * cycle)
    throws = []
    for k in range(count):
        release = start + wind
        throws.append(
            _Throw(
                who=k % 2 if not hard else 0,
                start_s=start,
                release_s=release,
                arrive_s=release + fly,
                end_s=release + through,
                under=style == "underarm",
                sides=(LEFT, RIGHT) if style == "two_handed" else (RIGHT,),
            )
        )
        start += cycle
    return throws


def _throw_and_catch(encounter: Encounter) -> None:
    meeting = encounter.meeting
    face_each_other(encounter, pulse(encounter.t, meeting.start_s, meeting.end_s, 0.4))
    throws = _throws(encounter, hard=False)
    _hold_between(encounter, throws)
    for throw in throws:
        _throw(encounter, throw, thing=meeting.thing or "ball")
        _catch(encounter, throw, thing=meeting.thing or "ball")


def _hold_between(encounter: Encounter, throws: list[_Throw]) -> None:
    """Who has the ball holds it before the chest."""
    t, meeting = encounter.t, encounter.meeting
    got = [(throws[0].who, meeting.start_s, throws[0].start_s + 0.3)]
    later = [*throws[1:], None]
    for throw, after in zip(throws, later, strict=True):
        until = after.start_s + 0.3 if after else meeting.end_s
        got.append((1 - throw.who, throw.arrive_s + 0.1, until))
    for who, low, high in got:
        take = encounter.takes[who]
        weight = pulse(t, low, high, 0.30) if high - low > 0.1 else np.zeros_like(t)
        for side in (LEFT, RIGHT):
            place = take.body.stature / 1.7 * sided((0.09, -0.20, 0.27), side)
            aim_hand(take.posture, side, place, weight)


def _throw(encounter: Encounter, throw: _Throw, *, thing: str) -> None:
    """Wind up, swing through the release, follow through."""
    take, t = encounter.takes[throw.who], encounter.t
    scale = take.body.stature / 1.7
    start, release, end = throw.start_s, throw.release_s, throw.end_s
    back = start + 0.58 * (release - start)
    both = len(throw.sides) == 2
    cock = (0.32, 0.16, -0.16)
    free, after = _RELEASE, (0.02, -0.22, 0.46)
    if both:
        cock, free, after = (0.13, 0.02, 0.16), (0.14, 0.02, 0.52), (0.18, -0.06, 0.48)
    elif throw.under:
        cock, free, after = (0.26, -0.50, -0.30), _RELEASE_UNDER, (0.16, 0.10, 0.40)
    frames = frames_of(take, start, end)
    clock = t[frames]
    swing = glide(clock, (start, back, release, 0.6 * release + 0.4 * end, end), (0, -1, 0.8, 1, 0))
    rows = np.zeros((len(clock), POSE_WIDTH))
    if not both:
        rows[:, 4], rows[:, 7] = 0.22 * swing, 0.30 * swing
        rows[:, 10] = -0.45 * swing
    rows[:, 2] = 0.06 * swing
    rows[:, 6] = 0.10 * np.maximum(swing, 0.0)
    rows[:, 1] = -0.03 * np.abs(swing)
    lay_pose(take, frames, take.manner.amplitude * rows, np.zeros(len(clock)))
    keep_hips_in_reach(take, frames)
    weight = keyed(
        t, (start, start + 0.9 * (back - start), 0.5 * (release + end), end), (0, 1, 1, 0)
    )
    for side in throw.sides:
        places = [scale * sided(place, side) for place in (cock, cock, free, after, after)]
        at = (start, back, release, release + 0.4 * (end - release), end)
        aim_hand(take.posture, side, glide(t, at, places), weight)
        take.posture.elbows[:, side] += 0.75 * weight * (0.0 if throw.under else 1.0)
    name = "both" if both else "right"
    style = "underarm" if throw.under else ("two_handed" if both else "overarm")
    encounter.tell(
        throw.who, "throw", start_s=start, end_s=end, thing=thing, side=name, style=style
    )


def _catch(encounter: Encounter, throw: _Throw, *, thing: str) -> None:
    """Both hands go to meet the ball and give way with it."""
    who = 1 - throw.who
    take, t = encounter.takes[who], encounter.t
    scale = take.body.stature / 1.7
    arrive = throw.arrive_s
    start, end = max(throw.release_s - 0.10, arrive - 0.75), arrive + 0.5
    high = float(encounter.rng.uniform(-0.12, 0.14))
    aside = float(encounter.rng.uniform(-0.10, 0.10))
    give = keyed(t, (arrive, arrive + 0.28), (0.0, 1.0))
    reach = np.stack([0 * t + aside, high - 0.10 * give, _CATCH_AHEAD_M + 0.14 - 0.22 * give], -1)
    weight = keyed(t, (start, arrive - 0.06, arrive + 0.28, end), (0.0, 1.0, 1.0, 0.0))
    dip = keyed(t, (start, arrive, end), (0.0, 1.0, 0.0))
    frames = frames_of(take, start, end)
    rows = np.zeros((frames.stop - frames.start, POSE_WIDTH))
    rows[:, 1], rows[:, 6], rows[:, 2] = (k * dip[frames] for k in (-0.05, 0.10, 0.02))
    lay_pose(take, frames, rows, np.zeros(len(rows)))
    keep_hips_in_reach(take, frames)
    for side in (LEFT, RIGHT):
        place = scale * (reach + sided((0.09, 0.0, 0.0), side))
        aim_hand(take.posture, side, place, weight)
    points = encounter.points_of(who)
    ball = (palm_of(points, LEFT) + palm_of(points, RIGHT)) / 2
    look_at(take, ball, 0.5 * pulse(t, start, end, 0.25))
    encounter.tell(who, "catch", start_s=start, end_s=end, thing=thing, side="both")


def _dodge_throw(encounter: Encounter) -> None:
    """One throws at the other, who leans or ducks out of the way."""
    t, meeting = encounter.t, encounter.meeting
    face_each_other(encounter, pulse(t, meeting.start_s, meeting.end_s, 0.4))
    throw = _throws(encounter, hard=True)[0]
    _hold_between(encounter, [throw])
    del_hold = encounter.takes[1].posture
    # nobody catches: hands of the one who dodges are not at a ball
    del_hold.reach_weight[:] = np.where((t > throw.release_s)[:, None], 0.0, del_hold.reach_weight)
    _throw(encounter, throw, thing=meeting.thing or "ball")
    take = encounter.takes[1]
    start, end = throw.arrive_s - 0.45, throw.arrive_s + 0.75
    frames = frames_of(take, start, end)
    clock = t[frames]
    away = keyed(clock, (start, throw.arrive_s - 0.05, throw.arrive_s + 0.18, end), (0, 1, 1, 0))
    side = 1.0 if encounter.rng.uniform() < 0.5 else -1.0
    duck = meeting.style == "duck"
    rows = np.zeros((len(clock), POSE_WIDTH))
    if duck:
        rows[:, 1], rows[:, 2] = -0.34 * away, -0.10 * away
        rows[:, 3], rows[:, 6], rows[:, 9] = 0.35 * away, 0.40 * away, 0.10 * away
    else:
        rows[:, 0], rows[:, 1] = -0.10 * side * away, -0.10 * away
        rows[:, 5], rows[:, 8] = 0.20 * side * away, 0.42 * side * away
    rows[:, 12:16] = np.array([0.7, 0.5, 0.3, 1.5])
    rows[:, 16:20] = np.array([0.7, 0.5, 0.3, 1.5])
    lay_pose(take, frames, rows, 0.7 * away)
    keep_hips_in_reach(take, frames)
    direction = "down" if duck else ("right" if side > 0 else "left")
    encounter.tell(1, "dodge", start_s=start, end_s=end, direction=direction)


THROWS: Final = (
    MeetingSpec(
        name="throw_and_catch",
        labels=("throw", "catch"),
        seconds=(2.6, 7.5),
        play=_throw_and_catch,
        distance_m=(2.0, 4.0),
        styles=("overarm", "underarm", "two_handed"),
        things=("ball", "bottle", "bag", "pillow"),
    ),
    MeetingSpec(
        name="dodge_throw",
        labels=("throw", "dodge"),
        seconds=(2.4, 3.4),
        play=_dodge_throw,
        distance_m=(2.2, 3.6),
        styles=("duck", "lean"),
        things=("ball", "snowball", "pillow", "shoe"),
    ),
)
