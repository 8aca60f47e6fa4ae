"""Captions and titles in an SVG."""

from __future__ import annotations

import unicodedata
from typing import TYPE_CHECKING, Final
from xml.sax.saxutils import escape

from stickgen_model.export.svg_parts import FINE, hex_colour
from stickgen_model.render.caption_art import caption_size

if TYPE_CHECKING:
    from stickgen_model.export.svg_tracks import Clock
    from stickgen_model.render.display import DisplayList

__all__ = ["caption_elements", "escaped", "wrap_words"]

_LINE: Final = 1.28
_BELOW: Final = 0.045
"""Of the height: between the last line and the edge."""
_EDGE: Final = 0.28
"""Width of the line around letters, half of it outside, by their size."""
_SHARE: Final = 0.9
"""Of the width that a line may take."""
_NARROW, _WIDE = 0.53, 1.05
"""Widths of letters in their sizes: rather too much than too little, fonts differ."""
_MOST_LINES: Final = 3


def escaped(text: str) -> str:
    """A text for XML; what XML cannot hold is left out."""
    kept = "".join(c for c in text if c >= " " and unicodedata.category(c) not in {"Cs", "Cn"})
    return escape(kept)


def caption_elements(film: DisplayList, clock: Clock) -> list[str]:
    """Captions, each in its time; several lines where one is too short."""
    config, look = film.config, film.config.look_spec
    letter = caption_size(config) * FINE
    if not letter:
        return []
    room = _SHARE * config.width * FINE / letter
    found = []
    for number, text in enumerate(film.captions):
        shown = film.caption_numbers == number
        if not shown.any():
            continue
        lines = wrap_words(text, room)
        last = (1.0 - _BELOW) * config.height * FINE - 0.2 * letter
        spans = "".join(
            f'<tspan x="{config.width * FINE // 2}" '
            f'y="{round(last - (len(lines) - 1 - i) * _LINE * letter)}">{escaped(line)}</tspan>'
            for i, line in enumerate(lines)
        )
        steps = clock.steps("visibility", ["visible" if seen else "hidden" for seen in shown])
        hidden = "" if shown[0] else ' visibility="hidden"'
        found.append(f"<text{hidden}>{steps}{spans}</text>")
    if not found:
        return []
    style = (
        f'font-family="sans-serif" font-size="{letter}" text-anchor="middle" '
        f'fill="{hex_colour(look.text)}" stroke="{hex_colour(look.text_edge)}" '
        f'stroke-width="{round(_EDGE * letter)}" stroke-linejoin="round" paint-order="stroke"'
    )
    return [f"<g {style}>", *found, "</g>"]


def wrap_words(text: str, room: float) -> list[str]:
    """Break a text into lines; what does not fit the last is cut with dots.

    Args:
        text: One line.
        room: Width of a line, in sizes of letters.
    """
    lines = [""]
    for word in text.split():
        longer = f"{lines[-1]} {word}".strip()
        if _width(longer) <= room or not lines[-1]:
            lines[-1] = longer
        else:
            lines.append(word)
    kept = lines[:_MOST_LINES]
    if len(lines) > _MOST_LINES:
        kept[-1] += " ..."
    return [_cut(line, room) for line in kept]


def _cut(line: str, room: float) -> str:
    if _width(line) <= room:
        return line
    kept = line
    while kept and _width(kept) + 4 * _NARROW > room:
        kept = kept[:-1]
    return kept.rstrip(" .") + " ..."


def _width(text: str) -> float:
    wide = sum(unicodedata.east_asian_width(c) in {"W", "F"} for c in text)
    return _WIDE * wide + _NARROW * (len(text) - wide)
