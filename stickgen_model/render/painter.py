"""Display lists as pixels, several frames at a time.

What has the same place in the drawing order of its frame is painted at once in all frames.
Letters of shapes: C frames painted together, K pieces, N actors, M shapes, R bands, L pixels.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

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
from stickgen_model.render.content import content_boxes
from stickgen_model.render.face_paint import FacePaint
from stickgen_model.render.figure import HEAD_RADIUS
from stickgen_model.render.grain import Grain
from stickgen_model.render.pieces import HEAD_PIECE, NUM_PIECES
from stickgen_model.render.projection import View

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from stickgen_model.render.bands import Bands
    from stickgen_model.render.display import DisplayList

    Floats = NDArray[np.float64]
    Ints = NDArray[np.intp]
    Words = NDArray[np.uint32]

__all__ = ["Box", "Painted", "Painter"]

_SOFT: Final = 0.5
"""Pixels on both sides of a border over which it is smooth."""
_GLOW: Final = 0.5
"""Cover of the light at the border of a limb."""


Box = tuple[int, int, int, int]


@dataclass(frozen=True, eq=False, slots=True)
class Painted:
    """A frame.

    Attributes:
        behind: Its backdrop; the same array while the camera stands still, shape (H, W).
        pixels: Good inside of the box; around it the frame is as its backdrop, shape (H, W).
        box: First row and the one after the last, first column and the one after the last.
    """

    behind: Words
    pixels: Words
    box: Box

    def inside(self, picture: NDArray[Any]) -> NDArray[Any]:
        """The box of a picture, a view."""
        top, bottom, left, right = self.box
        return picture[top:bottom, left:right]


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
        self._moves = _moves(film.views)
        self._page = draw_page(film.config)
        self._ground: tuple[bytes, Words] | None = None
        self._tones = packed_tones(film.colours)
        self._grain = Grain(self._config) if self._look.grain else None
        self._canvas: Canvas | None = None
        self._behind: tuple[Words, CaptionArt, Words] | None = None
        self._captions: dict[int, CaptionArt] = {}

    def paint(self, first: int, last: int) -> list[Painted]:
        """Paint the frames from `first` up to but without `last`.

        Returns:
            Frames, good until the next call.
        """
        width, height = self._size
        if self._canvas is None or self._canvas.count != last - first:
            self._canvas = Canvas(last - first, height, width, transparent=self._look.transparent)
        canvas, frames = self._canvas, slice(first, last)
        arts = self._arts(frames)
        boxes = content_boxes(self._film, frames)
        painted = []
        for number, pixels in enumerate(canvas.frames):
            behind, box = self.backdrop(first + number), tuple(boxes[number].tolist())
            art = arts[number]
            if self._moves[first + number]:
                box = (0, height, 0, width)
            elif art is not None and not _meet(box, art.box):
                behind, arts[number] = self._captioned(behind, art), None
            elif art is not None:
                box = _joined(box, art.box)
            one = Painted(behind, pixels, box)
            one.inside(pixels)[:] = one.inside(behind)
            painted.append(one)
        self._paint_shadows(canvas, frames)
        layers = self._film.order[frames].T.astype(np.intp)
        if self._look.glow:
            self._paint_glow(canvas, frames, layers)
        self._paint_pieces(canvas, frames, layers)
        for number, art in enumerate(arts):
            if art is not None:
                index = art.index + number * self._page.size
                canvas.blend_pixels(index, art.cover.copy(), art.tones)
        return painted

    def _arts(self, frames: slice) -> list[CaptionArt | None]:
        """The captions of frames."""
        found: list[CaptionArt | None] = []
        for number in self._film.caption_numbers[frames].tolist():
            if number != NO_CAPTION and number not in self._captions:
                self._captions[number] = caption_art(self._film.captions[number], self._config)
            found.append(self._captions.get(number))
        return found

    def backdrop(self, frame: int) -> Words:
        """What is behind people in a frame, shape (H, W); the same array while nothing changes."""
        key = self._film.views[frame].tobytes()
        if self._ground is None or self._ground[0] != key:
            self._ground = (key, draw_ground(self._page, self._view, frame, self._config))
        return self._ground[1]

    def _captioned(self, behind: Words, art: CaptionArt) -> Words:
        """A backdrop with a caption that nobody stands before; the same array for the same."""
        if self._behind is None or self._behind[0] is not behind or self._behind[1] is not art:
            height, width = behind.shape
            canvas = Canvas(1, height, width, transparent=self._look.transparent)
            canvas.frames[0] = behind
            canvas.blend_pixels(art.index, art.cover.copy(), art.tones)
            self._behind = (behind, art, canvas.frames[0])
        return self._behind[2]

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
        faces = FacePaint(self._film, frames, layers)
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
            shares = windows(self._grain.shares, cover.shape[1])[first % self._page.size]
            cover *= shares.view(np.float32).reshape(cover.shape)
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


def _meet(one: Box, two: Box) -> bool:
    """Whether two boxes share a pixel."""
    return max(one[0], two[0]) < min(one[1], two[1]) and max(one[2], two[2]) < min(one[3], two[3])


def _joined(one: Box, two: Box) -> Box:
    """A box that holds two."""
    return min(one[0], two[0]), max(one[1], two[1]), min(one[2], two[2]), max(one[3], two[3])


def _moves(views: Floats) -> NDArray[np.bool_]:
    """Frames whose camera is that of neither neighbour, shape (F,)."""
    stays = (views[1:] == views[:-1]).all(axis=1)
    return np.asarray(~(np.append(stays, False) | np.append(False, stays)))
