"""One file of clips, decoded into few large arrays.

Shapes: N = frames of all clips of the file. Arrays are views of what the Parquet reader decoded
wherever Arrow allows.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from datasets_spec.environment import ENVIRONMENT_DIM
from datasets_spec.errors import StickgenError
from datasets_spec.schema import CAMERA_DIM, PHYSICS_DIM, check_schema_version
from datasets_spec.skeleton import NUM_JOINTS, POSE_DIM
from datasets_spec.vocabulary import UNLABELLED

if TYPE_CHECKING:
    from collections.abc import Collection
    from pathlib import Path

    from numpy.typing import NDArray

__all__ = ["Shard", "check_shard", "flat_numbers", "make_shard", "read_rows"]

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


@dataclass(frozen=True, eq=False, kw_only=True, slots=True)
class Shard:
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
    depth: NDArray[np.float32] | None = None


def read_rows(
    path: Path, *, split: str, sft: bool, only: Collection[str] | None, depth: bool
) -> pa.Table | None:
    """The wanted rows of a file, with the column `depth` if asked; None where there are none."""
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
    table = pq.read_table(path, columns=[*_COLUMNS, "depth"] if depth else list(_COLUMNS))
    return table if count == len(table) else table.filter(wanted)


def make_shard(table: pa.Table, path: Path) -> Shard:
    """Decode rows; `path` is for the messages."""
    columns = {name: table.column(name).combine_chunks() for name in table.column_names}
    starts = _starts(columns["joints"])
    for name in sorted({"actions", "physics", "camera", "depth"} & set(columns)):
        others = _starts(columns[name])
        if not np.array_equal(starts, others):
            row = int(np.argmax(np.diff(starts) != np.diff(others)))
            clip = columns["clip_id"][row].as_py()
            msg = f"{path}: {clip}: joints and {name} have different numbers of frames"
            raise StickgenError(msg)
    environment = np.full((len(table), ENVIRONMENT_DIM), np.nan, dtype=np.float32)
    known = np.asarray(columns["environment"].is_valid())
    environment[known] = flat_numbers(columns["environment"].flatten()).reshape(-1, ENVIRONMENT_DIM)
    parts = columns["parts"].flatten()
    first, last = (
        flat_numbers(pc.struct_field(parts, f"{end}_frame")) for end in ("first", "last")
    )
    return Shard(
        clip_ids=columns["clip_id"].to_pylist(),
        partners=columns["partner_clip_id"].to_pylist(),
        starts=starts,
        joints=_frames(columns["joints"], POSE_DIM),
        actions=flat_numbers(columns["actions"].flatten()),
        physics=_frames(columns["physics"], PHYSICS_DIM),
        camera=_frames(columns["camera"], CAMERA_DIM),
        environment=environment,
        caption_starts=_starts(columns["captions"]),
        captions=columns["captions"].flatten(),
        part_starts=_starts(columns["parts"]),
        part_frames=np.stack([first.astype(np.int64), last.astype(np.int64) + 1], axis=1),
        part_texts=pc.struct_field(parts, "text"),
        symmetric=np.asarray(columns["symmetric"]).astype(np.bool_),
        depth=_frames(columns["depth"], NUM_JOINTS) if "depth" in columns else None,
    )


def _starts(column: pa.ListArray) -> NDArray[np.int64]:
    """Where each list begins in the flattened column; one entry more than lists."""
    lengths = np.asarray(pc.fill_null(pc.list_value_length(column), 0))
    return np.concatenate([[0], np.cumsum(lengths, dtype=np.int64)])


def flat_numbers(values: pa.Array) -> NDArray[Any]:
    """The numbers of an array without nulls, not copied where that is possible."""
    return np.asarray(values.to_numpy(zero_copy_only=False))


def _frames(column: pa.ListArray, width: int) -> NDArray[np.float32]:
    return flat_numbers(column.flatten().flatten()).reshape(-1, width)


def check_shard(shard: Shard, num_actions: int) -> None:
    """Refuse clips that cannot be trained on.

    Raises:
        StickgenError: The text names the clip.
    """

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
    tracks = {n: getattr(shard, n) for n in ("joints", "physics", "camera", "depth")}
    for name, numbers in tracks.items():
        if numbers is None:
            continue
        bad = ~np.isfinite(numbers).all(axis=1)
        if bad.any():
            frame = int(np.argmax(bad))
            msg = f"{clip_at(frame)}: expected finite {name}, got NaN or infinity; rebuild the clip"
            raise StickgenError(msg)
    if (np.diff(shard.starts) < 1).any():
        clip = shard.clip_ids[int(np.argmax(np.diff(shard.starts) < 1))]
        msg = f"{clip}: expected at least one frame, got none; rebuild the clip"
        raise StickgenError(msg)
