"""Speed and memory of every reader, from raw files through to rows of the clips table.

Usage: `make bench`, or `python benchmarks/ingest.py [--files N] [--repeats R] [--source NAME]`.

Raw folders of usual file sizes are written from the project's own motion. Each source is read in a
fresh process with one thread: once with `--files` files, once with four times as many, to show that
the peak memory does not grow with their number. Speeds are source frames a second of CPU time; a
frame of two people counts once.
"""

from __future__ import annotations

import argparse
import json
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, get_args

from benchmarks.raw_folders import write_raw_folder
from benchmarks.single import peak_mb, rates, run_alone, timed
from tasks.config import RetargetConfig, SourceConfig, SourceName
from tasks.ingest.contract import SourceItem
from tasks.ingest.registry import make_reader
from tasks.publish.rows import clips_to_table
from tasks.retarget.retarget import retarget_sequence
from tasks.score.score import score_clip

__all__ = ["main"]


@dataclass(frozen=True, kw_only=True, slots=True)
class _Target:
    original: float | None = None
    """Source frames/s of gestura-ai/stick-gen to its stick figure, measured on 2 cores."""
    goal: float | None = None
    """Source frames/s a core."""


_TARGETS: Final[dict[SourceName, _Target]] = {
    "bvh": _Target(original=112, goal=15_000),
    "100style": _Target(),
    "amass": _Target(original=1_886, goal=40_000),
    "interhuman": _Target(),
    "ntu": _Target(original=11_323, goal=30_000),
}
_GROWTH: Final = 4
"""How many times as many files the second memory measurement reads."""
_STAGES: Final = ("read", "figure", "clips")
"""Files to 3D points; on to the figure (what the original did); on to scores and table rows."""


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n\n", maxsplit=1)[0])
    parser.add_argument("--files", type=int, default=6, help="files a source, at least 1")
    parser.add_argument("--repeats", type=int, default=5, help="of which the best counts")
    parser.add_argument("--source", choices=get_args(SourceName), help="only this one")
    parser.add_argument("--short", action="store_true", help="files of two seconds, for tests")
    parser.add_argument("--measure", help=argparse.SUPPRESS)
    chosen = parser.parse_args(arguments)
    if min(chosen.files, chosen.repeats) < 1:
        parser.error("expected --files and --repeats of at least 1")
    if chosen.measure:
        result = _measure(chosen.source, Path(chosen.measure), repeats=chosen.repeats)
        print(json.dumps(result))
        return
    rows = []
    for source in [chosen.source] if chosen.source else list(_TARGETS):
        rows.append(_row(source, chosen.files, repeats=chosen.repeats, short=chosen.short))
        print(f"{source} measured", flush=True)
    print(_table(chosen.files, chosen.repeats, rows))


def _row(source: SourceName, num_files: int, *, repeats: int, short: bool) -> list[str]:
    results = []
    with tempfile.TemporaryDirectory(prefix="stickgen-bench-") as folder:
        for times, rounds in ((1, repeats), (_GROWTH, 1)):
            root = Path(folder) / f"{times}"
            frames = write_raw_folder(source, root, num_files=times * num_files, short=short)
            options = ["--source", source, "--measure", str(root), "--repeats", str(rounds)]
            results.append(run_alone("benchmarks.ingest", options) | {"frames": frames})
    few, many = results
    speed = {stage: rates(few["frames"], few["times"][stage]) for stage in _STAGES}
    target = _TARGETS[source]
    best = [speed[stage]["best"] for stage in _STAGES]
    return [
        source,
        f"{few['frames']:,}",
        *(f"{speed[stage]['best']:,.0f} ({speed[stage]['median']:,.0f})" for stage in _STAGES),
        f"{speed['clips']['wall']:,.0f}",
        f"{few['peak_mb']:.0f}",
        f"{many['peak_mb']:.0f}",
        f"{target.original:,.0f}" if target.original else "-",
        f"{best[1] / target.original:.1f}" if target.original else "-",
        f"{target.goal:,.0f}" if target.goal else "-",
        " / ".join("yes" if rate >= target.goal else "no" for rate in best) if target.goal else "-",
    ]


def _table(num_files: int, repeats: int, rows: list[list[str]]) -> str:
    head = [
        "source",
        "frames",
        *(f"{stage}, frames/s" for stage in ("read", "to figure", "to clips")),
        "clips by wall",
        f"peak MB, {num_files} files",
        f"{_GROWTH * num_files} files",
        "original",
        "ratio",
        "goal",
        "met: read / figure / clips",
    ]
    widths = [max(len(cell) for cell in column) for column in zip(head, *rows, strict=True)]
    lines = [
        " | ".join(cell.rjust(width) for cell, width in zip(row, widths, strict=True))
        for row in [head, ["-" * width for width in widths], *rows]
    ]
    return "\n".join(
        [
            *lines,
            f"frames/s of CPU time, one thread: best of {repeats} (median). Ratio: to figure, which"
            " is what the original's number covers.",
        ]
    )


def _measure(source: SourceName, root: Path, *, repeats: int) -> dict[str, Any]:
    """What runs in the fresh process: every stage over all items, and the peak memory."""
    config = SourceConfig(name=source, path=str(root))
    reader = make_reader(config, "")
    found = reader.discover(root)
    if found.rejects or found.warnings:
        msg = f"{source}: expected only good files, got {found.rejects[:3]} {found.warnings[:3]}"
        raise RuntimeError(msg)
    retarget, licence = RetargetConfig(), reader.spec.licence

    def through(item: SourceItem, stage: str) -> None:
        for sequence in reader.read(root, item):
            if stage == "read":
                continue
            clips = retarget_sequence(sequence, retarget, licence=licence).clips
            if not clips:
                msg = f"{sequence.sequence_id}: expected clips, all were rejected"
                raise RuntimeError(msg)
            if stage == "clips":
                clips_to_table(clips, [score_clip(clip) for clip in clips])

    def whole(stage: str) -> Callable[[], None]:
        def work() -> None:
            for item in found.items:
                through(item, stage)

        return work

    # imports and caches are filled before the clock starts
    through(found.items[0], "clips")
    times = {stage: [timed(whole(stage)) for _ in range(repeats)] for stage in _STAGES}
    return {"times": times, "peak_mb": peak_mb()}


if __name__ == "__main__":
    main()
