"""A small network that turns a sequence of any length into one vector.

Letters of shapes: B sequences, T places, C width, H attention heads, D width of the vector.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import torch
from torch import nn

if TYPE_CHECKING:
    from torch import Tensor

__all__ = ["SequenceTower", "TowerConfig"]

_PLACES = 4


@dataclass(frozen=True, kw_only=True, slots=True)
class TowerConfig:
    """Shape of a tower.

    Attributes:
        width: C.
        blocks: Residual convolutions.
        kernel: Places that a convolution sees, odd.
        heads: H, a divisor of the width.
        dropout: In training, before the last layer.
    """

    width: int = 128
    blocks: int = 3
    kernel: int = 5
    heads: int = 4
    dropout: float = 0.1

    def __post_init__(self) -> None:
        """Refuse what makes no network."""
        ok = min(self.width, self.blocks, self.heads) >= 1 and self.kernel % 2 == 1
        if not ok or self.width % self.heads or not 0.0 <= self.dropout < 1.0:
            msg = f"expected positive sizes, odd kernel, heads that divide the width, got {self}"
            raise ValueError(msg)


class SequenceTower(nn.Module):
    """Convolutions, then mean, greatest and attended value over the places.

    Args:
        config: Its shape.
        dim: D.
    """

    def __init__(self, config: TowerConfig, *, dim: int) -> None:
        super().__init__()
        width = config.width
        self.config = config
        self.place = nn.Linear(_PLACES, width, bias=False)
        self.norms = nn.ModuleList(nn.LayerNorm(width) for _ in range(config.blocks))
        self.convs = nn.ModuleList(
            nn.Conv1d(width, width, config.kernel, padding=config.kernel // 2)
            for _ in range(config.blocks)
        )
        self.norm = nn.LayerNorm(width)
        self.attention = nn.Linear(width, config.heads)
        self.leave = nn.Sequential(
            nn.Linear(3 * width, 2 * width),
            nn.GELU(),
            nn.Dropout(config.dropout),
            nn.Linear(2 * width, dim),
        )

    def forward(self, x_BTC: Tensor, mask_BT: Tensor) -> Tensor:
        """Vectors of length 1, shape (B, D).

        Args:
            x_BTC: Sequences, shape (B, T, C); what lies after the end of one changes nothing.
            mask_BT: True at real places, the first ones of a row, at least one.
        """
        mask_BT1 = mask_BT[..., None].to(x_BTC.dtype)
        x_BTC = x_BTC + self.place(_places(mask_BT).to(x_BTC.dtype))
        for norm, conv in zip(self.norms, self.convs, strict=True):
            y_BTC = conv((norm(x_BTC) * mask_BT1).transpose(1, 2)).transpose(1, 2)
            x_BTC = x_BTC + nn.functional.gelu(y_BTC)
        vectors_BD: Tensor = self.leave(self._pool(self.norm(x_BTC), mask_BT1))
        return nn.functional.normalize(vectors_BD, dim=-1)

    def _pool(self, x_BTC: Tensor, mask_BT1: Tensor) -> Tensor:
        absent = mask_BT1 == 0
        mean_BC = (x_BTC * mask_BT1).sum(1) / mask_BT1.sum(1)
        peak_BC = x_BTC.masked_fill(absent, -torch.inf).amax(1)
        weight_BTH = self.attention(x_BTC).masked_fill(absent, -torch.inf).softmax(1)
        parts_BTHD = x_BTC.reshape(*x_BTC.shape[:2], self.config.heads, -1)
        attended_BC = (parts_BTHD * weight_BTH[..., None]).sum(1).flatten(1)
        return torch.cat([mean_BC, peak_BC, attended_BC], dim=1)


def _places(mask_BT: Tensor) -> Tensor:
    """Where in its sequence each place lies, so that order is seen; shape (B, T, 4)."""
    count_B1 = mask_BT.sum(1, keepdim=True)
    share_BT = (torch.arange(mask_BT.shape[1], device=mask_BT.device) + 0.5) / count_B1
    angle_BT = math.pi * share_BT.clamp(max=1.0)
    length_BT = count_B1.float().log1p().expand_as(angle_BT)
    waves = (angle_BT.cos(), (2.0 * angle_BT).cos(), (3.0 * angle_BT).cos(), length_BT)
    return torch.stack(waves, dim=-1)
