"""What the preview shows: a fair, small choice of scenes, squeezed into text."""

from __future__ import annotations

import base64
import hashlib
from itertools import groupby
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import polars as pl

from datasets_spec.quality import QUALITY_MEASURES, QUALITY_SCORE, quality_column
from datasets_spec.skeleton import NUM_JOINTS, POSE_DIM
from datasets_spec.vocabulary import UNLABELLED, action_name
from tasks.publish.clip_index import read_chosen_clips, read_clip_index
from tasks.publish.markdown import plain_text

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    from numpy.typing import NDArray

__all__ = ["MAX_SCENES", "choose_scenes", "preview_scenes"]

MAX_SCENES: Final = 240
_MAX_FRAMES_TOTAL: Final = 60_000
"""Frames of all figures together: 50 bytes each, 67 as base64, so at most 4 MB of motion."""
_INDEX_COLUMNS: Final = ("clip_id", "scene_id", "source", "action", "num_frames")
_MOTION_COLUMNS: Final = (
    "clip_id",
    "scene_id",
    "source",
    "actor",
    "action",
    "actions",
    "captions",
    "caption_source",
    "style",
    "split",
    "sft",
    "licence",
    "subject_id",
    "view_azimuth_deg",
    "joints",
    "depth",
    QUALITY_SCORE,
    *(quality_column(m.name) for m in QUALITY_MEASURES),
)
_MAX_CAPTIONS: Final = 4
_MAX_CAPTION_CHARS: Final = 400
_INT16: Final = 32767


def choose_scenes(index: pl.DataFrame, *, max_scenes: int, max_frames: int) -> list[str]:
    """Choose scenes in turn from every pair of source and action, so that rare ones are seen.

    Inside a pair the order is that of a hash of the scene id: a fair sample, not the best ones,
    and the same one in every build.

    Args:
        index: Columns scene_id, source, action, num_frames; one row a clip.
        max_scenes: Most scenes.
        max_frames: Most frames of all chosen figures together; at least one scene is chosen.

    Returns:
        Scene ids, in the order of choice.
    """
    scenes = (
        index.sort("clip_id")
        .group_by("scene_id", maintain_order=True)
        .agg(pl.col("source", "action").first(), pl.col("num_frames").cast(pl.Int64).sum())
        .with_columns(pl.col("scene_id").map_elements(_hash, pl.String).alias("order"))
        .sort("source", "action", "order")
        .with_columns(pl.int_range(pl.len()).over("source", "action").alias("turn"))
        .sort("turn", "source", "action")
        .with_columns(pl.col("num_frames").cum_sum().alias("frames"))
    )
    fits = (pl.col("frames") <= max_frames) | (pl.int_range(pl.len()) == 0)
    return scenes.filter(fits).head(max_scenes)["scene_id"].to_list()


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def preview_scenes(folder: Path, *, max_scenes: int = MAX_SCENES) -> list[dict[str, Any]]:
    """Read the chosen scenes of a dataset folder.

    Args:
        folder: A dataset folder with its clips in place.
        max_scenes: Most scenes.

    Returns:
        JSON values, one mapping a scene in the order of choice, so that the first ones already
        differ; its actors share one drawing. Motion is base64 of little-endian int16 (x, y of ten
        joints a frame, in units of `step` H), then int8 depth, 127 at its largest.
    """
    index = read_clip_index(folder, _INDEX_COLUMNS)
    chosen = choose_scenes(index, max_scenes=max_scenes, max_frames=_MAX_FRAMES_TOTAL)
    ids = index.filter(pl.col("scene_id").is_in(chosen))["clip_id"].to_list()
    rows = read_chosen_clips(folder, ids, _MOTION_COLUMNS)
    rows.sort(key=lambda row: (row["scene_id"].as_py(), row["actor"].as_py()))
    scenes = [
        _scene(list(clips)) for _, clips in groupby(rows, key=lambda r: r["scene_id"].as_py())
    ]
    place = {scene_id: number for number, scene_id in enumerate(chosen)}
    return sorted(scenes, key=lambda scene: place[scene["id"]])


def _scene(rows: Sequence[dict[str, Any]]) -> dict[str, Any]:
    first = rows[0]
    texts = [caption for row in rows for caption in row["captions"].as_py()]
    captions = [_short(text) for text in dict.fromkeys(texts)]
    words = ("source", "action", "caption_source", "style", "split", "licence")
    return {
        "id": first["scene_id"].as_py(),
        **{word: first[word].as_py() for word in words},
        "subjects": [row["subject_id"].as_py() for row in rows],
        "captions": [text for text in captions if text][:_MAX_CAPTIONS],
        "sft": all(row["sft"].as_py() for row in rows),
        "view": round(float(first["view_azimuth_deg"].as_py()), 1),
        "score": min(_number(row[QUALITY_SCORE].as_py()) for row in rows),
        "measures": [
            [m.name, _number(first[quality_column(m.name)].as_py()), m.unit]
            for m in QUALITY_MEASURES
        ],
        "figures": [_figure(row) for row in rows],
    }


def _short(text: str) -> str:
    plain = plain_text(text)
    return plain if len(plain) <= _MAX_CAPTION_CHARS else plain[: _MAX_CAPTION_CHARS - 3] + "..."


def _number(value: float) -> float:
    return round(float(value), 4) if np.isfinite(value) else 0.0


def _figure(row: dict[str, Any]) -> dict[str, Any]:
    joints = np.nan_to_num(_frames(row["joints"], POSE_DIM), posinf=0.0, neginf=0.0)
    depth = np.nan_to_num(_frames(row["depth"], NUM_JOINTS), posinf=0.0, neginf=0.0)
    step = max(float(np.abs(joints).max(initial=0.0)), 1e-3) / _INT16
    deep = max(float(np.abs(depth).max(initial=0.0)), 1e-3)
    motion = np.rint(joints / step).astype("<i2").tobytes()
    order = np.rint(depth / deep * 127).astype(np.int8).tobytes()
    return {
        "frames": joints.shape[0],
        "step": float(f"{step:.9g}"),
        "motion": base64.b64encode(motion + order).decode("ascii"),
        "actions": _runs(row["actions"].values.to_numpy(zero_copy_only=False)),
    }


def _frames(scalar: Any, width: int) -> NDArray[np.float64]:
    flat = scalar.values.flatten().to_numpy(zero_copy_only=False)
    return np.asarray(flat, dtype=np.float64).reshape(-1, width)


def _runs(actions: NDArray[np.uint8]) -> list[list[Any]]:
    """Runs of equal ids as [word or empty, number of frames]."""
    pairs: Iterable[tuple[int, list[int]]] = (
        (key, list(run)) for key, run in groupby(actions.tolist())
    )
    return [["" if key == UNLABELLED else action_name(key), len(run)] for key, run in pairs]
