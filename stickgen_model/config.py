"""What a model is made of: the variants and their checks. Importing it loads no torch."""

from __future__ import annotations

from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from datasets_spec.errors import ConfigError
from datasets_spec.skeleton import POSE_DIM
from datasets_spec.vocabulary import NUM_ACTIONS, UNLABELLED

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = [
    "FUSIONS",
    "IMAGE_ENCODERS",
    "IMAGE_SIZE",
    "PUBLIC_VARIANTS",
    "TEXT_DIM",
    "VARIANTS",
    "VIEWPOINT_DIM",
    "ModelConfig",
    "variant_config",
]

TEXT_DIM: Final = 1024
"""Numbers of a sentence vector of the default text encoder, BAAI/bge-large-en-v1.5."""

IMAGE_SIZE: Final = 256
"""Rows and columns of a picture that a multimodal model takes."""

VIEWPOINT_DIM: Final = 7
"""Camera of a picture: position (3), target (3), field of view (1)."""

IMAGE_ENCODERS: Final = ("lightweight_cnn", "resnet", "mini_vit")
FUSIONS: Final = ("gated", "cross_attention", "concat", "film")
PUBLIC_VARIANTS: Final = ("small", "medium", "large")
"""Variants whose sizes are quoted publicly; `tiny` is for tests and laptops."""

_FUSION_HEADS: Final = 16


@dataclass(frozen=True, kw_only=True, slots=True)
class ModelConfig:
    """Everything that fixes the shape of a model.

    Attributes:
        variant: Name of the size, for people; any word for a size of one's own.
        d_model: Width of a token; a multiple of 4.
        layers: Encoder layers.
        heads: Attention heads; each gets an even share of `d_model`.
        num_actions: Actions that the model tells apart, 1..255.
        pose_dim: Numbers of a frame.
        text_dim: Numbers of a sentence vector.
        dropout: Share dropped at the end of each residual branch in training, [0, 1).
        multimodal: With image encoder and fusion, or motion only.
        image_encoder: One of IMAGE_ENCODERS; used when multimodal.
        fusion: One of FUSIONS; used when multimodal.
    """

    variant: str
    d_model: int
    layers: int
    heads: int
    num_actions: int = NUM_ACTIONS
    pose_dim: int = POSE_DIM
    text_dim: int = TEXT_DIM
    dropout: float = 0.1
    multimodal: bool = False
    image_encoder: str = "lightweight_cnn"
    fusion: str = "gated"

    def __post_init__(self) -> None:
        """Collect all faults and raise once."""
        faults = [f"expected {want}, got {got!r}" for ok, want, got in self._checks() if not ok]
        if faults:
            msg = f"model {self.variant!r}: " + "; ".join(faults)
            raise ConfigError(msg)

    def _checks(self) -> list[tuple[bool, str, object]]:
        sizes = ("layers", "heads", "pose_dim", "text_dim")
        heads = max(self.heads, 1)
        wide = self.d_model > 0 and self.d_model % 4 == 0 and self.d_model % (2 * heads) == 0
        fusible = self.text_dim % _FUSION_HEADS == 0 or not self.multimodal
        return [
            *((getattr(self, n) >= 1, f"{n} >= 1", getattr(self, n)) for n in sizes),
            (wide, "d_model a multiple of 4 and of 2 x heads", self.d_model),
            (1 <= self.num_actions <= UNLABELLED, "num_actions 1..255", self.num_actions),
            (0.0 <= self.dropout < 1.0, "dropout in [0, 1)", self.dropout),
            (fusible, f"text_dim a multiple of {_FUSION_HEADS}", self.text_dim),
            (self.image_encoder in IMAGE_ENCODERS, f"one of {IMAGE_ENCODERS}", self.image_encoder),
            (self.fusion in FUSIONS, f"one of {FUSIONS}", self.fusion),
        ]


VARIANTS: Final[Mapping[str, ModelConfig]] = MappingProxyType(
    {
        "tiny": ModelConfig(variant="tiny", d_model=64, layers=2, heads=2),
        "small": ModelConfig(variant="small", d_model=256, layers=6, heads=8),
        "medium": ModelConfig(variant="medium", d_model=384, layers=8, heads=12),
        "large": ModelConfig(
            variant="large",
            d_model=512,
            layers=10,
            heads=16,
            image_encoder="resnet",
            fusion="cross_attention",
        ),
    }
)
"""The named sizes, motion only, with the multimodal parts that belong to each."""


def variant_config(
    name: str,
    *,
    multimodal: bool = False,
    num_actions: int = NUM_ACTIONS,
    text_dim: int = TEXT_DIM,
) -> ModelConfig:
    """The configuration of a named size.

    Raises:
        ConfigError: If there is no such variant, or a number does not fit.
    """
    if name not in VARIANTS:
        msg = f"expected a variant of {', '.join(VARIANTS)}; got {name!r}"
        raise ConfigError(msg)
    return replace(
        VARIANTS[name], multimodal=multimodal, num_actions=num_actions, text_dim=text_dim
    )
