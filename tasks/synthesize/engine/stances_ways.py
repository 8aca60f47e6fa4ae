"""The stances and the natural ways between neighbours among them: a tree from standing."""

from __future__ import annotations

import functools
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from tasks.synthesize.engine import stances_ground as ground
from tasks.synthesize.engine import stances_knees as knees
from tasks.synthesize.engine import stances_seats as seats

if TYPE_CHECKING:
    from collections.abc import Callable

    from tasks.synthesize.engine.stances_poses import Frame, Pose

__all__ = ["WAYS", "Step", "Way", "route", "stance_pose"]


@dataclass(frozen=True, kw_only=True, slots=True)
class Way:
    """How a stance is reached from the one before it in the tree, and left again."""

    parent: str
    seconds: float
    """At usual tempo."""
    pose: Callable[[Frame], Pose]
    vias: tuple[tuple[float, Callable[[Frame], Pose]], ...] = ()
    """Share of the time, and the pose passed then."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Step:
    """One pose of a route, after its share of the route's time."""

    share: float
    build: Callable[[Frame], Pose] | None
    """None: standing."""


@functools.cache
def route(start: str, goal: str) -> tuple[tuple[Step, ...], float]:
    """Poses on the way from one stance to another, the goal last; and its natural seconds."""
    if start == goal:
        return (Step(share=1.0, build=_builder(goal)),), 1.0
    up, down = _to_root(start), _to_root(goal)
    while len(up) > 1 and len(down) > 1 and up[-2] == down[-2]:
        up.pop()
        down.pop()
    timed: list[tuple[float, Callable[[Frame], Pose] | None]] = []
    clock = 0.0
    for name in up[:-1]:
        way = WAYS[name]
        timed += [(clock + (1.0 - s) * way.seconds, b) for s, b in reversed(way.vias)]
        clock += way.seconds
        timed.append((clock, _builder(way.parent)))
    for name in reversed(down[:-1]):
        way = WAYS[name]
        timed += [(clock + s * way.seconds, b) for s, b in way.vias]
        clock += way.seconds
        timed.append((clock, way.pose))
    # nobody straightens up only to go down again
    steps = [
        Step(share=at / clock, build=build if build or at == clock else seats.half_risen)
        for at, build in timed
    ]
    return tuple(steps), clock


def stance_pose(name: str, frame: Frame) -> Pose | None:
    """Key pose of a stance; None for standing."""
    build = _builder(name)
    return build(frame) if build else None


def _builder(name: str) -> Callable[[Frame], Pose] | None:
    return None if name == "stand" else WAYS[name].pose


def _to_root(name: str) -> list[str]:
    names = [name]
    while names[-1] != "stand":
        names.append(WAYS[names[-1]].parent)
    return names


def _down(build: Callable[[Frame], Pose]) -> Callable[[Frame], Pose]:
    """A pose that keeps the direction in which the body has come to the floor."""
    return lambda frame: ground.lying(build, frame)


WAYS: Final[dict[str, Way]] = {
    "low": Way(parent="stand", seconds=0.9, pose=seats.low),
    "deep": Way(parent="stand", seconds=1.1, pose=seats.deep),
    "chair": Way(
        parent="stand",
        seconds=1.7,
        pose=seats.chair,
        vias=((0.30, seats.leaning(seats.chair, 0.40)), (0.62, seats.leaning(seats.chair, 1.0))),
    ),
    "stool": Way(
        parent="stand",
        seconds=1.5,
        pose=seats.stool,
        vias=((0.30, seats.leaning(seats.stool, 0.40)), (0.62, seats.leaning(seats.stool, 1.0))),
    ),
    "floor": Way(
        parent="deep",
        seconds=1.7,
        pose=_down(ground.floor),
        vias=((0.38, _down(ground.reach_floor)), (0.60, _down(ground.touch_floor))),
    ),
    "cross": Way(parent="floor", seconds=1.0, pose=_down(ground.cross)),
    "legs": Way(parent="floor", seconds=1.0, pose=_down(ground.legs)),
    "back": Way(
        parent="floor",
        seconds=1.6,
        pose=_down(ground.back),
        vias=((0.30, _down(ground.recline)), (0.65, _down(ground.unroll))),
    ),
    "side_left": Way(parent="back", seconds=1.0, pose=_down(ground.lying_side(0))),
    "side_right": Way(parent="back", seconds=1.0, pose=_down(ground.lying_side(1))),
    "one": Way(
        parent="stand",
        seconds=1.4,
        pose=knees.one_knee,
        vias=((0.45, knees.to_one_knee),),
    ),
    "both": Way(
        parent="one", seconds=0.9, pose=knees.both_knees, vias=((0.5, knees.to_both_knees),)
    ),
    "heels": Way(parent="both", seconds=0.8, pose=knees.heels),
    "fours": Way(parent="both", seconds=1.0, pose=knees.fours, vias=((0.5, knees.to_fours),)),
    "front": Way(
        parent="fours",
        seconds=1.6,
        pose=knees.front,
        vias=((0.28, knees.to_front(0.5)), (0.56, knees.to_front(1.0))),
    ),
}
"""Every stance but standing, by the name of its pose."""
