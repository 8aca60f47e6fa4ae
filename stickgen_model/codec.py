"""The 20 numbers of a clip <-> the 20-number state that the model works on; exact both ways.

Letters of shapes: B batch (any leading axes), T frames, P = 20 pose numbers, J = 10 joints,
K = 9 bones. The columns of a state stand where those of the figure stand:

- pelvis x -> its step since the frame before, H per frame; pelvis y -> as it is, H
- every other joint -> its place relative to the pelvis, H

The first frame has no step: it takes the second frame's, so that a window cut out of a clip looks
like a clip, and decoding ignores it. Decoding puts the first pelvis at x = 0, the convention of
clips, or at an explicit start. Every number is then z-scored over the training clips.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
import torch

from datasets_spec.schema import CLIP_FPS
from datasets_spec.skeleton import BONES, JOINTS, MIRROR, NECK_RATIO, NUM_JOINTS, POSE_DIM
from stickgen_model.state_moments import DX, PELVIS, StateMoments, mirror_signs

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray
    from torch import Tensor

__all__ = [
    "BONE_NAMES",
    "MotionCodec",
    "bone_lengths",
    "joint_velocities",
    "joints_from_states",
    "local_points",
    "mirror_states",
    "states_from_joints",
]

BONE_NAMES: Final = tuple(f"{start}-{end}" for start, end in BONES)

_POINTS: Final = (*JOINTS, "neck")
_BONE_STARTS: Final = [_POINTS.index(start) for start, _ in BONES]
_BONE_ENDS: Final = [_POINTS.index(end) for _, end in BONES]
_MIRROR_COLUMNS: Final = [int(2 * j + axis) for j in MIRROR for axis in range(2)]

POSITION_FLOOR: Final = 0.02
"""Least deviation of a place, H: a number that hardly varies must not become mostly noise."""

STEP_FLOOR: Final = 0.002
"""Least deviation of the pelvis step, H per frame (0.05 H/s)."""


def _check_last(values: Tensor, width: int, *, name: str) -> None:
    if values.ndim < 2 or values.shape[-1] != width or values.shape[-2] < 1:
        msg = f"expected {name} of shape (..., T >= 1, {width}), got {tuple(values.shape)}"
        raise ValueError(msg)


def states_from_joints(joints_BTP: Tensor, mask_BT: Tensor | None = None) -> Tensor:
    """States of clips, not yet z-scored.

    Args:
        joints_BTP: Shape (..., T, 20), H, y up.
        mask_BT: Shape (..., T), True where a frame is real; the others come out as zero.

    Returns:
        Shape (..., T, 20), H and H per frame, of the same dtype.
    """
    _check_last(joints_BTP, POSE_DIM, name="joints")
    if mask_BT is not None:
        joints_BTP = torch.where(mask_BT[..., None], joints_BTP, 0.0)
    points = joints_BTP.reshape(*joints_BTP.shape[:-1], NUM_JOINTS, 2)
    pelvis = points[..., PELVIS, :]
    step = torch.diff(pelvis[..., 0], dim=-1)
    first = step[..., :1] if step.shape[-1] else torch.zeros_like(pelvis[..., :1, 0])
    if mask_BT is not None and step.shape[-1]:
        first = torch.where(mask_BT[..., 1:2], first, 0.0)
    own = torch.stack([torch.cat([first, step], dim=-1), pelvis[..., 1]], dim=-1)
    others = points - pelvis[..., None, :]
    parts = [own if j == PELVIS else others[..., j, :] for j in range(NUM_JOINTS)]
    states = torch.cat(parts, dim=-1)
    return states if mask_BT is None else torch.where(mask_BT[..., None], states, 0.0)


def joints_from_states(states_BTP: Tensor, *, start_x: Tensor | float = 0.0) -> Tensor:
    """Clips of states that are not z-scored.

    Args:
        states_BTP: Shape (..., T, 20), H and H per frame.
        start_x: Place of the first pelvis, H: one number, or one per clip with shape (...).

    Returns:
        Shape (..., T, 20), H, of the same dtype; differentiable.
    """
    _check_last(states_BTP, POSE_DIM, name="states")
    # 250 steps are summed: float32 would lose what the codec promises to keep
    path = torch.cumsum(states_BTP[..., DX].double(), dim=-1)
    start = torch.as_tensor(start_x, dtype=torch.float64, device=states_BTP.device)
    pelvis_x = path - path[..., :1] + start[..., None]
    pelvis = torch.stack([pelvis_x, states_BTP[..., DX + 1].double()], dim=-1)
    points = states_BTP.reshape(*states_BTP.shape[:-1], NUM_JOINTS, 2)
    parts = [
        pelvis if j == PELVIS else pelvis + points[..., j, :].double() for j in range(NUM_JOINTS)
    ]
    return torch.cat(parts, dim=-1).to(states_BTP.dtype)


def local_points(states_BTP: Tensor) -> Tensor:
    """Joints relative to the pelvis' x, with their true height: no summing over frames.

    Args:
        states_BTP: Shape (..., T, 20), not z-scored.

    Returns:
        Shape (..., T, 10, 2), H; the pelvis is at (0, y).
    """
    points = states_BTP.reshape(*states_BTP.shape[:-1], NUM_JOINTS, 2)
    height = states_BTP[..., DX + 1]
    root = torch.stack([torch.zeros_like(height), height], dim=-1)
    parts = [root if j == PELVIS else root + points[..., j, :] for j in range(NUM_JOINTS)]
    return torch.stack(parts, dim=-2)


def joint_velocities(states_BTP: Tensor, *, fps: float = CLIP_FPS) -> Tensor:
    """Velocities of the joints in the scene.

    Args:
        states_BTP: Shape (..., T, 20), not z-scored.
        fps: Frames per second.

    Returns:
        Shape (..., T - 1, 10, 2), H/s: from each frame to the next.
    """
    step = states_BTP[..., 1:, DX]
    moved = torch.stack([step, torch.zeros_like(step)], dim=-1)
    return (torch.diff(local_points(states_BTP), dim=-3) + moved[..., None, :]) * fps


def bone_lengths(states_BTP: Tensor) -> Tensor:
    """Lengths of the drawn segments as seen, in the order of `BONE_NAMES`.

    Args:
        states_BTP: Shape (..., T, 20), not z-scored.

    Returns:
        Shape (..., T, 9), H.
    """
    points = local_points(states_BTP)
    head, pelvis = points[..., JOINTS.index("head"), :], points[..., PELVIS, :]
    neck = pelvis + NECK_RATIO * (head - pelvis)
    points = torch.cat([points, neck[..., None, :]], dim=-2)
    span = points[..., _BONE_ENDS, :] - points[..., _BONE_STARTS, :]
    # the small number keeps the gradient finite where two joints coincide
    return (span.square().sum(dim=-1) + 1e-12).sqrt()


def mirror_states(states_BTP: Tensor) -> Tensor:
    """Left/right exchange of states that are not z-scored; its own inverse.

    Args:
        states_BTP: Shape (..., T, 20).

    Returns:
        The same shape: x turned round, left joints in the place of right ones.
    """
    signs = torch.as_tensor(mirror_signs(), dtype=states_BTP.dtype, device=states_BTP.device)
    return states_BTP[..., _MIRROR_COLUMNS] * signs


@dataclass(frozen=True, eq=False, slots=True)
class MotionCodec:
    """Clips to z-scored states and back.

    Attributes:
        mean_P: Shape (20,), float32: mean of each number of a state.
        std_P: Shape (20,), float32: its deviation, never below the floors.
    """

    mean_P: Tensor
    std_P: Tensor

    def __post_init__(self) -> None:
        """Refuse statistics that cannot be used.

        Raises:
            ValueError: If a shape is wrong, a number is not finite or a deviation not positive.
        """
        for name, value in (("codec.mean", self.mean_P), ("codec.std", self.std_P)):
            if value.shape != (POSE_DIM,) or not bool(torch.isfinite(value).all()):
                msg = f"{name}: expected {POSE_DIM} finite numbers, got {tuple(value.shape)}"
                raise ValueError(msg)
        if not bool((self.std_P > 0).all()):
            msg = f"codec.std: expected positive deviations, got a least of {self.std_P.min():g}"
            raise ValueError(msg)

    @classmethod
    def from_moments(cls, moments: StateMoments) -> MotionCodec:
        """The codec of the training clips that `moments` has seen."""
        floor = np.full(POSE_DIM, POSITION_FLOOR)
        floor[DX] = STEP_FLOOR
        std = np.maximum(moments.std(), floor)
        return cls(torch.tensor(moments.mean).float(), torch.tensor(std).float())

    @classmethod
    def from_state_dict(cls, tensors: Mapping[str, Tensor]) -> MotionCodec:
        """The codec that was saved with a checkpoint; other keys are left alone.

        Raises:
            ValueError: If a tensor is missing or cannot be used.
        """
        missing = sorted({"codec.mean", "codec.std"} - set(tensors))
        if missing:
            msg = f"expected codec.mean and codec.std in the checkpoint, missing {missing}"
            raise ValueError(msg)
        return cls(tensors["codec.mean"].float(), tensors["codec.std"].float())

    def state_dict(self) -> dict[str, Tensor]:
        """Plain tensors for a checkpoint."""
        return {"codec.mean": self.mean_P.clone(), "codec.std": self.std_P.clone()}

    def to(self, device: torch.device | str) -> MotionCodec:
        """The codec on another device."""
        return MotionCodec(self.mean_P.to(device), self.std_P.to(device))

    def normalise(self, states_BTP: Tensor) -> Tensor:
        """z-score states, shape (..., T, 20)."""
        return (states_BTP - self.mean_P) / self.std_P

    def denormalise(self, states_BTP: Tensor) -> Tensor:
        """Undo `normalise`, shape (..., T, 20)."""
        return states_BTP * self.std_P + self.mean_P

    def encode(self, joints_BTP: Tensor, mask_BT: Tensor | None = None) -> Tensor:
        """z-scored states of clips, shape (..., T, 20); zero where the mask is False."""
        states = self.normalise(states_from_joints(joints_BTP, mask_BT))
        return states if mask_BT is None else torch.where(mask_BT[..., None], states, 0.0)

    def decode(self, states_BTP: Tensor, *, start_x: Tensor | float = 0.0) -> Tensor:
        """Clips in H of z-scored states, shape (..., T, 20); see `joints_from_states`."""
        return joints_from_states(self.denormalise(states_BTP.float()), start_x=start_x)

    def mirror(self, states_BTP: Tensor) -> Tensor:
        """Left/right exchange of z-scored states, shape (..., T, 20)."""
        return self.normalise(mirror_states(self.denormalise(states_BTP)))

    def encode_array(self, joints: NDArray[np.float32]) -> NDArray[np.float32]:
        """`encode` for numpy, shape (..., T, 20), float32."""
        encoded = self.encode(torch.from_numpy(np.ascontiguousarray(joints, dtype=np.float32)))
        return np.asarray(encoded.numpy(), dtype=np.float32)

    def decode_array(
        self, states: NDArray[np.float32], *, start_x: float = 0.0
    ) -> NDArray[np.float32]:
        """`decode` for numpy, shape (..., T, 20), float32."""
        tensor = torch.from_numpy(np.ascontiguousarray(states, dtype=np.float32))
        return np.asarray(self.decode(tensor, start_x=start_x).numpy(), dtype=np.float32)
