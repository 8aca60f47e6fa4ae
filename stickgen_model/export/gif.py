"""Scenes as GIF: one table of colours for the whole clip, played for ever."""

from __future__ import annotations

from dataclasses import replace
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from av import VideoFrame

from stickgen_model.export.changes import Changes
from stickgen_model.export.film import FilmKind, write_film
from stickgen_model.export.palette import Palette, choose_palette
from stickgen_model.render.config import RenderConfig
from stickgen_model.render.frames import draw_packed
from stickgen_model.render.resample import film_times

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

    from stickgen_model.animation import Animation

__all__ = ["CLEAR_GIF", "GIF", "MAX_GIF_FPS", "NumberConverter", "write_gif"]

GIF: Final = FilmKind(
    container="gif",
    encoder="gif",
    even=False,
    threads=1,
    encoding=MappingProxyType({}),
    packing=MappingProxyType({"loop": "0"}),
    ticks=100,
)

CLEAR_GIF: Final = replace(GIF, encoding=MappingProxyType({"gifflags": "-offsetting"}))
"""For frames with holes: FFmpeg's cutting to what is there loses pixels at its corners."""

MAX_GIF_FPS: Final = 50.0
"""Viewers show a frame of less than two hundredths of a second for ten."""

_HOLE: Final = 255
_SAMPLES: Final = 12
"""Frames whose colours make the palette."""


def write_gif(animation: Animation, path: Path, config: RenderConfig | None = None) -> None:
    """Write a film as GIF that plays for ever.

    GIF counts hundredths of a second: every frame begins at the hundredth nearest to its time, so
    that 20, 25 and 50 frames a second are exact and others are right on average. More than 50
    frames a second are drawn as 50. In the transparent look a pixel is there or not.

    Args:
        animation: The scene.
        path: The file; an existing one is replaced.
        config: Size, frames a second, look, camera; None = the defaults.

    Raises:
        OutputError: If the file cannot be written.
    """
    config = RenderConfig() if config is None else config
    if config.fps > MAX_GIF_FPS:
        config = replace(config, fps=MAX_GIF_FPS)
    times = film_times(animation, config.fps)
    some = times[np.unique(np.linspace(0, len(times) - 1, _SAMPLES).round().astype(int))]
    palette = choose_palette(draw_packed(animation, config, times=some))
    shape = (config.height, config.width, 4)
    write_film(
        draw_packed(animation, config),
        path,
        kind=CLEAR_GIF if config.look_spec.transparent else GIF,
        converter=NumberConverter(shape, palette, alpha=config.look_spec.transparent),
        fps=config.fps,
    )


class NumberConverter:
    """Colours into numbers of colours of a palette; a `film.Converter`.

    Args:
        shape: (height, width, channels) of all frames.
        palette: Up to 255 colours.
        alpha: Whether pixels may be not there.
    """

    pixels = "pal8"

    ahead = False

    def __init__(self, shape: tuple[int, int, int], palette: Palette, *, alpha: bool) -> None:
        """For frames of one shape."""
        self.height, self.width = shape[:2]
        self._palette = palette
        # alpha, red, green, blue
        self._table = np.zeros((256, 4), dtype=np.uint8)
        self._table[:, 0] = 255
        self._table[: len(palette.colours), 1:] = palette.colours
        if alpha:
            self._table[_HOLE] = 0
        self._changes = Changes(*shape)
        self._last: tuple[NDArray[np.uint8], NDArray[np.uint8]] | None = None

    def convert(self, colours: NDArray[np.uint8]) -> VideoFrame:
        """The next frame; only what changed is looked up.

        Args:
            colours: Shape (height, width, channels); must not change until the next call.
        """
        colours = np.ascontiguousarray(colours)
        if self._last is None:
            numbers = self._palette.numbers(colours, hole=_HOLE)
        else:
            before, numbers = self._last
            box = self._changes.between(before, colours)
            if box is not None:
                top, bottom, left, right = box
                part = colours[top:bottom, left:right]
                numbers[top:bottom, left:right] = self._palette.numbers(part, hole=_HOLE)
        self._last = colours, numbers
        # a copy, since the encoder keeps the last frame to see what changed
        pair: Any = numbers, self._table
        return VideoFrame.from_ndarray(pair, format=self.pixels)
