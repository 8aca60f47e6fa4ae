"""SVG: a film as lines and discs that move by themselves (SMIL), without a script.

It plays in browsers, also as an image of a page, and loops. Programs that know no animation show
its first pose. Places are exact to 0.4 pixels, thickness to 0.2; between key frames everything runs
straight. Limbs are lines with round ends, as thick as they are in their middle. What is nearer is
drawn later at every frame: a limb that changes its place in the order is there several times, and
shown once (`svg_layers`).
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from stickgen_model.export.svg_ground import page_definitions, page_elements
from stickgen_model.export.svg_layers import stack_layers
from stickgen_model.export.svg_light import filter_definitions
from stickgen_model.export.svg_parts import FINE, figure_elements, shadow_elements
from stickgen_model.export.svg_text import caption_elements, escaped
from stickgen_model.export.svg_tracks import Clock
from stickgen_model.export.titles import file_title
from stickgen_model.export.whole_file import whole_file
from stickgen_model.render.camera_plan import camera_plan
from stickgen_model.render.config import RenderConfig
from stickgen_model.render.display import display_list

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

    from stickgen_model.animation import Animation

__all__ = ["svg_text", "write_svg", "write_svg_still"]


def write_svg(animation: Animation, path: Path, config: RenderConfig | None = None) -> None:
    """Write a scene as an animated SVG.

    Args:
        animation: The scene.
        path: The file; an existing one is replaced.
        config: How to draw; None = the usual.

    Raises:
        OutputError: If it cannot be written.
        ConfigError: If the camera asks for what the scene has not.
    """
    _write(svg_text(animation, config or RenderConfig()), path)


def write_svg_still(
    animation: Animation,
    path: Path,
    config: RenderConfig | None = None,
    *,
    at_s: float = 0.0,
) -> None:
    """Write one pose of a scene as an SVG that stands still.

    Args:
        animation: The scene.
        path: The file; an existing one is replaced.
        config: How to draw; None = the usual.
        at_s: Seconds in the scene; beyond its ends the first or last pose.

    Raises:
        OutputError: If it cannot be written.
        ConfigError: If the camera asks for what the scene has not.
    """
    last = (animation.num_frames - 1) / animation.fps
    times = np.array([min(max(at_s, 0.0), last)])
    _write(svg_text(animation, config or RenderConfig(), times=times), path)


def _write(text: str, path: Path) -> None:
    with whole_file(path) as part:
        part.write_text(text, encoding="utf-8", newline="\n")


def svg_text(
    animation: Animation, config: RenderConfig, *, times: NDArray[np.floating] | None = None
) -> str:
    """The text of an SVG.

    Args:
        animation: The scene.
        config: How to draw.
        times: Seconds of the frames, shape (F,); None = all of the film.
    """
    film = display_list(animation, config, times=times)
    clock = Clock(
        frames=film.num_frames,
        seconds=film.num_frames / config.fps,
        cuts=_cut_frames(animation, config, film.times),
    )
    look = config.look_spec
    layers = stack_layers(film, alike=not look.hollow)
    title = escaped(file_title(animation.title))
    filters = filter_definitions(film)
    light = ' filter="url(#l)"' if filters else ""
    lines = [
        '<svg xmlns="http://www.w3.org/2000/svg" '
        f'viewBox="0 0 {config.width * FINE} {config.height * FINE}" '
        f'width="{config.width}" height="{config.height}" role="img">',
        *([f"<title>{title}</title>"] if title else []),
        f"<defs>{''.join([*page_definitions(film), *filters])}</defs>",
        *page_elements(film, clock),
        *shadow_elements(film, clock),
        f'<g stroke-linecap="round" fill="none"{light}>',
        *figure_elements(film, layers, clock),
        "</g>",
        *caption_elements(film, clock),
        "</svg>",
    ]
    return "\n".join(lines) + "\n"


def _cut_frames(
    animation: Animation, config: RenderConfig, times: NDArray[np.float64]
) -> tuple[int, ...]:
    """Frames before which the picture may jump."""
    plan = config.camera
    if isinstance(plan, str):
        plan = camera_plan(plan, animation.seconds)
    cuts = () if plan is None else plan.cuts
    frames = {int(np.searchsorted(times, cut, side="left")) for cut in cuts}
    return tuple(sorted(frame for frame in frames if 0 < frame < len(times)))
