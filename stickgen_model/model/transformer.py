"""The motion transformer: an encoder over one text token and the frames.

Letters of shape suffixes: B batch, T frames, S = 1 + T tokens, D width of a token, E width of a
sentence vector, P numbers of a pose, A actions.
"""

from __future__ import annotations

import math
from dataclasses import replace
from typing import TYPE_CHECKING, Final

import torch
from torch import Tensor, nn

from datasets_spec.environment import ENVIRONMENT_DIM
from datasets_spec.schema import CAMERA_DIM, PHYSICS_DIM
from datasets_spec.vocabulary import UNLABELLED
from stickgen_model.model.conditions import Conditions
from stickgen_model.model.heads import MotionOutput, make_decoder, make_projection
from stickgen_model.model.layers import TransformerEncoder, level_sinusoid

if TYPE_CHECKING:
    from stickgen_model.config import ModelConfig

__all__ = ["StickFigureTransformer", "mask_rows"]

_ACTION_WIDTH: Final = 64
_PLANE_DIM: Final = 2


class StickFigureTransformer(nn.Module):
    """Clean motion from noisy motion (or zeros), text and other conditions.

    Tokens are `[text] + frames`. Camera, partner and actions are added to the frames they belong
    to; the noise level is added to all tokens. Padding is neither looked at nor answered: no
    output depends on what it holds. Clip heads: `position` and `velocity` are means over time,
    so they read the mean of the real frames; `environment` reads the text token, which carries
    the words about the place and has seen all frames.

    Args:
        input_dim: Numbers of a frame that goes in.
        d_model: Width of a token, a multiple of 4.
        nhead: Attention heads.
        num_layers: Encoder layers.
        output_dim: Numbers of a frame that comes out.
        embedding_dim: Numbers of a sentence vector.
        num_actions: Actions.
        dropout: Share dropped at the end of each residual branch.
    """

    def __init__(
        self,
        input_dim: int,
        d_model: int,
        *,
        nhead: int,
        num_layers: int,
        output_dim: int,
        embedding_dim: int,
        num_actions: int,
        dropout: float = 0.1,
    ) -> None:
        super().__init__()
        d = d_model
        self.input_dim, self.d_model, self.embedding_dim = input_dim, d, embedding_dim
        self.text_projection = make_projection(embedding_dim, 2 * d, d)
        self.motion_embedding = make_projection(input_dim, d // 2, d)
        self.partner_projection = make_projection(input_dim, d // 2, d)
        self.camera_projection = make_projection(CAMERA_DIM, d // 4, d)
        self.action_embedding = nn.Embedding(num_actions, _ACTION_WIDTH)
        self.action_projection = nn.Sequential(nn.Linear(_ACTION_WIDTH, d), nn.LayerNorm(d))
        self.transformer_encoder = TransformerEncoder(
            d, nhead, num_layers=num_layers, dropout=dropout
        )
        self.pose_decoder = make_decoder(d, d // 2, output_dim)
        self.position_decoder = make_decoder(d, d // 4, _PLANE_DIM)
        self.velocity_decoder = make_decoder(d, d // 4, _PLANE_DIM)
        self.action_predictor = make_decoder(d, d // 2, num_actions)
        self.physics_decoder = make_decoder(d, d // 2, PHYSICS_DIM)
        self.environment_decoder = make_decoder(d, d // 2, ENVIRONMENT_DIM)

    @classmethod
    def from_config(cls, config: ModelConfig) -> StickFigureTransformer:
        """The motion part of a configured model; see `build_model` for either kind."""
        return cls(
            config.pose_dim,
            config.d_model,
            nhead=config.heads,
            num_layers=config.layers,
            output_dim=config.pose_dim,
            embedding_dim=config.text_dim,
            num_actions=config.num_actions,
            dropout=config.dropout,
        )

    @property
    def gradient_checkpointing(self) -> bool:
        """Trade time for memory in training; see `TransformerEncoder`."""
        return self.transformer_encoder.gradient_checkpointing

    @gradient_checkpointing.setter
    def gradient_checkpointing(self, value: bool) -> None:
        self.transformer_encoder.gradient_checkpointing = value

    def forward(
        self,
        motion_BTP: Tensor,
        conditions: Conditions | None = None,
        *,
        mask_BT: Tensor | None = None,
        noise_level_B: Tensor | None = None,
    ) -> MotionOutput:
        """Predict the clean motion and what belongs to it.

        Args:
            motion_BTP: Noisy motion, or zeros.
            conditions: What the motion should be; None = nothing is asked.
            mask_BT: True at real frames; padding may hold anything, NaN too. None = no padding.
            noise_level_B: Noise in [0, 1]; None adds nothing to the tokens.

        Returns:
            The predictions; on padded frames they are zero.

        Raises:
            ValueError: If shapes do not fit, or an image comes to a motion-only model.
        """
        asked = Conditions() if conditions is None else conditions
        self._check(motion_BTP, asked, mask_BT=mask_BT, noise_level_B=noise_level_B)
        mask_BT = _none_if_full(mask_BT)
        frames_BTD = self.motion_embedding(mask_rows(motion_BTP, mask_BT))
        frames_BTD = frames_BTD + self._added(asked, mask_BT, like=frames_BTD)
        fused_BE = self.fused_vector(asked, batch=motion_BTP.shape[0], like=motion_BTP)
        text_BD = self.text_projection(fused_BE)
        if noise_level_B is not None:
            level_BD = level_sinusoid(noise_level_B, self.d_model).to(frames_BTD.dtype)
            text_BD = text_BD + level_BD
            frames_BTD = frames_BTD + level_BD[:, None]
        # under autocast the sum that runs through the layers stays in float32
        tokens_BSD = torch.cat((text_BD[:, None], frames_BTD), dim=1).to(
            self.action_embedding.weight.dtype
        )
        mask_BS = None if mask_BT is None else nn.functional.pad(mask_BT, (1, 0), value=True)
        return self._decode(self.transformer_encoder(tokens_BSD, mask_BS=mask_BS), mask_BT)

    def fuse(self, conditions: Conditions, *, batch: int, like: Tensor) -> Conditions:
        """Do once what does not change from one sampling step to the next.

        Args:
            conditions: What the motion should be.
            batch: B.
            like: A tensor of the wanted device and dtype.

        Returns:
            The same, with `fused` in place of text, image and viewpoint.
        """
        fused_BE = self.fused_vector(conditions, batch=batch, like=like)
        if conditions.fused is not None:
            return conditions
        return replace(conditions.without("text", "image", "viewpoint"), fused=fused_BE)

    def fused_vector(self, conditions: Conditions, *, batch: int, like: Tensor) -> Tensor:
        """The vector that becomes the text token, (B, E); a multimodal model overrides this."""
        if conditions.fused is not None:
            return conditions.fused
        if conditions.image is not None or conditions.viewpoint is not None:
            msg = "expected no image and no viewpoint, got one; this model has no image encoder"
            raise ValueError(msg)
        return self._scaled_text(conditions, batch=batch, like=like)

    def _scaled_text(self, conditions: Conditions, *, batch: int, like: Tensor) -> Tensor:
        """Sentence vectors with numbers of about unit size, zero where there is no text."""
        if conditions.text is None:
            return like.new_zeros(batch, self.embedding_dim)
        text_BE = mask_rows(conditions.text, conditions.present.get("text"))
        return text_BE.to(like.dtype) * math.sqrt(self.embedding_dim)

    def _added(self, conditions: Conditions, mask_BT: Tensor | None, *, like: Tensor) -> Tensor:
        """Sum of all that is added to the frames, (B, T, D)."""
        total_BTD = torch.zeros_like(like)
        for name, project in (
            ("camera", self.camera_projection),
            ("partner", self.partner_projection),
            ("action", self._project_action),
        ):
            value = getattr(conditions, name)
            if value is None:
                continue
            keep_BT = _both(conditions.present.get(name), mask_BT)
            if name == "action":
                labelled_BT = value != UNLABELLED
                keep_BT = labelled_BT if keep_BT is None else keep_BT & labelled_BT
            total_BTD = total_BTD + mask_rows(project(mask_rows(value, keep_BT)), keep_BT)
        return total_BTD

    def _project_action(self, ids_BT: Tensor) -> Tensor:
        added_BTD: Tensor = self.action_projection(self.action_embedding(ids_BT.long()))
        return added_BTD

    def _decode(self, tokens_BSD: Tensor, mask_BT: Tensor | None) -> MotionOutput:
        text_BD, frames_BTD = tokens_BSD[:, 0], tokens_BSD[:, 1:]
        if mask_BT is None:
            mean_BD = frames_BTD.mean(dim=1)
        else:
            count_B1 = mask_BT.sum(dim=1, keepdim=True).clamp(min=1)
            mean_BD = mask_rows(frames_BTD, mask_BT).sum(dim=1) / count_B1
        return MotionOutput(
            pose=mask_rows(self.pose_decoder(frames_BTD), mask_BT),
            position=self.position_decoder(mean_BD),
            velocity=self.velocity_decoder(mean_BD),
            action_logits=mask_rows(self.action_predictor(frames_BTD), mask_BT),
            physics=mask_rows(self.physics_decoder(frames_BTD), mask_BT),
            environment=self.environment_decoder(text_BD),
        )

    def _check(
        self,
        motion_BTP: Tensor,
        conditions: Conditions,
        *,
        mask_BT: Tensor | None,
        noise_level_B: Tensor | None,
    ) -> None:
        if motion_BTP.ndim != 3 or motion_BTP.shape[2] != self.input_dim:
            msg = f"motion: expected shape (B, T, {self.input_dim}), got {tuple(motion_BTP.shape)}"
            raise ValueError(msg)
        batch, frames, pose_dim = motion_BTP.shape
        fits = mask_BT is None or (mask_BT.shape, mask_BT.dtype) == ((batch, frames), torch.bool)
        if mask_BT is not None and not fits:
            got = f"{mask_BT.dtype} {tuple(mask_BT.shape)}"
            msg = f"mask: expected bool ({batch}, {frames}), got {got}"
            raise ValueError(msg)
        if noise_level_B is not None and noise_level_B.shape != (batch,):
            got = str(tuple(noise_level_B.shape))
            msg = f"noise level: expected shape ({batch},), got {got}"
            raise ValueError(msg)
        conditions.check(batch=batch, frames=frames, pose_dim=pose_dim, text_dim=self.embedding_dim)


def mask_rows(value: Tensor, keep: Tensor | None) -> Tensor:
    """The value where `keep` holds, zero elsewhere, even where the value is NaN.

    Args:
        value: Any shape.
        keep: Bool, the leading dimensions of `value`; None keeps all.
    """
    if keep is None:
        return value
    spread = keep.reshape(*keep.shape, *([1] * (value.ndim - keep.ndim)))
    return torch.where(spread, value, torch.zeros((), dtype=value.dtype, device=value.device))


def _none_if_full(mask_BT: Tensor | None) -> Tensor | None:
    """The mask if it hides something: attention without one is faster.

    Looking costs a wait on an accelerator and a second program under a compiler, so only a CPU
    looks.
    """
    looks = mask_BT is not None and mask_BT.device.type == "cpu"
    if not looks or torch.compiler.is_compiling() or torch._C._is_tracing():
        return mask_BT
    return None if mask_BT is not None and bool(mask_BT.all()) else mask_BT


def _both(present_B: Tensor | None, mask_BT: Tensor | None) -> Tensor | None:
    """Both masks in one, (B, T), or (B, 1) where nothing is padded."""
    if present_B is None:
        return mask_BT
    return present_B[:, None] if mask_BT is None else present_B[:, None] & mask_BT
