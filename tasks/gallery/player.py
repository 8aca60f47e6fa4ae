"""The part of a page that plays columns of figures side by side: markup, style and script."""

from __future__ import annotations

from dataclasses import asdict, replace
from typing import Any, Final

from jinja2 import Environment, FunctionLoader, StrictUndefined

from stickgen_model.export.page import read_template
from stickgen_model.render.looks import LOOKS

__all__ = ["page_environment", "page_looks", "player_script", "player_style"]

_TEMPLATES: Final = "tasks.gallery.templates"
_PLAYER: Final = "stickgen_model.export.templates"
_PLAYER_SCRIPTS: Final = (
    "player_data.js",
    "player_camera.js",
    "player_scenery.js",
    "player_figure.js",
    "player_face.js",
)
_SCRIPTS: Final = ("gallery_figure.js", "gallery_view.js", "gallery.js")


def page_environment() -> Environment:
    """Templates that escape every text and may include `gallery_player.html`."""
    return Environment(
        autoescape=True,
        undefined=StrictUndefined,
        keep_trailing_newline=True,
        loader=FunctionLoader(lambda name: read_template(_TEMPLATES, name)),
    )


def player_script() -> str:
    """The player's painter, and the rest in a scope of its own, so that no names meet."""
    painter = "".join(read_template(_PLAYER, name) for name in _PLAYER_SCRIPTS)
    own = "".join(read_template(_TEMPLATES, name) for name in _SCRIPTS)
    return f"{painter}(() => {{\n{own}}})();\n"


def player_style() -> str:
    """The style of the page that plays."""
    return read_template(_TEMPLATES, "gallery.css")


def page_looks() -> dict[str, dict[str, Any]]:
    """Ink on the page's own cards, by day and by night."""
    ink = LOOKS["ink"]
    night = replace(
        ink,
        page=(28, 31, 38),
        left=(86, 190, 232),
        right=(255, 152, 98),
        trunk=(233, 235, 239),
        head=(28, 31, 38),
        floor=(36, 40, 48),
        grid=(110, 118, 132),
        shadow=(0, 0, 0),
        shadow_cover=0.6,
    )
    ghosts = {"light": (205, 204, 199), "dark": (70, 76, 88)}
    return {
        name: {**asdict(look), "ghost": ghosts[name]}
        for name, look in (("light", ink), ("dark", night))
    }
