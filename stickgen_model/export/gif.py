"""Scenes as GIF: one table of colours for the whole clip, played for ever."""

from __future__ import annotations

from dataclasses import replace
from fractions import Fraction
from typing import TYPE_CHECKING, Final

import av
import numpy as np

from stickgen_model.export.background import hand_over
from stickgen_model.export.changes import Changes
from stickgen_model.export.film import closing, telling
from stickgen_model.export.palette import Palette, choose_palette
from stickgen_model.export.whole_file import whole_file
from stickgen_model.render.config import RenderConfig
from stickgen_model.render.frames import draw_frame, draw_packed
from stickgen_model.render.resample import film_times

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from av.container import OutputContainer
    from av.video.stream import VideoStream
    from numpy.typing import NDArray

    from stickgen_model.animation import Animation

__all__ = ["MAX_GIF_FPS", "encode_gif", "write_gif"]

MAX_GIF_FPS: Final = 50.0
"""Viewers show a frame of less than two hundredths of a second for ten."""

_HOLE: Final = 255
_TICK: Final = Fraction(1, 100)
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
    palette = choose_palette(draw_frame(animation, float(time), config) for time in some)
    encode_gif(draw_packed(animation, config), path, palette=palette, fps=config.fps)


def encode_gif(
    frames: Iterable[NDArray[np.uint8]], path: Path, *, palette: Palette, fps: float
) -> None:
    """Write frames as GIF.

    Args:
        frames: Each uint8, shape (height, width, 3 or 4), all alike.
        path: The file; an existing one is replaced.
        palette: Colours.
        fps: Frames a second, up to `MAX_GIF_FPS`.

    Raises:
        OutputError: If the file cannot be written.
    """
    with whole_file(path) as part, telling(path, encoder="gif"):
        container = av.open(f"file:{part}", "w", format="gif", options={"loop": "0"})
        with closing(container):
            encoder = _Encoder(container, palette, fps)
            hand_over(frames, encoder.add)
            encoder.finish()


class _Encoder:
    """Frames into numbers of colours into the file, one after the other."""

    def __init__(self, container: OutputContainer, palette: Palette, fps: float) -> None:
        self._container, self._palette, self._fps = container, palette, fps
        self._stream: VideoStream | None = None
        self._number = 0
        # alpha, red, green, blue
        self._table = np.zeros((256, 4), dtype=np.uint8)
        self._table[:, 0] = 255
        self._table[: len(palette.colours), 1:] = palette.colours
        self._changes: Changes | None = None
        self._last: tuple[NDArray[np.uint8], NDArray[np.uint8]] | None = None

    def add(self, colours: NDArray[np.uint8]) -> None:
        """Encode the next frame."""
        stream = self._stream or self._open(colours.shape)
        numbers = self._numbers(np.ascontiguousarray(colours))
        frame = av.VideoFrame.from_ndarray((numbers, self._table), format="pal8")
        self._number += 1
        begin, end = self._begin(self._number - 1), self._begin(self._number)
        frame.pts, frame.time_base = begin, _TICK
        for packet in stream.encode(frame):
            packet.duration = end - begin  # what the last frame is shown for
            self._container.mux_one(packet)

    def _begin(self, number: int) -> int:
        """When a frame begins, hundredths of a second."""
        return round(number * 100 / self._fps)

    def finish(self) -> None:
        """Write what is left."""
        if self._stream is not None:
            self._container.mux(self._stream.encode(None))

    def _open(self, shape: tuple[int, ...]) -> VideoStream:
        stream = self._container.add_stream("gif", rate=100)
        stream.height, stream.width = shape[:2]
        stream.pix_fmt = "pal8"
        stream.codec_context.time_base = stream.time_base = _TICK
        if shape[2] > 3:  # RGB
            self._table[_HOLE] = 0
        self._changes = Changes(shape[0], shape[1], shape[2])
        self._stream = stream
        return stream

    def _numbers(self, colours: NDArray[np.uint8]) -> NDArray[np.uint8]:
        """Numbers of colours of a frame; only what changed is looked up."""
        if self._last is None or self._changes is None:
            numbers = self._palette.numbers(colours, hole=_HOLE)
        else:
            before, numbers = self._last
            box = self._changes.between(before, colours)
            if box is not None:
                top, bottom, left, right = box
                numbers[top:bottom, left:right] = self._palette.numbers(
                    colours[top:bottom, left:right], hole=_HOLE
                )
        self._last = colours, numbers
        return numbers
