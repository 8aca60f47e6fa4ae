"""Meetings over a thing in the hands: handing it over, carrying it together."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from tasks.synthesize.engine.arms import aim_hand, sided
from tasks.synthesize.engine.contact import incline, lean_to_reach, look_at, reach_palm
from tasks.synthesize.engine.take import LEFT, RIGHT, Beat
from tasks.synthesize.engine.timing import ease, keyed, pulse
from tasks.synthesize.scenes.meetings_greet import common_height, face_each_other
from tasks.synthesize.scenes.meetings_spec import Encounter, MeetingSpec
from tasks.synthesize.scenes.meetings_ways import common_speed

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from tasks.synthesize.scenes.plan import ActorPlan, Meeting

    Floats = NDArray[np.float64]

__all__ = ["HANDOVERS"]

_LARGE: Final = ("box", "crate", "bag")
"""Things that take both hands."""
_THINGS: Final = ("box", "crate", "bag", "book", "cup", "bottle", "letter", "phone")
_HEAVY: Final = ("box", "table", "sofa", "crate", "mattress")
"""Things that two carry between them."""
_PASS_HEIGHT: Final = 0.64
"""Of stature: hands that pass a thing, just below the chest."""
_HALF_THING_M: Final = 0.17
"""Half the width of a large thing."""
_CARRY_MPS: Final = 0.65
"""Two with a heavy thing between them walk at about half the usual speed, by eye."""
_LIFT_S: Final = 1.1
"""Taking hold and lifting before they go, and putting down after it."""


def _carry_beats(meeting: Meeting, actors: tuple[ActorPlan, ...]) -> tuple[tuple[Beat, ...], ...]:
    """They go sideways together when the thing is up: the first to the left."""
    speed = common_speed(actors, _CARRY_MPS)
    start = meeting.start_s + _LIFT_S
    end = meeting.end_s - _LIFT_S
    return tuple(
        (Beat(action="sidestep", start_s=start, end_s=end, direction=side, amount=speed),)
        for side in ("left", "right")
    )


def _pass_object(encounter: Encounter) -> None:
    t, meeting, thing = encounter.t, encounter.meeting, encounter.meeting.thing or "book"
    large = thing in _LARGE
    sides = (LEFT, RIGHT) if large else (RIGHT,)
    length = meeting.end_s - meeting.start_s
    meet = encounter.at(0.5 + float(encounter.rng.uniform(-0.05, 0.05)))
    go = min(0.75 / encounter.tempo, 0.3 * length)
    dwell = min(0.35 / encounter.tempo, 0.12 * length)
    middle, along = encounter.between()
    left = np.cross(np.array([0.0, 1.0, 0.0]), along)
    height = common_height(encounter, middle, share=_PASS_HEIGHT, when_s=meet)
    middle[:, 1] = height
    eyes = pulse(t, meeting.start_s, meeting.end_s, 0.4)
    face_each_other(encounter, eyes)
    out = keyed(t, (meet - go, meet, meet + dwell, meet + dwell + go), (0.0, 1.0, 1.0, 0.0))
    goals = []
    for one, take in enumerate(encounter.takes):
        sign = 1.0 - 2.0 * one
        own = []
        for side in sides:
            across = sign * (1.0 - 2.0 * side) * _HALF_THING_M if large else 0.0
            # hands hold the same edges, one a little nearer to its owner
            own.append((side, middle + across * left - sign * 0.02 * along))
        goals.append(own)
        look_at(take, middle, 0.7 * out)
        incline(take, 0.06 * out)
        lean_to_reach(take, own, out)
    for one, take in enumerate(encounter.takes):
        _carry_in(encounter, one, sides, meet=meet + 0.5 * dwell, go=go)
        for side, place in goals[one]:
            reach_palm(take, side, place, out)
    name = "both" if large else "right"
    release, taken = meet + dwell, meet + 0.5 * dwell
    facts = {"thing": thing, "side": name}
    encounter.tell(0, "carry", start_s=meeting.start_s, end_s=taken, **facts)
    encounter.tell(0, "unlabelled", start_s=taken, end_s=release + go, style="give", **facts)
    encounter.tell(1, "unlabelled", start_s=meet - go, end_s=taken, style="receive", **facts)
    encounter.tell(1, "carry", start_s=taken, end_s=meeting.end_s, **facts)


def _carry_in(
    encounter: Encounter, one: int, sides: tuple[int, ...], *, meet: float, go: float
) -> None:
    """Hands that hold a thing before the belly: the giver's before, the taker's after."""
    take, t, meeting = encounter.takes[one], encounter.t, encounter.meeting
    scale = take.body.stature / 1.7
    large = len(sides) == 2
    place = (_HALF_THING_M, -0.30, 0.30) if large else (0.16, -0.26, 0.28)
    if one == 0:
        weight = ease((t - meeting.start_s) / 0.5) * (1.0 - ease((t - meet) / go))
    else:
        weight = ease((t - meet) / go) * (1.0 - ease((t - meeting.end_s + 0.5) / 0.5))
    for side in sides:
        aim_hand(take.posture, side, scale * sided(place, side), weight)


def _carry_together(encounter: Encounter) -> None:
    """Both hold the ends of a large thing between them, and lift it."""
    t, meeting, thing = encounter.t, encounter.meeting, encounter.meeting.thing or "box"
    length = meeting.end_s - meeting.start_s
    ramp = min(0.9 / encounter.tempo, 0.3 * length)
    weight = pulse(t, meeting.start_s, meeting.end_s, ramp)
    middle, along = encounter.between()
    left = np.cross(np.array([0.0, 1.0, 0.0]), along)
    tall = float(min(take.body.stature for take in encounter.takes))
    height = tall * (0.44 + 0.06 * keyed(t, (meeting.start_s, meeting.start_s + 2 * ramp), (0, 1)))
    for one, take in enumerate(encounter.takes):
        sign = 1.0 - 2.0 * one
        goals = []
        for side in (LEFT, RIGHT):
            across = sign * (1.0 - 2.0 * side) * 0.20
            place = middle + across * left - sign * 0.24 * along
            place[:, 1] = height
            goals.append((side, place))
        incline(take, 0.10 * weight)
        lean_to_reach(take, goals, weight)
        for side, place in goals:
            reach_palm(take, side, place, weight)
        encounter.tell(
            one, "carry", start_s=meeting.start_s, end_s=meeting.end_s, thing=thing, side="both"
        )
    face_each_other(encounter, 0.5 * weight)


HANDOVERS: Final = (
    MeetingSpec(
        name="pass_object",
        labels=("carry", "carry"),
        seconds=(2.6, 4.2),
        play=_pass_object,
        distance_m=(0.80, 0.92),
        things=_THINGS,
    ),
    MeetingSpec(
        name="carry_together",
        labels=("carry", "carry"),
        seconds=(4.0, 6.5),
        play=_carry_together,
        distance_m=(0.98, 1.10),
        things=_HEAVY,
        beats=_carry_beats,
        needs=("sidestep",),
    ),
)
