"""Weights in smaller files: halves, or 8-bit integers with a scale for each row of a matrix.

Only matrices are made smaller; vectors (biases, norms, the codec) stay as they are. In the file of
an 8-bit matrix `name` stand `name`, int8, and `name.int8_scale`, float32, one for each row: the
weight is their product.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import torch
from safetensors import SafetensorError, safe_open

from datasets_spec.errors import ConfigError

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from torch import Tensor

__all__ = ["WEIGHT_PRECISIONS", "pack_weights", "stored_precision", "unpack_weights"]

WEIGHT_PRECISIONS: Final = ("fp32", "fp16", "int8")

_SCALE: Final = ".int8_scale"
_MOST: Final = 127


def pack_weights(weights: Mapping[str, Tensor], precision: str) -> dict[str, Tensor]:
    """Weights as they are stored.

    Args:
        weights: A state dict.
        precision: One of WEIGHT_PRECISIONS.

    Raises:
        ConfigError: If there is no such precision.
    """
    if precision not in WEIGHT_PRECISIONS:
        msg = f"expected a precision of {', '.join(WEIGHT_PRECISIONS)}; got {precision!r}"
        raise ConfigError(msg)
    packed: dict[str, Tensor] = {}
    for name, value in weights.items():
        if value.ndim < 2 or not value.is_floating_point() or precision == "fp32":
            packed[name] = value
        elif precision == "fp16":
            packed[name] = value.half()
        else:
            packed |= _as_int8(name, value)
    return packed


def _as_int8(name: str, value: Tensor) -> dict[str, Tensor]:
    rows = value.float().flatten(1)
    scale = rows.abs().amax(dim=1) / _MOST
    divisor = torch.where(scale > 0, scale, 1.0)  # a row of zeros stays one
    whole = (rows / divisor[:, None]).round().clamp(-_MOST, _MOST).to(torch.int8)
    return {name: whole.reshape(value.shape), f"{name}{_SCALE}": scale}


def unpack_weights(tensors: Mapping[str, Tensor]) -> dict[str, Tensor]:
    """Weights of a file, all as floating point; what is stored as it is comes back as it is."""
    found: dict[str, Tensor] = {}
    for name, value in tensors.items():
        scale = tensors.get(f"{name}{_SCALE}")
        if scale is not None and value.dtype == torch.int8 and len(scale) == len(value):
            found[name] = value.float() * scale.reshape(-1, *[1] * (value.ndim - 1))
        elif not (name.endswith(_SCALE) and name.removesuffix(_SCALE) in tensors):
            found[name] = value
    return found


def stored_precision(path: Path) -> str:
    """Precision of the matrices of a safetensors file; fp32 where it cannot be read or has none."""
    try:
        with safe_open(path, framework="pt") as file:
            types = {file.get_slice(key).get_dtype() for key in file.keys()}  # noqa: SIM118
    except (OSError, SafetensorError):
        return "fp32"
    return "int8" if "I8" in types else "fp16" if "F16" in types else "fp32"
