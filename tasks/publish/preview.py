"""The preview: one page that plays the figures, with nothing to load and nobody to ask."""

from __future__ import annotations

from importlib.resources import files
from typing import TYPE_CHECKING, Any, Final

from jinja2 import Environment, StrictUndefined
from markupsafe import Markup

from datasets_spec.schema import CLIP_FPS, SPLITS
from datasets_spec.skeleton import JOINTS, NECK_RATIO
from stickgen_model.export.page import script_json
from tasks.publish.preview_data import MAX_SCENES, preview_scenes

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from datasets_spec.sources.spec import SourceSpec

__all__ = ["render_preview", "script_json"]

_TEMPLATES: Final = "tasks.publish.templates"


def render_preview(
    folder: Path,
    statistics: Mapping[str, Any],
    specs: Sequence[SourceSpec],
    *,
    max_scenes: int = MAX_SCENES,
) -> str:
    """Make `preview.html`: a choice of scenes by source and action, animated.

    Args:
        folder: A dataset folder with its clips in place.
        statistics: As `statistics.dataset_statistics` makes them.
        specs: Facts of the sources, for the licence lines.
        max_scenes: Most scenes.

    Returns:
        The whole page, below 6 MB; plain ASCII, no reference to anything outside it.
    """
    scenes = preview_scenes(folder, max_scenes=max_scenes)
    data = {
        "fps": CLIP_FPS,
        "neck": NECK_RATIO,
        "joints": list(JOINTS),
        "splits": list(SPLITS),
        "scenes": scenes,
    }
    used = [spec for spec in specs if spec.name in statistics["sources"]]
    environment = Environment(
        autoescape=True, undefined=StrictUndefined, keep_trailing_newline=True
    )
    page = environment.from_string(_read("preview.html")).render(
        style=Markup(_read("preview.css")),  # noqa: S704 - our own file
        script=Markup(_read("preview_figure.js") + _read("preview.js")),  # noqa: S704 - our own
        data=Markup(script_json(data)),  # noqa: S704 - escaped for a script element
        totals=statistics["totals"],
        num_actions=sum(1 for word in statistics["actions"] if word != "unlabelled"),
        num_scenes=len(scenes),
        specs=used,
        licences={spec.name: statistics["sources"][spec.name]["licences"] for spec in used},
    )
    return page.encode("ascii", "xmlcharrefreplace").decode("ascii")


def _read(name: str) -> str:
    return files(_TEMPLATES).joinpath(name).read_text(encoding="utf-8")
