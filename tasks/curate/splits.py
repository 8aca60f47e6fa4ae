"""Train, val and test, so that no subject, performance or copy is on two sides."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
import polars as pl
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

__all__ = ["assign_splits", "group_clips", "single_subject_sources"]

_FORCED_MAX_SHARE: Final = 0.25
"""A split that a source would miss gets its smallest group if that is at most this share of the
source: about four equal subjects make a source large enough to be in every split."""
_SHARED_CORPORA: Final = r"^cmu/"
"""Performance ids that mean the same in every source: recordings that were published again, by
others and on other bodies, which puts them too far apart to be found as near-duplicates."""
_HELD_OUT: Final = ("test", "val")
"""Filled in this order; train takes the rest."""


@dataclass(frozen=True, kw_only=True, slots=True)
class _Group:
    """Clips that must stay together."""

    number: int
    key: str
    """Smallest name of its members: does not change when other groups come and go."""
    source: str
    """The source of most of its frames."""
    frames: int


def single_subject_sources(index: pl.DataFrame) -> list[str]:
    """Sources with one performer only: they are split by performance, or they could not be."""
    subjects = index.group_by("source").agg(pl.col("subject_id").n_unique().alias("n"))
    return sorted(subjects.filter(pl.col("n") == 1)["source"].to_list())


def group_clips(index: pl.DataFrame, links: NDArray[np.int64]) -> NDArray[np.int64]:
    """Number the connected components of clips that share a subject, a performance or a motion.

    The subject of a source with a single one joins nothing; there the performances stand alone.

    Args:
        index: Columns source, performance_id, subject_id, scene_id; one row a clip.
        links: Pairs of rows that are one motion, shape (P, 2).

    Returns:
        Component of each row, shape (N,), from 0.
    """
    alone = index["source"].is_in(single_subject_sources(index))
    performance = (
        pl.when(pl.col("performance_id").str.contains(_SHARED_CORPORA))
        .then(pl.concat_str(pl.lit("p:"), "performance_id"))
        .otherwise(pl.concat_str(pl.lit("p:"), "source", pl.lit(":"), "performance_id"))
    )
    names = index.select(
        performance.alias("performance"),
        pl.concat_str(pl.lit("c:"), "scene_id").alias("scene"),
        pl.when(pl.lit(alone))
        .then(performance)
        .otherwise(pl.concat_str(pl.lit("s:"), "subject_id"))
        .alias("subject"),
    )
    stacked = pl.concat([names[name].alias("name") for name in names.columns])
    nodes = stacked.rank("dense").to_numpy().astype(np.int64) - 1 + index.height
    rows = np.arange(index.height)
    first = np.concatenate([np.tile(rows, 3), links[:, 0]])
    second = np.concatenate([nodes, links[:, 1]])
    size = int(nodes.max(initial=-1)) + 1
    graph = coo_array((np.ones(len(first), dtype=bool), (first, second)), shape=(size, size))
    _, labels = connected_components(graph, directed=False)
    return np.asarray(labels[: index.height], dtype=np.int64)


def assign_splits(
    index: pl.DataFrame, groups: NDArray[np.int64], *, shares: Mapping[str, float], seed: int
) -> list[str]:
    """Choose a split for each row by its group.

    Within a source the groups are put in an order that only their names and the seed decide, and
    taken into test, then val, as long as that brings the split nearer to its share of the frames;
    so a new group displaces at most the few at the edge. Sources are visited from small to large,
    and what one gives too much or too little, the next makes good. A source whose smallest group
    is at most a quarter of it is in every split that has a share.

    Args:
        index: Columns source, performance_id, num_frames; rows that are kept.
        groups: Group of each row, shape (N,).
        shares: Wanted share of the frames of `val` and `test`.
        seed: Another seed gives another order.

    Returns:
        `train`, `val` or `test` for each row.
    """
    members = _summarise(index, groups)
    by_source: dict[str, list[_Group]] = {}
    for group in members:
        by_source.setdefault(group.source, []).append(group)
    chosen: dict[int, str] = {}
    owed = dict.fromkeys(_HELD_OUT, 0.0)
    for _, _, source in sorted((sum(g.frames for g in v), k, k) for k, v in by_source.items()):
        total = sum(g.frames for g in by_source[source])
        free = by_source[source]
        for split in _HELD_OUT:
            owed[split] += shares[split] * total
            order = sorted(free, key=lambda g: (_hash(seed, split, g.key), g.key))
            taken = _fill(order, owed[split], most=len(free) - 1)
            if not taken and shares[split] > 0:
                taken = _force(order, total)
            owed[split] -= sum(g.frames for g in taken)
            chosen |= {g.number: split for g in taken}
            free = [g for g in free if g.number not in chosen]
    _avoid_empty(members, chosen, shares)
    return [chosen.get(number, "train") for number in groups.tolist()]


def _summarise(index: pl.DataFrame, groups: NDArray[np.int64]) -> list[_Group]:
    table = index.select("source", "performance_id", pl.col("num_frames").cast(pl.Int64))
    parts = (
        table.with_columns(pl.Series("group", groups))
        .group_by("group", "source")
        .agg(pl.col("num_frames").sum(), pl.col("performance_id").min())
        .sort(["group", "num_frames", "source"], descending=[False, True, False])
    )
    summary = parts.group_by("group", maintain_order=True).agg(
        pl.col("source").first(), pl.col("num_frames").sum(), pl.col("performance_id").min()
    )
    return [
        _Group(number=number, key=key, source=source, frames=frames)
        for number, source, frames, key in summary.iter_rows()
    ]


def _hash(seed: int, split: str, key: str) -> bytes:
    return hashlib.sha256(f"{seed}\n{split}\n{key}".encode()).digest()


def _fill(order: list[_Group], target: float, *, most: int) -> list[_Group]:
    """Take groups in order while each brings the sum nearer to the target."""
    taken: list[_Group] = []
    total = 0
    for group in order:
        if len(taken) == most:
            break
        if abs(total + group.frames - target) < abs(total - target):
            taken.append(group)
            total += group.frames
    return taken


def _force(order: list[_Group], total: int) -> list[_Group]:
    """Take the smallest group, if the source is large enough to spare it."""
    smallest = min(order, key=lambda g: g.frames, default=None)
    if smallest is None or len(order) < 2 or smallest.frames > _FORCED_MAX_SHARE * total:
        return []
    return [smallest]


def _avoid_empty(
    members: list[_Group], chosen: dict[int, str], shares: Mapping[str, float]
) -> None:
    """Give an empty split the smallest group of train, as long as train keeps one."""
    for split in _HELD_OUT:
        if shares[split] <= 0 or split in chosen.values():
            continue
        free = sorted((g.frames, g.key, g.number) for g in members if g.number not in chosen)
        if len(free) >= 2:
            chosen[free[0][2]] = split
