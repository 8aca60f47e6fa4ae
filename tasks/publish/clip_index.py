"""Read back what was written: a few columns of every clip, or all columns of a few clips."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq

from datasets_spec.errors import StickgenError
from datasets_spec.layout import CLIPS_DIR, REJECTS_FILE
from datasets_spec.schema import check_schema_version, clips_schema, rejects_schema

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence
    from pathlib import Path

__all__ = [
    "check_footers",
    "clip_files",
    "iter_clip_tables",
    "read_chosen_clips",
    "read_clip_index",
    "read_rejects",
]


_DAMAGE: Final = (OSError, ValueError, KeyError, pa.ArrowException)
"""What pyarrow raises for damaged bytes; a broken text is a ValueError."""


def clip_files(folder: Path) -> list[Path]:
    """The clip files of a dataset folder, sorted by name."""
    return sorted((folder / CLIPS_DIR).glob("*.parquet"))


def iter_clip_tables(folder: Path, columns: Sequence[str]) -> Iterator[pa.Table]:
    """Yield some columns of each row group, in file order.

    Args:
        folder: The dataset folder.
        columns: Names of top-level columns.

    Raises:
        StickgenError: If a file is damaged; the text names it.
        SchemaVersionError: If a file has another schema version.
    """
    for path in clip_files(folder):
        try:
            with pq.ParquetFile(path) as file:
                _check_columns(file.schema_arrow, columns, path)
                for group in range(file.num_row_groups):
                    table = file.read_row_group(group, columns=list(columns))
                    table.validate(full=True)  # polars trusts offsets and text blindly
                    yield table
        except _DAMAGE as error:
            raise _damaged(path, error) from error


def check_footers(folder: Path) -> None:
    """Read the schema of every Parquet file, and nothing else.

    Raises:
        StickgenError: If a file is damaged or lacks a column; the text names it.
        SchemaVersionError: If a file has another schema version.
    """
    wanted = [(path, clips_schema().names) for path in clip_files(folder)]
    for path, columns in [*wanted, (folder / REJECTS_FILE, rejects_schema().names)]:
        try:
            schema = pq.read_schema(path)
        except _DAMAGE as error:
            raise _damaged(path, error) from error
        _check_columns(schema, columns, path)


def _check_columns(schema: pa.Schema, columns: Sequence[str], path: Path) -> None:
    check_schema_version(schema, where=str(path))
    missing = [name for name in columns if name not in schema.names]
    if missing:
        msg = f"{path}: expected the columns {missing}, found none; rebuild with `stickgen build`"
        raise StickgenError(msg)


def _damaged(path: Path, error: BaseException) -> StickgenError:
    first = (str(error).splitlines() or ["?"])[0]
    msg = f"{path}: expected a Parquet file, but it is damaged ({first}); build again"
    return StickgenError(msg)


def read_clip_index(folder: Path, columns: Sequence[str]) -> pl.DataFrame:
    """Some columns of every clip, in file order.

    Raises:
        StickgenError: As `iter_clip_tables`.
    """
    schema = clips_schema()
    wanted = pa.schema([schema.field(name) for name in columns])
    tables = [t.cast(wanted) for t in iter_clip_tables(folder, columns)]
    frame: Any = pl.from_arrow(pa.concat_tables(tables) if tables else wanted.empty_table())
    return pl.DataFrame(frame)


def read_chosen_clips(
    folder: Path, clip_ids: Collection[str], columns: Sequence[str]
) -> list[dict[str, Any]]:
    """All wanted columns of a few clips; frame columns come as flat Arrow values.

    Args:
        folder: The dataset folder.
        clip_ids: Which clips.
        columns: Names of top-level columns; `clip_id` is added.

    Returns:
        One mapping a clip found, sorted by clip id; lists are Arrow list scalars.
    """
    wanted = frozenset(clip_ids)
    names = list(dict.fromkeys(["clip_id", *columns]))
    rows: list[dict[str, Any]] = []
    for path in clip_files(folder):
        with pq.ParquetFile(path) as file:
            for group in range(file.num_row_groups):
                ids = file.read_row_group(group, columns=["clip_id"]).column(0).to_pylist()
                hits = [n for n, clip_id in enumerate(ids) if clip_id in wanted]
                if hits:
                    table = file.read_row_group(group, columns=names).take(pa.array(hits))
                    rows += [
                        {name: table.column(name)[n] for name in names} for n in range(len(hits))
                    ]
    return sorted(rows, key=lambda row: str(row["clip_id"].as_py()))


def read_rejects(folder: Path) -> pl.DataFrame:
    """The rejects table of a dataset folder.

    Raises:
        StickgenError: If it is absent or damaged.
        SchemaVersionError: If it has another schema version.
    """
    path = folder / REJECTS_FILE
    schema = rejects_schema()
    try:
        table = pq.read_table(path)
        _check_columns(table.schema, schema.names, path)
        table = table.select(schema.names).cast(schema)
        table.validate(full=True)
    except _DAMAGE as error:
        raise _damaged(path, error) from error
    frame: Any = pl.from_arrow(table)
    return pl.DataFrame(frame)
