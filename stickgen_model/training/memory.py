"""Memory that a process frees and soon wants again."""

from __future__ import annotations

import ctypes
import platform
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["freed_memory_kept"]

_TRIM_THRESHOLD: Final = -1
_MMAP_MAX: Final = -4
"""Numbers of settings and their defaults: mallopt(3) of glibc."""
_DEFAULTS: Final = {_TRIM_THRESHOLD: 128 * 1024, _MMAP_MAX: 65_536}
_KEEPING: Final = {_TRIM_THRESHOLD: -1, _MMAP_MAX: 0}


@contextmanager
def freed_memory_kept() -> Iterator[None]:
    """Keep freed memory for as long as it lasts, then give it back to the system.

    By default glibc gives large blocks back at once. A step of training frees what it kept for
    the way back, and the next step gets it anew, page by page, cleared by the system: about a
    tenth of its time. The peak stays as it is. Other systems are left as they are.
    """
    if platform.libc_ver()[0] != "glibc":
        yield
        return
    libc = ctypes.CDLL(None)
    for setting, value in _KEEPING.items():
        libc.mallopt(setting, value)
    try:
        yield
    finally:
        for setting, value in _DEFAULTS.items():
            libc.mallopt(setting, value)
        libc.malloc_trim(0)
