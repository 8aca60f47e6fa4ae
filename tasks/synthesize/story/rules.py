"""Rules for the fields of a story: each one reads a value strictly and tells its JSON schema."""

from __future__ import annotations

import functools
import math
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final, Protocol, get_type_hints

from tasks.synthesize.story.text import clean_noun, clean_text, show

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = [
    "MAX_ERRORS",
    "Faults",
    "Flag",
    "Many",
    "Number",
    "Record",
    "Rule",
    "Text",
    "Whole",
    "Word",
]

MAX_ERRORS: Final = 20
"""Faults that are told of one reply; the rest is cut off."""


@dataclass(slots=True)
class Faults:
    """The faults found so far, the first MAX_ERRORS of them."""

    lines: list[str] = field(default_factory=list)

    @property
    def full(self) -> bool:
        """Nothing more is kept."""
        return len(self.lines) >= MAX_ERRORS

    def add(self, path: str, expected: str, came: str = "") -> None:
        """Note a fault: where, what was expected, what came."""
        if not self.full:
            self.lines.append(f"{path}: expected {expected}" + (f", got {came}" if came else ""))


class Rule(Protocol):
    """How one value is read, and how it is told to a language model."""

    def read(self, value: Any, path: str, faults: Faults) -> Any:
        """The value, cleaned; None after a fault, which is noted."""
        ...

    def schema(self, *, bounds: bool) -> dict[str, Any]:
        """JSON schema of the value, without counts and ranges unless `bounds`."""
        ...


@dataclass(frozen=True, slots=True)
class Word:
    """A word of a closed list."""

    words: tuple[str, ...]
    about: str = ""

    def read(self, value: Any, path: str, faults: Faults) -> str | None:
        """See Rule."""
        if isinstance(value, str) and value in self.words:
            return value
        faults.add(path, f"one of {', '.join(self.words)}", show(value))
        return None

    def schema(self, *, bounds: bool) -> dict[str, Any]:
        """See Rule."""
        del bounds
        return _about({"type": "string", "enum": list(self.words)}, self.about)


@dataclass(frozen=True, slots=True)
class Text:
    """Free text, cleaned; `noun`: a noun of few words."""

    most: int
    about: str = ""
    least: int = 1
    noun: bool = False

    def read(self, value: Any, path: str, faults: Faults) -> str | None:
        """See Rule."""
        if not isinstance(value, str):
            faults.add(path, "a string", show(value))
            return None
        clean = clean_noun if self.noun and (value.strip() or self.least) else clean_text
        try:
            text = clean(value, most=self.most)
        except ValueError as error:
            faults.add(path, str(error))
            return None
        if len(text) < self.least:
            faults.add(path, f"at least {self.least} characters", show(text))
            return None
        return text

    def schema(self, *, bounds: bool) -> dict[str, Any]:
        """See Rule."""
        found: dict[str, Any] = {"type": "string"}
        if bounds:
            found |= {"minLength": self.least, "maxLength": self.most}
        return _about(found, self.about)


@dataclass(frozen=True, slots=True)
class Number:
    """A finite number in a range."""

    least: float
    most: float
    about: str = ""

    def read(self, value: Any, path: str, faults: Faults) -> float | None:
        """See Rule."""
        real = isinstance(value, int | float) and not isinstance(value, bool)
        if real and self.least <= value <= self.most and math.isfinite(value):
            return float(value)
        faults.add(path, f"a number from {self.least:g} to {self.most:g}", show(value))
        return None

    def schema(self, *, bounds: bool) -> dict[str, Any]:
        """See Rule."""
        found: dict[str, Any] = {"type": "number"}
        if bounds:
            found |= {"minimum": self.least, "maximum": self.most}
        return _about(found, self.about)


@dataclass(frozen=True, slots=True)
class Whole:
    """A whole number in a range."""

    least: int
    most: int
    about: str = ""

    def read(self, value: Any, path: str, faults: Faults) -> int | None:
        """See Rule."""
        if type(value) is int and self.least <= value <= self.most:
            return value
        faults.add(path, f"a whole number from {self.least} to {self.most}", show(value))
        return None

    def schema(self, *, bounds: bool) -> dict[str, Any]:
        """See Rule."""
        found: dict[str, Any] = {"type": "integer"}
        if bounds:
            found |= {"minimum": self.least, "maximum": self.most}
        return _about(found, self.about)


@dataclass(frozen=True, slots=True)
class Flag:
    """True or false."""

    about: str = ""

    def read(self, value: Any, path: str, faults: Faults) -> bool | None:
        """See Rule."""
        if isinstance(value, bool):
            return value
        faults.add(path, "true or false", show(value))
        return None

    def schema(self, *, bounds: bool) -> dict[str, Any]:
        """See Rule."""
        del bounds
        return _about({"type": "boolean"}, self.about)


@dataclass(frozen=True, slots=True)
class Record:
    """An object whose properties are the fields of a dataclass, all of them required.

    Every field is annotated with its rule: `title: Annotated[str, Text(80)]`.
    """

    kind: Callable[..., Any]

    def read(self, value: Any, path: str, faults: Faults) -> Any:
        """See Rule."""
        if not isinstance(value, dict):
            faults.add(path, "an object", show(value))
            return None
        rules = _rules(self.kind)
        before = len(faults.lines)
        for name in [name for name in value if name not in rules][:MAX_ERRORS]:
            faults.add(path, f"no property but {', '.join(rules)}", show(name))
        found: dict[str, Any] = {}
        for name, rule in rules.items():
            if faults.full:
                return None
            if name in value:
                found[name] = rule.read(value[name], f"{path}.{name}", faults)
            else:
                faults.add(f"{path}.{name}", "this property", "nothing")
        return self.kind(**found) if len(faults.lines) == before else None

    def schema(self, *, bounds: bool) -> dict[str, Any]:
        """See Rule."""
        rules = _rules(self.kind)
        return {
            "type": "object",
            "properties": {name: rule.schema(bounds=bounds) for name, rule in rules.items()},
            "required": list(rules),
            "additionalProperties": False,
        }


@dataclass(frozen=True, slots=True)
class Many:
    """A list of values of one rule; it becomes a tuple."""

    rule: Rule
    least: int
    most: int
    about: str = ""

    def read(self, value: Any, path: str, faults: Faults) -> tuple[Any, ...] | None:
        """See Rule."""
        if not isinstance(value, list):
            faults.add(path, "a list", show(value))
            return None
        before = len(faults.lines)
        if not self.least <= len(value) <= self.most:
            faults.add(path, f"{self.least} to {self.most} entries", str(len(value)))
        found = []
        for number, entry in enumerate(value[: self.most]):
            if faults.full:
                return None
            found.append(self.rule.read(entry, f"{path}[{number}]", faults))
        return tuple(found) if len(faults.lines) == before else None

    def schema(self, *, bounds: bool) -> dict[str, Any]:
        """See Rule."""
        found: dict[str, Any] = {"type": "array", "items": self.rule.schema(bounds=bounds)}
        if bounds:
            found |= {"minItems": self.least, "maxItems": self.most}
        return _about(found, self.about)


def _about(schema: dict[str, Any], about: str) -> dict[str, Any]:
    return schema | {"description": about} if about else schema


@functools.cache
def _rules(kind: Callable[..., Any]) -> dict[str, Rule]:
    """Rules of the fields of a dataclass by name, in their order."""
    hints = get_type_hints(kind, include_extras=True)
    return {name: hint.__metadata__[0] for name, hint in hints.items()}
