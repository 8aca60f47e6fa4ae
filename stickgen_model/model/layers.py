"""The encoder: RMSNorm, SwiGLU and rotary self-attention, pre-norm, without a final norm.

Letters of shape suffixes: B batch, S tokens, T frames, D width, F hidden width of the
feed-forward, H heads, K width of a head, C half of K.
"""

from __future__ import annotations

import math
from typing import Final

import torch
from torch import Tensor, nn
from torch.nn import functional as F  # noqa: N812
from torch.utils.checkpoint import checkpoint

from stickgen_model.model.kernels import add_dropped, gated_silu, rms_norm, rotate

__all__ = [
    "EncoderLayer",
    "RMSNorm",
    "SelfAttention",
    "SwiGLU",
    "TransformerEncoder",
    "level_sinusoid",
    "rotary_table",
    "rotate",
]

_NORM_EPS: Final = 1e-6
_ROTARY_BASE: Final = 10_000.0
"""Source: Su et al., RoFormer, 2021 (arXiv 2104.09864)."""
_LEVEL_SCALE: Final = 1_000.0
"""Levels in [0, 1] are spread over as many steps as the sinusoids of DDPM were made for."""
_HIDDEN_RATIO: Final = 4


class RMSNorm(nn.RMSNorm):
    """x / sqrt(mean(x^2) + eps) * weight; d weights, no bias.

    Source: Zhang and Sennrich, Root Mean Square Layer Normalization, 2019 (arXiv 1910.07467).
    """

    def __init__(self, width: int) -> None:
        super().__init__(width, eps=_NORM_EPS)

    def forward(self, x_BSD: Tensor) -> Tensor:
        """Norm every token in float32, whatever its dtype: shape (B, S, D) to (B, S, D)."""
        return rms_norm(x_BSD.float(), self.weight.float(), _NORM_EPS).to(x_BSD.dtype)


class SwiGLU(nn.Module):
    """output(silu(gate(x)) * up(x)), three bias-free projections.

    Source: Shazeer, GLU Variants Improve Transformer, 2020 (arXiv 2002.05202).
    """

    def __init__(self, width: int, hidden: int) -> None:
        super().__init__()
        self.gate_proj = nn.Linear(width, hidden, bias=False)
        self.up_proj = nn.Linear(width, hidden, bias=False)
        self.output_proj = nn.Linear(hidden, width, bias=False)

    def forward(self, x_BSD: Tensor) -> Tensor:
        """Apply to every token: shape (B, S, D) to (B, S, D)."""
        out_BSD: Tensor = self.output_proj(gated_silu(self.gate_proj(x_BSD), self.up_proj(x_BSD)))
        return out_BSD


def rotary_table(num_tokens: int, head_width: int, *, like: Tensor) -> tuple[Tensor, Tensor]:
    """Cosines and sines of the rotary angles of positions 0 .. num_tokens - 1.

    Args:
        num_tokens: S.
        head_width: K, even.
        like: Tensor whose device is used.

    Returns:
        Two tensors (S, C), float32.
    """
    exponent_C = torch.arange(0, head_width, 2, device=like.device, dtype=torch.float32)
    speed_C = torch.exp(exponent_C * (-math.log(_ROTARY_BASE) / head_width))
    position_S = torch.arange(num_tokens, device=like.device, dtype=torch.float32)
    angle_SC = position_S[:, None] * speed_C
    return angle_SC.cos(), angle_SC.sin()


class SelfAttention(nn.Module):
    """Multi-head self-attention with rotary positions; four biased d x d projections.

    Attention weights are not dropped out: fused kernels for the CPU know no dropout, and the
    branch as a whole is dropped out by the layer.
    """

    def __init__(self, width: int, heads: int) -> None:
        super().__init__()
        self.heads = heads
        self.q_proj = nn.Linear(width, width)
        self.k_proj = nn.Linear(width, width)
        self.v_proj = nn.Linear(width, width)
        self.out_proj = nn.Linear(width, width)

    def forward(
        self, x_BSD: Tensor, rotary: tuple[Tensor, Tensor], *, mask_B11S: Tensor | None = None
    ) -> Tensor:
        """Mix tokens.

        Args:
            x_BSD: Normed tokens.
            rotary: From `rotary_table`.
            mask_B11S: True where a token may be looked at; at least one a row. None = all.

        Returns:
            Shape (B, S, D).
        """
        q_BHSK, k_BHSK, v_BHSK = (
            projection(x_BSD).unflatten(-1, (self.heads, -1)).transpose(1, 2)
            for projection in (self.q_proj, self.k_proj, self.v_proj)
        )
        cos_SC, sin_SC = (table.to(q_BHSK.dtype) for table in rotary)
        mixed_BHSK = F.scaled_dot_product_attention(
            rotate(q_BHSK, cos_SC, sin_SC),
            rotate(k_BHSK, cos_SC, sin_SC),
            v_BHSK,
            attn_mask=mask_B11S,
        )
        out_BSD: Tensor = self.out_proj(mixed_BHSK.transpose(1, 2).flatten(2))
        return out_BSD


