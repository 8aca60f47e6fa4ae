"""What training asks of every head, masked so that padding never changes it.

Letters of shapes: B batch, T frames, P = 20 numbers of a state, J joints, K bones, A actions,
E = 32 numbers of a scene.

Every part is a mean over the real frames of a clip and then over the clips that have what it
speaks about: a clip counts the same however long it is and whichever clips are beside it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Protocol

import torch
import torch.nn.functional as F  # noqa: N812

from datasets_spec.schema import CLIP_FPS
from datasets_spec.skeleton import joint_index
from datasets_spec.vocabulary import UNLABELLED
from stickgen_model.codec import bone_lengths, joint_velocities, local_points
from stickgen_model.head_scales import scale_environment, scale_physics
from stickgen_model.loss_weights import HEAD_PARTS, LossWeights
from stickgen_model.state_moments import DX

if TYPE_CHECKING:
    from torch import Tensor

    from stickgen_model.codec import MotionCodec

__all__ = ["Predictions", "Targets", "compute_losses", "min_snr_weights"]

STILL_SPEED: Final = 0.25
"""A foot of the truth that moves slower stands, H/s: half of 0.5 m/s, the usual limit of skating
(see docs/data.md), at 1 m for H."""

BONE_SLACK: Final = 0.02
"""A limb may be this much longer than the longest of its clip, as a share, before it costs."""

_FEET: Final = [joint_index("l_foot"), joint_index("r_foot")]


class Predictions(Protocol):
    """What a model returns; see `stickgen_model.model`."""

    @property
    def pose(self) -> Tensor:
        """Clean z-scored states, (B, T, P)."""

    @property
    def position(self) -> Tensor:
        """Mean place of the pelvis, (B, 2), H."""

    @property
    def velocity(self) -> Tensor:
        """Mean velocity of the pelvis, (B, 2), H/s."""

    @property
    def action_logits(self) -> Tensor:
        """(B, T, A)."""

    @property
    def physics(self) -> Tensor:
        """(B, T, 6), as `scale_physics` makes it."""

    @property
    def environment(self) -> Tensor:
        """(B, E), as `scale_environment` makes it."""


@dataclass(frozen=True, eq=False, kw_only=True, slots=True)
class Targets:
    """The truth of a batch.

    Attributes:
        states_BTP: Clean z-scored states, shape (B, T, P).
        mask_BT: True where a frame is real, shape (B, T).
        actions_BT: Action ids, int64, UNLABELLED where not known, shape (B, T).
        physics_BT6: As stored in clips, shape (B, T, 6).
        environment_BE: As stored, NaN where not known, shape (B, E).
        bone_limit_BK: Longest a bone may look, H, shape (B, K); None = its longest in the clip.
            With depth known, its 3D length is the better limit.
    """

    states_BTP: Tensor
    mask_BT: Tensor
    actions_BT: Tensor
    physics_BT6: Tensor
    environment_BE: Tensor
    bone_limit_BK: Tensor | None = None


def min_snr_weights(snr_B: Tensor, *, gamma: float = 5.0, floor: float = 0.05) -> Tensor:
    """Weight of each clip by its noise level, shape (B,), in [floor, 1].

    Args:
        snr_B: Signal-to-noise ratio of each clip; may be 0 or infinite.
        gamma: Where the weight stops to grow.
        floor: Least weight. Pure noise has ratio 0: without it one-step mode would not be learnt.

    Source: Hang et al. (2023), min-SNR for x0-prediction, divided by gamma.
    """
    return (snr_B.clamp(max=gamma) / gamma).clamp(min=floor)


def _clip_means(values: Tensor, mask: Tensor) -> tuple[Tensor, Tensor]:
    """Mean of each clip over what `mask` (broadcastable) marks, and whether there is any, (B,)."""
    mask = mask.expand_as(values)
    kept = torch.where(mask, values, 0.0).flatten(1).sum(dim=1)
    count = mask.flatten(1).sum(dim=1)
    return kept / count.clamp(min=1), count > 0


def _batch_mean(means: tuple[Tensor, Tensor], weight_B: Tensor | None = None) -> Tensor:
    value_B, has_B = means
    if weight_B is not None:
        value_B = value_B * weight_B
    return torch.where(has_B, value_B, 0.0).sum() / has_B.sum().clamp(min=1)


class _PoseParts:
    """Parts that speak about the motion, each a mean per clip."""

    def __init__(self, pose_BTP: Tensor, targets: Targets, *, codec: MotionCodec) -> None:
        mask = targets.mask_BT[..., None]
        # padded frames may hold anything, NaN included; they must not reach a gradient
        self.z_BTP = torch.where(mask, pose_BTP.float(), 0.0)
        self.true_z_BTP = torch.where(mask, targets.states_BTP, 0.0)
        self.found_BTP = codec.denormalise(self.z_BTP)
        self.true_BTP = codec.denormalise(self.true_z_BTP)
        self.mask_BT, self.limit_BK = targets.mask_BT, targets.bone_limit_BK
        self.pair_BT = targets.mask_BT[:, 1:] & targets.mask_BT[:, :-1]

    def states(self) -> tuple[Tensor, Tensor]:
        return _clip_means((self.z_BTP - self.true_z_BTP).square(), self.mask_BT[..., None])

    def joints(self) -> tuple[Tensor, Tensor]:
        apart = local_points(self.found_BTP) - local_points(self.true_BTP)
        return _clip_means(apart.square(), self.mask_BT[..., None, None])

    def path(self) -> tuple[Tensor, Tensor]:
        apart_BT = (self.found_BTP - self.true_BTP)[:, 1:, DX]
        return _clip_means(apart_BT.cumsum(dim=1).square(), self.pair_BT)

    def temporal(self) -> tuple[Tensor, Tensor]:
        apart = joint_velocities(self.found_BTP) - joint_velocities(self.true_BTP)
        return _clip_means(apart.square(), self.pair_BT[..., None, None])

    def bone(self) -> tuple[Tensor, Tensor]:
        """A limb may look shorter than it is, never longer."""
        limit_BK = self.limit_BK
        if limit_BK is None:
            seen = torch.where(self.mask_BT[..., None], bone_lengths(self.true_BTP), 0.0)
            limit_BK = seen.amax(dim=1)
        excess = bone_lengths(self.found_BTP) - limit_BK[:, None] * (1.0 + BONE_SLACK)
        return _clip_means(excess.clamp(min=0.0).square(), self.mask_BT[..., None])

    def contact(self) -> tuple[Tensor, Tensor]:
        """Feet that stand in the truth stand."""
        truth = joint_velocities(self.true_BTP)[..., _FEET, :]
        still = truth.square().sum(dim=-1) < STILL_SPEED**2
        moved = joint_velocities(self.found_BTP)[..., _FEET, :].square().sum(dim=-1)
        return _clip_means(moved, still & self.pair_BT[..., None])


def _action_part(logits_BTA: Tensor, targets: Targets) -> tuple[Tensor, Tensor]:
    labelled_BT = targets.mask_BT & (targets.actions_BT != UNLABELLED)
    wanted_BT = torch.where(labelled_BT, targets.actions_BT, 0)
    logits_BTA = torch.where(labelled_BT[..., None], logits_BTA.float(), 0.0)
    loss_BT = F.cross_entropy(logits_BTA.transpose(1, 2), wanted_BT, reduction="none")
    return _clip_means(loss_BT, labelled_BT)


def _smooth_part(found: Tensor, wanted: Tensor, mask: Tensor) -> tuple[Tensor, Tensor]:
    """Smooth L1, so that a few wild accelerations do not rule; NaN in `wanted` is left out."""
    known = mask & torch.isfinite(wanted)
    apart = torch.where(known, found.float() - wanted, 0.0)
    return _clip_means(F.smooth_l1_loss(apart, torch.zeros_like(apart), reduction="none"), known)


def _pelvis_truth(truth: _PoseParts) -> tuple[Tensor, Tensor]:
    """Mean place (H) and mean velocity (H/s) of the pelvis, (B, 2) each; x = 0 at the start."""
    x_BT = F.pad(truth.true_BTP[:, 1:, DX].cumsum(dim=1), (1, 0))
    place = torch.stack([x_BT, truth.true_BTP[..., DX + 1]], dim=-1)
    mask = truth.mask_BT[..., None]
    count = mask.sum(dim=1).clamp(min=1)
    mean = torch.where(mask, place, 0.0).sum(dim=1) / count
    speed = torch.diff(place, dim=1) * CLIP_FPS
    pairs = truth.pair_BT[..., None]
    return mean, torch.where(pairs, speed, 0.0).sum(dim=1) / pairs.sum(dim=1).clamp(min=1)


def compute_losses(
    predictions: Predictions,
    targets: Targets,
    *,
    codec: MotionCodec,
    weights: LossWeights,
    clip_weight_B: Tensor | None = None,
) -> dict[str, Tensor]:
    """All parts and their weighted sum.

    Args:
        predictions: What the model said.
        targets: The truth.
        codec: Of the states.
        weights: By part; a part of weight 0 is not computed.
        clip_weight_B: Weight of each clip in the motion parts, such as `min_snr_weights`.

    Returns:
        Unweighted scalars by part, and `total`.
    """
    pose = _PoseParts(predictions.pose, targets, codec=codec)
    any_B = targets.mask_BT.any(dim=1, keepdim=True)
    place_B2, speed_B2 = _pelvis_truth(pose)
    ways = {
        **{part: getattr(pose, part) for part in HEAD_PARTS["pose"]},
        "action": lambda: _action_part(predictions.action_logits, targets),
        "physics": lambda: _smooth_part(
            predictions.physics, scale_physics(targets.physics_BT6), targets.mask_BT[..., None]
        ),
        "position": lambda: _smooth_part(predictions.position, place_B2, any_B),
        "velocity": lambda: _smooth_part(predictions.velocity, speed_B2, any_B),
        "environment": lambda: _smooth_part(
            predictions.environment, scale_environment(targets.environment_BE), any_B
        ),
    }
    parts: dict[str, Tensor] = {}
    total = pose.z_BTP.new_zeros(())
    for name, way in ways.items():
        weight = getattr(weights, name)
        if weight:
            clip_weight = clip_weight_B if name in HEAD_PARTS["pose"] else None
            parts[name] = _batch_mean(way(), clip_weight)
            total = total + weight * parts[name]
    return {**parts, "total": total}
