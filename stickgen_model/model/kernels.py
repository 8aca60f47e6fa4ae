"""Small steps between the matrix products, in few passes over memory.

On a CPU such steps take as long as the products if every one of them writes a tensor of its own and
keeps it for the way back. Elsewhere, and under a compiler or tracer, the plain formulas are used:
there they are fused.

Letters of shape suffixes: B batch, S tokens, D width, F hidden width of the feed-forward, H heads,
K width of a head, C half of K, N rows of a matrix.
"""

from __future__ import annotations

from typing import Any, Final

import torch
from torch import Tensor
from torch.autograd.function import once_differentiable
from torch.nn import functional as F  # noqa: N812

__all__ = ["add_dropped", "gated_silu", "rms_norm", "rotate"]

_DRAWS: Final = 1 << 16
"""Values of the random numbers that decide about dropping."""


def _fewer_passes(x: Tensor) -> bool:
    return (
        x.device.type == "cpu" and not torch.compiler.is_compiling() and not torch._C._is_tracing()
    )


def rms_norm(x_BSD: Tensor, weight_D: Tensor, eps: float) -> Tensor:
    """Root mean square norm, `x / sqrt(mean(x^2) + eps) * weight`: (B, S, D), float32."""
    if _fewer_passes(x_BSD):
        normed_BSD: Tensor = _RmsNorm.apply(x_BSD, weight_D, eps)  # type: ignore[no-untyped-call]
        return normed_BSD
    return F.rms_norm(x_BSD, weight_D.shape, weight_D, eps)


def gated_silu(gate_BSF: Tensor, up_BSF: Tensor) -> Tensor:
    """Hidden numbers of SwiGLU, silu(gate) * up, shape (B, S, F)."""
    if _fewer_passes(gate_BSF):
        hidden_BSF: Tensor = _GatedSilu.apply(gate_BSF, up_BSF)  # type: ignore[no-untyped-call]
        return hidden_BSF
    return F.silu(gate_BSF) * up_BSF


def rotate(x_BHSK: Tensor, cos_SC: Tensor, sin_SC: Tensor) -> Tensor:
    """Turn the pairs (c, c + C) of a head by the angle of their position.

    Args:
        x_BHSK: Queries or keys, (B, H, S, K).
        cos_SC: From `rotary_table`, in the dtype of `x_BHSK`.
        sin_SC: Likewise.

    Returns:
        Shape (B, H, S, K); lengths are kept, and products of two turned vectors depend on the
        difference of their positions only.
    """
    if _fewer_passes(x_BHSK):
        turned_BHSK: Tensor = _Rotate.apply(x_BHSK, cos_SC, sin_SC)  # type: ignore[no-untyped-call]
        return turned_BHSK
    first_BHSC, second_BHSC = x_BHSK.chunk(2, dim=-1)
    return torch.cat(
        (
            first_BHSC * cos_SC - second_BHSC * sin_SC,
            second_BHSC * cos_SC + first_BHSC * sin_SC,
        ),
        dim=-1,
    )


def add_dropped(x_BSD: Tensor, branch_BSD: Tensor, share: float) -> Tensor:
    """Sum of x and a branch of which numbers are dropped, shape (B, S, D).

    Args:
        x_BSD: What is added to.
        branch_BSD: Of which numbers are dropped.
        share: Of the numbers that are dropped, [0, 1); on a CPU to the nearest 1 / 65536.
    """
    if not share:
        return x_BSD + branch_BSD
    if not _fewer_passes(branch_BSD):
        return x_BSD + F.dropout(branch_BSD, share)
    kept_BSD = _random_scale(branch_BSD.shape, share).to(branch_BSD.dtype)
    if x_BSD.dtype != branch_BSD.dtype:
        return x_BSD + branch_BSD * kept_BSD
    return torch.addcmul(x_BSD, branch_BSD, kept_BSD)