class EncoderLayer(nn.Module):
    """x + attention(norm(x)), then x + feed_forward(norm(x))."""

    def __init__(self, width: int, heads: int, *, dropout: float) -> None:
        super().__init__()
        self.attention_norm = RMSNorm(width)
        self.attention = SelfAttention(width, heads)
        self.feed_forward_norm = RMSNorm(width)
        self.feed_forward = SwiGLU(width, _HIDDEN_RATIO * width)
        self.dropout = dropout

    def forward(
        self, x_BSD: Tensor, rotary: tuple[Tensor, Tensor], mask_B11S: Tensor | None
    ) -> Tensor:
        """Shape (B, S, D) to (B, S, D); arguments as of `SelfAttention.forward`."""
        mixed_BSD = self.attention(self.attention_norm(x_BSD), rotary, mask_B11S=mask_B11S)
        share = self.dropout if self.training else 0.0
        x_BSD = add_dropped(x_BSD, mixed_BSD, share)
        return add_dropped(x_BSD, self.feed_forward(self.feed_forward_norm(x_BSD)), share)


class TransformerEncoder(nn.Module):
    """A stack of layers. No norm at its end: the public sizes leave no room for one.

    Attributes:
        gradient_checkpointing: In training, compute each layer again on the way back instead of
            keeping its intermediate results: less memory, about a third more time.
    """

    def __init__(self, width: int, heads: int, *, num_layers: int, dropout: float) -> None:
        super().__init__()
        self.head_width = width // heads
        self.gradient_checkpointing = False
        self.layers = nn.ModuleList(
            EncoderLayer(width, heads, dropout=dropout) for _ in range(num_layers)
        )
        self._reset(num_layers)

    def _reset(self, num_layers: int) -> None:
        """Xavier, the ends of residual branches smaller, so that depth keeps the scale.

        Source of the factor: Radford et al., GPT-2, 2019.
        """
        for name, module in self.layers.named_modules():
            if isinstance(module, nn.Linear):
                is_end = name.endswith(("out_proj", "output_proj"))
                gain = (2 * num_layers) ** -0.5 if is_end else 1.0
                nn.init.xavier_uniform_(module.weight, gain=gain)
                if module.bias is not None:
                    nn.init.zeros_(module.bias)

    def forward(self, x_BSD: Tensor, *, mask_BS: Tensor | None = None) -> Tensor:
        """Encode tokens.

        Args:
            x_BSD: Tokens; the position of a token is its index.
            mask_BS: True where a token is real; at least one a row. None = all.

        Returns:
            Shape (B, S, D).
        """
        rotary = rotary_table(x_BSD.shape[1], self.head_width, like=x_BSD)
        mask_B11S = None if mask_BS is None else mask_BS[:, None, None, :]
        again = self.gradient_checkpointing and self.training and torch.is_grad_enabled()
        for layer in self.layers:
            if again:
                x_BSD = checkpoint(layer, x_BSD, rotary, mask_B11S, use_reentrant=False)
            else:
                x_BSD = layer(x_BSD, rotary, mask_B11S)
        return x_BSD


def level_sinusoid(level_B: Tensor, width: int) -> Tensor:
    """The noise level as sines and cosines of many speeds; it has no parameters.

    Args:
        level_B: Noise level in [0, 1]: 0 = clean, 1 = noise.
        width: D, even.

    Returns:
        Shape (B, D), float32.

    Source: Ho et al., DDPM, 2020 (arXiv 2006.11239).
    """
    steps_D = torch.arange(0, width, 2, device=level_B.device, dtype=torch.float32)
    speed_D = torch.exp(steps_D * (-math.log(_ROTARY_BASE) / width))
    angle_BD = level_B.float()[:, None] * _LEVEL_SCALE * speed_D
    return torch.cat((angle_BD.sin(), angle_BD.cos()), dim=-1)
