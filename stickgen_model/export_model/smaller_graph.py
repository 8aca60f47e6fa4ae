"""ONNX graphs of smaller weights: halves, or 8-bit integers.

fp16: matrices are kept as halves and widened when the file is opened; everything is computed in
float32, on every machine alike. int8: matrices are kept as 8-bit integers with a scale for each
column, and what comes in is rounded to 8 bits at run time (dynamic quantisation).
"""

from __future__ import annotations

import logging
import warnings
from typing import TYPE_CHECKING

import numpy as np
import onnx
from onnx import helper, numpy_helper
from onnxruntime.quantization import QuantType, quantize_dynamic

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["halve_graph", "quantise_graph"]


def halve_graph(graph: onnx.ModelProto) -> onnx.ModelProto:
    """A copy whose matrices are stored as halves; vectors stay."""
    halved = onnx.ModelProto()
    halved.CopyFrom(graph)
    casts = []
    for tensor in halved.graph.initializer:
        if tensor.data_type != onnx.TensorProto.FLOAT or len(tensor.dims) < 2:
            continue
        name, stored = tensor.name, f"{tensor.name}.half"
        half = numpy_helper.to_array(tensor).astype(np.float16)
        tensor.CopyFrom(numpy_helper.from_array(half, stored))
        casts.append(helper.make_node("Cast", [stored], [name], to=onnx.TensorProto.FLOAT))
    nodes = [*casts, *halved.graph.node]
    del halved.graph.node[:]
    halved.graph.node.extend(nodes)
    onnx.checker.check_model(halved)
    return halved


def quantise_graph(graph: onnx.ModelProto, scratch: Path) -> onnx.ModelProto:
    """A copy whose matrix products with weights are done in 8-bit integers.

    Args:
        graph: float32.
        scratch: Name of a file that may be written and is taken away again.
    """
    with warnings.catch_warnings(), _quiet():
        warnings.simplefilter("ignore")
        try:
            quantize_dynamic(
                graph,
                scratch,
                op_types_to_quantize=["MatMul", "Gemm"],
                per_channel=True,
                # 7 bits for weights: with 8, CPUs without VNNI let sums of products overflow
                reduce_range=True,
                weight_type=QuantType.QInt8,
                extra_options={"MatMulConstBOnly": True},
            )
            quantised = onnx.load(scratch)
        finally:
            scratch.unlink(missing_ok=True)
    onnx.checker.check_model(quantised)
    return quantised


class _quiet:  # noqa: N801 - a context
    """The advice of the quantiser goes to the root logger; it is about convolutions."""

    def __enter__(self) -> None:
        self._before = logging.root.manager.disable
        logging.disable(logging.WARNING)

    def __exit__(self, *_: object) -> None:
        logging.disable(self._before)
