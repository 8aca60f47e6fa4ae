"""Cut a sequence into windows: all frames, no overlap, labelled spans whole where they fit."""

from __future__ import annotations

import math
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Final

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = ["Window", "cut_windows"]

_EVENNESS: Final = 0.5
"""Cost of an empty window against the cost 1 of one window more: fewer first, then even."""
_TOO_SHORT: Final = 1000.0
"""Cost of a window that would be rejected."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Window:
    """Frames start..stop-1 of a sequence at 25 fps."""

    start: int
    stop: int

    @property
    def num_frames(self) -> int:
        """Length in frames."""
        return self.stop - self.start


def _spaced(borders: Iterable[int], *, num_frames: int, min_frames: int) -> list[int]:
    """Borders that leave at least `min_frames` to each other and to both ends."""
    kept = [0]
    for border in sorted(set(borders)):
        if border - kept[-1] >= min_frames and num_frames - border >= min_frames:
            kept.append(border)
    return [*kept, num_frames]


def _places(spaced: list[int], *, max_frames: int, min_frames: int) -> list[int]:
    """Where a cut may be: the borders, and even parts of a span that no window can hold."""
    places = [spaced[0]]
    for start, stop in pairwise(spaced):
        length = stop - start
        parts = math.ceil(length / max_frames)
        if length // parts >= min_frames:
            places += [start + length * k // parts for k in range(1, parts)]
        else:  # even parts would all be too short: full windows and one short rest
            places += [start + max_frames * k for k in range(1, parts)]
        places.append(stop)
    return places


def cut_windows(
    num_frames: int, *, borders: Iterable[int], max_frames: int, min_frames: int
) -> tuple[Window, ...]:
    """Windows of at most `max_frames`, disjoint, in order, that cover every frame.

    Cuts lie on borders of labels where possible; a span longer than a window is cut into even
    parts. Among those, as few windows as possible, then as even as possible. A window shorter
    than `min_frames` comes out only where it cannot be avoided (the caller rejects it).

    Args:
        num_frames: Frames of the sequence.
        borders: Frames at which a labelled span begins or ends; others are ignored.
        max_frames: Longest window.
        min_frames: Shortest useful window.

    Returns:
        The windows; none for an empty sequence.
    """
    if num_frames <= 0:
        return ()
    inside = (b for b in borders if 0 < b < num_frames)
    spaced = _spaced(inside, num_frames=num_frames, min_frames=min_frames)
    places = np.array(_places(spaced, max_frames=max_frames, min_frames=min_frames))
    cost = np.zeros(places.size)
    before = np.zeros(places.size, dtype=np.int64)
    for here in range(1, places.size):
        first = int(np.searchsorted(places, places[here] - max_frames))
        length = places[here] - places[first:here]
        total = (
            cost[first:here]
            + 1.0
            + _EVENNESS * (1.0 - length / max_frames) ** 2
            + _TOO_SHORT * (length < min_frames)
        )
        # the last of equal costs: a deterministic choice
        best = total.size - 1 - int(np.argmin(total[::-1]))
        cost[here], before[here] = total[best], first + best
    cuts = [places.size - 1]
    while cuts[-1] > 0:
        cuts.append(int(before[cuts[-1]]))
    edges = places[cuts[::-1]].tolist()
    return tuple(Window(start=a, stop=b) for a, b in pairwise(edges))
