"""Image encoders: a picture becomes one vector as wide as a sentence vector.

Letters of shape suffixes: B batch, N channels, R rows and columns, L patches, W width inside
the encoder, E width of a sentence vector.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import torch
from torch import Tensor, nn
from torch.nn import functional as F  # noqa: N812

from stickgen_model.config import IMAGE_ENCODERS, IMAGE_SIZE

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["IMAGE_SIZE", "LightweightCnn", "MiniVit", "ResNet", "make_image_encoder"]

_RGB: Final = 3
_LIGHT_CHANNELS: Final = (32, 64, 128, 256, 512)
_RESNET_CHANNELS: Final = (64, 128, 256, 512)
_RESNET_BLOCKS: Final = 2
_PATCH: Final = 16
_VIT_WIDTH: Final = 256
_VIT_HEADS: Final = 8
_VIT_LAYERS: Final = 5
_VIT_DROPOUT: Final = 0.1
_INIT_STD: Final = 0.02


class _ImageEncoder(nn.Module):
    """A trunk, then `trunk>out, LayerNorm`."""

    def __init__(self, trunk_width: int, out_width: int) -> None:
        super().__init__()
        self.projection = nn.Linear(trunk_width, out_width)
        self.norm = nn.LayerNorm(out_width)

    def forward(self, image_B3RR: Tensor) -> Tensor:
        """Encode pictures.

        Args:
            image_B3RR: RGB, values 0..1, 256 x 256.

        Returns:
            Shape (B, E).
        """
        features_BW = self._trunk(2.0 * image_B3RR - 1.0)
        out_BE: Tensor = self.norm(self.projection(features_BW))
        return out_BE

    def _trunk(self, image_B3RR: Tensor) -> Tensor:
        """One vector of the trunk's width a picture; values come in -1..1."""
        raise NotImplementedError


class LightweightCnn(_ImageEncoder):
    """Five stride-2 convolutions, 7x7 then 3x3, mean pool; 2,100,768 numbers at 1024-d."""

    def __init__(self, out_width: int) -> None:
        super().__init__(_LIGHT_CHANNELS[-1], out_width)
        blocks: list[nn.Module] = []
        before = _RGB
        for after in _LIGHT_CHANNELS:
            kernel = 7 if before == _RGB else 3
            blocks += [_conv(before, after, kernel=kernel, stride=2), nn.GELU()]
            before = after
        self.blocks = nn.Sequential(*blocks)

    def _trunk(self, image_B3RR: Tensor) -> Tensor:
        maps_BNRR: Tensor = self.blocks(image_B3RR)
        return maps_BNRR.mean(dim=(2, 3))


class ResNet(_ImageEncoder):
    """An 18-layer residual trunk from 64 channels, mean pool; 11,703,872 numbers at 1024-d.

    Source: He et al., Deep Residual Learning, 2015 (arXiv 1512.03385), table 1, 18 layers.
    """

    def __init__(self, out_width: int) -> None:
        super().__init__(_RESNET_CHANNELS[-1], out_width)
        first = _RESNET_CHANNELS[0]
        self.stem = nn.Sequential(
            _conv(_RGB, first, kernel=7, stride=2), nn.ReLU(), nn.MaxPool2d(3, stride=2, padding=1)
        )
        blocks: list[nn.Module] = []
        before = first
        for after in _RESNET_CHANNELS:
            blocks.append(_ResidualBlock(before, after, stride=1 if after == first else 2))
            blocks += [_ResidualBlock(after, after, stride=1) for _ in range(_RESNET_BLOCKS - 1)]
            before = after
        self.blocks = nn.Sequential(*blocks)

    def _trunk(self, image_B3RR: Tensor) -> Tensor:
        maps_BNRR: Tensor = self.blocks(self.stem(image_B3RR))
        return maps_BNRR.mean(dim=(2, 3))


class _ResidualBlock(nn.Module):
    def __init__(self, before: int, after: int, *, stride: int) -> None:
        super().__init__()
        self.first = _conv(before, after, kernel=3, stride=stride)
        self.second = _conv(after, after, kernel=3, stride=1)
        same = before == after and stride == 1
        self.shortcut = nn.Identity() if same else _conv(before, after, kernel=1, stride=stride)

    def forward(self, maps_BNRR: Tensor) -> Tensor:
        inner_BNRR = self.second(F.relu(self.first(maps_BNRR)))
        return F.relu(inner_BNRR + self.shortcut(maps_BNRR))


class MiniVit(_ImageEncoder):
    """Patches of 16 x 16, five pre-norm attention layers of width 256; 4,476,928 at 1024-d.

    Source: Dosovitskiy et al., An Image is Worth 16x16 Words, 2020 (arXiv 2010.11929).
    """

    def __init__(self, out_width: int) -> None:
        super().__init__(_VIT_WIDTH, out_width)
        self.patches = nn.Conv2d(_RGB, _VIT_WIDTH, kernel_size=_PATCH, stride=_PATCH)
        self.places = nn.Parameter(torch.zeros((IMAGE_SIZE // _PATCH) ** 2, _VIT_WIDTH))
        nn.init.trunc_normal_(self.places, std=_INIT_STD)
        self.layers = nn.ModuleList(
            nn.TransformerEncoderLayer(
                _VIT_WIDTH,
                _VIT_HEADS,
                dim_feedforward=4 * _VIT_WIDTH,
                dropout=_VIT_DROPOUT,
                activation=F.gelu,
                batch_first=True,
                norm_first=True,
            )
            for _ in range(_VIT_LAYERS)
        )
        self.last_norm = nn.LayerNorm(_VIT_WIDTH)

    def _trunk(self, image_B3RR: Tensor) -> Tensor:
        tokens_BLW = self.patches(image_B3RR).flatten(2).transpose(1, 2) + self.places
        for layer in self.layers:
            tokens_BLW = layer(tokens_BLW)
        pooled_BW: Tensor = self.last_norm(tokens_BLW).mean(dim=1)
        return pooled_BW


def _conv(before: int, after: int, *, kernel: int, stride: int) -> nn.Sequential:
    """Bias-free convolution and BatchNorm."""
    return nn.Sequential(
        nn.Conv2d(before, after, kernel, stride=stride, padding=kernel // 2, bias=False),
        nn.BatchNorm2d(after),
    )


_ENCODERS: Final[dict[str, Callable[[int], nn.Module]]] = {
    "lightweight_cnn": LightweightCnn,
    "resnet": ResNet,
    "mini_vit": MiniVit,
}
assert tuple(_ENCODERS) == IMAGE_ENCODERS


def make_image_encoder(name: str, out_width: int) -> nn.Module:
    """The image encoder of that name.

    Args:
        name: One of `stickgen_model.config.IMAGE_ENCODERS`.
        out_width: E.

    Raises:
        ValueError: If there is no such encoder.
    """
    if name not in _ENCODERS:
        msg = f"expected an image encoder of {IMAGE_ENCODERS}, got {name!r}"
        raise ValueError(msg)
    return _ENCODERS[name](out_width)
