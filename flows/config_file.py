"""Configuration from YAML or JSON, checked as a whole."""

from __future__ import annotations

from pathlib import Path
from typing import Any, TypeVar

import yaml
from pydantic import ConfigDict, ValidationError, create_model

from datasets_spec.errors import ConfigError
from tasks.config import BuildConfig

__all__ = ["check_fields", "load_config_file", "make_config"]

Kind = TypeVar("Kind")


def load_config_file(name: str) -> dict[str, Any]:
    """Read a mapping of fields; JSON is YAML too.

    Raises:
        ConfigError: If the file cannot be read, or is no mapping.
    """
    path = Path(name)
    try:
        fields = yaml.safe_load(path.read_text(encoding="utf-8-sig"))
    except (OSError, UnicodeDecodeError) as error:
        msg = f"{path}: cannot read the configuration: {error}"
        raise ConfigError(msg) from error
    except yaml.YAMLError as error:
        msg = f"{path}: expected YAML or JSON: {error}"
        raise ConfigError(msg) from error
    if not isinstance(fields, dict):
        msg = f"{path}: expected a mapping of settings, got {type(fields).__name__}"
        raise ConfigError(msg)
    sources = fields.get("sources", [])
    if not isinstance(sources, list) or not all(isinstance(entry, dict) for entry in sources):
        msg = f"{path}: sources: expected a list of mappings with name and path, got {sources!r}"
        raise ConfigError(msg)
    return fields


def make_config(fields: dict[str, Any], *, where: str) -> BuildConfig:
    """Check all fields and build the configuration of a build.

    Raises:
        ConfigError: If anything is wrong; the text lists every fault.
    """
    return check_fields(BuildConfig, fields, where=where)


def check_fields(kind: type[Kind], fields: dict[str, Any], *, where: str) -> Kind:
    """Check all fields of a dataclass and build it.

    Raises:
        ConfigError: If anything is wrong; the text lists every fault.
    """
    # a model around it, so that unknown keys are refused at every depth
    model = create_model("Checked", config=(kind, ...), __config__=ConfigDict(extra="forbid"))
    try:
        checked = model(config=fields)
    except ValidationError as error:
        faults = [
            f"{'.'.join(map(str, fault['loc'][1:])) or 'config'}: {fault['msg']}"
            for fault in error.errors(include_url=False)
        ]
        msg = f"{where}: " + "; ".join(faults)
        raise ConfigError(msg) from error
    config: Kind = getattr(checked, "config")  # noqa: B009 - the model is made here
    return config
