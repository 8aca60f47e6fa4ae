"""Faces as pixels, several frames at a time.

Letters of shapes: C frames painted together, K pieces, N actors.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from stickgen_model.render.canvas import FULL, Canvas, packed_tones
from stickgen_model.render.pieces import HEAD_PIECE, NUM_PIECES
from stickgen_model.render.strokes import Strokes, stroke_bands, stroke_depths

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from stickgen_model.render.display import DisplayList

    Floats = NDArray[np.float64]
    Ints = NDArray[np.intp]

__all__ = ["FacePaint"]

_SOFT: Final = 0.5
"""Pixels on both sides of a border over which it is smooth."""
_LARGE: Final = 28.0
"""Radius of a head, pixels, from which on curves would show corners with half of their points."""


class FacePaint:
    """Faces of some frames, each to be painted right after its head."""

    def __init__(self, film: DisplayList, frames: slice, layers: Ints) -> None:
        """Cut all faces into bands.

        Args:
            film: What is drawn.
            frames: C of its frames.
            layers: Their pieces from back to front, shape (K, C).
        """
        covers = film.face_covers[frames]
        # layer in which the head of an actor is painted, shape (C, N)
        heads = np.argsort(layers, axis=0)[HEAD_PIECE::NUM_PIECES].T
        large = film.radii[frames, HEAD_PIECE::NUM_PIECES, 0] >= _LARGE
        shown = covers > 1.0 / FULL
        self._groups = [
            _Faces(film, frames, heads, np.nonzero(shown & (large == kind)[..., None]))
            for kind in (False, True)
        ]

    def paint(self, canvas: Canvas, layer: int) -> None:
        """Paint the faces whose heads are in a layer."""
        for group in self._groups:
            group.paint(canvas, layer)


class _Faces:
    """Faces that are large, or that are not: these have every other point only."""

    def __init__(
        self, film: DisplayList, frames: slice, heads: Ints, which: tuple[Ints, ...]
    ) -> None:
        """Cut strokes into bands, in the order of the layers of their heads.

        Args:
            film: What is drawn.
            frames: C of its frames.
            heads: Layer of every head, shape (C, N).
            which: Frame, actor and number of the strokes.
        """
        frame, actor, number = which
        rank = np.argsort(heads[frame, actor], kind="stable")
        frame, actor, number = frame[rank], actor[rank], number[rank]
        self._layers, self._frame = heads[frame, actor], frame
        points = film.face_points[frames][frame, actor, number].astype(np.float64)
        closed = film.face_closed[number]
        radii = film.radii[frames][frame, actor * NUM_PIECES + HEAD_PIECE, 0]
        if radii.max(initial=0.0) < _LARGE:
            points = _fewer(points, closed)
        halves = 0.5 * film.face_widths[frames][frame, actor, number].astype(np.float64)
        self._strokes = Strokes(points=points, closed=closed, halves=np.maximum(halves, 0.5))
        # a line thinner than a pixel is as wide as a pixel, and fainter
        shown = film.face_covers[frames][frame, actor, number]
        self._covers = shown * np.minimum(halves / 0.5, 1.0)
        self._tones = packed_tones(film.colours[actor * NUM_PIECES + HEAD_PIECE])
        size = (film.config.width, film.config.height)
        self._bands = stroke_bands(self._strokes, beyond=_SOFT, width=size[0], height=size[1])

    def paint(self, canvas: Canvas, layer: int) -> None:
        """Paint the faces whose heads are in a layer."""
        shapes = np.searchsorted(self._layers, [layer, layer + 1])
        if shapes[0] == shapes[1]:
            return
        bands = self._bands.part(self._bands.of_shapes(int(shapes[0]), int(shapes[1])))
        cover = stroke_depths(self._strokes, bands)
        cover += np.float32(_SOFT)
        np.clip(cover, 0.0, 1.0, out=cover)
        cover *= (FULL * self._covers[bands.shape]).astype(np.float32)[:, None]
        place = bands.row * canvas.width + bands.start
        place = place + self._frame[bands.shape] * (canvas.height * canvas.width)
        touched = cover > 0.0
        index = (place[:, None] + np.arange(bands.length))[touched]
        tones = np.broadcast_to(self._tones[bands.shape, None], cover.shape)[touched]
        canvas.blend_pixels(index, cover[touched], tones)


def _fewer(points: Floats, closed: NDArray[np.bool_]) -> Floats:
    """Every other point of strokes; those that are not closed keep both ends.

    Args:
        points: Shape (M, P, 2), P even.
        closed: Shape (M,).

    Returns:
        Shape (M, P / 2, 2).
    """
    count = points.shape[1]
    apart = np.rint(np.linspace(0, count - 1, count // 2)).astype(np.intp)
    places = np.where(closed[:, None], 2 * np.arange(count // 2), apart)
    return points[np.arange(len(points))[:, None], places]
