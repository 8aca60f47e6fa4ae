"""Frames as a film: an encoder and its container, fed from a second thread."""

from __future__ import annotations

from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from fractions import Fraction
from typing import TYPE_CHECKING, Final

import av
from av.codec.codec import UnknownCodecError
from av.video.reformatter import ColorPrimaries, ColorRange, Colorspace, ColorTrc

from stickgen_model.export.background import hand_over
from stickgen_model.export.planes import PlaneConverter
from stickgen_model.export.whole_file import OutputError, whole_file
from stickgen_model.text.plain import plain_text

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from pathlib import Path

    from av.container import OutputContainer
    from av.video.stream import VideoStream
    from numpy.typing import NDArray

__all__ = [
    "LONGEST_TITLE",
    "FilmKind",
    "closing",
    "film_rate",
    "film_title",
    "telling",
    "write_film",
]

LONGEST_TITLE: Final = 200
"""Characters of a title inside a file."""

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
    """

    container: str
    encoder: str
    even: bool
    threads: int
    encoding: Mapping[str, str]
    packing: Mapping[str, str] = field(default_factory=dict)


def write_film(
    frames: Iterable[NDArray],
    path: Path,
    *,
    kind: FilmKind,
    shape: tuple[int, int, int],
    fps: float,
    alpha: bool = False,
    title: str = "",
) -> int:
    """Encode frames in a second thread while the caller's makes them; memory does not grow.

    Args:
        frames: Each uint8 of `shape`; an array must not change after it was handed over.
        path: The file; an existing one is replaced.
        kind: How.
        shape: (height, width, channels); 3 = RGB, 4 = RGB and straight alpha.
        fps: Frames a second.
        alpha: Whether the film is to have alpha; only of frames that do.
        title: Told inside the file, shortened.

    Returns:
        Frames written.

    Raises:
        OutputError: If the file cannot be written or the encoder is missing.
    """
    rate = film_rate(fps)
    converter = PlaneConverter(shape, alpha=alpha, even=kind.even)
    with whole_file(path) as part, telling(path, encoder=kind.encoder):
        # named as a file, or a colon in a folder's name would be read as a protocol
        container = av.open(
            f"file:{part}",
            "w",
            format=kind.container,
            options={"fflags": "+bitexact", **kind.packing},
        )
        with closing(container):
            if title := film_title(title):
                container.metadata["title"] = title
            stream = _add_stream(container, converter, kind=kind, rate=rate)
            number = hand_over(frames, _Encoder(container, stream, converter).add)
            container.mux(stream.encode(None))
    return number


def film_rate(fps: float) -> Fraction:
    """A frame rate as the fraction that is meant by it: 29.97 is 30000/1001."""
    whole = round(fps)
    if abs(fps * 1.001 - whole) < abs(fps - whole) and abs(fps * 1.001 - whole) < 0.005:
        return Fraction(whole * 1000, 1001)
    return Fraction(fps).limit_denominator(_FINEST)


def film_title(title: str) -> str:
    """A title for the inside of a file: one short line."""
    return plain_text(title)[:LONGEST_TITLE].strip()


class _Encoder:
    """Frames into packets into the file, one after the other."""

    def __init__(
        self, container: OutputContainer, stream: VideoStream, converter: PlaneConverter
    ) -> None:
        self._container, self._stream, self._converter = container, stream, converter
        self._tick = 1 / Fraction(stream.codec_context.framerate)
        self._number = 0

    def add(self, colours: NDArray) -> None:
        """Encode the next frame."""
        frame = self._converter.convert(colours)
        frame.pts, frame.time_base = self._number, self._tick
        self._container.mux(self._stream.encode(frame))
        self._number += 1


def _add_stream(
    container: OutputContainer, converter: PlaneConverter, *, kind: FilmKind, rate: Fraction
) -> VideoStream:
    stream = container.add_stream(kind.encoder, rate=rate, options=dict(kind.encoding))
    stream.width, stream.height = converter.width, converter.height
    stream.pix_fmt = converter.pixels
    context = stream.codec_context
    context.time_base = stream.time_base = 1 / rate
    context.thread_count = kind.threads
    context.colorspace = Colorspace.ITU709
    context.color_primaries = ColorPrimaries.BT709
    context.color_trc = ColorTrc.BT709
    context.color_range = ColorRange.MPEG
    if converter.pixels == "yuva420p":
        stream.metadata["alpha_mode"] = "1"
    return stream


@contextmanager
def telling(path: Path, *, encoder: str) -> Iterator[None]:
    """Faults of the library as ours; those of the system are told by `whole_file`.

    Args:
        path: What is being written.
        encoder: With what.

    Raises:
        OutputError: If the encoder is missing or fails.
    """
    try:
        yield
    except UnknownCodecError as error:
        msg = (
            f"{path}: expected the encoder {encoder} in PyAV's FFmpeg, it is not there;"
            " install av from its wheel, or write .gif or .webp"
        )
        raise OutputError(msg) from error
    except av.FFmpegError as error:
        if isinstance(error, OSError):
            raise
        msg = f"{path}: {encoder} failed: {error}"
        raise OutputError(msg) from error


@contextmanager
def closing(container: OutputContainer) -> Iterator[None]:
    """Close at the end; after a fault quietly, so that the fault is what is told."""
    try:
        yield
    except BaseException:
        with suppress(av.FFmpegError, OSError):
            container.close()
        raise
    container.close()
