"""One shard of sequences to records of clips."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import pyarrow as pa
import pyarrow.parquet as pq

from datasets_spec.stage_index import RETARGET_COLUMNS
from tasks.ingest.convert import (
    INDEX_FILE,
    RECORDS_FILE,
    REJECTS_FILE,
    index_schema,
    reject_row,
    write_rejects,
)
from tasks.retarget.facts import clip_facts
from tasks.retarget.retarget import retarget_sequence
from tasks.store.records import RecordWriter
from tasks.store.sequences import iter_sequences, write_clip

if TYPE_CHECKING:
    from pathlib import Path

    from tasks.config import RetargetConfig
    from tasks.ingest.duplicates import RepeatedSequence

__all__ = ["RETARGET_COUNTS", "fill_retarget_shard"]

RETARGET_COUNTS: Final = ("sequences", "repeats", "clips", "rejected", "frames")


def fill_retarget_shard(
    folder: Path,
    *,
    records: Path,
    repeats: tuple[RepeatedSequence, ...],
    config: RetargetConfig,
    licence: str,
) -> dict[str, int]:
    """Retarget every sequence of a shard, one at a time in memory.

    Args:
        folder: Where to write records, index and rejects.
        records: The shard's sequences.
        repeats: Sequences to leave out, by row.
        config: The retargeting.
        licence: Short name, written to every clip.

    Returns:
        Counts by RETARGET_COUNTS.
    """
    left_out = {repeat.row: repeat for repeat in repeats}
    rows: list[dict[str, object]] = []
    rejects = [_repeat_reject(repeat) for repeat in repeats]
    counts = dict.fromkeys(RETARGET_COUNTS, 0) | {"repeats": len(repeats)}
    with RecordWriter(folder / RECORDS_FILE) as writer:
        for number, sequence in enumerate(iter_sequences(records)):
            counts["sequences"] += 1
            if number in left_out:
                continue
            result = retarget_sequence(sequence, config, licence=licence)
            for clip in result.clips:
                write_clip(writer, clip)
                rows.append(clip_facts(clip))
                counts["frames"] += clip.joints.shape[0]
            for reject in result.rejects:
                counts["rejected"] += 1
                row = reject_row(
                    source=sequence.source,
                    item=reject.clip_id,
                    origin_path=sequence.origin.path,
                    stage="retarget",
                    level="clip",
                    reason=reject.reason,
                    detail=reject.detail,
                )
                rejects.append(row)
    counts["clips"] = len(rows)
    table = pa.Table.from_pylist(rows, schema=index_schema(RETARGET_COLUMNS))
    pq.write_table(table, folder / INDEX_FILE)
    write_rejects(folder / REJECTS_FILE, rejects)
    return counts


def _repeat_reject(repeat: RepeatedSequence) -> dict[str, str]:
    return reject_row(
        source=repeat.source,
        item=repeat.sequence_id,
        origin_path=repeat.origin_path,
        stage="ingest",
        level="sequence",
        reason=repeat.reason.value,
        detail=repeat.detail,
    )
