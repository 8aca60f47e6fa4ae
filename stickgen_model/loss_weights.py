"""Weights of the parts of the loss, and heads that are left out of training."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable

    from torch import nn

__all__ = ["HEAD_MODULES", "HEAD_PARTS", "LossWeights", "freeze_heads"]

HEAD_MODULES: Final = {
    "pose": "pose_decoder",
    "position": "position_decoder",
    "velocity": "velocity_decoder",
    "action": "action_predictor",
    "physics": "physics_decoder",
    "environment": "environment_decoder",
}
"""Attribute of the model that holds a head."""

HEAD_PARTS: Final = {
    "pose": ("states", "joints", "path", "temporal", "bone", "contact"),
    **{name: (name,) for name in ("position", "velocity", "action", "physics", "environment")},
}
"""Parts of the loss that a head answers for."""


@dataclass(frozen=True, kw_only=True, slots=True)
class LossWeights:
    """Weight of every part; 0 leaves the part out, gradient and all.

    states: z-scored states; joints: places relative to the pelvis, H; path: way of the pelvis, H;
    temporal: joint velocities, H/s; bone and contact: geometry; the others by head.
    """

    states: float = 1.0
    joints: float = 1.0
    path: float = 0.05
    temporal: float = 0.05
    bone: float = 1.0
    contact: float = 0.05
    action: float = 0.1
    physics: float = 0.05
    position: float = 0.05
    velocity: float = 0.05
    environment: float = 0.05

    def __post_init__(self) -> None:
        """Refuse negative weights.

        Raises:
            ValueError: If a weight is negative or not a number.
        """
        wrong = {f.name: getattr(self, f.name) for f in fields(self)}
        wrong = {name: value for name, value in wrong.items() if not value >= 0.0}
        if wrong:
            msg = f"expected weights >= 0, got {wrong}"
            raise ValueError(msg)

    def without(self, heads: Iterable[str]) -> LossWeights:
        """The weights with everything that the named heads answer for at 0.

        Raises:
            ValueError: If there is no such head.
        """
        names = _checked_heads(heads)
        return replace(self, **{part: 0.0 for name in names for part in HEAD_PARTS[name]})


def _checked_heads(heads: Iterable[str]) -> list[str]:
    names = list(heads)
    unknown = sorted(set(names) - set(HEAD_MODULES))
    if unknown:
        msg = f"expected heads of {tuple(HEAD_MODULES)}, got {unknown}"
        raise ValueError(msg)
    return names


def freeze_heads(model: nn.Module, heads: Iterable[str]) -> None:
    """Take heads out of training: their parameters need no gradient any more.

    Raises:
        ValueError: If there is no such head.
    """
    for name in _checked_heads(heads):
        model.get_submodule(HEAD_MODULES[name]).requires_grad_(requires_grad=False)
