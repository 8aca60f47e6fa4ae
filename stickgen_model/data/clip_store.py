"""All clips of one set of a dataset folder, in memory, in few large arrays.

Shapes: N = frames of all clips of one file, T = frames of one clip. Arrays are views of what the
Parquet reader decoded wherever Arrow allows, so that a clip costs no copy until it is batched.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
import pyarrow as pa

from datasets_spec.errors import ConfigError
from datasets_spec.layout import CLIPS_DIR
from datasets_spec.schema import SPLITS
from datasets_spec.vocabulary import NUM_ACTIONS
from stickgen_model.data.clip_shard import check_shard, flat_numbers, make_shard, read_rows

if TYPE_CHECKING:
    from collections.abc import Collection
    from pathlib import Path

    from numpy.typing import NDArray

    from stickgen_model.data.clip_shard import Shard

__all__ = ["ClipArrays", "ClipStore"]

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
        depth: Of the joints, H, shape (T, 10), or None where it was not read.
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
    depth: NDArray[np.float32] | None = None


class ClipStore:
    """The clips of one split.

    Args:
        shards: Read files.
    """

    def __init__(self, shards: list[Shard]) -> None:
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
        depth: bool = False,
    ) -> ClipStore:
        """Read the clips of a split.

        Args:
            folder: Dataset folder.
            split: train, val or test.
            sft: Only the balanced fine-tuning set.
            num_actions: Actions that the model tells apart.
            only: Ids of the clips to take, None = all.
            depth: Read the depth of the joints too, for pictures of them.

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
        tables = [
            (path, read_rows(path, split=split, sft=sft, only=only, depth=depth)) for path in files
        ]
        shards = [make_shard(table, path) for path, table in tables if table is not None]
        if not shards:
            kind = f"{split} clips of the fine-tuning set" if sft else f"{split} clips"
            msg = f"{folder}: expected {kind}, found none; build the dataset with more of them"
            raise ConfigError(msg)
        for shard in shards:
            check_shard(shard, num_actions)
        return cls(shards)

    def __len__(self) -> int:
        return len(self.clip_ids)

    @property
    def has_depth(self) -> bool:
        """Whether the depth of the joints was read."""
        return all(shard.depth is not None for shard in self._shards)

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
            depth=None if shard.depth is None else shard.depth[span],
        )

    def joints_of(self, row: int) -> NDArray[np.float32]:
        """Joints of a clip, shape (T, 20), H."""
        shard, own, _ = self._find(row)
        return shard.joints[int(shard.starts[own]) : int(shard.starts[own + 1])]

    def _find(self, row: int) -> tuple[Shard, int, int]:
        if not 0 <= row < len(self):
            msg = f"expected a clip 0..{len(self) - 1}, got {row}"
            raise IndexError(msg)
        number = int(np.searchsorted(self._first, row, side="right")) - 1
        return self._shards[number], row - int(self._first[number]), number


def _unique_sentences(lists: list[pa.Array]) -> tuple[tuple[str, ...], list[NDArray[np.int32]]]:
    """Distinct sentences of all lists and, by list, the number of each sentence."""
    # in one piece: Arrow leaves empty pieces out
    whole = pa.chunked_array(lists, type=pa.string()).combine_chunks().dictionary_encode()
    ends = np.cumsum([len(part) for part in lists])[:-1]
    numbers = np.split(flat_numbers(whole.indices).astype(np.int32), ends)
    return tuple(whole.dictionary.to_pylist()), numbers
