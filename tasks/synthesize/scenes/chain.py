"""Actions in a row that one body can do: each begins in the stance in which the last one ended."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from tasks.synthesize.actions.registry import action_spec, action_specs

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy as np

    from tasks.synthesize.engine.take import ActionSpec

__all__ = ["connect", "random_chain", "way_between"]

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
        stance = spec.leave
    return tuple(out)


def way_between(stance: str, spec: ActionSpec) -> list[str]:
    """Actions that lead from a stance to where an action can begin."""
    if stance == spec.enter or (spec.kind == "upper" and stance in spec.over):
        return []
    direct = _WAYS.get((stance, spec.enter))
    if direct:
        return [] if direct == spec.name else [direct]
    first, second = _WAYS.get((stance, "stand")), _WAYS.get(("stand", spec.enter))
    return [way for way in (first, second) if way and way != spec.name]


def random_chain(target: str, num_actions: int, rng: np.random.Generator) -> tuple[str, ...]:
    """A target action among others drawn by chance, connected.

    Args:
        target: A word of the engine that needs no partner.
        num_actions: Wanted number of actions before connecting ones are put in, >= 1.
        rng: Of the clip.
    """
    travels = [name for name, spec in action_specs().items() if spec.kind == "travel"]
    others = [
        name
        for name, spec in action_specs().items()
        if spec.kind in {"upper", "whole", "stance"} and name != target
    ]
    drawn = []
    for _ in range(num_actions - 1):
        pool = travels if rng.uniform() < _TRAVEL_SHARE else others
        drawn.append(str(pool[int(rng.integers(len(pool)))]))
    place = int(rng.integers(num_actions))
    row = [*drawn[:place], target, *drawn[place:]]
    return connect([name for k, name in enumerate(row) if k == 0 or name != row[k - 1]])
