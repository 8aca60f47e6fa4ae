"""Speed and memory of the procedural engine: ten-second clips of one actor, and what follows.

Usage: `python -m benchmarks.synthesis [--clips N] [--repeats R] [--actions]`.

Measured in a fresh process with one thread, in clips a second of CPU. The clips are scenes of a
build with one actor, of all actions in turn, brought to the full length of 250 frames. The last row
is of scenes of two. With --actions: milliseconds of CPU for a clip of each action, by step.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Sequence
from dataclasses import replace
from typing import Any, Final

from benchmarks.actions import action_times, table
from benchmarks.single import peak_mb, rates, run_alone, timed
from tasks.config import RetargetConfig
from tasks.retarget.retarget import retarget_sequence
from tasks.score.score import score_clip
from tasks.synthesize.scenes.perform_scene import perform_scene
from tasks.synthesize.scenes.plan import ScenePlan
from tasks.synthesize.scenes.random_scene import SceneShares, random_scene
from tasks.synthesize.scenes.sequence import SceneOptions, scene_sequence
from tasks.synthesize.scenes.together import random_together

__all__ = ["main"]

_ORIGINAL: Final = 3.06
"""Clips/s of gestura-ai/stick-gen, measured on 2 cores."""
_GOAL: Final = 150.0
_SECONDS: Final = 9.96
_PARTS: Final = {
    "plan": "people, actions, times",
    "motion": "plan and 3D motion",
    "sequence": "with captions, faces, voices, camera",
    "scored": "with retargeting and score",
    "together": "scenes of two, up to their sequence",
}


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n\n", maxsplit=1)[0])
    parser.add_argument("--clips", type=int, default=256, help="at least 64")
    parser.add_argument("--repeats", type=int, default=3, help="of which the best counts")
    parser.add_argument("--actions", action="store_true", help="a table of all actions instead")
    parser.add_argument("--measure", action="store_true", help=argparse.SUPPRESS)
    chosen = parser.parse_args(arguments)
    if chosen.clips < 64 or chosen.repeats < 1:
        parser.error("expected --clips of at least 64 and --repeats of at least 1")
    if chosen.measure:
        measured = action_times if chosen.actions else _measure
        print(json.dumps(measured(chosen.clips, chosen.repeats)))
        return
    if chosen.actions:
        options = ["--measure", "--actions", "--repeats", str(chosen.repeats)]
        print("\n".join(table(run_alone("benchmarks.synthesis", options))))
        return
    options = ["--measure", "--clips", str(chosen.clips), "--repeats", str(chosen.repeats)]
    result = run_alone("benchmarks.synthesis", options)
    print("up to | clips | clips/s best (median) | original | ratio | goal | met")
    for part, meaning in _PARTS.items():
        speed = rates(chosen.clips, result["times"][part])
        best = f"{speed['best']:,.0f} ({speed['median']:,.0f})"
        row = [f"{part}: {meaning}", f"{chosen.clips}", best]
        if part in {"motion", "sequence"}:
            met = "yes" if speed["best"] >= _GOAL else "no"
            row += [f"{_ORIGINAL}", f"{speed['best'] / _ORIGINAL:.0f}x", f"{_GOAL:.0f}", met]
        print(" | ".join(row))
    few, many = result["peak_few_mb"], result["peak_many_mb"]
    print(f"peak memory after {chosen.clips} clips {few:.0f} MB, after all {many:.0f} MB")


def _measure(clips: int, repeats: int) -> dict[str, Any]:
    works = {"plan": _plans, "motion": _motions, "sequence": _sequences, "scored": _scored}
    works["together"] = _together
    numbers = _solo_numbers(clips)
    for work in works.values():
        work(numbers[:8])
    times: dict[str, list[dict[str, float]]] = {name: [] for name in works}
    peak_few = 0.0
    for _ in range(repeats):
        for name, work in works.items():
            times[name].append(timed(lambda run=work: run(numbers)))
        peak_few = peak_few or peak_mb()
    return {"times": times, "peak_few_mb": peak_few, "peak_many_mb": peak_mb()}


def _plan(number: int) -> ScenePlan:
    plan = random_scene(0, number, total=10_000, shares=SceneShares(together=0.0))
    return replace(plan, duration_s=_SECONDS)


def _solo_numbers(count: int) -> list[int]:
    """The first scenes with one actor: those of pairs are left out."""
    found: list[int] = []
    number = 0
    while len(found) < count:
        if len(_plan(number).actors) == 1:
            found.append(number)
        number += 1
    return found


def _plans(numbers: Sequence[int]) -> None:
    for number in numbers:
        _plan(number)


def _motions(numbers: Sequence[int]) -> None:
    for number in numbers:
        perform_scene(_plan(number))


def _sequences(numbers: Sequence[int]) -> None:
    for number in numbers:
        scene_sequence(_plan(number), _options(number))


def _scored(numbers: Sequence[int]) -> None:
    for number in numbers:
        sequence = scene_sequence(_plan(number), _options(number))
        for clip in retarget_sequence(sequence, RetargetConfig(), licence="CC0-1.0").clips:
            score_clip(clip)


def _together(numbers: Sequence[int]) -> None:
    for number in numbers:
        plan = random_together(number, num_actors=2)
        scene_sequence(plan, _options(number))


def _options(number: int) -> SceneOptions:
    return SceneOptions(source="procedural", sequence_id=f"{number:07d}", seed=(0, number))


if __name__ == "__main__":
    main()
