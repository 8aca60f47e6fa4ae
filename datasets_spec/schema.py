"""Arrow schemas of every table of a dataset. The data card is generated from the descriptions."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import pyarrow as pa

from datasets_spec.environment import ENVIRONMENT_DIM
from datasets_spec.errors import SchemaVersionError
from datasets_spec.quality import QUALITY_MEASURES, QUALITY_SCORE, quality_column
from datasets_spec.skeleton import NUM_JOINTS, POSE_DIM

__all__ = [
    "CAMERA_DIM",
    "CLIP_COLUMNS",
    "CLIP_FPS",
    "MAX_FRAMES",
    "PHYSICS_DIM",
    "SCHEMA_VERSION",
    "SCHEMA_VERSION_KEY",
    "SPLITS",
    "ColumnSpec",
    "check_schema_version",
    "clips_schema",
    "rejects_schema",
    "versioned",
]

SCHEMA_VERSION: Final = 2
SCHEMA_VERSION_KEY: Final = b"stickgen_schema_version"
CLIP_FPS: Final = 25
MAX_FRAMES: Final = 250
PHYSICS_DIM: Final = 6
CAMERA_DIM: Final = 3
SPLITS: Final = ("train", "val", "test")


@dataclass(frozen=True, kw_only=True, slots=True)
class ColumnSpec:
    """One column: Arrow type, unit, range and meaning."""

    name: str
    dtype: pa.DataType
    unit: str
    meaning: str
    nullable: bool = False


def _frames_of(width: int) -> pa.DataType:
    return pa.list_(pa.list_(pa.float32(), width))


_ORIGIN: Final = pa.struct(
    [
        pa.field("path", pa.string(), nullable=False),
        pa.field("sha256", pa.string(), nullable=False),
        pa.field("first_frame", pa.int64(), nullable=False),
        pa.field("last_frame", pa.int64(), nullable=False),
    ]
)


_PART: Final = pa.struct(
    [
        pa.field("first_frame", pa.uint16(), nullable=False),
        pa.field("last_frame", pa.uint16(), nullable=False),
        pa.field("action", pa.string(), nullable=False),
        pa.field("text", pa.string(), nullable=False),
    ]
)


def _column(
    name: str, dtype: pa.DataType, unit: str, meaning: str, *, nullable: bool = False
) -> ColumnSpec:
    return ColumnSpec(name=name, dtype=dtype, unit=unit, meaning=meaning, nullable=nullable)


CLIP_COLUMNS: Final[tuple[ColumnSpec, ...]] = (
    _column(
        "clip_id", pa.string(), "", "source/sequence/wNN/aN/vN: window, actor and view; unique"
    ),
    _column("source", pa.string(), "", "dataset the motion came from"),
    _column("sequence_id", pa.string(), "", "recording inside the source"),
    _column("performance_id", pa.string(), "", "equal for recordings of one performance"),
    _column("subject_id", pa.string(), "", "performer, as source:subject"),
    _column("scene_id", pa.string(), "", "shared by the actors of one window and view"),
    _column("actor", pa.uint8(), "", "number of the person in the recording, from 0"),
    _column("partner_clip_id", pa.string(), "", "clip of the other person, if any", nullable=True),
    _column(
        "view_azimuth_deg", pa.float32(), "degree", "0 front, 90 side walking to +x; (-180, 180]"
    ),
    _column("fps", pa.float32(), "1/s", "always 25"),
    _column("num_frames", pa.uint16(), "frame", "T, 10..250"),
    _column("body_height_m", pa.float32(), "m", "length of H in metres"),
    _column("body_model", pa.string(), "", "how the 3D points came about"),
    _column("joints", _frames_of(POSE_DIM), "H", "T x 20: x, y of the ten joints, y up, floor 0"),
    _column("depth", _frames_of(NUM_JOINTS), "H", "T x 10: towards the viewer is larger"),
    _column("actions", pa.list_(pa.uint8()), "id", "T: action of each frame, 255 = unlabelled"),
    _column(
        "physics",
        _frames_of(PHYSICS_DIM),
        "H/s, H/s2, H/s",
        "T x 6: velocity, acceleration, momentum (x, y) of the body centre; momentum is that of a "
        "body whose mass 1.0 stands for 70 kg",
    ),
    _column(
        "camera", _frames_of(CAMERA_DIM), "H, H, 1", "T x 3: centre x, y and zoom (1: 2 H high)"
    ),
    _column("camera_move", pa.string(), "", "move of most frames: static, pan, zoom ..."),
    _column("expression", pa.list_(pa.uint8()), "id", "T: face of each frame, 0 = neutral"),
    _column(
        "speech",
        pa.list_(pa.uint8()),
        "id",
        "T: 0 talk, 1 shout, 2 whisper, 3 sing, 255 = silent or unknown",
    ),
    _column(
        "environment",
        # of no fixed size: Parquet readers of Arrow refuse a null among lists of fixed size
        pa.list_(pa.float32()),
        "by number",
        f"{ENVIRONMENT_DIM} numbers of the scene; NaN = unknown; null where the source has none",
        nullable=True,
    ),
    _column("captions", pa.list_(pa.string()), "", "sentences or class names; may be empty"),
    _column(
        "parts",
        pa.list_(_PART),
        "",
        "what is done when: frames first to last (inclusive), action, sentence; may be empty",
    ),
    _column("caption_source", pa.string(), "", "human, catalogue, generated, filename, none"),
    _column("style", pa.string(), "", "style word of the source, or empty"),
    _column("action", pa.string(), "", "action of most frames, or unlabelled"),
    _column("symmetric", pa.bool_(), "", "false: mirroring would make the captions untrue"),
    _column(QUALITY_SCORE, pa.float32(), "1", "quality of the clip, 0..1"),
    *(_column(quality_column(m.name), pa.float32(), m.unit, m.meaning) for m in QUALITY_MEASURES),
    _column("split", pa.string(), "", "train, val or test"),
    _column("sft", pa.bool_(), "", "belongs to the balanced fine-tuning set"),
    _column("licence", pa.string(), "", "licence of the source"),
    _column("origin", _ORIGIN, "", "file inside the source, its sha256, first and last frame used"),
)
"""Columns of the `clips` table, in order."""

_REJECT_FIELDS: Final = (
    pa.field("source", pa.string(), nullable=False),
    pa.field("item", pa.string(), nullable=False),
    pa.field("origin_path", pa.string(), nullable=False),
    pa.field("stage", pa.string(), nullable=False),
    pa.field("level", pa.string(), nullable=False),
    pa.field("reason", pa.string(), nullable=False),
    pa.field("detail", pa.string(), nullable=False),
)
"""item: file path, sequence id or clip id by level (file, sequence, clip)."""


def versioned(fields: list[pa.Field]) -> pa.Schema:
    """A schema that carries SCHEMA_VERSION in its metadata."""
    return pa.schema(fields, metadata={SCHEMA_VERSION_KEY: str(SCHEMA_VERSION).encode()})


def clips_schema() -> pa.Schema:
    """Schema of the `clips` table."""
    return versioned([pa.field(c.name, c.dtype, nullable=c.nullable) for c in CLIP_COLUMNS])


def rejects_schema() -> pa.Schema:
    """Schema of the `rejects` table."""
    return versioned(list(_REJECT_FIELDS))


def check_schema_version(schema: pa.Schema, *, where: str) -> None:
    """Refuse a table of another schema version.

    Raises:
        SchemaVersionError: If the version is absent or differs; the text says how to migrate.
    """
    found = (schema.metadata or {}).get(SCHEMA_VERSION_KEY)
    if found == str(SCHEMA_VERSION).encode():
        return
    got = "none" if found is None else found.decode(errors="replace")
    msg = (
        f"{where}: expected schema version {SCHEMA_VERSION}, found {got}; "
        "rebuild the folder with `stickgen build`"
    )
    raise SchemaVersionError(msg)
