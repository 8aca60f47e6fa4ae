"""Frames of colours as frames of brightness and colour difference, the way films keep them.

Most of a drawn frame is as it was in the frame before, so only the rectangle that changed is worked
out anew; what comes out is what converting all of it gives.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np
from av import VideoFrame
from av.video.reformatter import ColorRange, Colorspace, Interpolation, VideoReformatter

from stickgen_model.export.changes import Changes

if TYPE_CHECKING:
    from av.video.plane import VideoPlane
    from numpy.typing import NDArray

    from stickgen_model.export.changes import Box

__all__ = ["PlaneConverter"]

_SCALING: Final = Interpolation.BILINEAR | Interpolation.BITEXACT
"""Averages colour over two pixels; the same bytes on every processor."""

_STEP: Final = 16
"""Pixels: edges of rectangles lie on this grid, so that few sizes come up, each set up once."""

_MARGIN: Final = 8
"""Pixels around a change that are converted with it; colour is averaged across fewer than that."""

_WORTH: Final = 0.6
"""Share of the frame from which on all of it is converted."""


class PlaneConverter:
    """Converts the frames of one film, in their order.

    Args:
        shape: (height, width, channels) of all of them; 3 = RGB, 4 = RGB and straight alpha.
        alpha: Whether alpha is kept.
        even: Sides must be even: a last row or column is repeated where they are not.
    """

    ahead = True

    def __init__(self, shape: tuple[int, int, int], *, alpha: bool, even: bool) -> None:
        """For frames of one shape."""
        self._shape = shape
        self._missing = (shape[0] % 2, shape[1] % 2) if even else (0, 0)
        self._source = "rgb24" if shape[2] == 3 else "rgba"
        self.pixels = "yuva420p" if alpha else "yuv420p"
        self.height, self.width = shape[0] + self._missing[0], shape[1] + self._missing[1]
        # colours are averaged over other pixels where a side is odd, in a part and in the whole
        self._in_parts = self.height % 2 == 0 and self.width % 2 == 0
        self._changes = Changes(self.height, self.width, shape[2])
        self._scalers: dict[tuple[int, ...], VideoReformatter] = {}
        self._last: tuple[NDArray[np.uint8], VideoFrame] | None = None

    def convert(self, colours: NDArray[np.uint8]) -> VideoFrame:
        """The next frame, BT.709, limited range.

        Args:
            colours: Shape (height, width, channels), uint8; must not change until the next call.

        Returns:
            A frame of its own, that later calls leave alone.

        Raises:
            ValueError: If the shape is not that of the film.
        """
        if colours.shape != self._shape or colours.dtype != np.uint8:
            msg = f"expected a frame of uint8 {self._shape}, got {colours.dtype} {colours.shape}"
            raise ValueError(msg)
        if any(self._missing):
            down, right = self._missing
            colours = np.pad(colours, ((0, down), (0, right), (0, 0)), mode="edge")
        colours = np.ascontiguousarray(colours)
        made = self._convert_change(colours)
        self._last = (colours, made)
        return _copy(made)

    def _convert_change(self, colours: NDArray[np.uint8]) -> VideoFrame:
        if self._last is None or not self._in_parts:
            return self._scale(colours)
        box = self._changes.between(self._last[0], colours)
        if box is not None and _area(box) > _WORTH * self.height * self.width:
            return self._scale(colours)
        if box is not None:
            self._paste(self._last[1], colours, box)
        return self._last[1]

    def _paste(self, made: VideoFrame, colours: NDArray[np.uint8], box: Box) -> None:
        top, bottom, left, right = _around(box, self.height, self.width)
        part = self._scale(colours[top:bottom, left:right])
        inner = _even(box, self.height, self.width)
        for number, (whole, piece) in enumerate(zip(made.planes, part.planes, strict=True)):
            half = 2 if number in {1, 2} else 1  # the planes of colour difference
            rows = slice(inner[0] // half, -(-inner[1] // half))
            columns = slice(inner[2] // half, -(-inner[3] // half))
            y, x = top // half, left // half
            _rows_of(whole)[rows, columns] = _rows_of(piece)[
                rows.start - y : rows.stop - y, columns.start - x : columns.stop - x
            ]

    def _scale(self, colours: NDArray[np.uint8]) -> VideoFrame:
        scaler = self._scalers.setdefault(colours.shape[:2], VideoReformatter())
        return scaler.reformat(
            VideoFrame.from_numpy_buffer(colours, self._source),
            format=self.pixels,
            dst_colorspace=Colorspace.ITU709,
            dst_color_range=ColorRange.MPEG,
            interpolation=_SCALING,
            threads=1,
        )


def _copy(frame: VideoFrame) -> VideoFrame:
    """The same picture in memory of its own."""
    copied = VideoFrame(frame.width, frame.height, frame.format.name)
    for plane, new in zip(frame.planes, copied.planes, strict=True):
        width = min(plane.line_size, new.line_size)
        _rows_of(new)[:, :width] = _rows_of(plane)[:, :width]
    return copied


def _rows_of(plane: VideoPlane) -> NDArray[np.uint8]:
    """A plane as rows of its full width in memory."""
    memory: Any = plane  # has the buffer protocol, which its stub does not say
    return np.asarray(np.frombuffer(memory, np.uint8).reshape(-1, plane.line_size))


def _area(box: Box) -> int:
    return (box[1] - box[0]) * (box[3] - box[2])


def _even(box: Box, height: int, width: int) -> Box:
    """The box and the pixels around it whose colour is averaged with its own."""
    top, bottom, left, right = box
    return (
        max(top - 2, 0) & ~1,
        min((bottom + 3) & ~1, height),
        max(left - 2, 0) & ~1,
        min((right + 3) & ~1, width),
    )


def _around(box: Box, height: int, width: int) -> Box:
    """The box with its margin, on the grid."""
    top, bottom, left, right = box
    return (
        max(top - _MARGIN, 0) // _STEP * _STEP,
        min(-(-(bottom + _MARGIN) // _STEP) * _STEP, height),
        max(left - _MARGIN, 0) // _STEP * _STEP,
        min(-(-(right + _MARGIN) // _STEP) * _STEP, width),
    )
