"""The denoiser as an ONNX graph of standard operators.

Letters of shapes: B batch, T frames, E width of a sentence vector, P = 20 numbers of a state.

| name | type | shape | holds |
|---|---|---|---|
| `states` | float | (B, T, 20) | noisy z-scored states |
| `level` | float | (B,) | noise level, 0 = clean, 1 = noise |
| `text` | float | (B, E) | sentence vectors of unit length, zeros at the end; all zeros = no text |
| `action` | int64 | (B, T) | action ids; 255 = none |
| `partner` | float | (B, T, 20) | states of the other person; all zeros = nobody |
| `camera` | float | (B, T, 3) | x, y, zoom; all zeros = none |
| `mask` | bool | (B, T) | True at real frames |
| `clean` (answer) | float | (B, T, 20) | clean states, zero on padded frames |
"""

from __future__ import annotations

import copy
import io
import warnings
from typing import TYPE_CHECKING, Any, Final

import onnx
import torch
from torch import Tensor, nn

from datasets_spec.schema import CAMERA_DIM
from stickgen_model.model.denoiser import PoseDenoiser
from stickgen_model.model.layers import RMSNorm

if TYPE_CHECKING:
    from stickgen_model.model.transformer import StickFigureTransformer

__all__ = ["INPUTS", "OUTPUT", "denoiser_graph"]

INPUTS: Final = ("states", "level", "text", "action", "partner", "camera", "mask")
OUTPUT: Final = "clean"

_OPSET: Final = 20
"""The first with GELU as one operator."""
_PER_FRAME: Final = frozenset({"states", "action", "partner", "camera", "mask", OUTPUT})


class _PlainRmsNorm(nn.Module):
    """RMSNorm by its formula: the exporter knows no operator for it."""

    def __init__(self, norm: RMSNorm) -> None:
        super().__init__()
        self.weight = norm.weight
        self.eps = norm.eps or 0.0

    def forward(self, x_BSD: Tensor) -> Tensor:
        mean_BS1 = x_BSD.square().mean(dim=-1, keepdim=True)
        return x_BSD / (mean_BS1 + self.eps).sqrt() * self.weight


class _NamedDenoiser(nn.Module):
    """`PoseDenoiser` with a fixed list of conditions."""

    def __init__(self, model: StickFigureTransformer) -> None:
        super().__init__()
        self.model = model

    def forward(
        self, states_BTP: Tensor, level_B: Tensor, text_BE: Tensor, *others: Tensor
    ) -> Tensor:
        named = dict(zip(INPUTS[2:], (text_BE, *others), strict=True))
        return PoseDenoiser(self.model)(states_BTP, level_B, named)


def denoiser_graph(model: StickFigureTransformer) -> onnx.ModelProto:
    """The denoiser of a model, float32, any batch and any number of frames.

    Args:
        model: On the CPU, without adapters; left as it is. A multimodal one is taken without
            picture.

    Returns:
        A checked model with the inputs and the answer of the table above.
    """
    plain = _plain_copy(model)
    names = [*INPUTS, OUTPUT]
    axes = {name: {0: "batch", 1: "frames"} if name in _PER_FRAME else {0: "batch"}
            for name in names}  # fmt: skip
    file: Any = io.BytesIO()  # which the exporter takes, though its types do not tell
    # this exporter is told to be the older one, and warns of every shape that is compared in
    # Python; that no shape was fixed is what the parity over many shapes shows
    with warnings.catch_warnings(), torch.no_grad():
        warnings.simplefilter("ignore")
        torch.onnx.export(
            _NamedDenoiser(plain).eval(),
            _example(plain),
            file,
            dynamo=False,
            input_names=list(INPUTS),
            output_names=[OUTPUT],
            dynamic_axes=axes,
            opset_version=_OPSET,
        )
    graph = onnx.load_from_string(file.getvalue())
    onnx.checker.check_model(graph)
    return graph


def _plain_copy(model: StickFigureTransformer) -> StickFigureTransformer:
    plain = copy.deepcopy(model).float().eval()
    for parent in list(plain.modules()):
        for name, child in list(parent.named_children()):
            if isinstance(child, RMSNorm):
                setattr(parent, name, _PlainRmsNorm(child))
    return plain


def _example(model: StickFigureTransformer) -> tuple[Tensor, ...]:
    batch, frames = 2, 12
    return (
        torch.zeros(batch, frames, model.input_dim),
        torch.ones(batch),
        torch.ones(batch, model.embedding_dim),
        torch.zeros(batch, frames, dtype=torch.int64),
        torch.ones(batch, frames, model.input_dim),
        torch.ones(batch, frames, CAMERA_DIM),
        torch.ones(batch, frames, dtype=torch.bool),
    )
