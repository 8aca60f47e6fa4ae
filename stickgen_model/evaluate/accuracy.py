"""How often a classifier is right, how sure that is, and what it confuses.

Letters of shapes: N clips, A labels.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

__all__ = ["AccuracyReport", "Confusion", "bootstrap_interval", "measure_accuracy"]

_TOP: int = 3


@dataclass(frozen=True, kw_only=True, slots=True)
class Confusion:
    """One action taken for another.

    Attributes:
        action: What was done.
        taken_for: What the classifier said.
        count: Clips.
        share: Of the clips of the action.
    """

    action: str
    taken_for: str
    count: int
    share: float


@dataclass(frozen=True, kw_only=True, slots=True)
class AccuracyReport:
    """Accuracy over clips.

    Attributes:
        count: Clips.
        top1: Share of clips whose action is the first answer.
        top3: ... among the first three answers.
        interval: 95 % interval of `top1`, from a bootstrap over groups of clips.
        mean_over_actions: Mean of the accuracies of the actions that occur.
        unknown: Clips of actions that the classifier has no label for; they count as wrong.
        by_action: Clips and accuracy of each action, by name.
        confusions: Most frequent mistakes, by share of the action's clips.
    """

    count: int
    top1: float
    top3: float
    interval: tuple[float, float]
    mean_over_actions: float
    unknown: int
    by_action: dict[str, tuple[int, float]]
    confusions: tuple[Confusion, ...]

    def to_dict(self) -> dict[str, Any]:
        """As plain values, for JSON."""
        return asdict(self)


def bootstrap_interval(
    values: NDArray[np.floating[Any]],
    groups: Sequence[str] | NDArray[np.str_] | None = None,
    *,
    repeats: int = 1000,
    level: float = 0.95,
    seed: int = 0,
) -> tuple[float, float]:
    """Interval of a mean, by drawing groups of values again and again.

    Args:
        values: Shape (N,), N >= 1.
        groups: Group of each value; values of one group are drawn together. None = each alone.
        repeats: Draws.
        level: Share of the draws inside.
        seed: Of the draws.

    Returns:
        Low and high end.

    Raises:
        ValueError: If there are no values.
    """
    if not len(values):
        msg = "expected at least one value, got none"
        raise ValueError(msg)
    names = np.arange(len(values)) if groups is None else np.asarray(groups)
    _, places = np.unique(names, return_inverse=True)
    sums, counts = np.bincount(places, weights=values), np.bincount(places)
    rng = np.random.default_rng(seed)
    # how often each group comes: the same as drawing them one by one, in far less memory
    drawn = rng.multinomial(len(counts), np.full(len(counts), 1.0 / len(counts)), size=repeats)
    means = (drawn @ sums) / (drawn @ counts)
    low, high = np.quantile(means, [(1.0 - level) / 2.0, (1.0 + level) / 2.0])
    return float(low), float(high)


def measure_accuracy(
    logits: NDArray[np.floating[Any]],
    truth: Sequence[str],
    labels: Sequence[str],
    *,
    groups: Sequence[str] | NDArray[np.str_] | None = None,
    num_confusions: int = 20,
    seed: int = 0,
) -> AccuracyReport:
    """Compare answers with what was done.

    Args:
        logits: Shape (N, A).
        truth: Action of each clip, N words.
        labels: Word of each column, A words.
        groups: Clips of one group are no independent samples; None = all are.
        num_confusions: Mistakes that are listed.
        seed: Of the bootstrap.

    Raises:
        ValueError: If numbers differ or there are no clips.
    """
    if logits.shape != (len(truth), len(labels)) or not len(truth):
        msg = f"expected logits ({len(truth)}, {len(labels)}) of clips, got {logits.shape}"
        raise ValueError(msg)
    words, names = np.asarray(truth), np.asarray(labels)
    order = np.argsort(-logits, axis=1, kind="stable")
    answers = names[order[:, :_TOP]]
    hits = answers == words[:, None]
    right = hits[:, 0].astype(np.float64)
    by_action = {
        str(word): (int((words == word).sum()), float(right[words == word].mean()))
        for word in np.unique(words)
    }
    return AccuracyReport(
        count=len(words),
        top1=float(right.mean()),
        top3=float(hits.any(axis=1).mean()),
        interval=bootstrap_interval(right, groups, seed=seed),
        mean_over_actions=float(np.mean([share for _, share in by_action.values()])),
        unknown=int((~np.isin(words, names)).sum()),
        by_action=by_action,
        confusions=_confusions(words, answers[:, 0], num_confusions),
    )


def _confusions(
    words: NDArray[np.str_], answers: NDArray[np.str_], most: int
) -> tuple[Confusion, ...]:
    totals = dict(zip(*np.unique(words, return_counts=True), strict=True))
    wrong = words != answers
    pairs, counts = np.unique(np.stack([words[wrong], answers[wrong]]), axis=1, return_counts=True)
    found = [
        Confusion(
            action=str(action),
            taken_for=str(taken_for),
            count=int(count),
            share=float(count / totals[action]),
        )
        for (action, taken_for), count in zip(pairs.T, counts, strict=True)
    ]
    found.sort(key=lambda c: (-c.share, -c.count, c.action, c.taken_for))
    return tuple(found[:most])
