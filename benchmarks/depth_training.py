"""Train the network that tells the depth of a flat figure.

Usage: `python -m benchmarks.depth_training DATASET OUT.npz [--steps 6000]`. About two minutes on
one core. One thread and a fixed seed: the same machine makes the same file again.

It sees procedural clips alone, turned about the vertical, mirrored, with other proportions and
speeds, and a little noise, so that it does not learn one body or one view by heart.
"""

from __future__ import annotations

import argparse
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Final

import numpy as np
import torch
from torch import nn

from benchmarks.depth_clips import DepthClips
from datasets_spec.schema import CLIP_FPS
from datasets_spec.skeleton import MIRROR, NECK_RATIO, joint_index
from stickgen_model.render.figure import HEAD, PELVIS
from stickgen_model.render.lift import LIFTED, WINDOW, network_inputs

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

__all__ = ["main", "scaled_bodies", "train"]

_BATCH: Final = 1024
_HIDDEN: Final = (160, 64)
_RATE: Final = 3e-3
_FREE_TURN: Final = 0.6
"""Share of windows seen from anywhere; the others are turned by some degrees."""
_TURN_RAD: Final = 0.25
_TEMPO: Final = (0.6, 1.5)
_PROPORTIONS: Final = 0.1
_NOISE_H: Final = 0.006
_SPEED_WEIGHT: Final = 0.1
_STEP: Final = 2
"""Frames to either side over which the speed of the pelvis is measured."""
_CHAINS: Final = tuple(
    (f"{side}_{end}", start and f"{side}_{start}", pair)
    for side in ("l", "r")
    for end, start, pair in (("elbow", "", 1), ("hand", "elbow", 2), ("foot", "knee", 4))
)
"""End, start (the neck, where it has no name) and number of the factor, shoulders outwards."""


