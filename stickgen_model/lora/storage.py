"""Adapters as state dicts and safetensors files.

Keys are `<path of the layer>.lora_A` and `.lora_B`, without the adapter's name, so that a file can
be loaded under any name.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import torch
from safetensors import SafetensorError, safe_open
from safetensors.torch import save_file

from datasets_spec.errors import StickgenError
from stickgen_model.lora.adapters import (
    add_lora_adapter,
    inject_lora_adapters,
    lora_adapter_names,
    lora_layers,
)
from stickgen_model.lora.layer import AdapterSpec

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from torch import Tensor, nn

__all__ = ["load_lora_file", "load_lora_state_dict", "lora_state_dict", "save_lora_file"]

_FORMAT: Final = "stickgen-lora-1"
_OWN_KEYS: Final = ("format", "adapter", "rank", "alpha", "dropout")


def lora_state_dict(model: nn.Module, *, adapter: str = "default") -> dict[str, Tensor]:
    """The tensors of one adapter, shared with the model.

    Raises:
        ValueError: If there is no such adapter.
    """
    state: dict[str, Tensor] = {}
    for path, layer in lora_layers(model).items():
        if adapter in layer.specs:
            state[f"{path}.lora_A"] = layer.lora_A[adapter].detach()
            state[f"{path}.lora_B"] = layer.lora_B[adapter].detach()
    if not state:
        msg = f"expected an adapter of {lora_adapter_names(model)}, got {adapter!r}"
        raise ValueError(msg)
    return state


def load_lora_state_dict(
    model: nn.Module, state_dict: Mapping[str, Tensor], *, adapter: str = "default"
) -> None:
    """Copy tensors into an adapter that the model has.

    Args:
        model: Changed in place, or not at all.
        state_dict: As of `lora_state_dict`.
        adapter: Name in the model.

    Raises:
        ValueError: If there is no such adapter, or a key is missing, unexpected, or of another
            shape; the text names all of them.
    """
    own = lora_state_dict(model, adapter=adapter)
    shapes = [
        f"{key} {tuple(state_dict[key].shape)} for {tuple(own[key].shape)}"
        for key in own
        if key in state_dict and state_dict[key].shape != own[key].shape
    ]
    faults = {
        "missing": [key for key in own if key not in state_dict],
        "unexpected": [key for key in state_dict if key not in own],
        "of another shape": shapes,
    }
    told = [f"{what}: {', '.join(keys)}" for what, keys in faults.items() if keys]
    if told:
        msg = f"LoRA adapter {adapter!r} does not fit; " + "; ".join(told)
        raise ValueError(msg)
    with torch.no_grad():
        for key, tensor in own.items():
            tensor.copy_(state_dict[key])


def save_lora_file(
    model: nn.Module,
    path: Path,
    *,
    adapter: str = "default",
    metadata: Mapping[str, str] | None = None,
) -> None:
    """Write one adapter as safetensors.

    Args:
        model: Has the adapter.
        path: File.
        adapter: Name.
        metadata: Further facts to keep, for example which base it belongs to.

    Raises:
        ValueError: If there is no such adapter, or a fact has a name that the format uses.
    """
    facts = dict(metadata or {})
    taken = sorted(set(facts) & set(_OWN_KEYS))
    if taken:
        msg = f"expected metadata of other names than {_OWN_KEYS}, got {taken}"
        raise ValueError(msg)
    state = lora_state_dict(model, adapter=adapter)
    spec = next(x.specs[adapter] for x in lora_layers(model).values() if adapter in x.specs)
    own = {
        "format": _FORMAT,
        "adapter": adapter,
        "rank": str(spec.rank),
        "alpha": repr(spec.alpha),
        "dropout": repr(spec.dropout),
    }
    save_file({key: t.contiguous() for key, t in state.items()}, path, metadata={**facts, **own})


def load_lora_file(model: nn.Module, path: Path, *, adapter: str | None = None) -> dict[str, str]:
    """Add the adapter of a file to a model.

    Where it is the first, the model is frozen and the adapter acts with weight 1; else the mix
    stays as it is.

    Args:
        model: Changed in place.
        path: File of `save_lora_file`.
        adapter: Name in the model; None = the name in the file.

    Returns:
        The metadata of the file.

    Raises:
        StickgenError: If the file is no LoRA file.
        ValueError: If it does not fit the model, or the name is taken.
    """
    state, facts = _read(path)
    spec = AdapterSpec(
        name=facts["adapter"] if adapter is None else adapter,
        rank=int(facts["rank"]),
        alpha=float(facts["alpha"]),
        dropout=float(facts["dropout"]),
    )
    targets = list(dict.fromkeys(key.rpartition(".")[0] for key in state))
    _check_fit(model, state, path=path, rank=spec.rank)
    if lora_layers(model):
        add_lora_adapter(model, spec, target_modules=targets, preset="all")
    else:
        inject_lora_adapters(
            model,
            targets,
            rank=spec.rank,
            alpha=spec.alpha,
            dropout=spec.dropout,
            preset="all",
            adapter=spec.name,
        )
    load_lora_state_dict(model, state, adapter=spec.name)
    return facts


def _read(path: Path) -> tuple[dict[str, Tensor], dict[str, str]]:
    try:
        with safe_open(path, framework="pt") as file:
            facts = dict(file.metadata() or {})
            state = {key: file.get_tensor(key) for key in file.keys()}  # noqa: SIM118 (no mapping)
    except (OSError, SafetensorError) as error:
        msg = f"{path}: expected a safetensors file of a LoRA adapter; {error}"
        raise StickgenError(msg) from error
    lacking = [key for key in _OWN_KEYS if key not in facts]
    if lacking or facts["format"] != _FORMAT or not state:
        msg = f"{path}: expected format {_FORMAT}, got {facts.get('format')!r}, lacking {lacking}"
        raise StickgenError(msg)
    return state, facts


def _check_fit(model: nn.Module, state: Mapping[str, Tensor], *, path: Path, rank: int) -> None:
    """Find what does not fit before the model is changed."""
    layers = {name: m for name, m in model.named_modules() if isinstance(m, torch.nn.Linear)}
    faults = []
    for key, tensor in state.items():
        name, _, part = key.rpartition(".")
        layer = layers.get(name)
        if layer is None or part not in {"lora_A", "lora_B"}:
            faults.append(f"{key}: the model has no such layer")
            continue
        want = (rank, layer.in_features) if part == "lora_A" else (layer.out_features, rank)
        if tuple(tensor.shape) != want:
            faults.append(f"{key}: expected {want}, got {tuple(tensor.shape)}")
        other = f"{name}.{'lora_B' if part == 'lora_A' else 'lora_A'}"
        if other not in state:
            faults.append(f"{other}: missing")
    if faults:
        msg = f"{path}: the adapter does not fit this model; " + "; ".join(faults)
        raise ValueError(msg)
