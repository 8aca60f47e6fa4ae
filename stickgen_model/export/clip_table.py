"""A scene as Parquet: a row a person, in the columns of a dataset's clips (`docs/data.md`).

Columns whose values a scene does not have are left out. What no column can hold (title, exact frame
rate, times of captions, facts) lies as JSON in the metadata of the schema.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from datasets_spec.schema import CAMERA_DIM, CLIP_FPS, check_schema_version, clips_schema
from datasets_spec.skeleton import NUM_JOINTS, POSE_DIM
from datasets_spec.vocabulary import action_name
from stickgen_model.animation import MAX_SCENE_ACTORS, Animation, AnimationError
from stickgen_model.export.document import FormatError, document_text, parse_document, read_bounded
from stickgen_model.export.tracks import caption_list, read_captions, read_facts
from stickgen_model.export.whole_file import OutputError, whole_file

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from numpy.typing import NDArray

__all__ = ["SCENE_KEY", "read_parquet", "scene_arrays", "write_parquet"]

SCENE_KEY: Final = b"stickgen_scene"
_MAX_ROW_FRAMES: Final = 65_535
_ID_COLUMNS: Final = {"actions": "actions", "expressions": "expression", "speech": "speech"}
_WIDTHS: Final = {"joints": POSE_DIM, "depth": NUM_JOINTS, "camera": CAMERA_DIM}
_FROM_FACTS: Final = {"body_height_m": float, "licence": str, "style": str}


def write_parquet(animation: Animation, path: Path, config: object = None) -> None:
    """Write a scene as a table of clips.

    Args:
        animation: The scene; at most 65,535 frames.
        path: The file; an existing one is replaced.
        config: How to draw; not needed here.

    Raises:
        OutputError: If it cannot be written, or has too many frames.
        FormatError: If facts or captions hold what is no plain value.
    """
    del config
    if animation.num_frames > _MAX_ROW_FRAMES:
        msg = f"{path}: expected at most {_MAX_ROW_FRAMES} frames, got {animation.num_frames}"
        raise OutputError(msg)
    info = {
        "title": animation.title,
        "fps": animation.fps,
        "captions": caption_list(animation),
        "facts": dict(animation.facts),
    }
    rows = [_row(animation, number) for number in range(animation.num_actors)]
    whole = clips_schema()
    metadata = {**whole.metadata, SCENE_KEY: document_text(info).encode()}
    schema = pa.schema([f for f in whole if f.name in rows[0]], metadata=metadata)
    table = pa.Table.from_pylist(rows, schema=schema)
    with whole_file(path) as part:
        pq.write_table(table, part, compression="zstd")


def _row(animation: Animation, number: int) -> dict[str, Any]:
    facts = animation.facts
    scene = _text(str(facts.get("scene_id", "scene")))
    texts = list(dict.fromkeys(c.text for c in animation.captions)) or [animation.title]
    actions = animation.actions[number]
    words, counts = np.unique(actions, return_counts=True)
    row: dict[str, Any] = {
        "clip_id": f"{scene}/a{number}",
        "source": _text(str(facts.get("source", "stickgen"))),
        "scene_id": scene,
        "actor": number,
        "partner_clip_id": f"{scene}/a{1 - number}" if animation.num_actors == 2 else None,
        "fps": animation.fps,
        "num_frames": animation.num_frames,
        "captions": [_text(text) for text in texts if text],
        "action": action_name(int(words[counts.argmax()])),
    }
    for name, kind in _FROM_FACTS.items():
        if isinstance(facts.get(name), kind):
            row[name] = _text(facts[name]) if kind is str else facts[name]
    for name, width in _WIDTHS.items():
        numbers = getattr(animation, name)
        if numbers is not None:
            own = numbers if name == "camera" else numbers[number]
            row[name] = own.reshape(-1, width).tolist()
    for name, column in _ID_COLUMNS.items():
        ids = getattr(animation, name)
        if ids is not None:
            row[column] = ids[number].tolist()
    return row


def _text(text: Any) -> str:
    """What UTF-8 can tell: half of a surrogate pair becomes a question mark."""
    return str(text).encode("utf-8", "replace").decode("utf-8")


def read_parquet(path: Path) -> Animation:
    """Read what `write_parquet` has written, or any file of clips of one scene.

    Args:
        path: The file.

    Returns:
        The scene, number by number as it was.

    Raises:
        FormatError: If the file cannot be read, is no such table, or holds clips of more than one
            scene.
        SchemaVersionError: If it was written under another schema version.
    """
    data = read_bounded(path)
    try:
        table = pq.ParquetFile(pa.BufferReader(data))
        check_schema_version(table.schema_arrow, where=str(path))
        _check_rows(table, path)
        rows = table.read()
        rows.validate(full=True)
    except (pa.ArrowException, OSError, ValueError) as error:
        msg = (
            f"{path}: expected a Parquet file of clips, got something else or only a part: {error}"
        )
        raise FormatError(msg) from error
    rows = rows.sort_by("actor") if "actor" in rows.column_names else rows
    if len(set(rows["scene_id"].to_pylist()) if "scene_id" in rows.column_names else ()) > 1:
        _several(path)
    try:
        arrays = scene_arrays(rows)
        return Animation(**arrays, **_info(rows.schema.metadata or {}, path))
    except (AnimationError, ValueError) as error:
        msg = f"{path}: {error}"
        raise FormatError(msg) from error


def _check_rows(table: pq.ParquetFile, path: Path) -> None:
    names = table.schema_arrow.names
    absent = [name for name in ("joints", "actions") if name not in names]
    if absent or not table.metadata.num_rows:
        got = names[:8] if absent else "no row"
        msg = f"{path}: expected clips with the columns joints and actions, got {got}"
        raise FormatError(msg)
    if table.metadata.num_rows > MAX_SCENE_ACTORS:
        _several(path)


def _several(path: Path) -> None:
    msg = (
        f"{path}: expected the clips of one scene, got many; name the folder of the dataset and "
        "one clip instead"
    )
    raise FormatError(msg)


def scene_arrays(rows: pa.Table) -> dict[str, Any]:
    """Arrays of an `Animation` from the rows of its people.

    Args:
        rows: Columns of `datasets_spec.schema`, a row a person.

    Returns:
        `joints`, `actions` and, where there are such columns, `depth`, `camera`, `expressions`,
        `speech`.

    Raises:
        ValueError: If the people have different numbers of frames, or a column is empty.
    """
    tracks: dict[str, list[NDArray[Any]]] = {}
    for name, width in _WIDTHS.items():
        if name in rows.column_names:
            numbers = [np.asarray(track, dtype=np.float32) for track in _lists(rows, name)]
            tracks[name] = [track.reshape(-1, width) for track in numbers]
    for name, column in _ID_COLUMNS.items():
        if column in rows.column_names:
            tracks[name] = [np.asarray(track, dtype=np.uint8) for track in _lists(rows, column)]
    lengths = {len(track) for people in tracks.values() for track in people}
    if len(lengths) > 1:
        msg = f"expected people and columns of equal length, got {sorted(lengths)} frames"
        raise ValueError(msg)
    values: dict[str, Any] = {name: np.stack(people) for name, people in tracks.items()}
    values["joints"] = values["joints"].reshape(*values["joints"].shape[:2], NUM_JOINTS, 2)
    if "camera" in values:
        values["camera"] = values["camera"][0]
    return values


def _lists(rows: pa.Table, name: str) -> list[Any]:
    lists: list[Any] = rows[name].to_pylist()
    if any(track is None for track in lists):
        msg = f"{name}: expected a value for every person, got null"
        raise ValueError(msg)
    return lists


def _info(metadata: Mapping[bytes, bytes], path: Path) -> dict[str, Any]:
    if SCENE_KEY not in metadata:
        return {"fps": float(CLIP_FPS)}
    where = f"{path}: metadata"
    fields = parse_document(metadata[SCENE_KEY], where).mapping(
        ("title", "fps", "captions", "facts")
    )
    return {
        "title": fields["title"].text(),
        "fps": fields["fps"].number(1.0, 1000.0),
        "captions": read_captions(fields["captions"]),
        "facts": read_facts(fields["facts"]),
    }
