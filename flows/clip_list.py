"""Some clips of a dataset folder, to choose from."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import pyarrow.compute as pc
import pyarrow.parquet as pq
from pyarrow import ArrowInvalid

from datasets_spec.errors import ConfigError, StickgenError
from datasets_spec.layout import CLIPS_DIR
from stickgen_model.near_words import unknown_word
from stickgen_model.prompts import clean_text

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

__all__ = ["some_clips"]

_SHOWN: Final = 70


def some_clips(folder: Path, wanted: Mapping[str, str], *, count: int) -> list[dict[str, Any]]:
    """Clips spread over a dataset.

    Args:
        folder: Of the dataset.
        wanted: Values of split, source and action; an empty one takes all clips.
        count: At most so many.

    Returns:
        Rows of clip_id, seconds and told: action and first caption.

    Raises:
        ConfigError: If the folder is no dataset, or no clip fits; near values are named.
        StickgenError: If a file is damaged.
    """
    files = sorted((folder / CLIPS_DIR).glob("*.parquet"))
    if not files:
        msg = f"{folder}: expected the folder of a dataset, with Parquet files in {CLIPS_DIR}/"
        raise ConfigError(msg)
    found: list[dict[str, Any]] = []
    seen: dict[str, set[str]] = {name: set() for name in wanted}
    for path in files:
        rows = _matching(path, wanted, seen)
        step = max(1, len(rows) // count)
        found += rows[::step][:count]
        if len(found) >= count:
            break
    if not found:
        raise ConfigError(_none_told(folder, wanted, seen))
    return found[:count]


def _matching(
    path: Path, wanted: Mapping[str, str], seen: dict[str, set[str]]
) -> list[dict[str, Any]]:
    columns = ["clip_id", "num_frames", "fps", "action", "captions", *wanted]
    try:
        table = pq.ParquetFile(path)
        there = set(table.schema_arrow.names)
        rows = table.read(columns=[c for c in dict.fromkeys(columns) if c in there])
    except (OSError, ArrowInvalid) as error:
        msg = f"{path}: expected a Parquet file of clips: {error}"
        raise StickgenError(msg) from error
    if not set(wanted) <= set(rows.column_names):
        return []
    for name in wanted:
        seen[name] |= {str(value) for value in pc.unique(rows[name]).to_pylist()}
    for name, value in wanted.items():
        rows = rows.filter(pc.equal(rows[name], value))
    return [_row(row) for row in rows.to_pylist()]


def _row(row: Mapping[str, Any]) -> dict[str, Any]:
    captions = row.get("captions") or [""]
    told = clean_text(f"{row.get('action') or ''}  {captions[0]}")
    return {
        "clip_id": row["clip_id"],
        "seconds": row["num_frames"] / (row.get("fps") or 25.0),
        "told": told if len(told) <= _SHOWN else f"{told[:_SHOWN]}...",
    }


def _none_told(folder: Path, wanted: Mapping[str, str], seen: Mapping[str, set[str]]) -> str:
    for name, value in wanted.items():
        if value not in seen[name] and seen[name]:
            return unknown_word(f"--{name}", value, seen[name])
    told = ", ".join(f"{name} {value}" for name, value in wanted.items())
    return f"{folder}: expected clips of {told or 'any kind'}, found none"
