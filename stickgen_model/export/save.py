"""A scene as a file of any format, chosen by its name."""

from __future__ import annotations

from dataclasses import dataclass
from importlib import import_module
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Final

from datasets_spec.errors import ConfigError
from stickgen_model.near_words import unknown_word

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from stickgen_model.animation import Animation
    from stickgen_model.render.config import RenderConfig

__all__ = ["FORMATS", "FORMS", "Format", "format_of", "save_animation"]

_HERE: Final = "stickgen_model.export"
_SHOWN: Final = 80


@dataclass(frozen=True, kw_only=True, slots=True)
class Format:
    """A way to write a scene.

    Attributes:
        module: Where its writer is; loaded when it is needed, with its encoder.
        writer: Name of the function (animation, path, config).
        help: One line for people.
    """

    module: str
    writer: str
    help: str

    def write(self, animation: Animation, path: Path, config: RenderConfig | None) -> Any:
        """Call the writer."""
        return getattr(import_module(f"{_HERE}.{self.module}"), self.writer)(
            animation, path, config
        )


def _table(*rows: tuple[str, str, str, str]) -> Mapping[str, Format]:
    return MappingProxyType(
        {
            name: Format(module=module, writer=writer, help=told)
            for name, module, writer, told in rows
        }
    )


FORMATS: Final = _table(
    ("mp4", "video", "write_mp4", "film, H.264: plays everywhere"),
    ("webm", "video", "write_webm", "film, VP9: with transparency for compositing"),
    (
        "gif",
        "gif",
        "write_gif",
        "animated picture, up to 50 frames a second, on or off transparency",
    ),
    ("webp", "webp", "write_webp", "animated picture with all colours and soft transparency"),
    ("png", "pictures", "write_png", "one still, the middle of the scene"),
    ("zip", "pictures", "write_png_sequence", "every frame as PNG, in an archive"),
    ("svg", "svg", "write_svg", "animated drawing, sharp at any size"),
    ("html", "html", "write_html", "page with a player, works from a file"),
    ("motion", "motion_file", "write_motion", "motion as documented JSON, small"),
    ("bvh", "bvh", "write_bvh", "skeleton for Blender and others, a file for each person"),
    ("json", "json_file", "write_json", "motion as plain, readable JSON"),
    ("npz", "array_file", "write_npz", "motion as NumPy arrays"),
    ("parquet", "clip_table", "write_parquet", "motion as rows of the dataset"),
)
"""By the suffix of the file, without its dot."""

FORMS: Final = _table(
    ("sheet", "sprites", "write_sprite_sheet", "every frame on one PNG with a JSON atlas"),
    ("frames", "pictures", "write_png_sequence", "every frame as PNG, in a new folder"),
)
"""By name only; a file that ends with .sheet.png is a sheet too."""

_SHEET: Final = ".sheet.png"


def save_animation(
    animation: Animation,
    path: Path,
    config: RenderConfig | None = None,
    format: str | None = None,
) -> tuple[Path, ...]:
    """Write a scene.

    Args:
        animation: The scene.
        path: The file; an existing one is replaced.
        config: How it is drawn, by formats that draw; None = the defaults.
        format: One of `FORMATS` or `FORMS`; None = by the suffix of `path`.

    Returns:
        The files written (or the folder): most formats write one.

    Raises:
        ConfigError: If the format is unknown or cannot show what is asked.
        OutputError: If a file cannot be written; nothing is then left there.
    """
    written = format_of(path, format).write(animation, path, config)
    return written if isinstance(written, tuple) else (path,)


def format_of(path: Path, format: str | None = None) -> Format:
    """The format of a file.

    Args:
        path: The file.
        format: One of `FORMATS` or `FORMS`; None = by the suffix of `path`.

    Raises:
        ConfigError: If it is unknown; all known ones are told.
    """
    if format is not None:
        known = {**FORMATS, **FORMS}
        if format in known:
            return known[format]
        raise ConfigError(unknown_word("format", format, known))
    if path.name.lower().endswith(_SHEET):
        return FORMS["sheet"]
    suffix = path.suffix.lower().removeprefix(".")
    if suffix in FORMATS:
        return FORMATS[suffix]
    raise ConfigError(unknown_word(f"{str(path)[:_SHOWN]}: suffix", suffix, FORMATS))
