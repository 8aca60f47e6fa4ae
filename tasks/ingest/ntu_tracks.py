"""Bodies of a sensor file to tracks of persons: true frame numbers, continuity before ids."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations, pairwise
from typing import TYPE_CHECKING, Final

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from tasks.ingest.ntu_file import SkeletonFile

__all__ = ["MAX_GAP_FRAMES", "Tracks", "find_tracks"]

MAX_GAP_FRAMES: Final = 5
"""Missing frames that are filled in; longer gaps cut (1/6 s at 30 fps)."""

_JUMP_M: Final = 0.5
"""A person's SpineBase does not move so far between two frames (15 m/s)."""
_STEP_M: Final = 0.1
"""Nor so far for each further frame of a gap (3 m/s)."""
_STITCH_FRAMES: Final = 30
"""Two ids are joined if one begins within a second of the other's end, and near it."""
_SWAP_MIN_M: Final = 0.2
"""Two ids that swap persons both jump, together by more than this ..."""
_SWAP_RATIO: Final = 0.5
"""... and by twice the way that exchanged ids would have gone."""
_MAX_IDS: Final = 64
"""Files have a handful; of more, those with the most frames are kept."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Tracks:
    """Persons as rows of a file."""

    rows: tuple[NDArray[np.int64], ...]
    """One array of row numbers a track, in frame order, at most one row a frame."""
    num_stitches: int
    """Joints between pieces of different ids."""


def find_tracks(file: SkeletonFile) -> Tracks:
    """Group the bodies of a file into persons.

    An id is cut where its SpineBase jumps or where two ids swap, and the pieces are joined again
    by nearness, so a person keeps his track when the sensor renames him.

    Args:
        file: A parsed file.

    Returns:
        Tracks in order of their first frame; every usable row is in at most one.
    """
    roots = _roots(file.points)
    pieces: list[_Piece] = []
    by_id = _rows_by_id(file, roots)
    swaps = _swap_frames(by_id, file, roots)
    for number, rows in enumerate(by_id):
        pieces += _cut(number, rows, file.frames[rows], roots[rows], swaps[number])
    pieces.sort(key=lambda piece: (piece.first, piece.number))
    return _stitch(pieces)


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class _Piece:
    number: int
    rows: NDArray[np.int64]
    first: int
    last: int
    start: NDArray[np.float64]
    end: NDArray[np.float64]


def _roots(points: NDArray[np.float64]) -> NDArray[np.float64]:
    """SpineBase of each row, or the mean of its joints where that is unknown; NaN if none is."""
    roots = points[:, 0].copy()
    for row in np.flatnonzero(np.isnan(roots[:, 0])).tolist():
        known = points[row][~np.isnan(points[row, :, 0])]
        if known.size:
            roots[row] = known.mean(axis=0)
    return roots


def _rows_by_id(file: SkeletonFile, roots: NDArray[np.float64]) -> list[NDArray[np.int64]]:
    usable = np.flatnonzero(~np.isnan(roots[:, 0]))
    numbers: dict[int, int] = {}
    ids = [file.body_ids[row] for row in usable.tolist()]
    of_row = np.array([numbers.setdefault(one, len(numbers)) for one in ids], dtype=np.int64)
    order = np.argsort(of_row, kind="stable")
    rows, of_row = usable[order], of_row[order]
    # an id twice in a frame: the first is the person
    first = np.ones(rows.size, dtype=bool)
    first[1:] = (np.diff(of_row) != 0) | (np.diff(file.frames[rows]) != 0)
    rows, of_row = rows[first], of_row[first]
    found = np.split(rows, np.flatnonzero(np.diff(of_row)) + 1) if rows.size else []
    if len(found) > _MAX_IDS:
        found = sorted(found, key=lambda rows: -rows.size)[:_MAX_IDS]
    return found


def _swap_frames(
    by_id: list[NDArray[np.int64]], file: SkeletonFile, roots: NDArray[np.float64]
) -> list[NDArray[np.int64]]:
    """Frames at which each id takes over another's person."""
    swaps: list[list[int]] = [[] for _ in by_id]
    for a, b in combinations(range(len(by_id)), 2):
        _, at_a, at_b = np.intersect1d(
            file.frames[by_id[a]], file.frames[by_id[b]], assume_unique=True, return_indices=True
        )
        if at_a.size < 2:
            continue
        rows_a, rows_b = by_id[a][at_a], by_id[b][at_b]
        frames, pos_a, pos_b = file.frames[rows_a], roots[rows_a], roots[rows_b]
        kept = _way(pos_a[:-1], pos_a[1:]) + _way(pos_b[:-1], pos_b[1:])
        swapped = _way(pos_a[:-1], pos_b[1:]) + _way(pos_b[:-1], pos_a[1:])
        near = np.diff(frames) <= MAX_GAP_FRAMES + 1
        hit = frames[1:][near & (kept > _SWAP_MIN_M) & (swapped < _SWAP_RATIO * kept)]
        swaps[a] += hit.tolist()
        swaps[b] += hit.tolist()
    return [np.array(sorted(set(frames)), dtype=np.int64) for frames in swaps]


def _way(start: NDArray[np.float64], end: NDArray[np.float64]) -> NDArray[np.float64]:
    way: NDArray[np.float64] = np.sqrt(((end - start) ** 2).sum(axis=1))
    return way


def _cut(
    number: int,
    rows: NDArray[np.int64],
    frames: NDArray[np.int64],
    roots: NDArray[np.float64],
    swaps: NDArray[np.int64],
) -> list[_Piece]:
    """Pieces of one id between its jumps and swaps; gaps alone do not cut."""
    gap = np.diff(frames)
    jump = _way(roots[:-1], roots[1:]) > _JUMP_M + (gap - 1) * _STEP_M
    jump &= gap <= MAX_GAP_FRAMES + 1
    if swaps.size:
        jump |= np.isin(frames[1:], swaps)
    edges = [0, *(np.flatnonzero(jump) + 1).tolist(), rows.size]
    return [
        _Piece(
            number=number,
            rows=rows[low:high],
            first=int(frames[low]),
            last=int(frames[high - 1]),
            start=roots[low],
            end=roots[high - 1],
        )
        for low, high in pairwise(edges)
    ]


def _stitch(pieces: list[_Piece]) -> Tracks:
    """Join each piece to the nearest track that has just ended, nearest pairs first."""
    if len(pieces) == 1:
        return Tracks(rows=(pieces[0].rows,), num_stitches=0)
    chains: list[list[_Piece]] = []
    open_chains: list[list[_Piece]] = []
    num_stitches = 0
    at = 0
    while at < len(pieces):
        first = pieces[at].first
        newcomers = [p for p in pieces[at : at + _MAX_IDS] if p.first == first]
        at += len(newcomers)
        open_chains = [c for c in open_chains if c[-1].last >= first - _STITCH_FRAMES]
        pairs = sorted(
            (float(np.linalg.norm(piece.start - chain[-1].end)), i, j)
            for i, piece in enumerate(newcomers)
            for j, chain in enumerate(open_chains)
            if chain[-1].last < first
        )
        joined: dict[int, int] = {}
        for way, i, j in pairs:
            if way < _JUMP_M and i not in joined and j not in joined.values():
                joined[i] = j
        for i, piece in enumerate(newcomers):
            if i in joined:
                chain = open_chains[joined[i]]
                num_stitches += chain[-1].number != piece.number
                chain.append(piece)
            else:
                chains.append([piece])
                open_chains.append(chains[-1])
    rows = tuple(np.concatenate([piece.rows for piece in chain]) for chain in chains)
    return Tracks(rows=rows, num_stitches=num_stitches)
