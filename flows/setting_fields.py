"""Settings by name, from flags (words) or from a JSON file (values), checked all at once."""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, Final

from datasets_spec.errors import ConfigError
from stickgen_model.near_words import unknown_word

__all__ = [
    "Reader",
    "as_flag",
    "as_number",
    "as_text",
    "as_texts",
    "as_word",
    "check_settings",
    "read_settings_file",
]

Reader = Callable[[Any], Any]
"""Value as given to value as used; raises ValueError with the words after the name."""

_LARGEST_FILE: Final = 1_000_000
_SHOWN: Final = 40


def _shown(value: object) -> str:
    text = repr(value)
    return text if len(text) <= _SHOWN else f"{text[:_SHOWN]}..."


def as_number(low: float, high: float, *, whole: bool = False) -> Reader:
    """A number within bounds."""
    kind = "a whole number" if whole else "a number"
    wanted = f"expected {kind} {low:g}..{high:g}"
    if whole:
        wanted = f"expected {kind} {int(low)}..{int(high)}"

    def read(value: Any) -> float | int:
        try:
            if isinstance(value, bool) or not isinstance(value, int | float | str):
                raise TypeError
            number = _whole(value) if whole else float(value)
        except (ValueError, TypeError, OverflowError):
            msg = f"{wanted}, got {_shown(value)}"
            raise ValueError(msg) from None
        if not (math.isfinite(number) and low <= number <= high):
            msg = f"{wanted}, got {_shown(value)}"
            raise ValueError(msg)
        return number

    return read


def _whole(value: float | str) -> int:
    if isinstance(value, float) and not value.is_integer():
        raise ValueError
    return int(value)


def as_flag(value: Any) -> bool:
    """True or false."""
    if not isinstance(value, bool):
        msg = f"expected true or false, got {_shown(value)}"
        raise ValueError(msg)
    return value


def as_text(value: Any) -> str:
    """A text that is not empty."""
    if not isinstance(value, str) or not value.strip():
        msg = f"expected a text, got {_shown(value)}"
        raise ValueError(msg)
    return value


def as_texts(value: Any) -> list[str]:
    """A text, or a list of texts."""
    found = [value] if isinstance(value, str) else value
    if not isinstance(found, list) or not all(isinstance(text, str) for text in found):
        msg = f"expected a text or a list of texts, got {_shown(value)}"
        raise ValueError(msg)
    return found


def as_word(known: Mapping[str, Any] | tuple[str, ...]) -> Reader:
    """One of some words."""

    def read(value: Any) -> str:
        if isinstance(value, str) and value in known:
            return value
        text = unknown_word("", value if isinstance(value, str) else repr(value), known)
        raise ValueError(text.removeprefix(": "))

    return read


def check_settings(
    given: Mapping[str, Any], readers: Mapping[str, Reader], *, where: str
) -> dict[str, Any]:
    """Values as they are used.

    Args:
        given: Values by name; None = not given.
        readers: Every name there is.
        where: What to call the place in errors: "" for flags, else a file.

    Raises:
        ConfigError: With all faults.
    """
    prefix = f"{where}: " if where else "--"
    faults, found = [], {}
    for name, value in given.items():
        shown = name if where else name.replace("_", "-")
        if name not in readers:
            faults.append(unknown_word(f"{prefix}setting", name, readers))
        elif value is not None:
            try:
                found[name] = readers[name](value)
            except ValueError as error:
                faults.append(f"{prefix}{shown}: {error}")
    if faults:
        raise ConfigError("; ".join(faults))
    return found


def read_settings_file(name: str) -> dict[str, Any]:
    """The JSON object of a file of settings.

    Raises:
        ConfigError: If it cannot be read, is longer than a megabyte, or is no JSON object.
    """
    path = Path(name).expanduser()
    try:
        with path.open("rb") as file:
            data = file.read(_LARGEST_FILE + 1)
    except (OSError, ValueError) as error:
        msg = f"--from {name}: cannot be read: {getattr(error, 'strerror', None) or error}"
        raise ConfigError(msg) from error
    if len(data) > _LARGEST_FILE:
        msg = f"--from {name}: expected settings of at most a megabyte, got more"
        raise ConfigError(msg)
    try:
        values = json.loads(data.decode("utf-8-sig"))
    except (ValueError, RecursionError) as error:
        msg = f'--from {name}: expected JSON such as {{"prompt": "a man waves"}}; {error}'
        raise ConfigError(msg) from error
    if not isinstance(values, dict):
        msg = f"--from {name}: expected a JSON object of settings, got {type(values).__name__}"
        raise ConfigError(msg)
    return values
