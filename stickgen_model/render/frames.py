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
    from stickgen_model.render.display import DisplayList
    from stickgen_model.render.painter import Box

    Bytes = NDArray[np.uint8]
    Words = NDArray[np.uint32]

__all__ = ["draw_frame", "draw_frames", "draw_packed"]

_PIXELS_AT_ONCE: Final = 2**22
_FRAMES_AT_ONCE: Final = 16


def draw_frames(animation: Animation, config: RenderConfig) -> Iterator[Bytes]:
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
    channels = 4 if config.look_spec.transparent else 3
    return _draw(display_list(animation, config), channels)


def draw_packed(
    animation: Animation, config: RenderConfig, *, times: NDArray[np.floating] | None = None
) -> Iterator[Bytes]:
    """As `draw_frames`, always with four channels: less work, for who can use them.

    Args:
        animation: The scene.
        config: Size, frame rate, look, camera.
        times: Seconds of the frames, shape (F,); None = all of the film.

    Yields:
        RGB and alpha (255 everywhere, but in the transparent look), shape (height, width, 4).
    """
    return _draw(display_list(animation, config, times=times), 4)


def draw_frame(animation: Animation, time: float, config: RenderConfig) -> Bytes:
    """Draw what is seen at a time.

    Args:
        animation: The scene.
        time: Seconds, within the scene.
        config: Size, look, camera.

    Returns:
        As of `draw_frames`.
    """
    channels = 4 if config.look_spec.transparent else 3
    film = display_list(animation, config, times=np.array([time]))
    return next(_draw(film, channels))


def _draw(film: DisplayList, channels: int) -> Iterator[Bytes]:
    """Yield frames: what is behind people is turned into bytes once while it stays the same."""
    painter = Painter(film)
    step = _PIXELS_AT_ONCE // (film.config.width * film.config.height)
    step = min(max(step, 1), _FRAMES_AT_ONCE)
    behind: tuple[Words, Bytes] | None = None
    for first in range(0, film.num_frames, step):
        for one in painter.paint(first, min(first + step, film.num_frames)):
            if one.inside(one.pixels).shape == one.pixels.shape:
                yield _bytes(one.pixels, channels)
                continue
            if behind is None or behind[0] is not one.behind:
                behind = (one.behind, _bytes(one.behind, channels))
            picture = behind[1].copy()
            _write(picture, one.pixels, one.box)
            yield picture


def _bytes(words: Words, channels: int) -> Bytes:
    """Packed pixels as bytes."""
    picture = np.empty((*words.shape, channels), dtype=np.uint8)
    _write(picture, words, (0, words.shape[0], 0, words.shape[1]))
    return picture


def _write(picture: Bytes, words: Words, box: Box) -> None:
    """Turn the packed pixels of a box into bytes of a picture of the same size."""
    top, bottom, left, right = box
    if top == bottom or left == right:
        return
    inside = words[top:bottom, left:right]
    if picture.shape[2] == inside.itemsize:
        picture[top:bottom, left:right] = inside[..., None].view(np.uint8)
        return
    # pixels go as whole words, each over the byte too much of the one before it: this is three
    # times as fast as one channel after the other
    width, step = picture.shape[1:]
    places = np.ndarray(
        (bottom - top, right - left - 1),
        np.uint32,
        buffer=picture,
        offset=(top * width + left) * step,
        strides=(width * step, step),
    )
    places[...] = inside[:, :-1]
    last = np.ascontiguousarray(inside[:, -1:])[..., None].view(np.uint8)
    picture[top:bottom, right - 1 : right] = last[..., :step]
