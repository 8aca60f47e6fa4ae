"""What generated people do, frame by frame, as the model itself sees it.

Letters of shapes: C scenes, N actors, T frames, A actions, S sentences, E width of a sentence.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
import torch

from datasets_spec.skeleton import POSE_DIM
from datasets_spec.vocabulary import UNLABELLED
from stickgen_model.diffusion.joined import JoinedDenoiser, plan_stretches
from stickgen_model.model.conditions import Conditions

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray
    from torch import Tensor

    from stickgen_model.codec import MotionCodec
    from stickgen_model.diffusion.windows import WindowConfig
    from stickgen_model.model.transformer import StickFigureTransformer
    from stickgen_model.scenes import Motions

__all__ = ["SURE", "MotionLabels", "label_motions", "no_labels"]

SURE: Final = 0.5
"""Confidence from which a label is taken: of real clips that a small model was sure of so far,
four frames of five were right (measured, 200 clips)."""

_LEVEL: Final = 0.02
"""Noise level at which it is asked: the least of the training."""
_SMOOTH: Final = 13
"""Frames over which opinions are averaged, half a second: people do not change by the frame."""


@dataclass(frozen=True, eq=False, kw_only=True, slots=True)
class MotionLabels:
    """Actions of generated scenes.

    Attributes:
        actions: Likeliest action, shape (C, N, T), uint8; 255 on padded frames.
        confidence: How likely it is, shape (C, N, T), float32, 0..1.
    """

    actions: NDArray[np.uint8]
    confidence: NDArray[np.float32]

    def sure(self, number: int, num_frames: int, *, otherwise: int) -> NDArray[np.uint8]:
        """Ids of one scene, (N, T); where the model is not sure, `otherwise`."""
        known = self.confidence[number, :, :num_frames] >= SURE
        ids = np.where(known, self.actions[number, :, :num_frames], otherwise)
        return ids.astype(np.uint8)


def no_labels(motions: Motions) -> MotionLabels:
    """Nothing is known of any frame."""
    shape = motions.joints.shape[:3]
    return MotionLabels(
        actions=np.full(shape, UNLABELLED, dtype=np.uint8),
        confidence=np.zeros(shape, dtype=np.float32),
    )


def label_motions(
    model: StickFigureTransformer,
    motions: Motions,
    *,
    codec: MotionCodec,
    text: Tensor,
    window: WindowConfig,
) -> MotionLabels:
    """Ask the action head of a model about clean motion.

    Args:
        model: In evaluation mode.
        motions: Scenes.
        codec: Of the states.
        text: What was asked, (C, E); (1, S, E) for the parts of a script.
        window: How many frames the model is asked about at a time.
    """
    labels = no_labels(motions)
    device = codec.mean_P.device
    for number, length in enumerate(motions.lengths):
        sections = [part.num_frames for part in motions.script] or [length]
        stretches = plan_stretches(sections, frames=window.frames, overlap=window.overlap)
        joined = JoinedDenoiser(_ActionHead(model), stretches, total=length)
        clips = motions.joints[number, :, :length].reshape(-1, length, POSE_DIM)
        states = codec.encode(torch.from_numpy(np.ascontiguousarray(clips)).to(device))
        vectors = text[number : number + 1].to(device)
        conditions = {"text": vectors.expand(len(states), *vectors.shape[1:])}
        levels = torch.full((len(states),), _LEVEL, device=device)
        with torch.no_grad():
            shares = _smooth(joined(states, levels, conditions))
        found = shares.max(dim=-1)
        labels.actions[number, :, :length] = found.indices.to(torch.uint8).cpu().numpy()
        labels.confidence[number, :, :length] = found.values.cpu().numpy()
    return labels


class _ActionHead:
    """Shares of all actions where a denoiser gives states."""

    def __init__(self, model: StickFigureTransformer) -> None:
        self._model = model

    def __call__(self, x_BTP: Tensor, t_B: Tensor, conditions: Mapping[str, Tensor]) -> Tensor:
        output = self._model(
            x_BTP,
            Conditions.from_tensors(conditions),
            mask_BT=conditions["mask"],
            noise_level_B=t_B,
        )
        shares: Tensor = output.action_logits.float().softmax(dim=-1)
        return shares


def _smooth(shares_BTA: Tensor) -> Tensor:
    """Mean over the frames around each, fewer at the ends."""
    half = _SMOOTH // 2
    summed = torch.nn.functional.avg_pool1d(
        shares_BTA.transpose(1, 2), _SMOOTH, stride=1, padding=half, count_include_pad=False
    )
    return summed.transpose(1, 2)
