"""Who is drawn before whom in an SVG, whose elements have one order for all time.

A piece that is now in front and now behind becomes several elements at different places of the
order, one of which is shown at a time. Only pieces that touch need an order, so few do.
Letters of shapes: F frames, K pieces, E elements.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from stickgen_model.render.pieces import HEAD_PIECE, NUM_PIECES

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from stickgen_model.render.display import DisplayList

    Floats = NDArray[np.float64]

__all__ = ["Layers", "segment_gaps", "stack_layers"]

_MARGIN: Final = 0.5
"""Pixels; pieces that are so near touch."""


@dataclass(frozen=True, eq=False, kw_only=True, slots=True)
class Layers:
    """Elements from back to front.

    Attributes:
        pieces: Piece of each element, E of them.
        shown: Frames in which each element is the one to be seen, shape (E, F).
    """

    pieces: tuple[int, ...]
    shown: NDArray[np.bool_]


class _Stack:
    """The elements so far; grows in the middle."""

    def __init__(self, order: NDArray[np.integer]) -> None:
        self.pieces = [int(piece) for piece in order]
        self.ids = list(range(len(order)))
        """Elements from back to front."""
        self.of_piece: dict[int, list[int]] = {piece: [i] for i, piece in enumerate(self.pieces)}
        self.places = np.arange(len(order))
        """Place of each element in `ids`."""

    def take(self, piece: int, behind: int, now: int) -> int:
        """An element of a piece that lies in front of place `behind`: the present one if it does.

        Args:
            piece: Which.
            behind: Place that must be below it, -1 = any will do.
            now: Its present element.
        """
        if self.places[now] > behind:
            return now
        fitting = [e for e in self.of_piece[piece] if self.places[e] > behind]
        if fitting:
            return min(fitting, key=lambda element: int(self.places[element]))
        made = len(self.pieces)
        self.pieces.append(piece)
        self.of_piece[piece].append(made)
        self.ids.insert(behind + 1, made)
        self.places = np.empty(len(self.ids), dtype=np.intp)
        self.places[self.ids] = np.arange(len(self.ids))
        return made


def stack_layers(film: DisplayList, *, alike: bool) -> Layers:
    """Elements whose fixed order shows every frame in its own.

    Args:
        film: What is drawn.
        alike: Whether limbs of one colour may lie in any order.
    """
    frames, count = film.order.shape
    ranks = np.argsort(film.order, axis=1)
    first, second = np.triu_indices(count, 1)
    if alike:
        pairs = (film.colours[first] != film.colours[second]).any(axis=1)
        # the inside of a head has a colour of its own
        pairs |= (first % NUM_PIECES == HEAD_PIECE) | (second % NUM_PIECES == HEAD_PIECE)
        first, second = first[pairs], second[pairs]
    drawn = film.radii.min(axis=2) > 0.0
    stack = _Stack(film.order[0])
    now = np.argsort(film.order[0])
    owners = np.empty((frames, count), dtype=np.intp)
    for frame in range(frames):
        touching = (
            _touching(film, frame, first, second) & drawn[frame, first] & drawn[frame, second]
        )
        one, two = first[touching], second[touching]
        swap = ranks[frame, one] > ranks[frame, two]
        low, high = np.where(swap, two, one), np.where(swap, one, two)
        if (stack.places[now[low]] > stack.places[now[high]]).any():
            now = _placed(stack, now, low, high, order=film.order[frame])
        owners[frame] = now
    shown = np.zeros((len(stack.pieces), frames), dtype=bool)
    for piece in range(count):
        shown[owners[:, piece], np.arange(frames)] = drawn[:, piece]
    kept = [element for element in stack.ids if shown[element].any()]
    return Layers(pieces=tuple(stack.pieces[e] for e in kept), shown=shown[kept])


def _placed(
    stack: _Stack,
    now: NDArray[np.intp],
    low: NDArray[np.intp],
    high: NDArray[np.intp],
    *,
    order: NDArray[np.integer],
) -> NDArray[np.intp]:
    """Elements of all pieces such that each of `low` lies behind its one of `high`."""
    below: dict[int, list[int]] = {}
    for back, front in zip(low.tolist(), high.tolist(), strict=True):
        below.setdefault(front, []).append(back)
    chosen = now.copy()
    # from the furthest on: what lies behind a piece has its element already
    for piece in order.tolist():
        backs = below.get(piece)
        if backs:
            behind = int(stack.places[chosen[backs]].max())
            chosen[piece] = stack.take(piece, behind, int(chosen[piece]))
    return chosen


def _touching(
    film: DisplayList, frame: int, first: NDArray[np.intp], second: NDArray[np.intp]
) -> NDArray[np.bool_]:
    """Which pairs of pieces touch in a frame."""
    ends = film.ends[frame].astype(np.float64)
    reach = film.radii[frame].max(axis=1).astype(np.float64)
    low, high = ends.min(axis=1) - reach[:, None], ends.max(axis=1) + reach[:, None]
    apart = (low[first] > high[second] + _MARGIN) | (low[second] > high[first] + _MARGIN)
    near: NDArray[np.bool_] = ~apart.any(axis=1)
    found = np.flatnonzero(near)
    gaps = segment_gaps(ends[first[found]], ends[second[found]])
    near[found] = gaps <= reach[first[found]] + reach[second[found]] + _MARGIN
    return near


def segment_gaps(one: Floats, two: Floats) -> Floats:
    """Distances between segments in the plane.

    Args:
        one: Both ends of each, shape (P, 2, 2).
        two: As `one`.

    Returns:
        0 where they cross, shape (P,).
    """
    gaps = np.minimum.reduce(
        [_point_gaps(one[:, i], two) for i in range(2)]
        + [_point_gaps(two[:, i], one) for i in range(2)]
    )
    sides = [_sides(one, two), _sides(two, one)]
    crossing = (sides[0] < 0.0) & (sides[1] < 0.0)
    return np.where(crossing, 0.0, gaps)


def _point_gaps(points: Floats, segments: Floats) -> Floats:
    start, along = segments[:, 0], segments[:, 1] - segments[:, 0]
    size = np.maximum((along * along).sum(axis=1), 1e-12)
    share = np.clip(((points - start) * along).sum(axis=1) / size, 0.0, 1.0)
    return np.asarray(np.linalg.norm(points - start - share[:, None] * along, axis=1))


def _sides(one: Floats, two: Floats) -> Floats:
    """Below 0 where the ends of `two` lie on different sides of the line through `one`."""
    along = one[:, 1] - one[:, 0]
    away = two - one[:, :1]
    crosses = along[:, None, 0] * away[..., 1] - along[:, None, 1] * away[..., 0]
    return np.asarray(crosses[:, 0] * crosses[:, 1])
