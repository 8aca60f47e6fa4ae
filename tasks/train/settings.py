"""Values of a training that are changed by name, from flags and files."""

from __future__ import annotations

import difflib
from dataclasses import fields, is_dataclass, replace
from typing import TYPE_CHECKING, Any, Final

from datasets_spec.errors import ConfigError
from stickgen_model.training.config import LoraConfig, OptimConfig, TrainConfig

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["change_settings", "parse_setting", "setting_names"]

_PARTS: Final = ("optim", "drop", "augment", "weights", "lora")
_SHORT: Final = {f.name: f"optim.{f.name}" for f in fields(OptimConfig)} | {
    name: f"lora.{name}" for name in ("adapter", "rank", "alpha", "targets")
}
"""Names that need no group before them."""
_JOBS_OWN: Final = ("stage", "variant", "seed", "workers")
"""Said once, by the job."""


def setting_names() -> tuple[str, ...]:
    """All names, those of groups with a point: max_steps, optim.learning_rate, ..."""
    sample = TrainConfig(stage="lora", lora=LoraConfig())
    names = []
    for f in fields(TrainConfig):
        value = getattr(sample, f.name)
        if is_dataclass(value):
            names += [f"{f.name}.{part.name}" for part in fields(value)]
        elif f.name not in _JOBS_OWN:
            names.append(f.name)
    return tuple(names)


def parse_setting(text: str) -> tuple[str, Any]:
    """One `name=value` of the command line; the value is read as YAML.

    Raises:
        ConfigError: If it is written another way.
    """
    import yaml  # noqa: PLC0415 - only the command line needs it

    name, separator, value = text.partition("=")
    try:
        parsed = yaml.safe_load(value)
    except yaml.YAMLError as error:
        msg = f"--set {text}: expected a number, a word or a list after '='"
        raise ConfigError(msg) from error
    if not separator or not name.strip():
        msg = f"--set: expected name=value, got {text!r}"
        raise ConfigError(msg)
    if isinstance(parsed, str):
        parsed = _number(parsed)
    return name.strip().replace("-", "_"), parsed


def _number(text: str) -> float | str:
    # YAML takes 1e-4 for a word
    try:
        return float(text)
    except ValueError:
        return text


def change_settings(config: TrainConfig, settings: Mapping[str, Any]) -> TrainConfig:
    """A training with other values.

    Args:
        config: To start from.
        settings: By name; groups are nested mappings or have a point in the name.

    Raises:
        ConfigError: If a name is unknown, which the text mends, or a value does not fit.
    """
    grouped: dict[str, Any] = {}
    for name, value in _flat(settings).items():
        full = _known(name)
        group, _, part = full.rpartition(".")
        owner = getattr(config, group) if group else config
        if owner is None:
            msg = f"{name}: expected stage {group} for this setting, got stage {config.stage}"
            raise ConfigError(msg)
        checked = _fit(name, value, _type_of(owner, part))
        if group:
            grouped.setdefault(group, {})[part] = checked
        else:
            grouped[part] = checked
    try:
        changed = {
            name: replace(getattr(config, name), **value) if name in _PARTS else value
            for name, value in grouped.items()
        }
        return replace(config, **changed)
    except ConfigError:
        raise
    except (TypeError, ValueError) as error:
        msg = f"settings: {error}"
        raise ConfigError(msg) from error


def _type_of(owner: Any, part: str) -> str:
    return next(str(f.type) for f in fields(owner) if f.name == part)


def _flat(settings: Mapping[str, Any]) -> dict[str, Any]:
    flat: dict[str, Any] = {}
    for name, value in settings.items():
        if name in _PARTS and isinstance(value, dict):
            flat |= {f"{name}.{part}": inner for part, inner in value.items()}
        else:
            flat[name] = value
    return flat


def _known(name: str) -> str:
    names = setting_names()
    full = _SHORT.get(name, name)
    if full in names:
        return full
    if name in _JOBS_OWN:
        msg = f"{name}: expected it as a value of the job (--{name}), not as a setting"
        raise ConfigError(msg)
    near = difflib.get_close_matches(name, [*names, *_SHORT], n=1, cutoff=0.5)
    hint = f"did you mean {near[0]}?" if near else f"there are {', '.join(names)}"
    msg = f"expected a setting of the training, got {name!r}; {hint}"
    raise ConfigError(msg)


def _fit(name: str, value: Any, kind: str) -> Any:
    """The value in the type that the setting has, as the dataclass writes it down."""
    if kind.endswith(" | None") and value is None:
        return None
    kind = kind.removesuffix(" | None")
    fitted = _FITS[kind](value) if kind in _FITS else _fit_words(value)
    if fitted is None:
        msg = f"{name}: expected {_SAID.get(kind, 'a list of words')}, got {value!r}"
        raise ConfigError(msg)
    return fitted


def _fit_words(value: Any) -> tuple[str, ...] | None:
    parts = value.split(",") if isinstance(value, str) else value
    if isinstance(parts, list | tuple) and all(isinstance(part, str) for part in parts):
        return tuple(part.strip() for part in parts if part.strip())
    return None


def _fit_number(value: Any) -> float | None:
    number = isinstance(value, int | float) and not isinstance(value, bool)
    return float(value) if number else None


def _fit_whole(value: Any) -> int | None:
    number = _fit_number(value)
    return int(value) if number is not None and number.is_integer() else None


_FITS: Final = {
    "bool": lambda value: value if isinstance(value, bool) else None,
    "str": lambda value: value if isinstance(value, str) else None,
    "int": _fit_whole,
    "float": _fit_number,
}
_SAID: Final = {
    "bool": "true or false",
    "str": "a word",
    "int": "a whole number",
    "float": "a number",
}
