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

    Ints = NDArray[np.intp]

__all__ = ["FacePaint"]

_SOFT: Final = 0.5
"""Pixels on both sides of a border over which it is smooth."""


class FacePaint:
    """Faces of some frames, each to be painted right after its head."""

    def __init__(self, film: DisplayList, frames: slice, layers: Ints) -> None:
        """Cut all faces into bands, in the order of their heads.

        Args:
            film: What is drawn.
            frames: C of its frames.
            layers: Their pieces from back to front, shape (K, C).
        """
        covers = film.face_covers[frames]
        # layer in which the head of an actor is painted, by frame
        heads = np.argsort(layers, axis=0)[HEAD_PIECE::NUM_PIECES].T
        frame, actor, number = np.nonzero(covers > 1.0 / FULL)
        rank = np.argsort(heads[frame, actor], kind="stable")
        frame, actor, number = frame[rank], actor[rank], number[rank]
        self._layers = heads[frame, actor]
        self._frame = frame
        halves = 0.5 * film.face_widths[frames][frame, actor, number].astype(np.float64)
        self._strokes = Strokes(
            points=film.face_points[frames][frame, actor, number].astype(np.float64),
            closed=film.face_closed[number],
            halves=np.maximum(halves, 0.5),
        )
        self._covers = covers[frame, actor, number] * np.minimum(halves / 0.5, 1.0)
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
