"""The command `stickgen render`."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Final

from datasets_spec.errors import ConfigError
from flows.draw_flags import (
    DRAW_SETTINGS,
    add_draw_flags,
    check_camera,
    draw_readers,
    draw_settings,
)

if TYPE_CHECKING:
    from stickgen_model.animation import Animation

__all__ = ["add_render"]

_EPILOG: Final = """\
examples:
  stickgen render data                                    lists some clips
  stickgen render data --action wave --split val          ... of these
  stickgen render data --clip made/17 -o clip.mp4 --camera stored
  stickgen render hello.motion -o hello.gif --look chalk

files: names as of stickgen generate. Exit status: 0 done, 1 some output failed, 2 wrong usage.
"""
_LISTED: Final = 10


def add_render(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the command."""
    render = commands.add_parser(
        "render",
        help="draw clips of a dataset, or a file of a scene",
        description="Draw clips of a dataset folder, or a .motion, .json, .npz or .parquet file of "
        "a scene. Without --clip it lists some clips of the folder.",
        epilog=_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    render.add_argument("place", metavar="DATASET|FILE", help="dataset folder, or file of a scene")
    render.add_argument("--clip", action="append", default=[], metavar="ID", help="repeatable")
    for name in ("split", "source", "action"):
        render.add_argument(f"--{name}", metavar="WORD", help="list only clips of it")
    render.add_argument("-o", "--out", action="append", default=[], metavar="FILE")
    render.add_argument("--format", metavar="NAME", help="in place of the suffix")
    add_draw_flags(render)
    render.set_defaults(run=_render)


def _render(arguments: argparse.Namespace) -> int:
    from flows.output_files import plan_outputs  # noqa: PLC0415
    from flows.setting_fields import check_settings  # noqa: PLC0415

    given = {name: getattr(arguments, name) for name in DRAW_SETTINGS}
    values = check_settings(given, draw_readers(), where="")
    place, clips = Path(arguments.place).expanduser(), list(arguments.clip)
    if not clips and _is_dataset(place):
        return _list_clips(place, arguments)
    picture = draw_settings(values)
    if "camera" in values:
        check_camera(values["camera"], 60.0)  # again with the length of the scene, when drawn
    files = plan_outputs(arguments.out, clips or [place.stem], arguments.format)
    # drawing and every format: only whoever has asked for something real pays for them
    from flows.scene_files import write_scene  # noqa: PLC0415

    failed = 0
    for clip, paths in zip(clips or [None], files, strict=True):
        failed += write_scene(_scene(place, clip), paths, picture, form=arguments.format)
    return 1 if failed else 0


def _is_dataset(place: Path) -> bool:
    if not place.exists():
        msg = f"{place}: expected the folder of a dataset or a file of a scene, found nothing"
        raise ConfigError(msg)
    return place.is_dir()


def _scene(place: Path, clip: str | None) -> Animation:
    if clip is None:
        from stickgen_model.export.read import read_animation  # noqa: PLC0415

        return read_animation(place)
    if not place.is_dir():
        msg = f"{place}: expected the folder of a dataset with --clip, got a file"
        raise ConfigError(msg)
    from stickgen_model.export.from_dataset import animation_of_clip  # noqa: PLC0415

    return animation_of_clip(place, clip)


def _list_clips(place: Path, arguments: argparse.Namespace) -> int:
    from flows.clip_list import some_clips  # noqa: PLC0415

    wanted = {name: getattr(arguments, name) for name in ("split", "source", "action")}
    rows = some_clips(place, {k: v for k, v in wanted.items() if v}, count=_LISTED)
    if arguments.out:
        ids = ", ".join(row["clip_id"] for row in rows[:3])
        msg = f"expected --clip ID of the clip to draw, such as {ids}"
        raise ConfigError(msg)
    for row in rows:
        sys.stdout.write(f"{row['clip_id']}  {row['seconds']:.1f} s  {row['told']}\n")
    sys.stdout.write(
        f"draw one with: stickgen render {place} --clip {rows[0]['clip_id']} -o FILE\n"
    )
    return 0
