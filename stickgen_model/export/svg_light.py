"""Light and chalk of an SVG, as filters of all people at once."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from stickgen_model.export.svg_parts import FINE
from stickgen_model.render.figure import HEAD_RADIUS
from stickgen_model.render.pieces import HEAD_PIECE, NUM_PIECES

if TYPE_CHECKING:
    from stickgen_model.render.display import DisplayList

__all__ = ["filter_definitions"]

_SPREAD: Final = 0.42
"""Deviation of the blur by the reach of the light."""
_STRENGTH: Final = 1.6
_GRAIN: Final = 0.55
"""Grains a pixel."""
_CONTRAST: Final = 9.0


def filter_definitions(film: DisplayList) -> list[str]:
    """The filter `l` where the look has light or grain, else nothing."""
    look, config = film.config.look_spec, film.config
    parts = []
    if look.glow:
        heads = film.radii[:, HEAD_PIECE::NUM_PIECES, 0]
        radius = float(np.median(heads[heads > 0.0])) if (heads > 0.0).any() else 0.0
        blur = max(_SPREAD * radius * look.glow / HEAD_RADIUS * FINE, 1.0)
        parts = [
            f'<feGaussianBlur stdDeviation="{blur:.0f}"/>',
            f'<feComponentTransfer><feFuncA type="linear" slope="{_STRENGTH}"/>'
            "</feComponentTransfer>",
            '<feMerge><feMergeNode/><feMergeNode in="SourceGraphic"/></feMerge>',
        ]
    elif look.grain:
        # noise lies around one half
        slope, shift = _CONTRAST, 1.0 - 0.35 * look.grain - 0.5 * _CONTRAST
        parts = [
            f'<feTurbulence type="fractalNoise" baseFrequency="{_GRAIN / FINE:g}" numOctaves="2" '
            'seed="1"/>',
            f'<feColorMatrix values="0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 {slope:g} 0 0 0 {shift:g}"/>',
            '<feComposite in="SourceGraphic" operator="in"/>',
        ]
    if not parts:
        return []
    size = f'width="{config.width * FINE}" height="{config.height * FINE}"'
    return [
        f'<filter id="l" filterUnits="userSpaceOnUse" x="0" y="0" {size} '
        f'color-interpolation-filters="sRGB">{"".join(parts)}</filter>'
    ]
