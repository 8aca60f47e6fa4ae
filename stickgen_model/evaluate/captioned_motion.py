"""Motion with the sentences that tell of it, from the clips of a dataset folder.

Letters of shapes: N frames of all clips, S stretches.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import chain
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from datasets_spec.errors import ConfigError
from datasets_spec.layout import CLIPS_DIR
from datasets_spec.schema import SPLITS, check_schema_version
from datasets_spec.skeleton import NUM_JOINTS
from stickgen_model.evaluate.action_segments import MIN_SEGMENT_FRAMES, SYNTHETIC_SOURCES

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

__all__ = ["NO_DESCRIPTION", "CaptionedMotion", "read_captioned"]

NO_DESCRIPTION: Final = ("filename", "none")
"""Where captions come from that describe no motion."""

_COLUMNS: Final = ("source", "sequence_id", "joints", "captions", "parts", "caption_source")


@dataclass(frozen=True, eq=False, kw_only=True, slots=True)
class CaptionedMotion:
    """Stretches with their sentences: whole clips, and their parts.

    Attributes:
        frames: Joints of all clips, shape (N, 10, 2), H.
        first: First frame of each stretch, a row of `frames`, shape (S,).
        lengths: Frames of each stretch, shape (S,).
        texts: What each may be called, at least one sentence.
        clips: Number of the clip that each comes from, shape (S,).
        groups: Number of the recording that each comes from, shape (S,): its stretches and its
            views are no independent samples.
        whole: True where the stretch is a whole clip, shape (S,).
        real: True where it was recorded, shape (S,).
    """

    frames: NDArray[np.float32]
    first: NDArray[np.int64]
    lengths: NDArray[np.int64]
    texts: tuple[tuple[str, ...], ...]
    clips: NDArray[np.int64]
    groups: NDArray[np.int64]
    whole: NDArray[np.bool_]
    real: NDArray[np.bool_]

    def __len__(self) -> int:
        return len(self.first)

    def clip(self, number: int) -> NDArray[np.float32]:
        """Joints of a stretch, shape (T, 10, 2), H; a view."""
        start = int(self.first[number])
        part: NDArray[np.float32] = self.frames[start : start + int(self.lengths[number])]
        return part

    def select(self, rows: NDArray[Any]) -> CaptionedMotion:
        """Some of the stretches; the frames are shared."""
        return CaptionedMotion(
            frames=self.frames,
            first=self.first[rows],
            lengths=self.lengths[rows],
            texts=tuple(self.texts[int(row)] for row in rows),
            clips=self.clips[rows],
            groups=self.groups[rows],
            whole=self.whole[rows],
            real=self.real[rows],
        )


def read_captioned(
    folder: Path, *, split: str, min_frames: int = MIN_SEGMENT_FRAMES
) -> CaptionedMotion:
    """All stretches of a split that have a description, in the order of the files.

    Captions that come from the name of a file describe nothing and are left out.

    Args:
        folder: Dataset folder.
        split: train, val or test.
        min_frames: Shorter stretches are left out.

    Raises:
        ConfigError: If there are none.
        SchemaVersionError: If the folder was written under another schema.
    """
    if split not in SPLITS:
        msg = f"expected a split of {SPLITS}, got {split!r}"
        raise ConfigError(msg)
    described = ~pc.field("caption_source").isin(list(NO_DESCRIPTION))
    tables = []
    for path in sorted((folder / CLIPS_DIR).glob("*.parquet")):
        check_schema_version(pq.read_schema(path), where=str(path))
        wanted = (pc.field("split") == split) & described
        tables.append(pq.read_table(path, columns=list(_COLUMNS), filters=wanted))
    found = _cut(pa.concat_tables(tables), min_frames) if any(map(len, tables)) else None
    if found is None or not len(found):
        msg = (
            f"{folder}: expected {split} clips of {min_frames} frames or more with a description, "
            "found none; build the dataset with more of them"
        )
        raise ConfigError(msg)
    return found


def _cut(table: pa.Table, min_frames: int) -> CaptionedMotion:
    columns = {name: table.column(name).combine_chunks() for name in _COLUMNS}
    sizes = np.asarray(pc.list_value_length(columns["joints"])).astype(np.int64)
    starts = np.concatenate([[0], np.cumsum(sizes)])
    names = [f"{s}/{q}" for s, q in zip(*map(pa.Array.to_pylist, _pair(columns)), strict=True)]
    groups = np.unique(names, return_inverse=True)[1].astype(np.int64)
    real = ~np.isin(columns["source"].to_pylist(), SYNTHETIC_SOURCES)
    captions, parts = columns["captions"].to_pylist(), columns["parts"].to_pylist()
    wholes = (
        (clip, 0, int(size), tuple(t for t in said or () if t.strip()), True)
        for clip, (size, said) in enumerate(zip(sizes, captions, strict=True))
    )
    pieces = (
        (clip, p["first_frame"], p["last_frame"] + 1, (p["text"],), False)
        for clip, row in enumerate(parts)
        for p in row or ()
        if p["text"].strip()
    )
    rows = [row for row in chain(wholes, pieces) if row[3] and row[2] - row[1] >= min_frames]
    clips = np.array([row[0] for row in rows], dtype=np.int64)
    bounds = np.array([row[1:3] for row in rows], dtype=np.int64).reshape(-1, 2)
    joints = np.asarray(columns["joints"].flatten().flatten(), dtype=np.float32)
    return CaptionedMotion(
        frames=joints.reshape(-1, NUM_JOINTS, 2),
        first=starts[clips] + bounds[:, 0],
        lengths=bounds[:, 1] - bounds[:, 0],
        texts=tuple(row[3] for row in rows),
        clips=clips,
        groups=groups[clips],
        whole=np.array([row[4] for row in rows], dtype=np.bool_),
        real=np.asarray(real, dtype=np.bool_)[clips],
    )


def _pair(columns: dict[str, pa.Array]) -> tuple[pa.Array, pa.Array]:
    return columns["source"], columns["sequence_id"]
