"""How much of a clip is left at a noise level: cosine diffusion and flow matching, one interface.

Letters of shapes: B batch, T frames, P numbers of a state. A noise level t lies in [0, 1]: 0 is the
clean clip x0, 1 is pure noise. A noisy clip is x_t = alpha(t) x0 + sigma(t) noise.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final, Protocol

import torch

if TYPE_CHECKING:
    from collections.abc import Mapping

    from torch import Tensor

__all__ = [
    "SCHEDULES",
    "TRAIN_LEVELS",
    "CosineSchedule",
    "Denoiser",
    "FlowSchedule",
    "Schedule",
    "add_noise",
    "make_schedule",
    "noise_in",
    "snr",
    "time_grid",
    "training_times",
]

TRAIN_LEVELS: Final = 50
"""Noise levels of diffusion. Source: MDM trained with 1000 and sampled with 50 collapses, trained
with 50 it does not."""


class Denoiser(Protocol):
    """A network, or a formula, that predicts the clean clip."""

    def __call__(self, x_BTP: Tensor, t_B: Tensor, conditions: Mapping[str, Tensor]) -> Tensor:
        """Predict the clean clip.

        Args:
            x_BTP: Noisy z-scored states, shape (B, T, P), zero on padded frames.
            t_B: Noise level of each clip in [0, 1], shape (B,).
            conditions: Tensors by name, batch first; `mask` (B, T) bool is always there.

        Returns:
            Clean states, shape (B, T, P); padded frames may hold anything.
        """


class Schedule(Protocol):
    """The path from a clip to noise."""

    name: str
    levels: int
    """Noise levels in training: t is a multiple of 1 / levels; 0 = any t."""

    def alpha(self, t: Tensor) -> Tensor:
        """Share of the clip at t: 1 at 0, 0 at 1, falling."""

    def sigma(self, t: Tensor) -> Tensor:
        """Share of the noise at t: 0 at 0, 1 at 1, rising."""


class CosineSchedule:
    """Variance-preserving: alpha = cos(pi t / 2), sigma = sin(pi t / 2).

    Source: Nichol and Dhariwal (2021) without their offset, which only serves the step variances
    of a chain; noise at t = 1 is pure (zero terminal SNR), which x0-prediction bears.
    """

    name = "cosine"
    levels = TRAIN_LEVELS

    def alpha(self, t: Tensor) -> Tensor:
        """Share of the clip at t."""
        # a sine, since the cosine of pi/2 is not exactly zero in floating point
        return torch.sin((1.0 - t) * (math.pi / 2))

    def sigma(self, t: Tensor) -> Tensor:
        """Share of the noise at t."""
        return torch.sin(t * (math.pi / 2))


class FlowSchedule:
    """The straight path of flow matching: alpha = 1 - t, sigma = t.

    Source: Lipman et al. (2023) and Liu et al. (2023), with time turned so that 1 is noise; the
    velocity of the path is noise - x0.
    """

    name = "flow"
    levels = 0

    def alpha(self, t: Tensor) -> Tensor:
        """Share of the clip at t."""
        return 1.0 - t

    def sigma(self, t: Tensor) -> Tensor:
        """Share of the noise at t."""
        return t


SCHEDULES: Final = ("cosine", "flow")


def make_schedule(name: str) -> Schedule:
    """The schedule of that name.

    Raises:
        ValueError: If there is none.
    """
    if name == "cosine":
        return CosineSchedule()
    if name == "flow":
        return FlowSchedule()
    msg = f"expected a schedule of {SCHEDULES}, got {name!r}"
    raise ValueError(msg)


def _per_clip(values_B: Tensor, like: Tensor) -> Tensor:
    return values_B.reshape(-1, *[1] * (like.ndim - 1)).to(like.dtype)


def add_noise(schedule: Schedule, x0_BTP: Tensor, *, noise_BTP: Tensor, t_B: Tensor) -> Tensor:
    """The clips at their noise levels, shape (B, T, P)."""
    alpha = _per_clip(schedule.alpha(t_B), x0_BTP)
    return alpha * x0_BTP + _per_clip(schedule.sigma(t_B), x0_BTP) * noise_BTP


def noise_in(schedule: Schedule, x_BTP: Tensor, *, x0_BTP: Tensor, t_B: Tensor) -> Tensor:
    """The noise in clips of level t > 0 whose clean form is known, shape (B, T, P)."""
    alpha, sigma = _per_clip(schedule.alpha(t_B), x_BTP), _per_clip(schedule.sigma(t_B), x_BTP)
    return (x_BTP - alpha * x0_BTP) / sigma


def snr(schedule: Schedule, t_B: Tensor) -> Tensor:
    """Signal-to-noise ratio alpha^2 / sigma^2, shape (B,); infinite at t = 0, zero at 1."""
    return schedule.alpha(t_B).square() / schedule.sigma(t_B).square()


def training_times(schedule: Schedule, num_clips: int, *, generator: torch.Generator) -> Tensor:
    """Noise levels to train on, never 0.

    Args:
        schedule: Its `levels` decide whether t is one of 1/levels .. 1 or anything in (0, 1].
        num_clips: B.
        generator: On the CPU.

    Returns:
        Shape (B,), float32, on the CPU.
    """
    if schedule.levels:
        number = torch.randint(1, schedule.levels + 1, (num_clips,), generator=generator)
        return number.float() / schedule.levels
    return 1.0 - torch.rand(num_clips, generator=generator)


def time_grid(schedule: Schedule, num_steps: int) -> list[float]:
    """Noise levels from 1 to 0 that a sampler visits, num_steps + 1 of them.

    Only levels that training has seen are visited.

    Raises:
        ValueError: If num_steps is below 1, or above the levels of the schedule.
    """
    most = schedule.levels
    if num_steps < 1 or (most and num_steps > most):
        limit = f"1..{most}" if most else ">= 1"
        msg = f"{schedule.name}: expected {limit} steps, got {num_steps}"
        raise ValueError(msg)
    if not most:
        return [1.0 - i / num_steps for i in range(num_steps + 1)]
    return [round(most * (num_steps - i) / num_steps) / most for i in range(num_steps + 1)]
