"""Blocking of a scene: who stands where, looks where, and which way people go."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from tasks.synthesize.actions.registry import action_spec

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from tasks.synthesize.story.schema import Act

__all__ = ["Spot", "block_scene", "goes", "needs_room", "roves", "toward"]

_SPACING_M: Final = 1.5
"""Between neighbours in the row."""
_DEPTH_M: Final = 1.2
"""Between the row and the lanes behind it, in which people cross the stage."""
_STAGE_M: Final = 4.0
_PLACES: Final = {
    "stage_left": (_STAGE_M, 0.0),
    "stage_center": (0.0, 0.0),
    "stage_right": (-_STAGE_M, 0.0),
    "front": (0.0, _STAGE_M),
    "back": (0.0, -_STAGE_M),
}
"""Positions on the floor, x and z, metres; the audience is towards +z."""
_SIDEWAYS: Final = 0.5 * math.pi
_TO_PARTNER: Final = 0.8
_TO_FOCUS: Final = 0.6
_AT_WORK: Final = 0.35
"""How far somebody turns from the audience to somebody else: who addresses him, who watches, who
has something to do himself."""
_MOVERS: Final = frozenset({"cartwheel", "crawl", "swim", "fly", "stagger", "dribble"})
"""Whole-body actions that cross the floor as travel does."""
_ROOMY: Final = frozenset({"jump", "fall", "dance", "lie_down", "get_up", "swing_bat"})
"""Need more room than a place in the row."""
_STAGGERS: Final = 0.3 * math.pi
"""Who staggers goes off to his side and a little to the audience."""
_NEAR_M: Final = 0.95
"""Who goes up to somebody stops so far from him."""
_ALONE: Final = 0.45
"""Turned so far from the audience when nobody else is there."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Spot:
    """One player's place in a scene."""

    x: float
    z: float
    face: float
    """Yaw at rest, radians, 0 = to the audience."""
    ways: tuple[float, ...]
    """Of each act: yaw in which it goes, if it goes."""
    bearings: tuple[float | None, ...]
    """Of each act: yaw to its target; None without one."""
    goals: tuple[tuple[float, float] | None, ...]
    """Of each act: x and z where it ends, if it goes up to somebody."""
    alone: bool


def goes(act: Act) -> bool:
    """Whether an act takes its player over the floor."""
    if act.action in {"idle", "turn"}:
        return False
    return action_spec(act.action).kind == "travel" or act.action in _MOVERS


def toward(here: tuple[float, float], there: tuple[float, float]) -> float:
    """Yaw from one place to another, each x and z."""
    return math.atan2(there[0] - here[0], there[1] - here[1])


def block_scene(acts: Mapping[str, Sequence[Act]]) -> dict[str, Spot]:
    """Spots of all players.

    Args:
        acts: Of every player on the stage, in the order of the cast.
    """
    row = _row(acts)
    middle = (len(row) - 1) / 2
    places: dict[str, tuple[float, float]] = {}
    standing = any(not _crosses(acts[one]) for one in row)
    depth = 1 if standing else 0
    for number, one in enumerate(row):
        z = 0.0
        if _crosses(acts[one]):
            z = -_DEPTH_M * depth
            depth += 1
        elif len(row) > 1 and any(act.action in _ROOMY for act in acts[one]):
            z = 0.35
        places[one] = ((middle - number) * _SPACING_M, z)
    return {one: _spot(one, acts, places) for one in acts}


def _row(acts: Mapping[str, Sequence[Act]]) -> list[str]:
    """From stage left to right: who comes or goes is at an end, and leaves nobody behind him."""
    row = list(acts)
    if len(row) == 3 and _passes(acts[row[1]]):
        end = next((k for k in (0, 2) if not _passes(acts[row[k]])), 0)
        row[1], row[end] = row[end], row[1]
    return row


def _passes(acts: Sequence[Act]) -> bool:
    return any(act.enter or act.leave for act in acts)


def _crosses(acts: Sequence[Act]) -> bool:
    return any(goes(act) and not act.leave and not _comes(act) for act in acts)


