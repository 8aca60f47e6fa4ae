"""What the shards of a stage say together: index tables, rejects, counts."""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING, Any, Final

import polars as pl
import pyarrow as pa

from datasets_spec.rejection import RejectReason
from tasks.ingest.convert import REJECTS_FILE, reject_row

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from tasks.ingest.plan import SourcePlan

__all__ = ["collect_warnings", "count_files", "planned_rejects", "read_tables"]

_MAX_KINDS: Final = 8
"""Kinds of warnings about recordings that are told; the index of each shard has all."""


def read_tables(
    folders: Sequence[Path], name: str, schema: pa.Schema, columns: list[str] | None = None
) -> pl.DataFrame:
    """The table `name` of every shard folder, one below the other, in the order given.

    Args:
        folders: Finished shards.
        name: File in each.
        schema: Of the file, for a dataset without a shard.
        columns: Which to read; None: all.
    """
    empty = pl.DataFrame(schema.empty_table())
    tables = [pl.read_parquet(folder / name, columns=columns) for folder in folders]
    return pl.concat([empty.select(columns) if columns else empty, *tables])


def collect_warnings(
    plans: Sequence[SourcePlan], tables: Sequence[pl.DataFrame]
) -> tuple[str, ...]:
    """What a user should know that cost no item.

    Args:
        plans: The plan of every source folder; its warnings come first, whole.
        tables: Ingest indexes (columns source, sequence_id, warnings).

    Returns:
        One line a folder's warning, then one a kind of warning about recordings: how many have
        it, and the first. Warnings that differ in numbers only are one kind.
    """
    kinds: dict[tuple[str, str], tuple[int, str]] = {}
    for table in tables:
        rows = table.filter(pl.col("warnings") != "").select("source", "sequence_id", "warnings")
        for source, sequence, text in rows.iter_rows():
            kind = (source, re.sub(r"[0-9]+", "#", text))
            count, first = kinds.get(kind, (0, f"{sequence}: {text}"))
            kinds[kind] = (count + 1, first)
    most = sorted(kinds.items(), key=lambda item: (-item[1][0], item[0]))
    lines = [f"{source}: {n} recordings, first {first}" for (source, _), (n, first) in most]
    if len(lines) > _MAX_KINDS:
        rest = len(lines) - _MAX_KINDS
        lines = [*lines[:_MAX_KINDS], f"and {rest} more kinds of warnings about recordings"]
    return (*(warning for plan in plans for warning in plan.warnings), *lines)


def planned_rejects(plans: Sequence[SourcePlan]) -> list[dict[str, str]]:
    """Rows of the rejects table for what was ruled out before any shard was made."""
    return [
        reject_row(
            source=plan.config.name,
            item=reject.path,
            origin_path=reject.path,
            stage=reject.stage,
            level="file",
            reason=reject.reason.value,
            detail=reject.detail,
        )
        for plan in plans
        for reject in plan.rejects
    ]


def count_files(
    plans: Sequence[SourcePlan], rejects: Sequence[Mapping[str, Any]], folders: Mapping[str, Path]
) -> pl.DataFrame:
    """Files by source: found = accepted + decoys + rejected.

    Args:
        plans: The plan of every source folder.
        rejects: Rows for the files that discovery ruled out.
        folders: Ingest folder by shard id.

    Returns:
        Columns source, found, accepted, decoys, rejected; sorted by source.
    """
    found: Counter[str] = Counter()
    faults: Counter[str] = Counter()
    decoys: Counter[str] = Counter()
    rows = list(rejects)
    for plan in plans:
        found[plan.config.name] += plan.found
        for shard in plan.shards:
            rows += pl.read_parquet(folders[shard.shard_id] / REJECTS_FILE).to_dicts()
    for row in rows:
        counter = decoys if row["reason"] == RejectReason.DECOY.value else faults
        counter[row["source"]] += 1
    sources = sorted(found)
    return pl.DataFrame(
        {
            "source": sources,
            "found": [found[s] for s in sources],
            "accepted": [found[s] - decoys[s] - faults[s] for s in sources],
            "decoys": [decoys[s] for s in sources],
            "rejected": [faults[s] for s in sources],
        },
        schema_overrides={"source": pl.String},
    )
