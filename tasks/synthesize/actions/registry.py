"""All actions by name."""

from __future__ import annotations

import functools
from importlib import import_module
from typing import TYPE_CHECKING, Final

from datasets_spec.vocabulary import ACTIONS

if TYPE_CHECKING:
    from tasks.synthesize.engine.take import ActionSpec

__all__ = ["FAMILIES", "action_spec", "action_specs"]

FAMILIES: Final = (
    "travel",  # walk, run, and everything else on two feet along a path
    "floor",  # sitting, lying, falling and getting up
    "flight",  # jumps, cartwheels, swimming, climbing, flying
    "gestures",  # signs made with arms, head and trunk
    "daily",  # voices, feelings, food, books, telephones
    "sports",  # balls, bats, fists and feet, dancing
    "pairs",  # what needs a partner
)
"""Modules of this package that hold SPECS."""


@functools.cache
def action_specs() -> dict[str, ActionSpec]:
    """Every action's spec, in the order of the vocabulary."""
    found: dict[str, ActionSpec] = {}
    for family in FAMILIES:
        module = import_module(f"{__package__}.{family}")
        for spec in module.SPECS:
            assert spec.name not in found, spec.name
            found[spec.name] = spec
    return {name: found[name] for name in ACTIONS if name in found}


def action_spec(name: str) -> ActionSpec:
    """Spec of one action.

    Raises:
        ValueError: If the engine has no such action.
    """
    spec = action_specs().get(name)
    if spec is None:
        msg = f"expected an action of the engine, got {name!r}"
        raise ValueError(msg)
    return spec
