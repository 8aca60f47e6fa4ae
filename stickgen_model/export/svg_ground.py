"""The page and the ground of an SVG.

The ground fades into the page as in films. While the camera stands, its lines are drawn as they
lie, narrower the further away; of a moving camera only every second one, as strokes that move.
Letters of shapes: F frames, L lines.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from stickgen_model.export.svg_parts import FINE, hex_colour
from stickgen_model.export.svg_tracks import joined
from stickgen_model.render.backdrop import GRID_STEP, HAZE
from stickgen_model.render.projection import View, cut_near
from stickgen_model.render.viewpoint import NEAR

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from stickgen_model.export.svg_tracks import Clock
    from stickgen_model.render.display import DisplayList

    Floats = NDArray[np.float64]

__all__ = ["page_definitions", "page_elements"]

_TOLERANCE: Final = 0.5
"""Pixels by which the horizon may be missed."""
_LINE_TOLERANCE: Final = 1.5
"""Pixels by which a line on the ground may be missed while the camera moves."""
_STOPS: Final = (0.0, 0.01, 0.02, 0.04, 0.07, 0.11, 0.16, 0.23, 0.32, 0.45, 0.65, 1.0)
"""Heights of the picture below the horizon where the fading is told."""
_LINE: Final = 0.012
"""H, width of a line on the ground."""
_REACH: Final = (16.0, 9.0)
"""H up to which lines are drawn from where the camera looks: standing, moving."""
_AHEAD: Final = 0.4
"""H; what is nearer to the camera is below the picture, and would have huge numbers."""
_PAPER_STEP: Final = 0.0625


def page_definitions(film: DisplayList) -> list[str]:
    """Gradients that the page and the shadows use."""
    look = film.config.look_spec
    dark = hex_colour(look.shadow)
    # soft like those of films: half as dark half-way out
    found = [
        f'<radialGradient id="s"><stop offset="0" stop-color="{dark}"/>'
        f'<stop offset=".5" stop-color="{dark}" stop-opacity=".56"/>'
        f'<stop offset="1" stop-color="{dark}" stop-opacity="0"/></radialGradient>'
    ]
    if not _has_ground(film):
        return found
    covers = _covers(film)
    for name, colour, strength in (("f", look.floor, 1.0), ("g", look.grid, look.grid_cover)):
        stops = "".join(
            f'<stop offset="{stop:g}" stop-color="{hex_colour(colour)}" '
            f'stop-opacity="{strength * cover:.3f}"/>'
            for stop, cover in zip(_STOPS, covers, strict=True)
        )
        found.append(
            f'<linearGradient id="{name}" gradientUnits="userSpaceOnUse" x1="0" x2="0" y1="0" '
            f'y2="{film.config.height * FINE}">{stops}</linearGradient>'
        )
    return found


def _has_ground(film: DisplayList) -> bool:
    return film.config.ground and not film.config.look_spec.transparent


def _covers(film: DisplayList) -> list[float]:
    """How much of the ground is seen at `_STOPS`, from the middle frame's height."""
    frame = film.num_frames // 2
    view = View(film.views[frame : frame + 1], width=film.config.width, height=film.config.height)
    rows = float(view.horizon()[0]) + np.array(_STOPS) * view.height
    slope = (0.5 * view.height - rows) / float(view.focal[0])
    rays = view.axes[0, 2] + slope[:, None] * view.axes[0, 1]
    times = float(film.views[frame, 1]) / np.maximum(-rays[:, 1], 1e-9)
    ahead = times * np.hypot(rays[:, 0], rays[:, 2])
    covers: list[float] = np.where(ahead > 0.0, np.exp(-np.abs(ahead) / HAZE), 0.0).tolist()
    return covers


def page_elements(film: DisplayList, clock: Clock) -> list[str]:
    """The page, and the ground below the horizon; nothing where the look is transparent."""
    look, config = film.config.look_spec, film.config
    if look.transparent:
        return []
    wide, high = config.width * FINE, config.height * FINE
    found = [f'<rect width="{wide}" height="{high}" fill="{hex_colour(look.page)}"/>']
    if look.page_grid is not None:
        found += _paper(config.width, config.height, hex_colour(look.page_grid))
    if not _has_ground(film):
        return found
    # further out nothing of the ground or of the page is to be seen
    level = np.clip(film.horizon, -config.height, 2.0 * config.height).astype(np.float64)
    at, moving = clock.track(
        "",
        np.stack([0.0 * level, level * FINE], axis=1),
        joined,
        tolerance=_TOLERANCE * FINE,
        kind="translate",
    )
    thick = max(1.0, config.height / 400.0) * FINE
    found += [
        f'<g transform="translate({at})">{moving}',
        # down to the edge wherever the horizon is
        f'<rect width="{wide}" height="{2 * high}" fill="url(#f)"/>',
        *_grid(film, clock, level),
        f'<rect y="{-0.5 * thick:g}" width="{wide}" height="{thick:g}" '
        f'fill="{hex_colour(look.grid)}" opacity="{look.horizon_cover:.3g}"/>',
        "</g>",
    ]
    return found


def _paper(width: int, height: int, colour: str) -> list[str]:
    """Ruled paper, every fourth line stronger."""
    step = max(8.0, round(_PAPER_STEP * height))
    found = []
    for every, cover in ((1, 0.4), (4, 0.67)):
        paths = []
        for size, form in (
            (width, f"M{{}} 0v{height * FINE}"),
            (height, f"M0 {{}}h{width * FINE}"),
        ):
            rest = 0.5 * (size % (4.0 * step))
            places = np.arange(rest % (every * step), size, every * step) * FINE
            paths += [form.format(round(place)) for place in places]
        found.append(
            f'<path d="{"".join(paths)}" stroke="{colour}" stroke-width="{FINE}" '
            f'opacity="{cover}"/>'
        )
    return found


