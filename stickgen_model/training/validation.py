"""Losses over clips that are not trained on, always with the same noise."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import torch

from stickgen_model.data.augment import AugmentConfig
from stickgen_model.data.clip_dataset import ClipDataset, plain_batches
from stickgen_model.training.objective import mix_seed
from stickgen_model.training.precision import autocast_to

if TYPE_CHECKING:
    from collections.abc import Callable

    from stickgen_model.data.clip_store import ClipStore
    from stickgen_model.text.text_table import TextTable
    from stickgen_model.training.objective import Objective

__all__ = ["measure_losses"]

_LEAST_BATCH: Final = 8
"""Without gradients more clips fit than in training."""


@torch.no_grad()
def measure_losses(
    forward: Callable[..., Any],
    store: ClipStore,
    *,
    texts: TextTable,
    objective: Objective,
    text_dim: int,
) -> dict[str, float]:
    """Mean losses of all clips, every clip counting the same.

    Args:
        forward: The model, in evaluation mode.
        store: The clips, taken as they are.
        texts: Vectors of their captions.
        objective: Its codec is on the device of the model.
        text_dim: Width of the model's text.

    Returns:
        By part, and `total`.
    """
    config, device = objective.config, objective.codec.mean_P.device
    dataset = ClipDataset(
        store,
        texts,
        seed=config.seed,
        augment=AugmentConfig.none(),
        max_frames=config.max_frames,
        first_caption=True,
        pictures=config.multimodal,
    )
    batches = plain_batches(
        dataset,
        batch_size=max(config.batch_size, _LEAST_BATCH),
        codec=objective.codec.to("cpu"),
        text_dim=text_dim,
    )
    sums: dict[str, float] = {}
    for number, batch in enumerate(batches):
        with autocast_to(config.precision, device):
            seed = mix_seed(config.seed, number)
            losses = objective.losses(forward, batch.to(device), seed=seed, drop=False)
        for name, value in losses.items():
            sums[name] = sums.get(name, 0.0) + float(value) * len(batch)
    return {name: value / len(dataset) for name, value in sums.items()}
