"""Arrays in numpy's npy form from an untrusted stream: sizes are checked before memory is taken."""

from __future__ import annotations

import ast
import math
import re
from dataclasses import dataclass
from typing import IO, TYPE_CHECKING, Any, Final

import numpy as np

from datasets_spec.errors import RejectError
from datasets_spec.rejection import RejectReason

if TYPE_CHECKING:
    from numpy.typing import NDArray

__all__ = ["MAX_ARRAY_BYTES", "NpyHeader", "check_size", "read_npy_header", "read_numbers"]

MAX_ARRAY_BYTES: Final = 2 << 30
"""An hour at 120 fps with 156 float64 columns is 0.54 GB; nothing published comes near 2 GiB."""

_MAGIC: Final = b"\x93NUMPY"
_MAX_HEADER_BYTES: Final = 10_000
"""numpy's own limit for headers that are parsed as Python literals."""
_MAX_DIMENSIONS: Final = 8
_CHUNK_BYTES: Final = 2 << 20
_DESCR: Final = re.compile(r"[<>|=]?[?biufcmMOSUV]\d{0,9}(\[\w{1,8}\])?")
_PYTHON2_LONG: Final = re.compile(r"(\d)L\b")
_BAD_LITERAL: Final = (ValueError, SyntaxError, TypeError, MemoryError, RecursionError)
_SINGLE_IS_EXACT: Final = frozenset({"f2", "f4", "i1", "i2", "u1", "u2", "b1"})


@dataclass(frozen=True, kw_only=True, slots=True)
class NpyHeader:
    """What an array says about itself before its numbers."""

    shape: tuple[int, ...]
    dtype: np.dtype[Any]
    fortran_order: bool

    @property
    def num_items(self) -> int:
        """Product of the shape."""
        return math.prod(self.shape)


def _reject(reason: RejectReason, detail: str) -> RejectError:
    return RejectError(reason, detail)


def _read_exactly(stream: IO[bytes], size: int, *, where: str) -> bytes:
    data = stream.read(size)
    if len(data) != size:
        detail = f"{where}: expected {size} more bytes, got {len(data)}; fetch the file again"
        raise _reject(RejectReason.TRUNCATED, detail)
    return data


def read_npy_header(stream: IO[bytes], *, where: str) -> NpyHeader:
    """Read the header; the stream then stands at the first number.

    Args:
        stream: At the start of the npy bytes.
        where: Name of the array for messages.

    Raises:
        RejectError: empty, truncated, malformed.
    """
    start = stream.read(8)
    if not start:
        raise _reject(RejectReason.EMPTY, f"{where}: expected an npy array, got no bytes")
    if not start.startswith(_MAGIC[: len(start)]):
        detail = f"{where}: expected an npy array, got bytes that start with {start!r}"
        raise _reject(RejectReason.MALFORMED, detail)
    if len(start) < 8:
        raise _reject(RejectReason.TRUNCATED, f"{where}: ends inside the npy header")
    version = start[6]
    if version not in (1, 2, 3):
        detail = f"{where}: expected npy version 1..3, got {version}"
        raise _reject(RejectReason.MALFORMED, detail)
    length_size = 2 if version == 1 else 4
    length = int.from_bytes(_read_exactly(stream, length_size, where=where), "little")
    if length > _MAX_HEADER_BYTES:
        detail = f"{where}: expected a header of at most {_MAX_HEADER_BYTES} bytes, got {length}"
        raise _reject(RejectReason.TOO_LARGE, detail)
    return _parse_header(_read_exactly(stream, length, where=where).decode("latin1"), where=where)


def _parse_header(text: str, *, where: str) -> NpyHeader:
    try:
        # files of Python 2 write sizes as 120L
        fields = ast.literal_eval(_PYTHON2_LONG.sub(r"\1", text.strip()))
        descr, fortran, shape = fields["descr"], fields["fortran_order"], fields["shape"]
    except (*_BAD_LITERAL, KeyError) as error:
        detail = f"{where}: expected an npy header with descr, fortran_order and shape"
        raise _reject(RejectReason.MALFORMED, detail) from error
    ok = isinstance(shape, tuple) and len(shape) <= _MAX_DIMENSIONS and isinstance(fortran, bool)
    if not ok or any(type(size) is not int or size < 0 for size in shape):
        detail = f"{where}: expected a shape of whole numbers >= 0, got {str(shape)[:80]}"
        raise _reject(RejectReason.MALFORMED, detail)
    if not isinstance(descr, str) or not _DESCR.fullmatch(descr):
        detail = f"{where}: expected an array of plain numbers or text, got {str(descr)[:80]}"
        raise _reject(RejectReason.MALFORMED, detail)
    try:
        dtype: np.dtype[Any] = np.dtype(descr)
    except (TypeError, ValueError) as error:
        detail = f"{where}: expected a data type that numpy knows, got {descr!r}"
        raise _reject(RejectReason.MALFORMED, detail) from error
    return NpyHeader(shape=shape, dtype=dtype, fortran_order=fortran)


