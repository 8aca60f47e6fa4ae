"""Flags that say how a scene is drawn; `generate` and `render` share them."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from datasets_spec.errors import ConfigError
from datasets_spec.vocabulary import CAMERA_MOVES
from flows.setting_fields import as_flag, as_number, as_text, as_word
from stickgen_model.near_words import unknown_word

if TYPE_CHECKING:
    import argparse
    from collections.abc import Mapping

    from flows.setting_fields import Reader
    from stickgen_model.render.config import RenderConfig

__all__ = ["DRAW_SETTINGS", "add_draw_flags", "check_camera", "draw_readers", "draw_settings"]

_STORED: Final = "stored"
"""The camera that came with a clip of a dataset."""
_SWITCHES: Final = {
    "captions": "leave out the captions",
    "faces": "leave out eyes, brows and mouths",
    "ground": "leave out the ground",
    "shadow": "leave out shadows",
}
DRAW_SETTINGS: Final = (
    "camera",
    "look",
    "colours",
    "size",
    "fps",
    "thickness",
    "font",
    *_SWITCHES,
)
"""Names in a file of settings."""


def add_draw_flags(parser: argparse.ArgumentParser) -> None:
    """Add the flags, as a group of their own."""
    group = parser.add_argument_group("picture")
    group.add_argument(
        "--camera",
        metavar="PLAN",
        help=f"a move ({', '.join(CAMERA_MOVES)}), or shots with cuts between them: "
        "'static 2s; orbit 3s 180deg; zoom 1s @1' (@1 = follow the second person)",
    )
    group.add_argument("--look", metavar="NAME", help="ink, neon, chalk, blueprint or transparent")
    group.add_argument("--colours", metavar="BY", help="side, actor or plain (default: side)")
    group.add_argument("--size", help="pixels: 512 or 1280x720 (default: 512)")
    group.add_argument("--fps", metavar="N", help="frames a second, 1..120 (default: 30)")
    group.add_argument("--thickness", metavar="FACTOR", help="of the limbs (default: 1)")
    group.add_argument("--font", metavar="FILE", help="TrueType file for captions")
    for name, meaning in _SWITCHES.items():
        group.add_argument(
            f"--no-{name}", dest=name, action="store_const", const=False, help=meaning
        )


def draw_readers() -> dict[str, Reader]:
    """How every setting is read."""
    from stickgen_model.render.config import COLOURS, FPS_RANGE  # noqa: PLC0415
    from stickgen_model.render.looks import LOOK_NAMES  # noqa: PLC0415

    return {
        "camera": as_text,
        "look": as_word(tuple(LOOK_NAMES)),
        "colours": as_word(COLOURS),
        "size": _size,
        "fps": as_number(*FPS_RANGE),
        "thickness": as_number(0.1, 5.0),
        "font": as_text,
        **dict.fromkeys(_SWITCHES, as_flag),
    }


def _size(value: Any) -> tuple[int, int]:
    """`512`, 512 or `1280x720` as width and height."""
    from stickgen_model.render.config import SIDE_RANGE  # noqa: PLC0415

    side = as_number(*SIDE_RANGE, whole=True)
    words = value.lower().split("x") if isinstance(value, str) else [value]
    if len(words) not in {1, 2}:
        msg = f"expected pixels such as 512 or 1280x720, got {value[:40]!r}"
        raise ValueError(msg)
    width, height = side(words[0]), side(words[-1])
    return int(width), int(height)


def check_camera(text: str, seconds: float) -> None:
    """Refuse what no camera does in a scene of this length.

    Raises:
        ConfigError: With what is wrong.
    """
    from stickgen_model.render.camera_text import parse_shots  # noqa: PLC0415

    known = (*CAMERA_MOVES, _STORED)
    word = text.strip()
    if word.lower() in known:
        return
    if word.replace("-", "_").isidentifier():
        raise ConfigError(unknown_word("--camera", word, known))
    parse_shots(text, seconds)


def draw_settings(values: Mapping[str, Any]) -> RenderConfig:
    """The configuration of checked settings.

    Raises:
        ConfigError: If something is out of its range, or the font is no file.
    """
    from stickgen_model.render.config import RenderConfig  # noqa: PLC0415

    fields = {name: values[name] for name in DRAW_SETTINGS if name in values}
    if "size" in fields:
        fields["width"], fields["height"] = fields.pop("size")
    if "font" in fields:
        fields["font"] = Path(fields["font"]).expanduser()
        if not fields["font"].is_file():
            msg = f"--font {fields['font']}: expected a TrueType file, found none"
            raise ConfigError(msg)
    return RenderConfig(**fields)
