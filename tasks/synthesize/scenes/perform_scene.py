"""All actors of a scene on one clock and in one world."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from datasets_spec.motion import MAX_ACTORS
from tasks.synthesize.engine.base import place
from tasks.synthesize.scenes.meetings import meeting_spec
from tasks.synthesize.scenes.meetings_spec import Encounter
from tasks.synthesize.scenes.perform import (
    ENGINE_FPS,
    Performance,
    finish,
    play_beats,
    start_take,
)

if TYPE_CHECKING:
    from tasks.synthesize.engine.base import Placement
    from tasks.synthesize.engine.take import Take
    from tasks.synthesize.scenes.plan import ActorPlan, Meeting, ScenePlan

__all__ = ["perform_scene", "play_scene"]

_SLACK_M = 0.45
"""How far the distance of two who are to touch may be off before the meeting is refused."""


def perform_scene(plan: ScenePlan) -> tuple[Performance, ...]:
    """Perform a scene: everybody's own beats, then what they do together.

    Args:
        plan: 1 to 8 actors; their beats leave room for the meetings, which bring their own steps.

    Returns:
        One performance an actor, in the order of the plan.

    Raises:
        ValueError: If actors or meetings do not fit each other, or partners stand too far apart.
    """
    return tuple(finish(take) for take in play_scene(plan))


def play_scene(plan: ScenePlan, *, fps: float = ENGINE_FPS) -> tuple[Take, ...]:
    """The takes of a scene with everything played, not yet solved.

    Args:
        plan: As of `perform_scene`.
        fps: Frames per second; another rate shows the same performance.

    Raises:
        ValueError: As of `perform_scene`.
    """
    if not 1 <= len(plan.actors) <= MAX_ACTORS:
        msg = f"expected 1..{MAX_ACTORS} actors, got {len(plan.actors)}"
        raise ValueError(msg)
    for meeting in plan.meetings:
        _check(meeting, num_actors=len(plan.actors))
    actors = _with_meeting_beats(plan)
    takes = [
        start_take(actor, duration_s=plan.duration_s, setting=plan.setting, fps=fps)
        for actor in actors
    ]
    for meeting in plan.meetings:
        if meeting_spec(meeting.kind).moves:
            for number in meeting.actors:
                _set_course(takes[number], actors[number].placement, meeting)
    for take, actor in zip(takes, actors, strict=True):
        play_beats(take, actor)
    for meeting in sorted(plan.meetings, key=lambda one: one.start_s):
        met = tuple(takes[number] for number in meeting.actors)
        _check_distance(meeting, met)
        spec = meeting_spec(meeting.kind)
        spec.play(Encounter(takes=met, meeting=meeting, rng=met[0].rng))
    return tuple(takes)


def _set_course(take: Take, placement: Placement, meeting: Meeting) -> None:
    """Turn a way so that it leads where its placement faces.

    A pelvis turns with every step, so its facing at one moment says little about the way.
    """
    posture, t = take.posture, take.t
    rows = np.searchsorted(t, (max(meeting.start_s, 0.0), min(meeting.end_s, float(t[-1]))))
    low, high = posture.hips[rows[0]], posture.hips[min(int(rows[1]), len(t) - 1)]
    gone = float(np.arctan2(high[0] - low[0], high[2] - low[2]))
    when = int(np.clip(np.searchsorted(t, placement.at_s), 0, len(t) - 1))
    front = posture.turn[when, :, 2]
    facing = float(np.arctan2(front[0], front[2]))
    place(posture, replace(placement, yaw=facing + placement.yaw - gone))


def _with_meeting_beats(plan: ScenePlan) -> tuple[ActorPlan, ...]:
    """Actors with the beats that their meetings bring, in order of start."""
    actors = list(plan.actors)
    for meeting in plan.meetings:
        spec = meeting_spec(meeting.kind)
        met = tuple(plan.actors[number] for number in meeting.actors)
        for number, own in zip(meeting.actors, spec.beats(meeting, met), strict=True):
            beats = sorted((*actors[number].beats, *own), key=lambda beat: beat.start_s)
            actors[number] = replace(actors[number], beats=tuple(beats))
    return tuple(actors)


def _check(meeting: Meeting, *, num_actors: int) -> None:
    spec = meeting_spec(meeting.kind)
    low, high = spec.num_actors
    known = all(0 <= number < num_actors for number in meeting.actors)
    distinct = len(set(meeting.actors)) == len(meeting.actors)
    if not (known and distinct and low <= len(meeting.actors) <= high):
        msg = (
            f"meeting {meeting.kind!r}: expected {low}..{high} different actors of the "
            f"{num_actors} in the scene, got {meeting.actors}"
        )
        raise ValueError(msg)
    if meeting.end_s - meeting.start_s < 0.5 * spec.seconds[0]:
        msg = (
            f"meeting {meeting.kind!r}: expected at least {0.5 * spec.seconds[0]:.1f} s, "
            f"got {meeting.start_s}..{meeting.end_s} s"
        )
        raise ValueError(msg)
    if meeting.style and meeting.style not in spec.styles:
        msg = f"meeting {meeting.kind!r}: expected a style of {spec.styles}, got {meeting.style!r}"
        raise ValueError(msg)


def _check_distance(meeting: Meeting, takes: tuple[Take, ...]) -> None:
    """Partners who are too far apart could only pretend."""
    spec = meeting_spec(meeting.kind)
    if spec.moves:
        return
    t = takes[0].t
    row = int(np.clip(np.searchsorted(t, meeting.start_s + 0.1), 0, len(t) - 1))
    gap = takes[0].posture.hips[row] - takes[1].posture.hips[row]
    apart = float(np.hypot(gap[0], gap[2]))
    scale = (takes[0].body.stature + takes[1].body.stature) / 3.4
    low, high = (scale * one for one in spec.distance_m)
    if not low - _SLACK_M <= apart <= high + _SLACK_M:
        msg = (
            f"meeting {meeting.kind!r} of actors {meeting.actors} at {meeting.start_s:.2f} s: "
            f"expected them {low:.2f}..{high:.2f} m apart, got {apart:.2f} m"
        )
        raise ValueError(msg)
