"""Frames as a film: an encoder and its container, fed from a second thread."""

from __future__ import annotations

from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from fractions import Fraction
from functools import partial
from typing import IO, TYPE_CHECKING, Any, Final, Protocol, cast

import av
from av.codec.codec import UnknownCodecError
from av.video.reformatter import ColorPrimaries, ColorRange, Colorspace, ColorTrc

from stickgen_model.export.background import hand_over
from stickgen_model.export.sink import Sink
from stickgen_model.export.titles import file_title
from stickgen_model.export.whole_file import OutputError, whole_file

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from pathlib import Path

    import numpy as np
    from av import VideoFrame
    from av.container import OutputContainer
    from av.video.stream import VideoStream
    from numpy.typing import NDArray

__all__ = [
    "Converter",
    "FilmKind",
    "film_rate",
    "write_film",
]

_BUFFER: Final = 2**18
_FINEST: Final = 1001
"""Largest denominator of a frame rate; 30000/1001 is the one that films come with."""


@dataclass(frozen=True, kw_only=True, slots=True)
class FilmKind:
    """A container with an encoder.

    Attributes:
        container: Name of the muxer.
        encoder: Name of the encoder.
        even: Whether the encoder needs even sides.
        threads: Of the encoder; one number everywhere, since the bytes depend on it.
        encoding: Options of the encoder.
        packing: Options of the muxer.
        ticks: Steps of time a second, to which frames are rounded; None = the frame rate itself.
    """

    container: str
    encoder: str
    even: bool
    threads: int
    encoding: Mapping[str, str]
    packing: Mapping[str, str] = field(default_factory=dict)
    ticks: int | None = None


class Converter(Protocol):
    """What makes frames of an encoder from colours.

    Attributes:
        height: Pixels, of the film.
        width: Pixels, of the film.
        pixels: FFmpeg's name of the layout of pixels.
        ahead: Whether frames are converted where they are drawn, since the encoder has enough to
            do; each must then be a frame of its own. Else one is good until the next call.
    """

    height: int
    width: int
    pixels: str
    ahead: bool

    def convert(self, colours: NDArray[np.uint8]) -> VideoFrame:
        """The next frame."""


def write_film(
    frames: Iterable[NDArray[np.uint8]],
    path: Path,
    *,
    kind: FilmKind,
    converter: Converter,
    fps: float,
    title: str = "",
) -> int:
    """Encode frames in a second thread while the caller's makes them; memory does not grow.

    Args:
        frames: As the converter wants them; none may change after it was handed over.
        path: The file; an existing one is replaced.
        kind: How.
        converter: Makes frames of the encoder.
        fps: Frames a second.
        title: Told inside the file where the format has a place for it, shortened.

    Returns:
        Frames written.

    Raises:
        OutputError: If the file cannot be written or the encoder is missing.
    """
    with whole_file(path) as part, _telling(path, kind), Sink(part) as sink:
        container = av.open(
            sink,
            "w",
            format=kind.container,
            options={"fflags": "+bitexact", **kind.packing},
            buffer_size=_BUFFER,
            io_open=partial(_read_again, part),
        )
        with _closing(container, sink):
            if title := file_title(title):
                container.metadata["title"] = title
            encoder = _Encoder(container, sink, converter, kind=kind, rate=film_rate(fps))
            if converter.ahead:
                number = hand_over(map(converter.convert, frames), encoder.add)
            else:
                number = hand_over(frames, lambda colours: encoder.add(converter.convert(colours)))
            encoder.finish()
    return number


def film_rate(fps: float) -> Fraction:
    """A frame rate as the fraction that is meant by it: 29.97 is 30000/1001."""
    whole = round(fps)
    if abs(fps * 1.001 - whole) < abs(fps - whole) and abs(fps * 1.001 - whole) < 0.005:
        return Fraction(whole * 1000, 1001)
    return Fraction(fps).limit_denominator(_FINEST)


class _Encoder:
    """Frames into packets into the file, one after the other."""

    def __init__(
        self,
        container: OutputContainer,
        sink: Sink,
        converter: Converter,
        *,
        kind: FilmKind,
        rate: Fraction,
    ) -> None:
        self._container, self._sink = container, sink
        self._rate = rate
        self._ticks = Fraction(kind.ticks or rate)
        self._number = 0
        self._stream = _add_stream(container, converter, kind=kind, ticks=self._ticks)

    def add(self, frame: VideoFrame) -> None:
        """Encode the next frame."""
        begin, end = self._begin(self._number), self._begin(self._number + 1)
        frame.pts, frame.time_base = begin, 1 / self._ticks
        for packet in self._stream.encode(frame):
            packet.duration = end - begin  # else the last frame of a GIF is over in no time
            self._container.mux_one(packet)
        self._sink.check()
        self._number += 1

    def finish(self) -> None:
        """Write what the encoder still holds."""
        self._container.mux(self._stream.encode(None))

    def _begin(self, number: int) -> int:
        return round(number * self._ticks / self._rate)


def _add_stream(
    container: OutputContainer, converter: Converter, *, kind: FilmKind, ticks: Fraction
) -> VideoStream:
    stream = cast(
        "VideoStream",
        container.add_stream(kind.encoder, rate=ticks, options=dict(kind.encoding)),
    )
    stream.width, stream.height = converter.width, converter.height
    stream.pix_fmt = converter.pixels
    context = stream.codec_context
    context.time_base = stream.time_base = 1 / ticks
    context.thread_count = kind.threads
    if converter.pixels.startswith("yuv"):
        context.colorspace = Colorspace.ITU709
        context.color_primaries = ColorPrimaries.BT709
        context.color_trc = ColorTrc.BT709
        context.color_range = ColorRange.MPEG
    if converter.pixels == "yuva420p":
        stream.metadata["alpha_mode"] = "1"
    return stream


def _read_again(part: Path, *_: Any) -> IO[bytes]:
    """The file to read, where an index is moved to its front."""
    return part.open("rb")


@contextmanager
def _telling(path: Path, kind: FilmKind) -> Iterator[None]:
    """Faults of the library as ours; those of the system are told by `whole_file`."""
    try:
        yield
    except UnknownCodecError as error:
        msg = (
            f"{path}: expected the encoder {kind.encoder} in PyAV's FFmpeg, it is not there;"
            " install av from its wheel, or write .gif or .webp"
        )
        raise OutputError(msg) from error
    except av.FFmpegError as error:
        if isinstance(error, OSError):
            raise
        msg = f"{path}: {kind.encoder} failed: {error}"
        raise OutputError(msg) from error


@contextmanager
def _closing(container: OutputContainer, sink: Sink) -> Iterator[None]:
    """Close at the end; after a fault quietly, so that the fault is what is told."""
    try:
        yield
    except BaseException:
        with suppress(av.FFmpegError, OSError):
            container.close()
        raise
    try:
        container.close()
    finally:
        sink.check()
