"""Clips to Arrow rows, whole batches at a time, without touching a number in Python."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pyarrow as pa

from datasets_spec.environment import ENVIRONMENT_DIM
from datasets_spec.quality import QUALITY_MEASURES, QUALITY_SCORE, quality_column
from datasets_spec.schema import (
    CAMERA_DIM,
    CLIP_FPS,
    PHYSICS_DIM,
    clips_schema,
    versioned,
)
from datasets_spec.skeleton import NUM_JOINTS, POSE_DIM
from datasets_spec.vocabulary import NUM_ACTIONS, UNLABELLED, action_name

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    from tasks.retarget.clip import StickClip

__all__ = ["WORK_COLUMNS", "clips_to_table", "dominant_actions", "work_schema"]

WORK_COLUMNS: Final = ("view_index",)
"""Columns that only the working tables carry; publishing drops them."""

_NUM_IDS: Final = UNLABELLED + 1


def work_schema() -> pa.Schema:
    """Schema of a working table: the clips schema, then `view_index` (u8)."""
    return versioned([*clips_schema(), pa.field("view_index", pa.uint8(), nullable=False)])


def dominant_actions(actions: NDArray[np.uint8], lengths: NDArray[np.int64]) -> list[str]:
    """Name the action of most frames, a clip.

    Args:
        actions: Ids of all clips one after the other, shape (sum of lengths,), uint8.
        lengths: Frames of each clip, shape (N,), int64.

    Returns:
        N words; among equally frequent ones the lowest id, so an action wins over `unlabelled`.

    Raises:
        ValueError: If an id is neither an action nor UNLABELLED.
    """
    bad = (actions >= NUM_ACTIONS) & (actions != UNLABELLED)
    if bad.any():
        msg = (
            f"expected action ids 0..{NUM_ACTIONS - 1} or {UNLABELLED}, "
            f"got {int(actions[bad][0])} in {int(bad.sum())} frames"
        )
        raise ValueError(msg)
    owner = np.repeat(np.arange(len(lengths)), lengths)
    counts = np.bincount(owner * _NUM_IDS + actions, minlength=len(lengths) * _NUM_IDS)
    return [action_name(int(i)) for i in counts.reshape(len(lengths), _NUM_IDS).argmax(axis=1)]


def clips_to_table(clips: Sequence[StickClip], measures: Sequence[Mapping[str, float]]) -> pa.Table:
    """Make the rows of a working table; `split` is empty and `sft` false until curation.

    Args:
        clips: Any number of clips, in the order wanted.
        measures: One mapping a clip, with `quality_score` and every measure of
            `QUALITY_MEASURES`, by its name or by its column name; other keys are left out.

    Returns:
        Table of `work_schema()`, in the order of `clips`.

    Raises:
        ValueError: If the counts differ, a measure is absent, or a clip's arrays disagree.
    """
    if len(clips) != len(measures):
        msg = f"expected one mapping of measures a clip, got {len(measures)} for {len(clips)}"
        raise ValueError(msg)
    for clip in clips:
        _check_clip(clip)
    lengths = np.array([c.joints.shape[0] for c in clips], dtype=np.int64)
    columns = {
        **_plain_columns(clips, lengths),
        **_frame_columns(clips, lengths),
        **_quality_columns(clips, measures),
    }
    schema = work_schema()
    arrays = [_as_array(columns[field.name], field.type) for field in schema]
    return pa.Table.from_arrays(arrays, schema=schema)


def _as_array(values: Any, dtype: pa.DataType) -> pa.Array:
    return values if isinstance(values, pa.Array) else pa.array(values, type=dtype)


def _check_clip(clip: StickClip) -> None:
    num_frames = clip.joints.shape[0]
    wants: tuple[tuple[str, NDArray[Any], tuple[int, ...]], ...] = (
        ("joints", clip.joints, (num_frames, NUM_JOINTS, 2)),
        ("depth", clip.depth, (num_frames, NUM_JOINTS)),
        ("actions", clip.actions, (num_frames,)),
        ("physics", clip.physics, (num_frames, PHYSICS_DIM)),
        ("camera", clip.camera, (num_frames, CAMERA_DIM)),
        ("expression", clip.expression, (num_frames,)),
        ("speech", clip.speech, (num_frames,)),
    )
    if clip.environment is not None:
        wants = (*wants, ("environment", clip.environment, (ENVIRONMENT_DIM,)))
    for name, array, want in wants:
        if array.shape != want:
            msg = f"{clip.clip_id}: expected {name} of shape {want}, got {array.shape}"
            raise ValueError(msg)


def _plain_columns(clips: Sequence[StickClip], lengths: NDArray[np.int64]) -> dict[str, Any]:
    same_name = (
        "clip_id",
        "source",
        "sequence_id",
        "performance_id",
        "subject_id",
        "scene_id",
        "actor",
        "partner_clip_id",
        "view_azimuth_deg",
        "body_height_m",
        "body_model",
        "camera_move",
        "caption_source",
        "style",
        "symmetric",
        "licence",
        "view_index",
    )
    columns: dict[str, Any] = {name: [getattr(c, name) for c in clips] for name in same_name}
    columns["fps"] = np.full(len(clips), CLIP_FPS, dtype=np.float32)
    columns["num_frames"] = lengths.astype(np.uint16)
    columns["captions"] = [list(c.captions) for c in clips]
    columns["parts"] = [[asdict(part) for part in c.parts] for c in clips]
    columns["environment"] = _environment_column([c.environment for c in clips])
    columns["split"] = [""] * len(clips)
    columns["sft"] = np.zeros(len(clips), dtype=np.bool_)
    columns["origin"] = [
        {
            "path": c.origin_path,
            "sha256": c.origin_sha256,
            "first_frame": c.origin_first_frame,
            "last_frame": c.origin_last_frame,
        }
        for c in clips
    ]
    return columns


def _frame_columns(clips: Sequence[StickClip], lengths: NDArray[np.int64]) -> dict[str, Any]:
    offsets = pa.array(np.concatenate([[0], np.cumsum(lengths)]).astype(np.int32))
    actions = _joined([c.actions for c in clips], 1, np.uint8)
    parts = {
        "joints": ([c.joints for c in clips], POSE_DIM),
        "depth": ([c.depth for c in clips], NUM_JOINTS),
        "physics": ([c.physics for c in clips], PHYSICS_DIM),
        "camera": ([c.camera for c in clips], CAMERA_DIM),
    }
    columns: dict[str, Any] = {}
    for name, (arrays, width) in parts.items():
        frames = pa.FixedSizeListArray.from_arrays(
            pa.array(_joined(arrays, width, np.float32)), width
        )
        columns[name] = pa.ListArray.from_arrays(offsets, frames)
    columns["actions"] = pa.ListArray.from_arrays(offsets, pa.array(actions))
    for name, ids in (
        ("expression", [c.expression for c in clips]),
        ("speech", [c.speech for c in clips]),
    ):
        columns[name] = pa.ListArray.from_arrays(offsets, pa.array(_joined(ids, 1, np.uint8)))
    columns["action"] = dominant_actions(actions, lengths)
    return columns


def _environment_column(vectors: list[NDArray[np.float32] | None]) -> pa.Array:
    sizes = [0 if vector is None else ENVIRONMENT_DIM for vector in vectors]
    offsets = pa.array(np.concatenate([[0], np.cumsum(sizes)]).astype(np.int32))
    flat = _joined([v for v in vectors if v is not None], 1, np.float32)
    missing = pa.array([vector is None for vector in vectors], type=pa.bool_())
    return pa.ListArray.from_arrays(offsets, pa.array(flat), mask=missing)


def _joined(arrays: list[NDArray[Any]], width: int, dtype: type[np.generic]) -> NDArray[Any]:
    """All numbers of all clips in one flat buffer of the column's type."""
    if not arrays:
        return np.zeros(0, dtype=dtype)
    flat = np.concatenate([a.reshape(-1, width) for a in arrays])
    return flat.astype(dtype, copy=False).ravel()


def _quality_columns(
    clips: Sequence[StickClip], measures: Sequence[Mapping[str, float]]
) -> dict[str, Any]:
    names = {quality_column(m.name): m.name for m in QUALITY_MEASURES}
    names[QUALITY_SCORE] = "score"
    columns: dict[str, Any] = {}
    for column, name in names.items():
        values = [row.get(column, row.get(name)) for row in measures]
        if None in values:
            clip_id = clips[values.index(None)].clip_id
            msg = f"{clip_id}: expected a number for {column}, got none"
            raise ValueError(msg)
        columns[column] = np.array(values, dtype=np.float32)
    return columns
