"""MotionSequence and StickClip to and from record files."""

from __future__ import annotations

from dataclasses import asdict, fields
from typing import TYPE_CHECKING, Any, Final

from datasets_spec.motion import ActorMotion, Label, MotionSequence, Origin, Shot
from tasks.label.parts import ClipPart
from tasks.retarget.clip import StickClip
from tasks.store.records import iter_records

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from numpy.typing import NDArray

    from tasks.store.records import RecordWriter

__all__ = ["iter_clips", "iter_sequences", "write_clip", "write_sequence"]

_CLIP_ARRAYS: Final = (
    "joints",
    "depth",
    "points",
    "tracked_share",
    "actions",
    "physics",
    "camera",
    "expression",
    "speech",
    "environment",
)
_ACTOR_ARRAYS: Final = ("tracked", "expression", "speech")
"""What an actor may have beside its points."""


def write_sequence(writer: RecordWriter, sequence: MotionSequence) -> None:
    """Append a sequence to a record file."""
    meta: dict[str, Any] = {
        field.name: getattr(sequence, field.name)
        for field in fields(sequence)
        if field.name not in {"actors", "labels", "origin", "shots"}
    }
    meta["origin"] = asdict(sequence.origin)
    meta["labels"] = [asdict(label) for label in sequence.labels]
    meta["shots"] = [asdict(shot) for shot in sequence.shots]
    meta["subjects"] = [actor.subject_id for actor in sequence.actors]
    arrays: dict[str, NDArray[Any]] = {}
    for number, actor in enumerate(sequence.actors):
        arrays[f"points{number}"] = actor.points
        for name in _ACTOR_ARRAYS:
            values = getattr(actor, name)
            if values is not None:
                arrays[f"{name}{number}"] = values
    writer.write(meta, arrays)


def iter_sequences(path: Path) -> Iterator[MotionSequence]:
    """Sequences of a record file, in order, one at a time in memory."""
    for meta, arrays in iter_records(path):
        subjects = meta.pop("subjects")
        actors = tuple(
            ActorMotion(
                points=arrays[f"points{number}"],
                subject_id=subject,
                **{name: arrays.get(f"{name}{number}") for name in _ACTOR_ARRAYS},
            )
            for number, subject in enumerate(subjects)
        )
        labels = tuple(
            Label(**{**label, "categories": tuple(label["categories"])})
            for label in meta.pop("labels")
        )
        meta["margin_frames"] = tuple(meta["margin_frames"])
        meta["warnings"] = tuple(meta["warnings"])
        meta["shots"] = tuple(Shot(**shot) for shot in meta["shots"])
        origin = Origin(**meta.pop("origin"))
        yield MotionSequence(actors=actors, labels=labels, origin=origin, **meta)


def write_clip(writer: RecordWriter, clip: StickClip) -> None:
    """Append a clip to a record file."""
    meta = {
        field.name: getattr(clip, field.name)
        for field in fields(clip)
        if field.name not in {*_CLIP_ARRAYS, "parts"}
    }
    meta["parts"] = [asdict(part) for part in clip.parts]
    arrays = {name: getattr(clip, name) for name in _CLIP_ARRAYS}
    writer.write(meta, {name: array for name, array in arrays.items() if array is not None})


def iter_clips(path: Path) -> Iterator[StickClip]:
    """Clips of a record file, in order, one at a time in memory."""
    for meta, arrays in iter_records(path):
        meta["captions"] = tuple(meta["captions"])
        meta["parts"] = tuple(ClipPart(**part) for part in meta["parts"])
        columns: dict[str, Any] = {"environment": None, **meta, **arrays}
        yield StickClip(**columns)
