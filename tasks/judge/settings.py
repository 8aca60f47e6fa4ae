"""How judges are trained."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import Any

from datasets_spec.errors import ConfigError
from stickgen_model.evaluate.classifier_training import ClassifierRecipe
from stickgen_model.evaluate.text_motion_recipe import TextMotionRecipe

__all__ = ["JudgeSettings"]


def _classifier() -> ClassifierRecipe:
    return ClassifierRecipe(steps=1200)


@dataclass(frozen=True, kw_only=True, slots=True)
class JudgeSettings:
    """How judges are trained.

    Attributes:
        encoders: Recipe of the text-motion encoders.
        classifier: Recipe of the action classifier.
        gallery: Most clips that the encoders' own scores are measured on, >= 2.
        seed: Of the choice of these clips.
    """

    encoders: TextMotionRecipe = field(default_factory=TextMotionRecipe)
    classifier: ClassifierRecipe = field(default_factory=_classifier)
    gallery: int = 2000
    seed: int = 0

    def __post_init__(self) -> None:
        """Refuse what cannot be measured."""
        if self.gallery < 2 or self.seed < 0:
            msg = f"judges: expected gallery >= 2 and seed >= 0, got {self.gallery}, {self.seed}"
            raise ConfigError(msg)

    @classmethod
    def of_steps(cls, steps: int, *, seed: int = 0) -> JudgeSettings:
        """Both networks with so many steps of training, e.g. a few for a small dataset."""
        return cls(
            encoders=TextMotionRecipe(steps=steps, checks=min(6, steps), seed=seed),
            classifier=ClassifierRecipe(steps=steps, seed=seed),
            seed=seed,
        )

    def to_dict(self) -> dict[str, Any]:
        """As plain values, for JSON."""
        return asdict(self)
