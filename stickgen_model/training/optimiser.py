"""AdamW, the course of its learning rate, and averaged weights."""

from __future__ import annotations

import math
from contextlib import contextmanager
from typing import TYPE_CHECKING

import torch
from torch import nn

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from torch import Tensor

    from stickgen_model.training.config import OptimConfig

__all__ = ["AveragedWeights", "learning_rate_at", "make_optimiser", "trainable_parameters"]


def trainable_parameters(model: nn.Module) -> dict[str, nn.Parameter]:
    """Parameters that are trained, by name."""
    return {name: p for name, p in model.named_parameters() if p.requires_grad}


def make_optimiser(model: nn.Module, config: OptimConfig) -> torch.optim.AdamW:
    """AdamW over what is trained: matrices decay; norms, biases and tables do not."""
    tables = {
        f"{path}.weight" if path else "weight"
        for path, module in model.named_modules()
        if isinstance(module, nn.Embedding)
    }
    trained = trainable_parameters(model)
    matrices = [p for name, p in trained.items() if p.ndim >= 2 and name not in tables]
    others = [p for name, p in trained.items() if p.ndim < 2 or name in tables]
    groups = [
        {"params": matrices, "weight_decay": config.weight_decay},
        {"params": others, "weight_decay": 0.0},
    ]
    optimiser = torch.optim.AdamW(
        [group for group in groups if group["params"]],
        lr=config.learning_rate,
        betas=(config.beta1, config.beta2),
        fused=True,
    )
    optimiser.register_load_state_dict_post_hook(_stay_fused)
    return optimiser


def _stay_fused(optimiser: torch.optim.Optimizer) -> None:
    """Loading brings the settings of the file, which may be of a step that was not fused."""
    for group in optimiser.param_groups:
        group["fused"] = True
        for parameter in group["params"]:
            state = optimiser.state.get(parameter, {})
            if "step" in state:
                state["step"] = state["step"].to(parameter.device)


def learning_rate_at(step: int, *, num_steps: int, config: OptimConfig) -> float:
    """Learning rate of a step, from 0: a straight line up, then half a cosine down.

    Args:
        step: 0 .. num_steps - 1.
        num_steps: Steps of the run.
        config: Of the optimiser; its warm-up is cut to a tenth of the run.
    """
    warmup = min(config.warmup_steps, num_steps // 10)
    if step < warmup:
        return config.learning_rate * (step + 1) / warmup
    done = (step - warmup) / max(num_steps - 1 - warmup, 1)
    cosine = 0.5 * (1.0 + math.cos(math.pi * min(done, 1.0)))
    return config.learning_rate * (config.final_share + (1.0 - config.final_share) * cosine)


class AveragedWeights:
    """Exponential moving average of what is trained, in float32.

    The first steps weigh more than the decay says, so that the start is forgotten soon.

    Args:
        model: Whose parameters.
        decay: Share that stays in a step; 0 = the average is the weights themselves.
    """

    def __init__(self, model: nn.Module, decay: float) -> None:
        self._decay = decay
        self._averages = {
            name: p.detach().clone().float() for name, p in trainable_parameters(model).items()
        }
        self.num_updates = 0

    @torch.no_grad()
    def update(self, model: nn.Module) -> None:
        """Take in the weights after a step."""
        self.num_updates += 1
        # decay 0 stays 0: the average is then the last weights
        share = 1.0 - min(self._decay, self.num_updates / (9.0 + self.num_updates))
        live = trainable_parameters(model)
        averages = list(self._averages.values())
        targets = [live[name].detach().float() for name in self._averages]
        torch._foreach_lerp_(averages, targets, share)

    def state_dict(self) -> dict[str, Tensor]:
        """The averages, shared."""
        return dict(self._averages)

    @torch.no_grad()
    def load(self, averages: Mapping[str, Tensor], num_updates: int) -> None:
        """Go on from saved averages."""
        for name, average in self._averages.items():
            average.copy_(averages[name])
        self.num_updates = num_updates

    @contextmanager
    def applied(self, model: nn.Module) -> Iterator[None]:
        """The model with the averages in place of its weights, for as long as it lasts."""
        live = trainable_parameters(model)
        kept = {name: p.detach().clone() for name, p in live.items()}
        try:
            self._copy(live, self._averages)
            yield
        finally:
            self._copy(live, kept)

    @staticmethod
    @torch.no_grad()
    def _copy(live: Mapping[str, nn.Parameter], values: Mapping[str, Tensor]) -> None:
        for name, p in live.items():
            p.copy_(values[name])