def _random_scale(shape: torch.Size, share: float) -> Tensor:
    """Zero with a chance of `share`, else what keeps the mean; float32.

    A number of 16 bits each, four out of one draw: drawing takes most of the time.
    """
    count = shape.numel()
    draws = torch.empty(-(-count // 4), dtype=torch.int64).random_(-(1 << 63), None)
    dropped = min(round(share * _DRAWS), _DRAWS - 1)
    kept = draws.view(torch.int16)[:count].view(shape) >= dropped - _DRAWS // 2
    scale: Tensor = kept * (_DRAWS / (_DRAWS - dropped))
    return scale


class _RmsNorm(torch.autograd.Function):
    @staticmethod
    def forward(ctx: Any, x_BSD: Tensor, weight_D: Tensor, eps: float) -> Tensor:
        width = x_BSD.shape[-1]
        length_BS1 = torch.linalg.vector_norm(x_BSD, dim=-1, keepdim=True)
        scale_BS1 = length_BS1.square_().div_(width).add_(eps).rsqrt_()
        ctx.save_for_backward(x_BSD, weight_D, scale_BS1)
        normed_BSD: Tensor = x_BSD * scale_BS1
        return normed_BSD.mul_(weight_D)

    @staticmethod
    @once_differentiable
    def backward(ctx: Any, grad_BSD: Tensor) -> tuple[Tensor, Tensor, None]:
        x_BSD, weight_D, scale_BS1 = ctx.saved_tensors
        width = x_BSD.shape[-1]
        product_ND = (grad_BSD * x_BSD).reshape(-1, width)
        scale_N = scale_BS1.view(-1)
        along_N = (product_ND @ weight_D).mul_(scale_N.pow(3)).div_(-width)
        grad_x_BSD = (grad_BSD * weight_D).mul_(scale_BS1)
        grad_x_BSD.addcmul_(x_BSD, along_N.view_as(scale_BS1))
        return grad_x_BSD, scale_N @ product_ND, None


class _GatedSilu(torch.autograd.Function):
    """Keeps two hidden tensors for the way back where the plain formula keeps three."""

    @staticmethod
    def forward(ctx: Any, gate_BSF: Tensor, up_BSF: Tensor) -> Tensor:
        ctx.save_for_backward(gate_BSF, up_BSF)
        return F.silu(gate_BSF).mul_(up_BSF)

    @staticmethod
    @once_differentiable
    def backward(ctx: Any, grad_BSF: Tensor) -> tuple[Tensor, Tensor]:
        gate_BSF, up_BSF = ctx.saved_tensors
        grad_gate_BSF = grad_BSF * up_BSF
        torch.ops.aten.silu_backward.grad_input(grad_gate_BSF, gate_BSF, grad_input=grad_gate_BSF)
        return grad_gate_BSF, F.silu(gate_BSF).mul_(grad_BSF)


class _Rotate(torch.autograd.Function):
    @staticmethod
    def forward(ctx: Any, x_BHSK: Tensor, cos_SC: Tensor, sin_SC: Tensor) -> Tensor:
        ctx.save_for_backward(cos_SC, sin_SC)
        return _turned(x_BHSK, cos_SC, sin_SC, sign=1.0)

    @staticmethod
    @once_differentiable
    def backward(ctx: Any, grad_BHSK: Tensor) -> tuple[Tensor, None, None]:
        return _turned(grad_BHSK, *ctx.saved_tensors, sign=-1.0), None, None


def _turned(x_BHSK: Tensor, cos_SC: Tensor, sin_SC: Tensor, *, sign: float) -> Tensor:
    half = cos_SC.shape[-1]
    out_BHSK = x_BHSK * cos_SC.repeat(1, 2)
    out_BHSK[..., :half].addcmul_(x_BHSK[..., half:], sin_SC, value=-sign)
    out_BHSK[..., half:].addcmul_(x_BHSK[..., :half], sin_SC, value=sign)
    return out_BHSK
