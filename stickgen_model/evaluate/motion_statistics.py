"""Numbers of how clips move: speed, jerk, sliding feet, bones that change, variety.

All take many clips at once. Real clips have values of their own for each of them, and closeness
to those is what counts: a figure that stands still is "best" in most.

Letters of shapes: B clips, T frames of the longest, J = 10 joints, N vectors, D numbers of each.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np

from datasets_spec.schema import CLIP_FPS
from datasets_spec.skeleton import BONES, JOINTS, NECK_RATIO, joint_index
from stickgen_model.motion.shapes import check_shape

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.floating[Any]]
    Mask = NDArray[np.bool_]

__all__ = [
    "ADULT_HEIGHT_M",
    "bone_spans",
    "bone_variation",
    "diversity",
    "foot_skating",
    "mean_derivative",
    "mean_jerk",
    "mean_speed",
]

ADULT_HEIGHT_M: Final = 1.55
"""H of an adult of 1.70 m (thigh, shin, torso and neck chain are .909 of stature)."""
_LOW_H: Final = 0.05
_SLIDE_MPS: Final = 0.5
"""A foot below 5 cm x body height in two adjacent frames slides if it is faster than this.

Source: the skating ratio of guided motion diffusion (Karunratanakul et al. 2023), 5 cm and 0.5 m/s
there; heights are shares of the body here."""
_FEET: Final = [joint_index("l_foot"), joint_index("r_foot")]
_NECK: Final = len(JOINTS)
_ENDS: Final = np.array(
    [[_NECK if name == "neck" else joint_index(name) for name in bone] for bone in BONES]
)


def _checked(joints: Floats, mask: Mask | None) -> Mask:
    check_shape(joints, f"B T {len(JOINTS)} 2", name="joints")
    if mask is None:
        return np.ones(joints.shape[:2], dtype=np.bool_)
    check_shape(mask, f"{joints.shape[0]} {joints.shape[1]}", name="mask")
    return mask


def _mean(values: NDArray[Any], real: Mask) -> NDArray[np.float64]:
    """Mean of (B, T, ...) over what is real and all that follows, (B,); 0 where nothing is."""
    each = values.mean(axis=tuple(range(2, values.ndim)), dtype=np.float64)
    return np.asarray((each * real).sum(axis=1) / np.maximum(real.sum(axis=1), 1))


def _derivative(joints: Floats, mask: Mask, order: int) -> tuple[NDArray[np.float64], Mask]:
    """Derivative by differences, (B, T - order, J, 2), and where all its frames are real."""
    values = np.diff(joints.astype(np.float64), n=order, axis=1) * float(CLIP_FPS) ** order
    frames = values.shape[1]
    real = np.ones((len(joints), frames), dtype=np.bool_)
    for shift in range(order + 1):
        real &= mask[:, shift : shift + frames]
    return values, real


def mean_derivative(joints: Floats, mask: Mask | None = None, *, order: int) -> NDArray[np.float64]:
    """Mean size of a derivative of the joints, by differences.

    Args:
        joints: H, 25 fps, shape (B, T, 10, 2).
        mask: True at real frames, shape (B, T); None = all.
        order: 1 = speed, 2 = acceleration, 3 = jerk.

    Returns:
        H/s^order, shape (B,); 0 for clips of fewer than order + 1 frames.
    """
    values, real = _derivative(joints, _checked(joints, mask), order)
    return _mean(np.asarray(np.linalg.norm(values, axis=-1)), real)


def mean_speed(joints: Floats, mask: Mask | None = None) -> NDArray[np.float64]:
    """Mean speed of the joints.

    Args:
        joints: H, 25 fps, shape (B, T, 10, 2).
        mask: True at real frames, shape (B, T); None = all.

    Returns:
        H/s, shape (B,).
    """
    return mean_derivative(joints, mask, order=1)


def mean_jerk(joints: Floats, mask: Mask | None = None) -> NDArray[np.float64]:
    """Mean size of the third derivative of the joints, by third differences.

    Args:
        joints: H, 25 fps, shape (B, T, 10, 2).
        mask: True at real frames, shape (B, T); None = all.

    Returns:
        H/s3, shape (B,); 0 for clips of fewer than 4 frames.
    """
    return mean_derivative(joints, mask, order=3)


def foot_skating(
    joints: Floats, mask: Mask | None = None, *, height_m: float = ADULT_HEIGHT_M
) -> NDArray[np.float64]:
    """Share of steps in which a foot near the floor slides, either foot.

    Args:
        joints: H, floor 0, 25 fps, shape (B, T, 10, 2).
        mask: True at real frames, shape (B, T); None = all.
        height_m: H in metres.

    Returns:
        0 .. 1, shape (B,).
    """
    mask = _checked(joints, mask)
    values, real = _derivative(joints, mask, 1)
    low = joints[:, :, _FEET, 1] < _LOW_H
    fast = np.abs(values[:, :, _FEET, 0]) * height_m > _SLIDE_MPS
    slides = low[:, 1:] & low[:, :-1] & fast
    return _mean((slides[..., 0] | slides[..., 1]).astype(np.float64), real)


def bone_spans(joints: Floats) -> NDArray[np.float64]:
    """Lengths of the bones in the picture, (..., 9), H, of joints (..., 10, 2)."""
    pelvis, head = (joints[..., joint_index(name), :] for name in ("pelvis", "head"))
    neck = pelvis + NECK_RATIO * (head - pelvis)
    points = np.concatenate([joints, neck[..., None, :]], axis=-2).astype(np.float64)
    spans = points[..., _ENDS[:, 0], :] - points[..., _ENDS[:, 1], :]
    return np.asarray(np.linalg.norm(spans, axis=-1))


def bone_variation(joints: Floats, mask: Mask | None = None) -> NDArray[np.float64]:
    """Deviation of the length in the picture over its mean, mean over bones.

    Bones that turn towards the viewer become shorter, so real clips have a good deal of it.

    Args:
        joints: H, shape (B, T, 10, 2).
        mask: True at real frames, shape (B, T); None = all.

    Returns:
        Shape (B,).
    """
    mask = _checked(joints, mask)
    spans = bone_spans(joints)
    weight = (mask / np.maximum(mask.sum(axis=1, keepdims=True), 1))[..., None]
    mean = (spans * weight).sum(axis=1)
    spread = np.sqrt((((spans - mean[:, None]) ** 2) * weight).sum(axis=1))
    return np.asarray((spread / np.maximum(mean, 1e-6)).mean(axis=1))


def diversity(vectors: Floats, *, pairs: int = 300, seed: int = 0) -> float:
    """Mean distance between two vectors drawn at random, never the same one.

    Args:
        vectors: Shape (N, D), N >= 2: descriptors of clips, or vectors of an evaluator.
        pairs: Draws.
        seed: Of the draws.

    Raises:
        ValueError: If there are fewer than two vectors.
    """
    check_shape(vectors, "N D", name="vectors")
    if len(vectors) < 2:
        msg = f"expected two vectors or more, got {len(vectors)}"
        raise ValueError(msg)
    rng = np.random.default_rng(seed)
    one = rng.integers(0, len(vectors), pairs)
    other = (one + rng.integers(1, len(vectors), pairs)) % len(vectors)
    gaps = vectors[one].astype(np.float64) - vectors[other]
    return float(np.linalg.norm(gaps, axis=1).mean())
