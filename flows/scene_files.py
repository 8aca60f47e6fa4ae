"""A scene to its files, with a line for each."""

from __future__ import annotations

import sys
import time
from typing import TYPE_CHECKING

from datasets_spec.errors import StickgenError
from stickgen_model.export.save import save_animation
from stickgen_model.export.whole_file import OutputError

if TYPE_CHECKING:
    from pathlib import Path

    from stickgen_model.animation import Animation
    from stickgen_model.render.config import RenderConfig

__all__ = ["write_scene"]


def write_scene(
    scene: Animation,
    paths: list[Path],
    picture: RenderConfig,
    *,
    form: str | None = None,
    made_s: float | None = None,
) -> int:
    """Write a scene to its files; what fails does not stop the others.

    Args:
        scene: The scene.
        paths: Files; the last folder of each is made if it is not there.
        picture: How it is drawn.
        form: Format, None = by the suffix.
        made_s: Seconds that making it took, to be told.

    Returns:
        How many could not be written.
    """
    failed = 0
    for path in paths:
        began = time.monotonic()
        try:
            _make_folder(path.parent)
            written = save_animation(scene, path, picture, form)
        except (StickgenError, ValueError) as error:
            sys.stderr.write(f"error: {error}\n")
            failed += 1
            continue
        told = f"written in {time.monotonic() - began:.2f} s"
        if made_s is not None:
            told = f"made in {made_s:.2f} s, {told}"
        names = ", ".join(map(str, written))
        sys.stdout.write(f"{names}: {scene.seconds:g} s, {told}\n")
        sys.stdout.flush()
    return failed


def _make_folder(folder: Path) -> None:
    try:
        folder.mkdir(exist_ok=True)
    except OSError as error:
        msg = f"{folder}: cannot make the folder: {error.strerror or error}"
        raise OutputError(msg) from error
