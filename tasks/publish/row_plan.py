"""Which row of which working table goes into which split."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import polars as pl
import pyarrow.parquet as pq

from datasets_spec.errors import StickgenError
from datasets_spec.schema import SPLITS, check_schema_version

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

__all__ = ["plan_rows"]


def plan_rows(work_tables: Sequence[Path], assignments: pl.DataFrame) -> pl.DataFrame:
    """Find where each kept clip lies, and check that nothing is lost, doubled or torn.

    Args:
        work_tables: Parquet files with at least clip_id and partner_clip_id.
        assignments: Columns clip_id, keep, split, sft; one row a clip.

    Returns:
        One row a kept clip: clip_id, file (index in `work_tables`), group, row, split, sft.

    Raises:
        StickgenError: If ids repeat, rows and assignments do not match one to one, a split is
            unknown, or a kept clip's partner is dropped or in another split.
        SchemaVersionError: If a working table has another schema version.
    """
    index = pl.concat([_locate(path, n) for n, path in enumerate(work_tables)] or [_no_rows()])
    _check_unique(index["clip_id"], "the working tables")
    _check_unique(assignments["clip_id"], "the assignments")
    missing = index.join(assignments, on="clip_id", how="anti")["clip_id"]
    unknown = assignments.join(index, on="clip_id", how="anti")["clip_id"]
    if len(missing) or len(unknown):
        msg = (
            f"expected one assignment a clip: {len(missing)} clips have none "
            f"{missing.head(3).to_list()}, {len(unknown)} assignments have no clip "
            f"{unknown.head(3).to_list()}; curate again"
        )
        raise StickgenError(msg)
    plan = index.join(assignments, on="clip_id", how="left").filter(pl.col("keep"))
    wrong = plan.filter(~pl.col("split").is_in(SPLITS) | pl.col("split").is_null())
    if wrong.height:
        msg = f"{wrong['clip_id'][0]}: expected a split of {SPLITS}, got {wrong['split'][0]!r}"
        raise StickgenError(msg)
    _check_partners(plan)
    return plan.drop("partner_clip_id", "keep")


def _no_rows() -> pl.DataFrame:
    return pl.DataFrame(
        schema={
            "clip_id": pl.String,
            "partner_clip_id": pl.String,
            "file": pl.Int32,
            "group": pl.Int32,
            "row": pl.Int32,
        }
    )


def _locate(path: Path, number: int) -> pl.DataFrame:
    with pq.ParquetFile(path) as file:
        check_schema_version(file.schema_arrow, where=str(path))
        ids: Any = pl.from_arrow(file.read(columns=["clip_id", "partner_clip_id"]))
        sizes = [file.metadata.row_group(g).num_rows for g in range(file.num_row_groups)]
    rows = [np.arange(size, dtype=np.int32) for size in sizes]
    return pl.DataFrame(ids).with_columns(
        pl.lit(number, dtype=pl.Int32).alias("file"),
        pl.Series("group", np.repeat(np.arange(len(sizes), dtype=np.int32), sizes)),
        pl.Series("row", np.concatenate([np.zeros(0, dtype=np.int32), *rows])),
    )


def _check_unique(ids: pl.Series, where: str) -> None:
    repeated = ids.filter(ids.is_duplicated())
    if len(repeated):
        msg = f"expected every clip id once in {where}, found {repeated[0]!r} again"
        raise StickgenError(msg)


def _check_partners(plan: pl.DataFrame) -> None:
    splits = plan.select(partner_clip_id="clip_id", partner_split="split")
    pairs = plan.filter(pl.col("partner_clip_id").is_not_null())
    pairs = pairs.join(splits, on="partner_clip_id", how="left")
    torn = pairs.filter(~pl.col("partner_split").eq_missing(pl.col("split")))
    if torn.height:
        row = torn.row(0, named=True)
        msg = (
            f"{row['clip_id']}: expected its partner {row['partner_clip_id']} in split "
            f"{row['split']}, found it {row['partner_split'] or 'dropped'}; pairs stay whole"
        )
        raise StickgenError(msg)
