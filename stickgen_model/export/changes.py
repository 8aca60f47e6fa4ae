"""Where a frame differs from the one before."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

__all__ = ["Box", "Changes"]

Box = tuple[int, int, int, int]
"""Top, bottom, left, right, pixels; bottom and right are just outside."""


class Changes:
    """Finds where two frames of one shape differ, by words of up to eight bytes."""

    def __init__(self, height: int, width: int, channels: int) -> None:
        """For frames of one shape."""
        row = width * channels
        self._size = next(size for size in (8, 4, 2, 1) if row % size == 0)
        self._channels = channels
        self._words = np.dtype(f"u{self._size}")
        self._differs = np.empty((height, row // self._size), dtype=np.bool_)

    def between(self, before: NDArray[np.uint8], after: NDArray[np.uint8]) -> Box | None:
        """What differs; None = nothing.

        Args:
            before: Shape (height, width, channels), uint8, its bytes in a row.
            after: As `before`.
        """
        height = len(after)
        old, new = (part.reshape(height, -1).view(self._words) for part in (before, after))
        differs = np.not_equal(old, new, out=self._differs)
        rows = np.flatnonzero(differs.any(axis=1))
        if not len(rows):
            return None
        top, bottom = int(rows[0]), int(rows[-1]) + 1
        words = np.flatnonzero(differs[top:bottom].any(axis=0))
        first, last = int(words[0]) * self._size, (int(words[-1]) + 1) * self._size - 1
        return top, bottom, first // self._channels, last // self._channels + 1
