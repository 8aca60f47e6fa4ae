"""Held-out captions of one action each, with the motion that they were written for.

Letters of shapes: T frames.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import accumulate
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pyarrow.compute as pc
import pyarrow.parquet as pq

from datasets_spec.errors import ConfigError
from datasets_spec.layout import CLIPS_DIR
from datasets_spec.schema import SPLITS, check_schema_version
from datasets_spec.skeleton import NUM_JOINTS
from datasets_spec.vocabulary import NUM_ACTIONS, UNLABELLED, action_id, action_name
from stickgen_model.evaluate.action_segments import SYNTHETIC_SOURCES
from stickgen_model.evaluate.captioned_motion import NO_DESCRIPTION

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from numpy.typing import NDArray

__all__ = ["MIN_FRAMES", "HeldOut", "HeldOutScript", "HeldOutSet", "read_held_out"]

MIN_FRAMES: Final = 25
"""Shorter stretches are left out: an action needs a second to be seen."""

_MOST_GAP: Final = 8
"""Frames between two parts of a script, or that both have: they go over into each other."""

_COLUMNS: Final = (
    "clip_id", "source", "sequence_id", "joints", "actions", "captions", "parts", "caption_source",
)  # fmt: skip


@dataclass(frozen=True, eq=False, kw_only=True, slots=True)
class HeldOut:
    """Sentences and their motion.

    Attributes:
        texts: What it may be called; at least one.
        action: Word of the vocabulary.
        joints: Shape (T, 10, 2), H.
        group: Recording that it comes from: those of one are no independent samples.
        source: Of the dataset.
    """

    texts: tuple[str, ...]
    action: str
    joints: NDArray[np.float32]
    group: str
    source: str

    @property
    def text(self) -> str:
        """The first of the sentences."""
        return self.texts[0]

    @property
    def real(self) -> bool:
        """Whether it was recorded."""
        return self.source not in SYNTHETIC_SOURCES

    def called(self, text: str) -> HeldOut:
        """The same with one sentence."""
        return replace(self, texts=(text,))


@dataclass(frozen=True, eq=False, kw_only=True, slots=True)
class HeldOutScript:
    """A clip in which one action follows another.

    Attributes:
        texts: Sentence of each part, at least two.
        frames: Of each part, the way to the next one included; together those of `joints`.
        joints: Shape (T, 10, 2), H.
        group: Recording that it comes from.
    """

    texts: tuple[str, ...]
    frames: tuple[int, ...]
    joints: NDArray[np.float32]
    group: str

    @property
    def switches(self) -> list[int]:
        """First frames of all parts but the first."""
        return list(accumulate(self.frames))[:-1]


@dataclass(frozen=True, eq=False, kw_only=True, slots=True)
class HeldOutSet:
    """All that a split holds.

    Attributes:
        clips: Clips of one action, and the parts of the others.
        scripts: Clips of several parts, each with a sentence and an action.
        whole: Joints of all clips of the split, also of those without a caption, shape (T, 10, 2),
            H.
    """

    clips: tuple[HeldOut, ...]
    scripts: tuple[HeldOutScript, ...]
    whole: tuple[NDArray[np.float32], ...]


def read_held_out(data: Path, *, split: str = "test") -> HeldOutSet:
    """Captions of clips with one action, sentences of the parts of the others, and scripts.

    Captions that come from the name of a file describe nothing and are left out.

    Args:
        data: Dataset folder.
        split: train, val or test.

    Raises:
        ConfigError: If there are none.
        SchemaVersionError: If the folder was written under another schema.
    """
    if split not in SPLITS:
        msg = f"expected a split of {SPLITS}, got {split!r}"
        raise ConfigError(msg)
    rows = sorted(_rows(data, split), key=lambda row: str(row["clip_id"]))
    clips = tuple(clip for row in rows for clip in _clips(row))
    if not clips:
        msg = (
            f"{data}: expected captions of {split} clips with one action each of {MIN_FRAMES} "
            "frames or more, found none; build the dataset with more clips"
        )
        raise ConfigError(msg)
    scripts = (_script(row) for row in rows)
    return HeldOutSet(
        clips=clips,
        scripts=tuple(one for one in scripts if one is not None),
        whole=tuple(row["joints"] for row in rows),
    )


def _rows(data: Path, split: str) -> Iterator[dict[str, Any]]:
    for path in sorted((data / CLIPS_DIR).glob("*.parquet")):
        check_schema_version(pq.read_schema(path), where=str(path))
        table = pq.read_table(path, columns=list(_COLUMNS), filters=pc.field("split") == split)
        columns = {name: table.column(name).combine_chunks() for name in _COLUMNS}
        joints = np.asarray(columns.pop("joints").flatten().flatten(), dtype=np.float32)
        frames = joints.reshape(-1, NUM_JOINTS, 2)
        sizes = np.asarray(pc.list_value_length(columns["actions"])).astype(np.int64)
        actions = np.asarray(columns.pop("actions").flatten()).astype(np.int64)
        plain = {name: column.to_pylist() for name, column in columns.items()}
        ends = np.cumsum(sizes).tolist()
        for number, (end, size) in enumerate(zip(ends, sizes.tolist(), strict=True)):
            own = slice(end - size, end)
            told = {name: values[number] for name, values in plain.items()}
            yield {**told, "joints": frames[own], "actions": actions[own]}


def _clips(row: Mapping[str, Any]) -> list[HeldOut]:
    joints = row["joints"]
    shared = {"group": f"{row['source']}/{row['sequence_id']}", "source": row["source"]}
    ids = np.unique(row["actions"])
    if len(ids) == 1:
        texts = tuple(text for text in row["captions"] or () if text.strip())
        named = row["caption_source"] in NO_DESCRIPTION
        if ids[0] >= NUM_ACTIONS or not texts or named or len(joints) < MIN_FRAMES:
            return []
        return [HeldOut(texts=texts, action=action_name(int(ids[0])), joints=joints, **shared)]
    return [
        HeldOut(
            texts=(part["text"],),
            action=part["action"],
            joints=joints[part["first_frame"] : part["last_frame"] + 1],
            **shared,
        )
        for part in row["parts"] or ()
        if _told(part) and part["last_frame"] + 1 - part["first_frame"] >= MIN_FRAMES
    ]


def _script(row: Mapping[str, Any]) -> HeldOutScript | None:
    """From the first told part to the last; None where there are gaps, or parts are short."""
    parts = sorted(row["parts"] or (), key=lambda part: int(part["first_frame"]))
    if len(parts) < 2 or not all(map(_told, parts)):
        return None
    starts = [part["first_frame"] for part in parts]
    ends = [part["last_frame"] + 1 for part in parts]
    gaps = np.abs(np.subtract(starts[1:], ends[:-1]))
    frames = np.diff([*starts, ends[-1]]).tolist()
    if gaps.max() > _MOST_GAP or min(frames) < MIN_FRAMES:
        return None
    return HeldOutScript(
        texts=tuple(part["text"] for part in parts),
        frames=tuple(frames),
        joints=row["joints"][starts[0] : ends[-1]],
        group=f"{row['source']}/{row['sequence_id']}",
    )


def _told(part: Mapping[str, Any]) -> bool:
    return bool(part["text"].strip()) and action_id(part["action"]) != UNLABELLED
