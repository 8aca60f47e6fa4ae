"""Which scenes of several actors show what another one shows already."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
from scipy.optimize import linear_sum_assignment
from scipy.spatial import cKDTree

from tasks.curate.kept_trees import KeptTrees

if TYPE_CHECKING:
    from numpy.typing import NDArray

__all__ = ["find_scene_copies"]

_BLOCK: Final = 1024
"""Scenes decided at a time: bounds the number of pairs held at once to half a million."""
_MOST: Final = 128
"""Kept scenes looked at for each scene and tree, those of the nearest mean first. A true copy has
the same mean, so it is among them however many others are near."""
_SLACK: Final = 1e-6
"""Share by which means are searched wider: their rounding must not lose a scene at the edge."""
_VALUES: Final = 1 << 20
"""Differences held at a time."""


def find_scene_copies(
    scenes: NDArray[np.float32], distance_h: float
) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
    """Decide scenes with equally many actors, in order, each against those kept before.

    A scene is a copy of a kept one if each of its actors is within the distance of another actor
    of that one; which of all such scenes are nearest to any single actor does not matter. Then
    their means are within the distance as well, whoever is called first: so means are searched,
    and a partner who stands still, like thousands of others, brings no thousands of candidates.

    Args:
        scenes: Vectors of the actors, by falling priority, shape (S, A, D), H.
        distance_h: Greatest distance of each actor, H.

    Returns:
        For each actor the one that stands for it, counted through all scenes (scene * A + actor)
        or -1 where the scene is kept, shape (S, A); the distance to it, H, infinite where kept.
    """
    search = _SceneSearch(scenes, distance_h)
    for first in range(0, len(scenes), _BLOCK):
        search.decide(first, min(first + _BLOCK, len(scenes)))
    return search.stand_in, search.gap


class _SceneSearch:
    def __init__(self, scenes: NDArray[np.float32], distance_h: float) -> None:
        self._scenes = scenes
        self._reach = distance_h
        self._wide = distance_h * (1 + _SLACK)
        self._kept = KeptTrees()
        self.stand_in = np.full(scenes.shape[:2], -1, dtype=np.int64)
        self.gap = np.full(scenes.shape[:2], np.inf)

    def decide(self, first: int, last: int) -> None:
        """Decide a block of scenes."""
        means = self._scenes[first:last].astype(np.float64).mean(axis=1)
        near = self._kept.within(means, self._wide, most=_MOST)
        for number in np.flatnonzero((near >= 0).any(axis=1)).tolist():
            self._match(first + number, np.sort(near[number][near[number] >= 0]))
        # copies of earlier blocks are out: a block of copies would have a million pairs
        left = np.flatnonzero(self.stand_in[first:last, 0] < 0)
        self._decide_among(first + left, means[left])
        kept = np.flatnonzero(self.stand_in[first:last, 0] < 0)
        self._kept.add(first + kept, means[kept])

    def _decide_among(self, numbers: NDArray[np.int64], means: NDArray[np.float64]) -> None:
        """Decide some scenes of a block against each other, in order."""
        if len(numbers) < 2:
            return
        pairs = cKDTree(means).query_pairs(self._wide, output_type="ndarray").astype(np.int64)
        earlier, later = pairs.min(axis=1), pairs.max(axis=1)
        order = np.lexsort((earlier, later))
        earlier, later = earlier[order], later[order]
        starts = np.searchsorted(later, np.arange(len(numbers) + 1))
        for place in np.unique(later).tolist():
            others = numbers[earlier[starts[place] : starts[place + 1]]]
            self._match(int(numbers[place]), others[self.stand_in[others, 0] < 0])

    def _match(self, number: int, others: NDArray[np.int64]) -> None:
        """Look for a scene among `others` (ascending) that stands for one; the nearest is taken."""
        if not len(others):
            return
        gaps = self._gaps(number, others)
        good = gaps <= self._reach
        # for two actors this is enough for a match, for more it is only necessary
        all_found = np.all(good.any(axis=1), axis=1) & np.all(good.any(axis=2), axis=1)
        possible = np.flatnonzero(all_found)
        total = gaps[possible].min(axis=2).sum(axis=1)
        num_actors = gaps.shape[1]
        for place in possible[np.argsort(total, kind="stable")].tolist():
            # one gap out of reach costs more than all within it
            cost = np.where(good[place], gaps[place], (num_actors + 1) * self._reach)
            actor, other = linear_sum_assignment(cost)
            if good[place][actor, other].all():
                self.stand_in[number] = others[place] * num_actors + other
                self.gap[number] = gaps[place][actor, other]
                return

    def _gaps(self, number: int, others: NDArray[np.int64]) -> NDArray[np.float64]:
        """Distance of each actor to each of the other scenes, shape (len(others), A, A)."""
        own = self._scenes[number].astype(np.float64)[:, None]
        step = max(_VALUES // (own.size * len(own)), 1)
        parts = []
        for start in range(0, len(others), step):
            theirs = self._scenes[others[start : start + step]].astype(np.float64)
            away = own - theirs[:, None]
            parts.append(np.sqrt(np.einsum("nabd,nabd->nab", away, away)))
        return np.concatenate(parts)
