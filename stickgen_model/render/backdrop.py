"""What lies behind people: page, ground up to the horizon, lines on both.

Letters of shapes: H rows, W columns, h rows of ground.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from stickgen_model.render.bands import ramps
from stickgen_model.render.canvas import FULL, mixed, packed_tones, whole_covers

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from stickgen_model.render.config import RenderConfig
    from stickgen_model.render.looks import Look
    from stickgen_model.render.projection import View

    Floats = NDArray[np.float64]
    Singles = NDArray[np.float32]
    Words = NDArray[np.uint32]

__all__ = ["GRID_STEP", "HAZE", "draw_ground", "draw_page"]

GRID_STEP: Final = 0.5
"""H between the lines on the ground, which go through x = 0 and z = 0."""
HAZE: Final = 8.0
"""H over which ground and lines fade into the page."""

_LINE: Final = 0.012
"""H, width of a line on the ground."""
_PAGE_STEP: Final = 0.0625
"""Of the height: between lines on paper; every fourth is stronger."""
_FLAT: Final = 1e-9
_PIXELS_AT_ONCE: Final = 2**17
_LEVEL: Final = 1e-6


def draw_page(config: RenderConfig) -> Words:
    """The paper: packed pixels, 0 where the look is transparent, shape (H, W)."""
    look, shape = config.look_spec, (config.height, config.width)
    if look.transparent:
        return np.zeros(shape, dtype=np.uint32)
    page = np.full(shape, packed_tones(np.array(look.page)), dtype=np.uint32)
    if look.page_grid is None:
        return page
    step = max(8.0, round(_PAGE_STEP * config.height))
    lines = [_ruler(count, step) for count in shape]
    cover = np.maximum(lines[0][:, None], lines[1]) * np.float32(min(1.0, config.height / 256.0))
    return mixed(page, whole_covers(cover), packed_tones(np.array(look.page_grid)))


def _ruler(count: int, step: float) -> Singles:
    """Covers of lines on paper, shape (count,)."""
    at = np.arange(count) + 0.5 - 0.5 * (count % (4.0 * step))
    covers = np.zeros(count)
    for every, cover in ((step, 0.4), (4.0 * step, 0.8)):
        away = np.abs(at / every - np.rint(at / every)) * every
        covers = np.maximum(covers, cover * np.clip(1.0 - away, 0.0, 1.0))
    return (FULL * covers).astype(np.float32)


def draw_ground(page: Words, view: View, frame: int, config: RenderConfig) -> Words:
    """A page with the ground that a camera sees; the page itself where there is none.

    Args:
        page: As of `draw_page`.
        view: Cameras and size.
        frame: Of the cameras.
        config: Look; whether there is a ground.

    Returns:
        Shape (H, W).
    """
    look = config.look_spec
    if look.transparent or not config.ground:
        return page
    picture = page.copy()
    horizon, height = float(view.horizon()[frame]), view.height
    first = int(np.clip(math.floor(horizon), 0, height))
    if first < height and view.views[frame, 1] > 0.0:
        ahead, pixel = _reach(view, frame, first)
        near = np.exp(-ahead / HAZE) * np.clip(np.arange(first, height) + 1.0 - horizon, 0.0, 1.0)
        covers = (FULL * near).astype(np.float32)[:, None]
        floor = packed_tones(np.array(look.floor))
        ruled = slice(None) if look.page_grid else slice(1)
        lines = [
            _line_factors(view, frame, axis, ahead=ahead, pixel=pixel, cover=look.grid_cover * near)
            for axis in range(2)
        ]
        tone = packed_tones(np.array(look.grid))
        # some rows at a time: what is worked on stays in the cache of the processor
        step = max(1, _PIXELS_AT_ONCE // view.width)
        for row in range(0, height - first, step):
            part = slice(row, row + step)
            rows = picture[first:][part]
            rows[:] = mixed(rows[:, ruled].copy(), whole_covers(covers[part].copy()), floor)
            across = [line.covers(part, view.width) for line in lines]
            cover = _larger(*across, width=view.width).reshape(-1)
            touched = np.flatnonzero(cover > np.float32(0.5))
            flat = rows.reshape(-1)
            flat[touched] = mixed(flat[touched], whole_covers(cover[touched]), tone)
    _draw_horizon(picture, horizon, look)
    return picture


def _larger(one: Singles, other: Singles, *, width: int) -> Singles:
    """The larger cover of each pixel, (rows, width), of what may be the same all along a row."""
    if one.shape[1] < other.shape[1]:
        one, other = other, one
    if one.shape[1] < width:
        return np.repeat(np.maximum(one, other), width, axis=1)
    return np.maximum(one, other, out=one)


def _draw_horizon(picture: Words, horizon: float, look: Look) -> None:
    """A level line; changes the picture."""
    width = max(1.0, len(picture) / 400.0)
    away = np.abs(np.arange(len(picture)) + 0.5 - horizon)
    level = look.horizon_cover * np.clip(0.5 + 0.5 * width - away, 0.0, 1.0)
    touched = np.flatnonzero(level)
    cover = np.repeat(FULL * level[touched, None], picture.shape[1], axis=1).astype(np.float32)
    tone = packed_tones(np.array(look.grid))
    picture[touched] = mixed(picture[touched], whole_covers(cover), tone)


def _reach(view: View, frame: int, first: int) -> tuple[Floats, Floats]:
    """How far away, along the level, the ground in the rows from `first` on is; H of a pixel."""
    focal, axes = float(view.focal[frame]), view.axes[frame]
    slope = (0.5 * view.height - 0.5 - np.arange(first, view.height)) / focal
    fall = np.maximum(-(axes[2, 1] + slope * axes[1, 1]), _FLAT)
    times = float(view.views[frame, 1]) / fall
    forward = math.hypot(axes[2, 0], axes[2, 2])
    # up leans forward where the camera looks down
    upward = math.copysign(math.hypot(axes[1, 0], axes[1, 2]), -axes[2, 1])
    return times * np.maximum(forward + slope * upward, _FLAT), times / focal


@dataclass(frozen=True, eq=False, slots=True)
class _Lines:
    """Parallel lines on the ground, row by row of the picture.

    Attributes:
        places: Where pixels are between lines, which are at whole numbers, as of `bands.ramps`,
            shape (h, 2).
        slopes: Loss of cover by the distance from a line, shape (h, 1).
        middles: Cover in the middle of a line as if it was not limited, shape (h, 1).
        most: Cover of a pixel within a line, shape (h, 1).
    """

    places: Singles
    slopes: Singles
    middles: Singles
    most: Singles

    def covers(self, rows: slice, width: int) -> Singles:
        """Cover up to FULL, below 0 where no line is, shape (rows, width) or (rows, 1)."""
        # lines that lie level in the picture are the same all along a row
        level = float(np.abs(self.places[:, 0]).max(initial=0.0)) * width < _LEVEL
        at = ramps(self.places[rows], 1 if level else width)
        at -= np.rint(at)
        np.abs(at, out=at)
        at *= self.slopes[rows]
        at += self.middles[rows]
        return np.minimum(at, self.most[rows], out=at)


def _line_factors(
    view: View, frame: int, axis: int, *, ahead: Floats, pixel: Floats, cover: Floats
) -> _Lines:
    """The lines across x (axis 0) or z (axis 1).

    Args:
        view: Cameras.
        frame: Of the cameras.
        axis: Which.
        ahead: As of `_reach`, shape (h,).
        pixel: As of `_reach`, shape (h,).
        cover: Of a line that fills a pixel, 0..1, shape (h,).
    """
    right = view.axes[frame, 0, [0, 2]]
    forward = np.array([right[1], -right[0]])
    step = pixel * right[axis] / GRID_STEP
    middle = (view.views[frame, 2 * axis] + ahead * forward[axis]) / GRID_STEP
    # far from the origin whole lines are taken off, for single precision
    begin = np.modf(middle + step * (0.5 - 0.5 * view.width))[0]
    # how much of the level a row spans
    deep = np.abs(np.gradient(ahead)) if len(ahead) > 1 else pixel
    size = np.maximum(np.abs(step) + np.abs(deep * forward[axis]) / GRID_STEP, _FLAT)
    line = _LINE / GRID_STEP
    wide = np.maximum(line, size)
    # thin lines are as wide as a pixel, and fainter; where they crowd they vanish
    most = FULL * cover * line / wide * np.clip(2.0 - 2.5 * size, 0.0, 1.0)
    columns = (-most / size, 0.5 * most * (wide + size) / size, most)
    slopes, middles, most = (column.astype(np.float32)[:, None] for column in columns)
    places = np.stack([step, begin], axis=1).astype(np.float32)
    return _Lines(places, slopes, middles, most)
