"""The motion transformer that also takes a picture of the scene.

Letters of shape suffixes: B batch, E width of a sentence vector, R rows and columns of a picture.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Self

import torch
from torch import Tensor

from stickgen_model.model.fusion import VIEWPOINT_DIM, FusionParts, make_fusion
from stickgen_model.model.image import make_image_encoder
from stickgen_model.model.transformer import StickFigureTransformer, mask_rows

if TYPE_CHECKING:
    from stickgen_model.config import ModelConfig
    from stickgen_model.model.conditions import Conditions

__all__ = ["IMAGE_PARTS", "MultimodalStickFigureTransformer", "build_model"]

IMAGE_PARTS: Final = ("image_encoder", "fusion")
"""Parts that a motion-only model does not have."""


class MultimodalStickFigureTransformer(StickFigureTransformer):
    """`StickFigureTransformer` with image encoder and fusion before its text projection.

    The motion part has the parameter names of the motion-only model, so that one can be started
    from the other.
    """

    def __init__(self, config: ModelConfig) -> None:
        super().__init__(
            config.pose_dim,
            config.d_model,
            nhead=config.heads,
            num_layers=config.layers,
            output_dim=config.pose_dim,
            embedding_dim=config.text_dim,
            num_actions=config.num_actions,
            dropout=config.dropout,
        )
        self.image_encoder = make_image_encoder(config.image_encoder, config.text_dim)
        self.fusion = make_fusion(config.fusion, config.text_dim)

    def train(self, mode: bool = True) -> Self:  # noqa: FBT001 - as of Module
        """Training or not; a frozen image encoder keeps its running statistics."""
        super().train(mode)
        learns = any(parameter.requires_grad for parameter in self.image_encoder.parameters())
        self.image_encoder.train(mode and learns)
        return self

    def fused_vector(self, conditions: Conditions, *, batch: int, like: Tensor) -> Tensor:
        """Text, picture and viewpoint as one vector, (B, E)."""
        if conditions.fused is not None:
            return conditions.fused
        view_present_B1 = _present(conditions, "viewpoint", batch=batch, like=like)
        if conditions.viewpoint is None:
            viewpoint = like.new_zeros(batch, VIEWPOINT_DIM)
        else:
            viewpoint = mask_rows(conditions.viewpoint, view_present_B1[:, 0]).to(like.dtype)
        fused_BE: Tensor = self.fusion(
            FusionParts(
                text=self._scaled_text(conditions, batch=batch, like=like),
                image=self._encoded_image(conditions, batch=batch, like=like),
                viewpoint=viewpoint,
                text_present=_present(conditions, "text", batch=batch, like=like),
                image_present=_present(conditions, "image", batch=batch, like=like),
                viewpoint_present=view_present_B1,
            )
        )
        return fused_BE

    def _encoded_image(self, conditions: Conditions, *, batch: int, like: Tensor) -> Tensor:
        """Encoded pictures, zero where there is none, (B, E)."""
        zeros_BE = like.new_zeros(batch, self.embedding_dim)
        if conditions.image is None:
            return zeros_BE
        present_B = conditions.present.get("image")
        image_B3RR = mask_rows(conditions.image, present_B).to(like.dtype)
        if present_B is None:
            encoded_BE: Tensor = self.image_encoder(image_B3RR)
            return encoded_BE
        if not self.training:
            return mask_rows(self.image_encoder(image_B3RR), present_B)
        # batch statistics are of the pictures that are there, not of blanks
        (rows,) = torch.nonzero(present_B, as_tuple=True)
        if rows.numel() == 0:
            return zeros_BE
        found = self.image_encoder(image_B3RR[rows])
        return zeros_BE.to(found.dtype).index_copy(0, rows, found)


def _present(conditions: Conditions, name: str, *, batch: int, like: Tensor) -> Tensor:
    """Which rows have the condition, (B, 1), bool."""
    if getattr(conditions, name) is None:
        return torch.zeros(batch, 1, dtype=torch.bool, device=like.device)
    flag_B = conditions.present.get(name)
    if flag_B is None:
        return torch.ones(batch, 1, dtype=torch.bool, device=like.device)
    return flag_B[:, None]


def build_model(config: ModelConfig) -> StickFigureTransformer:
    """The model of a configuration, with or without the image parts, freshly initialised."""
    if config.multimodal:
        return MultimodalStickFigureTransformer(config)
    return StickFigureTransformer.from_config(config)