def check_size(header: NpyHeader, *, where: str, max_bytes: int) -> None:
    """Refuse what is declared larger than `max_bytes`.

    Raises:
        RejectError: too_large.
    """
    size = header.num_items * max(1, header.dtype.itemsize)
    # one huge dimension beside a zero has no bytes, but breaks numpy all the same
    if size > max_bytes or any(extent > max_bytes for extent in header.shape):
        detail = f"{where}: expected at most {max_bytes} bytes, {header.shape} declares {size}"
        raise _reject(RejectReason.TOO_LARGE, detail)


def read_numbers(
    stream: IO[bytes],
    *,
    where: str,
    columns: int | None = None,
    max_bytes: int = MAX_ARRAY_BYTES,
) -> NDArray[np.floating[Any]]:
    """Read an array of real numbers, or only its first columns.

    Args:
        stream: At the start of the npy bytes.
        where: Name of the array for messages.
        columns: Flatten all axes but the first and keep this many columns (fewer if there are
            fewer), so that memory is taken only for them; None keeps the array as it is.
        max_bytes: Largest size that the header may declare.

    Returns:
        Native byte order, C order; float32 where that is exact, else float64.

    Raises:
        RejectError: empty, truncated, malformed, too_large, unsafe (object arrays).
    """
    header = read_npy_header(stream, where=where)
    if header.dtype.hasobject:
        detail = f"{where}: expected plain numbers, got Python objects, which are never unpickled"
        raise _reject(RejectReason.UNSAFE, detail)
    if header.dtype.kind not in "fiub":
        detail = f"{where}: expected real numbers, got {header.dtype}"
        raise _reject(RejectReason.MALFORMED, detail)
    check_size(header, where=where, max_bytes=max_bytes)
    kept = np.float32 if header.dtype.str[1:] in _SINGLE_IS_EXACT else np.float64
    with np.errstate(over="ignore", invalid="ignore"):  # callers judge what is not finite
        if columns is None or header.fortran_order or len(header.shape) < 2:
            whole = _read_whole(stream, header, where=where)
            array: NDArray[np.floating[Any]] = whole.astype(kept, order="C", copy=False)
            return array if columns is None else _first_columns(array, columns)
        return _read_columns(stream, header, columns, kept=kept, where=where)


def _read_whole(stream: IO[bytes], header: NpyHeader, *, where: str) -> NDArray[Any]:
    size = header.num_items * header.dtype.itemsize
    pieces = bytearray()
    while len(pieces) < size:  # grows with what really comes, not with what is declared
        pieces += _read_exactly(stream, min(_CHUNK_BYTES, size - len(pieces)), where=where)
    flat: NDArray[Any] = np.frombuffer(pieces, dtype=header.dtype)
    return flat.reshape(header.shape, order="F" if header.fortran_order else "C")


def _first_columns(array: NDArray[np.floating[Any]], columns: int) -> NDArray[np.floating[Any]]:
    rows = array.shape[0] if array.ndim else 1
    return array.reshape(rows, math.prod(array.shape[1:]))[:, :columns].copy()


def _read_columns(
    stream: IO[bytes], header: NpyHeader, columns: int, *, kept: type[Any], where: str
) -> NDArray[np.floating[Any]]:
    num_rows, width = header.shape[0], math.prod(header.shape[1:])
    row_bytes = width * header.dtype.itemsize
    columns = min(columns, width)
    if not num_rows or not columns:
        return np.zeros((num_rows, columns), dtype=kept)
    rows_a_chunk = max(1, _CHUNK_BYTES // row_bytes)
    parts: list[NDArray[np.floating[Any]]] = []
    for first in range(0, num_rows, rows_a_chunk):
        rows = min(rows_a_chunk, num_rows - first)
        data = _read_exactly(stream, rows * row_bytes, where=where)
        part: NDArray[Any] = np.frombuffer(data, dtype=header.dtype).reshape(rows, width)
        parts.append(part[:, :columns].astype(kept))
    return np.concatenate(parts)
