"""The loss of a batch: noise, dropped conditions, forward, parts.

Letters of shapes: B batch, T frames, P = 20 numbers of a state.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import torch

from stickgen_model.diffusion.guidance import drop_conditions
from stickgen_model.diffusion.schedule import add_noise, make_schedule, snr, training_times
from stickgen_model.losses import compute_losses, min_snr_weights
from stickgen_model.model.conditions import Conditions
from stickgen_model.training.config import DropConfig

if TYPE_CHECKING:
    from collections.abc import Callable

    from torch import Tensor

    from stickgen_model.codec import MotionCodec
    from stickgen_model.data.batches import Batch
    from stickgen_model.diffusion.schedule import Schedule
    from stickgen_model.model.heads import MotionOutput
    from stickgen_model.training.config import TrainConfig

__all__ = ["Objective", "mix_seed"]


def mix_seed(*numbers: int) -> int:
    """One seed, 0 .. 2^63 - 1, out of several numbers >= 0; other numbers give another seed."""
    return int(np.random.SeedSequence(numbers).generate_state(1, np.uint64)[0] >> np.uint64(1))


@dataclass(frozen=True, eq=False, kw_only=True, slots=True)
class Objective:
    """What training makes small.

    Attributes:
        config: Of the run.
        codec: On the device of the batches.
    """

    config: TrainConfig
    codec: MotionCodec

    @property
    def schedule(self) -> Schedule:
        """The noise schedule."""
        return make_schedule(self.config.schedule)

    def losses(
        self, forward: Callable[..., MotionOutput], batch: Batch, *, seed: int, drop: bool = True
    ) -> dict[str, Tensor]:
        """Parts and `total` of a batch.

        Args:
            forward: The model.
            batch: On the device of the model.
            seed: Of noise, noise levels and dropping: equal seeds give equal losses.
            drop: Leave conditions out at random.
        """
        generator = torch.Generator().manual_seed(seed)
        device = batch.states_BTP.device
        t_B = self._times(len(batch), generator).to(device)
        conditions = batch.conditions()
        rates = self.config.drop if drop else DropConfig(**dict.fromkeys(DropConfig.__slots__, 0.0))
        mask_BT = conditions.pop("mask")
        conditions = drop_conditions(
            conditions, rates.rates(), generator=generator, all_rate=rates.everything
        )
        noise_BTP = torch.randn(batch.states_BTP.shape, generator=generator).to(device)
        noisy_BTP = add_noise(self.schedule, batch.states_BTP, noise_BTP=noise_BTP, t_B=t_B)
        predictions = forward(
            torch.where(mask_BT[..., None], noisy_BTP, 0.0),
            Conditions.from_tensors(conditions),
            mask_BT=mask_BT,
            noise_level_B=t_B,
        )
        return compute_losses(
            predictions,
            batch.targets(),
            codec=self.codec,
            weights=self.config.weights.without(self.config.frozen_heads),
            clip_weight_B=self._clip_weights(t_B),
        )

    def _times(self, num_clips: int, generator: torch.Generator) -> Tensor:
        times_B = training_times(self.schedule, num_clips, generator=generator)
        return times_B if self.config.diffusion else torch.ones_like(times_B)

    def _clip_weights(self, t_B: Tensor) -> Tensor | None:
        if not self.config.diffusion or not self.config.snr_gamma:
            return None
        return min_snr_weights(snr(self.schedule, t_B), gamma=self.config.snr_gamma)
