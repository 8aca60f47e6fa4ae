"""Prompts of several parts: `walks 3s; waves 2s`.

Parts are separated by `;` or by the end of a line. A part is a sentence and, at its end, a time in
seconds (`3s`, `2.5 s`, `4 sec`, `1 second`); a number without a unit is taken for a word. Parts
without a time share what a total leaves evenly, or last 3 s each where no total is given.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from itertools import accumulate, pairwise
from typing import TYPE_CHECKING, Final

from datasets_spec.errors import ConfigError
from datasets_spec.schema import CLIP_FPS
from stickgen_model.limits import MAX_LONG_FRAMES, MIN_FRAMES

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = ["MAX_PARTS", "ScriptPart", "parse_script"]

MAX_PARTS: Final = 100
_DEFAULT_SECONDS: Final = 3.0
_SHORTEST: Final = MIN_FRAMES / CLIP_FPS
_LONGEST: Final = MAX_LONG_FRAMES / CLIP_FPS
_UNIT: Final = r"(?:s|secs?|seconds?)"
_TIME: Final = re.compile(rf"(?:^|\s)(\S+)\s+{_UNIT}$|(?:^|\s)(\S*[^\sa-z]){_UNIT}$", re.IGNORECASE)
"""A number with its unit at the end of a part; whether it is a number is seen later."""
_NUMERIC: Final = re.compile(r"[+-]?\.?\d\S*|[+-]?(?:nan|inf|infinity)", re.IGNORECASE)
_NUMBER: Final = re.compile(r"\d{1,6}(?:\.\d{0,6})?|\.\d{1,6}")
_TINY: Final = 1e-6
_SHOWN: Final = 40


@dataclass(frozen=True, kw_only=True, slots=True)
class ScriptPart:
    """What is done for a while.

    Attributes:
        text: The sentence.
        seconds: How long, a whole number of frames.
    """

    text: str
    seconds: float

    @property
    def num_frames(self) -> int:
        """Frames of the part."""
        return round(self.seconds * CLIP_FPS)


def parse_script(text: str, *, seconds: float | None = None) -> tuple[ScriptPart, ...]:
    """Read a prompt of several parts.

    Args:
        text: As above.
        seconds: Length of all parts together; None = what they say.

    Returns:
        The parts in order, begun and ended at whole frames (1/25 s).

    Raises:
        ConfigError: If a part is empty, a time is no number, a part is shorter than 0.4 s, all are
            longer than 120 s together or not as long as `seconds`; all faults are told at once.
    """
    pieces = [piece.strip() for piece in re.split(r"[;\n]", text)]
    while pieces and not pieces[-1]:
        pieces.pop()  # "walks 3s;" ends a part, and begins none
    if not pieces:
        msg = "script: expected parts such as 'walks 3s; waves 2s', got none"
        raise ConfigError(msg)
    if len(pieces) > MAX_PARTS:
        msg = f"script: expected at most {MAX_PARTS} parts, got {len(pieces)}"
        raise ConfigError(msg)
    faults: list[str] = []
    found = [_read_part(number, piece, faults) for number, piece in enumerate(pieces, start=1)]
    _raise(faults)
    times = _filled([time for _, time in found], seconds, faults)
    _raise(faults)
    _check_total(times, seconds)
    # edges are rounded, not times: so the whole is as long as it should be
    edges = [math.floor(edge * CLIP_FPS + 0.5) for edge in accumulate(times, initial=0.0)]
    return tuple(
        ScriptPart(text=words, seconds=(last - first) / CLIP_FPS)
        for (words, _), (first, last) in zip(found, pairwise(edges), strict=True)
    )


def _raise(faults: Iterable[str]) -> None:
    told = "; ".join(faults)
    if told:
        msg = f"script: {told}"
        raise ConfigError(msg)


def _read_part(number: int, piece: str, faults: list[str]) -> tuple[str, float | None]:
    """Words and seconds of a part; what is wrong with it is added to the faults."""
    where = f"part {number} ({_short(piece)})" if piece else f"part {number}"
    match = _TIME.search(piece)
    token = (match.group(1) or match.group(2)) if match else None
    words, time = piece, None
    if match and token and _NUMERIC.fullmatch(token):
        words = piece[: match.start()].strip().rstrip(",:")
        if not _NUMBER.fullmatch(token):
            faults.append(f"{where}: expected seconds such as 3s or 2.5s, got {_short(token)}")
            return words, None
        time = float(token)
        if time < _SHORTEST:
            faults.append(f"{where}: expected at least {_SHORTEST:g} s, got {float(token):g} s")
        elif time > _LONGEST:
            faults.append(f"{where}: expected at most {_LONGEST:g} s, got {float(token):g} s")
    if not words:
        faults.append(f"{where}: expected what is done, got no words")
    return words, time


def _filled(times: list[float | None], seconds: float | None, faults: list[str]) -> list[float]:
    """The times, with those that were not given."""
    open_parts = sum(time is None for time in times)
    if not open_parts or seconds is None:
        return [_DEFAULT_SECONDS if time is None else time for time in times]
    left = seconds - math.fsum(time for time in times if time is not None)
    if left < open_parts * _SHORTEST - _TINY:
        faults.append(
            f"{open_parts} parts without a time: expected at least {_SHORTEST:g} s for each, but "
            f"{max(left, 0.0):g} s of {seconds:g} s are left"
        )
    return [left / open_parts if time is None else time for time in times]


def _check_total(times: list[float], seconds: float | None) -> None:
    total = math.fsum(times)
    if total > _LONGEST + _TINY:
        msg = f"script: expected at most {_LONGEST:g} s together, got {total:g} s"
        raise ConfigError(msg)
    if seconds is not None and abs(total - seconds) > _TINY:
        msg = f"script: expected parts of {seconds:g} s together, got {total:g} s"
        raise ConfigError(msg)


def _short(text: str) -> str:
    return repr(text if len(text) <= _SHOWN else f"{text[:_SHOWN]}...")
