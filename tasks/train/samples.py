"""Clips of a checkpoint: drawn to be looked at, and measured.

Shapes: T frames.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np
import torch

from stickgen_model.generate import StickGen
from stickgen_model.render.sheet import contact_sheet, save_png
from tasks.score.figure import score_figure
from tasks.train.prompts import GATE_PROMPTS, SAMPLE_PROMPTS, TableEncoder

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

    from stickgen_model.data.clip_store import ClipStore
    from stickgen_model.text.text_table import TextTable
    from tasks.train.job import SampleConfig

__all__ = ["draw_samples", "measure_generated", "measure_real", "sample_name", "sample_prompts"]

_REAL_CLIPS: Final = 64


def sample_prompts(config: SampleConfig) -> tuple[str, ...]:
    """What samples are made of."""
    return config.prompts or SAMPLE_PROMPTS


def sample_name(step: int) -> str:
    """File of the samples of a step."""
    return f"step-{step:08d}.png"


def draw_samples(
    checkpoint: Path,
    path: Path,
    *,
    config: SampleConfig,
    vectors: TextTable,
    device: str = "cpu",
) -> None:
    """Generate the sample prompts with a checkpoint and draw them.

    The random numbers of the caller are left as they are.

    Args:
        checkpoint: Its averaged weights generate.
        path: The PNG.
        config: Prompts, length, seed.
        vectors: Of the prompts.
        device: Where to compute.
    """
    prompts = sample_prompts(config)
    clips = _generate(checkpoint, prompts, config=config, vectors=vectors, device=device)
    # what is not finite cannot be drawn; it lies at the origin, where one sees that it is wrong
    save_png(path, contact_sheet([np.nan_to_num(clip) for clip in clips], prompts))


def measure_generated(
    checkpoint: Path, *, config: SampleConfig, vectors: TextTable, device: str = "cpu"
) -> list[dict[str, Any]]:
    """Generate a clip of each gate prompt and measure it as it is sampled.

    It is not smoothed: that would hide a model that trembles, or has learnt nothing.

    Returns:
        Rows: prompt, action, finite, and what `score_figure` gives.
    """
    prompts = tuple(GATE_PROMPTS.values())
    clips = _generate(
        checkpoint, prompts, config=config, vectors=vectors, device=device, smooth=0.0
    )
    return [
        {
            "prompt": prompt,
            "action": action,
            "finite": bool(np.isfinite(clip).all()),
            **score_figure(clip),
        }
        for (action, prompt), clip in zip(GATE_PROMPTS.items(), clips, strict=True)
    ]


def measure_real(store: ClipStore) -> list[dict[str, float]]:
    """The same measures of real clips, evenly chosen."""
    rows = np.unique(np.linspace(0, len(store) - 1, min(len(store), _REAL_CLIPS)).astype(int))
    clips = [store.joints_of(int(row)).reshape(-1, 10, 2) for row in rows]
    return [score_figure(clip) for clip in clips if len(clip) >= 2]


def _generate(
    checkpoint: Path,
    prompts: tuple[str, ...],
    *,
    config: SampleConfig,
    vectors: TextTable,
    device: str,
    smooth: float | None = None,
) -> list[NDArray[np.float32]]:
    devices = [device] if device.startswith("cuda") else []
    with torch.random.fork_rng(devices):
        model = StickGen.from_pretrained(checkpoint, TableEncoder(vectors), device=device)
        motions = model.generate(
            prompts, seconds=config.seconds, seed=config.seed, steps=config.steps, smooth=smooth
        )
    return [motions.clip(number) for number in range(len(prompts))]
