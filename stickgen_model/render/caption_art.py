"""Captions as pixels: wrapped at the bottom of the picture, letters with an edge around them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
from PIL import Image, ImageDraw, ImageFont

from datasets_spec.errors import ConfigError
from stickgen_model.render.lettering import wrap_text

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from stickgen_model.render.config import RenderConfig

__all__ = ["CaptionArt", "caption_art", "caption_size"]

_SIZE: Final = 0.040
"""Height of the letters by that of the picture; narrow pictures have smaller ones."""
_NARROW: Final = 0.062
_LEGIBLE: Final = 7
"""Pixels; where letters would be smaller there are no captions."""
_LINES: Final = 3
_SPACING: Final = 1.28
_MARGIN: Final = 0.045
_EDGE: Final = 0.14
"""Width of the edge by the size of the letters."""


@dataclass(frozen=True, eq=False, kw_only=True, slots=True)
class CaptionArt:
    """Pixels of a caption.

    Attributes:
        edge: Those of the edge around the letters (with what is under these), shape (m,).
        edge_cover: 0..256, shape (m,).
        letters: Those of the letters, shape (n,).
        letter_cover: 0..256, shape (n,).
    """

    edge: NDArray[np.intp]
    edge_cover: NDArray[np.float32]
    letters: NDArray[np.intp]
    letter_cover: NDArray[np.float32]


def caption_size(config: RenderConfig) -> int:
    """Height of the letters, pixels; 0 where a picture is too small for any."""
    size = round(min(_SIZE * config.height, _NARROW * config.width))
    return size if size >= _LEGIBLE else 0


def caption_art(text: str, config: RenderConfig) -> CaptionArt:
    """Set a text at the bottom of a picture.

    Args:
        text: In one line, as of `captions.plain_text`.
        config: Size of the picture and font.

    Raises:
        ConfigError: If the font cannot be read.
    """
    size = caption_size(config)
    if not size:
        nothing = np.empty(0, dtype=np.intp)
        none = np.empty(0, dtype=np.float32)
        return CaptionArt(edge=nothing, edge_cover=none, letters=nothing, letter_cover=none)
    font = _font(config, size)
    pictures = [Image.new("L", (config.width, config.height)) for _ in range(2)]
    edge, letters = (ImageDraw.Draw(picture) for picture in pictures)
    lines = wrap_text(
        text, letters, font=font, width=round(config.width * (1 - 2 * _MARGIN)), most=_LINES
    )
    for number, line in enumerate(reversed(lines)):
        place = (
            0.5 * config.width,
            config.height * (1 - _MARGIN) - number * _SPACING * size,
        )
        letters.text(place, line, fill=255, font=font, anchor="md")
        edge.text(
            place, line, fill=255, font=font, anchor="md", stroke_width=max(1, round(_EDGE * size))
        )
    (around, around_cover), (inside, inside_cover) = (_pixels(picture) for picture in pictures)
    return CaptionArt(
        edge=around, edge_cover=around_cover, letters=inside, letter_cover=inside_cover
    )


def _font(config: RenderConfig, size: int) -> ImageFont.FreeTypeFont | ImageFont.ImageFont:
    if config.font is None:
        return ImageFont.load_default(size)
    try:
        return ImageFont.truetype(str(config.font), size)
    except OSError as error:
        msg = f"{config.font}: expected a TrueType or OpenType font, got {error}"
        raise ConfigError(msg) from error


def _pixels(picture: Image.Image) -> tuple[NDArray[np.intp], NDArray[np.float32]]:
    shades = np.asarray(picture).reshape(-1)
    index = np.flatnonzero(shades)
    return index, shades[index].astype(np.float32) * np.float32(256.0 / 255.0)
