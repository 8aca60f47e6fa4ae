"""Curation of a whole dataset: what to keep, which split, what to fine-tune on."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import polars as pl

from datasets_spec.rejection import RejectReason
from tasks.curate.descriptor import DESCRIPTOR_DIM, movement_h
from tasks.curate.duplicates import DuplicateResult, find_duplicates
from tasks.curate.finetune import select_finetune
from tasks.curate.splits import assign_splits, group_clips, single_subject_sources
from tasks.curate.statistics import curation_statistics

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from tasks.config import CurateConfig

__all__ = ["INDEX_COLUMNS", "CurateResult", "curate_index"]

INDEX_COLUMNS: Final = (
    "clip_id",
    "source",
    "sequence_id",
    "performance_id",
    "subject_id",
    "scene_id",
    "partner_clip_id",
    "view_index",
    "action",
    "num_frames",
    "quality_score",
)
"""What curation needs to know of a clip."""

_LINK_MOVEMENT: Final = 5.0
"""A removed clip ties its performance to the kept one's only if it moves at least this many times
the duplicate distance: people who stand still look alike, and would tie all subjects together."""


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class CurateResult:
    """The outcome, in tables."""

    assignments: pl.DataFrame
    """clip_id, keep (bool), split (train, val, test; null if not kept), sft (bool); in the order
    of the index."""
    removed: pl.DataFrame
    """clip_id, reason, detail; sorted by clip_id."""
    statistics: dict[str, Any]
    """JSON values: what each rule removed, by source and action; shares before and after."""
    sft_caps: dict[str, float]
    """Largest share of an `action` and of a `source` that the fine-tuning set was made to hold."""
    single_subject_sources: list[str]
    """Sources with one performer, who therefore is in several splits."""


def curate_index(
    index: pl.DataFrame,
    descriptors: NDArray[np.float32],
    config: CurateConfig,
    *,
    seed: int,
) -> CurateResult:
    """Remove near-duplicates, split by subject and performance, choose the fine-tuning set.

    The order of the rows does not matter. The fine-tuning set is a part of the training split.

    Args:
        index: INDEX_COLUMNS, one row a clip.
        descriptors: Vectors of `clip_descriptor`, in the order of the index, shape
            (N, DESCRIPTOR_DIM), H, float32.
        config: Distances, shares and caps.
        seed: Decides the order in which groups are offered to the splits.

    Returns:
        Assignments, removals and statistics.

    Raises:
        ValueError: If a column is missing, a clip id comes twice, or the descriptors do not fit.
    """
    _check(index, descriptors)
    # a fixed order of rows, so that ties and sums do not depend on how shards arrived
    order = index["clip_id"].arg_sort().to_numpy()
    ordered, vectors = index.select(INDEX_COLUMNS)[order], descriptors[order]
    found = find_duplicates(ordered, vectors, distance_h=config.duplicate_distance_h)
    keep = ~found.removed
    links = _links(found, vectors, config.duplicate_distance_h)
    groups = group_clips(ordered, links)
    shares = {"val": config.val_share, "test": config.test_share}
    kept_splits = assign_splits(
        ordered.filter(pl.Series(keep)), groups[keep], shares=shares, seed=seed
    )
    split = np.full(ordered.height, None, dtype=object)
    split[keep] = kept_splits
    sft = select_finetune(ordered, split == "train", config)
    table = ordered.with_columns(
        pl.Series("keep", keep),
        pl.Series("split", split.tolist(), dtype=pl.String),
        pl.Series("sft", sft.chosen),
        pl.Series("eligible", sft.eligible),
        pl.Series("group", groups),
    )
    assignments = table.select("clip_id", "keep", "split", "sft")
    back = np.empty_like(order)
    back[order] = np.arange(len(order))
    return CurateResult(
        assignments=assignments[back],
        removed=_removed(ordered, found),
        statistics=curation_statistics(table, config, caps=sft.caps_used(), note=sft.note),
        sft_caps=sft.caps_used(),
        single_subject_sources=single_subject_sources(ordered),
    )


def _check(index: pl.DataFrame, descriptors: NDArray[np.float32]) -> None:
    missing = [name for name in INDEX_COLUMNS if name not in index.columns]
    if missing:
        msg = f"curation: expected the columns {missing} in the index, found {index.columns}"
        raise ValueError(msg)
    want = (index.height, DESCRIPTOR_DIM)
    if descriptors.shape != want or not np.isfinite(descriptors).all():
        msg = f"curation: expected finite descriptors {want}, got {descriptors.shape}"
        raise ValueError(msg)
    twice = index.filter(pl.col("clip_id").is_duplicated())["clip_id"].unique().sort().to_list()
    if twice:
        msg = f"curation: expected each clip_id once, got {len(twice)} twice, e.g. {twice[:3]}"
        raise ValueError(msg)


def _links(
    found: DuplicateResult, vectors: NDArray[np.float32], distance_h: float
) -> NDArray[np.int64]:
    """Pairs of rows (removed, kept) that prove two performances to be one."""
    gone = np.flatnonzero(found.removed)
    moving = gone[movement_h(vectors[gone]) >= _LINK_MOVEMENT * distance_h]
    return np.stack([moving, found.kept_row[moving]], axis=1)


def _removed(index: pl.DataFrame, found: DuplicateResult) -> pl.DataFrame:
    rows = np.flatnonzero(found.removed)
    ids = index["clip_id"]
    return pl.DataFrame(
        {
            "clip_id": ids[rows],
            "other": ids[found.kept_row[rows]],
            "gap": found.distance_h[rows],
        },
        schema={"clip_id": pl.String, "other": pl.String, "gap": pl.Float64},
    ).select(
        "clip_id",
        pl.lit(RejectReason.NEAR_DUPLICATE.value).alias("reason"),
        pl.format(
            "same motion as {}, which was kept: joints {} H apart",
            "other",
            pl.col("gap").round(4).cast(pl.String),
        ).alias("detail"),
    )
