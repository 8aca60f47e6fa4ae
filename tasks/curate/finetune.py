"""The fine-tuning set: good clips of the training split, balanced over actions and sources."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
import polars as pl

from tasks.curate.caps import Caps, cell_quotas, feasible_caps

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from tasks.config import CurateConfig

__all__ = ["FinetuneResult", "select_finetune"]

_MAX_ROUNDS: Final = 1000
"""Each round takes a smaller set; far fewer are needed."""


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class FinetuneResult:
    """The set and how it came about."""

    chosen: NDArray[np.bool_]
    """Shape (N,), in the order of the index."""
    eligible: NDArray[np.bool_]
    """Shape (N,): clips good enough, of the right split, in scenes that are so as a whole."""
    caps: Caps
    """The caps that hold, after raising those that nothing could satisfy."""
    note: str
    """What was raised and why; empty if nothing was."""

    def caps_used(self) -> dict[str, float]:
        """The caps as numbers for people."""
        return {"action": float(self.caps.action), "source": float(self.caps.source)}


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class _Scenes:
    """Eligible scenes by falling score; entry n of `cells` belongs to scene `scene[n]`."""

    rows: NDArray[np.int64]
    """Row in the index of each clip."""
    scene: NDArray[np.int64]
    cell: NDArray[np.int64]
    """action * number of sources + source of each clip."""
    size: NDArray[np.int64]
    """Clips of each scene."""
    mixed: NDArray[np.bool_]
    """True for scenes whose actors do different things."""
    available: NDArray[np.int64]
    """Clips of each action and source."""


def select_finetune(
    index: pl.DataFrame, candidates: NDArray[np.bool_], config: CurateConfig
) -> FinetuneResult:
    """Choose the largest balanced set, the best clips of each action and source first.

    No action and no source exceeds its share of the clips chosen. `unlabelled` counts as an
    action, so motion without a word stays in, but cannot flood the set. A scene (both people of
    a pair) is in as a whole or not at all, and only if each of its clips reaches the score. Where
    no set can satisfy a cap, the cap is raised to the least that one can.

    Args:
        index: Columns clip_id, scene_id, source, action, quality_score; one row a clip.
        candidates: Rows that may be chosen: kept, in the training split; shape (N,).
        config: Lowest score and caps.

    Returns:
        The choice for each row.
    """
    eligible = _eligible(index, candidates, config.sft_min_score)
    scenes = _order(index, eligible)
    caps, note = feasible_caps(
        scenes.available,
        action_share=config.sft_max_action_share,
        source_share=config.sft_max_source_share,
    )
    chosen = np.zeros(index.height, dtype=bool)
    taken = _choose(scenes, caps)
    if not taken.any() and len(taken):
        note = "; ".join([*filter(None, [note]), "no set of whole scenes satisfies the caps"])
    chosen[scenes.rows[taken[scenes.scene]]] = True
    return FinetuneResult(chosen=chosen, eligible=eligible, caps=caps, note=note)


def _eligible(
    index: pl.DataFrame, candidates: NDArray[np.bool_], min_score: float
) -> NDArray[np.bool_]:
    good = pl.Series(candidates) & (index["quality_score"].fill_nan(None) >= min_score)
    frame = index.select("scene_id").with_columns(good.fill_null(value=False).alias("good"))
    result: NDArray[np.bool_] = frame.select(pl.col("good").all().over("scene_id"))[
        "good"
    ].to_numpy()
    return result


def _order(index: pl.DataFrame, eligible: NDArray[np.bool_]) -> _Scenes:
    frame = (
        index.select("clip_id", "scene_id", "source", "action", "quality_score")
        .with_row_index("row")
        .filter(pl.Series(eligible))
        .with_columns(
            (pl.col("action").rank("dense").cast(pl.Int64) - 1).alias("action"),
            (pl.col("source").rank("dense").cast(pl.Int64) - 1).alias("source"),
            pl.col("quality_score").min().over("scene_id").alias("score"),
            pl.col("clip_id").min().over("scene_id").alias("first"),
        )
        .sort(["score", "first", "clip_id"], descending=[True, False, False])
    )
    starts = frame["scene_id"].ne_missing(frame["scene_id"].shift(1)).to_numpy().copy()
    starts[:1] = True
    scene = np.cumsum(starts) - 1
    action, source = frame["action"].to_numpy(), frame["source"].to_numpy()
    shape = (int(action.max(initial=-1)) + 1, int(source.max(initial=-1)) + 1)
    cell = action * shape[1] + source
    num = int(scene.max(initial=-1)) + 1
    lead = cell[np.flatnonzero(starts)]
    mixed = np.zeros(num, dtype=bool)
    mixed[scene[cell != lead[scene]]] = True
    return _Scenes(
        rows=frame["row"].to_numpy().astype(np.int64),
        scene=scene,
        cell=cell,
        size=np.bincount(scene, minlength=num),
        mixed=mixed,
        available=np.bincount(cell, minlength=shape[0] * shape[1]).reshape(shape),
    )


def _choose(scenes: _Scenes, caps: Caps) -> NDArray[np.bool_]:
    """Shrink the set until what whole scenes really fill satisfies the caps of its own size."""
    taken = np.zeros(len(scenes.size), dtype=bool)
    size = int(scenes.size.sum())
    for _ in range(_MAX_ROUNDS):
        quotas = cell_quotas(scenes.available, caps, at_most=size)
        size = int(quotas.sum())
        taken = _top_up(scenes, _fill(scenes, quotas.ravel()), caps, size)
        filled = int(scenes.size[taken].sum())
        if _holds(scenes, taken, caps):
            return taken
        size = min(filled, size - 1)
    return np.zeros_like(taken)


def _count(scenes: _Scenes, taken: NDArray[np.bool_]) -> NDArray[np.int64]:
    """Clips taken of each action and source."""
    inside = scenes.cell[taken[scenes.scene]]
    counts = np.bincount(inside, minlength=scenes.available.size)
    return counts.reshape(scenes.available.shape)


def _holds(scenes: _Scenes, taken: NDArray[np.bool_], caps: Caps) -> bool:
    table = _count(scenes, taken)
    size = int(table.sum())
    return bool(
        table.sum(axis=1).max(initial=0) <= int(caps.action * size)
        and table.sum(axis=0).max(initial=0) <= int(caps.source * size)
    )


def _fill(scenes: _Scenes, quotas: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Take scenes by falling score while their cells have room.

    Scenes of mixed actions need room in two cells and are few, so they go first, one by one; the
    others go cell by cell all at once.
    """
    taken = np.zeros(len(scenes.size), dtype=bool)
    left = quotas.copy()
    firsts = np.searchsorted(scenes.scene, np.arange(len(scenes.size) + 1))
    for scene in np.flatnonzero(scenes.mixed):
        cells = scenes.cell[firsts[scene] : firsts[scene + 1]]
        names, counts = np.unique(cells, return_counts=True)
        if (left[names] >= counts).all():
            left[names] -= counts
            taken[scene] = True
    plain = np.flatnonzero(~scenes.mixed)
    cells = scenes.cell[firsts[plain]]
    order = np.argsort(cells, kind="stable")
    sizes = scenes.size[plain][order]
    running = np.cumsum(sizes)
    begins = np.searchsorted(cells[order], np.arange(len(quotas)))
    before = np.concatenate([[0], running])[begins]
    fits = running - before[cells[order]] <= left[cells[order]]
    taken[plain[order[fits]]] = True
    return taken


