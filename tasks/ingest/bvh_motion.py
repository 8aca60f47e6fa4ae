"""The numbers after MOTION in a BVH file."""

from __future__ import annotations

import io
import re
from typing import TYPE_CHECKING, Final

import numpy as np
import polars as pl

from datasets_spec.errors import RejectError
from datasets_spec.rejection import RejectReason

if TYPE_CHECKING:
    from numpy.typing import NDArray

__all__ = ["parse_frames", "read_frame_rate"]

MIN_FPS: Final = 5.0
"""Slower than this is no motion, but usually seconds and milliseconds mixed up."""
MAX_FPS: Final = 1000.0
_SNAP: Final = 1e-3
"""Relative distance within which a rate is taken as the round one next to it."""
_NTSC: Final = (24000 / 1001, 30000 / 1001, 60000 / 1001, 120000 / 1001)
_COMMON: Final = (24.0, 25.0, 30.0, 48.0, 50.0, 60.0, 72.0, 90.0, 100.0, 120.0, 144.0, 240.0)
_NOT_A_NUMBER: Final = re.compile(rb"^[+-]?(nan|inf|infinity|\d\.#\w*)$", re.IGNORECASE)


def read_frame_rate(word: str) -> float:
    """Frames per second from the text of `Frame Time:`.

    Within 0.1 percent of a whole or an NTSC rate (60000/1001, ...) the nearest of these is meant;
    a coarsely rounded time such as 0.017 means the common rate that rounds to it.

    Raises:
        RejectError: BAD_FRAME_RATE.
    """
    try:
        seconds = float(word.replace(",", "."))
    except ValueError:
        seconds = float("nan")
    if not (np.isfinite(seconds) and 1.0 / MAX_FPS <= seconds * (1 + _SNAP) <= 1.1 / MIN_FPS):
        detail = (
            f"expected Frame Time in seconds, {1 / MAX_FPS:g}..{1 / MIN_FPS:g}, "
            f"got {word[:40]!r}; correct that line of the file"
        )
        raise RejectError(RejectReason.BAD_FRAME_RATE, detail)
    rate = 1.0 / seconds
    nearest = min((float(max(round(rate), 1)), *_NTSC), key=lambda known: abs(known - rate))
    if abs(nearest - rate) <= _SNAP * nearest:
        return nearest
    decimals = len(word.strip().replace(",", ".").partition(".")[2])
    for known in _COMMON:
        if "e" not in word.lower() and round(1.0 / known, decimals) == seconds:
            return known
    return rate


def parse_frames(
    body: bytes, *, num_columns: int, declared: int
) -> tuple[NDArray[np.float64], tuple[str, ...]]:
    """Read the lines of numbers.

    Args:
        body: Everything after the line with `Frame Time:`.
        num_columns: Values a line must have: the sum of all channels.
        declared: Value of `Frames:`; what lies beyond is left out.

    Returns:
        Values (T, num_columns), float64, all finite, and warnings.

    Raises:
        RejectError: EMPTY, TRUNCATED, MALFORMED or NON_FINITE.
    """
    text = _tidy(body, num_columns)
    lines = text.count(b"\n")
    if declared == 0 or lines == 0:
        detail = f"expected frames of motion, got {lines} lines and Frames: {declared}"
        raise RejectError(RejectReason.EMPTY, detail)
    if lines <= declared:
        _refuse_cut_line(text, num_columns, lines, declared)
    else:
        text = b"\n".join(text.split(b"\n", declared)[:declared]) + b"\n"
    warnings: tuple[str, ...] = ()
    if lines != declared:
        used = min(lines, declared)
        warnings = (f"Frames: says {declared}, the file holds {lines} lines: {used} used",)
    return _read_table(text, num_columns, min(lines, declared)), warnings


def _refuse_cut_line(text: bytes, num_columns: int, lines: int, declared: int) -> None:
    start = text.rfind(b"\n", 0, len(text) - 1) + 1
    got = len(text[start:].split())
    if got < num_columns:
        detail = (
            f"expected {declared} frames, the file ends inside frame {lines - 1} "
            f"({got} of {num_columns} values); copy the file again"
        )
        raise RejectError(RejectReason.TRUNCATED, detail)


def _tidy(body: bytes, num_columns: int) -> bytes:
    """One frame a line, one blank between values, no empty lines, a newline at the end."""
    text = body.replace(b"\r\n", b"\n").replace(b"\r", b"\n")
    text = text.replace(b"\t", b" ").replace(b"\f", b" ").replace(b"\v", b" ")
    if b"," in text:
        text = _without_commas(text, num_columns)
    while b"  " in text:
        text = text.replace(b"  ", b" ")
    text = text.replace(b" \n", b"\n").replace(b"\n ", b"\n")
    while b"\n\n" in text:
        text = text.replace(b"\n\n", b"\n")
    text = text.strip()
    return text + b"\n" if text else b""


def _without_commas(text: bytes, num_columns: int) -> bytes:
    # "1,5 2,5" writes decimals with commas, "1.5, 2.5" and "1,2" separate by them
    first = text.strip().split(b"\n", 1)[0]
    decimal = b"." not in text and len(first.split()) == num_columns and not first.endswith(b",")
    return text.replace(b",", b"." if decimal else b" ")


def _read_table(text: bytes, num_columns: int, num_frames: int) -> NDArray[np.float64]:
    schema = {str(column): pl.Float64 for column in range(num_columns)}
    try:
        table = pl.read_csv(
            io.BytesIO(text),
            has_header=False,
            separator=" ",
            quote_char=None,
            schema=schema,
        )
    except pl.exceptions.PolarsError as error:
        raise _find_fault(text, num_columns, num_frames) from error
    if table.width != num_columns or table.height != num_frames:
        raise _find_fault(text, num_columns, num_frames)
    values = table.to_numpy().astype(np.float64, copy=False)
    if not np.isfinite(values).all():
        raise _find_fault(text, num_columns, num_frames)
    return values


def _find_fault(text: bytes, num_columns: int, num_frames: int) -> RejectError:
    """Say what is wrong with numbers that the fast parser refused; slow, only for bad files."""
    for frame, line in enumerate(text.split(b"\n")[:num_frames]):
        words = line.split()
        if len(words) != num_columns:
            detail = f"frame {frame}: expected {num_columns} values, got {len(words)}"
            return RejectError(RejectReason.MALFORMED, detail)
        for column, word in enumerate(words):
            if _NOT_A_NUMBER.match(word) or _is_infinite(word):
                reason, expected = RejectReason.NON_FINITE, "a finite number"
            elif not _is_number(word):
                reason, expected = RejectReason.MALFORMED, "a number"
            else:
                continue
            shown = word[:40].decode("latin-1")
            detail = f"frame {frame}, column {column}: expected {expected}, got {shown!r}"
            return RejectError(reason, detail)
    return RejectError(RejectReason.MALFORMED, "expected lines of numbers after Frame Time")


def _is_number(word: bytes) -> bool:
    try:
        float(word)
    except ValueError:
        return False
    return b"_" not in word


def _is_infinite(word: bytes) -> bool:
    # 1e999 is a number by its spelling only
    return _is_number(word) and not np.isfinite(float(word))
