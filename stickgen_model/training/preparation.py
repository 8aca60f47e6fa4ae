"""What a run starts from: a new model, or the weights of another run."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import torch

from datasets_spec.errors import ConfigError
from stickgen_model.config import variant_config
from stickgen_model.data.clip_dataset import fit_codec
from stickgen_model.lora import inject_lora_adapters
from stickgen_model.loss_weights import freeze_heads
from stickgen_model.model.multimodal import IMAGE_PARTS, build_model
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

__all__ = ["TrainingData", "can_start_from", "model_shape", "prepare_model"]


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
    shape = variant_config(
        config.variant, multimodal=config.multimodal, num_actions=config.num_actions
    )
    return replace(
        shape,
        image_encoder=config.image_encoder or shape.image_encoder,
        fusion=config.fusion or shape.fusion,
    )


def can_start_from(found: ModelConfig, wanted: ModelConfig, *, stage: str) -> bool:
    """Whether a model of one shape can go on as one of another.

    The shapes have to be the same, but for one thing: a motion-only model can become the motion
    part of a multimodal one, whose image parts then start fresh. An adapter would leave fresh
    parts as they are, so not for stage lora.
    """
    if found == wanted:
        return True
    motion = replace(
        wanted, multimodal=False, image_encoder=found.image_encoder, fusion=found.fusion
    )
    return stage != "lora" and not found.multimodal and found == motion


def prepare_model(
    config: TrainConfig, data: TrainingData, *, init_from: Path | None = None
) -> tuple[StickFigureTransformer, MotionCodec]:
    """The model of a run with its codec, on the CPU, with heads frozen and adapter injected.

    Args:
        config: Of the run.
        data: Gives the codec of a new model.
        init_from: Checkpoint to start from; stages sft and lora need one.

    Raises:
        ConfigError: If the stage needs a checkpoint, or the model is of another shape; see
            `can_start_from`.
        CheckpointError: If the weights do not fit; the text names the keys.
        EncoderMismatchError: If the checkpoint knows the texts of another encoder.
    """
    if init_from is None and config.stage != "pretrain":
        msg = f"stage {config.stage}: expected a checkpoint to start from, got none"
        raise ConfigError(msg)
    with torch.random.fork_rng(devices=[]):  # built on the CPU
        torch.manual_seed(config.seed)
        if init_from is None:
            model = build_model(model_shape(config))
            codec = fit_codec(data.train, mirror=config.augment.mirror > 0.0)
        else:
            model, codec = _model_of(init_from, config, data.texts.identity)
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
    checkpoint: Path, config: TrainConfig, identity: EncoderIdentity
) -> tuple[StickFigureTransformer, MotionCodec]:
    info, shape = read_info(checkpoint), model_shape(config)
    info.encoder.check_same(identity, where=str(checkpoint))
    if info.adapter is not None:
        msg = f"{checkpoint}: expected a whole model to start from, got one with an adapter"
        raise CheckpointError(msg)
    if not can_start_from(info.model, shape, stage=config.stage):
        msg = f"{checkpoint}: expected the weights of {shape}, got those of {info.model}"
        raise ConfigError(msg)
    model = build_model(shape)
    fresh = IMAGE_PARTS if shape.multimodal and not info.model.multimodal else ()
    return model, load_weights(model, checkpoint, fresh=fresh)
