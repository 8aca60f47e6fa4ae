"""What a judge of motion sees of a clip; it knows nothing of the generator's state or codec.

Letters of shapes: B clips, T frames, J = 10 joints, F = 54 numbers of a frame.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import torch

from datasets_spec.schema import CLIP_FPS
from datasets_spec.skeleton import BONES, JOINTS, NECK_RATIO, joint_index

if TYPE_CHECKING:
    from torch import Tensor

__all__ = ["FEATURES_VERSION", "NUM_FEATURES", "motion_features"]

FEATURES_VERSION: Final = 1
"""Counts changes of `motion_features`; stored with every network that was trained on them."""

_HEAD: Final = joint_index("head")
_PELVIS: Final = joint_index("pelvis")
_OTHERS: Final = [number for number, name in enumerate(JOINTS) if name != "pelvis"]
_LEFT: Final = [joint_index(name) for name in ("l_elbow", "l_knee", "l_foot")]
_RIGHT: Final = [joint_index(name) for name in ("r_elbow", "r_knee", "r_foot")]
_NECK: Final = len(JOINTS)
_ENDS: Final = [[_NECK if name == "neck" else joint_index(name) for name in bone] for bone in BONES]
_FARTHEST_H: Final = 4.0
"""Travel beyond this tells nothing more."""

NUM_FEATURES: Final = 4 * len(_OTHERS) + len(BONES) + len(_LEFT) + 6


def motion_features(joints_BTJ2: Tensor) -> Tensor:
    """Numbers of every frame; where along x the clip happens does not change them.

    In order: nine joints seen from the pelvis (H) and their velocities (H/s), pelvis height (H),
    pelvis velocity (H/s), way along x since the first frame (H), direction of the trunk, left
    minus right x of elbows, knees and feet (H), lengths of the nine bones in the picture (H).

    Args:
        joints_BTJ2: Joints, H, y up, floor 0, 25 fps, shape (B, T, 10, 2); frames after the end of
            a clip may hold anything finite and change nothing before them.

    Returns:
        Shape (B, T, 54).

    Raises:
        ValueError: If the shape is another.
    """
    if joints_BTJ2.ndim != 4 or joints_BTJ2.shape[2:] != (len(JOINTS), 2):
        msg = f"expected joints of shape (B, T, {len(JOINTS)}, 2), got {tuple(joints_BTJ2.shape)}"
        raise ValueError(msg)
    pelvis_BT2 = joints_BTJ2[:, :, _PELVIS]
    others_BTK = (joints_BTJ2[:, :, _OTHERS] - pelvis_BT2[:, :, None]).flatten(2)
    trunk_BT2 = joints_BTJ2[:, :, _HEAD] - pelvis_BT2
    neck_BT12 = (pelvis_BT2 + NECK_RATIO * trunk_BT2)[:, :, None]
    ends_BTEN2 = torch.cat([joints_BTJ2, neck_BT12], dim=2)[:, :, _ENDS]
    travel_BT1 = (pelvis_BT2[..., :1] - pelvis_BT2[:, :1, :1]).clamp(-_FARTHEST_H, _FARTHEST_H)
    parts = [
        others_BTK,
        _rate(others_BTK),
        pelvis_BT2[..., 1:],
        _rate(pelvis_BT2),
        travel_BT1,
        torch.nn.functional.normalize(trunk_BT2, dim=-1),
        joints_BTJ2[:, :, _LEFT, 0] - joints_BTJ2[:, :, _RIGHT, 0],
        (ends_BTEN2[:, :, :, 0] - ends_BTEN2[:, :, :, 1]).norm(dim=-1),
    ]
    return torch.cat(parts, dim=-1)


def _rate(values_BTK: Tensor) -> Tensor:
    """Change a second, from the frame before; the first frame takes that of the second."""
    if values_BTK.shape[1] < 2:
        return torch.zeros_like(values_BTK)
    steps = values_BTK.diff(dim=1) * CLIP_FPS
    return torch.cat([steps[:, :1], steps], dim=1)
