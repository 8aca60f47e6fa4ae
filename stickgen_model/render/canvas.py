"""Pages of several frames at once, as packed pixels that shapes are blended into.

A pixel is one little-endian uint32: red in its lowest byte, alpha in its highest. Two bytes are
mixed at a time, so that a shape costs little more than one channel would.
Letters of shapes: C frames, H rows, W columns, r bands, L pixels of a band.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Words = NDArray[np.uint32]
    Singles = NDArray[np.float32]

__all__ = ["FULL", "Canvas", "mixed", "packed_tones", "whole_covers", "windows"]

FULL: Final = 256
"""Cover of a pixel that a shape fills."""

_LOW: Final = np.uint32(0x00FF00FF)
_HIGH: Final = np.uint32(0xFF00FF00)
_HALF: Final = np.uint32(0x00800080)
_COLOUR: Final = np.uint32(0x00FFFFFF)
_OPAQUE: Final = np.uint32(0xFF000000)
_EIGHT: Final = np.uint32(8)
_ALPHA: Final = np.uint32(24)
_FULL: Final = np.uint32(FULL)


def packed_tones(colours: NDArray[Any]) -> Words:
    """Opaque pixels of RGB colours.

    Args:
        colours: 0..255, shape (..., 3).

    Returns:
        Shape (...,).
    """
    parts = np.asarray(colours).astype(np.uint32)
    green, blue = parts[..., 1] << _EIGHT, parts[..., 2] << np.uint32(16)
    return np.asarray(parts[..., 0] | green | blue | _OPAQUE, dtype=np.uint32)


class Canvas:
    """Frames to paint on.

    Attributes:
        pixels: All frames in a row, shape (C * H * W,).
        count: C.
        height: H.
        width: W.
        transparent: Whether frames have an alpha channel, straight.
    """

    def __init__(self, count: int, height: int, width: int, *, transparent: bool) -> None:
        """Frames whose pixels are yet to be filled."""
        self.count, self.height, self.width = count, height, width
        self.transparent = transparent
        self.pixels: Words = np.empty(count * height * width, dtype=np.uint32)

    @property
    def frames(self) -> Words:
        """The frames, a view, shape (C, H, W)."""
        return self.pixels.reshape(self.count, self.height, self.width)

    def blend_bands(self, first: NDArray[np.intp], cover: Singles, tone: Words) -> None:
        """Lay a colour over bands of pixels.

        Args:
            first: First pixel of every band, shape (r,). A pixel of several bands must get the
                same in all of them.
            cover: FULL or more = all, 0 or less = nothing, shape (r, L), changed.
            tone: Colour, as of `packed_tones`, shape (r,).
        """
        if not len(first):
            return
        length = cover.shape[1]
        runs = windows(self.pixels, length)
        old = runs[first].view(np.uint32).reshape(-1, length)
        new = self._mix(old, whole_covers(cover), tone[:, None])
        runs[first] = new.view(runs.dtype)[:, 0]

    def blend_pixels(self, index: NDArray[np.intp], cover: Singles, tone: Words) -> None:
        """Lay a colour over single pixels.

        Args:
            index: Which, each once, shape (n,).
            cover: As of `blend_bands`, shape (n,), changed.
            tone: As of `packed_tones`, shape (n,) or (1,).
        """
        self.pixels[index] = self._mix(self.pixels[index], whole_covers(cover), tone)

    def _mix(self, old: Words, cover: Words, tone: Words) -> Words:
        return _over(old, cover, tone) if self.transparent else mixed(old, cover, tone)


def windows(values: NDArray[Any], length: int) -> NDArray[Any]:
    """Every run of some length in an array, a view, shape (n - length + 1,).

    A run is one item of bytes: so they are copied much faster than as rows of numbers.
    """
    step = values.itemsize
    shape = (len(values) - length + 1,)
    return np.ndarray(shape, f"V{step * length}", buffer=values, strides=(step,))


def whole_covers(cover: Singles) -> Words:
    """Covers, changed, as whole numbers 0..FULL, shape of `cover`."""
    np.clip(cover, 0.0, float(FULL), out=cover)
    cover += np.float32(0.5)
    return cover.astype(np.int32).view(np.uint32)


def mixed(old: Words, cover: Words, tone: Words) -> Words:
    """Old and new pixels by the cover of the new ones, all four bytes.

    Args:
        old: Packed pixels, changed.
        cover: As of `whole_covers`, changed, shape of `old`.
        tone: As of `packed_tones`, of a shape that fits.
    """
    rest = _FULL - cover
    low = old & _LOW
    low *= rest
    low += cover * (tone & _LOW)
    low += _HALF
    low >>= _EIGHT
    low &= _LOW
    old >>= _EIGHT
    old &= _LOW
    old *= rest
    cover *= (tone >> _EIGHT) & _LOW
    old += cover
    old += _HALF
    old &= _HIGH
    old |= low
    return old


def _over(old: Words, cover: Words, tone: Words) -> Words:
    """As `mixed`, where what is below may be transparent: colours by their share of the light."""
    below = old >> _ALPHA
    shade = cover.astype(np.float32)
    kept = below * (np.float32(1.0) - shade * np.float32(1.0 / FULL))
    alpha = shade * np.float32(255.0 / FULL) + kept
    share = np.divide(shade * np.float32(255.0), alpha, out=np.zeros_like(alpha), where=alpha > 0.0)
    new = mixed(old, np.rint(share).astype(np.uint32), tone)
    new &= _COLOUR
    new |= np.rint(alpha).astype(np.uint32) << _ALPHA
    return new
