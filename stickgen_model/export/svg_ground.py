"""The page and the ground of an SVG."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from stickgen_model.export.svg_parts import FINE, hex_colour
from stickgen_model.export.svg_tracks import joined

if TYPE_CHECKING:
    from stickgen_model.export.svg_tracks import Clock
    from stickgen_model.render.display import DisplayList

__all__ = ["page_definitions", "page_elements"]

_TOLERANCE: Final = 0.5
"""Pixels by which the horizon may be missed."""
_DEEP: Final = 0.6
"""Heights of the picture below the horizon where the floor has its full colour."""


def page_definitions(film: DisplayList) -> list[str]:
    """Gradients that the page and the shadows use."""
    look = film.config.look_spec
    dark, page, floor = (hex_colour(c) for c in (look.shadow, look.page, look.floor))
    found = [
        f'<radialGradient id="s"><stop offset="0" stop-color="{dark}"/>'
        f'<stop offset="1" stop-color="{dark}" stop-opacity="0"/></radialGradient>'
    ]
    if _has_ground(film):
        found.append(
            '<linearGradient id="f" x2="0" y2="1">'
            f'<stop offset="0" stop-color="{page}"/>'
            f'<stop offset="{_DEEP}" stop-color="{floor}"/></linearGradient>'
        )
    return found


def page_elements(film: DisplayList, clock: Clock) -> list[str]:
    """The page, and the ground below the horizon; nothing where the look is transparent."""
    look, config = film.config.look_spec, film.config
    if look.transparent:
        return []
    wide, high = config.width * FINE, config.height * FINE
    found = [f'<rect width="{wide}" height="{high}" fill="{hex_colour(look.page)}"/>']
    if _has_ground(film):
        # further out nothing of the ground or of the page is to be seen
        level = np.clip(film.horizon, -config.height, 2.0 * config.height)[:, None] * FINE
        y, moving = clock.track("y", level, joined, tolerance=_TOLERANCE * FINE)
        found += [
            f'<rect y="{y}" width="{wide}" height="{high}" fill="url(#f)">{moving}</rect>',
            f'<rect y="{y}" width="{wide}" height="{FINE}" fill="{hex_colour(look.grid)}" '
            f'opacity="{look.grid_cover * look.horizon_cover:.3g}">{moving}</rect>',
        ]
    return found


def _has_ground(film: DisplayList) -> bool:
    return film.config.ground and not film.config.look_spec.transparent
