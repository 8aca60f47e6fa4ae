"""Numbers of clips in the units in which heads predict them, all of about size 1."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from datasets_spec.environment import ENVIRONMENT_FEATURES

if TYPE_CHECKING:
    from torch import Tensor

__all__ = ["scale_environment", "scale_physics", "unscale_environment", "unscale_physics"]

PHYSICS_SCALE: Final = (1.0, 1.0, 5.0, 5.0, 1.0, 1.0)
"""H/s, H/s2, H/s: what makes velocity, acceleration and momentum of about size 1."""


def scale_physics(physics: Tensor) -> Tensor:
    """Physics as the head predicts it, shape (..., 6)."""
    return physics / physics.new_tensor(PHYSICS_SCALE)


def unscale_physics(predicted: Tensor) -> Tensor:
    """Physics in the units of clips, shape (..., 6)."""
    return predicted * predicted.new_tensor(PHYSICS_SCALE)


def _environment_range(like: Tensor) -> Tensor:
    return like.new_tensor([spec.high - spec.low for spec in ENVIRONMENT_FEATURES])


def scale_environment(environment: Tensor) -> Tensor:
    """Scene numbers as the head predicts them, in shares of their range, shape (..., 32)."""
    return environment / _environment_range(environment)


def unscale_environment(predicted: Tensor) -> Tensor:
    """Scene numbers in their units, shape (..., 32)."""
    return predicted * _environment_range(predicted)
