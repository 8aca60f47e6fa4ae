"""Curation as a Prefect task, over the scored shards."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import polars as pl
from prefect import task
from prefect.cache_policies import NO_CACHE

from tasks.config import CurateConfig
from tasks.curate.curate import INDEX_COLUMNS, CurateResult, curate_index
from tasks.curate.descriptor import DESCRIPTOR_DIM
from tasks.score.convert import DESCRIPTOR_COLUMN

if TYPE_CHECKING:
    from numpy.typing import NDArray

__all__ = ["curate_dataset"]


@task(name="curate", cache_policy=NO_CACHE)
def curate_dataset(tables: list[Path], config: CurateConfig, seed: int) -> CurateResult:
    """Decide what is kept, where it belongs, and what is in the fine-tuning set.

    Args:
        tables: The clips tables of the scored shards.
        config: The curation.
        seed: Decides the order in which groups are offered to the splits.
    """
    index = pl.concat([pl.read_parquet(path, columns=list(INDEX_COLUMNS)) for path in tables])
    return curate_index(index, _descriptors(tables, index.height), config, seed=seed)


def _descriptors(tables: list[Path], num_clips: int) -> NDArray[np.float32]:
    # filled in place: the vectors of all clips are the one thing here that grows with the dataset
    vectors = np.empty((num_clips, DESCRIPTOR_DIM), np.float32)
    start = 0
    for path in tables:
        column = pl.read_parquet(path, columns=[DESCRIPTOR_COLUMN])[DESCRIPTOR_COLUMN]
        vectors[start : start + len(column)] = column.to_numpy().reshape(-1, DESCRIPTOR_DIM)
        start += len(column)
    return vectors
