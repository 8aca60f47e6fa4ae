"""Find clips that show one motion twice, and decide which to keep."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
import polars as pl
from scipy.spatial import cKDTree

from tasks.curate.kept_trees import KeptTrees
from tasks.curate.scene_copies import find_scene_copies

if TYPE_CHECKING:
    from numpy.typing import NDArray

__all__ = ["DuplicateResult", "find_duplicates"]

_BLOCK: Final = 1024
"""Solos decided at a time: bounds the number of pairs held at once to half a million."""
_PAIRS: Final = 16384
"""Pairs whose vectors are compared at a time."""
_SAMPLE: Final = 10_000
_PROBES: Final = 256
"""So many points are looked for among so many to judge how packed all lie."""
_PACKED: Final = 200
"""Neighbours within the duplicate distance, on average, from which points count as packed."""
_VIEW_TAIL: Final = r"/v\d+$"
"""Last word of a clip id; without it the id names the actor's window."""


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class DuplicateResult:
    """What to remove, and what stands for it."""

    removed: NDArray[np.bool_]
    """Shape (N,), in the order of the index."""
    kept_row: NDArray[np.int64]
    """Shape (N,): row of the clip that stands for a removed one, -1 for kept ones."""
    distance_h: NDArray[np.float64]
    """Shape (N,): distance to that clip, H; NaN for kept ones."""


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class _Scenes:
    """Scenes by falling priority; each is one or more consecutive entries of `rows`."""

    rows: NDArray[np.int64]
    """Row in the index of each representative clip, scene by scene."""
    bounds: NDArray[np.int64]
    """First entry of each scene, then the number of entries."""


def find_duplicates(
    index: pl.DataFrame, descriptors: NDArray[np.float32], *, distance_h: float
) -> DuplicateResult:
    """Keep one scene of each motion.

    Scenes are taken by falling priority: more actors first, then the higher quality score (the
    lowest of the actors'), then the clip id. A scene is removed if every actor is within
    `distance_h` of a clip already kept, and these belong to one kept scene, one for each actor:
    a pair goes as a whole or not at all, only for a scene of as many actors, whatever other scenes
    one of its actors resembles; for a solo any actor may stand. A removed clip thus
    always has a kept stand-in within the distance; nothing goes by way of a chain. Only the
    lowest view of a window is compared; its other views share its fate, since the body in them
    is the same. Cameras of one performance are treated like any other clips: a sensor's
    recordings differ by more than the distance unless they are truly the same.

    Args:
        index: Columns clip_id, scene_id, view_index, quality_score; one row a clip.
        descriptors: As `clip_descriptor` makes them, shape (N, D), H.
        distance_h: Clips as near as this are one motion, H; 0 keeps all.

    Returns:
        The decision for each row.
    """
    removed = np.zeros(index.height, dtype=bool)
    kept_row = np.full(index.height, -1, dtype=np.int64)
    distance = np.full(index.height, np.nan)
    if distance_h > 0 and index.height:
        window, lowest = _windows(index)
        scenes = _order_scenes(index, descriptors, lowest, distance_h)
        stand_in, gap = _Search(descriptors, scenes, distance_h).run()
        by_window = np.full(int(window.max()) + 1, -1, dtype=np.int64)
        by_window[window[scenes.rows[stand_in >= 0]]] = np.flatnonzero(stand_in >= 0)
        entry = by_window[window]
        removed = entry >= 0
        kept_row[removed] = stand_in[entry[removed]]
        distance[removed] = gap[entry[removed]]
    return DuplicateResult(removed=removed, kept_row=kept_row, distance_h=distance)


def _windows(index: pl.DataFrame) -> tuple[NDArray[np.int64], NDArray[np.bool_]]:
    """Number the windows (all views of one actor); mark the lowest view of each."""
    frame = index.select(
        pl.col("clip_id").str.replace(_VIEW_TAIL, "").rank("dense").cast(pl.Int64).alias("window"),
        pl.col("view_index").cast(pl.Int64),
        "clip_id",
    ).with_columns(
        (
            pl.struct("view_index", "clip_id").rank("ordinal").over("window") == 1  # lowest view
        ).alias("lowest")
    )
    return frame["window"].to_numpy(), frame["lowest"].to_numpy()


def _crowded(points: NDArray[np.float32], distance_h: float) -> NDArray[np.bool_]:
    """True where another point may lie within the distance; most motion is alone of its kind.

    Where a sample shows points to be packed, all are called crowded: looking for the nearest
    among thousands equally near would take long, while deciding in order thins them out.
    """
    reach = np.nextafter(distance_h, np.inf)
    # not every n-th point: in pairs that would be the same actor each time
    order = np.random.default_rng(0).permutation(len(points))
    some, few = (points[order[:most]] for most in (_SAMPLE, _PROBES))
    near = cKDTree(some).query_ball_point(few, reach, return_length=True)
    if np.mean(near) * len(points) / len(some) > _PACKED:
        return np.ones(len(points), dtype=bool)
    # the sliding midpoint split prunes as well as the median and is faster to build
    tree = cKDTree(points, balanced_tree=False)
    answer = tree.query(points, k=2, distance_upper_bound=reach, workers=-1)
    alone: NDArray[np.bool_] = np.isinf(np.asarray(answer[0])[:, 1])
    return ~alone


