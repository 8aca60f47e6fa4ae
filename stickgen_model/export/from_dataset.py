"""Scenes out of a dataset folder, by the id of a clip."""

from __future__ import annotations

import difflib
from typing import TYPE_CHECKING, Any, Final

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from datasets_spec.errors import ConfigError, StickgenError
from datasets_spec.layout import CLIPS_DIR
from datasets_spec.schema import check_schema_version
from stickgen_model.animation import MAX_SCENE_ACTORS, Animation, AnimationError, Caption
from stickgen_model.export.clip_table import scene_arrays

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

__all__ = ["animation_of_clip"]

_FACTS: Final = (
    "clip_id",
    "scene_id",
    "source",
    "subject_id",
    "licence",
    "style",
    "body_height_m",
    "view_azimuth_deg",
    "split",
)
_COLUMNS: Final = (
    *_FACTS,
    "actor",
    "fps",
    "joints",
    "depth",
    "actions",
    "expression",
    "speech",
    "camera",
    "captions",
    "parts",
)
_NEEDED: Final = ("clip_id", "joints", "actions")
_SHOWN: Final = 5
_LOOKED_AT: Final = 400


def animation_of_clip(folder: Path, clip_id: str) -> Animation:
    """The scene of a clip: all people of its window and view, as they stood to each other.

    The people of a scene share one frame in a dataset, so nobody is moved. Captions are the parts
    of the named clip, else its first sentence throughout; that is also the title. Faces that are
    neutral and silent throughout tell nothing: then the actions decide.

    Args:
        folder: Of the dataset.
        clip_id: Of one of the people; actor 0 of the scene is its first person all the same.

    Returns:
        The scene; `facts` name the clip, its source and licence.

    Raises:
        ConfigError: If the folder is no dataset, or has no such clip; near ids are named.
        SchemaVersionError: If the folder was written under another schema version.
        StickgenError: If a file is damaged, or the people of the scene do not fit together.
    """
    files = _clip_files(folder)
    scene = _scene_of(files, folder, clip_id)
    rows = pa.concat_tables([_rows(path, clip_id, scene) for path in files])
    if len(rows) > MAX_SCENE_ACTORS:
        msg = f"{clip_id}: expected a scene of at most {MAX_SCENE_ACTORS} people, got {len(rows)}"
        raise StickgenError(msg)
    if "actor" in rows.column_names:
        rows = rows.sort_by("actor")
    try:
        arrays = scene_arrays(rows)
        _drop_blank_faces(arrays)
        own = rows.filter(pc.equal(rows["clip_id"], clip_id)).drop_columns(
            [name for name in ("joints", "depth", "camera") if name in rows.column_names]
        )
        return Animation(**arrays, **_texts(own.to_pylist()[0], arrays["joints"].shape[1]))
    except (AnimationError, ValueError) as error:
        msg = f"{folder}: {clip_id}: {error}; build the dataset again"
        raise StickgenError(msg) from error


def _clip_files(folder: Path) -> list[Path]:
    files = sorted((folder / CLIPS_DIR).glob("*.parquet"))
    if not files:
        msg = (
            f"{folder}: expected the folder of a dataset, with Parquet files in {CLIPS_DIR}/, "
            f"got {'a folder without' if folder.is_dir() else 'no folder'}"
        )
        raise ConfigError(msg)
    for path in files:
        schema = _read(pq.read_schema, path)
        check_schema_version(schema, where=str(path))
        absent = [name for name in _NEEDED if name not in schema.names]
        if absent:
            msg = f"{path}: expected clips with the columns {_NEEDED}, got none of {absent}"
            raise ConfigError(msg)
    return files


def _read(reader: Any, path: Path, **options: Any) -> Any:
    try:
        return reader(path, **options)
    except (pa.ArrowException, OSError) as error:
        msg = f"{path}: cannot be read: {str(error)[:200]}; copy the folder anew"
        raise StickgenError(msg) from error


def _scene_of(files: Sequence[Path], folder: Path, clip_id: str) -> str | None:
    """The scene of a clip; None where a folder tells no scenes."""
    ids: list[str] = []
    # no id holds what is no text, such as half of a surrogate pair
    wanted = pa.scalar(clip_id.encode("utf-8", "replace").decode(), pa.string())
    for path in files:
        names = _read(pq.read_schema, path).names
        columns = [name for name in ("clip_id", "scene_id") if name in names]
        table = _read(pq.read_table, path, columns=columns)
        row = pc.index(table["clip_id"], wanted).as_py()
        if row >= 0:
            return table["scene_id"][row].as_py() if "scene_id" in columns else None
        ids += table["clip_id"].to_pylist()
    near = _near(clip_id, ids)
    told = f"; near: {', '.join(near)}" if near else ""
    msg = f"{folder}: expected one of its {len(ids)} clips, got {clip_id[:200]!r}{told}"
    raise ConfigError(msg)


def _near(clip_id: str, ids: Sequence[str]) -> list[str]:
    """Ids like another: those that contain it, else those spelled nearly so."""
    word = clip_id.strip().casefold()[:200]
    inside = sorted(name for name in ids if word and word in name.casefold())
    if inside:
        return inside[:_SHOWN]
    # comparing letter by letter with all of a million would take minutes
    head = 0
    close = list(ids)
    while len(close) > _LOOKED_AT and head < len(clip_id):
        head += 1
        kept = [name for name in close if name.startswith(clip_id[:head])]
        if not kept:
            break
        close = kept
    return difflib.get_close_matches(clip_id[:200], close[:_LOOKED_AT], _SHOWN, 0.5)


def _rows(path: Path, clip_id: str, scene: str | None) -> pa.Table:
    names = _read(pq.read_schema, path).names
    columns = [name for name in _COLUMNS if name in names]
    wanted = ("clip_id", "=", clip_id) if scene is None else ("scene_id", "=", scene)
    table: pa.Table = _read(pq.read_table, path, columns=columns, filters=[wanted])
    return table


def _drop_blank_faces(arrays: dict[str, Any]) -> None:
    faces, speech = arrays.get("expressions"), arrays.get("speech")
    if faces is not None and speech is not None and not faces.any() and (speech == 255).all():
        del arrays["expressions"], arrays["speech"]


def _texts(row: dict[str, Any], num_frames: int) -> dict[str, Any]:
    """Title, captions, facts and frame rate from a row."""
    fps = float(row.get("fps") or 25.0)
    sentences = row.get("captions") or []
    captions = tuple(
        Caption(
            start_s=part["first_frame"] / fps,
            end_s=(part["last_frame"] + 1) / fps,
            text=part["text"],
        )
        for part in sorted(row.get("parts") or [], key=lambda part: part["first_frame"])
        if part["text"]
    )
    if sentences and not captions:
        captions = (Caption(start_s=0.0, end_s=num_frames / fps, text=sentences[0]),)
    facts = {name: row[name] for name in _FACTS if row.get(name) not in {None, ""}}
    title = sentences[0] if sentences else row["clip_id"]
    return {"title": title, "captions": captions, "facts": facts, "fps": fps}
