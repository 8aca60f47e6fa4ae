"""What lies behind people: page, ground up to the horizon, lines on both.

Letters of shapes: H rows, W columns, h rows of ground.
"""

from __future__ import annotations

import math
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
        rows = picture[first:]
        rows[:] = _floored(rows, near, look)
        lines = _line_covers(view, frame, ahead, pixel)
        lines *= (FULL * look.grid_cover * near).astype(np.float32)[:, None]
        rows[:] = mixed(rows, whole_covers(lines), packed_tones(np.array(look.grid)))
    _draw_horizon(picture, horizon, look)
    return picture


def _floored(rows: Words, near: Floats, look: Look) -> Words:
    """Rows of the page under a ground that fades with its distance."""
    floor = packed_tones(np.array(look.floor))
    part = rows if look.page_grid else rows[:, :1]
    cover = np.broadcast_to((FULL * near).astype(np.float32)[:, None], part.shape)
    return mixed(part.copy(), whole_covers(cover.copy()), floor)


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


def _line_covers(view: View, frame: int, ahead: Floats, pixel: Floats) -> Singles:
    """Cover 0..1 of the lines on the ground, of rows at some distances, shape (h, W)."""
    right = view.axes[frame, 0, [0, 2]]
    forward = np.array([right[1], -right[0]])
    # how much of the level a row spans
    deep = np.abs(np.gradient(ahead)) if len(ahead) > 1 else pixel
    covers = []
    for axis, place in enumerate(view.views[frame, [0, 2]]):
        step = pixel * right[axis] / GRID_STEP
        middle = (place + ahead * forward[axis]) / GRID_STEP
        factors = np.stack([step, middle + step * (0.5 - 0.5 * view.width)], axis=1)
        size = np.abs(step) + np.abs(deep * forward[axis]) / GRID_STEP
        # far from the origin whole lines are taken off, for single precision
        factors[:, 1] -= np.rint(factors[:, 1])
        covers.append(_stripes(ramps(factors.astype(np.float32), view.width), size))
    return np.maximum(covers[0], covers[1], out=covers[0])


def _stripes(at: Singles, size: Floats) -> Singles:
    """Share of pixels that lines at whole numbers cover.

    Args:
        at: Places, changed, shape (h, W).
        size: Of the pixels of a row, shape (h,).
    """
    line, size = _LINE / GRID_STEP, np.maximum(size, _FLAT)
    wide = np.maximum(line, size)
    # thin lines are as wide as a pixel, and fainter; where they crowd they vanish
    faint = line / wide * np.clip(2.0 - 2.5 * size, 0.0, 1.0)
    at -= np.rint(at)
    np.abs(at, out=at)
    at *= (-faint / size).astype(np.float32)[:, None]
    at += (0.5 * faint * (wide + size) / size).astype(np.float32)[:, None]
    np.maximum(at, np.float32(0.0), out=at)
    np.minimum(at, faint.astype(np.float32)[:, None], out=at)
    return at
