"""One shard of clips to scored rows of the clips table, with descriptors for near-duplicates."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING, Final

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from datasets_spec.quality import QUALITY_SCORE
from datasets_spec.rejection import RejectReason
from tasks.curate.descriptor import DESCRIPTOR_DIM, clip_descriptor
from tasks.ingest.convert import REJECTS_FILE, reject_row, write_rejects
from tasks.publish.rows import clips_to_table, work_schema
from tasks.score.score import score_clip
from tasks.store.sequences import iter_clips

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    from tasks.config import ScoreConfig
    from tasks.retarget.clip import StickClip

__all__ = ["CLIPS_FILE", "DESCRIPTOR_COLUMN", "SCORE_COUNTS", "fill_score_shard"]

CLIPS_FILE: Final = "clips.parquet"
DESCRIPTOR_COLUMN: Final = "descriptor"
SCORE_COUNTS: Final = ("read", "clips", "rejected", "frames")
_BATCH: Final = 256
"""Clips converted and written at a time: a row group, and the memory a task holds."""


def fill_score_shard(folder: Path, *, records: Path, config: ScoreConfig) -> dict[str, int]:
    """Score every clip of a shard; scenes with a clip below the floor are rejected whole.

    Args:
        folder: Where to write the clips table and the rejects.
        records: The shard's clips.
        config: The scoring.

    Returns:
        Counts by SCORE_COUNTS; read = clips + rejected.
    """
    counts = dict.fromkeys(SCORE_COUNTS, 0)
    rejects: list[dict[str, str]] = []
    batch = _Batch(folder / CLIPS_FILE)
    for _, scene in groupby(iter_clips(records), key=lambda clip: clip.scene_id):
        clips = list(scene)
        counts["read"] += len(clips)
        measures = [score_clip(clip) for clip in clips]
        lowest = min(measure[QUALITY_SCORE] for measure in measures)
        if lowest < config.floor:
            rejects += [_low(clip, lowest, config.floor) for clip in clips]
            continue
        batch.add(clips, measures)
        counts["clips"] += len(clips)
        counts["frames"] += sum(clip.joints.shape[0] for clip in clips)
    batch.close()
    counts["rejected"] = len(rejects)
    assert counts["read"] == counts["clips"] + counts["rejected"]
    write_rejects(folder / REJECTS_FILE, rejects)
    return counts


class _Batch:
    """Writes clips in row groups of bounded size."""

    def __init__(self, path: Path) -> None:
        schema = _working_schema()
        self._writer = pq.ParquetWriter(path, schema, compression="zstd", compression_level=1)
        self._schema = schema
        self._clips: list[StickClip] = []
        self._measures: list[dict[str, float]] = []

    def add(self, clips: Sequence[StickClip], measures: Sequence[dict[str, float]]) -> None:
        self._clips += clips
        self._measures += measures
        if len(self._clips) >= _BATCH:
            self._flush()

    def close(self) -> None:
        if self._clips:
            self._flush()
        self._writer.close()

    def _flush(self) -> None:
        table = clips_to_table(self._clips, self._measures)
        vectors = np.stack([clip_descriptor(clip.points) for clip in self._clips])
        table = table.append_column(DESCRIPTOR_COLUMN, _vectors(vectors))
        self._writer.write_table(table.cast(self._schema))
        self._clips, self._measures = [], []


def _vectors(vectors: NDArray[np.float32]) -> pa.Array:
    flat = pa.array(vectors.astype(np.float32).ravel())
    return pa.FixedSizeListArray.from_arrays(flat, DESCRIPTOR_DIM)


def _working_schema() -> pa.Schema:
    descriptor = pa.field(DESCRIPTOR_COLUMN, pa.list_(pa.float32(), DESCRIPTOR_DIM))
    return work_schema().append(descriptor)


def _low(clip: StickClip, lowest: float, floor: float) -> dict[str, str]:
    return reject_row(
        source=clip.source,
        item=clip.clip_id,
        origin_path=clip.origin_path,
        stage="score",
        level="clip",
        reason=RejectReason.LOW_SCORE.value,
        detail=f"expected a score of at least {floor:g}, the scene's lowest is {lowest:.3f}",
    )
