"""One shard of raw files to records of sequences, with an index and the rejects."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Final

import pyarrow as pa
import pyarrow.parquet as pq

from datasets_spec.errors import RejectError
from datasets_spec.rejection import RejectReason
from datasets_spec.schema import rejects_schema
from datasets_spec.stage_index import INGEST_COLUMNS
from tasks.retarget.facts import sequence_facts
from tasks.store.records import RecordWriter
from tasks.store.sequences import write_sequence

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from datasets_spec.motion import MotionSequence
    from tasks.ingest.contract import SourceItem, SourceReader
    from tasks.ingest.plan import IngestShard

__all__ = [
    "INDEX_FILE",
    "RECORDS_FILE",
    "REJECTS_FILE",
    "fill_ingest_shard",
    "index_row",
    "index_schema",
    "reject_row",
    "write_index",
    "write_rejects",
]

RECORDS_FILE: Final = "records.arrow"
INDEX_FILE: Final = "index.parquet"
REJECTS_FILE: Final = "rejects.parquet"
_ARROW: Final = {str: pa.string(), int: pa.int64(), float: pa.float64(), bool: pa.bool_()}
_PLACE: Final = {
    "item": str,  # key of the item the sequence came from
    "origin_path": str,
    "origin_sha256": str,
    "first_frame": int,
    "warnings": str,
}


def index_schema(columns: Mapping[str, type]) -> pa.Schema:
    """Arrow schema of an index table."""
    return pa.schema([pa.field(name, _ARROW[kind]) for name, kind in columns.items()])


def reject_row(
    *, source: str, item: str, origin_path: str, stage: str, level: str, reason: str, detail: str
) -> dict[str, str]:
    """One row of the rejects table."""
    return {
        "source": source,
        "item": item,
        "origin_path": origin_path,
        "stage": stage,
        "level": level,
        "reason": reason,
        "detail": detail,
    }


def write_rejects(path: Path, rows: Sequence[Mapping[str, str]]) -> None:
    """Write a rejects table, in the order given."""
    schema = rejects_schema()
    pq.write_table(pa.Table.from_pylist([dict(row) for row in rows], schema=schema), path)


def write_index(path: Path, rows: Sequence[Mapping[str, object]]) -> None:
    """Write the index of a shard's sequences, rows made by `index_row`."""
    schema = index_schema({**_PLACE, **INGEST_COLUMNS})
    pq.write_table(pa.Table.from_pylist([dict(row) for row in rows], schema=schema), path)


def fill_ingest_shard(folder: Path, shard: IngestShard, reader: SourceReader) -> dict[str, int]:
    """Read every item of a shard; what cannot be used becomes a counted reject.

    Args:
        folder: Where to write records, index and rejects.
        shard: The work.
        reader: The reader of the shard's source.

    Returns:
        Counts: items, accepted, rejected (items = accepted + rejected), sequences, frames.
    """
    rows: list[dict[str, object]] = []
    rejects: list[dict[str, str]] = []
    accepted = frames = 0
    with RecordWriter(folder / RECORDS_FILE) as writer:
        for item in shard.items:
            try:
                sequences = _read(reader, Path(shard.config.path), item)
            except RejectError as error:
                rejects.append(_item_reject(shard, item, error))
                continue
            accepted += 1
            for sequence in sequences:
                write_sequence(writer, sequence)
                rows.append(index_row(item.key, sequence))
                frames += sequence.num_frames
    assert accepted + len(rejects) == len(shard.items)
    write_index(folder / INDEX_FILE, rows)
    write_rejects(folder / REJECTS_FILE, rejects)
    return {
        "items": len(shard.items),
        "accepted": accepted,
        "rejected": len(rejects),
        "sequences": len(rows),
        "frames": frames,
    }


def _read(reader: SourceReader, root: Path, item: SourceItem) -> tuple[MotionSequence, ...]:
    try:
        sequences = reader.read(root, item)
    except OSError as error:
        # the disk, not the format: permissions, a vanished file, a bad sector
        reason = RejectReason.UNREADABLE
        raise RejectError(reason, f"{item.paths[0]}: {error.strerror or error}") from error
    if not sequences:
        raise RejectError(RejectReason.EMPTY, f"{item.paths[0]}: no usable motion in it")
    return sequences


def _item_reject(shard: IngestShard, item: SourceItem, error: RejectError) -> dict[str, str]:
    return reject_row(
        source=shard.config.name,
        item=item.key,
        origin_path=item.paths[0],
        stage="ingest",
        level="file",
        reason=error.reason.value,
        detail=error.detail,
    )


def index_row(item: str, sequence: MotionSequence) -> dict[str, object]:
    """A sequence's row of the index; `item` is the key of what it came from."""
    return {
        "item": item,
        "origin_path": sequence.origin.path,
        "origin_sha256": sequence.origin.sha256,
        "first_frame": sequence.origin.first_frame,
        "warnings": "; ".join(sequence.warnings),
        **sequence_facts(sequence),
    }
