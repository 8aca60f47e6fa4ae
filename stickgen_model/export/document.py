"""Values of a JSON document, each with its place, so that a fault of a file can be named."""

from __future__ import annotations

import json
import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, NoReturn

from datasets_spec.errors import StickgenError

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator
    from pathlib import Path

__all__ = [
    "MAX_FILE_BYTES",
    "MAX_TEXT",
    "FormatError",
    "Node",
    "document_text",
    "load_document",
    "parse_document",
    "read_bounded",
]

MAX_FILE_BYTES: Final = 64 << 20
"""Largest file of a scene that is read or written; ten minutes of two people take about 3 MB."""
MAX_TEXT: Final = 1_000_000
"""Characters of one text."""
_SHOWN: Final = 60


class FormatError(StickgenError):
    """A file that is not what its name says."""


@dataclass(frozen=True, slots=True)
class Node:
    """A value and where it is, e.g. `clip.motion: actors[0].x`."""

    value: Any
    path: str
    place: str = ""

    def fail(self, expected: str) -> NoReturn:
        """Refuse the value.

        Raises:
            FormatError: Always.
        """
        shown = _shown(self.value)
        where = f"{self.path}: {self.place}: " if self.place else f"{self.path}: "
        msg = f"{where}expected {expected}, got {shown}"
        raise FormatError(msg)

    def mapping(self, needed: Collection[str], optional: Collection[str] = ()) -> dict[str, Node]:
        """The fields of an object; all the needed ones, and no unknown ones."""
        if not isinstance(self.value, dict):
            self.fail("an object")
        nodes = {name: self._at(f".{name}", value) for name, value in self.value.items()}
        absent = [name for name in needed if name not in nodes]
        known = {*needed, *optional}
        unknown = [name for name in nodes if name not in known]
        if absent or unknown:
            told = [f"the field {name!r}" for name in absent]
            told += [f"no field {name!r}" for name in unknown]
            self.fail(" and ".join(told[:4]))
        return nodes

    def items(self, *, least: int = 0, most: int) -> list[Node]:
        """The elements of an array."""
        if not isinstance(self.value, list) or not least <= len(self.value) <= most:
            self.fail(f"an array of {least}..{most} elements")
        return [self._at(f"[{i}]", value) for i, value in enumerate(self.value)]

    def entries(self, *, most: int) -> Iterator[tuple[str, Node]]:
        """Names and values of an object of free names."""
        if not isinstance(self.value, dict) or len(self.value) > most:
            self.fail(f"an object of at most {most} fields")
        for name, value in self.value.items():
            yield name, self._at(f".{name[:_SHOWN]}", value)

    def text(self) -> str:
        """A string of at most `MAX_TEXT` characters."""
        if not isinstance(self.value, str) or len(self.value) > MAX_TEXT:
            self.fail(f"a text of at most {MAX_TEXT} characters")
        return self.value

    def word(self, words: Collection[str]) -> str:
        """One of a closed set of words."""
        if not isinstance(self.value, str) or self.value not in words:
            self.fail(f"one of {', '.join(words)}")
        return self.value

    def whole(self, low: int, high: int) -> int:
        """An integer within bounds, both included."""
        if type(self.value) is not int or not low <= self.value <= high:
            self.fail(f"a whole number {low}..{high}")
        return int(self.value)

    def number(self, low: float, high: float) -> float:
        """A number within bounds, both included."""
        if type(self.value) not in {int, float} or not low <= self.value <= high:
            self.fail(f"a number {low:g}..{high:g}")
        return float(self.value)

    def plain(self) -> str | int | float:
        """A text, a number or a truth value."""
        if isinstance(self.value, str):
            return self.text()
        if isinstance(self.value, bool | int):
            return self.value
        if isinstance(self.value, float) and math.isfinite(self.value):
            return self.value
        return self.fail("a text, a finite number, true or false")

    def _at(self, step: str, value: Any) -> Node:
        return Node(value, self.path, (self.place + step).removeprefix("."))


def _shown(value: Any) -> str:
    if isinstance(value, dict):
        names = ", ".join(repr(name)[:_SHOWN] for name in list(value)[:8])
        return f"an object of {{{names}}}" if value else "an empty object"
    if isinstance(value, list):
        return f"an array of {len(value)} elements"
    if isinstance(value, bool) or value is None:
        return json.dumps(value)
    if isinstance(value, int) and abs(value) >> 200:
        return "a whole number of more than 60 digits"
    # a long text is cut before it is quoted: only its beginning is shown
    shown = repr(value[: _SHOWN + 1] if isinstance(value, str) else value)
    return shown if len(shown) <= _SHOWN else shown[:_SHOWN] + "..."


def read_bounded(path: Path) -> bytes:
    """The bytes of a file of a bearable size.

    Raises:
        FormatError: If it cannot be read or is larger than `MAX_FILE_BYTES`.
    """
    try:
        with path.open("rb") as stream:
            data = stream.read(MAX_FILE_BYTES + 1)
    except OSError as error:
        msg = f"{path}: cannot be read: {error.strerror or type(error).__name__}"
        raise FormatError(msg) from error
    if len(data) > MAX_FILE_BYTES:
        msg = f"{path}: expected at most {MAX_FILE_BYTES >> 20} MiB, got more"
        raise FormatError(msg)
    return data


def load_document(path: Path) -> Node:
    """Read a JSON file.

    Raises:
        FormatError: If it cannot be read, is too large or is no JSON (NaN and doubled names are
            none either).
    """
    return parse_document(read_bounded(path), str(path))


def parse_document(data: bytes | str, path: str) -> Node:
    """Parse JSON that came from `path`.

    Raises:
        FormatError: If it is no JSON.
    """
    try:
        value = json.loads(data, parse_constant=_no_constant, object_pairs_hook=_unique)
    except (ValueError, RecursionError) as error:
        why = "too deeply nested" if isinstance(error, RecursionError) else str(error)
        msg = f"{path}: expected JSON, got something else or only a part: {why}"
        raise FormatError(msg) from error
    return Node(value, path)


def _no_constant(word: str) -> NoReturn:
    msg = f"{word} is no JSON number"
    raise ValueError(msg)


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        msg = "a field is given twice in one object"
        raise ValueError(msg)
    return found


def document_text(value: Any) -> str:
    """JSON as ASCII without blanks; the same value gives the same text.

    Raises:
        FormatError: If a value cannot be told in JSON (NaN, a type of its own).
    """
    try:
        return json.dumps(value, allow_nan=False, separators=(",", ":"))
    except (TypeError, ValueError) as error:
        msg = f"expected plain, finite values in title, captions and facts: {error}"
        raise FormatError(msg) from error
