"""Depth of a flat figure, by a small network that has seen procedural clips, and by its bones.

The network (two hidden layers, 33,514 numbers, `depth_weights.npz`, made by `benchmarks.depth`)
tells from one second of a flat figure how far each joint is before or behind the pelvis, and how
fast the pelvis comes or goes. Then every bone is drawn towards the length it must have, and a
foot that stands stays where it stands. Sizes are in H, times in seconds.

Measured by `benchmarks.depth` on clips it has not seen, in brackets by bones and anatomy alone and
by no depth at all; mean error of depth from the pelvis on, and of what is seen of a bone after an
orbit of 45 degrees, thousandths of H:

| clips | depth | bones |
|---|---|---|
| procedural | 24 (61, 89) | 7 (12, 20) |
| stories | 29 (76, 86) | 8 (16, 21) |
| bvh, real | 60 (84, 107) | 16 (21, 26) |
| amass, real, 7 clips | 79 (94, 113) | 23 (24, 33) |
"""

from __future__ import annotations

from functools import lru_cache
from importlib import resources
from typing import TYPE_CHECKING, Final

import numpy as np
from scipy.ndimage import gaussian_filter1d

from datasets_spec.schema import CLIP_FPS
from datasets_spec.skeleton import NECK_RATIO, NUM_JOINTS, joint_index
from stickgen_model.render.figure import HEAD, LIMBS, NECK, PELVIS, with_neck

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

__all__ = ["LIFTED", "WEIGHTS_FILE", "WINDOW", "lift", "lift_with", "network_inputs"]

WEIGHTS_FILE: Final = "depth_weights.npz"
WINDOW: Final = np.array([-12, -6, -2, 0, 2, 6, 12])
"""Frames that the network sees, at the rate of clips; the middle one is lifted."""
LIFTED: Final = tuple(joint for joint in range(NUM_JOINTS) if joint != PELVIS)
"""Joints of the network's numbers, before the speed of the pelvis."""

_SMOOTH_S: Final = 0.08
_BONE_SHARE: Final = 0.5
"""How far bones are drawn to their lengths; measured, see `benchmarks.depth`."""
_UNSURE: Final = 0.05
"""H: a bone that the network leaves this flat may point either way."""
_LENGTH_QUANTILE: Final = 0.6
_SEEN_QUANTILE: Final = 0.95
_FARTHEST: Final = 0.8
"""H before or behind the pelvis; arms and legs are no longer."""
_FEET: Final = (joint_index("l_foot"), joint_index("r_foot"))
_STANDS_HPS: Final = 0.25
_STANDS_H: Final = (0.06, 0.05)
"""Height up to which a foot may stand, and over which it surely does not."""
_TRUST: Final = 0.5
"""Weight of the network's speed of the pelvis against that of one standing foot."""
_FASTEST_HPS: Final = 4.0
_FORGET_S: Final = 60.0
"""A long scene does not wander off by small errors."""


def lift(joints: NDArray[np.floating], *, fps: float) -> NDArray[np.float32]:
    """Depth of figures from what is seen of them.

    Args:
        joints: H, shape (N, T, 10, 2).
        fps: Frames a second.

    Returns:
        H, towards the viewer is larger, 0 at every pelvis of the first frame, shape (N, T, 10).
    """
    return lift_with(_weights(), joints, fps=fps)


def lift_with(
    weights: Mapping[str, NDArray[np.float32]], joints: NDArray[np.floating], *, fps: float
) -> NDArray[np.float32]:
    """As `lift`, by given weights of the network."""
    depth = [_lift_one(weights, np.asarray(body, dtype=np.float64), fps=fps) for body in joints]
    return np.stack(depth).astype(np.float32)


@lru_cache(maxsize=1)
def _weights() -> dict[str, NDArray[np.float32]]:
    file = resources.files("stickgen_model.render") / WEIGHTS_FILE
    with file.open("rb") as stream, np.load(stream, allow_pickle=False) as stored:
        return {name: stored[name].astype(np.float32) for name in stored.files}