def _top_up(scenes: _Scenes, taken: NDArray[np.bool_], caps: Caps, size: int) -> NDArray[np.bool_]:
    """Use the room that whole scenes left in their cells: only the caps count now."""
    table = _count(scenes, taken)
    missing = size - int(table.sum())
    num_sources = table.shape[1] if table.size else 1
    actions = (int(caps.action * size) - table.sum(axis=1)).tolist()
    sources = (int(caps.source * size) - table.sum(axis=0)).tolist()
    taken = taken.copy()
    firsts = np.searchsorted(scenes.scene, np.arange(len(taken) + 1)).tolist()
    # most actions are full by now: leave their scenes out before going one by one
    full = (np.minimum.outer(actions, sources) < 1).ravel()
    open_scenes = ~taken
    open_scenes[scenes.scene[full[scenes.cell]]] = False
    whats, wheres = (part.tolist() for part in np.divmod(scenes.cell, num_sources))
    for scene in np.flatnonzero(open_scenes).tolist():
        if missing < 1:
            break
        entries = range(firsts[scene], firsts[scene + 1])
        asked = Counter(whats[n] for n in entries)
        where = wheres[entries.start]
        fits = all(actions[what] >= count for what, count in asked.items())
        if len(entries) <= missing and sources[where] >= len(entries) and fits:
            for what, count in asked.items():
                actions[what] -= count
            sources[where] -= len(entries)
            missing -= len(entries)
            taken[scene] = True
    return taken
