"""The transformer as a sampler calls it.

Letters of shape suffixes: B batch, T frames, P numbers of a pose.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import torch

from stickgen_model.model.conditions import Conditions

if TYPE_CHECKING:
    from collections.abc import Mapping

    from torch import Tensor

    from stickgen_model.model.transformer import StickFigureTransformer

__all__ = ["PoseDenoiser"]


class PoseDenoiser:
    """Predicts the clean clip from noisy states and named tensors.

    Args:
        model: In the mode (training or not) that is wanted.
    """

    def __init__(self, model: StickFigureTransformer) -> None:
        self._model = model
        self._dtype = next(model.parameters()).dtype
        self._fused: tuple[Mapping[str, Tensor], Conditions] | None = None

    def __call__(self, x_BTP: Tensor, t_B: Tensor, conditions: Mapping[str, Tensor]) -> Tensor:
        """Predict the clean states, (B, T, P), zero on padded frames.

        Args:
            x_BTP: Noisy states.
            t_B: Noise level in [0, 1].
            conditions: As of `Conditions.from_tensors`; `mask` (B, T), bool, says which frames
                are real.
        """
        # a model in halves computes in halves; the sampler around it stays in float32
        noisy_BTP = x_BTP.to(self._dtype)
        output = self._model(
            noisy_BTP,
            self._asked(conditions, noisy_BTP),
            mask_BT=conditions.get("mask"),
            noise_level_B=t_B,
        )
        pose_BTP: Tensor = output.pose
        return pose_BTP.float() if self._dtype == torch.float16 else pose_BTP

    def _asked(self, conditions: Mapping[str, Tensor], like: Tensor) -> Conditions:
        """The conditions, their pictures encoded.

        A sampler asks with the same mapping at every step, so pictures are encoded once.
        """
        if "image" not in conditions or self._model.training:
            return self._conditions(conditions)
        if self._fused is None or self._fused[0] is not conditions:
            asked = self._conditions(conditions)
            with torch.no_grad():
                fused = self._model.fuse(asked, batch=like.shape[0], like=like)
            self._fused = (conditions, fused)
        return self._fused[1]

    def _conditions(self, tensors: Mapping[str, Tensor]) -> Conditions:
        return Conditions.from_tensors(
            {
                name: value.to(self._dtype) if value.is_floating_point() else value
                for name, value in tensors.items()
            }
        )
