"""How a model is evaluated."""

from __future__ import annotations

import math
from dataclasses import asdict, dataclass
from typing import Any

from datasets_spec.errors import ConfigError
from datasets_spec.schema import SPLITS

__all__ = ["EvaluationSettings"]


@dataclass(frozen=True, kw_only=True, slots=True)
class EvaluationSettings:
    """What is asked, how often, and how clips are generated.

    The default takes a few minutes with a small model on two cores, nearly all of it generating:
    prompts + again * (each - 1) + suite_prompts * (number of suites + 1) clips of 3 s on average,
    and the scripts.

    Attributes:
        split: Of the dataset; test, unless something is still being chosen.
        prompts: Held-out captions with motion, at most half of those that there are: the rest is
            the real motion that all rows are compared with.
        repeats: Times that all is measured, each time on another random half.
        seed: Of every choice and of generating.
        steps: Of the sampler; 1 = one step.
        guidance: Weight of the text.
        name_action: Tell the action as well; else text alone, as users do.
        again: Prompts that are generated several times, for multimodality.
        each: How often those.
        suite_prompts: Prompts that every suite of changes takes; 0 = no robustness.
        scripts: Held-out clips of several actions that are generated as scripts, for the jerk
            where the action changes; 0 = none.
        reference: Real clips that the rows are compared with, at most.
        copies: Clips of a row that are looked for in the training split, .15 s each; 0 = none.
        examples: Prompts whose clips are kept to be looked at.
        batch_size: Clips that are generated at a time.
    """

    split: str = "test"
    prompts: int = 256
    repeats: int = 20
    seed: int = 0
    steps: int = 10
    guidance: float = 2.5
    name_action: bool = False
    again: int = 24
    each: int = 4
    suite_prompts: int = 32
    scripts: int = 12
    reference: int = 1024
    copies: int = 64
    examples: int = 8
    batch_size: int = 32

    def __post_init__(self) -> None:
        """Collect all faults and raise once.

        Raises:
            ConfigError: If a value is out of its range.
        """
        least = {
            "prompts": 4,
            "repeats": 1,
            "seed": 0,
            "steps": 1,
            "again": 0,
            "each": 2,
            "suite_prompts": 0,
            "scripts": 0,
            "reference": 4,
            "copies": 0,
            "examples": 0,
            "batch_size": 1,
        }
        faults = [
            f"expected {name} >= {low}, got {getattr(self, name)}"
            for name, low in least.items()
            if getattr(self, name) < low
        ]
        if self.split not in SPLITS:
            faults.append(f"expected a split of {SPLITS}, got {self.split!r}")
        if not math.isfinite(self.guidance):
            faults.append(f"expected a finite guidance, got {self.guidance}")
        if faults:
            msg = "evaluation: " + "; ".join(faults)
            raise ConfigError(msg)

    @classmethod
    def quick(cls, **settings: Any) -> EvaluationSettings:
        """Less of everything, for a first look: under a minute with a small model.

        Args:
            settings: That go before these.
        """
        small: dict[str, Any] = {
            "prompts": 80,
            "again": 4,
            "each": 2,
            "suite_prompts": 4,
            "scripts": 2,
            "reference": 256,
            "copies": 0,
            "examples": 4,
        }
        return cls(**(small | settings))

    def to_dict(self) -> dict[str, Any]:
        """As plain values, for JSON."""
        return asdict(self)
