"""Frames of a scene as pictures."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from stickgen_model.render.display import display_list
from stickgen_model.render.painter import Painter

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from stickgen_model.animation import Animation
    from stickgen_model.render.config import RenderConfig

__all__ = ["draw_frame", "draw_frames", "draw_packed"]

_PIXELS_AT_ONCE: Final = 2**21
_FRAMES_AT_ONCE: Final = 16


def draw_frames(animation: Animation, config: RenderConfig) -> Iterator[NDArray[np.uint8]]:
    """Draw the film of a scene.

    Args:
        animation: The scene.
        config: Size, frame rate, look, camera.

    Yields:
        RGB, shape (height, width, 3); in the transparent look RGB and straight alpha, shape
        (height, width, 4). Each frame is an array of its own.

    Raises:
        ConfigError: If the camera does not fit the scene, or the font cannot be read.
    """
    for frame in draw_packed(animation, config):
        yield frame if config.look_spec.transparent else np.ascontiguousarray(frame[..., :3])


def draw_packed(animation: Animation, config: RenderConfig) -> Iterator[NDArray[np.uint8]]:
    """As `draw_frames`, always with four channels: for who can use them, it is faster.

    Yields:
        RGB and alpha (255 everywhere, but in the transparent look), shape (height, width, 4).
    """
    film = display_list(animation, config)
    painter = Painter(film)
    pixels = config.width * config.height
    step = int(np.clip(_PIXELS_AT_ONCE // pixels, 1, _FRAMES_AT_ONCE))
    for first in range(0, film.num_frames, step):
        canvas = painter.paint(first, min(first + step, film.num_frames))
        for frame in canvas.frames:
            yield frame.view(np.uint8).reshape(config.height, config.width, 4)


def draw_frame(animation: Animation, time: float, config: RenderConfig) -> NDArray[np.uint8]:
    """Draw what is seen at a time.

    Args:
        animation: The scene.
        time: Seconds, within the scene.
        config: Size, look, camera.

    Returns:
        As of `draw_frames`.
    """
    film = display_list(animation, config, times=np.array([time]))
    frame = Painter(film).paint(0, 1).frames[0].view(np.uint8)
    frame = frame.reshape(config.height, config.width, 4)
    return frame if config.look_spec.transparent else np.ascontiguousarray(frame[..., :3])
