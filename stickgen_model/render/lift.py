"""Depth from a flat figure by its bones: one that looks short points to the viewer or away."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
from scipy.ndimage import gaussian_filter1d

from datasets_spec.skeleton import BONES, GENERIC_LENGTHS, NECK_RATIO, NUM_JOINTS, joint_index
from stickgen_model.render.figure import HEAD, LIMBS, PELVIS, with_neck

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

__all__ = ["bone_lengths", "lift"]

_G: Final = GENERIC_LENGTHS
_TRUNK: Final = _G["torso"] + _G["neck_head"]
_UPPER_ARM: Final = 0.5 * _G["shoulder_width"] + 0.6 * _G["upper_arm"]
_GENERIC: Final = np.array(
    [_TRUNK, *2 * (_UPPER_ARM, _G["forearm"]), *2 * (_G["thigh"], _G["shin"])]
)
"""H, in the order of `BONES`; from the neck to an elbow there is half of the shoulders too."""
_SMOOTH_S: Final = 0.12
_ELBOWS: Final = tuple(joint_index(name) for name in ("l_elbow", "r_elbow"))
_KNEES: Final = tuple(joint_index(name) for name in ("l_knee", "r_knee"))
_BONES_OF: Final = {tuple(bone): row for row, bone in enumerate(BONES)}


def bone_lengths(joints: NDArray[np.floating]) -> Floats:
    """True length of every bone, H, shape (..., 9): the longest seen, not below a generic body.

    Args:
        joints: H, shape (..., T, 10, 2).
    """
    points = with_neck(joints)
    along = points[..., LIMBS[:, 1], :] - points[..., LIMBS[:, 0], :]
    seen = np.linalg.norm(along, axis=-1)
    longest = np.quantile(seen, 0.98, axis=-2)
    return np.asarray(np.maximum(longest, 0.92 * _GENERIC))


def lift(joints: NDArray[np.floating], *, fps: float) -> NDArray[np.float32]:
    """Depth of figures from what is seen of them.

    Args:
        joints: H, shape (..., T, 10, 2).
        fps: Frames a second.

    Returns:
        H, counted from the pelvis, towards the viewer is larger, shape (..., T, 10).
    """
    flat = np.asarray(joints, dtype=np.float64)
    points = with_neck(flat)
    along = points[..., LIMBS[:, 1], :] - points[..., LIMBS[:, 0], :]
    seen2 = np.square(along).sum(axis=-1)
    lengths = bone_lengths(flat)[..., None, :]
    size = np.sqrt(np.maximum(np.square(lengths) - seen2, 0.0))
    facing = _facing(flat, fps=fps)
    depth = np.zeros((*flat.shape[:-2], NUM_JOINTS + 1))
    signs = _signs(points, along, facing)
    signs = gaussian_filter1d(signs, max(0.1 * fps, 1e-6), axis=-2, mode="nearest")
    depth[..., HEAD] = signs[..., 0] * size[..., 0] * 0.3
    depth[..., NUM_JOINTS] = NECK_RATIO * depth[..., HEAD]
    for limb, (first, second) in enumerate(LIMBS):
        if second != HEAD:
            depth[..., second] = depth[..., first] + signs[..., limb] * size[..., limb]
    depth = gaussian_filter1d(depth, max(_SMOOTH_S * fps, 1e-6), axis=-2, mode="nearest")
    return np.asarray(depth[..., :NUM_JOINTS], dtype=np.float32)


def _facing(joints: Floats, *, fps: float) -> Floats:
    """Sign of the way a figure faces: +1 to the right, -1 to the left, shape (..., T)."""
    velocity = np.gradient(joints[..., PELVIS, 0], axis=-1) * fps if joints.shape[-3] > 1 else 0.0
    bend = sum(
        joints[..., knee, 0] - 0.5 * (joints[..., PELVIS, 0] + joints[..., knee + 1, 0])
        for knee in _KNEES
    )
    score = 4.0 * np.asarray(bend) + 0.5 * velocity
    smooth = gaussian_filter1d(score, max(0.5 * fps, 1e-6), axis=-1, mode="nearest")
    return np.asarray(np.tanh(smooth / 0.05))


def _signs(points: Floats, along: Floats, facing: Floats) -> Floats:
    """Which way bones point, -1 away .. 1 to the viewer, shape (..., T, 9).

    Who faces right has the right side nearer to the viewer, and the other way round.
    """
    del points
    signs = np.zeros(along.shape[:-1])
    for side, sign in (("l", -1.0), ("r", 1.0)):
        out = np.tanh(-sign * along[..., _BONES_OF["neck", f"{side}_elbow"], 0] / 0.1)
        near = sign * facing
        del out
        signs[..., _BONES_OF["neck", f"{side}_elbow"]] = near
        signs[..., _BONES_OF[f"{side}_elbow", f"{side}_hand"]] = 1.0
        signs[..., _BONES_OF["pelvis", f"{side}_knee"]] = 1.0
        signs[..., _BONES_OF[f"{side}_knee", f"{side}_foot"]] = -1.0
    return signs
