"""The reader of 100STYLE: styled walking and running of one performer."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from datasets_spec.errors import ConfigError, RejectError
from datasets_spec.motion import ActorMotion, Label, MotionSequence, Origin
from datasets_spec.rejection import RejectReason
from datasets_spec.sources.style100 import GAITS, STYLE100, TRANSITIONS
from tasks.ingest.bvh_folder import find_bvh_files, sequence_key
from tasks.ingest.bvh_recording import read_recording
from tasks.ingest.contract import Discovery
from tasks.ingest.style100_lists import StyleInfo, find_list, fold_style, load_cuts, load_styles

if TYPE_CHECKING:
    from datasets_spec.sources.spec import SourceSpec
    from tasks.config import SourceConfig
    from tasks.ingest.contract import SourceItem

__all__ = ["Style100Reader"]

CUTS_FILE: Final = "Frame_Cuts.csv"
STYLES_FILE: Final = "Dataset_List.csv"
SUBJECT: Final = "performer"
_CUTS_FPS: Final = 60.0
"""Frame_Cuts.csv counts frames at the rate of the release."""
_MARGIN_S: Final = 0.5
"""Kept before and after a cut, for the filter to settle in."""
_TRANSITION: Final = re.compile(r"^TR\d*$")
_STANDS: Final = "ID"
_MAX_LISTED: Final = 20


@dataclass(frozen=True, slots=True)
class _Clip:
    """What a file name says."""

    style: str
    gait: str
    """Code such as FW or TR1; empty if the name has none."""


class Style100Reader:
    """Reads the folder 100STYLE or its parent; `SourceReader` says the contract.

    Args:
        config: Only `path` is used, to find the two lists.

    Raises:
        ConfigError: If a list is there but is no such table.
    """

    def __init__(self, config: SourceConfig) -> None:
        root = Path(config.path)
        cuts, styles = find_list(root, CUTS_FILE), find_list(root, STYLES_FILE)
        self._cuts = load_cuts(cuts) if cuts else None
        self._styles = load_styles(styles) if styles else None

    @property
    def spec(self) -> SourceSpec:
        """Facts of the source."""
        return STYLE100

    def discover(self, root: Path) -> Discovery:
        """List the BVH files below `root`.

        Raises:
            ConfigError: If the folder is absent or unreadable, or holds other BVH files.
        """
        found = find_bvh_files(root, key_of=_short_key)
        clips = [_parse_name(item.paths[0]) for item in found.items]
        if clips and self._cuts is None and not any(clip.gait for clip in clips):
            msg = (
                f"{root}: expected 100STYLE (files such as Neutral_FW.bvh and {CUTS_FILE}), got "
                f"{len(clips)} other BVH files; read them as --source bvh={root}"
            )
            raise ConfigError(msg)
        warnings = list(found.warnings)
        for name, table in ((CUTS_FILE, self._cuts), (STYLES_FILE, self._styles)):
            if table is None:
                warnings.append(f"{root}: no {name}: {_WITHOUT[name]}")
                continue
            styles = {clip.style for clip in clips if fold_style(clip.style) not in table}
            if styles:
                listed = ", ".join(sorted(styles)[:_MAX_LISTED])
                warnings.append(f"{name} lacks {len(styles)} styles: {listed}: {_WITHOUT[name]}")
        return Discovery(items=found.items, rejects=found.rejects, warnings=tuple(warnings))

    def read(self, root: Path, item: SourceItem) -> tuple[MotionSequence, ...]:
        """Read one file, cut as Frame_Cuts.csv says.

        Raises:
            RejectError: If it cannot be used.
        """
        path = item.paths[0]
        clip = _parse_name(path)
        cut = self._find_cut(clip)
        recording = read_recording(root, path, keep_lead_in=cut is not None)
        points, warnings = recording.body.points, list(recording.warnings)
        span = (0, points.shape[0])
        if cut is not None:
            span = _frames_of_cut(path, cut, num_frames=span[1], fps=recording.fps)
        elif self._cuts is not None:
            warnings.append(f"{CUTS_FILE} has no cut for {Path(path).stem}: whole file used")
        reach = round(_MARGIN_S * recording.fps)
        before, after = min(span[0], reach), min(points.shape[0] - span[1], reach)
        info = (self._styles or {}).get(fold_style(clip.style))
        sequence = MotionSequence(
            source=STYLE100.name,
            sequence_id=item.key,
            performance_id=item.key,
            fps=recording.fps,
            actors=(
                ActorMotion(points=points[span[0] - before : span[1] + after], subject_id=SUBJECT),
            ),
            origin=Origin(
                path=path,
                sha256=recording.sha256,
                first_frame=recording.body.first_frame + span[0],
            ),
            labels=(_make_label(clip, info),),
            style=clip.style,
            symmetric=info.symmetric if info else False,
            locomotion=_travels(clip.gait),
            margin_frames=(before, after),
            warnings=tuple(warnings),
        )
        return (sequence,)

    def _find_cut(self, clip: _Clip) -> tuple[str, str] | None:
        row = (self._cuts or {}).get(fold_style(clip.style), {})
        first = "TR1" if clip.gait == "TR" else clip.gait
        return row.get(clip.gait, row.get(first))


_WITHOUT: Final = {
    CUTS_FILE: "whole files are used, with T-poses and walking on and off",
    STYLES_FILE: "labels come from file names and nothing is mirrored",
}


def _short_key(path: str) -> str:
    # the same ids whether the folder or its parent was named
    return "/".join(sequence_key(path).split("/")[-2:])


def _parse_name(path: str) -> _Clip:
    stem = Path(path).stem
    style, _, gait = stem.rpartition("_")
    gait = gait.upper()
    if style and (gait in GAITS or _TRANSITION.match(gait)):
        return _Clip(style, gait)
    return _Clip(stem, "")


def _frames_of_cut(
    path: str, cut: tuple[str, str], *, num_frames: int, fps: float
) -> tuple[int, int]:
    """First frame and the one after the last, in frames of the file.

    Raises:
        RejectError: MALFORMED if these are no numbers, or nothing lies between them.
    """
    shown = f"{path}: {CUTS_FILE} says {cut[0]!r} to {cut[1]!r}"
    try:
        start, stop = (float(word) for word in cut)
        # the release counts at 60 fps; a repack at another rate has other frame numbers
        scale = 1.0 if abs(fps - _CUTS_FPS) < 0.01 * _CUTS_FPS else fps / _CUTS_FPS
        first, last = round(start * scale), min(round(stop * scale), num_frames)
    except (ValueError, OverflowError) as error:
        detail = f"{shown}: expected two frame numbers; correct that row"
        raise RejectError(RejectReason.MALFORMED, detail) from error
    if not 0 <= first < last:
        detail = f"{shown}: expected 0 <= start < stop within {num_frames} frames; correct that row"
        raise RejectError(RejectReason.MALFORMED, detail)
    return first, last


def _make_label(clip: _Clip, info: StyleInfo | None) -> Label:
    spaced = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", clip.style).replace("_", " ").lower()
    style = info.description if info and info.description else f"{spaced} style"
    gait = TRANSITIONS if _TRANSITION.match(clip.gait) else GAITS.get(clip.gait, "")
    return Label(
        text=", ".join(part for part in (style, gait) if part),
        categories=tuple(part for part in (clip.gait, clip.style) if part),
        vocabulary=STYLE100.name,
        caption_source="catalogue",
    )


def _travels(gait: str) -> bool | None:
    if gait == _STANDS:
        return False
    return True if gait in GAITS else None
