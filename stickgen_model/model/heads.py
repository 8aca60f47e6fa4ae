"""Small networks at the two ends of the transformer, and what comes out of it.

Letters of shape suffixes: B batch, T frames, P numbers of a pose, A actions.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from torch import nn

if TYPE_CHECKING:
    from torch import Tensor

__all__ = ["MotionOutput", "make_decoder", "make_projection"]


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class MotionOutput:
    """Predictions of one forward pass; zero on padded frames.

    Attributes:
        pose: The clean motion, (B, T, P), in the numbers of the motion that went in.
        position: Mean place of the pelvis in the scene (x, y), (B, 2), H.
        velocity: Mean velocity of the pelvis (x, y), (B, 2), H/s.
        action_logits: What is being done, (B, T, A).
        physics: Velocity, acceleration, momentum of the body centre, (B, T, 6).
        environment: Numbers of the scene, (B, 32), order of `datasets_spec.environment`.
    """

    pose: Tensor
    position: Tensor
    velocity: Tensor
    action_logits: Tensor
    physics: Tensor
    environment: Tensor


def make_projection(width_in: int, width_hidden: int, width_out: int) -> nn.Sequential:
    """`in>hidden, GELU, hidden>out, LayerNorm`: a condition becomes (part of) a token."""
    return nn.Sequential(
        nn.Linear(width_in, width_hidden),
        nn.GELU(),
        nn.Linear(width_hidden, width_out),
        nn.LayerNorm(width_out),
    )


def make_decoder(width_in: int, width_hidden: int, width_out: int) -> nn.Sequential:
    """`in>hidden, GELU, hidden>out`: a token becomes numbers."""
    return nn.Sequential(
        nn.Linear(width_in, width_hidden), nn.GELU(), nn.Linear(width_hidden, width_out)
    )