def _comes(act: Act) -> bool:
    """Whether the way onto the stage is the act itself."""
    return act.enter and action_spec(act.action).kind == "travel"


def _spot(
    one: str, acts: Mapping[str, Sequence[Act]], places: Mapping[str, tuple[float, float]]
) -> Spot:
    here = places[one]
    bearings = tuple(_bearing(one, act, places) for act in acts[one])
    alone = len(places) == 1
    goals = tuple(_goal(one, act, acts, places) for act in acts[one])
    return Spot(
        x=here[0],
        z=here[1],
        face=_ALONE if alone else _face(one, acts, places),
        ways=tuple(
            _way(act, here, bearing, goal)
            for act, bearing, goal in zip(acts[one], bearings, goals, strict=True)
        ),
        bearings=bearings,
        goals=goals,
        alone=alone,
    )


def _goal(
    one: str,
    act: Act,
    acts: Mapping[str, Sequence[Act]],
    places: Mapping[str, tuple[float, float]],
) -> tuple[float, float] | None:
    """Beside the one gone up to, if that one stays where he is."""
    there = places.get(act.target)
    if there is None or act.target == one or not goes(act) or act.enter or act.leave:
        return None
    if _crosses(acts[act.target]) or _passes(acts[act.target]):
        return None
    side = 1.0 if places[one][0] > there[0] else -1.0
    # the way begins far outside: with a third one there it leads behind the row
    clear = len(places) == 2 and all(act.action not in _ROOMY for act in acts[act.target])
    return there[0] + side * _NEAR_M, there[1] if clear else places[one][1]


def _bearing(one: str, act: Act, places: Mapping[str, tuple[float, float]]) -> float | None:
    if act.target in places and act.target != one:
        return toward(places[one], places[act.target])
    if act.target in _PLACES:
        goal = _PLACES[act.target]
        near = math.dist(goal, places[one]) < 0.5
        return None if near else toward(places[one], goal)
    return None


def roves(acts: Sequence[Act]) -> bool:
    """Whether somebody does not stay at a place."""
    return _passes(acts) or any(goes(act) or act.action in _ROOMY for act in acts)


def needs_room(act: Act) -> bool:
    """Whether an act must not be done at arm's length from somebody."""
    return goes(act) or act.action in _ROOMY or action_spec(act.action).kind == "stance"


def _way(
    act: Act,
    here: tuple[float, float],
    bearing: float | None,
    goal: tuple[float, float] | None,
) -> float:
    """Out to the nearer side, in from there, else to the target or across the stage."""
    side = 1.0 if here[0] >= 0.0 else -1.0
    if act.action in {"sidestep", "cartwheel"}:
        return 0.0
    way = -side * _SIDEWAYS
    if act.leave:
        way = side * _SIDEWAYS
    elif act.action == "stagger" and not act.enter:
        way = side * _STAGGERS
    elif goal is not None:
        way = _SIDEWAYS if goal[0] > here[0] else -_SIDEWAYS
    elif act.target in _PLACES and bearing is not None and not act.enter:
        way = bearing
    backward = act.action in {"walk_backward", "run_backward"} or act.direction == "backward"
    return way + math.pi if backward else way


def _face(
    one: str, acts: Mapping[str, Sequence[Act]], places: Mapping[str, tuple[float, float]]
) -> float:
    """Half to the audience, half to whom it concerns."""
    here = places[one]
    partner = next((act.target for act in acts[one] if act.target in places), None)
    if partner is None or partner == one:
        partner = next(
            (
                act.character
                for other in acts.values()
                for act in other
                if act.target == one and act.character != one
            ),
            None,
        )
    if partner is not None:
        return _TO_PARTNER * toward(here, places[partner])
    others = [other for other in acts if other != one]
    busy = sorted(
        (act.delay_s, number, other)
        for number, other in enumerate(others)
        for act in acts[other]
        if act.action != "idle"
    )
    focus = busy[0][2] if busy else min(others, key=lambda other: math.dist(here, places[other]))
    share = _AT_WORK if acts[one] else _TO_FOCUS
    return share * toward(here, (places[focus][0], 0.0))
