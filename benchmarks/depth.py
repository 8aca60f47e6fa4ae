"""How good the estimated depth of flat figures is, source by source.

Usage: `python -m benchmarks.depth DATASET [--weights FILE.npz] [--clips 250]`.

Clips of the validation split whose depth is stored; the network has seen procedural clips of the
training split alone. Of nothing, of bones alone and of the network:

- error: mean distance of depth from the pelvis on, H, the better of the estimate and its reverse
- bones: mean error of what is seen of a bone after an orbit of 45 degrees to either side, H
- course: mean distance of the pelvis' own way towards the viewer, H
- slide: mean speed in depth of feet that stand, H/s
"""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING, Final

import numpy as np

from benchmarks.depth_by_bones import lift_by_bones
from benchmarks.depth_clips import DepthClips
from datasets_spec.schema import CLIP_FPS
from datasets_spec.skeleton import NUM_JOINTS, joint_index
from stickgen_model.render.figure import LIMBS, PELVIS, with_neck
from stickgen_model.render.lift import lift, lift_with

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

__all__ = ["MEASURES", "bones_after_turn", "main", "measure"]

MEASURES: Final = ("error", "bones", "course", "slide")
_TURN_RAD: Final = np.pi / 4
_FEET: Final = (joint_index("l_foot"), joint_index("r_foot"))
_STANDS_HPS: Final = 0.12
_STANDS_H: Final = 0.1


def main(arguments: Sequence[str] | None = None) -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n\n", maxsplit=1)[0])
    parser.add_argument("dataset", type=Path)
    parser.add_argument("--weights", type=Path)
    parser.add_argument("--clips", type=int, default=250, help="of each source, at most")
    chosen = parser.parse_args(arguments)
    clips = DepthClips.read(chosen.dataset, "val")
    network = _network(chosen.weights)
    ways: dict[str, Callable[[Floats], Floats]] = {
        "flat": lambda joints: np.zeros((len(joints), NUM_JOINTS)),
        "bones": lambda joints: lift_by_bones(joints, fps=CLIP_FPS),
        "network": network,
    }
    print(f"{'':10}{'':12}{'clips':>6}" + "".join(f"{name:>9}" for name in MEASURES))
    for source in sorted(set(clips.sources)):
        own = [n for n, name in enumerate(clips.sources) if name == source]
        own = np.random.default_rng(0).permutation(own)[: chosen.clips].tolist()
        for name, way in ways.items():
            found = np.mean([measure(clips.clip(n), way(clips.clip(n)[..., :2])) for n in own], 0)
            numbers = "".join(f"{value:9.4f}" for value in found)
            print(f"{name:10}{source:12}{len(own):6}{numbers}")


def _network(file: Path | None) -> Callable[[Floats], Floats]:
    if file is None:
        return lambda joints: lift(joints[None], fps=CLIP_FPS)[0].astype(np.float64)
    with np.load(file, allow_pickle=False) as stored:
        weights = {name: stored[name].astype(np.float32) for name in stored.files}
    return lambda joints: lift_with(weights, joints[None], fps=CLIP_FPS)[0].astype(np.float64)


def bones_after_turn(points: Floats, angle: float) -> Floats:
    """What is seen of every bone from beside, H.

    Args:
        points: H, shape (T, 10, 3).
        angle: Of the orbit, radians.

    Returns:
        Shape (T, 9).
    """
    x = points[..., 0] * np.cos(angle) + points[..., 2] * np.sin(angle)
    seen = with_neck(np.stack([x, points[..., 1]], axis=-1))
    return np.asarray(np.linalg.norm(seen[:, LIMBS[:, 1]] - seen[:, LIMBS[:, 0]], axis=-1))


def measure(points: Floats, depth: Floats) -> tuple[float, float, float, float]:
    """One clip by `MEASURES`.

    Args:
        points: With true depth, H, shape (T, 10, 3).
        depth: Estimated, H, shape (T, 10).
    """
    true, guess = (deep - deep[:, PELVIS, None] for deep in (points[..., 2], depth))
    error, reverse = (float(np.abs(sign * guess - true).mean()) for sign in (1.0, -1.0))
    sign = 1.0 if error <= reverse else -1.0
    bodies = [
        np.concatenate([points[..., :2], deep[..., None]], axis=-1) for deep in (true, sign * guess)
    ]
    bones = [
        float(np.abs(np.subtract(*(bones_after_turn(body, angle) for body in bodies))).mean())
        for angle in (-_TURN_RAD, _TURN_RAD)
    ]
    true_way, way = (d[:, PELVIS] - d[0, PELVIS] for d in (points[..., 2], sign * depth))
    feet = points[:, _FEET]
    speed = np.linalg.norm(np.gradient(feet[..., [0, 2]], axis=0), axis=-1) * CLIP_FPS
    stands = (speed < _STANDS_HPS) & (feet[..., 1] < _STANDS_H)
    slides = np.abs(np.gradient(depth[:, _FEET], axis=0)) * CLIP_FPS
    slide = float(slides[stands].mean()) if stands.any() else 0.0
    return min(error, reverse), float(np.mean(bones)), float(np.abs(way - true_way).mean()), slide


if __name__ == "__main__":
    main()
