"""Safe reading of npz and npy files: no pickles, no zip bombs, every fault a reject."""

from __future__ import annotations

import lzma
import struct
import zipfile
import zlib
from contextlib import contextmanager
from typing import IO, TYPE_CHECKING, Any, Final

import numpy as np

from datasets_spec.errors import RejectError
from datasets_spec.rejection import RejectReason
from tasks.ingest.npy_stream import MAX_ARRAY_BYTES, check_size, read_npy_header, read_numbers

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from numpy.typing import NDArray

__all__ = ["NpzFile", "open_npz", "read_npy_file"]

_MAX_FILE_BYTES: Final = 8 << 30
_MAX_MEMBERS: Final = 10_000
_MAX_TEXT_BYTES: Final = 1 << 16
_SUFFIX: Final = ".npy"
_LOCAL_HEADER: Final = b"PK\x03\x04"
_ENCRYPTED: Final = 0x1
_BAD_MEMBER: Final = (
    zipfile.BadZipFile,
    zlib.error,
    lzma.LZMAError,
    struct.error,
    ValueError,
    KeyError,
    IndexError,
    RuntimeError,  # encrypted; NotImplementedError (unknown compression) is one as well
    OverflowError,
)


class NpzFile:
    """An open npz file: arrays by name, each read on request.

    Args:
        archive: The open zip.
        where: Path of the file for messages.
    """

    def __init__(self, archive: zipfile.ZipFile, *, where: str) -> None:
        self._archive = archive
        self._where = where
        self._members = {
            info.filename.removesuffix(_SUFFIX): info
            for info in archive.infolist()
            if info.filename.endswith(_SUFFIX)
        }

    @property
    def keys(self) -> tuple[str, ...]:
        """Names of all arrays, sorted."""
        return tuple(sorted(self._members))

    def __contains__(self, key: str) -> bool:
        return key in self._members

    def shape(self, key: str) -> tuple[int, ...]:
        """Declared shape of an array, without reading its numbers."""
        with self._open(key) as stream:
            return read_npy_header(stream, where=self._name(key)).shape

    def numbers(
        self, key: str, *, columns: int | None = None, max_bytes: int = MAX_ARRAY_BYTES
    ) -> NDArray[np.floating[Any]]:
        """An array of real numbers; see `npy_stream.read_numbers`.

        Raises:
            RejectError: missing_field, unsafe, truncated, malformed, too_large.
        """
        with self._open(key) as stream:
            return read_numbers(stream, where=self._name(key), columns=columns, max_bytes=max_bytes)

    def text(self, key: str) -> str | None:
        """First word of a text array (str or bytes), stripped; None if it is no text.

        Raises:
            RejectError: truncated, malformed, too_large.
        """
        with self._open(key) as stream:
            header = read_npy_header(stream, where=self._name(key))
            check_size(header, where=self._name(key), max_bytes=_MAX_TEXT_BYTES)
            size = header.dtype.itemsize
            if header.dtype.kind not in "SU" or not header.num_items or not size:
                return None
            data = stream.read(size)
        if len(data) != size:
            detail = f"{self._name(key)}: expected {size} bytes of text, got {len(data)}"
            raise RejectError(RejectReason.TRUNCATED, detail)
        if header.dtype.kind == "S":
            return data.rstrip(b"\0").decode("utf-8", errors="replace").strip()
        # by hand: numpy trusts code points that Python's own decoder refuses
        encoding = "utf-32-be" if header.dtype.byteorder == ">" else "utf-32-le"
        return data.decode(encoding, errors="replace").rstrip("\0").strip()

    def _name(self, key: str) -> str:
        return f"{self._where}: array {key[:60]!r}"

    @contextmanager
    def _open(self, key: str) -> Iterator[IO[bytes]]:
        info = self._members.get(key)
        if info is None:
            detail = f"{self._name(key)} expected, found only {', '.join(self.keys)[:200]}"
            raise RejectError(RejectReason.MISSING_FIELD, detail)
        if info.flag_bits & _ENCRYPTED:
            detail = f"{self._name(key)} is encrypted; unpack it with its password"
            raise RejectError(RejectReason.MALFORMED, detail)
        try:
            with self._archive.open(info) as stream:
                yield stream
        except EOFError as error:
            detail = f"{self._name(key)} ends early; fetch the file again"
            raise RejectError(RejectReason.TRUNCATED, detail) from error
        except _BAD_MEMBER as error:
            detail = f"{self._name(key)} cannot be unpacked ({error}); fetch the file again"
            raise RejectError(RejectReason.MALFORMED, detail) from error
        except MemoryError as error:
            detail = f"{self._name(key)} does not fit into memory"
            raise RejectError(RejectReason.TOO_LARGE, detail) from error


@contextmanager
def _open_binary(path: Path, *, where: str) -> Iterator[IO[bytes]]:
    try:
        size = path.stat().st_size
        file = path.open("rb")
    except OSError as error:
        detail = f"{where}: cannot be opened ({error.strerror or error}); check its rights"
        raise RejectError(RejectReason.UNREADABLE, detail) from error
    with file:
        if not size:
            raise RejectError(RejectReason.EMPTY, f"{where}: the file has no bytes")
        if size > _MAX_FILE_BYTES:
            detail = f"{where}: expected at most {_MAX_FILE_BYTES} bytes, got {size}"
            raise RejectError(RejectReason.TOO_LARGE, detail)
        try:
            yield file
        except OSError as error:
            detail = f"{where}: cannot be read ({error.strerror or error})"
            raise RejectError(RejectReason.UNREADABLE, detail) from error


def _open_zip(file: IO[bytes], *, where: str) -> zipfile.ZipFile:
    start = file.read(len(_LOCAL_HEADER))
    file.seek(0)
    try:
        archive = zipfile.ZipFile(file)
    except _BAD_MEMBER as error:
        if start == _LOCAL_HEADER:
            detail = f"{where}: the zip has no readable directory at its end; fetch it again"
            raise RejectError(RejectReason.TRUNCATED, detail) from error
        detail = f"{where}: expected an npz (zip) file, got bytes that start with {start!r}"
        raise RejectError(RejectReason.MALFORMED, detail) from error
    if len(archive.infolist()) > _MAX_MEMBERS:
        archive.close()
        detail = f"{where}: expected at most {_MAX_MEMBERS} arrays"
        raise RejectError(RejectReason.TOO_LARGE, detail)
    return archive


@contextmanager
def open_npz(path: Path, *, where: str) -> Iterator[NpzFile]:
    """Open an npz file for reading.

    Args:
        path: The file.
        where: What to call it in messages (the path inside the source).

    Raises:
        RejectError: unreadable, empty, truncated, malformed, too_large.
    """
    with _open_binary(path, where=where) as file, _open_zip(file, where=where) as archive:
        yield NpzFile(archive, where=where)


def read_npy_file(
    path: Path, *, where: str, columns: int | None = None, max_bytes: int = MAX_ARRAY_BYTES
) -> tuple[NDArray[np.floating[Any]], tuple[int, ...]]:
    """Read an npy file of real numbers.

    Args:
        path: The file.
        where: What to call it in messages.
        columns: As in `npy_stream.read_numbers`.
        max_bytes: Largest declared size.

    Returns:
        The array, and the shape that the file declares.

    Raises:
        RejectError: unreadable, empty, truncated, malformed, too_large, unsafe.
    """
    with _open_binary(path, where=where) as file:
        shape = read_npy_header(file, where=where).shape
        file.seek(0)
        return read_numbers(file, where=where, columns=columns, max_bytes=max_bytes), shape
