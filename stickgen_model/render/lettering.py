"""Text that fits a width."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from PIL import ImageDraw, ImageFont

__all__ = ["wrap_text"]


def wrap_text(
    text: str,
    pen: ImageDraw.ImageDraw,
    *,
    font: ImageFont.ImageFont | ImageFont.FreeTypeFont,
    width: int,
    most: int,
) -> list[str]:
    """Break a text into lines that fit; what does not fit the last line is cut with dots.

    Args:
        text: Words; any white space parts them.
        pen: Of the picture.
        font: Of the text.
        width: Pixels.
        most: Lines at most.
    """
    lines = [""]
    for word in text.split():
        longer = f"{lines[-1]} {word}".strip()
        if pen.textlength(longer, font=font) <= width or not lines[-1]:
            lines[-1] = longer
        else:
            lines.append(word)
    kept = lines[:most]
    if len(lines) > most:
        kept[-1] += " ..."
    return [_cut(line, pen, font=font, width=width) for line in kept]


def _cut(
    line: str,
    pen: ImageDraw.ImageDraw,
    *,
    font: ImageFont.ImageFont | ImageFont.FreeTypeFont,
    width: int,
) -> str:
    if pen.textlength(line, font=font) <= width:
        return line
    kept, gone = 0, len(line)
    while gone - kept > 1:
        middle = (kept + gone) // 2
        fits = pen.textlength(f"{line[:middle]} ...", font=font) <= width
        kept, gone = (middle, gone) if fits else (kept, middle)
    return line[:kept].rstrip(" .") + " ..."
