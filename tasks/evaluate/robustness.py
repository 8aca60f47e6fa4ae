"""What a model loses when prompts are put in another way.

For each suite the same prompts are generated unchanged and changed, with the same random numbers
and lengths. Both are judged by the unchanged sentences: R-precision (top 3) and action accuracy
where the change keeps the meaning, else the quality of the motion alone. The ratio of a suite is
the mean of those of its scores, each at most 1, and 0 where nothing is right unchanged: what is
never right is not robust.

Letters of shapes: N prompts.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from datasets_spec.quality import QUALITY_SCORE
from stickgen_model.evaluate.evaluation import Suite
from stickgen_model.evaluate.prompt_suites import SUITES, change_prompts
from stickgen_model.evaluate.retrieval import r_precision, text_key
from tasks.evaluate.generation import generate_clips
from tasks.evaluate.halves import over_halves
from tasks.evaluate.judged import action_hits
from tasks.evaluate.measure import WAYS
from tasks.score.figure import score_figure

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from numpy.typing import NDArray

    from stickgen_model.evaluate.evaluation import Measured
    from stickgen_model.evaluate.held_out import HeldOut
    from stickgen_model.evaluate.prompt_suites import PromptSuite
    from tasks.evaluate.candidate import Candidate
    from tasks.evaluate.halves import Draw
    from tasks.evaluate.settings import EvaluationSettings
    from tasks.judge.judges import Judges

    Clips = Sequence[NDArray[np.float32]]

__all__ = ["Robustness", "measure_robustness"]

_SEED: Final = 2
"""Of this part of the generating."""
_SHOWN: Final = 3
_TOTAL: Final = "total"


@dataclass(frozen=True, kw_only=True, slots=True)
class Robustness:
    """What was lost.

    Attributes:
        suites: By way of changing.
        total: Mean of their ratios.
    """

    suites: tuple[Suite, ...]
    total: Measured


@dataclass(frozen=True, eq=False, kw_only=True, slots=True)
class _Scored:
    """Clips of the prompts of a suite.

    Attributes:
        vectors: Of the clips, shape (N, D).
        hits: Whether the action is right, shape (N,).
        quality: Shape (N,).
    """

    vectors: NDArray[np.float32]
    hits: NDArray[np.float64]
    quality: NDArray[np.float64]


@dataclass(frozen=True, eq=False, kw_only=True, slots=True)
class _Asked:
    """Prompts as they were."""

    items: Sequence[HeldOut]
    vectors: NDArray[np.float32]
    judges: Judges
    seed: int

    def score(self, clips: Clips) -> _Scored:
        """Judge clips by the sentences as they were."""
        return _Scored(
            vectors=self.judges.encoder.embed_motions(clips),
            hits=action_hits(clips, [item.action for item in self.items], self.judges)[0],
            quality=np.array([float(score_figure(clip)[QUALITY_SCORE]) for clip in clips]),
        )

    def values(
        self, suite: PromptSuite, scored: _Scored, half: NDArray[np.int64]
    ) -> dict[str, float]:
        """Scores of some of the prompts, by metric."""
        if not suite.keeps_meaning:
            return {"quality": float(scored.quality[half].mean())}
        found = {"action_accuracy": float(scored.hits[half].mean())}
        texts = [self.items[i].text for i in half]
        ways = min(WAYS, len({text_key(text) for text in texts}))
        if ways > 3:
            shares = r_precision(
                self.vectors[half], scored.vectors[half], texts, ways=ways, seed=self.seed
            )
            found["r_precision_3"] = shares[3]
        return found


def measure_robustness(
    candidate: Candidate,
    items: Sequence[HeldOut],
    judges: Judges,
    settings: EvaluationSettings,
    *,
    drawn: Sequence[Draw],
    tell: Callable[[str], None],
) -> Robustness | None:
    """Change prompts in every way.

    Args:
        candidate: The model.
        items: Prompts with their motion, one sentence each.
        judges: That judge.
        settings: Of the evaluation.
        drawn: Halves of the repeats.
        tell: Takes what is done next.

    Returns:
        None if there are fewer than two prompts.
    """
    if len(items) < 2:
        return None
    texts = [item.text for item in items]
    asked = _Asked(
        items=items,
        vectors=judges.encoder.embed_texts(texts),
        judges=judges,
        seed=settings.seed,
    )
    tell("prompts of the suites, unchanged")
    clean = asked.score(generate_clips(candidate, items, settings, seed=_SEED))
    changed, pairs = {}, {}
    for suite in SUITES:
        tell(f"prompts changed: {suite.name}")
        said = change_prompts(suite.name, texts, settings.seed)
        made = generate_clips(candidate, items, settings, texts=said, seed=_SEED)
        changed[suite.name] = asked.score(made)
        others = [(a, b) for a, b in zip(texts, said, strict=True) if a != b]
        pairs[suite.name] = tuple(others[:_SHOWN])
    ratios = over_halves(
        drawn,
        lambda draw: _ratios(asked, clean, changed, draw),
        bounds=lambda _name: (0.0, 1.0),
    )
    every = np.arange(len(items))
    suites = tuple(
        Suite(
            name=suite.name,
            told=suite.told,
            prompts=len(items),
            clean=asked.values(suite, clean, every),
            changed=asked.values(suite, changed[suite.name], every),
            ratio=ratios[suite.name],
            examples=pairs[suite.name],
        )
        for suite in SUITES
    )
    return Robustness(suites=suites, total=ratios[_TOTAL])


def _ratios(
    asked: _Asked, clean: _Scored, changed: dict[str, _Scored], draw: Draw
) -> dict[str, float]:
    """Ratio of each suite on one draw, and their mean."""
    half = draw.rows(len(asked.items), name="suites")
    found = {}
    for suite in SUITES:
        before = asked.values(suite, clean, half)
        after = asked.values(suite, changed[suite.name], half)
        shares = [min(1.0, after[name] / value) if value > 0 else 0.0
                  for name, value in before.items()]  # fmt: skip
        found[suite.name] = float(np.mean(shares))
    return found | {_TOTAL: float(np.mean(list(found.values())))}
