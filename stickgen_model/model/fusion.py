"""Fusion: text, picture and the picture's camera become one vector in place of the text's.

Every part can be absent on its own; what is absent takes no part, whatever it holds.
Letters of shape suffixes: B batch, E width of a sentence vector, V = 7 numbers of a viewpoint,
M parts, H heads, K width of a head.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import torch
from torch import Tensor, nn
from torch.nn import functional as F  # noqa: N812

from stickgen_model.config import FUSIONS, VIEWPOINT_DIM

__all__ = [
    "VIEWPOINT_DIM",
    "ConcatFusion",
    "CrossAttentionFusion",
    "FilmFusion",
    "FusionParts",
    "GatedFusion",
    "make_fusion",
]

_CAMERA_HIDDEN: Final = 256
_FILM_HIDDEN: Final = 48
_HEADS: Final = 16
_HIDDEN_RATIO: Final = 4


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class FusionParts:
    """What is fused; rows of absent parts are zero.

    Attributes:
        text: Scaled sentence vectors, (B, E).
        image: Encoded pictures, (B, E).
        viewpoint: Position, target, field of view of the pictures' camera, (B, 7).
        text_present: (B, 1), bool, as the next two.
        image_present: Likewise.
        viewpoint_present: Likewise.
    """

    text: Tensor
    image: Tensor
    viewpoint: Tensor
    text_present: Tensor
    image_present: Tensor
    viewpoint_present: Tensor


class _ProjectedFusion(nn.Module):
    """The three projections that gated and cross-attention fusion share."""

    def __init__(self, width: int) -> None:
        super().__init__()
        self.text_projection = nn.Linear(width, width)
        self.image_projection = nn.Linear(width, width)
        self.camera_projection = nn.Sequential(
            nn.Linear(VIEWPOINT_DIM, _CAMERA_HIDDEN),
            nn.GELU(),
            nn.Linear(_CAMERA_HIDDEN, width),
        )

    def _project(self, parts: FusionParts) -> tuple[Tensor, Tensor, Tensor]:
        """Each (B, E), zero where the part is absent."""
        return (
            self.text_projection(parts.text) * parts.text_present,
            self.image_projection(parts.image) * parts.image_present,
            self.camera_projection(parts.viewpoint) * parts.viewpoint_present,
        )


class GatedFusion(_ProjectedFusion):
    """A sum of the three, each weighed by a gate of one number; 2,368,522 at 1024-d.

    A gate reads its own part: text, picture, and the seven camera numbers as they are.
    """

    def __init__(self, width: int) -> None:
        super().__init__(width)
        self.text_gate = nn.Linear(width, 1)
        self.image_gate = nn.Linear(width, 1)
        self.camera_gate = nn.Linear(VIEWPOINT_DIM, 1)
        self.norm = nn.LayerNorm(width)

    def forward(self, parts: FusionParts) -> Tensor:
        """Fuse to shape (B, E)."""
        text_BE, image_BE, camera_BE = self._project(parts)
        out_BE: Tensor = self.norm(
            torch.sigmoid(self.text_gate(parts.text)) * text_BE
            + torch.sigmoid(self.image_gate(parts.image)) * image_BE
            + torch.sigmoid(self.camera_gate(parts.viewpoint)) * camera_BE
        )
        return out_BE


class CrossAttentionFusion(_ProjectedFusion):
    """The text asks text, picture and camera; 14,960,640 at 1024-d.

    The text is among the keys, so that there is always one to look at.
    """

    def __init__(self, width: int) -> None:
        super().__init__(width)
        self.q_proj = nn.Linear(width, width)
        self.k_proj = nn.Linear(width, width)
        self.v_proj = nn.Linear(width, width)
        self.out_proj = nn.Linear(width, width)
        self.attention_norm = nn.LayerNorm(width)
        self.feed_forward = nn.Sequential(
            nn.Linear(width, _HIDDEN_RATIO * width),
            nn.GELU(),
            nn.Linear(_HIDDEN_RATIO * width, width),
        )
        self.feed_forward_norm = nn.LayerNorm(width)

    def forward(self, parts: FusionParts) -> Tensor:
        """Fuse to shape (B, E)."""
        projected = self._project(parts)
        text_BE = projected[0]
        keys_BME = torch.stack(projected, dim=1)
        mask_BM = torch.cat(
            (
                torch.ones_like(parts.text_present),
                parts.image_present,
                parts.viewpoint_present,
            ),
            dim=1,
        )
        mixed_BHMK = F.scaled_dot_product_attention(
            _split(self.q_proj(text_BE[:, None])),
            _split(self.k_proj(keys_BME)),
            _split(self.v_proj(keys_BME)),
            attn_mask=mask_BM[:, None, None, :],
        )
        mixed_BE = self.out_proj(mixed_BHMK.transpose(1, 2).flatten(1))
        x_BE = self.attention_norm(text_BE + mixed_BE)
        out_BE: Tensor = self.feed_forward_norm(x_BE + self.feed_forward(x_BE))
        return out_BE


def _split(x_BME: Tensor) -> Tensor:
    return x_BME.reshape(*x_BME.shape[:2], _HEADS, -1).transpose(1, 2)


class ConcatFusion(nn.Module):
    """All three side by side through one layer; 2,107,392 at 1024-d."""

    def __init__(self, width: int) -> None:
        super().__init__()
        self.projection = nn.Linear(2 * width + VIEWPOINT_DIM, width)
        self.norm = nn.LayerNorm(width)

    def forward(self, parts: FusionParts) -> Tensor:
        """Fuse to shape (B, E)."""
        joined = torch.cat((parts.text, parts.image, parts.viewpoint), dim=-1)
        out_BE: Tensor = self.norm(self.projection(joined))
        return out_BE


class FilmFusion(nn.Module):
    """Picture and camera scale and shift the text; 2,201,984 at 1024-d.

    Source: Perez et al., FiLM, 2017 (arXiv 1709.07871).
    """

    def __init__(self, width: int) -> None:
        super().__init__()
        self.image_film = nn.Linear(width, 2 * width)
        self.camera_film = nn.Sequential(
            nn.Linear(VIEWPOINT_DIM, _FILM_HIDDEN),
            nn.GELU(),
            nn.Linear(_FILM_HIDDEN, 2 * width),
        )
        self.norm = nn.LayerNorm(width)

    def forward(self, parts: FusionParts) -> Tensor:
        """Fuse to shape (B, E)."""
        film = (
            self.image_film(parts.image) * parts.image_present
            + self.camera_film(parts.viewpoint) * parts.viewpoint_present
        )
        scale_BE, shift_BE = film.chunk(2, dim=-1)
        out_BE: Tensor = self.norm(parts.text * (1.0 + scale_BE) + shift_BE)
        return out_BE


_FUSIONS: Final[dict[str, type[nn.Module]]] = {
    "gated": GatedFusion,
    "cross_attention": CrossAttentionFusion,
    "concat": ConcatFusion,
    "film": FilmFusion,
}
assert tuple(_FUSIONS) == FUSIONS


def make_fusion(name: str, width: int) -> nn.Module:
    """The fusion of that name.

    Args:
        name: One of `stickgen_model.config.FUSIONS`.
        width: E.

    Raises:
        ValueError: If there is no such fusion.
    """
    if name not in _FUSIONS:
        msg = f"expected a fusion of {FUSIONS}, got {name!r}"
        raise ValueError(msg)
    return _FUSIONS[name](width)