def network_inputs(windows: NDArray[np.floating]) -> NDArray[np.float32]:
    """What the network is told: places from the middle frame's pelvis on, heights from the floor.

    Args:
        windows: H, shape (B, W, 10, 2).

    Returns:
        Shape (B, W * 20).
    """
    told = np.array(windows, dtype=np.float32)
    told[..., 0] -= told[:, len(WINDOW) // 2, PELVIS, 0][:, None, None]
    return told.reshape(len(told), -1)


def _lift_one(weights: Mapping[str, NDArray[np.float32]], body: Floats, *, fps: float) -> Floats:
    rows = np.arange(len(body))[:, None] + np.rint(WINDOW * (fps / CLIP_FPS)).astype(np.intp)
    windows = body[np.clip(rows, 0, len(body) - 1)]
    told = _network(weights, network_inputs(windows))
    depth = np.zeros((len(body), NUM_JOINTS))
    depth[:, LIFTED] = told[:, : len(LIFTED)]
    depth = _true_bones(body, _smooth(depth, _SMOOTH_S * fps))
    depth = np.clip(_smooth(depth, 0.5 * _SMOOTH_S * fps), -_FARTHEST, _FARTHEST)
    return depth + _course(body, depth, told[:, -1].astype(np.float64), fps=fps)[:, None]


def _network(
    weights: Mapping[str, NDArray[np.float32]], told: NDArray[np.float32]
) -> NDArray[np.float32]:
    values: NDArray[np.float32] = np.asarray((told - weights["mean"]) / weights["spread"])
    for layer in ("1", "2"):
        values = _gelu(np.asarray(values @ weights[f"weight_{layer}"] + weights[f"bias_{layer}"]))
    return np.asarray(values @ weights["weight_3"] + weights["bias_3"])


def _gelu(values: NDArray[np.float32]) -> NDArray[np.float32]:
    """By the tanh formula (Hendrycks and Gimpel, Gaussian error linear units, 2016)."""
    inner = np.float32(0.7978845608) * (values + np.float32(0.044715) * values**3)
    return np.asarray(np.float32(0.5) * values * (np.float32(1.0) + np.tanh(inner)))


def _smooth(values: Floats, frames: float) -> Floats:
    smooth = gaussian_filter1d(values, sigma=max(frames, 1e-6), axis=0, mode="nearest")
    return np.asarray(smooth, dtype=np.float64)


def _true_bones(body: Floats, depth: Floats) -> Floats:
    """Depth by which bones that look short point to the viewer or away as far as they must.

    A length is what is seen of a bone and guessed of it most of the time, and never less than the
    longest that was seen.
    """
    points = with_neck(np.concatenate([body, depth[..., None]], axis=-1))
    along = points[:, LIMBS[:, 1]] - points[:, LIMBS[:, 0]]
    seen2, guess = np.square(along[..., :2]).sum(axis=-1), along[..., 2]
    length = np.maximum(
        np.quantile(np.sqrt(seen2 + guess**2), _LENGTH_QUANTILE, axis=0),
        np.quantile(np.sqrt(seen2), _SEEN_QUANTILE, axis=0),
    )
    missing = np.sqrt(np.maximum(length**2 - seen2, 0.0))
    towards = guess / np.sqrt(guess**2 + _UNSURE**2)
    deep = guess + _BONE_SHARE * (missing * towards - guess)
    found = np.zeros((len(body), NUM_JOINTS + 1))
    found[:, HEAD], found[:, NECK] = depth[:, HEAD], NECK_RATIO * depth[:, HEAD]
    for limb, (first, second) in enumerate(LIMBS):
        if second != HEAD:
            found[:, second] = found[:, first] + deep[:, limb]
    return found[:, :NUM_JOINTS]


def _course(body: Floats, depth: Floats, speed: Floats, *, fps: float) -> Floats:
    """Depth of the pelvis, from 0 on, shape (T,): a foot that stands stays in its place.

    Args:
        body: H, shape (T, 10, 2).
        depth: Of the joints from the pelvis on, shape (T, 10).
        speed: The network's guess, H/s, shape (T,).
        fps: Frames a second.
    """
    if len(body) == 1:
        return np.zeros(1)
    feet = list(_FEET)
    moves = np.hypot(*np.moveaxis(np.gradient(body[:, feet], axis=0), -1, 0)) * fps
    height = np.maximum(body[:, feet, 1] - _STANDS_H[0], 0.0) / _STANDS_H[1]
    stands = np.exp(-np.square(moves / _STANDS_HPS) - np.square(height))
    slides = np.gradient(depth[:, feet], axis=0) * fps
    guess = _TRUST * _smooth(speed, 0.12 * fps)
    comes = (guess - (stands * slides).sum(axis=1)) / (_TRUST + stands.sum(axis=1))
    comes = np.clip(_smooth(comes, 0.06 * fps), -_FASTEST_HPS, _FASTEST_HPS)
    keeps = float(np.exp(-1.0 / (_FORGET_S * fps)))
    course = np.zeros(len(body))
    for frame in range(1, len(body)):
        course[frame] = keeps * course[frame - 1] + comes[frame - 1] / fps
    return course
