"""Several adapters on one model, each with a weight."""

from __future__ import annotations

from typing import TYPE_CHECKING

from datasets_spec.errors import ConfigError
from stickgen_model.lora.adapters import lora_adapter_names, lora_layers, set_lora_mix
from stickgen_model.lora.storage import load_lora_file

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from torch import nn

__all__ = ["load_adapters"]


def load_adapters(model: nn.Module, adapters: Sequence[tuple[Path, float]]) -> None:
    """Add adapters; those that the model has already keep their weights.

    Args:
        model: Changed in place.
        adapters: Files and weights; the same file may come twice.

    Raises:
        ConfigError: If an adapter is of another model.
        StickgenError: If a file is no adapter.
    """
    mix: dict[str, float] = {}
    for layer in lora_layers(model).values():
        mix |= layer.mix
    device = next(model.parameters()).device
    for path, weight in adapters:
        taken = set(lora_adapter_names(model))
        name = next(n for n in _names(path.stem) if n not in taken)
        try:
            load_lora_file(model, path, adapter=name)
        except ValueError as error:
            msg = f"{path}: expected an adapter of this model; {error}"
            raise ConfigError(msg) from error
        mix[name] = weight
    model.to(device).eval()
    set_lora_mix(model, mix)


def _names(stem: str) -> list[str]:
    plain = "".join(c if c.isalnum() else "_" for c in stem) or "adapter"
    return [plain, *(f"{plain}_{number}" for number in range(2, 100))]