def _grid(film: DisplayList, clock: Clock, level: Floats) -> list[str]:
    """Lines on the ground, counted from the horizon down."""
    view = View(film.views, width=film.config.width, height=film.config.height)
    if film.views[:, 1].min() <= 0.0:
        return []
    stands = bool((film.views == film.views[0]).all())
    lines = _ground_lines(film.views, stands=stands)
    if stands:
        return _still_lines(
            View(film.views[:1], width=view.width, height=view.height), lines, level
        )
    return _moving_lines(view, lines, level, clock=clock)


def _ground_lines(views: Floats, *, stands: bool) -> Floats:
    """Lines around what the camera looks at, H, shape (L, 2, 3)."""
    step = GRID_STEP if stands else 2.0 * GRID_STEP
    targets = views[:, [3, 5]]
    low = step * np.floor((targets.min(axis=0) - _REACH[not stands]) / step)
    high = step * np.ceil((targets.max(axis=0) + _REACH[not stands]) / step)
    if stands:
        # in front of what is looked at the picture ends soon
        high[1] = max(views[0, 2], targets[0, 1])
    across = [
        [(x, 0, low[1]), (x, 0, high[1])] for x in np.arange(low[0], high[0] + 0.5 * step, step)
    ]
    along = [
        [(low[0], 0, z), (high[0], 0, z)] for z in np.arange(low[1], high[1] + 0.5 * step, step)
    ]
    return np.array(across + along, dtype=np.float64)


def _still_lines(view: View, lines: Floats, level: Floats) -> list[str]:
    """Stripes as they lie on the ground, in one path."""
    side = lines[:, 1] - lines[:, 0]
    half = 0.5 * _LINE * np.stack([side[:, 2], 0 * side[:, 1], side[:, 0]], axis=-1)
    half /= np.linalg.norm(side, axis=-1, keepdims=True)
    edges = np.stack([lines + half[:, None], lines - half[:, None]], axis=1)
    cut, drawn = _cut_ahead(view.see(edges[None]))
    places = view.pixels(cut)[0]
    found = []
    for line in np.flatnonzero(drawn[0].all(axis=-1)):
        corners = places[line].reshape(4, 2)[[0, 1, 3, 2]]
        if _misses(corners, view):
            continue
        whole = np.rint((corners - [0.0, level[0]]) * FINE).astype(int)
        found.append(f"M{joined(whole[0].tolist())}L{joined(whole[1:].reshape(-1).tolist())}z")
    return [f'<path d="{"".join(found)}" fill="url(#g)"/>'] if found else []


def _cut_ahead(seen: Floats) -> tuple[Floats, NDArray[np.bool_]]:
    """The part of lines that is not right at the camera, and whether there is one."""
    nearer = np.array([0.0, 0.0, _AHEAD - NEAR])
    cut, drawn = cut_near(seen - nearer)
    return cut + nearer, drawn


def _misses(corners: Floats, view: View) -> bool:
    low, high = corners.min(axis=0), corners.max(axis=0)
    return bool((low > [view.width, view.height]).any() or (high < 0.0).any())


def _moving_lines(view: View, lines: Floats, level: Floats, *, clock: Clock) -> list[str]:
    """Strokes of one width, each cut where the picture ends."""
    seen = view.see(np.broadcast_to(lines, (len(view.views), *lines.shape)))
    cut, drawn = _cut_ahead(seen)
    places, inside = _cut_to_picture(view.pixels(cut), view)
    shown = drawn & inside
    away = np.linalg.norm(view.views[:, :3] - view.views[:, 3:6], axis=1)
    width = max(round(float(np.median(_LINE * view.focal / away)) * FINE), 3)
    found = []
    for line in np.flatnonzero(shown.any(axis=0)):
        own = places[:, line].reshape(-1, 4) - np.stack(
            [0 * level, level, 0 * level, level], axis=1
        )
        frames = np.flatnonzero(shown[:, line])
        # where a line is not seen it is a point, at its nearest place that was
        near = frames[np.clip(np.searchsorted(frames, np.arange(len(own))), 0, len(frames) - 1)]
        own = np.where(shown[:, line, None], own, own[near][:, [0, 1, 0, 1]])
        d, moving = clock.track("d", own * FINE, _line, tolerance=_LINE_TOLERANCE * FINE)
        found.append(f'<path d="{d}">{moving}</path>')
    # a bounding box without area has no gradient in boxes, but this one is in user space
    return [f'<g stroke="url(#g)" stroke-width="{width}">', *found, "</g>"] if found else []


def _line(numbers: Sequence[int]) -> str:
    return f"M{joined(numbers[:2])}L{joined(numbers[2:])}"


def _cut_to_picture(places: Floats, view: View) -> tuple[Floats, NDArray[np.bool_]]:
    """The part of segments (F, L, 2, 2) in the picture, and whether there is one, shape (F, L).

    Source: Liang and Barsky, A new concept and method for line clipping, 1984.
    """
    start, along = places[:, :, 0], places[:, :, 1] - places[:, :, 0]
    safe = np.where(np.abs(along) < 1e-9, 1e-9, along)
    size = np.array([view.width, view.height], dtype=np.float64)
    first, second = -start / safe, (size - start) / safe
    enter = np.maximum(np.minimum(first, second).max(axis=-1), 0.0)[..., None]
    leave = np.minimum(np.maximum(first, second).min(axis=-1), 1.0)[..., None]
    ends = np.stack([start + enter * along, start + leave * along], axis=2)
    return np.clip(ends, 0.0, size), (enter < leave)[..., 0]