def _order_scenes(
    index: pl.DataFrame,
    descriptors: NDArray[np.float32],
    lowest: NDArray[np.bool_],
    distance_h: float,
) -> _Scenes:
    """Order the scenes of which at least one clip has a neighbour; all others are kept."""
    crowded = np.zeros(index.height, dtype=bool)
    crowded[lowest] = _crowded(descriptors[lowest], distance_h)
    frame = (
        index.select("scene_id", "clip_id", "quality_score")
        .with_row_index("row")
        .with_columns(pl.Series("crowded", crowded))
        .filter(pl.Series(lowest))
        .filter(pl.col("crowded").any().over("scene_id"))
        .with_columns(
            pl.len().over("scene_id").alias("actors"),
            pl.col("quality_score").fill_nan(0.0).min().over("scene_id").alias("score"),
            pl.col("clip_id").min().over("scene_id").alias("first"),
        )
        .sort(
            ["actors", "score", "first", "clip_id"],
            descending=[True, True, False, False],
            nulls_last=True,
        )
    )
    rows = frame["row"].to_numpy().astype(np.int64)
    starts = frame["scene_id"].ne_missing(frame["scene_id"].shift(1)).to_numpy().copy()
    starts[:1] = True
    bounds = np.append(np.flatnonzero(starts), len(rows)).astype(np.int64)
    return _Scenes(rows=rows, bounds=bounds)


class _Search:
    """Decides clips one by one: first the scenes of several actors, then the solos."""

    def __init__(
        self, descriptors: NDArray[np.float32], scenes: _Scenes, distance_h: float
    ) -> None:
        self._vectors = descriptors
        self._scenes = scenes
        self._reach = distance_h
        self._kept = KeptTrees()
        self._near = np.full(len(scenes.rows), -1, dtype=np.int64)  # entry that stands for it
        self._gap = np.full(len(scenes.rows), np.inf)

    def run(self) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
        """Decide all; row that stands for each entry (-1: kept), and the distance to it."""
        bounds = self._scenes.bounds
        actors = np.diff(bounds)
        for num_actors in range(int(actors.max(initial=1)), 1, -1):
            scenes = np.flatnonzero(actors == num_actors)
            if len(scenes):
                self._decide_scenes(int(bounds[scenes[0]]), int(bounds[scenes[-1] + 1]), num_actors)
        num_entries = len(self._near)
        for first in range(num_entries - int((actors == 1).sum()), num_entries, _BLOCK):
            entries = np.arange(first, min(first + _BLOCK, num_entries))
            near, gap = self._kept.nearest(self._points(entries), self._reach)
            self._near[entries], self._gap[entries] = near, gap
            # copies of earlier blocks go first: a block of copies would have a million pairs
            left = entries[near < 0]
            self._decide(left)
            self._keep(left)
        gone = self._near >= 0
        stand_in = np.where(gone, self._scenes.rows[np.maximum(self._near, 0)], -1)
        return stand_in, self._gap

    def _decide_scenes(self, first: int, last: int, num_actors: int) -> None:
        """Decide the entries of all scenes with so many actors."""
        entries = np.arange(first, last)
        vectors = self._points(entries)
        near, gap = find_scene_copies(
            vectors.reshape(-1, num_actors, vectors.shape[1]), self._reach
        )
        self._near[entries] = np.where(near >= 0, first + near, -1).ravel()
        self._gap[entries] = gap.ravel()
        self._keep(entries)

    def _points(self, entries: NDArray[np.int64]) -> NDArray[np.float32]:
        return self._vectors[self._scenes.rows[entries]]

    def _keep(self, entries: NDArray[np.int64]) -> None:
        """Let those that were not removed stand for others."""
        kept = entries[self._near[entries] < 0]
        self._kept.add(kept, self._points(kept))

    def _decide(self, entries: NDArray[np.int64]) -> None:
        """Decide solos among each other, in order."""
        pairs, gaps = self._pairs(entries)
        starts = np.searchsorted(pairs[:, 0], np.arange(len(entries) + 1))
        for number in np.unique(pairs[:, 0]).tolist():
            if self._near[entries[number]] < 0:
                near = slice(starts[number], starts[number + 1])
                self._lend(int(entries[number]), entries[pairs[near, 1]], gaps[near])

    def _lend(self, entry: int, others: NDArray[np.int64], gaps: NDArray[np.float64]) -> None:
        """Offer a kept entry to its neighbours of lower priority."""
        better = gaps < self._gap[others]
        self._near[others[better]] = entry
        self._gap[others[better]] = gaps[better]

    def _pairs(self, entries: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.float64]]:
        """Neighbours among some entries: positions (P, 2), first < second, sorted; distances."""
        if len(entries) < 2:
            return np.zeros((0, 2), dtype=np.int64), np.zeros(0)
        vectors = self._points(entries).astype(np.float64)
        found = cKDTree(vectors).query_pairs(self._reach, output_type="ndarray")
        pairs = np.sort(found.astype(np.int64), axis=1)
        pairs = pairs[np.lexsort((pairs[:, 1], pairs[:, 0]))]
        gaps = np.zeros(len(pairs))
        for start in range(0, len(pairs), _PAIRS):
            part = slice(start, start + _PAIRS)
            step = vectors[pairs[part, 0]] - vectors[pairs[part, 1]]
            gaps[part] = np.sqrt(np.einsum("nd,nd->n", step, step))
        return pairs, gaps
