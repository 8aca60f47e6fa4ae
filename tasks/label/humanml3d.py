"""HumanML3D: sentences about spans of AMASS clips."""

from __future__ import annotations

import math
import re
import zipfile
import zlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from datasets_spec.errors import ConfigError
from datasets_spec.motion import Label
from tasks.label.amass_key import canonical_clip_key
from tasks.label.caption_text import clean_caption
from tasks.label.files import WarningList, read_table

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

__all__ = ["HUMANML3D_FPS", "HumanML3DIndex"]

HUMANML3D_FPS: Final = 20.0
"""Frame numbers of index.csv and seconds of the texts count at this rate."""

_LEAD_IN_FRAMES: Final = {
    "Eyes_Japan_Dataset": 60,
    "HDM05": 60,
    "TotalCapture": 20,
    "PosePrior": 20,
    "Transitions": 10,
}
"""Frames at 20 fps that HumanML3D cuts off the start of every clip of a subset."""

_COLUMNS: Final = ("source_path", "start_frame", "end_frame", "new_name")
_FOREIGN_SUBSET: Final = "humanact12"
_CLIP_ID: Final = re.compile(r"(M(?=[0-9]))?([A-Za-z0-9_-]{1,32})\.npy")
_MAX_TEXT_BYTES: Final = 64_000
_MAX_LINES: Final = 64
_MAX_TEXTS: Final = 200_000
"""The release holds 29,232 files."""
_BAD_ZIP: Final = (OSError, zipfile.BadZipFile, zlib.error, RuntimeError, EOFError)
_MAX_FRAME: Final = 10_000_000
_RATE_TOLERANCE: Final = 1e-3
"""Rates in files are inexact (120.00004); the stride must not fall by one for that."""


@dataclass(frozen=True, slots=True)
class _Caption:
    text: str
    start_s: float
    end_s: float
    """Seconds at 20 fps inside the span; both 0: the whole span."""


@dataclass(frozen=True, slots=True)
class _Span:
    first: int
    stop: int | None
    captions: tuple[_Caption, ...]


@dataclass(frozen=True, slots=True)
class HumanML3DIndex:
    """Captions by canonical clip key."""

    _spans: dict[str, tuple[_Span, ...]]
    warnings: tuple[str, ...]

    @classmethod
    def load(cls, folder: Path) -> HumanML3DIndex:
        """Read index.csv and the texts it names.

        Args:
            folder: Holds `index.csv` and either the folder `texts` or `texts.zip`; a parent of the
                release's own `HumanML3D` folder serves as well.

        Raises:
            ConfigError: If the index or all texts are absent or unreadable.
        """
        notes = WarningList()
        rows = read_table(_find_index(folder), _COLUMNS)
        read = _open_texts(folder)
        spans: dict[str, list[_Span]] = {}
        num_texts = 0
        for line, row in rows:
            found = _read_row(row, where=f"index.csv: line {line}", notes=notes)
            if found is None:
                continue
            key, clip_id, first, stop = found
            raw = read(clip_id)
            if raw is None:
                notes.add(f"texts/{clip_id}.txt: named by index.csv but absent")
                continue
            num_texts += 1
            captions = _read_captions(raw, where=f"texts/{clip_id}.txt", notes=notes)
            spans.setdefault(key, []).append(_Span(first, stop, captions))
        if rows and not num_texts:
            notes.add(f"{folder}: no caption file of the {len(rows)} rows of index.csv was found")
        ordered = {key: tuple(found) for key, found in sorted(spans.items())}
        return cls(ordered, notes.freeze())

    @property
    def keys(self) -> tuple[str, ...]:
        """Canonical keys of all clips that have captions, sorted."""
        return tuple(self._spans)

    def labels(self, clip_key: str, *, fps: float) -> tuple[Label, ...]:
        """Captions of a clip with their spans in seconds of the source.

        Frame n of a span is source frame (lead-in + n) * stride, stride = int(fps / 20).

        Args:
            clip_key: From `canonical_clip_key`.
            fps: True rate of the clip in the AMASS release, > 0.

        Raises:
            ValueError: If the rate is not positive.
        """
        if not (math.isfinite(fps) and fps > 0):
            msg = f"{clip_key}: expected frames per second > 0, got {fps}"
            raise ValueError(msg)
        stride = max(1, int(fps / HUMANML3D_FPS + _RATE_TOLERANCE))
        frame_s = stride / fps
        lead = _LEAD_IN_FRAMES.get(clip_key.split("/", 1)[0], 0)
        labels = [
            _make_label(caption, span, lead=lead, frame_s=frame_s)
            for span in self._spans.get(clip_key, ())
            for caption in span.captions
        ]
        return tuple(dict.fromkeys(labels))


