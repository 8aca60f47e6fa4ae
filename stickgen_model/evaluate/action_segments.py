"""Stretches of one action, cut from the clips of a dataset folder.

Letters of shapes: N frames of all stretches, S stretches.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from datasets_spec.errors import ConfigError, StickgenError
from datasets_spec.layout import CLIPS_DIR
from datasets_spec.schema import SPLITS, check_schema_version
from datasets_spec.skeleton import NUM_JOINTS
from datasets_spec.vocabulary import NUM_ACTIONS

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

__all__ = ["MIN_SEGMENT_FRAMES", "SYNTHETIC_SOURCES", "ActionSegments", "read_segments"]

MIN_SEGMENT_FRAMES: Final = 16
SYNTHETIC_SOURCES: Final = ("procedural", "stories")
"""Sources whose motion a program made; all others were recorded."""

_COLUMNS: Final = ("clip_id", "source", "sequence_id", "joints", "actions")


@dataclass(frozen=True, eq=False, kw_only=True, slots=True)
class ActionSegments:
    """Stretches of one action each.

    Attributes:
        frames: Joints of all clips, shape (N, 10, 2), H.
        first: First frame of each stretch, a row of `frames`, shape (S,).
        lengths: Frames of each stretch, shape (S,).
        actions: Action id of each, shape (S,).
        real: True where it was recorded, shape (S,).
        groups: Recording that each comes from, shape (S,): stretches of one recording, and its
            views, are no independent samples.
        clip_ids: Clip that each comes from, shape (S,).
    """

    frames: NDArray[np.float32]
    first: NDArray[np.int64]
    lengths: NDArray[np.int64]
    actions: NDArray[np.int64]
    real: NDArray[np.bool_]
    groups: NDArray[np.str_]
    clip_ids: NDArray[np.str_]

    def __len__(self) -> int:
        return len(self.first)

    def clip(self, number: int) -> NDArray[np.float32]:
        """Joints of a stretch, shape (T, 10, 2), H; a view."""
        start = int(self.first[number])
        part: NDArray[np.float32] = self.frames[start : start + int(self.lengths[number])]
        return part

    def select(self, rows: NDArray[Any]) -> ActionSegments:
        """Some of the stretches; the frames are shared."""
        return ActionSegments(
            frames=self.frames,
            first=self.first[rows],
            lengths=self.lengths[rows],
            actions=self.actions[rows],
            real=self.real[rows],
            groups=self.groups[rows],
            clip_ids=self.clip_ids[rows],
        )


def read_segments(
    folder: Path, *, split: str, min_frames: int = MIN_SEGMENT_FRAMES
) -> ActionSegments:
    """All stretches of one action in the clips of a split, in the order of the files.

    Args:
        folder: Dataset folder.
        split: train, val or test.
        min_frames: Shorter stretches are left out, unlabelled ones always.

    Raises:
        ConfigError: If there are none.
        SchemaVersionError: If the folder was written under another schema.
        StickgenError: If a clip has as many actions as frames nowhere.
    """
    if split not in SPLITS:
        msg = f"expected a split of {SPLITS}, got {split!r}"
        raise ConfigError(msg)
    parts = []
    for path in sorted((folder / CLIPS_DIR).glob("*.parquet")):
        check_schema_version(pq.read_schema(path), where=str(path))
        table = pq.read_table(path, columns=list(_COLUMNS), filters=pc.field("split") == split)
        if len(table):
            parts.append(_cut(table, path, min_frames))
    if not sum(len(part) for part in parts):
        msg = (
            f"{folder}: expected {split} clips with stretches of one action of {min_frames} frames "
            "or more, found none; build the dataset with more of them"
        )
        raise ConfigError(msg)
    return _join(parts)


def _cut(table: pa.Table, path: Path, min_frames: int) -> ActionSegments:
    columns = {name: table.column(name).combine_chunks() for name in _COLUMNS}
    lengths = np.asarray(pc.list_value_length(columns["actions"])).astype(np.int64)
    if not np.array_equal(lengths, np.asarray(pc.list_value_length(columns["joints"]))):
        msg = f"{path}: joints and actions have different numbers of frames; rebuild the folder"
        raise StickgenError(msg)
    actions = np.asarray(columns["actions"].flatten()).astype(np.int64)
    joints = np.asarray(columns["joints"].flatten().flatten(), dtype=np.float32)
    starts = np.concatenate([[0], np.cumsum(lengths)])
    # a stretch ends where the action changes or the clip ends
    edges = np.union1d(starts, np.flatnonzero(np.diff(actions)) + 1)
    first, length = edges[:-1], np.diff(edges)
    keep = (length >= min_frames) & (actions[first] < NUM_ACTIONS)
    first, length = first[keep], length[keep]
    clip = np.searchsorted(starts, first, side="right") - 1
    words = {
        name: np.array(columns[name].to_pylist(), dtype=np.str_)[clip] for name in _COLUMNS[:3]
    }
    return ActionSegments(
        frames=joints.reshape(-1, NUM_JOINTS, 2),
        first=first,
        lengths=length,
        actions=actions[first],
        real=~np.isin(words["source"], SYNTHETIC_SOURCES),
        groups=np.char.add(np.char.add(words["source"], "/"), words["sequence_id"]),
        clip_ids=words["clip_id"],
    )


def _join(parts: list[ActionSegments]) -> ActionSegments:
    offsets = np.cumsum([0, *(len(part.frames) for part in parts)])
    return ActionSegments(
        frames=np.concatenate([part.frames for part in parts]),
        first=np.concatenate([p.first + o for p, o in zip(parts, offsets, strict=False)]),
        lengths=np.concatenate([part.lengths for part in parts]),
        actions=np.concatenate([part.actions for part in parts]),
        real=np.concatenate([part.real for part in parts]),
        groups=np.concatenate([part.groups for part in parts]),
        clip_ids=np.concatenate([part.clip_ids for part in parts]),
    )
