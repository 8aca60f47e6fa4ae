"""Points to search while they grow in number."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from scipy.spatial import cKDTree

if TYPE_CHECKING:
    from numpy.typing import NDArray

__all__ = ["KeptTrees"]


class KeptTrees:
    """Points that only grow: a few trees, each at least twice the size of the next."""

    def __init__(self) -> None:
        """Start without points."""
        self._trees: list[tuple[NDArray[np.int64], cKDTree]] = []

    def add(self, numbers: NDArray[np.int64], points: NDArray[np.floating]) -> None:
        """Add points (N, D) under their numbers (N,)."""
        while self._trees and len(self._trees[-1][0]) < 2 * len(numbers):
            before, tree = self._trees.pop()
            numbers = np.concatenate([before, numbers])
            points = np.concatenate([np.asarray(tree.data), points])
        if len(numbers):
            # the sliding midpoint split prunes as well as the median and is faster to build
            self._trees.append((numbers, cKDTree(points, balanced_tree=False)))

    def nearest(
        self, points: NDArray[np.floating], reach: float
    ) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
        """Nearest number within `reach` of each point and its distance, or -1 and infinity."""
        near, gaps = self._query(points, reach, most=1)
        best = gaps.argmin(axis=1)[:, None]
        return (
            np.take_along_axis(near, best, axis=1)[:, 0],
            np.take_along_axis(gaps, best, axis=1)[:, 0],
        )

    def within(self, points: NDArray[np.floating], reach: float, *, most: int) -> NDArray[np.int64]:
        """Numbers within `reach` of each point, the `most` nearest of each tree; -1 where none.

        Returns:
            Shape (N, M); rows in no particular order, padded with -1 anywhere.
        """
        return self._query(points, reach, most=most)[0]

    def _query(
        self, points: NDArray[np.floating], reach: float, *, most: int
    ) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
        near = [np.full((len(points), 1), -1, dtype=np.int64)]
        gaps = [np.full((len(points), 1), np.inf)]
        for numbers, tree in self._trees:
            places = list(range(1, min(most, len(numbers)) + 1))
            answer = tree.query(points, k=places, distance_upper_bound=np.nextafter(reach, np.inf))
            gaps.append(np.asarray(answer[0]))
            near.append(np.append(numbers, -1)[np.asarray(answer[1])])
        return np.concatenate(near, axis=1), np.concatenate(gaps, axis=1)
