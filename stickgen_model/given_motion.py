"""Parts of a motion that a person gives, for the model to make the rest.

Letters of shapes: C scenes, T frames, J = 10 joints, P = 20 numbers of a pose.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import torch

from datasets_spec.skeleton import NUM_JOINTS, POSE_DIM
from stickgen_model.diffusion.editing import decode_known, known_from_joints

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from torch import Tensor

    from stickgen_model.codec import MotionCodec
    from stickgen_model.diffusion.imputation import Known

__all__ = ["GivenMotion"]


@dataclass(frozen=True, eq=False, kw_only=True, slots=True)
class GivenMotion:
    """Joints that stay as they are: first frames, a last pose, one arm throughout.

    Attributes:
        joints: Shape (C, T, 10, 2), H; anything finite where nothing is given.
        mask: True where a joint is given, shape (C, T, 10); `joint_mask` of
            `stickgen_model.diffusion.editing` makes one of frames and names.
    """

    joints: NDArray[np.float32]
    mask: NDArray[np.bool_]

    def __post_init__(self) -> None:
        """Refuse what does not fit together.

        Raises:
            ValueError: If the shapes differ, or a given number is not finite.
        """
        joints, mask = np.asarray(self.joints), np.asarray(self.mask)
        fits = joints.ndim == 4 and joints.shape[2:] == (NUM_JOINTS, 2)
        if not fits or mask.shape != joints.shape[:3] or mask.dtype != np.bool_:
            msg = (
                f"given motion: expected joints (C, T, {NUM_JOINTS}, 2) and a bool mask (C, T, "
                f"{NUM_JOINTS}), got {joints.shape} and {mask.dtype} {mask.shape}"
            )
            raise ValueError(msg)
        if not np.isfinite(joints[mask]).all():
            msg = "given motion: expected finite joints where the mask is true, got others"
            raise ValueError(msg)

    def check_fits(self, lengths: list[int]) -> None:
        """Refuse other scenes than these.

        Raises:
            ValueError: If there is not one for each scene, or something is given past its end.
        """
        if len(self.mask) != len(lengths):
            msg = f"given motion: expected one for each of {len(lengths)} scenes, got {len(self)}"
            raise ValueError(msg)
        for number, length in enumerate(lengths):
            if self.mask[number, length:].any():
                last = int(np.flatnonzero(self.mask[number].any(axis=1))[-1])
                msg = (
                    f"given motion, scene {number}: expected frames 0..{length - 1}, got frame "
                    f"{last}; ask for a longer scene"
                )
                raise ValueError(msg)

    def __len__(self) -> int:
        return len(self.mask)

    def part(self, rows: slice, *, frames: int) -> GivenMotion:
        """Some scenes, cut or filled up to a number of frames."""
        joints = np.zeros((len(self.mask[rows]), frames, NUM_JOINTS, 2), dtype=np.float32)
        mask = np.zeros(joints.shape[:3], dtype=np.bool_)
        count = min(frames, self.mask.shape[1])
        mask[:, :count] = self.mask[rows, :count]
        given = np.where(mask[:, :count, :, None], self.joints[rows, :count], 0.0)
        joints[:, :count] = given
        return GivenMotion(joints=joints, mask=mask)

    def known(self, codec: MotionCodec) -> Known:
        """As the sampler takes it, on the device of the codec."""
        joints_CTP, mask_CTJ = self._tensors(codec)
        return known_from_joints(codec, joints_CTP, mask_BTJ=mask_CTJ)

    def decode(self, codec: MotionCodec, states_CTP: Tensor) -> Tensor:
        """Clips of sampled states, where the given pelvises are: (C, T, P), H."""
        joints_CTP, mask_CTJ = self._tensors(codec)
        return decode_known(codec, states_CTP, joints_BTP=joints_CTP, mask_BTJ=mask_CTJ)

    def _tensors(self, codec: MotionCodec) -> tuple[Tensor, Tensor]:
        device = codec.mean_P.device
        joints = np.ascontiguousarray(self.joints, dtype=np.float32)
        flat = torch.from_numpy(joints.reshape(*joints.shape[:2], POSE_DIM))
        return flat.to(device), torch.from_numpy(np.asarray(self.mask)).to(device)
