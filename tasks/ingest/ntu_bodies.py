"""Which tracked bodies of a sensor file are the performers, and over which frames.

The rules are those in common use for this dataset (length, spread, motion rank), with two
differences: frames keep their true numbers, so a gap moves nothing in time, and nearness of the
pelvis decides who is who before motion does.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Final

import numpy as np

from datasets_spec.errors import RejectError
from datasets_spec.rejection import RejectReason
from tasks.ingest.ntu_repair import BODY_JOINTS, NEEDED_JOINTS, FilledRun, fill_run
from tasks.ingest.ntu_tracks import MAX_GAP_FRAMES, find_tracks

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from tasks.ingest.ntu_file import SkeletonFile

__all__ = ["MIN_FRAMES", "Part", "Performers", "find_performers"]

MIN_FRAMES: Final = 12
"""A body or part with fewer frames is noise. Source: the denoising that is standard for NTU RGB+D
drops bodies of 11 frames and less (CTR-GCN, PYSKL)."""
_SPREAD: Final = 0.8
"""A frame is wide when its x extent exceeds this share of its y extent (same source)."""
_MAX_WIDE_SHARE: Final = 0.69754
"""A body that is wide in this share of its frames is furniture (same source)."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Part:
    """Consecutive frames in which every person is there; all persons have the same frames."""

    persons: tuple[FilledRun, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Performers:
    """What a file holds."""

    parts: tuple[Part, ...]
    """In time order, at least one."""
    warnings: tuple[str, ...]


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class _Track:
    frames: NDArray[np.int64]
    """Good frames only."""
    points: NDArray[np.float64]
    states: NDArray[np.uint8]


def find_performers(file: SkeletonFile, *, num_expected: int) -> Performers:
    """Choose the performers of a file and cut their motion at long gaps.

    Args:
        file: A parsed file.
        num_expected: Persons of the action class, 1 or 2.

    Returns:
        Parts without gaps. Where two persons are expected but never seen together, the parts hold
        the one that moves most, and a warning says so.

    Raises:
        RejectError: NO_BODY, TOO_SHORT, TOO_MANY_GAPS, NON_FINITE.
    """
    if not file.body_ids:
        msg = f"expected a body in {file.num_frames} frames, the sensor saw none"
        raise RejectError(RejectReason.NO_BODY, msg)
    found = find_tracks(file)
    if not found.rows:
        msg = "expected joint positions, no body has a finite one"
        raise RejectError(RejectReason.NON_FINITE, msg)
    tracks = _rank(file, _long_enough(found.rows))
    groups, num_dropped = _assign(tracks, num_expected)
    runs = [_runs_of(group) for group in groups]
    parts, notes = _parts(runs, num_expected)
    if not parts:
        msg = f"expected {MIN_FRAMES} frames in a row, longer gaps leave fewer"
        raise RejectError(RejectReason.TOO_SHORT, msg)
    if num_dropped:
        notes.append(f"{num_dropped} other bodies left out")
    if found.num_stitches:
        notes.append(f"{found.num_stitches} changes of body id followed")
    num_filled = sum(int(run.filled.sum()) for part in parts for run in part.persons)
    if num_filled:
        notes.append(f"{num_filled} missing body frames filled in")
    return Performers(parts=tuple(parts), warnings=tuple(notes))


def _long_enough(tracks: tuple[NDArray[np.int64], ...]) -> list[NDArray[np.int64]]:
    kept = [rows for rows in tracks if rows.size >= MIN_FRAMES]
    if not kept:
        longest = max(rows.size for rows in tracks)
        msg = f"expected a body over {MIN_FRAMES} frames or more, the longest has {longest}"
        raise RejectError(RejectReason.TOO_SHORT, msg)
    return kept


def _rank(file: SkeletonFile, tracks: list[NDArray[np.int64]]) -> list[_Track]:
    """Tracks with enough good frames, furniture left out, the one that moves most first."""
    reasons: list[RejectError] = []
    ranked: list[_Track] = []
    for rows in tracks:
        track = _good_frames(file, rows)
        if isinstance(track, RejectError):
            reasons.append(track)
        else:
            ranked.append(track)
    if not ranked:
        raise reasons[0]
    return ranked if len(ranked) == 1 else _narrow_and_lively(ranked)


def _narrow_and_lively(tracks: list[_Track]) -> list[_Track]:
    """Tell persons from furniture; unfair to somebody lying, so only where bodies compete."""
    wide = [_wide_frames(track.points) for track in tracks]
    shares = [float(frames.mean()) for frames in wide]
    kept = [number for number, share in enumerate(shares) if share < _MAX_WIDE_SHARE]
    motion = [_motion(track.points, frames) for track, frames in zip(tracks, wide, strict=True)]
    # stable: of equals the one that began first
    order = sorted(kept or [int(np.argmin(shares))], key=lambda number: -motion[number])
    return [tracks[number] for number in order]


def _good_frames(file: SkeletonFile, rows: NDArray[np.int64]) -> _Track | RejectError:
    """A track without the frames in which most joints are guesses or a joint is long unknown."""
    points, states, frames = file.points[rows], file.states[rows], file.frames[rows]
    guessed = (states[:, BODY_JOINTS] < 2).sum(axis=1) * 2 > BODY_JOINTS.size
    if guessed.mean() > 0.5:
        msg = f"most joints are inferred in {int(guessed.sum())} of {rows.size} body frames"
        return RejectError(RejectReason.TOO_MANY_GAPS, msg)
    if guessed.any():
        points, states, frames = points[~guessed], states[~guessed], frames[~guessed]
    unknown = np.isnan(points[:, NEEDED_JOINTS, 0])
    lost = _long_holes(frames, unknown) if unknown.any() else np.zeros(frames.size, dtype=bool)
    num_good = frames.size - int(lost.sum())
    if num_good < MIN_FRAMES:
        reason = RejectReason.NON_FINITE if lost.any() else RejectReason.TOO_MANY_GAPS
        msg = f"expected {MIN_FRAMES} body frames with known joints, got {num_good}"
        return RejectError(reason, msg)
    return _Track(frames=frames[~lost], points=points[~lost], states=states[~lost])


def _long_holes(frames: NDArray[np.int64], unknown: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Frames inside a hole of some joint that is too long to fill, shape (N,)."""
    lost = np.zeros(frames.size, dtype=bool)
    for column in unknown.T:
        known_at = np.flatnonzero(~column)
        edges = np.concatenate([[-1], known_at, [frames.size]])
        for low, high in pairwise(edges.tolist()):
            hole = slice(low + 1, high)
            if high - low > 1 and _hole_length(frames[hole]) > MAX_GAP_FRAMES:
                lost[hole] = True
    return lost


def _hole_length(frames: NDArray[np.int64]) -> int:
    return int(frames[-1] - frames[0]) + 1


def _wide_frames(points: NDArray[np.float64]) -> NDArray[np.bool_]:
    # joints first: reductions over the first axis of contiguous memory are many times faster
    flat = np.ascontiguousarray(points[..., :2].transpose(1, 2, 0))
    extent = np.fmax.reduce(flat, axis=0) - np.fmin.reduce(flat, axis=0)
    wide: NDArray[np.bool_] = extent[0] > _SPREAD * extent[1]
    return wide


def _motion(points: NDArray[np.float64], wide: NDArray[np.bool_]) -> float:
    """Variance of the joint positions, summed over x, y, z; not above that of narrow frames."""
    motion = _variance(points)
    if wide.any() and not wide.all():
        motion = min(motion, _variance(points[~wide]))
    return motion


def _variance(points: NDArray[np.float64]) -> float:
    flat = np.ascontiguousarray(points.reshape(-1, 3).T)
    unknown = np.isnan(flat[0])
    if unknown.any():
        flat = flat[:, ~unknown]
    return float(flat.var(axis=1).sum())


def _assign(tracks: list[_Track], num_expected: int) -> tuple[list[list[_Track]], int]:
    """Give each track to a person; what overlaps all persons in time is left out."""
    persons: list[list[_Track]] = []
    num_dropped = 0
    for track in tracks:
        free = [p for p in persons if not any(_overlap(track, other) for other in p)]
        if free:
            min(free, key=lambda person: min(_distance(track, other) for other in person)).append(
                track
            )
        elif len(persons) < num_expected:
            persons.append([track])
        else:
            num_dropped += 1
    return persons, num_dropped


def _overlap(one: _Track, other: _Track) -> bool:
    return bool(np.isin(one.frames, other.frames, assume_unique=True).any())


def _distance(one: _Track, other: _Track) -> float:
    """Way of the SpineBase between two tracks that do not overlap."""
    if one.frames[0] > other.frames[0]:
        one, other = other, one
    way = np.linalg.norm(other.points[0, 0] - one.points[-1, 0])
    return float(np.nan_to_num(way, nan=np.inf))


def _runs_of(tracks: list[_Track]) -> list[_Track]:
    """Stretches of one person without long gaps, in time order, long enough to use."""
    runs: list[_Track] = []
    for track in tracks:
        cuts = np.flatnonzero(np.diff(track.frames) > MAX_GAP_FRAMES + 1) + 1
        edges = [0, *cuts.tolist(), track.frames.size]
        runs += [_stretch(track, low, high) for low, high in pairwise(edges)]
    runs = [run for run in runs if _span(run) >= MIN_FRAMES]
    return sorted(runs, key=lambda run: int(run.frames[0]))


def _stretch(track: _Track, low: int, high: int) -> _Track:
    return _Track(
        frames=track.frames[low:high],
        points=track.points[low:high],
        states=track.states[low:high],
    )


def _span(run: _Track) -> int:
    return _hole_length(run.frames)


def _parts(runs: list[list[_Track]], num_expected: int) -> tuple[list[Part], list[str]]:
    filled = [[fill_run(r.frames, r.points, r.states) for r in person] for person in runs]
    if len(filled) == 2:
        pairs = [
            pair for a in filled[0] for b in filled[1] if (pair := _common_frames(a, b)) is not None
        ]
        if pairs:
            return pairs, []
    singles = [Part(persons=(run,)) for run in filled[0] or filled[-1]]
    notes = ["two-person class with one person tracked"] if num_expected == 2 else []
    return singles, notes


def _common_frames(one: FilledRun, other: FilledRun) -> Part | None:
    first = max(one.first_frame, other.first_frame)
    last = min(one.first_frame + len(one.points), other.first_frame + len(other.points))
    if last - first < MIN_FRAMES:
        return None
    return Part(persons=(_trimmed(one, first, last), _trimmed(other, first, last)))


def _trimmed(run: FilledRun, first: int, last: int) -> FilledRun:
    inside = slice(first - run.first_frame, last - run.first_frame)
    return FilledRun(
        first_frame=first,
        points=run.points[inside],
        tracked=run.tracked[inside],
        filled=run.filled[inside],
    )
