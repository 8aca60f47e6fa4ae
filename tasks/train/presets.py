"""Presets by name, and the settings that a job comes to."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Final

from datasets_spec.errors import ConfigError
from stickgen_model.training.config import (
    LoraConfig,
    OptimConfig,
    TrainConfig,
    lora_preset,
    pretrain_preset,
    sft_preset,
)
from tasks.train.job import GateFloors
from tasks.train.settings import change_settings

if TYPE_CHECKING:
    from collections.abc import Callable

    from tasks.train.job import TrainJob

__all__ = ["PRESETS", "Preset", "find_preset", "gate_floors", "train_config"]


@dataclass(frozen=True, kw_only=True, slots=True)
class Preset:
    """A named set of values.

    Attributes:
        variant: Size of the model where the job names none.
        stages: Stages it is for.
        make: Its values for a stage and a variant.
        meaning: One line.
        gate: Floors of the gates.
    """

    variant: str
    stages: tuple[str, ...]
    make: Callable[[str, str], TrainConfig]
    meaning: str
    gate: GateFloors = field(default_factory=GateFloors)


def _laptop(stage: str, variant: str) -> TrainConfig:
    """Minutes on two cores; shows that everything works, not how good it gets."""
    rate = {"pretrain": 2e-3 if variant == "tiny" else 5e-4, "sft": 3e-4, "lora": 1e-3}[stage]
    return TrainConfig(
        variant=variant,
        stage=stage,
        batch_size=16,
        accumulation=1,
        epochs=1000,
        max_steps=1000,
        max_frames=125,
        validate_every=200,
        save_every=200,
        lora=LoraConfig() if stage == "lora" else None,
        optim=OptimConfig(learning_rate=rate, warmup_steps=50, ema_decay=0.99),
    )


_EASY: Final = GateFloors(
    min_clips=16, min_actions=2, max_loss_ratio=1.05, min_score=0.001, max_bone_variation=0.5
)
"""For models of minutes: they shake, but 60 mm of noise on every joint is below even this score."""


def _pretrain(name: str, meaning: str, gate: GateFloors) -> Preset:
    def make(stage: str, variant: str) -> TrainConfig:
        return replace(pretrain_preset(name), stage=stage, variant=variant)

    return Preset(variant=name, stages=("pretrain",), make=make, meaning=meaning, gate=gate)


PRESETS: Final = {
    "tiny": _pretrain("tiny", "pretraining of the smallest, for tests", _EASY),
    "small": _pretrain("small", "pretraining on a CPU, for generation in one step", GateFloors()),
    "medium": _pretrain("medium", "pretraining", GateFloors()),
    "large": _pretrain("large", "pretraining on a GPU", GateFloors()),
    "sft": Preset(
        variant="large",
        stages=("sft",),
        make=lambda _, variant: sft_preset(variant),
        meaning="fine-tuning on the balanced set",
    ),
    "lora": Preset(
        variant="medium",
        stages=("lora",),
        make=lambda _, variant: lora_preset(variant),
        meaning="training of an adapter",
    ),
    "laptop": Preset(
        variant="tiny",
        stages=("pretrain", "sft", "lora"),
        make=_laptop,
        meaning="any stage in minutes on two cores, to try everything",
        gate=_EASY,
    ),
}
"""By name."""


def find_preset(job: TrainJob) -> Preset:
    """The preset of a job.

    Raises:
        ConfigError: If there is no such preset, or it is for another stage.
    """
    own = (job.variant or "small") if job.stage == "pretrain" else job.stage
    name = job.preset or own
    if name not in PRESETS:
        msg = f"expected a preset of {', '.join(PRESETS)}; got {name!r}"
        raise ConfigError(msg)
    preset = PRESETS[name]
    if job.stage not in preset.stages:
        msg = (
            f"preset {name}: expected stage {' or '.join(preset.stages)}, got {job.stage}; "
            "name another preset, or none"
        )
        raise ConfigError(msg)
    return preset


def train_config(job: TrainJob) -> TrainConfig:
    """The settings of a job: the preset, and over it what the job says.

    Raises:
        ConfigError: If something does not fit.
    """
    preset = find_preset(job)
    config = preset.make(job.stage, job.variant or preset.variant)
    config = replace(config, seed=job.seed, workers=job.workers)
    config = change_settings(config, job.settings)
    every = job.samples.every
    if every and "save_every" not in job.settings and not 0 < config.save_every <= every:
        config = replace(config, save_every=every)  # samples are made of checkpoints
    return config


def gate_floors(job: TrainJob) -> GateFloors:
    """The floors of a job's gates."""
    return find_preset(job).gate if job.gate is None else job.gate
