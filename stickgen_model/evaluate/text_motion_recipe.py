"""How the text-motion encoders are trained."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

from datasets_spec.errors import ConfigError

__all__ = ["TextMotionRecipe"]


@dataclass(frozen=True, kw_only=True, slots=True)
class TextMotionRecipe:
    """How the text-motion encoders are trained.

    Attributes:
        steps: Of the optimiser, >= 10.
        batch_size: Pairs of a sentence and its motion, >= 2; all others of a batch are negatives.
        learning_rate: Greatest, a tenth of the way in; it then falls to nothing.
        weight_decay: Of AdamW.
        temperature: Cosines are divided by it.
        near: Pairs whose sentences share so much (cosine of their words) are no negatives.
        balance: 0 = stretches as often as they come, 1 = recorded and synthetic, clips and parts
            as often.
        mirror: Chance of the mirror image; left and right change places in the sentence.
        speed: Greatest change of speed, as a share.
        size: Greatest change of size, as a share.
        noise: Greatest deviation of white noise, H; half of the clips have none.
        checks: Times that the held-out loss is measured; the best weights are kept.
        min_word: Words in fewer sentences are read by their letters alone.
        max_words: Most words that are known.
        seed: Of everything random.
    """

    steps: int = 1200
    batch_size: int = 128
    learning_rate: float = 1.5e-3
    weight_decay: float = 0.02
    temperature: float = 0.1
    near: float = 0.8
    balance: float = 0.5
    mirror: float = 0.5
    speed: float = 0.05
    size: float = 0.05
    noise: float = 0.004
    checks: int = 6
    min_word: int = 3
    max_words: int = 20_000
    seed: int = 0

    def __post_init__(self) -> None:
        """Collect all faults and raise once."""
        checks = (
            (self.steps >= 10, "steps >= 10", self.steps),
            (self.batch_size >= 2, "batch_size >= 2", self.batch_size),
            (self.learning_rate > 0.0, "learning_rate > 0", self.learning_rate),
            (self.temperature > 0.0, "temperature > 0", self.temperature),
            (0.0 < self.near <= 1.0, "near in (0, 1]", self.near),
            (0.0 <= self.balance <= 1.0, "balance 0..1", self.balance),
            (0.0 <= self.mirror <= 1.0, "mirror 0..1", self.mirror),
            (0.0 <= self.speed < 1.0, "speed in [0, 1)", self.speed),
            (0.0 <= self.size < 1.0, "size in [0, 1)", self.size),
            (self.noise >= 0.0, "noise >= 0", self.noise),
            (1 <= self.checks <= self.steps, "checks 1..steps", self.checks),
            (min(self.min_word, self.max_words) >= 1, "min_word, max_words >= 1", self.min_word),
            (self.seed >= 0, "seed >= 0", self.seed),
        )
        faults = [f"expected {want}, got {got!r}" for ok, want, got in checks if not ok]
        if faults:
            msg = "recipe of the text-motion encoders: " + "; ".join(faults)
            raise ConfigError(msg)

    def to_dict(self) -> dict[str, Any]:
        """As plain values, for JSON."""
        return asdict(self)
