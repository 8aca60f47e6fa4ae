"""What an ONNX file says about itself, in its metadata; enough to use it without torch.

- `stickgen.format`: `stickgen-onnx-1`
- `stickgen.precision`: fp32, fp16 or int8
- `stickgen.checkpoint`: JSON, as `config.json` of a checkpoint: model, text encoder, schedule
- `stickgen.codec`: JSON, `mean` and `std` of the 20 numbers of a state
- `stickgen.joints`: JSON, names of the joints in the order of the numbers
- `stickgen.fps`: frames a second

A state is x, y of each joint relative to the pelvis, but for the pelvis: its step along x since the
frame before, and its y. So the pelvis is at x = sum of its steps but the first.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import torch

from datasets_spec.errors import StickgenError
from datasets_spec.schema import CLIP_FPS
from datasets_spec.skeleton import JOINTS
from stickgen_model.codec import MotionCodec
from stickgen_model.training.checkpoint import CheckpointError, parse_info

if TYPE_CHECKING:
    from collections.abc import Mapping

    import onnx

    from stickgen_model.training.checkpoint import CheckpointInfo

__all__ = ["ONNX_FORMAT", "OnnxFacts", "OnnxFileError", "add_facts", "read_facts"]

ONNX_FORMAT: Final = "stickgen-onnx-1"


class OnnxFileError(StickgenError):
    """A file that is no exported model."""


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class OnnxFacts:
    """What belongs to a graph."""

    info: CheckpointInfo
    codec: MotionCodec
    precision: str


def add_facts(graph: onnx.ModelProto, facts: OnnxFacts) -> None:
    """Write facts into a graph."""
    codec = {"mean": facts.codec.mean_P.tolist(), "std": facts.codec.std_P.tolist()}
    values = {
        "stickgen.format": ONNX_FORMAT,
        "stickgen.precision": facts.precision,
        "stickgen.checkpoint": json.dumps(facts.info.to_dict()),
        "stickgen.codec": json.dumps(codec),
        "stickgen.joints": json.dumps(JOINTS),
        "stickgen.fps": str(CLIP_FPS),
    }
    del graph.metadata_props[:]
    for key, value in values.items():
        graph.metadata_props.add(key=key, value=value)


def read_facts(values: Mapping[str, str], *, where: str) -> OnnxFacts:
    """Facts of a graph.

    Args:
        values: Its metadata.
        where: Its file, for the text of errors.

    Raises:
        OnnxFileError: If they are not there, or are damaged.
    """
    found = values.get("stickgen.format")
    if found != ONNX_FORMAT:
        msg = (
            f"{where}: expected a file of format {ONNX_FORMAT}, got {found!r}; make one with "
            "stickgen export-model --to onnx"
        )
        raise OnnxFileError(msg)
    try:
        codec: dict[str, Any] = json.loads(values["stickgen.codec"])
        return OnnxFacts(
            info=parse_info(json.loads(values["stickgen.checkpoint"]), where=where),
            codec=MotionCodec(torch.tensor(codec["mean"]), torch.tensor(codec["std"])),
            precision=values["stickgen.precision"],
        )
    except (KeyError, TypeError, ValueError, CheckpointError) as error:
        msg = f"{where}: expected the facts of an exported model; {error!r}"
        raise OnnxFileError(msg) from error
