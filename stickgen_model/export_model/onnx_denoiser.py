"""The denoiser run by onnxruntime, in the place of `PoseDenoiser`.

Letters of shapes: B batch, T frames, P = 20 numbers of a state.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np
import onnxruntime
import torch
from onnxruntime.capi import onnxruntime_pybind11_state as faults

from datasets_spec.errors import ConfigError
from datasets_spec.schema import CAMERA_DIM
from datasets_spec.vocabulary import UNLABELLED
from stickgen_model.export_model.facts import OnnxFacts, OnnxFileError, read_facts
from stickgen_model.export_model.graph import INPUTS, OUTPUT

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from numpy.typing import NDArray
    from torch import Tensor

__all__ = ["OnnxDenoiser"]

_SILENT: Final = 3
"""Severity of onnxruntime's log: errors only."""
_FAULTS: Final = (
    faults.Fail,
    faults.InvalidArgument,
    faults.InvalidGraph,
    faults.InvalidProtobuf,
    faults.NotImplemented,
    faults.RuntimeException,
)


class OnnxDenoiser:
    """Predicts the clean clip from noisy states and named tensors, on the CPU.

    It may be called from several threads. It carries no gradient.

    Args:
        source: File, or its bytes.
        threads: For one call; 0 = as many as there are cores.

    Raises:
        OnnxFileError: If it is no exported model, or cannot be run.
    """

    def __init__(self, source: Path | bytes, *, threads: int = 0) -> None:
        where = "bytes" if isinstance(source, bytes) else str(source)
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = threads
        options.use_deterministic_compute = True
        options.log_severity_level = _SILENT
        # a thread that waits for work must not burn the core that others compute on
        options.add_session_config_entry("session.intra_op.allow_spinning", "0")
        try:
            self._session = onnxruntime.InferenceSession(
                source if isinstance(source, bytes) else source.read_bytes(),
                options,
                providers=["CPUExecutionProvider"],
            )
        except OSError as error:
            msg = f"{where}: expected an ONNX file; {error.strerror}"
            raise OnnxFileError(msg) from error
        except _FAULTS as error:
            msg = f"{where}: expected an ONNX file that onnxruntime can run; {error}"
            raise OnnxFileError(msg) from error
        given = dict(self._session.get_modelmeta().custom_metadata_map)
        self.facts: OnnxFacts = read_facts(given, where=where)
        names = sorted(one.name for one in self._session.get_inputs())
        if names != sorted(INPUTS):
            msg = f"{where}: expected the inputs {', '.join(INPUTS)}; got {', '.join(names)}"
            raise OnnxFileError(msg)

    def __call__(self, x_BTP: Tensor, t_B: Tensor, conditions: Mapping[str, Tensor]) -> Tensor:
        """Predict the clean states, (B, T, P), float32, zero on padded frames.

        Args:
            x_BTP: Noisy states.
            t_B: Noise level in [0, 1].
            conditions: As of `PoseDenoiser`; one that is missing is absent.

        Raises:
            ConfigError: If a picture is among the conditions.
        """
        pictured = sorted({"image", "viewpoint"} & set(conditions))
        if pictured:
            msg = f"expected no pictures, got {pictured}: an ONNX file knows none; leave them out"
            raise ConfigError(msg)
        batch, frames, dim = x_BTP.shape
        width = self.facts.info.model.text_dim
        absent: dict[str, Callable[[], NDArray[Any]]] = {
            "text": lambda: np.zeros((batch, width), np.float32),
            "action": lambda: np.full((batch, frames), UNLABELLED, np.int64),
            "partner": lambda: np.zeros((batch, frames, dim), np.float32),
            "camera": lambda: np.zeros((batch, frames, CAMERA_DIM), np.float32),
            "mask": lambda: np.ones((batch, frames), np.bool_),
        }
        types = {"action": torch.int64, "mask": torch.bool}
        feeds = {"states": _array(x_BTP), "level": _array(t_B)}
        for name, make in absent.items():
            value = conditions.get(name)
            feeds[name] = make() if value is None else _array(value, types.get(name, torch.float32))
        (clean_BTP,) = self._session.run([OUTPUT], feeds)
        return torch.from_numpy(np.asarray(clean_BTP))


def _array(value: Tensor, dtype: torch.dtype = torch.float32) -> NDArray[Any]:
    return value.detach().to("cpu", dtype).contiguous().numpy()
