"""Display lists as pixels, several frames at a time.

What has the same place in the drawing order of its frame is painted at once in all frames.
Letters of shapes: C frames painted together, K pieces, N actors, M shapes, R bands, L pixels.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from stickgen_model.render.backdrop import draw_ground, draw_page
from stickgen_model.render.canvas import FULL, Canvas, packed_tones, windows
from stickgen_model.render.capsules import (
    Capsules,
    capsule_bands,
    capsule_depths,
    capsule_factors,
    ellipse_bands,
    ellipse_covers,
    ellipse_factors,
)
from stickgen_model.render.caption_art import CaptionArt, caption_art
from stickgen_model.render.captions import NO_CAPTION
from stickgen_model.render.figure import HEAD_RADIUS
from stickgen_model.render.grain import Grain
from stickgen_model.render.pieces import HEAD_PIECE, NUM_PIECES
from stickgen_model.render.projection import View
from stickgen_model.render.strokes import Strokes, stroke_bands, stroke_depths

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from stickgen_model.render.bands import Bands
    from stickgen_model.render.display import DisplayList

    Floats = NDArray[np.float64]
    Ints = NDArray[np.intp]
    Words = NDArray[np.uint32]

__all__ = ["Painter"]

_SOFT: Final = 0.5
"""Pixels on both sides of a border over which it is smooth."""
_GLOW: Final = 0.5
"""Cover of the light at the border of a limb."""


@dataclass(frozen=True, eq=False, slots=True)
class _Placed:
    """Bands on a canvas."""

    bands: Bands
    first: Ints
    tones: Words


class Painter:
    """Paints the frames of one display list."""

    def __init__(self, film: DisplayList) -> None:
        """Prepare what all frames share."""
        self._film = film
        self._config, self._look = film.config, film.config.look_spec
        self._size = (film.config.width, film.config.height)
        self._view = View(film.views, width=self._size[0], height=self._size[1])
        self._page = draw_page(film.config)
        self._ground: tuple[bytes, Words] | None = None
        self._tones = packed_tones(film.colours)
        self._grain = Grain(self._config) if self._look.grain else None
        self._captions: dict[int, CaptionArt] = {}

    def paint(self, first: int, last: int) -> Canvas:
        """Paint the frames from `first` up to but without `last`."""
        width, height = self._size
        canvas = Canvas(last - first, height, width, transparent=self._look.transparent)
        for number in range(first, last):
            canvas.frames[number - first] = self.backdrop(number)
        frames = slice(first, last)
        self._paint_shadows(canvas, frames)
        layers = self._film.order[frames].T.astype(np.intp)
        if self._look.glow:
            self._paint_glow(canvas, frames, layers)
        self._paint_pieces(canvas, frames, layers)
        self._paint_captions(canvas, frames)
        return canvas

    def backdrop(self, frame: int) -> Words:
        """What is behind people in a frame, shape (H, W); the same array while nothing changes."""
        key = self._film.views[frame].tobytes()
        if self._ground is None or self._ground[0] != key:
            self._ground = (key, draw_ground(self._page, self._view, frame, self._config))
        return self._ground[1]

    def _placed(self, canvas: Canvas, bands: Bands, frame: Ints, tones: Words) -> _Placed:
        """Where bands are on the canvas; frame and colour are those of the shapes."""
        place = bands.row * canvas.width + bands.start
        first = place + frame[bands.shape] * (canvas.height * canvas.width)
        return _Placed(bands, first, tones[bands.shape])

    def _paint_shadows(self, canvas: Canvas, frames: slice) -> None:
        covers = self._film.shadow_covers[frames].T.astype(np.float64)
        if not covers.any():
            return
        ellipses = self._film.shadows[frames].transpose(1, 0, 2).astype(np.float64)
        # one of less than a pixel is as wide as a pixel, and fainter
        halves = np.maximum(ellipses[..., 2:], 1.0)
        covers = covers * np.prod(ellipses[..., 2:] / halves, axis=-1)
        ellipses[..., 2:] = np.where(covers[..., None] > 0.0, halves, 0.0)
        number, count = covers.shape
        width, height = self._size
        bands = ellipse_bands(ellipses.reshape(-1, 4), width=width, height=height)
        across, rest = ellipse_factors(
            ellipses.reshape(-1, 4), bands, strength=FULL * covers.reshape(-1)
        )
        tone = np.full(number * count, packed_tones(np.array(self._look.shadow)))
        placed = self._placed(canvas, bands, np.tile(np.arange(count), number), tone)
        for layer in range(number):
            part = bands.of_shapes(layer * count, (layer + 1) * count)
            cover = ellipse_covers(across[part], rest[part], bands.length)
            canvas.blend_bands(placed.first[part], cover, placed.tones[part])

    def _capsules(self, frames: slice, layers: Ints) -> Capsules:
        """The pieces in the order of layers, then frames; none thinner than a pixel."""
        at = np.arange(frames.start, frames.stop)
        radii = self._film.radii[at, layers].reshape(-1, 2).astype(np.float64)
        ends = self._film.ends[at, layers].reshape(-1, 2, 2).astype(np.float64)
        return Capsules(ends=ends, radii=np.where(radii > 0.0, np.maximum(radii, 0.5), 0.0))

    def _paint_glow(self, canvas: Canvas, frames: slice, layers: Ints) -> None:
        """Light around everybody, behind all of them."""
        heads = self._film.radii[frames, HEAD_PIECE::NUM_PIECES, 0].astype(np.float64)
        reach = heads * (self._look.glow / HEAD_RADIUS)
        at = np.arange(layers.shape[1])
        far = np.maximum(reach[at, layers // NUM_PIECES].reshape(-1), 1.0)
        capsules = self._capsules(frames, layers)
        width, height = self._size
        bands = capsule_bands(capsules, beyond=far, width=width, height=height)
        factors = capsule_factors(capsules, bands, scale=1.0 / far, shift=1.0)
        tones = self._tones[layers].reshape(-1)
        placed = self._placed(canvas, bands, np.tile(at, len(layers)), tones)
        for layer in range(len(layers)):
            part = bands.of_shapes(layer * len(at), (layer + 1) * len(at))
            light = capsule_depths(factors[:, part], bands.length)
            np.clip(light, 0.0, 1.0, out=light)
            light *= light
            light *= np.float32(FULL * _GLOW)
            canvas.blend_bands(placed.first[part], light, placed.tones[part])

    def _paint_pieces(self, canvas: Canvas, frames: slice, layers: Ints) -> None:
        capsules = self._capsules(frames, layers)
        width, height = self._size
        bands = capsule_bands(capsules, beyond=_SOFT, width=width, height=height)
        factors = capsule_factors(capsules, bands, scale=float(FULL), shift=_SOFT * FULL)
        at = np.arange(layers.shape[1])
        placed = self._placed(
            canvas, bands, np.tile(at, len(layers)), self._tones[layers].reshape(-1)
        )
        thin = self._thinness(frames, layers, capsules)[bands.shape]
        inner = self._inner_edges(frames, layers)[bands.shape]
        fill = np.full(len(inner), packed_tones(np.array(self._look.head)))
        faces = _FacePaint(self._film, frames, layers)
        for layer in range(len(layers)):
            part = bands.of_shapes(layer * len(at), (layer + 1) * len(at))
            depth = capsule_depths(factors[:, part], bands.length)
            filled = np.flatnonzero(inner[part])
            inside = depth[filled] - inner[part][filled, None] if len(filled) else None
            first = placed.first[part]
            self._blend(canvas, first, self._thinned(depth, thin[part]), placed.tones[part])
            if inside is not None:
                canvas.blend_bands(first[filled], inside, fill[: len(filled)])
            faces.paint(canvas, layer)

    def _thinned(
        self, depth: NDArray[np.float32], thin: NDArray[np.float32]
    ) -> NDArray[np.float32]:
        if (thin < 1.0).any():
            np.clip(depth, 0.0, float(FULL), out=depth)
            depth *= thin[:, None]
        return depth

    def _blend(self, canvas: Canvas, first: Ints, cover: NDArray[np.float32], tones: Words) -> None:
        if self._grain is not None:
            np.clip(cover, 0.0, float(FULL), out=cover)
            cover *= windows(self._grain.shares, cover.shape[1])[first % self._page.size]
        canvas.blend_bands(first, cover, tones)

    def _thinness(self, frames: slice, layers: Ints, capsules: Capsules) -> NDArray[np.float32]:
        """What is left of the cover of pieces that are thinner than a pixel, shape (M,)."""
        at = np.arange(frames.start, frames.stop)
        true = self._film.radii[at, layers].reshape(-1, 2).max(axis=1)
        return np.asarray(true / np.maximum(capsules.radii.max(axis=1), 1e-6), dtype=np.float32)

    def _inner_edges(self, frames: slice, layers: Ints) -> NDArray[np.float32]:
        """Where the inside of a piece begins, in FULLs of a pixel; 0 = it has none, shape (M,)."""
        at = np.arange(frames.start, frames.stop)
        edges = self._film.outlines[at, layers // NUM_PIECES] * np.float32(FULL)
        if not self._look.hollow:
            edges = np.where(layers % NUM_PIECES == HEAD_PIECE, edges, 0.0)
        return np.asarray(edges.reshape(-1), dtype=np.float32)

    def _paint_captions(self, canvas: Canvas, frames: slice) -> None:
        numbers = self._film.caption_numbers[frames]
        for number in np.unique(numbers[numbers != NO_CAPTION]).tolist():
            if number not in self._captions:
                self._captions[number] = caption_art(self._film.captions[number], self._config)
            art = self._captions[number]
            shown = np.flatnonzero(numbers == number)[:, None] * self._page.size
            for index, cover, colour in (
                (art.edge, art.edge_cover, self._look.text_edge),
                (art.letters, art.letter_cover, self._look.text),
            ):
                covers = np.repeat(cover[None], len(shown), axis=0)
                canvas.blend_pixels(shown + index, covers, packed_tones(np.array([colour])))


class _FacePaint:
    """Faces of some frames, each to be painted right after its head."""

    def __init__(self, film: DisplayList, frames: slice, layers: Ints) -> None:
        """Cut all faces into bands, in the order of their heads."""
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
