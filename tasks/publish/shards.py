"""The final Parquet files: rows gathered from working tables, in order, in bounded memory."""

from __future__ import annotations

from contextlib import ExitStack
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, Self

import numpy as np
import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq

from datasets_spec.layout import CLIPS_DIR, REJECTS_FILE
from datasets_spec.rejection import STAGES
from datasets_spec.schema import SPLITS, clips_schema, rejects_schema
from tasks.publish.row_plan import plan_rows

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

__all__ = [
    "ROWS_PER_GROUP",
    "ROWS_PER_SHARD",
    "ShardFile",
    "parquet_options",
    "write_clip_shards",
    "write_rejects",
]

ROWS_PER_SHARD: Final = 2048
"""A clip of 250 frames holds about 40 kB of numbers: at most 80 MB a file before compression."""
ROWS_PER_GROUP: Final = 256
"""Rows a row group, in working tables too: the unit of reading, at most 10 MB of numbers."""

_ROWS_AT_ONCE: Final = 1024
_FRAME_FLOATS: Final = ("joints", "depth", "physics", "camera")


@dataclass(frozen=True, kw_only=True, slots=True)
class ShardFile:
    """A file that was written."""

    path: Path
    split: str
    num_rows: int


def parquet_options(schema: pa.Schema) -> dict[str, Any]:
    """Writer options of every clip table; equal rows give equal bytes.

    Per-frame numbers never repeat exactly, so a dictionary would only cost space; splitting the
    bytes of a float by significance lets zstd find the regularity of neighbouring frames.
    """
    split_bytes = [f"{name}.list.element.list.element" for name in _FRAME_FLOATS]
    words = [
        f.name if not pa.types.is_nested(f.type) else f"{f.name}.list.element"
        for f in schema
        if f.name not in _FRAME_FLOATS and not pa.types.is_struct(f.type)
    ]
    return {
        "compression": "zstd",
        "compression_level": 3,
        "use_dictionary": words,
        "use_byte_stream_split": split_bytes,
        "write_page_index": False,
        "store_schema": True,
    }


def write_clip_shards(
    work_tables: Sequence[Path],
    assignments: pl.DataFrame,
    staging: Path,
    *,
    rows_per_shard: int = ROWS_PER_SHARD,
) -> list[ShardFile]:
    """Write `clips/<split>-NNNNN-of-NNNNN.parquet`, each split sorted by clip id.

    Rows are gathered in their final order, block by block, from the row groups that hold them:
    memory holds an index of ids, one row group and a few blocks, however many files there are.
    Row groups of `ROWS_PER_GROUP` rows in the working tables keep that small.

    Args:
        work_tables: Parquet files of `rows.work_schema()`; extra columns are dropped.
        assignments: Columns clip_id (str), keep (bool), split (str), sft (bool); one row a clip.
        staging: Folder that receives `clips/`; must exist.
        rows_per_shard: Most rows a file, >= 1.

    Returns:
        The files in the order train, val, test. A dataset without a clip has one empty train
        file, so that it still opens.

    Raises:
        StickgenError: If ids repeat, rows and assignments do not match one to one, a split is
            unknown, or a kept clip's partner is dropped or in another split.
    """
    if rows_per_shard < 1:
        msg = f"expected rows_per_shard >= 1, got {rows_per_shard}"
        raise ValueError(msg)
    plan = plan_rows(work_tables, assignments).sort("clip_id")
    folder = staging / CLIPS_DIR
    folder.mkdir()
    with ExitStack() as open_files:
        writers = []
        for split in SPLITS:
            num_rows = plan.filter(pl.col("split") == split).height
            if num_rows or (plan.is_empty() and split == SPLITS[0]):
                writer = _SplitWriter(folder, split, num_rows, rows_per_shard=rows_per_shard)
                writers.append(open_files.enter_context(writer))
        for start in range(0, plan.height, _ROWS_AT_ONCE):
            part = plan.slice(start, _ROWS_AT_ONCE)
            table = _curated(_gather(part, work_tables), part)
            for writer in writers:
                mine = np.flatnonzero((part["split"] == writer.split).to_numpy())
                writer.write(table.take(pa.array(mine)))
    return [file for writer in writers for file in writer.files]


