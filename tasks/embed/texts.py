"""The distinct texts of a dataset folder, read without its motion."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from datasets_spec.errors import ConfigError, StickgenError
from datasets_spec.layout import CLIPS_DIR
from datasets_spec.schema import check_schema_version

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["clip_files", "distinct_texts"]

_COLUMNS: Final = ("captions", "parts")
_ROWS: Final = 1024


def clip_files(data: Path) -> list[Path]:
    """The files of clips, sorted.

    Args:
        data: Dataset folder.

    Raises:
        ConfigError: If there are none.
    """
    files = sorted((data / CLIPS_DIR).glob("*.parquet"))
    if not files:
        msg = (
            f"{data}: expected a dataset folder with {CLIPS_DIR}/*.parquet, found none; "
            "make one with `stickgen build`"
        )
        raise ConfigError(msg)
    return files


def distinct_texts(data: Path) -> set[str]:
    """Every caption and every text of a part, of all splits, as written.

    Args:
        data: Dataset folder.

    Raises:
        ConfigError: If it is no dataset folder.
        SchemaVersionError: If it was written under another schema.
        StickgenError: If a file of it cannot be read.
    """
    files = clip_files(data)
    found: set[str] = set()
    for path in files:
        try:
            _read_texts(path, found)
        except (OSError, pa.ArrowException, UnicodeDecodeError) as error:
            msg = (
                f"{path}: expected a readable Parquet file of clips with {', '.join(_COLUMNS)} "
                f"({error}); build the dataset again"
            )
            raise StickgenError(msg) from error
    return found


def _read_texts(path: Path, found: set[str]) -> None:
    with pq.ParquetFile(path) as file:
        check_schema_version(file.schema_arrow, where=str(path))
        for batch in file.iter_batches(_ROWS, columns=list(_COLUMNS)):
            if batch.num_columns != len(_COLUMNS):  # the reader passes over absent columns
                msg = f"found columns {batch.schema.names}"
                raise pa.ArrowInvalid(msg)
            captions = batch.column("captions").flatten()
            parts = pc.struct_field(batch.column("parts").flatten(), "text")
            for texts in (captions, parts):
                found.update(texts.unique().drop_null().to_pylist())
