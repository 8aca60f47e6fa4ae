"""Scenes as animated WebP: what GIF is for, with all colours and soft edges."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from av import VideoFrame
from av.video.reformatter import VideoReformatter

from stickgen_model.export.film import FilmKind, write_film
from stickgen_model.render.config import RenderConfig
from stickgen_model.render.frames import draw_packed

if TYPE_CHECKING:
    from pathlib import Path

    import numpy as np
    from numpy.typing import NDArray

    from stickgen_model.animation import Animation

__all__ = ["WEBP", "write_webp"]

WEBP: Final = FilmKind(
    container="webp",
    encoder="libwebp_anim",
    even=False,
    threads=1,
    # without loss: flat colours are small that way, and with loss slow shadows leave trails
    encoding=MappingProxyType({"lossless": "1", "quality": "30", "compression_level": "1"}),
    packing=MappingProxyType({"loop": "0"}),
    ticks=1000,
)


def write_webp(animation: Animation, path: Path, config: RenderConfig | None = None) -> None:
    """Write a film as animated WebP without loss, that plays for ever.

    Every frame begins at the thousandth of a second nearest to its time.

    Args:
        animation: The scene.
        path: The file; an existing one is replaced.
        config: Size, frames a second, look, camera; None = the defaults.

    Raises:
        OutputError: If the file cannot be written.
    """
    config = RenderConfig() if config is None else config
    write_film(
        draw_packed(animation, config),
        path,
        kind=WEBP,
        converter=_ColourConverter(config.height, config.width),
        fps=config.fps,
    )


class _ColourConverter:
    """Colours in the order of the encoder; a `film.Converter`."""

    ahead = False

    pixels = "bgra"

    def __init__(self, height: int, width: int) -> None:
        self.height, self.width = height, width
        self._scaler = VideoReformatter()

    def convert(self, colours: NDArray[np.uint8]) -> VideoFrame:
        """The next frame.

        Args:
            colours: RGB and straight alpha, shape (height, width, 4).
        """
        frame = VideoFrame.from_numpy_buffer(colours, "rgba")
        return self._scaler.reformat(frame, format=self.pixels, threads=1)
