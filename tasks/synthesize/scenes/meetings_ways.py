"""Meetings on the move: following, chasing, racing, walking together, leading by the hand."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Final

import numpy as np

from tasks.synthesize.engine.contact import ahead_of, look_at, reach_palm, unit
from tasks.synthesize.engine.take import LEFT, RIGHT, Beat
from tasks.synthesize.engine.timing import ease, pulse
from tasks.synthesize.scenes.meetings_greet import common_height
from tasks.synthesize.scenes.meetings_spec import Encounter, MeetingSpec

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from tasks.synthesize.engine.take import Take
    from tasks.synthesize.scenes.plan import ActorPlan, Meeting

    Beats = tuple[tuple[Beat, ...], ...]

__all__ = ["WAYS", "common_speed"]

_WALK_MPS: Final = 1.2
_RUN_MPS: Final = 2.9
"""Comfortable speeds of a leg of 0.83 m; a jog that a pair can keep."""
_USUAL_LEG_M: Final = 0.83
_REACTION_S: Final = 0.45
"""How long the one behind takes to set out after the one ahead, by eye."""
_HAND_HEIGHT: Final = 0.47
"""Of stature: joined hands between two who walk side by side."""


def common_speed(actors: tuple[ActorPlan, ...], usual_mps: float) -> float:
    """Speed that everybody can keep: it follows the shortest legs and the slowest tempo."""
    pace = [actor.manner.tempo * float(np.sqrt(actor.body.leg / _USUAL_LEG_M)) for actor in actors]
    return usual_mps * min(pace)


def _way(action: str, start_s: float, end_s: float, speed_mps: float) -> Beat:
    """A straight way: those who go together must not each drift to a side of their own."""
    return Beat(action=action, start_s=start_s, end_s=end_s, amount=speed_mps, style="straight")


def _all_at_once(meeting: Meeting, actors: tuple[ActorPlan, ...]) -> Beats:
    speed = common_speed(actors, _WALK_MPS)
    beat = _way("walk", meeting.start_s, meeting.end_s, speed)
    return tuple((beat,) for _ in actors)


def _one_after_another(meeting: Meeting, actors: tuple[ActorPlan, ...]) -> Beats:
    speed = common_speed(actors, _WALK_MPS)
    last = _REACTION_S * (len(actors) - 1)
    return tuple(
        (
            _way(
                "walk",
                meeting.start_s + _REACTION_S * k,
                meeting.end_s - last + _REACTION_S * k,
                speed,
            ),
        )
        for k in range(len(actors))
    )


def _chase_beats(meeting: Meeting, actors: tuple[ActorPlan, ...]) -> Beats:
    speed = common_speed(actors, _RUN_MPS)
    # those behind gain a little, never enough to run into the one ahead
    gain = 0.35 / max(meeting.end_s - meeting.start_s, 2.0)
    return tuple(
        (
            _way(
                "run",
                meeting.start_s + 0.25 * k,
                meeting.end_s,
                speed + (gain if k else 0.0),
            ),
        )
        for k in range(len(actors))
    )


def _race_beats(meeting: Meeting, actors: tuple[ActorPlan, ...]) -> Beats:
    speed = common_speed(actors, 1.15 * _RUN_MPS)
    return tuple(
        (
            # the one who leads wins: the others fall behind step by step
            _way("run", meeting.start_s, meeting.end_s, speed * (1.0 - 0.05 * k)),
        )
        for k in range(len(actors))
    )


def _glances(encounter: Encounter, one: int, other: int, *, times: int) -> None:
    """Look across at somebody for a moment, now and then."""
    t, meeting = encounter.t, encounter.meeting
    low, high = max(meeting.start_s, 0.0), min(meeting.end_s, float(t[-1]))
    for k in range(times):
        at = low + (high - low) * (k + float(encounter.rng.uniform(0.15, 0.75))) / times
        length = min(float(encounter.rng.uniform(0.8, 1.4)), high - at)
        if length > 0.5:
            weight = 0.8 * pulse(t, at, at + length, 0.35)
            look_at(encounter.takes[one], encounter.head_of(other), weight)


def _follow(encounter: Encounter) -> None:
    for one in range(1, len(encounter.takes)):
        weight = pulse(encounter.t, encounter.meeting.start_s, encounter.meeting.end_s, 0.5)
        look_at(encounter.takes[one], encounter.head_of(one - 1), 0.5 * weight)


def _chase(encounter: Encounter) -> None:
    t, meeting = encounter.t, encounter.meeting
    low, high = max(meeting.start_s, 0.0), min(meeting.end_s, float(t[-1]))
    # the one chased looks back over a shoulder
    for share in (0.3, 0.7):
        at = low + (share + float(encounter.rng.uniform(-0.1, 0.1))) * (high - low)
        turn = (1.0 if encounter.rng.uniform() < 0.5 else -1.0) * pulse(t, at, at + 0.8, 0.3)
        encounter.takes[0].posture.head[:, 1] += 0.95 * turn
        encounter.takes[0].posture.trunk[:, 1] += 0.30 * turn


def _walk_together(encounter: Encounter) -> None:
    count = len(encounter.takes)
    for one in range(count):
        other = one + 1 if one + 1 < count else one - 1
        _glances(encounter, one, other, times=2)
    if encounter.meeting.style == "hand_in_hand":
        for one in range(count - 1):
            _join(encounter, one, one + 1, sides=(RIGHT, LEFT))


def _lead_by_hand(encounter: Encounter) -> None:
    _glances(encounter, 0, 1, times=2)
    _join(encounter, 0, 1, sides=(RIGHT, LEFT))
    encounter.takes[1].posture.trunk[:, 0] += 0.05 * pulse(
        encounter.t, encounter.meeting.start_s, encounter.meeting.end_s, 0.6
    )


def _join(encounter: Encounter, one: int, two: int, *, sides: tuple[int, int]) -> None:
    """Hands of two neighbours joined between them, swinging a little."""
    t, meeting = encounter.t, encounter.meeting
    takes = (encounter.takes[one], encounter.takes[two])
    middle = _between_shoulders(takes)
    pair = replace(encounter, takes=takes)
    when = 0.5 * (max(meeting.start_s, 0.0) + min(meeting.end_s, float(t[-1])))
    height = common_height(pair, middle, share=_HAND_HEIGHT, when_s=when, side=sides[0])
    swing = 0.05 * np.sin(2 * np.pi * 0.9 * encounter.tempo * t + encounter.rng.uniform(0, 6.28))
    place = middle + swing[:, None] * ahead_of(encounter.takes[one].posture)
    place[:, 1] = height + 0.25 * np.abs(swing)
    weight = _hold(t, meeting)
    for who, side in zip((one, two), sides, strict=True):
        take = encounter.takes[who]
        # of an arm that hangs the elbow points back, not down along it
        take.posture.elbows[:, side] -= 0.9 * np.minimum(1.0, 4.0 * weight)
        reach_palm(take, side, place, weight)


def _between_shoulders(takes: tuple[Take, Take]) -> NDArray[np.float64]:
    """Place over the floor between the inner shoulders of two side by side, (T, 3).

    It lies below the shoulder of who is much taller: that arm hangs, the other one is held out.
    """
    flat = np.array([1.0, 0.0, 1.0])
    way = unit((takes[1].posture.hips - takes[0].posture.hips) * flat)
    inner = []
    for take, sign in zip(takes, (1.0, -1.0), strict=True):
        half = float(take.body.offsets[[13, 16], 0].sum())
        inner.append(take.posture.hips * flat + sign * half * way)
    taller = takes[1].body.stature / takes[0].body.stature
    share = 0.5 + float(np.clip(1.4 * np.log(taller), -0.42, 0.42))
    place: NDArray[np.float64] = inner[0] + share * (inner[1] - inner[0])
    return place


def _hold(t: NDArray[np.float64], meeting: Meeting) -> NDArray[np.float64]:
    """A hold with quiet ramps; one that has begun before the clip is there from its start."""
    rise = np.ones_like(t) if meeting.start_s < -0.7 else ease((t - meeting.start_s) / 0.7)
    return rise * (1.0 - ease((t - meeting.end_s + 0.7) / 0.7))


def _race(encounter: Encounter) -> None:
    _glances(encounter, 0, 1, times=1)


WAYS: Final = (
    MeetingSpec(
        name="follow",
        labels=("walk", "walk"),
        seconds=(4.0, 9.0),
        play=_follow,
        distance_m=(1.25, 1.9),
        arrangement="file",
        beats=_one_after_another,
        needs=("walk",),
        moves=True,
        num_actors=(2, 3),
    ),
    MeetingSpec(
        name="chase",
        labels=("run", "run"),
        seconds=(4.0, 7.0),
        play=_chase,
        distance_m=(1.5, 2.4),
        arrangement="file",
        beats=_chase_beats,
        needs=("run",),
        moves=True,
        num_actors=(2, 3),
    ),
    MeetingSpec(
        name="race",
        labels=("run", "run"),
        seconds=(4.0, 6.0),
        play=_race,
        distance_m=(0.9, 1.3),
        arrangement="abreast",
        beats=_race_beats,
        needs=("run",),
        moves=True,
        num_actors=(2, 3),
    ),
    MeetingSpec(
        name="walk_together",
        labels=("walk", "walk"),
        seconds=(4.0, 9.0),
        play=_walk_together,
        distance_m=(0.60, 0.72),
        arrangement="abreast",
        beats=_all_at_once,
        needs=("walk",),
        moves=True,
        num_actors=(2, 3),
        styles=("", "hand_in_hand"),
    ),
    MeetingSpec(
        name="lead_by_hand",
        labels=("walk", "walk"),
        seconds=(4.0, 8.0),
        play=_lead_by_hand,
        distance_m=(0.66, 0.74),
        arrangement="echelon",
        beats=_all_at_once,
        needs=("walk",),
        moves=True,
    ),
)
