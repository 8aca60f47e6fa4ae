"""What a training run is: data, optimiser, noise, dropping, stage. The presets are functions."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field, replace
from typing import TYPE_CHECKING, Any, Final

from datasets_spec.errors import ConfigError
from datasets_spec.schema import MAX_FRAMES
from datasets_spec.vocabulary import NUM_ACTIONS
from stickgen_model.config import FUSIONS, IMAGE_ENCODERS, VARIANTS
from stickgen_model.data.augment import AugmentConfig
from stickgen_model.diffusion.schedule import SCHEDULES
from stickgen_model.loss_weights import HEAD_MODULES, LossWeights
from stickgen_model.training.config_parts import (
    DropConfig,
    LoraConfig,
    OptimConfig,
    raise_faults,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = [
    "PRECISIONS",
    "STAGES",
    "DropConfig",
    "LoraConfig",
    "OptimConfig",
    "TrainConfig",
    "lora_preset",
    "pretrain_preset",
    "sft_preset",
]

STAGES: Final = ("pretrain", "sft", "lora")
PRECISIONS: Final = ("auto", "fp32", "bf16")


@dataclass(frozen=True, kw_only=True, slots=True)
class TrainConfig:
    """A training run.

    Attributes:
        variant: Size of the model.
        stage: pretrain, sft (the balanced set, from a pretrained model) or lora.
        num_actions: Actions that the model tells apart.
        multimodal: With pictures of the clips as a condition.
        image_encoder: One of IMAGE_ENCODERS; None = as the variant says.
        fusion: One of FUSIONS; None = as the variant says.
        batch_size: Clips of a forward pass of one process.
        accumulation: Passes of a step.
        epochs: Times that every clip is seen.
        max_steps: Steps at most; None = as `epochs` says.
        diffusion: Noise of every level; False = only pure noise, the one-step baseline.
        schedule: cosine or flow.
        snr_gamma: As of `min_snr_weights`; 0 = every noise level counts the same.
        max_frames: Longer clips are cut.
        pool_batches: As of `BatchPlan`.
        pad_multiple: As of `collate_samples`.
        workers: Processes that prepare batches.
        frozen_heads: Heads that are neither trained nor asked.
        precision: auto = bf16 where the hardware multiplies it, else fp32.
        gradient_checkpointing: Less memory, more time.
        compile: Compile the model.
        max_bad_steps: Steps in a row without a finite gradient that end the run.
        validate_every: Steps between validations; 0 = only at the end.
        save_every: Steps between checkpoints; 0 = only at the end.
        keep: Newest checkpoints that are kept, beside the best.
        seed: Of everything random.
        optim: Optimiser.
        drop: Dropping of conditions.
        augment: Variations of clips.
        weights: Of the losses.
        lora: Of stage lora, else None.
    """

    variant: str = "small"
    stage: str = "pretrain"
    num_actions: int = NUM_ACTIONS
    multimodal: bool = False
    image_encoder: str | None = None
    fusion: str | None = None
    batch_size: int = 1
    accumulation: int = 64
    epochs: int = 30
    max_steps: int | None = None
    diffusion: bool = True
    schedule: str = "cosine"
    snr_gamma: float = 5.0
    max_frames: int = MAX_FRAMES
    pool_batches: int = 50
    pad_multiple: int = 1
    workers: int = 0
    frozen_heads: tuple[str, ...] = ()
    precision: str = "auto"
    gradient_checkpointing: bool = False
    compile: bool = False
    max_bad_steps: int = 10
    validate_every: int = 1000
    save_every: int = 1000
    keep: int = 3
    seed: int = 0
    optim: OptimConfig = field(default_factory=OptimConfig)
    drop: DropConfig = field(default_factory=DropConfig)
    augment: AugmentConfig = field(default_factory=AugmentConfig)
    weights: LossWeights = field(default_factory=LossWeights)
    lora: LoraConfig | None = None

    def __post_init__(self) -> None:
        """Collect all faults and raise once."""
        ones = ("batch_size", "accumulation", "epochs", "pool_batches", "pad_multiple")
        ends = ("keep", "max_bad_steps")
        zeros = ("workers", "validate_every", "save_every", "seed", "snr_gamma")
        encoders, fusions = (
            (None, *(names if self.multimodal else ())) for names in (IMAGE_ENCODERS, FUSIONS)
        )
        heads = sorted(set(self.frozen_heads) - set(HEAD_MODULES))
        raise_faults(
            "training",
            [
                (self.variant in VARIANTS, f"variant of {tuple(VARIANTS)}", self.variant),
                (self.stage in STAGES, f"stage of {STAGES}", self.stage),
                (self.schedule in SCHEDULES, f"schedule of {SCHEDULES}", self.schedule),
                (self.precision in PRECISIONS, f"precision of {PRECISIONS}", self.precision),
                (2 <= self.max_frames <= MAX_FRAMES, "max_frames 2..250", self.max_frames),
                (self.max_steps is None or self.max_steps >= 1, "max_steps >= 1", self.max_steps),
                (
                    self.image_encoder in encoders,
                    f"image_encoder of {encoders}",
                    self.image_encoder,
                ),
                (self.fusion in fusions, f"fusion of {fusions}", self.fusion),
                (not heads, f"frozen_heads of {tuple(HEAD_MODULES)}", heads),
                (
                    (self.lora is not None) == (self.stage == "lora"),
                    "lora with its stage",
                    self.lora,
                ),
                *((getattr(self, n) >= 1, f"{n} >= 1", getattr(self, n)) for n in (*ones, *ends)),
                *((getattr(self, n) >= 0, f"{n} >= 0", getattr(self, n)) for n in zeros),
            ],
        )

    def to_dict(self) -> dict[str, Any]:
        """As plain values, for JSON."""
        return asdict(self)

    @classmethod
    def from_dict(cls, values: Mapping[str, Any]) -> TrainConfig:
        """Back from plain values.

        Raises:
            ConfigError: If a key is unknown or a value does not fit.
        """
        parts: dict[str, Any] = {
            "optim": OptimConfig,
            "drop": DropConfig,
            "augment": AugmentConfig,
            "weights": LossWeights,
            "lora": LoraConfig,
        }
        try:
            plain = {
                name: parts[name](**_tuples(value))
                if name in parts and value is not None
                else value
                for name, value in _tuples(values).items()
            }
            return cls(**plain)
        except TypeError as error:
            msg = f"expected a training config with the keys of this version; {error}"
            raise ConfigError(msg) from error


def _tuples(values: Mapping[str, Any]) -> dict[str, Any]:
    return {k: tuple(v) if isinstance(v, list) else v for k, v in values.items()}


def pretrain_preset(variant: str) -> TrainConfig:
    """Pretraining of a variant: tiny (tests), small (CPU, one step), medium, large (GPU).

    Raises:
        ConfigError: If there is no such variant.
    """
    small = TrainConfig(variant="small", batch_size=1, accumulation=64, epochs=30, diffusion=False)
    medium = TrainConfig(variant="medium", batch_size=2, accumulation=32, epochs=50)
    large = TrainConfig(
        variant="large",
        batch_size=16,
        accumulation=4,
        epochs=100,
        optim=OptimConfig(learning_rate=5e-4),
    )
    tiny = TrainConfig(
        variant="tiny",
        batch_size=4,
        accumulation=1,
        epochs=1,
        optim=OptimConfig(learning_rate=2e-3, warmup_steps=10, ema_decay=0.9),
    )
    found = {preset.variant: preset for preset in (tiny, small, medium, large)}
    if variant not in found:
        msg = f"expected a variant of {', '.join(found)}; got {variant!r}"
        raise ConfigError(msg)
    return found[variant]


def sft_preset(variant: str = "large") -> TrainConfig:
    """Fine-tuning on the balanced set, from a pretrained model."""
    base = TrainConfig(stage="sft", batch_size=2, accumulation=64, epochs=20, variant=variant)
    return replace(base, optim=OptimConfig(learning_rate=5e-5, warmup_steps=200))


def lora_preset(variant: str = "medium") -> TrainConfig:
    """Training of an adapter on a pretrained model."""
    return TrainConfig(
        stage="lora",
        batch_size=2,
        accumulation=32,
        epochs=20,
        variant=variant,
        lora=LoraConfig(),
        optim=OptimConfig(learning_rate=1e-4, warmup_steps=200),
    )
