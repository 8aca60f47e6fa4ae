"""A page that plays scenes: one file, works from a disk, loads nothing and asks nobody."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from jinja2 import Environment, StrictUndefined
from markupsafe import Markup

from stickgen_model.export.html_data import figure_values, look_values, scene_values
from stickgen_model.export.page import compact_source, page_policy, read_template, script_json
from stickgen_model.export.whole_file import whole_file
from stickgen_model.render.config import RenderConfig
from stickgen_model.text.plain import plain_text

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from stickgen_model.animation import Animation

__all__ = ["player_html", "write_html"]

_TEMPLATES: Final = "stickgen_model.export.templates"
_SCRIPTS: Final = (
    "player_data.js",
    "player_camera.js",
    "player_scenery.js",
    "player_figure.js",
    "player_face.js",
    "player_picture.js",
    "player_state.js",
    "player_controls.js",
    "player_hand.js",
    "player_film.js",
    "player_save.js",
    "player_main.js",
)
_OPTIONS: Final = (
    "width",
    "height",
    "fps",
    "look",
    "colours",
    "captions",
    "faces",
    "ground",
    "shadow",
    "thickness",
)
_UNTITLED: Final = "Untitled scene"
_LONGEST_TITLE: Final = 200
"""Characters of a page's title; the scene keeps all of it."""


def write_html(animation: Animation, path: Path, config: RenderConfig | None = None) -> None:
    """Write a page that plays a scene.

    Args:
        animation: The scene.
        path: The file; an existing one is replaced.
        config: First look, shape of the picture, camera; None = the defaults.

    Raises:
        ConfigError: If the camera does not fit the scene.
        OutputError: If the file cannot be written.
    """
    text = player_html([animation], config)
    with whole_file(path) as part:
        part.write_text(text, encoding="ascii", newline="\n")


def player_html(animations: Sequence[Animation], config: RenderConfig | None = None) -> str:
    """A page that plays scenes, one at a time.

    Args:
        animations: At least one scene.
        config: First look, shape of the picture, camera; None = the defaults.

    Returns:
        The whole page in plain ASCII; the same scenes give the same page. It may stand in the
        `srcdoc` of a frame.

    Raises:
        ValueError: If there is no scene.
        ConfigError: If the camera does not fit a scene.
    """
    if not animations:
        msg = "expected at least one scene to play, got none"
        raise ValueError(msg)
    config = RenderConfig() if config is None else config
    data = {
        "options": _options(config),
        "looks": look_values(),
        "figure": figure_values(),
        "scenes": [scene_values(animation, config) for animation in animations],
    }
    title = plain_text(animations[0].title)[:_LONGEST_TITLE] or _UNTITLED
    style = compact_source(read_template(_TEMPLATES, "player.css"))
    script = "".join(compact_source(read_template(_TEMPLATES, name)) for name in _SCRIPTS)
    environment = Environment(
        autoescape=True, undefined=StrictUndefined, keep_trailing_newline=True
    )
    page = environment.from_string(read_template(_TEMPLATES, "player.html")).render(
        title=title,
        policy=Markup(page_policy(scripts=(script,), styles=(style,))),  # noqa: S704 - hashes only
        style=Markup(style),  # noqa: S704 - our own file
        script=Markup(script),  # noqa: S704 - our own files
        data=Markup(script_json(data)),  # noqa: S704 - escaped for a script element
    )
    return page.encode("ascii", "xmlcharrefreplace").decode("ascii")


def _options(config: RenderConfig) -> dict[str, Any]:
    return {name: getattr(config, name) for name in _OPTIONS} | {"aspect": config.aspect}
