"""Where a muxer writes to, with faults kept until they can be raised."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path
    from types import TracebackType

__all__ = ["Sink"]


class Sink:
    """A file that never fails while a muxer writes: the first fault is kept, the rest is dropped.

    PyAV cannot raise out of a muxer: it prints what fails after a first fault, and a file that it
    opened itself stays open where the header cannot be written.

    Attributes:
        fault: What went wrong first, or None.
    """

    def __init__(self, path: Path) -> None:
        """A new file, unbuffered: muxers bring a buffer of their own."""
        self._path = path
        self._file = path.open("wb", buffering=0)
        self._place = self._end = 0
        self.fault: OSError | None = None

    def __enter__(self) -> Sink:
        """The open file."""
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Close."""
        self._file.close()

    def write(self, data: bytes) -> int:
        """Write all of some bytes."""
        rest = memoryview(data)
        while rest and self.fault is None:
            try:
                rest = rest[self._file.write(rest) :]
            except OSError as error:
                self.fault = error
        self._place += len(data)
        self._end = max(self._end, self._place)
        return len(data)

    def seek(self, offset: int, whence: int = os.SEEK_SET) -> int:
        """Go to a place."""
        start = {os.SEEK_SET: 0, os.SEEK_CUR: self._place, os.SEEK_END: self._end}[whence]
        self._place = start + offset
        if self.fault is None:
            try:
                self._file.seek(self._place)
            except OSError as error:
                self.fault = error
        return self._place

    def tell(self) -> int:
        """The place."""
        return self._place

    def check(self) -> None:
        """Raise what went wrong.

        Raises:
            OSError: If something did.
        """
        if self.fault is not None:
            raise self.fault
