"""What a run starts from: a new model, or the weights of another run."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import torch

from datasets_spec.errors import ConfigError
from stickgen_model.config import variant_config
from stickgen_model.data.clip_dataset import fit_codec
from stickgen_model.lora import inject_lora_adapters
from stickgen_model.loss_weights import freeze_heads
from stickgen_model.model.multimodal import build_model
from stickgen_model.training.checkpoint import CheckpointError, load_weights, read_info

if TYPE_CHECKING:
    from pathlib import Path

    from stickgen_model.codec import MotionCodec
    from stickgen_model.config import ModelConfig
    from stickgen_model.data.clip_store import ClipStore
    from stickgen_model.model.transformer import StickFigureTransformer
    from stickgen_model.text.encoder import EncoderIdentity
    from stickgen_model.text.text_table import TextTable
    from stickgen_model.training.config import TrainConfig

__all__ = ["TrainingData", "model_shape", "prepare_model"]


@dataclass(frozen=True, eq=False, kw_only=True, slots=True)
class TrainingData:
    """Clips and words of a run.

    Attributes:
        train: Clips to train on.
        texts: Vectors of the captions of all clips.
        val: Clips to measure on, or None.
        digest: Checksum of the clips' files, where there is one; a run goes on with the same only.
    """

    train: ClipStore
    texts: TextTable
    val: ClipStore | None = None
    digest: str = ""

    def fingerprint(self) -> str:
        """Words that differ when the clips to train on do."""
        counted = f"{len(self.train)} clips of {int(self.train.lengths.sum())} frames"
        return f"{counted}, sha256 {self.digest}" if self.digest else counted


def model_shape(config: TrainConfig) -> ModelConfig:
    """Shape of the model of a run."""
    return variant_config(config.variant, num_actions=config.num_actions)


def prepare_model(
    config: TrainConfig, data: TrainingData, *, init_from: Path | None = None
) -> tuple[StickFigureTransformer, MotionCodec]:
    """The model of a run with its codec, on the CPU, with heads frozen and adapter injected.

    Args:
        config: Of the run.
        data: Gives the codec of a new model.
        init_from: Checkpoint to start from; stages sft and lora need one.

    Raises:
        ConfigError: If the stage needs a checkpoint, or the model is of another shape.
        CheckpointError: If the weights do not fit; the text names the keys.
        EncoderMismatchError: If the checkpoint knows the texts of another encoder.
    """
    shape = model_shape(config)
    if init_from is None and config.stage != "pretrain":
        msg = f"stage {config.stage}: expected a checkpoint to start from, got none"
        raise ConfigError(msg)
    with torch.random.fork_rng(devices=[]):  # built on the CPU
        torch.manual_seed(config.seed)
        if init_from is None:
            model = build_model(shape)
            codec = fit_codec(data.train, mirror=config.augment.mirror > 0.0)
        else:
            model, codec = _model_of(init_from, shape, data.texts.identity)
        freeze_heads(model, config.frozen_heads)
        if config.lora is not None:
            lora = config.lora
            inject_lora_adapters(
                model,
                lora.targets,
                rank=lora.rank,
                alpha=lora.alpha,
                dropout=lora.dropout,
                preset=lora.preset,
                adapter=lora.adapter,
            )
    model.gradient_checkpointing = config.gradient_checkpointing
    return model, codec


def _model_of(
    checkpoint: Path, shape: ModelConfig, identity: EncoderIdentity
) -> tuple[StickFigureTransformer, MotionCodec]:
    info = read_info(checkpoint)
    info.encoder.check_same(identity, where=str(checkpoint))
    if info.adapter is not None:
        msg = f"{checkpoint}: expected a whole model to start from, got one with an adapter"
        raise CheckpointError(msg)
    if info.model != shape:
        msg = f"{checkpoint}: expected the weights of {shape}, got those of {info.model}"
        raise ConfigError(msg)
    model = build_model(info.model)
    return model, load_weights(model, checkpoint)
