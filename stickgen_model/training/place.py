"""Where a run computes, and how its processes agree."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import torch
import torch.distributed as dist

if TYPE_CHECKING:
    from collections.abc import Sequence

    from torch import Tensor

__all__ = ["TrainPlace"]


@dataclass(frozen=True, kw_only=True, slots=True)
class TrainPlace:
    """Where a run computes.

    Attributes:
        device: Of this process.
        rank: Number of this process; 0 validates and saves.
        world: Processes that share the run; above 1 the caller has set up `torch.distributed`.
    """

    device: str = "cpu"
    rank: int = 0
    world: int = 1

    def any_wants(self, wanted: bool) -> bool:  # noqa: FBT001 - the question is in the name
        """Whether any process wants it; all get the same answer."""
        if self.world == 1:
            return wanted
        flag = torch.tensor(float(wanted), device=self.device)
        dist.all_reduce(flag, op=dist.ReduceOp.MAX)
        return bool(flag)

    def even_gradients(self, parameters: Sequence[Tensor]) -> None:
        """Where any process has a gradient, give the others one of zeros.

        So all processes have gradients of the same parameters: one whose batches held no picture
        has none for the image encoder.
        """
        if self.world == 1:
            return
        has = torch.tensor([float(p.grad is not None) for p in parameters], device=self.device)
        dist.all_reduce(has, op=dist.ReduceOp.MAX)
        for parameter, some in zip(parameters, has.tolist(), strict=True):
            if some and parameter.grad is None:
                parameter.grad = torch.zeros_like(parameter)
