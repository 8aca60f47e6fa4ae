"""Scenes as films: MP4 for everything that plays films, WebM with transparency."""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from datasets_spec.errors import ConfigError
from stickgen_model.export.film import FilmKind, write_film
from stickgen_model.export.planes import PlaneConverter
from stickgen_model.render.config import RenderConfig
from stickgen_model.render.frames import draw_packed

if TYPE_CHECKING:
    from pathlib import Path

    from stickgen_model.animation import Animation

__all__ = ["MP4", "WEBM", "write_mp4", "write_webm"]

MP4: Final = FilmKind(
    container="mp4",
    encoder="libx264",
    even=True,
    threads=1,  # drawing has the other core; slices and frames in parallel cost bytes
    # the fastest preset, but bits go where faces and soft grounds are (aq); it is as large as
    # crf 19 without; a key frame at least every 60 for scrubbing
    encoding=MappingProxyType({"preset": "ultrafast", "crf": "17", "aq-mode": "1", "g": "60"}),
    packing=MappingProxyType({"movflags": "+faststart"}),
)
"""H.264, constrained baseline, 4:2:0: plays in browsers, QuickTime, phones and editors."""

WEBM: Final = FilmKind(
    container="webm",
    encoder="libvpx-vp9",
    even=False,
    threads=4,
    encoding=MappingProxyType(
        {
            "deadline": "realtime",
            "cpu-used": "8",
            "row-mt": "1",
            "tune-content": "screen",
            "crf": "24",
            "b": "0",
            "g": "120",
        }
    ),
)
"""VP9, with an alpha channel where frames have one."""


def write_mp4(animation: Animation, path: Path, config: RenderConfig | None = None) -> None:
    """Write a film as MP4: H.264, BT.709, its index at the front.

    H.264 needs even sides: where one is odd, the last row or column is there twice.

    Args:
        animation: The scene.
        path: The file; an existing one is replaced.
        config: Size, frames a second, look, camera; None = the defaults.

    Raises:
        ConfigError: If the look is transparent, which H.264 cannot be.
        OutputError: If the file cannot be written.
    """
    config = RenderConfig() if config is None else config
    if config.look_spec.transparent:
        msg = (
            f"{path}: expected a look with a page, got {config.look!r}: MP4 has no transparency;"
            " write .webm, .gif, .webp or PNG frames, or take another look"
        )
        raise ConfigError(msg)
    _write(animation, path, config, kind=MP4)


def write_webm(animation: Animation, path: Path, config: RenderConfig | None = None) -> None:
    """Write a film as WebM: VP9, BT.709, with an alpha channel in the transparent look.

    Args:
        animation: The scene.
        path: The file; an existing one is replaced.
        config: Size, frames a second, look, camera; None = the defaults.

    Raises:
        OutputError: If the file cannot be written.
    """
    _write(animation, path, RenderConfig() if config is None else config, kind=WEBM)


def _write(animation: Animation, path: Path, config: RenderConfig, *, kind: FilmKind) -> None:
    write_film(
        draw_packed(animation, config),
        path,
        kind=kind,
        converter=PlaneConverter(
            (config.height, config.width, 4), alpha=config.look_spec.transparent, even=kind.even
        ),
        fps=config.fps,
        title=animation.title,
    )
