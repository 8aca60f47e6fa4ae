"""Given frames and joints of a clip, as a person gives them, to what the sampler keeps.

Letters of shapes: B batch, T frames, J = 10 joints, P = 20 numbers, S gaps.

First frames, key frames to be joined, or some joints throughout are all a mask over frames and
joints. A joint is kept relative to the pelvis; the pelvis is kept where it is in the scene. A place
that is known after a stretch where it is not fixes the sum of the steps over that stretch.
"""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

import torch

from datasets_spec.skeleton import NUM_JOINTS, POSE_DIM, joint_index
from stickgen_model.codec import states_from_joints
from stickgen_model.diffusion.imputation import Known, PathGaps
from stickgen_model.state_moments import DX, PELVIS

if TYPE_CHECKING:
    from collections.abc import Iterable

    from torch import Tensor

    from stickgen_model.codec import MotionCodec

__all__ = ["decode_known", "joint_mask", "known_from_joints"]


def joint_mask(
    num_frames: int, *, frames: slice | None = None, joints: Iterable[str] | None = None
) -> Tensor:
    """Mask of some joints in some frames, shape (T, J), bool; join masks with `|`.

    Args:
        num_frames: T.
        frames: Frames that are known; None = all.
        joints: Names of joints that are known; None = all.
    """
    mask_TJ = torch.zeros(num_frames, NUM_JOINTS, dtype=torch.bool)
    columns = range(NUM_JOINTS) if joints is None else [joint_index(name) for name in joints]
    for column in columns:
        mask_TJ[slice(None) if frames is None else frames, column] = True
    return mask_TJ


def known_from_joints(codec: MotionCodec, joints_BTP: Tensor, *, mask_BTJ: Tensor) -> Known:
    """What the sampler keeps of clips.

    Args:
        codec: Of the states.
        joints_BTP: Clips, shape (B, T, 20), H; anything where not known. A known joint in a frame
            whose pelvis is not known is taken relative to the pelvis that stands there.
        mask_BTJ: True where a joint is known, shape (B, T, 10).

    Returns:
        The known numbers of the states, and the ways between known places.

    Raises:
        ValueError: If the shapes do not agree, or a number that is needed is not finite.
    """
    want = (*joints_BTP.shape[:2], NUM_JOINTS)
    if joints_BTP.ndim != 3 or joints_BTP.shape[-1] != POSE_DIM or mask_BTJ.shape != want:
        msg = (
            f"expected joints (B, T, {POSE_DIM}) and a mask (B, T, {NUM_JOINTS}), "
            f"got {tuple(joints_BTP.shape)} and {tuple(mask_BTJ.shape)}"
        )
        raise ValueError(msg)
    mask_BTP = mask_BTJ.repeat_interleave(2, dim=-1)
    pelvis_BT = mask_BTJ[..., PELVIS]
    mask_BTP[..., DX] = _known_steps(pelvis_BT)
    states_BTP = codec.normalise(states_from_joints(joints_BTP))
    gaps = _path_gaps(codec, joints_BTP[..., DX], pelvis_BT=pelvis_BT)
    values_BTP = torch.where(mask_BTP, states_BTP, 0.0)
    return Known(values_BTP=values_BTP, mask_BTP=mask_BTP, gaps=gaps)


def _known_steps(pelvis_BT: Tensor) -> Tensor:
    """Frames whose step follows from two known places; the first takes the second's."""
    known_BT = torch.zeros_like(pelvis_BT)
    known_BT[:, 1:] = pelvis_BT[:, 1:] & pelvis_BT[:, :-1]
    if known_BT.shape[1] > 1:
        known_BT[:, 0] = known_BT[:, 1]
    return known_BT


def _path_gaps(codec: MotionCodec, x_BT: Tensor, *, pelvis_BT: Tensor) -> PathGaps | None:
    """Gaps between known places that are further than a frame apart."""
    number_BT = torch.full(pelvis_BT.shape, -1, dtype=torch.int64)
    found: list[tuple[int, int, int, float]] = []
    for clip, known_T in enumerate(pelvis_BT.cpu()):
        frames = known_T.nonzero().flatten().tolist()
        ends = [(a, b) for a, b in pairwise(frames) if b > a + 1]
        for gap, (first, last) in enumerate(ends):
            number_BT[clip, first + 1 : last + 1] = gap
            way = float(x_BT[clip, last].double() - x_BT[clip, first].double())
            found.append((clip, gap, last - first, way))
    if not found:
        return None
    shape = (len(pelvis_BT), 1 + max(gap for _, gap, _, _ in found))
    counts_BS, totals_BS = torch.ones(shape), torch.zeros(shape)
    mean, std = float(codec.mean_P[DX]), float(codec.std_P[DX])
    for clip, gap, count, way in found:
        counts_BS[clip, gap] = count
        totals_BS[clip, gap] = (way - count * mean) / std
    gaps = PathGaps(number_BT=number_BT, counts_BS=counts_BS, totals_BS=totals_BS)
    return gaps.to(pelvis_BT.device)


def decode_known(
    codec: MotionCodec, states_BTP: Tensor, *, joints_BTP: Tensor, mask_BTJ: Tensor
) -> Tensor:
    """Clips of sampled states, put where the first known pelvis of each is.

    Args:
        codec: Of the states.
        states_BTP: z-scored states, shape (B, T, 20).
        joints_BTP: Clips that `known_from_joints` got, shape (B, T, 20), H.
        mask_BTJ: Its mask, shape (B, T, 10).

    Returns:
        Shape (B, T, 20), H; a clip without a known pelvis starts at x = 0.
    """
    clips_BTP = codec.decode(states_BTP)
    pelvis_BT = mask_BTJ[..., PELVIS]
    rows = torch.arange(len(clips_BTP), device=clips_BTP.device)
    first_B = pelvis_BT.int().argmax(dim=1)
    moved_B = joints_BTP[rows, first_B, DX] - clips_BTP[rows, first_B, DX]
    start_B = torch.where(pelvis_BT.any(dim=1), moved_B, 0.0)
    return codec.decode(states_BTP, start_x=start_B)
