"""Captions as pixels: wrapped at the bottom of the picture, letters with an edge around them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
from PIL import Image, ImageDraw, ImageFont

from datasets_spec.errors import ConfigError
from stickgen_model.render.canvas import FULL, packed_tones
from stickgen_model.render.lettering import wrap_text

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from stickgen_model.render.config import RenderConfig

__all__ = ["CaptionArt", "caption_art", "caption_size"]

_SIZE: Final = 0.040
"""Height of the letters by that of the picture; narrow pictures have smaller ones."""
_NARROW: Final = 0.062
_LEGIBLE: Final = 9
"""Pixels: letters are never smaller."""
_LEAST_SIDE: Final = 96
"""Pixels; a picture with a smaller side has no captions."""
_LINES: Final = 3
_SPACING: Final = 1.28
_MARGIN: Final = 0.045
_EDGE: Final = 0.14
"""Width of the edge by the size of the letters."""


@dataclass(frozen=True, eq=False, kw_only=True, slots=True)
class CaptionArt:
    """Pixels of a caption, letters and edge in one.

    Attributes:
        index: Which of the picture, row by row, shape (n,).
        cover: 0..FULL, shape (n,).
        tones: Packed colours, shape (n,).
        box: First row and the one after the last, first column and the one after the last.
    """

    index: NDArray[np.intp]
    cover: NDArray[np.float32]
    tones: NDArray[np.uint32]
    box: tuple[int, int, int, int]


def caption_size(config: RenderConfig) -> int:
    """Height of the letters, pixels; 0 where a picture is too small for any."""
    if min(config.width, config.height) < _LEAST_SIDE:
        return 0
    return max(round(min(_SIZE * config.height, _NARROW * config.width)), _LEGIBLE)


def caption_art(text: str, config: RenderConfig) -> CaptionArt:
    """Set a text at the bottom of a picture.

    Args:
        text: In one line, as of `captions.plain_text`.
        config: Size of the picture and font.

    Raises:
        ConfigError: If the font cannot be read.
    """
    size = caption_size(config)
    edge, letters = (Image.new("L", (config.width, config.height)) for _ in range(2))
    if size:
        _write(text, config, size, pens=(ImageDraw.Draw(edge), ImageDraw.Draw(letters)))
    under, over = (np.asarray(picture) / 255.0 for picture in (edge, letters))
    index = np.flatnonzero((under > 0.0) | (over > 0.0))
    below, above = (part.reshape(-1)[index] for part in (under, over))
    below = below * (1.0 - above)
    cover = below + above
    look = config.look_spec
    tones = below[:, None] * np.array(look.text_edge) + above[:, None] * np.array(look.text)
    row, column = np.divmod(index, config.width)
    lowest, highest = (column.min(initial=config.width), column.max(initial=-1))
    return CaptionArt(
        index=index,
        cover=(FULL * cover).astype(np.float32),
        tones=packed_tones(np.rint(tones / cover[:, None])),
        box=(int(row[0]), int(row[-1]) + 1, int(lowest), int(highest) + 1)
        if len(row)
        else (0, 0, 0, 0),
    )


def _write(
    text: str,
    config: RenderConfig,
    size: int,
    *,
    pens: tuple[ImageDraw.ImageDraw, ImageDraw.ImageDraw],
) -> None:
    """Write lines upwards from the bottom: the edge with the first pen, letters with the second."""
    font, room = _font(config, size), round(config.width * (1 - 2 * _MARGIN))
    lines = wrap_text(text, pens[1], font=font, width=room, most=_LINES)
    widths = (max(1, round(_EDGE * size)), 0)
    for number, line in enumerate(reversed(lines)):
        up = _MARGIN * config.height + number * _SPACING * size
        place = (0.5 * config.width, config.height - up)
        for pen, width in zip(pens, widths, strict=True):
            pen.text(place, line, fill=255, font=font, anchor="md", stroke_width=width)


def _font(config: RenderConfig, size: int) -> ImageFont.FreeTypeFont | ImageFont.ImageFont:
    if config.font is None:
        return ImageFont.load_default(size)
    try:
        return ImageFont.truetype(str(config.font), size)
    except OSError as error:
        msg = f"{config.font}: expected a TrueType or OpenType font, got {error}"
        raise ConfigError(msg) from error
