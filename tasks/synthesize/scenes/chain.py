"""Actions in a row that one body can do: each begins in the stance in which the last one ended."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from tasks.synthesize.actions.registry import action_spec, action_specs

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tasks.synthesize.engine.take import ActionSpec

__all__ = ["ALONE", "chain_seconds", "connect", "random_chain", "way_between"]

_WAYS: Final = {
    ("stand", "sit"): "sit_down",
    ("sit", "stand"): "stand_up",
    ("stand", "lie"): "lie_down",
    ("lie", "stand"): "get_up",
    ("stand", "kneel"): "kneel",
    ("kneel", "stand"): "get_up",
    ("stand", "crouch"): "crouch",
    ("crouch", "stand"): "stand_up",
}
"""The action that leads from one stance to another; others go by way of standing."""
_FROM_KNEES_S: Final = (1.6, 2.8)
"""Getting up takes no longer from there."""
ALONE: Final = frozenset({"swim", "fly", "climb"})
"""What needs a place of its own: nobody bows, and lies on the water with the next beat."""
_TRAVEL_SHARE: Final = 0.4
"""Chance that a free place in a chain is taken by something that travels."""


def connect(actions: Sequence[str]) -> tuple[str, ...]:
    """Put in the actions that lead from each stance to the next one needed.

    The first action may begin in any stance: the clip then begins in it.
    """
    out: list[str] = []
    stance = action_spec(actions[0]).enter
    for name in actions:
        spec = action_spec(name)
        out += way_between(stance, spec)
        out.append(name)
        # arms and head do something over a stance: the body stays as it rests
        stance = stance if spec.kind == "upper" else spec.leave
    return tuple(out)


def way_between(stance: str, spec: ActionSpec) -> list[str]:
    """Actions that lead from a stance to where an action can begin."""
    if stance == spec.enter or (spec.kind == "upper" and stance in spec.over):
        return []
    if stance != "stand" and _WAYS.get((stance, spec.leave)) == spec.name:
        # who kneels gets up from the knees
        return []
    direct = _WAYS.get((stance, spec.enter))
    if direct:
        return [] if direct == spec.name else [direct]
    first, second = _WAYS.get((stance, "stand")), _WAYS.get(("stand", spec.enter))
    return [way for way in (first, second) if way and way != spec.name]


def chain_seconds(actions: Sequence[str]) -> tuple[tuple[float, float], ...]:
    """Natural lengths of the actions of a connected chain at tempo 1, shortest and longest."""
    lengths, stance = [], action_spec(actions[0]).enter
    for name in actions:
        spec = action_spec(name)
        from_knees = name == "get_up" and stance == "kneel"
        lengths.append(_FROM_KNEES_S if from_knees else spec.seconds)
        stance = stance if spec.kind == "upper" else spec.leave
    return tuple(lengths)


def random_chain(
    target: str, num_actions: int, rng: np.random.Generator, *, room_s: float = np.inf
) -> tuple[str, ...]:
    """A target action among others drawn by chance, connected.

    Args:
        target: A word of the engine that needs no partner.
        num_actions: Wanted number of actions before connecting ones are put in, >= 1.
        rng: Of the clip.
        room_s: Seconds at tempo 1 into which the shortest form must fit; as many of the others
            are left out as need be, the target never.
    """
    if target in ALONE:
        return (target,)
    known = {name: spec for name, spec in action_specs().items() if name not in ALONE}
    travels = [name for name, spec in known.items() if spec.kind == "travel"]
    others = [
        name
        for name, spec in known.items()
        if spec.kind in {"upper", "whole", "stance"} and name != target
    ]
    drawn = []
    for _ in range(num_actions - 1):
        pool = travels if rng.uniform() < _TRAVEL_SHARE else others
        drawn.append(str(pool[int(rng.integers(len(pool)))]))
    place = int(rng.integers(num_actions))
    row = [*drawn[:place], target, *drawn[place:]]
    chain = connect(_without_repeats(row))
    while len(row) > 1 and sum(low for low, _ in chain_seconds(chain)) > room_s:
        place = row.index(target)
        del row[-1 if len(row) - 1 - place >= place else 0]
        chain = connect(_without_repeats(row))
    return chain


def _without_repeats(row: Sequence[str]) -> list[str]:
    return [name for k, name in enumerate(row) if k == 0 or name != row[k - 1]]
