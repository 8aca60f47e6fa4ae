"""Fold adapters into the weights, and take them out again."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from stickgen_model.lora.adapters import lora_layers, replace_module

if TYPE_CHECKING:
    from collections.abc import Mapping

    from torch import nn

    from stickgen_model.lora.layer import LoraLinear

__all__ = ["LoraMerge", "merge_lora_weights", "unmerge_lora_weights"]


@dataclass(frozen=True, slots=True, eq=False)
class LoraMerge:
    """What a merge has put aside: the adapted layers by path."""

    layers: Mapping[str, LoraLinear]


def merge_lora_weights(model: nn.Module) -> LoraMerge:
    """Fold the adapters of the mix into the weights.

    The model is then a plain one: the layers, names and speed of the base, and a state dict that
    fits the base. It answers as before, to float precision.

    Args:
        model: Changed in place.

    Returns:
        What `unmerge_lora_weights` needs; drop it when the merge is to stay.

    Raises:
        ValueError: If there is no adapter.
    """
    layers = lora_layers(model)
    if not layers:
        msg = "expected a model with adapters, got one without, or one that is merged"
        raise ValueError(msg)
    for path, layer in layers.items():
        replace_module(model, path, layer.merged())
    return LoraMerge(layers)


def unmerge_lora_weights(model: nn.Module, merge: LoraMerge) -> None:
    """Undo a merge: the layers of before, to the bit, with all their adapters.

    Args:
        model: As `merge_lora_weights` left it; changed in place.
        merge: What that returned.

    Raises:
        ValueError: If the model has adapters.
    """
    if lora_layers(model):
        msg = "expected a merged model, got one with adapters"
        raise ValueError(msg)
    for path, layer in merge.layers.items():
        replace_module(model, path, layer.train(model.training))
