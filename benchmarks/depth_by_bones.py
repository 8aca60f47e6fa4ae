"""Depth from bones and anatomy alone: what the network of `render.lift` is measured against.

A bone that looks short points to the viewer or away. Which of both: knees bend forwards, elbows
backwards, and who faces right has the right side nearer.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
from scipy.ndimage import gaussian_filter1d

from datasets_spec.skeleton import BONES, GENERIC_LENGTHS, NECK_RATIO, NUM_JOINTS, joint_index
from stickgen_model.render.figure import HEAD, LIMBS, NECK, PELVIS, with_neck

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

__all__ = ["lift_by_bones"]

_G: Final = GENERIC_LENGTHS
_GENERIC: Final = np.array(
    [
        _G["torso"] + _G["neck_head"],
        *2 * (0.5 * _G["shoulder_width"] + 0.6 * _G["upper_arm"], _G["forearm"]),
        *2 * (_G["thigh"], _G["shin"]),
    ]
)
"""H, in the order of `BONES`; from the neck to an elbow there is half of the shoulders too."""
_LEAST: Final = 0.92
_SMOOTH_S: Final = 0.12


def lift_by_bones(joints: NDArray[np.floating], *, fps: float) -> Floats:
    """Depth of one figure, H, from the pelvis on, shape (T, 10).

    Args:
        joints: H, shape (T, 10, 2).
        fps: Frames a second.
    """
    body = np.asarray(joints, dtype=np.float64)
    points = with_neck(body)
    seen = np.linalg.norm(points[:, LIMBS[:, 1]] - points[:, LIMBS[:, 0]], axis=-1)
    lengths = np.maximum(np.quantile(seen, 0.98, axis=0), _LEAST * _GENERIC)
    size = np.sqrt(np.maximum(lengths**2 - seen**2, 0.0))
    signs = _signs(_faces_right(body, fps=fps))
    depth = np.zeros((len(body), NUM_JOINTS + 1))
    depth[:, HEAD] = 0.0
    depth[:, NECK] = NECK_RATIO * depth[:, HEAD]
    for limb, (first, second) in enumerate(LIMBS):
        if second != HEAD:
            depth[:, second] = depth[:, first] + signs[:, limb] * size[:, limb]
    smooth = gaussian_filter1d(depth, _SMOOTH_S * fps, axis=0, mode="nearest")
    return np.asarray(smooth[:, :NUM_JOINTS])


def _faces_right(body: Floats, *, fps: float) -> Floats:
    """-1 to the left .. 1 to the right, by the way knees bend and the pelvis goes, shape (T,)."""
    bend = np.zeros(len(body))
    for side in ("l", "r"):
        knee, foot = joint_index(f"{side}_knee"), joint_index(f"{side}_foot")
        bend += body[:, knee, 0] - 0.5 * (body[:, PELVIS, 0] + body[:, foot, 0])
    goes = np.gradient(body[:, PELVIS, 0]) * fps if len(body) > 1 else 0.0
    smooth = gaussian_filter1d(4.0 * bend + 0.5 * goes, 0.5 * fps, mode="nearest")
    return np.asarray(np.tanh(smooth / 0.05))


def _signs(right: Floats) -> Floats:
    """Whether bones point to the viewer (1) or away (-1), shape (T, 9)."""
    signs = np.zeros((len(right), len(BONES)))
    for side, near in (("l", -right), ("r", right)):
        signs[:, BONES.index(("neck", f"{side}_elbow"))] = near
        signs[:, BONES.index((f"{side}_elbow", f"{side}_hand"))] = 1.0
        signs[:, BONES.index(("pelvis", f"{side}_knee"))] = 1.0
        signs[:, BONES.index((f"{side}_knee", f"{side}_foot"))] = -1.0
    return signs
