"""All clips of one set of a dataset folder, in memory, in few large arrays.

Shapes: N = frames of all clips of one file, T = frames of one clip. Arrays are views of what the
Parquet reader decoded wherever Arrow allows, so that a clip costs no copy until it is batched.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from datasets_spec.environment import ENVIRONMENT_DIM
from datasets_spec.errors import ConfigError, StickgenError
from datasets_spec.layout import CLIPS_DIR
from datasets_spec.schema import CAMERA_DIM, PHYSICS_DIM, SPLITS, check_schema_version
from datasets_spec.skeleton import POSE_DIM
from datasets_spec.vocabulary import NUM_ACTIONS, UNLABELLED

if TYPE_CHECKING:
    from collections.abc import Collection
    from pathlib import Path

    from numpy.typing import NDArray

__all__ = ["ClipArrays", "ClipStore"]

_COLUMNS: Final = (
    "clip_id",
    "partner_clip_id",
    "joints",
    "actions",
    "physics",
    "camera",
    "environment",
    "captions",
    "parts",
    "symmetric",
)
NO_PARTNER: Final = -1


@dataclass(frozen=True, eq=False, kw_only=True, slots=True)
class ClipArrays:
    """One clip; treat the arrays as read-only, they are views of the store.

    Attributes:
        joints: Shape (T, 20), H.
        actions: Shape (T,), uint8, UNLABELLED where not known.
        physics: Shape (T, 6), as stored.
        camera: Shape (T, 3).
        environment: Shape (32,), NaN where not known.
        partner: Joints of the other person, shape (T', 20), or None.
        sentences: Rows of `ClipStore.sentences`, shape (C,).
        part_frames: First frame of each part and the frame after its last, shape (Q, 2).
        part_sentences: Rows of `ClipStore.sentences`, shape (Q,).
        symmetric: Whether a mirror image fits the captions.
    """

    joints: NDArray[np.float32]
    actions: NDArray[np.uint8]
    physics: NDArray[np.float32]
    camera: NDArray[np.float32]
    environment: NDArray[np.float32]
    partner: NDArray[np.float32] | None
    sentences: NDArray[np.int32]
    part_frames: NDArray[np.int64]
    part_sentences: NDArray[np.int32]
    symmetric: bool


@dataclass(frozen=True, eq=False, kw_only=True, slots=True)
class _Shard:
    """The clips of one file; arrays of starts have one entry more than clips."""

    clip_ids: list[str]
    partners: list[str | None]
    starts: NDArray[np.int64]
    joints: NDArray[np.float32]
    actions: NDArray[np.uint8]
    physics: NDArray[np.float32]
    camera: NDArray[np.float32]
    environment: NDArray[np.float32]
    caption_starts: NDArray[np.int64]
    captions: pa.Array
    part_starts: NDArray[np.int64]
    part_frames: NDArray[np.int64]
    part_texts: pa.Array
    symmetric: NDArray[np.bool_]


class ClipStore:
    """The clips of one split.

    Args:
        shards: Read files.
    """

    def __init__(self, shards: list[_Shard]) -> None:
        self._shards = shards
        sizes = [len(shard.clip_ids) for shard in shards]
        self._first = np.concatenate([[0], np.cumsum(sizes)]).astype(np.int64)
        self.clip_ids = tuple(name for shard in shards for name in shard.clip_ids)
        self.lengths = np.concatenate([np.diff(shard.starts) for shard in shards])
        said = [texts for s in shards for texts in (s.captions, s.part_texts)]
        self.sentences, ids = _unique_sentences(said)
        self._caption_ids, self._part_ids = ids[::2], ids[1::2]
        row_of = {name: row for row, name in enumerate(self.clip_ids)}
        self.partner_rows = np.array(
            [row_of.get(p or "", NO_PARTNER) for s in shards for p in s.partners], dtype=np.int64
        )

    @classmethod
    def open(
        cls,
        folder: Path,
        *,
        split: str = "train",
        sft: bool = False,
        num_actions: int = NUM_ACTIONS,
        only: Collection[str] | None = None,
    ) -> ClipStore:
        """Read the clips of a split.

        Args:
            folder: Dataset folder.
            split: train, val or test.
            sft: Only the balanced fine-tuning set.
            num_actions: Actions that the model tells apart.
            only: Ids of the clips to take, None = all.

        Raises:
            ConfigError: If the folder has no such clips.
            SchemaVersionError: If it was written under another schema.
            StickgenError: If a clip cannot be trained on; the text names it.
        """
        if split not in SPLITS:
            msg = f"expected a split of {SPLITS}, got {split!r}"
            raise ConfigError(msg)
        files = sorted((folder / CLIPS_DIR).glob("*.parquet"))
        if not files:
            msg = f"{folder}: expected a dataset folder with {CLIPS_DIR}/*.parquet, found none"
            raise ConfigError(msg)
        tables = [(path, _read_rows(path, split=split, sft=sft, only=only)) for path in files]
        shards = [_make_shard(table, path) for path, table in tables if table is not None]
        if not shards:
            kind = f"{split} clips of the fine-tuning set" if sft else f"{split} clips"
            msg = f"{folder}: expected {kind}, found none; build the dataset with more of them"
            raise ConfigError(msg)
        for shard in shards:
            _check_shard(shard, num_actions)
        return cls(shards)

    def __len__(self) -> int:
        return len(self.clip_ids)

    @property
    def num_partners_elsewhere(self) -> int:
        """Clips whose partner is not in this set: they are trained as if alone."""
        named = sum(p is not None for s in self._shards for p in s.partners)
        return named - int((self.partner_rows != NO_PARTNER).sum())

    def __getitem__(self, row: int) -> ClipArrays:
        shard, own, number = self._find(row)
        span = slice(int(shard.starts[own]), int(shard.starts[own + 1]))
        words = slice(int(shard.caption_starts[own]), int(shard.caption_starts[own + 1]))
        parts = slice(int(shard.part_starts[own]), int(shard.part_starts[own + 1]))
        partner = int(self.partner_rows[row])
        return ClipArrays(
            joints=shard.joints[span],
            actions=shard.actions[span],
            physics=shard.physics[span],
            camera=shard.camera[span],
            environment=shard.environment[own],
            partner=None if partner == NO_PARTNER else self.joints_of(partner),
            sentences=self._caption_ids[number][words],
            part_frames=shard.part_frames[parts],
            part_sentences=self._part_ids[number][parts],
            symmetric=bool(shard.symmetric[own]),
        )

    def joints_of(self, row: int) -> NDArray[np.float32]:
        """Joints of a clip, shape (T, 20), H."""
        shard, own, _ = self._find(row)
        return shard.joints[int(shard.starts[own]) : int(shard.starts[own + 1])]

    def _find(self, row: int) -> tuple[_Shard, int, int]:
        if not 0 <= row < len(self):
            msg = f"expected a clip 0..{len(self) - 1}, got {row}"
            raise IndexError(msg)
        number = int(np.searchsorted(self._first, row, side="right")) - 1
        return self._shards[number], row - int(self._first[number]), number


def _read_rows(
    path: Path, *, split: str, sft: bool, only: Collection[str] | None
) -> pa.Table | None:
    """The wanted rows of a file, None where there are none."""
    check_schema_version(pq.read_schema(path), where=str(path))
    marks = pq.read_table(path, columns=["clip_id", "split", "sft"])
    wanted = pc.equal(marks["split"], split)
    if sft:
        wanted = pc.and_(wanted, marks["sft"])
    if only is not None:
        ids = pa.array(sorted(only), pa.string())
        wanted = pc.and_(wanted, pc.is_in(marks["clip_id"], value_set=ids))
    count = pc.sum(wanted).as_py() or 0
    if not count:
        return None
    table = pq.read_table(path, columns=list(_COLUMNS))
    return table if count == len(table) else table.filter(wanted)


def _make_shard(table: pa.Table, path: Path) -> _Shard:
    columns = {name: table.column(name).combine_chunks() for name in _COLUMNS}
    starts = _starts(columns["joints"])
    for name in ("actions", "physics", "camera"):
        others = _starts(columns[name])
        if not np.array_equal(starts, others):
            row = int(np.argmax(np.diff(starts) != np.diff(others)))
            clip = columns["clip_id"][row].as_py()
            msg = f"{path}: {clip}: joints and {name} have different numbers of frames"
            raise StickgenError(msg)
    environment = np.full((len(table), ENVIRONMENT_DIM), np.nan, dtype=np.float32)
    known = np.asarray(columns["environment"].is_valid())
    environment[known] = _flat(columns["environment"].flatten()).reshape(-1, ENVIRONMENT_DIM)
    parts = columns["parts"].flatten()
    first, last = (_flat(pc.struct_field(parts, f"{end}_frame")) for end in ("first", "last"))
    return _Shard(
        clip_ids=columns["clip_id"].to_pylist(),
        partners=columns["partner_clip_id"].to_pylist(),
        starts=starts,
        joints=_frames(columns["joints"], POSE_DIM),
        actions=_flat(columns["actions"].flatten()),
        physics=_frames(columns["physics"], PHYSICS_DIM),
        camera=_frames(columns["camera"], CAMERA_DIM),
        environment=environment,
        caption_starts=_starts(columns["captions"]),
        captions=columns["captions"].flatten(),
        part_starts=_starts(columns["parts"]),
        part_frames=np.stack([first.astype(np.int64), last.astype(np.int64) + 1], axis=1),
        part_texts=pc.struct_field(parts, "text"),
        symmetric=np.asarray(columns["symmetric"]).astype(np.bool_),
    )


def _starts(column: pa.ListArray) -> NDArray[np.int64]:
    """Where each list begins in the flattened column; one entry more than lists."""
    lengths = np.asarray(pc.fill_null(pc.list_value_length(column), 0))
    return np.concatenate([[0], np.cumsum(lengths, dtype=np.int64)])


def _flat(values: pa.Array) -> NDArray[Any]:
    return np.asarray(values.to_numpy(zero_copy_only=False))


def _frames(column: pa.ListArray, width: int) -> NDArray[np.float32]:
    return _flat(column.flatten().flatten()).reshape(-1, width)


def _unique_sentences(lists: list[pa.Array]) -> tuple[tuple[str, ...], list[NDArray[np.int32]]]:
    """Distinct sentences of all lists and, by list, the number of each sentence."""
    # in one piece: Arrow leaves empty pieces out
    whole = pa.chunked_array(lists, type=pa.string()).combine_chunks().dictionary_encode()
    ends = np.cumsum([len(part) for part in lists])[:-1]
    numbers = np.split(_flat(whole.indices).astype(np.int32), ends)
    return tuple(whole.dictionary.to_pylist()), numbers


def _check_shard(shard: _Shard, num_actions: int) -> None:
    def clip_at(frame: int) -> str:
        return shard.clip_ids[int(np.searchsorted(shard.starts, frame, side="right")) - 1]

    unknown = (shard.actions >= num_actions) & (shard.actions != UNLABELLED)
    if unknown.any():
        frame = int(np.argmax(unknown))
        msg = (
            f"{clip_at(frame)}: expected action ids 0..{num_actions - 1} or {UNLABELLED}, got "
            f"{int(shard.actions[frame])}; train with num_actions of the dataset"
        )
        raise StickgenError(msg)
    for name in ("joints", "physics", "camera"):
        bad = ~np.isfinite(getattr(shard, name)).all(axis=1)
        if bad.any():
            frame = int(np.argmax(bad))
            msg = f"{clip_at(frame)}: expected finite {name}, got NaN or infinity; rebuild the clip"
            raise StickgenError(msg)
    if (np.diff(shard.starts) < 1).any():
        clip = shard.clip_ids[int(np.argmax(np.diff(shard.starts) < 1))]
        msg = f"{clip}: expected at least one frame, got none; rebuild the clip"
        raise StickgenError(msg)
