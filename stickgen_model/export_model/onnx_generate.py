"""Text to motion through onnxruntime: the same samplers, seeds and text encoder."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Final

import torch

from datasets_spec.errors import ConfigError
from stickgen_model.export_model.onnx_denoiser import OnnxDenoiser
from stickgen_model.export_model.place import onnx_file
from stickgen_model.generate import StickGen
from stickgen_model.text.encoder import identity_of
from stickgen_model.text.loading import load_encoder

if TYPE_CHECKING:
    from stickgen_model.diffusion.sampler import SamplerConfig
    from stickgen_model.diffusion.schedule import Denoiser
    from stickgen_model.scenes import GenerateConfig
    from stickgen_model.text.encoder import TextEncoder

__all__ = ["OnnxStickGen"]

_ROUNDS: Final = 5
"""Of steps at which something is known: a graph carries no gradient to steer by."""


class OnnxStickGen(StickGen):
    """`StickGen` whose denoiser is an ONNX file, on the CPU.

    Clips agree with those of the checkpoint but for rounding. Where frames or joints are given, the
    free part is led by repeated steps instead of gradients: it takes longer and fits less closely.

    Args:
        denoise: The file.
        encoder: Of the texts; must be the one of the training.
    """

    def __init__(self, denoise: OnnxDenoiser, *, encoder: TextEncoder) -> None:
        facts = denoise.facts
        facts.info.encoder.check_same(identity_of(encoder), where="ONNX file")
        self._denoise = denoise
        self.codec, self.info = facts.codec, facts.info
        self._encoder, self._device = encoder, "cpu"

    @classmethod
    def from_pretrained(
        cls,
        path: Path | str,
        encoder: TextEncoder | None = None,
        *,
        device: str = "cpu",
        adapter: Path | None = None,
    ) -> StickGen:
        """Open an exported model.

        Args:
            path: ONNX file, or the folder of `stickgen export-model`.
            encoder: Encoder of the texts, that of the training; None = load it by its name.
            device: cpu.
            adapter: None: adapters are folded in when a model is exported.

        Raises:
            ConfigError: If a device or an adapter is asked for.
            OnnxFileError: If it is no exported model.
            EncoderMismatchError: If the encoder is another.
            EncoderUnavailableError: If it cannot be loaded.
        """
        path = Path(path)
        if device != "cpu":
            msg = f"{path}: expected device cpu for an ONNX file, got {device}"
            raise ConfigError(msg)
        if adapter is not None:
            msg = (
                f"{path}: expected no adapter for an ONNX file, got {adapter}; give it to "
                "stickgen export-model"
            )
            raise ConfigError(msg)
        # one number for both: who gives torch a single core means the other too
        denoise = OnnxDenoiser(onnx_file(path) or path, threads=torch.get_num_threads())
        found = load_encoder(denoise.facts.info.encoder) if encoder is None else encoder
        return cls(denoise, encoder=found)

    def _denoiser(self) -> Denoiser:
        return self._denoise

    def _sampler(self, config: GenerateConfig) -> SamplerConfig:
        return replace(super()._sampler(config), steer=0, rounds=_ROUNDS)