class _SplitWriter:
    """The files of one split. Bytes depend on the rows alone, not on how they are handed over."""

    def __init__(self, folder: Path, split: str, num_rows: int, *, rows_per_shard: int) -> None:
        self.split = split
        num_files = max(1, -(-num_rows // rows_per_shard))
        self.files = [
            ShardFile(
                path=folder / f"{split}-{n:05d}-of-{num_files:05d}.parquet",
                split=split,
                num_rows=min(rows_per_shard, num_rows - n * rows_per_shard),
            )
            for n in range(num_files)
        ]
        self._pending = clips_schema().empty_table()
        self._number = -1
        self._room = 0
        self._writer: pq.ParquetWriter | None = None
        self._next_file()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        try:
            if kind is None:
                self._drain(least=1)
        finally:
            self._close()

    def write(self, rows: pa.Table) -> None:
        """Take rows in their final order; whole row groups go to disk, the rest waits."""
        self._pending = pa.concat_tables([self._pending, rows])
        self._drain(least=ROWS_PER_GROUP)

    def _drain(self, least: int) -> None:
        while self._pending.num_rows >= min(least, max(self._room, 1)):
            if self._room == 0:
                self._next_file()
                continue
            count = min(ROWS_PER_GROUP, self._room, self._pending.num_rows)
            # one chunk a column: page borders must not follow the borders of the input
            group = self._pending.slice(0, count).combine_chunks()
            assert self._writer is not None
            self._writer.write_table(group, row_group_size=ROWS_PER_GROUP)
            self._pending = self._pending.slice(count)
            self._room -= count

    def _next_file(self) -> None:
        self._close()
        self._number += 1
        file, schema = self.files[self._number], clips_schema()
        self._writer = pq.ParquetWriter(file.path, schema, **parquet_options(schema))
        self._room = file.num_rows

    def _close(self) -> None:
        if self._writer is not None:
            writer, self._writer = self._writer, None
            writer.close()


def write_rejects(tables: Sequence[Path | pa.Table], staging: Path) -> pl.DataFrame:
    """Write `rejects.parquet`, sorted by source, stage, item, reason and detail.

    Args:
        tables: Tables, or Parquet files, with the columns of `rejects_schema()`.
        staging: Folder that receives the file.

    Returns:
        The rows as written.
    """
    schema = rejects_schema()
    parts = [t if isinstance(t, pa.Table) else pq.read_table(t) for t in tables]
    parts = [p.select(schema.names).cast(schema) for p in parts]
    joined = pa.concat_tables(parts) if parts else schema.empty_table()
    frame: Any = pl.from_arrow(joined)
    order = pl.col("stage").replace_strict(
        {name: number for number, name in enumerate(STAGES)}, default=len(STAGES)
    )
    frame = frame.sort("source", order, "stage", "item", "reason", "origin_path", "level", "detail")
    table = frame.to_arrow().cast(schema)
    pq.write_table(table, staging / REJECTS_FILE, compression="zstd", store_schema=True)
    return pl.DataFrame(frame)


def _gather(part: pl.DataFrame, work_tables: Sequence[Path]) -> pa.Table:
    """The rows of `part`, in its order, with the columns of the clips table."""
    placed = part.with_row_index("place").sort("file", "group", "row")
    pieces: list[pa.Table] = []
    for (number,), of_file in placed.group_by("file", maintain_order=True):
        with pq.ParquetFile(work_tables[int(str(number))]) as file:
            pieces.extend(_take_groups(file, of_file))
    if not pieces:
        return clips_schema().empty_table()
    order = np.argsort(placed["place"].to_numpy())
    return pa.concat_tables(pieces).take(pa.array(order))


def _take_groups(file: pq.ParquetFile, wanted: pl.DataFrame) -> Iterator[pa.Table]:
    for (group,), rows in wanted.group_by("group", maintain_order=True):
        table = file.read_row_group(int(str(group)), columns=clips_schema().names)
        yield table.take(pa.array(rows["row"].to_numpy()))


def _curated(table: pa.Table, part: pl.DataFrame) -> pa.Table:
    schema = clips_schema()
    curated = {
        "split": pa.array(part["split"].to_list(), type=pa.string()),
        "sft": pa.array(part["sft"].to_list(), type=pa.bool_()),
    }
    columns = [curated.get(name, table.column(name)) for name in schema.names]
    return pa.Table.from_arrays(columns, schema=schema)
