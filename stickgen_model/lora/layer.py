"""A linear layer with named low-rank adapters beside its frozen weight.

Source: Hu et al., LoRA, 2021 (arXiv 2106.09685).
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from typing import Final

import torch
from torch import Tensor, nn
from torch.nn import functional as F  # noqa: N812

__all__ = ["AdapterSpec", "LoraLinear"]

_NAME: Final = re.compile(r"[A-Za-z0-9_-]{1,64}")


@dataclass(frozen=True, kw_only=True, slots=True)
class AdapterSpec:
    """Numbers of an adapter.

    Attributes:
        name: Letters, digits, `_` and `-`.
        rank: Rank of the change of a weight, >= 1.
        alpha: The change is scaled by alpha / rank.
        dropout: Share of the adapter's inputs dropped in training, [0, 1).
    """

    name: str = "default"
    rank: int = 8
    alpha: float = 16.0
    dropout: float = 0.05

    def __post_init__(self) -> None:
        """Collect all faults and raise once."""
        checks = (
            (bool(_NAME.fullmatch(self.name)), "a name of A-Z a-z 0-9 _ -", self.name),
            (self.rank >= 1, "rank >= 1", self.rank),
            (math.isfinite(self.alpha) and self.alpha > 0.0, "alpha > 0", self.alpha),
            (0.0 <= self.dropout < 1.0, "dropout in [0, 1)", self.dropout),
        )
        faults = [f"expected {want}, got {got!r}" for ok, want, got in checks if not ok]
        if faults:
            msg = "LoRA adapter: " + "; ".join(faults)
            raise ValueError(msg)


class LoraLinear(nn.Linear):
    """`y = W x + b + sum over the mix of weight * alpha / rank * B A dropout(x)`.

    Weight and bias are the very parameters of the layer it stands for, under the same names, so
    that checkpoints of the base still fit.

    Args:
        base: The layer to stand for; its parameters are shared.
    """

    def __init__(self, base: nn.Linear) -> None:
        with torch.device("meta"):  # no memory for weights that are thrown away
            super().__init__(base.in_features, base.out_features, bias=base.bias is not None)
        self.weight = base.weight
        self.bias = base.bias
        self.train(base.training)
        self.lora_A = nn.ParameterDict()
        self.lora_B = nn.ParameterDict()
        self.specs: dict[str, AdapterSpec] = {}
        self.mix: dict[str, float] = {}

    def add(self, spec: AdapterSpec) -> None:
        """Add an adapter that changes nothing yet; it is not in the mix.

        Raises:
            ValueError: If there is one of that name.
        """
        if spec.name in self.specs:
            msg = f"expected a new adapter name, got {spec.name!r}; there are {list(self.specs)}"
            raise ValueError(msg)
        down = self.weight.new_empty(spec.rank, self.in_features)
        nn.init.kaiming_uniform_(down, a=math.sqrt(5.0))
        self.lora_A[spec.name] = nn.Parameter(down)
        self.lora_B[spec.name] = nn.Parameter(self.weight.new_zeros(self.out_features, spec.rank))
        self.specs[spec.name] = spec

    def plain(self) -> nn.Linear:
        """The layer it stands for."""
        return self._linear(self._parameters["weight"])

    def merged(self) -> nn.Linear:
        """A plain layer that does what this one does in evaluation; nothing is shared but b."""
        change = torch.zeros_like(self.weight, dtype=torch.float32)
        for name, share in self.mix.items():
            product = self.lora_B[name].float() @ self.lora_A[name].float()
            change += share * self._scale(name) * product
        weight = (self.weight.float() + change).to(self.weight.dtype).detach()
        return self._linear(nn.Parameter(weight, requires_grad=self.weight.requires_grad))

    def forward(self, x: Tensor) -> Tensor:
        """Shape (..., in) to (..., out)."""
        out = F.linear(x, self.weight, self.bias)
        for name, share in self.mix.items():
            dropped = F.dropout(x, self.specs[name].dropout, self.training)
            change = F.linear(F.linear(dropped, self.lora_A[name]), self.lora_B[name])
            out = out + share * self._scale(name) * change
        return out

    def extra_repr(self) -> str:
        """As of `nn.Linear`, and the mix."""
        return f"{super().extra_repr()}, mix={self.mix}"

    def _scale(self, name: str) -> float:
        return self.specs[name].alpha / self.specs[name].rank

    def _linear(self, weight: nn.Parameter | None) -> nn.Linear:
        with torch.device("meta"):
            plain = nn.Linear(self.in_features, self.out_features, bias=self.bias is not None)
        plain.register_parameter("weight", weight)
        plain.register_parameter("bias", self._parameters["bias"])
        return plain.train(self.training)