def _make_label(caption: _Caption, span: _Span, *, lead: int, frame_s: float) -> Label:
    start = (lead + span.first) * frame_s
    stop = math.inf if span.stop is None else (lead + span.stop) * frame_s
    if caption.end_s > caption.start_s:
        second = HUMANML3D_FPS * frame_s
        part = (start + caption.start_s * second, min(stop, start + caption.end_s * second))
        # a sentence whose times lie past the end of its span is about the whole span
        start, stop = part if part[0] < part[1] else (start, stop)
    end = None if stop == math.inf else stop
    return Label(text=caption.text, start_s=start, end_s=end, caption_source="human")


def _find_index(folder: Path) -> Path:
    for path in (folder / "index.csv", folder.parent / "index.csv"):
        if path.is_file():
            return path
    msg = f"{folder}: expected HumanML3D's index.csv and texts, found no index.csv"
    raise ConfigError(msg)


def _open_texts(folder: Path) -> Callable[[str], bytes | None]:
    for base in (folder, folder / "HumanML3D"):
        if (base / "texts").is_dir():
            texts = base / "texts"
            return lambda clip_id: _read_file(texts / f"{clip_id}.txt")
        if (base / "texts.zip").is_file():
            return _read_zip(base / "texts.zip").get
    msg = f"{folder}: expected the folder texts or the file texts.zip beside index.csv, found none"
    raise ConfigError(msg)


def _read_file(path: Path) -> bytes | None:
    try:
        with path.open("rb") as file:
            return file.read(_MAX_TEXT_BYTES)
    except OSError:
        return None


def _read_zip(path: Path) -> dict[str, bytes]:
    """Texts by clip id; nothing is unpacked to disk, so no member can escape a folder."""
    texts: dict[str, bytes] = {}
    try:
        with zipfile.ZipFile(path) as archive:
            for member in archive.infolist()[:_MAX_TEXTS]:
                name = member.filename.rsplit("/", 1)[-1]
                if name.endswith(".txt") and not name.startswith(("M", "._")):
                    with archive.open(member) as file:
                        texts[name.removesuffix(".txt")] = file.read(_MAX_TEXT_BYTES)
    except _BAD_ZIP as error:
        msg = f"{path}: expected a zip of caption files, got {error}; fetch it again"
        raise ConfigError(msg) from error
    return texts


def _read_row(
    row: dict[str, str], *, where: str, notes: WarningList
) -> tuple[str, str, int, int | None] | None:
    name = _CLIP_ID.fullmatch(row["new_name"].strip())
    key = canonical_clip_key(row["source_path"].strip())
    numbers = (_frame(row["start_frame"]), _frame(row["end_frame"]))
    if name is not None and (name[1] or f"/{_FOREIGN_SUBSET}/" in f"/{row['source_path']}"):
        return None  # mirrored copies, and a source that is not part of AMASS
    if name is None or not key or numbers[0] is None or numbers[1] is None:
        notes.add(f"{where}: expected source_path,start_frame,end_frame,NNNNNN.npy; left out")
        return None
    first, stop = max(0, numbers[0]), numbers[1]
    if 0 <= stop <= first:
        notes.add(f"{where}: span {first}..{stop} holds no frame; left out")
        return None
    return key, name[2], first, stop if stop >= 0 else None


def _frame(text: str) -> int | None:
    try:
        value = float(text)
    except ValueError:
        return None
    return int(value) if abs(value) <= _MAX_FRAME else None


def _read_captions(raw: bytes, *, where: str, notes: WarningList) -> tuple[_Caption, ...]:
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        notes.add(f"{where}: expected UTF-8; read as Windows-1252")
        text = raw.decode("cp1252", errors="replace")
    captions = []
    for line in text.splitlines()[:_MAX_LINES]:
        fields = line.rsplit("#", 3)
        words = clean_caption(fields[0] if len(fields) == 4 else line.split("#", 1)[0])
        if not words:
            continue
        times = (_seconds(fields[2]), _seconds(fields[3])) if len(fields) == 4 else (0.0, 0.0)
        if times[0] == times[1] != 0.0:
            notes.add(f"{where}: a caption spans no time ({times[0]} s); used for the whole clip")
        captions.append(_Caption(words, min(times), max(times)))
    return tuple(captions)


def _seconds(text: str) -> float:
    try:
        value = float(text)
    except ValueError:
        return 0.0
    return value if math.isfinite(value) and 0 <= value <= _MAX_FRAME else 0.0
