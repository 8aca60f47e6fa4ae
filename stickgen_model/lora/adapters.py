"""Put adapters into a model, choose which act, take them out."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final

from torch import nn

from stickgen_model.lora.layer import AdapterSpec, LoraLinear

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

__all__ = [
    "DEFAULT_TARGETS",
    "PRESETS",
    "add_lora_adapter",
    "inject_lora_adapters",
    "lora_adapter_names",
    "lora_layers",
    "remove_lora_adapters",
    "replace_module",
    "set_lora_mix",
]

DEFAULT_TARGETS: Final = ("transformer_encoder", "pose_decoder")

PRESETS: Final = ("default", "all")
"""`all`: every Linear of the targets. `default`: without the two input projections of SwiGLU."""

_LEFT_OUT: Final = ("gate_proj", "up_proj")


def inject_lora_adapters(
    model: nn.Module,
    target_modules: Sequence[str] = DEFAULT_TARGETS,
    *,
    rank: int = 8,
    alpha: float = 16.0,
    dropout: float = 0.05,
    preset: str = "default",
    adapter: str = "default",
) -> list[str]:
    """Freeze a model and give it one trainable adapter, which is in the mix with weight 1.

    The output is that of the base, to the bit, until the adapter is trained.

    Args:
        model: Changed in place.
        target_modules: Paths of modules (`pose_decoder`, `transformer_encoder.layers.0`), or last
            names of layers (`q_proj`).
        rank: Rank of the change.
        alpha: The change is scaled by alpha / rank.
        dropout: Share of the adapter's inputs dropped in training.
        preset: One of PRESETS.
        adapter: Name.

    Returns:
        Paths of the adapted layers.

    Raises:
        ValueError: If the model has adapters already, a target matches no layer, or a number is
            out of its range. The model is then as it was.
    """
    if lora_layers(model):
        msg = (
            f"expected a model without adapters, got one with {lora_adapter_names(model)}; "
            "use add_lora_adapter for a further one"
        )
        raise ValueError(msg)
    spec = AdapterSpec(name=adapter, rank=rank, alpha=alpha, dropout=dropout)
    paths = match_targets(model, target_modules, preset=preset)
    for parameter in model.parameters():
        parameter.requires_grad = False
    _attach(model, paths, spec)
    set_lora_mix(model, {adapter: 1.0})
    return paths


def add_lora_adapter(
    model: nn.Module,
    spec: AdapterSpec,
    *,
    target_modules: Sequence[str] = DEFAULT_TARGETS,
    preset: str = "default",
) -> list[str]:
    """Add a further adapter; the mix stays as it is.

    Args:
        model: Has adapters already; changed in place.
        spec: Name and numbers.
        target_modules: As of `inject_lora_adapters`.
        preset: One of PRESETS.

    Returns:
        Paths of the adapted layers.

    Raises:
        ValueError: If the model has no adapters, the name is taken, or a target matches nothing.
    """
    names = lora_adapter_names(model)
    if not names:
        msg = "expected a model with adapters; use inject_lora_adapters for the first"
        raise ValueError(msg)
    if spec.name in names:
        msg = f"expected a new adapter name, got {spec.name!r}; there are {names}"
        raise ValueError(msg)
    paths = match_targets(model, target_modules, preset=preset)
    _attach(model, paths, spec)
    return paths


def set_lora_mix(model: nn.Module, weights: Mapping[str, float]) -> None:
    """Choose the adapters that act, each with a weight; an empty mapping gives the base.

    Raises:
        ValueError: If there is no such adapter, or a weight is not finite.
    """
    names = lora_adapter_names(model)
    unknown = sorted(set(weights) - set(names))
    if unknown:
        msg = f"expected adapters of {names}, got {unknown}"
        raise ValueError(msg)
    endless = {name: weight for name, weight in weights.items() if not math.isfinite(weight)}
    if endless:
        msg = f"expected finite weights, got {endless}"
        raise ValueError(msg)
    for layer in lora_layers(model).values():
        layer.mix = {name: float(w) for name, w in weights.items() if name in layer.specs}


def lora_layers(model: nn.Module) -> dict[str, LoraLinear]:
    """The adapted layers by path."""
    return {path: m for path, m in model.named_modules() if isinstance(m, LoraLinear)}


def lora_adapter_names(model: nn.Module) -> list[str]:
    """Names of all adapters of a model, in the order in which they came."""
    found = (name for layer in lora_layers(model).values() for name in layer.specs)
    return list(dict.fromkeys(found))


def remove_lora_adapters(model: nn.Module) -> None:
    """Take all adapters out: the base again, still frozen."""
    for path, layer in lora_layers(model).items():
        replace_module(model, path, layer.plain())


def match_targets(model: nn.Module, targets: Sequence[str], *, preset: str) -> list[str]:
    """Paths of the linear layers that the targets mean, in the order of the model.

    Raises:
        ValueError: If the preset is unknown, or a target matches no layer; the text names what
            exists.
    """
    if preset not in PRESETS:
        msg = f"expected a preset of {PRESETS}, got {preset!r}"
        raise ValueError(msg)
    linear = [path for path, module in model.named_modules() if isinstance(module, nn.Linear)]
    matched = {target: list(_matches(target, linear)) for target in targets}
    missed = [target for target, paths in matched.items() if not paths]
    if missed or not targets:
        existing = list(dict.fromkeys(path.split(".")[0] for path in linear))
        msg = f"expected targets with linear layers, got {missed}; the model has {existing}"
        raise ValueError(msg)
    wanted = {path for paths in matched.values() for path in paths}
    if preset == "default":
        wanted = {path for path in wanted if path.rpartition(".")[2] not in _LEFT_OUT}
    return [path for path in linear if path in wanted]


def _matches(target: str, paths: Sequence[str]) -> Iterator[str]:
    for path in paths:
        if target in {path, path.rpartition(".")[2]} or path.startswith(f"{target}."):
            yield path


def _attach(model: nn.Module, paths: Sequence[str], spec: AdapterSpec) -> None:
    for path in paths:
        layer = model.get_submodule(path)
        if not isinstance(layer, LoraLinear):
            assert isinstance(layer, nn.Linear)
            layer = LoraLinear(layer)
            replace_module(model, path, layer)
        layer.add(spec)


def replace_module(model: nn.Module, path: str, module: nn.Module) -> None:
    """Put a module at a path."""
    parent, _, name = path.rpartition(".")
    setattr(model.get_submodule(parent), name, module)
