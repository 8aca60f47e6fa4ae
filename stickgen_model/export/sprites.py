"""Scenes as sprite sheets: all frames on one PNG, and where they are as JSON.

The JSON is what TexturePacker calls "JSON (Hash)", read by Phaser, PixiJS and others: `frames` by
name, each with its rectangle and its milliseconds, `animations`, `meta`.
"""

from __future__ import annotations

import json
import math
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from datasets_spec.errors import ConfigError
from stickgen_model.export.pictures import frame_name, png_bytes
from stickgen_model.export.titles import file_title
from stickgen_model.export.whole_file import whole_file
from stickgen_model.render.config import RenderConfig
from stickgen_model.render.frames import draw_packed
from stickgen_model.render.resample import film_times

if TYPE_CHECKING:
    from pathlib import Path

    from stickgen_model.animation import Animation

__all__ = ["MAX_SHEET_SIDE", "sheet_columns", "write_sprite_sheet"]

MAX_SHEET_SIDE: Final = 8192
"""Pixels: what graphics cards take as one texture."""

_NAME: Final = "scene"


def write_sprite_sheet(
    animation: Animation, path: Path, config: RenderConfig | None = None
) -> tuple[Path, Path]:
    """Write all frames side by side, row by row, and a JSON file of the same name beside them.

    Args:
        animation: The scene.
        path: The picture, such as walk.sheet.png; existing files are replaced.
        config: Size of one frame, frames a second, look, camera; None = the defaults.

    Returns:
        The picture and the JSON file.

    Raises:
        ConfigError: If so many frames of this size do not fit on a sheet.
        OutputError: If a file cannot be written.
    """
    if path.suffix.lower() != ".png":
        msg = f"{path}: expected the name of a PNG for the sheet, such as walk.sheet.png"
        raise ConfigError(msg)
    config = RenderConfig() if config is None else config
    count = len(film_times(animation, config.fps))
    columns = sheet_columns(count, config.width, config.height)
    rows = -(-count // columns)
    if max(columns * config.width, rows * config.height) > MAX_SHEET_SIDE:
        msg = (
            f"{path}: expected frames that fit on {MAX_SHEET_SIDE} x {MAX_SHEET_SIDE} pixels, got"
            f" {count} of {config.width} x {config.height}; take a smaller size, fewer frames a"
            " second or a shorter scene"
        )
        raise ConfigError(msg)
    channels = 4 if config.look_spec.transparent else 3
    sheet = np.zeros((rows * config.height, columns * config.width, channels), dtype=np.uint8)
    for number, frame in enumerate(draw_packed(animation, config)):
        y, x = (number // columns) * config.height, (number % columns) * config.width
        sheet[y : y + config.height, x : x + config.width] = frame[..., :channels]
    atlas = path.with_suffix(".json")
    told = _atlas(animation, config, image=path.name, count=count, columns=columns)
    with whole_file(path) as part, whole_file(atlas) as atlas_part:
        part.write_bytes(png_bytes(sheet, title=animation.title))
        atlas_part.write_text(json.dumps(told, indent=1) + "\n", encoding="ascii", newline="\n")
    return path, atlas


def sheet_columns(count: int, width: int, height: int) -> int:
    """Frames in a row of a sheet that is as near to a square as can be."""
    return min(count, max(1, math.ceil(math.sqrt(count * height / width))))


def _atlas(
    animation: Animation, config: RenderConfig, *, image: str, count: int, columns: int
) -> dict[str, Any]:
    width, height = config.width, config.height
    names = [frame_name(number) for number in range(count)]
    begins = [round(number * 1000 / config.fps) for number in range(count + 1)]
    size = {"w": width, "h": height}
    frames = {
        name: {
            "frame": {"x": number % columns * width, "y": number // columns * height, **size},
            "rotated": False,
            "trimmed": False,
            "spriteSourceSize": {"x": 0, "y": 0, **size},
            "sourceSize": size,
            "duration": begins[number + 1] - begins[number],
        }
        for number, name in enumerate(names)
    }
    whole = {"w": columns * width, "h": -(-count // columns) * height}
    meta = {
        "app": "StickGen",
        "version": "1.0",
        "image": image,
        "format": "RGBA8888" if config.look_spec.transparent else "RGB888",
        "size": whole,
        "scale": "1",
        "title": file_title(animation.title),
        "frameTags": [{"name": _NAME, "from": 0, "to": count - 1, "direction": "forward"}],
    }
    return {"frames": frames, "animations": {_NAME: names}, "meta": meta}
