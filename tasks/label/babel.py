"""BABEL: what people do in AMASS clips, by sequence and by span of seconds."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from datasets_spec.errors import ConfigError
from datasets_spec.motion import Label
from tasks.label.amass_key import canonical_clip_key
from tasks.label.caption_text import clean_caption
from tasks.label.files import WarningList, read_json

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

__all__ = ["BABEL_FILES", "VOCABULARY", "BabelIndex"]

BABEL_FILES: Final = (
    "train.json",
    "val.json",
    "test.json",
    "extra_train.json",
    "extra_val.json",
)
"""Files of the release, in reading order; mirrors hold fewer."""

VOCABULARY: Final = "babel"

_RELEASE_FOLDERS: Final = ("", "babel_v1.0_release", "babel_v1-0_release", "babel-teach")
_MAX_DURATION_S: Final = 24 * 3600.0
_SAME_DURATION_S: Final = 0.25
_TRANSITION: Final = "transition"
_MAX_CATEGORIES: Final = 32


@dataclass(slots=True)
class _Builder:
    labels: dict[str, list[Label]] = field(default_factory=dict)
    durations: dict[str, float] = field(default_factory=dict)
    notes: WarningList = field(default_factory=WarningList)


@dataclass(frozen=True, slots=True)
class BabelIndex:
    """Labels and durations by canonical clip key."""

    _labels: dict[str, tuple[Label, ...]]
    _durations: dict[str, float]
    warnings: tuple[str, ...]

    @classmethod
    def load(cls, folder: Path) -> BabelIndex:
        """Read every file of the release that is there.

        Args:
            folder: Holds some of `BABEL_FILES`, itself or in its release subfolder.

        Raises:
            ConfigError: If none is there, or one is no JSON object of BABEL's form.
        """
        builder = _Builder()
        for path in _find_files(folder):
            content = read_json(path)
            if not isinstance(content, dict):
                msg = f"{path}: expected a JSON object of sequences, got {type(content).__name__}"
                raise ConfigError(msg)
            num_entries = _read_entries(content, where=path.name, builder=builder)
            if content and not num_entries:
                msg = f"{path}: expected BABEL sequences with feat_p, got none of {len(content)}"
                raise ConfigError(msg)
        labels = {key: _in_order(found) for key, found in sorted(builder.labels.items())}
        return cls(labels, builder.durations, builder.notes.freeze())

    @property
    def keys(self) -> tuple[str, ...]:
        """Canonical keys of all sequences that the files name, sorted."""
        return tuple(self._labels)

    def labels(self, clip_key: str) -> tuple[Label, ...]:
        """Labels of a clip, by start time; empty if BABEL has none."""
        return self._labels.get(clip_key, ())

    def duration_s(self, clip_key: str) -> float | None:
        """Length of the clip as BABEL saw it, seconds; None if unknown."""
        return self._durations.get(clip_key)


def _find_files(folder: Path) -> list[Path]:
    try:
        if folder.is_file():
            return [folder]
        for name in _RELEASE_FOLDERS:
            found = [folder / name / file for file in BABEL_FILES]
            found = [path for path in found if path.is_file()]
            if found:
                return found
    except OSError as error:
        msg = f"{folder}: cannot be read ({error.strerror or error}); check its rights"
        raise ConfigError(msg) from error
    msg = f"{folder}: expected a folder with some of {', '.join(BABEL_FILES)}, found none of them"
    raise ConfigError(msg)


def _read_entries(content: dict[str, Any], *, where: str, builder: _Builder) -> int:
    num_entries = 0
    for sid, entry in content.items():
        name = f"{where}: sequence {str(sid)[:40]}"
        path = entry.get("feat_p") if isinstance(entry, dict) else None
        if not isinstance(path, str) or not canonical_clip_key(path):
            builder.notes.add(f"{name}: expected an object with a path feat_p; left out")
            continue
        num_entries += 1
        _read_entry(entry, key=canonical_clip_key(path), name=name, builder=builder)
    return num_entries


def _read_entry(entry: dict[str, Any], *, key: str, name: str, builder: _Builder) -> None:
    duration_s = _number(entry.get("dur"))
    if duration_s is not None and 0 < duration_s <= _MAX_DURATION_S:
        known = builder.durations.setdefault(key, duration_s)
        if abs(known - duration_s) > _SAME_DURATION_S:
            builder.notes.add(f"{name}: expected {known} s as before, got {duration_s} s")
    elif entry.get("dur") is not None:
        builder.notes.add(f"{name}: expected a duration in seconds, got {_short(entry['dur'])}")
        duration_s = None
    labels = builder.labels.setdefault(key, [])
    for annotation in _annotations(entry, "seq_ann", name=name, notes=builder.notes):
        labels.extend(_sequence_labels(annotation, name=name, notes=builder.notes))
    for annotation in _annotations(entry, "frame_ann", name=name, notes=builder.notes):
        for raw in _label_objects(annotation, name=name, notes=builder.notes):
            label = _span_label(raw, duration_s=duration_s, name=name, notes=builder.notes)
            if label is not None:
                labels.append(label)


def _annotations(
    entry: dict[str, Any], kind: str, *, name: str, notes: WarningList
) -> Iterator[dict[str, Any]]:
    # the dense files hold one object under the singular key, the extra files a list under the
    # plural one; either may be null
    for key in (kind, f"{kind}s"):
        value = entry.get(key)
        for item in value if isinstance(value, list) else [value]:
            if isinstance(item, dict):
                yield item
            elif item is not None:
                notes.add(f"{name}: expected {key} as an object or null, got {_short(item)}")


def _label_objects(
    annotation: dict[str, Any], *, name: str, notes: WarningList
) -> Iterator[dict[str, Any]]:
    labels = annotation.get("labels")
    for item in labels if isinstance(labels, list) else [labels]:
        if isinstance(item, dict):
            yield item
        elif item is not None:
            notes.add(f"{name}: expected a label object, got {_short(item)}")


def _sequence_labels(
    annotation: dict[str, Any], *, name: str, notes: WarningList
) -> Iterator[Label]:
    raws = list(_label_objects(annotation, name=name, notes=notes))
    alone = len(raws) == 1 and annotation.get("mul_act") is not True
    for raw in raws:
        text, categories = _words(raw)
        if text or categories:
            # one of several actions fills only a part of the clip, nobody says which: such a
            # label is shown as a caption, but names no action of any frame
            yield _make_label(text, categories if alone else (), alone=alone)


def _span_label(
    raw: dict[str, Any], *, duration_s: float | None, name: str, notes: WarningList
) -> Label | None:
    text, categories = _words(raw)
    if not text and not categories:
        return None
    times = (_number(raw.get("start_t")), _number(raw.get("end_t")))
    if times[0] is None or times[1] is None:
        notes.add(f"{name}: label {text[:40]!r}: expected start_t and end_t; left out")
        return None
    start_s, end_s = max(0.0, min(times[0], times[1])), max(times[0], times[1])
    if duration_s is not None:
        end_s = min(end_s, duration_s)
    if end_s <= start_s or end_s > _MAX_DURATION_S:
        notes.add(f"{name}: label {text[:40]!r}: span {times} s holds no time; left out")
        return None
    return _make_label(text, categories, start_s=start_s, end_s=end_s)


def _make_label(
    text: str,
    categories: tuple[str, ...],
    *,
    start_s: float = 0.0,
    end_s: float | None = None,
    alone: bool = True,
) -> Label:
    is_transition = text.casefold() == _TRANSITION or categories == (_TRANSITION,)
    return Label(
        text=text,
        start_s=start_s,
        end_s=end_s,
        categories=categories,
        # words without categories are judged by the text matcher, if they speak of all frames
        vocabulary=VOCABULARY if categories or not alone else "text",
        caption_source="human",
        is_caption=bool(text) and not is_transition,
    )


def _words(raw: dict[str, Any]) -> tuple[str, tuple[str, ...]]:
    spoken = raw.get("raw_label") or raw.get("proc_label")
    text = clean_caption(spoken) if isinstance(spoken, str) else ""
    found = raw.get("act_cat")
    found = [found] if isinstance(found, str) else found
    names = found[:_MAX_CATEGORIES] if isinstance(found, list) else []
    cleaned = (clean_caption(name) for name in names if isinstance(name, str))
    return text, tuple(dict.fromkeys(name for name in cleaned if name))


def _number(value: object) -> float | None:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    try:
        number = float(value)
    except OverflowError:
        return None
    return number if math.isfinite(number) else None


def _short(value: object) -> str:
    return f"{type(value).__name__} {str(value)[:40]!r}"


def _in_order(labels: list[Label]) -> tuple[Label, ...]:
    unique = dict.fromkeys(labels)
    return tuple(
        sorted(
            unique,
            key=lambda label: (
                label.start_s,
                math.inf if label.end_s is None else label.end_s,
                label.text,
                label.categories,
            ),
        )
    )
