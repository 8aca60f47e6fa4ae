"""Speed and memory of curation: descriptors, near-duplicates, splits, fine-tuning set.

Usage: `python benchmarks/curate.py [--clips N] [--repeats R]`.

The index is made: 120 actors in four sources, one clip in twenty a near-duplicate of another.
Measured in a fresh process with one thread, in clips a second of CPU.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import polars as pl

from benchmarks.single import peak_mb, rates, run_alone, timed
from datasets_spec.vocabulary import ACTIONS
from tasks.config import CurateConfig
from tasks.curate.curate import curate_index
from tasks.curate.descriptor import clip_descriptor
from tasks.sample.scripts import perform
from tasks.synthesize.engine.body import make_body

if TYPE_CHECKING:
    from numpy.typing import NDArray

__all__ = ["main"]

_ORIGINAL: Final = 116.0
"""Clips/s of gestura-ai/stick-gen, measured on 2 cores."""
_GOAL: Final = 5_000.0
_NUM_ACTORS: Final = 120
_SOURCES: Final = ("amass", "100style", "ntu", "bvh")
_REPEATED: Final = 20
"""One clip in so many is another one, moved by about a millimetre."""
_ALTERNATIVES: Final = 64
"""Different clips held at a time; each is described many times."""


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n\n", maxsplit=1)[0])
    parser.add_argument("--clips", type=int, default=20_000, help="at least 100")
    parser.add_argument("--repeats", type=int, default=3, help="of which the best counts")
    parser.add_argument("--measure", action="store_true", help=argparse.SUPPRESS)
    chosen = parser.parse_args(arguments)
    if chosen.clips < 100 or chosen.repeats < 1:
        parser.error("expected --clips of at least 100 and --repeats of at least 1")
    if chosen.measure:
        print(json.dumps(_measure(chosen.clips, chosen.repeats)))
        return
    options = ["--measure", "--clips", str(chosen.clips), "--repeats", str(chosen.repeats)]
    result = run_alone("benchmarks.curate", options)
    print("part | clips | clips/s best (median) | original | ratio | goal | met")
    for part, times in result["times"].items():
        speed = rates(chosen.clips, times)
        row = [part, f"{chosen.clips:,}", f"{speed['best']:,.0f} ({speed['median']:,.0f})"]
        if part == "both":
            row += [f"{_ORIGINAL:,.0f}", f"{speed['best'] / _ORIGINAL:.0f}", f"{_GOAL:,.0f}"]
            row += ["yes" if speed["best"] >= _GOAL else "no"]
        print(" | ".join(row))
    print(f"kept {result['kept']:,}, near-duplicates {result['removed']:,}")
    print(f"peak memory {result['peak_mb']:.0f} MB; clips/s of CPU time, one thread")


def _measure(num_clips: int, repeats: int) -> dict[str, Any]:
    """What runs in the fresh process."""
    rng = np.random.default_rng(7)
    clips = _alternatives(rng)
    table = _index(num_clips, rng)
    place = rng.integers(0, len(clips), num_clips)
    vectors = np.stack([clip_descriptor(clips[number]) for number in place])
    # descriptors of one clip would be equal: set them apart, but for the repeated ones
    vectors += rng.normal(0.0, 0.05, vectors.shape).astype(np.float32)
    again = np.arange(_REPEATED, num_clips, _REPEATED)
    vectors[again] = vectors[again - 1] + np.float32(1e-4)
    times: dict[str, list[dict[str, float]]] = {"descriptors": [], "curate_index": [], "both": []}
    result = curate_index(table, vectors, CurateConfig(), seed=0)
    for _ in range(repeats):
        one = timed(lambda: [clip_descriptor(clips[number]) for number in place])
        two = timed(lambda: curate_index(table, vectors, CurateConfig(), seed=0))
        times["descriptors"].append(one)
        times["curate_index"].append(two)
        times["both"].append({key: one[key] + two[key] for key in one})
    return {
        "times": times,
        "peak_mb": peak_mb(),
        "kept": int(result.assignments["keep"].sum()),
        "removed": result.removed.height,
    }


def _alternatives(rng: np.random.Generator) -> list[NDArray[np.float32]]:
    """Clips of 2 to 10 s, (T, 15, 3), H."""
    motions = [
        perform(name, make_body(stature=1.7), seed=(11, number), fps=25.0).points / 1.7
        for number, name in enumerate(("walk", "dance", "wave", "jump"))
    ]
    made = []
    for number in range(_ALTERNATIVES):
        points = motions[number % len(motions)]
        repeated = np.resize(points, (int(rng.integers(50, 251)), *points.shape[1:]))
        made.append((repeated * rng.uniform(0.9, 1.1, 3)).astype(np.float32))
    return made


def _index(num_clips: int, rng: np.random.Generator) -> pl.DataFrame:
    names = list(ACTIONS)
    actor = np.arange(num_clips) // 3 % _NUM_ACTORS
    source = [_SOURCES[number % len(_SOURCES)] for number in actor]
    clips = [f"clip-{number:06d}" for number in range(num_clips)]
    return pl.DataFrame(
        {
            "clip_id": clips,
            "source": source,
            "sequence_id": [f"sequence-{number // 3:06d}" for number in range(num_clips)],
            "performance_id": [f"performance-{number // 3:06d}" for number in range(num_clips)],
            "subject_id": [f"actor-{number}" for number in actor],
            "scene_id": clips,
            "partner_clip_id": pl.Series([None] * num_clips, dtype=pl.String),
            "view_index": pl.Series([0] * num_clips, dtype=pl.UInt8),
            "action": [names[number] for number in rng.integers(0, len(names), num_clips)],
            "num_frames": rng.integers(50, 251, num_clips),
            "quality_score": rng.uniform(0.2, 1.0, num_clips),
        }
    )


if __name__ == "__main__":
    main()