def main(arguments: Sequence[str] | None = None) -> None:
    """Train and write."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n\n", maxsplit=1)[0])
    parser.add_argument("dataset", type=Path)
    parser.add_argument("out", type=Path)
    parser.add_argument("--steps", type=int, default=6000)
    parser.add_argument("--files", type=int, default=6)
    chosen = parser.parse_args(arguments)
    clips = DepthClips.read(chosen.dataset, "train", sources=["procedural"], files=chosen.files)
    weights = train(clips, steps=chosen.steps)
    np.savez(chosen.out, **weights)  # type: ignore[arg-type]


def scaled_bodies(points: Floats, factors: Floats) -> Floats:
    """Figures with other lengths of their bones; the pelvis stays.

    Args:
        points: Shape (B, W, 10, 3).
        factors: Of trunk, upper arms, forearms, thighs and shins, shape (B, 5).
    """
    out = points.copy()
    by = factors[:, None, :, None]
    pelvis = points[:, :, PELVIS]
    trunk = points[:, :, HEAD] - pelvis
    out[:, :, HEAD] = pelvis + by[:, :, 0] * trunk
    neck, moved = pelvis + NECK_RATIO * trunk, pelvis + NECK_RATIO * by[:, :, 0] * trunk
    for knee in (joint_index("l_knee"), joint_index("r_knee")):
        out[:, :, knee] = pelvis + by[:, :, 3] * (points[:, :, knee] - pelvis)
    for end, start, pair in _CHAINS:
        far, near = joint_index(end), joint_index(start) if start else None
        old, new = (neck, moved) if near is None else (points[:, :, near], out[:, :, near])
        out[:, :, far] = new + by[:, :, pair] * (points[:, :, far] - old)
    return out


def _batch(clips: DepthClips, rng: np.random.Generator) -> tuple[Floats, Floats, Floats]:
    """Windows (B, W, 10, 2), depth of the joints (B, 9), and speed of the pelvis (B,)."""
    middle = rng.integers(0, len(clips.points), _BATCH)
    owner = np.searchsorted(clips.edges, middle, side="right") - 1
    first, last = clips.edges[owner][:, None], clips.edges[owner + 1][:, None] - 1
    tempo = rng.uniform(*_TEMPO, (_BATCH, 1))
    ends = np.tile([-_STEP, _STEP], (_BATCH, 1))
    rows = np.concatenate([np.rint(WINDOW * tempo).astype(np.int64), ends], axis=1)
    rows = np.clip(middle[:, None] + rows, first, last)
    factors = np.exp(_PROPORTIONS * rng.standard_normal((_BATCH, 5)))
    points = _seen_anew(scaled_bodies(clips.points[rows].astype(np.float64), factors), rng)
    windows, pelvis = points[:, : len(WINDOW)], points[:, len(WINDOW) :, PELVIS, 2]
    # a window whose frames lie further apart shows a faster figure
    span = np.maximum(rows[:, -1] - rows[:, -2], 1) / (CLIP_FPS * tempo[:, 0])
    flat = windows[..., :2] + _NOISE_H * rng.standard_normal((*windows.shape[:3], 2))
    deep = windows[:, len(WINDOW) // 2, :, 2]
    deep = (deep - deep[:, PELVIS, None])[:, LIFTED]
    return flat, deep, (pelvis[:, 1] - pelvis[:, 0]) / span


def _seen_anew(points: Floats, rng: np.random.Generator) -> Floats:
    """Figures turned about the vertical and half of them mirrored, shape (B, W, 10, 3)."""
    count = len(points)
    some = _TURN_RAD * rng.standard_normal(count)
    free = rng.uniform(-np.pi, np.pi, count)
    angle = np.where(rng.random(count) < _FREE_TURN, free, some)[:, None, None]
    x, y, z = np.moveaxis(points, -1, 0)
    x, z = x * np.cos(angle) + z * np.sin(angle), z * np.cos(angle) - x * np.sin(angle)
    turned = np.stack([x, y, z], axis=-1)
    mirrored = turned[:, :, MIRROR] * [-1.0, 1.0, 1.0]
    return np.where((rng.random(count) < 0.5)[:, None, None, None], mirrored, turned)


def train(clips: DepthClips, *, steps: int, seed: int = 0) -> dict[str, NDArray[np.floating]]:
    """Weights of the network, by name, as `stickgen_model.render.lift` reads them."""
    torch.manual_seed(seed)
    torch.set_num_threads(1)
    rng = np.random.default_rng(seed)
    known = network_inputs(_batch(clips, rng)[0])
    mean, spread = known.mean(axis=0), known.std(axis=0) + 0.05
    sizes = (known.shape[1], *_HIDDEN, len(LIFTED) + 1)
    layers = [nn.Linear(a, b) for a, b in pairwise(sizes)]
    gelu = nn.GELU(approximate="tanh")
    net = nn.Sequential(layers[0], gelu, layers[1], gelu, layers[2])
    optimiser = torch.optim.AdamW(net.parameters(), lr=_RATE, weight_decay=1e-3)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimiser, _RATE, total_steps=steps)
    for step in range(steps):
        flat, deep, speed = _batch(clips, rng)
        told = torch.from_numpy((network_inputs(flat) - mean) / spread)
        guess = net(told)
        # absolute errors: where two answers are possible, one of them and not their mean
        loss = (guess[:, :-1] - torch.from_numpy(deep.astype(np.float32))).abs().mean()
        off = (guess[:, -1] - torch.from_numpy(speed.astype(np.float32))).abs().mean()
        loss = loss + _SPEED_WEIGHT * off
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
        schedule.step()
        if step % 500 == 0:
            print(f"step {step}: {loss.item():.4f}", flush=True)
    weights: dict[str, NDArray[np.floating]] = {"mean": mean, "spread": spread}
    for number, layer in enumerate(layers, start=1):
        weights[f"weight_{number}"] = layer.weight.detach().numpy().T.astype(np.float16)
        weights[f"bias_{number}"] = layer.bias.detach().numpy().astype(np.float16)
    return weights


if __name__ == "__main__":
    main()
