"""The elements of an SVG film: limbs, heads, shadows.

Lengths are tenths of a pixel as whole numbers, so that they need no points.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from stickgen_model.export.svg_faces import face_elements
from stickgen_model.export.svg_tracks import joined
from stickgen_model.render.pieces import HEAD_PIECE, NUM_PIECES

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from stickgen_model.export.svg_layers import Layers
    from stickgen_model.export.svg_tracks import Clock
    from stickgen_model.render.display import DisplayList
    from stickgen_model.render.looks import Colour

__all__ = ["FINE", "PLACE_TOLERANCE", "figure_elements", "hex_colour", "shadow_elements"]

FINE: Final = 10
"""Units of an SVG a pixel."""
PLACE_TOLERANCE: Final = 0.35
"""Pixels by which a place may be missed between two key frames."""
_SIZE_TOLERANCE: Final = 0.15
"""Pixels, of the thickness of a limb and the radius of a head."""
_SHADOW_TOLERANCE: Final = 1.0
_COVER_TOLERANCE: Final = 0.02
_UNIT: Final = 100
"""Radius of what is scaled."""


def hex_colour(colour: Colour | Sequence[int]) -> str:
    """RGB as `#rrggbb`."""
    return "#" + "".join(f"{int(part):02x}" for part in colour)


def figure_elements(film: DisplayList, layers: Layers, clock: Clock) -> list[str]:
    """Limbs and heads from back to front."""
    found = []
    for piece, shown in zip(layers.pieces, layers.shown, strict=True):
        body = _head if piece % NUM_PIECES == HEAD_PIECE else _limb
        inside = body(film, piece, clock, shown)
        words = ["visible" if seen else "hidden" for seen in shown]
        steps = clock.steps("visibility", words)
        hidden = "" if shown[0] else ' visibility="hidden"'
        found.append(f"<g{hidden}>{steps}{inside}</g>" if steps or hidden else inside)
    return found


def _limb(film: DisplayList, piece: int, clock: Clock, shown: NDArray[np.bool_]) -> str:
    """A line with round ends, as thick as the limb is in its middle."""
    ends = film.ends[:, piece].reshape(-1, 4) * np.float32(FINE)
    place, moving = clock.track("d", ends, _line, tolerance=PLACE_TOLERANCE * FINE, shown=shown)
    thick = film.radii[:, piece].sum(axis=1)[:, None] * np.float32(FINE)
    colour = hex_colour(film.colours[piece])
    lines = [(colour, thick)]
    if film.config.look_spec.hollow:
        edge = 2.0 * FINE * film.outlines[:, piece // NUM_PIECES][:, None]
        lines.append((hex_colour(film.config.look_spec.head), np.maximum(thick - edge, 0.0)))
    made = []
    for tone, widths in lines:
        width, growing = clock.track(
            "stroke-width", widths, joined, tolerance=_SIZE_TOLERANCE * FINE, shown=shown
        )
        made.append(
            f'<path d="{place}" stroke="{tone}" stroke-width="{width}">{moving}{growing}</path>'
        )
    return made[0] if len(made) == 1 else f"<g>{''.join(made)}</g>"


def _line(numbers: Sequence[int]) -> str:
    # a line of no length has no ends that could be round
    x, y, right, down = numbers[0], numbers[1], numbers[2] - numbers[0], numbers[3] - numbers[1]
    return f"M{joined((x, y))}l{joined((right, down if right or down else 1))}"


def _head(film: DisplayList, piece: int, clock: Clock, shown: NDArray[np.bool_]) -> str:
    """A disc, its inside, and the face."""
    actor = piece // NUM_PIECES
    radii = film.radii[:, piece, :1]
    inner = 1.0 - film.outlines[:, actor] / np.maximum(radii[:, 0], 1e-6)
    share = float(np.median(inner[shown]))
    tones = [hex_colour(film.colours[piece]), hex_colour(film.config.look_spec.head)]
    discs = "".join(
        f'<circle r="{round(size)}" fill="{tone}"/>'
        for size, tone in zip((_UNIT, _UNIT * share), tones, strict=True)
    )
    places = film.ends[:, piece, 0] * np.float32(FINE)
    at, moving = clock.track(
        "", places, joined, tolerance=PLACE_TOLERANCE * FINE, shown=shown, kind="translate"
    )
    face = face_elements(film, actor, clock, shown, tones[0])
    scaled = _scaled(radii, discs + face, clock, shown=shown)
    return f'<g transform="translate({at})">{moving}{scaled}</g>'


def _scaled(
    radii: NDArray[np.float32], inside: str, clock: Clock, *, shown: NDArray[np.bool_]
) -> str:
    """Elements whose unit is the radius, as large as that is. A scale has thousandths."""
    scale = radii * np.float32(1000.0 * FINE / _UNIT)
    tolerance = _SIZE_TOLERANCE * FINE * 1000.0 / _UNIT
    size, growing = clock.track(
        "", scale, _thousandths, tolerance=tolerance, shown=shown, kind="scale"
    )
    return f'<g transform="scale({size})">{growing}{inside}</g>'


def _thousandths(numbers: Sequence[int]) -> str:
    return " ".join(f"{number / 1000:.3f}".rstrip("0").rstrip(".") for number in numbers)


def shadow_elements(film: DisplayList, clock: Clock) -> list[str]:
    """Soft ellipses on the ground; they are filled by the gradient `s`."""
    found = []
    for number in range(film.shadows.shape[1]):
        cover = film.shadow_covers[:, number, None]
        shown = cover[:, 0] > 0.0
        if not shown.any():
            continue
        place = film.shadows[:, number, :2] * np.float32(FINE)
        at, moving = clock.track(
            "", place, joined, tolerance=_SHADOW_TOLERANCE * FINE, shown=shown, kind="translate"
        )
        scale = film.shadows[:, number, 2:] * np.float32(1000.0 * FINE / _UNIT)
        size, growing = clock.track(
            "",
            scale,
            _thousandths,
            tolerance=_SHADOW_TOLERANCE * FINE * 1000.0 / _UNIT,
            shown=shown,
            kind="scale",
        )
        dark, fading = clock.track(
            "opacity", cover * 1000.0, _thousandths, tolerance=_COVER_TOLERANCE * 1000.0
        )
        found.append(
            f'<g transform="translate({at})" opacity="{dark}">{moving}{fading}'
            f'<g transform="scale({size})">{growing}<circle r="{_UNIT}" fill="url(#s)"/></g></g>'
        )
    return found
