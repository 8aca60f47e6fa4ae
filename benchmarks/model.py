"""Speed and memory of the model: training steps, generation, sizes, beside the original's.

Usage: `python -m benchmarks.model [--variants small medium large] [--quick] [--threads N]
[--repeat R] [--device cuda]`.

Every row is measured in a fresh process, with random weights and synthetic clips of 250 frames in
memory. Rows of training with fewer than 16 clips are brought to 16 by their number ("x4"): so it is
with --quick, and with bf16 on a CPU that emulates it. A generation goes from sentences to joints;
its text encoder costs nothing.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from typing import Any, Final

import torch

from benchmarks.model_work import FRAMES, Row, forward_gflop, measure, measure_sizes_of
from benchmarks.single import run_alone
from stickgen_model.config import VARIANTS, variant_config
from stickgen_model.training.precision import bf16_pays

__all__ = ["generation_line", "main", "peak_tflops", "rows_of", "training_line"]

_BATCH: Final = 16
_FEW: Final = 4
_GPU_BATCH: Final = 512
_ORIGINAL_STEP: Final = {"small": 2.36}
"""Seconds of a training step of gestura-ai/stick-gen, batch 16 x 250, fp32, on 2 cores."""
_ORIGINAL: Final = {
    "forward": {"small": 0.041, "medium": 0.081, "large": 0.141},
    "clip": {"small": 4.54, "medium": 9.99, "large": 19.8},
}
"""Its seconds for one forward and for one clip of 250 frames."""
_STEP_GOAL: Final = {"small": 1.2}
_CLIP_GOAL: Final = {"small": 0.1}
_PRECISIONS: Final = ("fp32", "bf16")
_NAMES: Final = {
    "forward": "one forward",
    "one_step": "one step, plain",
    "ten_steps": "10 steps, guided",
}
_PEAKS: Final = {"H200": 989.0, "H100": 989.0, "A100": 312.0}
"""10^12 operations a second of dense bf16 products, from the makers' data sheets."""


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure and print."""
    chosen = _parse(arguments)
    if chosen.measure is not None:
        print(json.dumps(measure(Row(**json.loads(chosen.measure)))))
        return
    print(f"{chosen.threads} threads, {chosen.device}, torch {torch.__version__}")
    print("\nvariant | parameters | file fp32 MB | file fp16 MB | GFLOP a forward of a clip")
    for variant in chosen.variants:
        sizes = measure_sizes_of(variant)
        cells = [f"{sizes['parameters']:,.0f}", f"{sizes['fp32']:.1f}", f"{sizes['fp16']:.1f}"]
        cells.append(f"{forward_gflop(variant_config(variant)):.1f}")
        print(" | ".join([variant, *cells]))
    print(
        f"\ntraining, {FRAMES} frames | clips | s a step best (median) | CPU s | samples/s | "
        "peak MB | original s | ratio | goal s | met | MFU"
    )
    for row in rows_of(chosen, training=True):
        print(training_line(row, _alone(row, chosen.threads)), flush=True)
    print(
        f"\ngeneration, {FRAMES} frames | clips | s best (median) | CPU s | ms a clip | peak MB | "
        "original s | ratio | goal s | met"
    )
    for row in rows_of(chosen, training=False):
        print(generation_line(row, _alone(row, chosen.threads)), flush=True)


def _parse(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n\n", maxsplit=1)[0])
    public = [name for name in VARIANTS if name != "tiny"]
    parser.add_argument("--variants", nargs="+", choices=list(VARIANTS))
    parser.add_argument("--quick", action="store_true", help="small, 4 clips, one repeat")
    parser.add_argument("--threads", type=int, default=os.cpu_count() or 1)
    parser.add_argument("--repeat", type=int, help="timed runs, of which the best counts")
    parser.add_argument("--device", choices=("cpu", "cuda"), default="cpu")
    parser.add_argument("--measure", help=argparse.SUPPRESS)
    chosen = parser.parse_args(arguments)
    chosen.variants = chosen.variants or (["small"] if chosen.quick else public)
    chosen.repeat = (1 if chosen.quick else 5) if chosen.repeat is None else chosen.repeat
    if min(chosen.threads, chosen.repeat) < 1:
        parser.error("expected --threads and --repeat of at least 1")
    if chosen.device == "cuda" and not torch.cuda.is_available():
        parser.error("expected a CUDA device, found none; leave --device out")
    return chosen


def rows_of(chosen: argparse.Namespace, *, training: bool) -> Iterator[Row]:
    """The rows of one of the two tables."""
    emulated = not bf16_pays(torch.device(chosen.device))
    for variant in chosen.variants:
        for precision in _PRECISIONS:
            few = chosen.quick or (emulated and precision == "bf16")
            whole = _BATCH if chosen.device == "cpu" else _GPU_BATCH
            common = {"variant": variant, "precision": precision, "device": chosen.device}
            common["repeat"] = chosen.repeat
            if training:
                yield Row(way="train", batch=_FEW if few else whole, **common)
                continue
            for way in _NAMES:
                for batch in (1,) if chosen.quick else (1, _BATCH):
                    yield Row(way=way, batch=batch, **common)


def _alone(row: Row, threads: int) -> dict[str, Any]:
    return run_alone("benchmarks.model", ["--measure", json.dumps(asdict(row))], threads=threads)


def training_line(row: Row, result: dict[str, Any]) -> str:
    """A line of the first table."""
    scale = max(1.0, _BATCH / row.batch)
    best, median, cpu = (scale * value for value in _seconds(result))
    clips = f"{row.batch}" if scale == 1.0 else f"{row.batch} (x{scale:g})"
    own = row.device == "cpu"
    original = _ORIGINAL_STEP.get(row.variant) if own else None
    goal = _STEP_GOAL.get(row.variant) if own else None
    samples = max(row.batch, _BATCH) / best
    cells = [f"{row.variant} {row.precision}", clips, f"{best:.3f} ({median:.3f})", f"{cpu:.3f}"]
    cells += [f"{samples:.1f}", f"{result['peak_mb']:.0f}"]
    cells += _compared(best, original, goal)
    return " | ".join([*cells, "-" if own else _mfu(row, samples)])


def generation_line(row: Row, result: dict[str, Any]) -> str:
    """A line of the second table."""
    best, median, cpu = _seconds(result)
    single = row.batch == 1 and row.device == "cpu"
    originals = _ORIGINAL["forward" if row.way == "forward" else "clip"]
    goal = _CLIP_GOAL.get(row.variant) if row.way == "one_step" and single else None
    name = f"{row.variant} {row.precision} {_NAMES[row.way]}"
    cells = [name, f"{row.batch}", f"{best:.3f} ({median:.3f})", f"{cpu:.3f}"]
    cells += [f"{1e3 * best / row.batch:.1f}", f"{result['peak_mb']:.0f}"]
    return " | ".join(
        [*cells, *_compared(best, originals.get(row.variant) if single else None, goal)]
    )


def _seconds(result: dict[str, Any]) -> tuple[float, float, float]:
    """Best and median wall time, best CPU time."""
    walls = [one["wall"] for one in result["times"]]
    return min(walls), statistics.median(walls), min(one["cpu"] for one in result["times"])


def _compared(best: float, original: float | None, goal: float | None) -> list[str]:
    beside = ["-", "-"] if original is None else [f"{original:g}", f"{original / best:.2f}x"]
    if goal is None:
        return [*beside, "-", "-"]
    return [*beside, f"{goal:g}", "yes" if best < goal else "no"]


def peak_tflops(device_name: str) -> float | None:
    """What the device can do, 10^12 operations a second; None if it is not known."""
    return next((peak for name, peak in _PEAKS.items() if name in device_name), None)


def _mfu(row: Row, samples_per_s: float) -> str:
    """Share of the device's operations that the model's products use."""
    peak = peak_tflops(torch.cuda.get_device_name())
    if peak is None or row.precision != "bf16":
        return "-"
    done = 3.0 * forward_gflop(variant_config(row.variant)) * samples_per_s
    return f"{done / (1e3 * peak):.1%}"


if __name__ == "__main__":
    main()
