"""The text layer of a `.skeleton` file: bytes to a table of lines, with encoding checks."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from datasets_spec.errors import RejectError
from datasets_spec.rejection import RejectReason

if TYPE_CHECKING:
    from numpy.typing import NDArray

__all__ = ["MAX_FILE_BYTES", "LineTable", "line_table"]

MAX_FILE_BYTES: Final = 64 * 2**20
"""About 200 times a two-body recording of 100 frames (0.6 MB); the longest have 300 frames."""

_PLAIN: Final = b"0123456789+-.eE \n\r"
_BLOCK: Final = 1 << 16
"""Bytes looked at together: small enough for the processor's cache."""
_FIRST_SIGN: Final = ord("+")
"""Of the plain bytes only the space and the line ends lie below it ..."""
_LAST_DIGIT: Final = ord("9")
"""... and only the letters above."""
_BLANKS: Final = b"\t\v\f"
_BLANK_BYTES: Final = (b"\t", b"\v", b"\f")
_BOMS: Final = (b"\xff\xfe", b"\xfe\xff")
_UTF8_BOM: Final = b"\xef\xbb\xbf"
_NON_FINITE: Final = re.compile(
    rb"(?<!\S)[+-]?(?:nan(?:\([a-z]*\))?|inf(?:inity)?|1\.#(?:ind|qnan|snan|inf)\d*)(?!\S)",
    re.IGNORECASE,
)
"""Spellings of C and .NET run times for a number that is not finite."""
_ALIEN: Final = re.compile(rb"\S*[^0-9+\-.eE\s]\S*")


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class LineTable:
    """Lines of single-spaced tokens; every line has at least one."""

    data: bytes
    starts: NDArray[np.int32]
    """Byte index of the first character of each line, shape (L,)."""
    ends: NDArray[np.int32]
    """Byte index after the last character of each line (line ends excluded), shape (L,)."""
    spaces: NDArray[np.int32]
    """Byte index of every space, no two side by side, none at an edge of a line."""

    def text(self, line: int) -> bytes:
        """One line without its end."""
        return self.data[self.starts.item(line) : self.ends.item(line)]

    def num_spaces(self) -> NDArray[np.int64]:
        """Tokens - 1 of each line, shape (L,)."""
        return np.diff(np.searchsorted(self.spaces, self.starts), append=self.spaces.size)


def line_table(data: bytes) -> LineTable:
    """Find the lines of a file of numbers.

    Args:
        data: The file. Line ends may be LF, CRLF or CR; blanks may repeat; a UTF-8 mark may lead.

    Returns:
        The lines, blank ones left out; non-finite spellings are all written `nan`.

    Raises:
        RejectError: EMPTY, WRONG_ENCODING, TOO_LARGE, or MALFORMED for a word that is no number.
    """
    if len(data) > MAX_FILE_BYTES:
        msg = f"expected at most {MAX_FILE_BYTES} bytes, got {len(data)}"
        raise RejectError(RejectReason.TOO_LARGE, msg)
    data = data.removeprefix(_UTF8_BOM)
    if not data or data.isspace():
        raise RejectError(RejectReason.EMPTY, "expected a frame count, got no text")
    table = _index(data)
    if table is not None and _is_plain(table):
        return table
    data = _checked(data)
    table = _index(data) or _index(_normalised(data))
    if table is None:
        raise RejectError(RejectReason.MALFORMED, "expected lines of numbers, found none")
    return table


def _is_plain(table: LineTable) -> bool:
    """Whether there are only digits, signs, points, exponents and the blanks of the table.

    Counts instead of a look at each byte: the same answer in a fifth of the time.
    """
    data = table.data
    chars = np.frombuffer(data, np.uint8)
    num_line_ends = table.starts.size * (1 + (data[table.ends.item(0)] == ord("\r")))
    if _count_below(chars, _FIRST_SIGN) != num_line_ends + table.spaces.size:
        return False
    if b"," in data or b"/" in data:  # the two between the sign and the digits
        return False
    if chars.max() <= _LAST_DIGIT:
        return True
    num_letters = int(np.count_nonzero(chars > _LAST_DIGIT))
    return num_letters == data.count(b"e") + data.count(b"E")


def _checked(data: bytes) -> bytes:
    """The text, if it holds only numbers and blanks; non-finite ones are all written `nan`."""
    rest = data.translate(None, _PLAIN + _BLANKS)
    if not rest:
        return data
    if data.startswith(_BOMS) or b"\0" in rest or not rest.isascii():
        msg = "expected ASCII text, got other bytes (UTF-16 or a binary file?)"
        raise RejectError(RejectReason.WRONG_ENCODING, msg)
    data, num_odd = _NON_FINITE.subn(b"nan", data)
    if data.translate(None, _PLAIN + _BLANKS) != b"nan" * num_odd:
        found = next((m[0] for m in _ALIEN.finditer(data) if m[0] != b"nan"), rest)
        msg = f"expected only numbers, got {found[:40].decode('ascii')!r}"
        raise RejectError(RejectReason.MALFORMED, msg)
    return data


def _normalised(data: bytes) -> bytes:
    lines = (b" ".join(line.split()) for line in data.splitlines())
    return b"\n".join([line for line in lines if line]) + b"\n"


def _index(data: bytes) -> LineTable | None:
    """Lines of a text; None where blanks or line ends are irregular."""
    if not data.endswith(b"\n"):
        data += b"\n"
    chars = np.frombuffer(data, np.uint8)
    ends = _places(chars, b"\n")
    starts = np.empty_like(ends)
    starts[0] = 0
    starts[1:] = ends[:-1] + 1
    if b"\r" in data:
        ends -= 1
        if _count_below(chars, ord("\r") + 1) != 2 * ends.size or np.any(chars[ends] != ord("\r")):
            return None
    if np.any(ends <= starts) or any(blank in data for blank in _BLANK_BYTES):
        return None
    if np.any(chars[starts] == ord(" ")) or np.any(chars[ends - 1] == ord(" ")):
        return None
    spaces = _places(chars, b" ")
    if np.any(spaces[1:] - spaces[:-1] == 1):
        return None
    return LineTable(data=data, starts=starts, ends=ends, spaces=spaces)


def _count_below(chars: NDArray[np.uint8], byte: int) -> int:
    starts = range(0, chars.size, _BLOCK)
    return sum(int(np.count_nonzero(chars[start : start + _BLOCK] < byte)) for start in starts)


def _places(chars: NDArray[np.uint8], byte: bytes) -> NDArray[np.int32]:
    """Where a byte occurs. By blocks: fresh memory for all costs more than the comparison."""
    wanted = ord(byte)
    parts = [
        (np.flatnonzero(chars[start : start + _BLOCK] == wanted) + start).astype(np.int32)
        for start in range(0, chars.size, _BLOCK)
    ]
    return np.concatenate(parts)
