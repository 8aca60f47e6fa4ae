"""Speed and memory of pictures: frames by look and size, films, files, and a sentence to a film.

Usage: `python -m benchmarks.render [--quick] [--threads N] [--repeat R] [--model RUN]`.

Every row is measured in a fresh process. The scene is a walk of 250 frames at 25 frames a second,
made from sines; with --model a trained model is asked for a scene of as many frames, in one step.
The original's number is that of gestura-ai/stick-gen for the same film, on 2 cores.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

import numpy as np

from benchmarks.single import peak_mb, run_alone, timed
from stickgen_model.animation import MAX_SCENE_ACTORS, Animation
from stickgen_model.export.save import save_animation
from stickgen_model.generate import StickGen
from stickgen_model.render.config import RenderConfig
from stickgen_model.render.frames import draw_frames
from stickgen_model.render.looks import LOOK_NAMES

__all__ = ["Row", "line_of", "main", "measure", "rows_of", "walking_scene"]

FRAMES: Final = 250
_PROMPT: Final = "a person walks forward and waves"
_ORIGINAL: Final = {"mp4": 4.99}
"""Seconds of the original for 250 frames of 512 x 512."""
_GOALS: Final = {"mp4": 0.5, "prompt": 1.0}
_FILES: Final = ("mp4", "webm", "gif", "svg", "html")
_SMALL: Final = 12
_STAND: Final = np.array(
    [
        *((0.0, 0.93), (0.0, 0.52), (0.03, 0.66), (0.05, 0.50), (-0.03, 0.66), (-0.01, 0.50)),
        *((0.03, 0.28), (0.0, 0.04), (0.03, 0.28), (0.0, 0.04)),
    ]
)
_SWING: Final = np.array([0.0, 0.0, -0.12, -0.22, 0.12, 0.22, 0.12, 0.24, -0.12, -0.24])
"""H to the front and back in a step, by joint."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Row:
    """What is measured.

    Attributes:
        what: `draw`, `prompt` (a sentence to an MP4), or a kind of file.
        look: Of the pictures.
        width: Pixels.
        height: Pixels.
        camera: Name of its move.
        people: In the scene.
        frames: Of the film.
        repeat: Timed runs, after one that is not.
        model: Folder of a trained model, for `prompt`.
    """

    what: str
    look: str = "ink"
    width: int = 512
    height: int = 512
    camera: str = "static"
    people: int = 1
    frames: int = FRAMES
    repeat: int = 5
    model: str = ""

    @property
    def name(self) -> str:
        """What is measured, in words."""
        parts = [self.what, self.look, f"{self.width}x{self.height}"]
        if self.camera != "static":
            parts.append(self.camera)
        if self.people > 1:
            parts.append(f"{self.people} people")
        return " ".join(parts)


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure and print."""
    chosen = _parse(arguments)
    if chosen.measure is not None:
        print(json.dumps(measure(Row(**json.loads(chosen.measure)))))
        return
    print(f"{chosen.threads} threads")
    print(
        "what | frames | s best (median) | CPU s | ms a frame | MB file | peak MB | original s | "
        "ratio | goal s | met"
    )
    for row in rows_of(chosen):
        sent = ["--measure", json.dumps(asdict(row))]
        result = run_alone("benchmarks.render", sent, threads=chosen.threads)
        print(line_of(row, result), flush=True)


def _parse(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n\n", maxsplit=1)[0])
    parser.add_argument("--quick", action="store_true", help="short films, one repeat")
    parser.add_argument("--threads", type=int, default=os.cpu_count() or 1)
    parser.add_argument("--repeat", type=int, help="timed runs, of which the best counts")
    parser.add_argument("--model", help="folder of a trained model: adds a sentence to MP4")
    parser.add_argument("--measure", help=argparse.SUPPRESS)
    chosen = parser.parse_args(arguments)
    chosen.repeat = (1 if chosen.quick else 5) if chosen.repeat is None else chosen.repeat
    if min(chosen.threads, chosen.repeat) < 1:
        parser.error("expected --threads and --repeat of at least 1")
    return chosen


def rows_of(chosen: argparse.Namespace) -> Iterator[Row]:
    """The rows of the table."""
    few = {"frames": _SMALL if chosen.quick else FRAMES, "repeat": chosen.repeat}
    for look in LOOK_NAMES:
        yield Row(what="draw", look=look, **few)
    for width, height in ((256, 256), (1024, 1024), (1920, 1080)):
        yield Row(what="draw", width=width, height=height, **few)
    yield Row(what="draw", camera="orbit", **few)
    for people in (4, MAX_SCENE_ACTORS):
        yield Row(what="draw", people=people, **few)
    for kind in _FILES:
        yield Row(what=kind, **few)
    yield Row(what="mp4", look="neon", **few)
    yield Row(what="mp4", camera="orbit", **few)
    if chosen.model:
        yield Row(what="prompt", model=chosen.model, **few)


def measure(row: Row) -> dict[str, Any]:
    """Run a row in this process.

    Returns:
        `times` (seconds of CPU and wall of each run), `peak_mb`, `bytes` of the file.
    """
    with TemporaryDirectory() as folder:
        kind = "mp4" if row.what == "prompt" else row.what
        path = Path(folder) / f"film.{kind}"
        work = _drawing(row) if row.what == "draw" else _writing(row, path)
        work()
        times = [timed(work) for _ in range(row.repeat)]
        size = path.stat().st_size if path.is_file() else 0
    return {"times": times, "peak_mb": peak_mb(), "bytes": size}


def _config(row: Row) -> RenderConfig:
    return RenderConfig(
        width=row.width, height=row.height, fps=25.0, look=row.look, camera=row.camera
    )


def _drawing(row: Row) -> Callable[[], None]:
    scene, config = walking_scene(row.people, row.frames), _config(row)

    def draw() -> None:
        for _ in draw_frames(scene, config):
            pass

    return draw


def _writing(row: Row, path: Path) -> Callable[[], None]:
    config = _config(row)
    if row.what != "prompt":
        scene = walking_scene(row.people, row.frames)
        return lambda: save_animation(scene, path, config)
    model = StickGen.from_pretrained(Path(row.model))

    def make() -> None:
        motions = model.generate([_PROMPT], lengths=[row.frames], method="one_step")
        save_animation(Animation.from_motions(motions, 0), path, config)

    return make


def walking_scene(people: int = 1, frames: int = FRAMES) -> Animation:
    """People who walk on the spot, 0.4 H apart, each half a step before the next."""
    at = np.arange(frames)[:, None] / 25.0
    step = 2.0 * np.pi * at + np.pi * np.arange(people)[:, None, None]
    joints = np.broadcast_to(_STAND, (people, frames, *_STAND.shape)).copy()
    joints[..., 0] += _SWING * np.sin(step) + 0.4 * np.arange(people)[:, None, None]
    # a foot that comes to the front is lifted
    joints[..., 6:, 1] += 0.05 * np.maximum(np.cos(step) * np.sign(_SWING[6:]), 0.0)
    depth = np.broadcast_to(0.08 * np.sign(_SWING), (people, frames, len(_SWING)))
    return Animation(joints=joints.astype(np.float32), depth=depth.astype(np.float32))


def line_of(row: Row, result: dict[str, Any]) -> str:
    """A line of the table."""
    walls = [one["wall"] for one in result["times"]]
    best, cpu = min(walls), min(one["cpu"] for one in result["times"])
    usual = (row.width, row.height, row.frames, row.people) == (512, 512, FRAMES, 1)
    usual &= row.camera == "static" and row.look == "ink"
    original = _ORIGINAL.get(row.what) if usual else None
    goal = _GOALS.get(row.what) if usual else None
    cells = [row.name, f"{row.frames}", f"{best:.3f} ({statistics.median(walls):.3f})"]
    cells += [f"{cpu:.3f}", f"{1e3 * best / row.frames:.2f}"]
    cells += [f"{result['bytes'] / 1e6:.2f}" if result["bytes"] else "-"]
    cells += [f"{result['peak_mb']:.0f}"]
    cells += ["-", "-"] if original is None else [f"{original:g}", f"{original / best:.1f}x"]
    cells += ["-", "-"] if goal is None else [f"{goal:g}", "yes" if best < goal else "no"]
    return " | ".join(cells)


if __name__ == "__main__":
    main()
