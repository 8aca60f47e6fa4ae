"""In which numbers a device multiplies fastest."""

from __future__ import annotations

from contextlib import nullcontext
from typing import TYPE_CHECKING, Final

import torch

if TYPE_CHECKING:
    from contextlib import AbstractContextManager

__all__ = ["PRECISIONS", "autocast_to", "bf16_pays"]

PRECISIONS: Final = ("auto", "fp32", "bf16")


def bf16_pays(device: torch.device) -> bool:
    """Whether the hardware multiplies bf16 matrices: GPUs that do, CPUs with AMX tiles.

    Elsewhere bf16 is emulated and slower than float32.
    """
    if device.type == "cuda":
        return bool(torch.cuda.is_bf16_supported(including_emulation=False))
    if device.type == "cpu":
        return bool(torch.cpu._is_amx_tile_supported())
    return False


def autocast_to(precision: str, device: torch.device) -> AbstractContextManager[object]:
    """The context in which a forward pass runs.

    Args:
        precision: auto, fp32 or bf16.
        device: Where it runs.
    """
    if precision == "bf16" or (precision == "auto" and bf16_pays(device)):
        return torch.autocast(device.type, dtype=torch.bfloat16)
    return nullcontext()
