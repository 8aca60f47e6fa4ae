"""Scenes as PNG: one still, or every frame."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING, Final

from PIL import Image
from PIL.PngImagePlugin import PngInfo

from datasets_spec.errors import ConfigError
from stickgen_model.export.background import hand_over
from stickgen_model.export.titles import file_title
from stickgen_model.export.whole_file import whole_file
from stickgen_model.export.whole_folder import whole_folder
from stickgen_model.render.config import RenderConfig
from stickgen_model.render.frames import draw_frame, draw_frames

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from stickgen_model.animation import Animation

__all__ = ["frame_name", "png_bytes", "write_png", "write_png_sequence"]

_PACKED: Final = 4
"""zlib's level: higher ones take longer and gain little on flat colours."""

_LONG_AGO: Final = (1980, 1, 1, 0, 0, 0)
"""Time of files in an archive, so that the same scene gives the same bytes."""

_READABLE: Final = 0o644 << 16


def write_png(
    animation: Animation,
    path: Path,
    config: RenderConfig | None = None,
    *,
    time_s: float | None = None,
) -> None:
    """Write one still.

    Args:
        animation: The scene.
        path: The file; an existing one is replaced.
        config: Size, look, camera; None = the defaults.
        time_s: Seconds into the scene; None = its middle.

    Raises:
        ConfigError: If the time lies outside the scene.
        OutputError: If the file cannot be written.
    """
    config = RenderConfig() if config is None else config
    time = animation.seconds / 2.0 if time_s is None else time_s
    if not 0.0 <= time <= animation.seconds:
        msg = f"{path}: expected a time within 0..{animation.seconds:g} s, got {time_s}"
        raise ConfigError(msg)
    with whole_file(path) as part:
        part.write_bytes(png_bytes(draw_frame(animation, time, config), title=animation.title))


def write_png_sequence(
    animation: Animation, path: Path, config: RenderConfig | None = None
) -> None:
    """Write every frame as `frame_00000.png` and so on, the form that programs for films import.

    Args:
        animation: The scene.
        path: A file ending in .zip, or else a folder, which must be new or empty; it is there with
            all of its frames or not at all.
        config: Size, frames a second, look, camera; None = the defaults.

    Raises:
        OutputError: If the file or the folder cannot be written.
    """
    config = RenderConfig() if config is None else config
    frames = enumerate(draw_frames(animation, config))
    if path.suffix.lower() != ".zip":
        with whole_folder(path) as folder:
            hand_over(frames, lambda item: _put(folder, item))
        return
    with whole_file(path) as part, zipfile.ZipFile(part, "w") as archive:
        hand_over(frames, lambda item: _pack(archive, item))


def frame_name(number: int) -> str:
    """Name of the file of a frame."""
    return f"frame_{number:05d}.png"


def png_bytes(picture: NDArray[np.uint8], *, title: str = "") -> bytes:
    """A picture as PNG.

    Args:
        picture: RGB or RGB and straight alpha, uint8, shape (height, width, 3 or 4).
        title: Told inside the file, shortened.
    """
    told = PngInfo()
    if title := file_title(title):
        told.add_itxt("Title", title)
    out = io.BytesIO()
    Image.fromarray(picture).save(out, "PNG", compress_level=_PACKED, pnginfo=told)
    return out.getvalue()


def _put(folder: Path, item: tuple[int, NDArray[np.uint8]]) -> None:
    number, picture = item
    (folder / frame_name(number)).write_bytes(png_bytes(picture))


def _pack(archive: zipfile.ZipFile, item: tuple[int, NDArray[np.uint8]]) -> None:
    number, picture = item
    entry = zipfile.ZipInfo(frame_name(number), date_time=_LONG_AGO)
    entry.external_attr = _READABLE
    archive.writestr(entry, png_bytes(picture), zipfile.ZIP_STORED)  # PNG is packed already
