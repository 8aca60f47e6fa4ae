"""The transformer as a sampler calls it.

Letters of shape suffixes: B batch, T frames, P numbers of a pose.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

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

    def __call__(self, x_BTP: Tensor, t_B: Tensor, conditions: Mapping[str, Tensor]) -> Tensor:
        """Predict the clean states, (B, T, P), zero on padded frames.

        Args:
            x_BTP: Noisy states.
            t_B: Noise level in [0, 1].
            conditions: As of `Conditions.from_tensors`; `mask` (B, T), bool, says which frames
                are real.
        """
        output = self._model(
            x_BTP,
            Conditions.from_tensors(conditions),
            mask_BT=conditions.get("mask"),
            noise_level_B=t_B,
        )
        pose_BTP: Tensor = output.pose
        return pose_BTP
