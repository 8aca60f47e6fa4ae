"""Parts of a training config: optimiser, dropping of conditions, adapter."""

from __future__ import annotations

from dataclasses import dataclass, fields

from datasets_spec.errors import ConfigError

__all__ = ["DropConfig", "LoraConfig", "OptimConfig", "raise_faults"]


def raise_faults(name: str, checks: list[tuple[bool, str, object]]) -> None:
    """Refuse what does not fit, all of it at once.

    Args:
        name: Of what is checked.
        checks: Whether it fits, what is expected, what came.

    Raises:
        ConfigError: If one does not fit.
    """
    faults = [f"expected {want}, got {got!r}" for ok, want, got in checks if not ok]
    if faults:
        msg = f"{name}: " + "; ".join(faults)
        raise ConfigError(msg)


@dataclass(frozen=True, kw_only=True, slots=True)
class OptimConfig:
    """Optimiser and its course.

    Attributes:
        learning_rate: Greatest learning rate.
        final_share: Share of it that is left at the end.
        warmup_steps: Steps in which it grows from 0; at most a tenth of all steps are used.
        weight_decay: Of matrices; norms, biases and tables have none.
        beta1: Of AdamW.
        beta2: Of AdamW.
        clip_norm: Greatest norm of a gradient.
        ema_decay: Of the averaged weights; 0 = none are kept.
    """

    learning_rate: float = 3e-4
    final_share: float = 0.05
    warmup_steps: int = 2000
    weight_decay: float = 0.01
    beta1: float = 0.9
    beta2: float = 0.999
    clip_norm: float = 1.0
    ema_decay: float = 0.999

    def __post_init__(self) -> None:
        """Collect all faults and raise once."""
        shares = ("final_share", "beta1", "beta2", "ema_decay")
        raise_faults(
            "optimiser",
            [
                (self.learning_rate > 0.0, "learning_rate > 0", self.learning_rate),
                (self.warmup_steps >= 0, "warmup_steps >= 0", self.warmup_steps),
                (self.weight_decay >= 0.0, "weight_decay >= 0", self.weight_decay),
                (self.clip_norm > 0.0, "clip_norm > 0", self.clip_norm),
                *((0.0 <= getattr(self, n) <= 1.0, f"{n} 0..1", getattr(self, n)) for n in shares),
            ],
        )


@dataclass(frozen=True, kw_only=True, slots=True)
class DropConfig:
    """Chances to leave a condition out in training, so that it may be missing later.

    Camera and action are often left out: people mostly give a sentence and nothing else. A
    viewpoint goes with its image.
    """

    text: float = 0.1
    action: float = 0.5
    partner: float = 0.1
    camera: float = 0.5
    image: float = 0.3
    viewpoint: float = 0.2
    everything: float = 0.1

    def __post_init__(self) -> None:
        """Refuse what is no chance."""
        values = [(f.name, getattr(self, f.name)) for f in fields(self)]
        raise_faults("dropping", [(0.0 <= v <= 1.0, f"{name} 0..1", v) for name, v in values])

    def rates(self) -> dict[str, float]:
        """By condition."""
        return {f.name: getattr(self, f.name) for f in fields(self) if f.name != "everything"}


@dataclass(frozen=True, kw_only=True, slots=True)
class LoraConfig:
    """The adapter of stage `lora`; see `stickgen_model.lora.inject_lora_adapters`."""

    adapter: str = "default"
    rank: int = 8
    alpha: float = 16.0
    dropout: float = 0.05
    preset: str = "default"
    targets: tuple[str, ...] = ("transformer_encoder", "pose_decoder")
