"""How good judges are themselves, on clips that they were not trained on."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np

from datasets_spec.vocabulary import action_name
from stickgen_model.evaluate.accuracy import measure_accuracy
from stickgen_model.evaluate.retrieval import (
    TOP,
    full_retrieval,
    mm_distance,
    r_precision,
    text_key,
)

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from stickgen_model.evaluate.action_classifier import ActionClassifier
    from stickgen_model.evaluate.action_segments import ActionSegments
    from stickgen_model.evaluate.captioned_motion import CaptionedMotion
    from stickgen_model.evaluate.text_motion import TextMotionEncoder

__all__ = ["KINDS", "classifier_scores", "encoder_scores", "in_short"]

KINDS: Final = ("all", "real", "synthetic")
_WAYS: Final = 32
_FEW: Final = ("clips", "retrieval_1", "top1")
_SHORT: Final = {
    "all": (
        *(f"r_precision_{k}" for k in TOP),
        *(f"retrieval_{k}" for k in TOP),
        *("top1", "top3", "mean_over_actions", "clips", "sentences"),
    ),
    "real": _FEW,
    "synthetic": _FEW,
}
"""Scores that are told with every use, by kind."""


def encoder_scores(
    encoder: TextMotionEncoder, data: CaptionedMotion, *, most: int, seed: int
) -> dict[str, dict[str, float]]:
    """Retrieval of sentences by motion, by kind of source.

    Whole clips and parts of them are mixed as they come. Where there are fewer than 32 different
    sentences there is no 32-way score, and with one there is no other either.

    Args:
        encoder: Trained on other clips.
        data: Held-out stretches.
        most: Stretches of a kind at most; which and what they are called is drawn.
        seed: Of the draws.
    """
    found = {}
    for kind, rows in _by_kind(data.real).items():
        rng = np.random.default_rng(seed)
        chosen = rng.permutation(rows)[:most]
        options = [data.texts[int(row)] for row in chosen]
        texts = [some[int(rng.integers(len(some)))] for some in options]
        found[kind] = _retrieval(encoder, data, chosen, texts, seed=seed)
    return found


def _by_kind(real: NDArray[np.bool_]) -> dict[str, NDArray[np.int64]]:
    """Rows of each kind that there are any of."""
    rows = {
        "all": np.arange(len(real)),
        "real": np.flatnonzero(real),
        "synthetic": np.flatnonzero(~real),
    }
    return {kind: found for kind, found in rows.items() if len(found)}


def _retrieval(
    encoder: TextMotionEncoder,
    data: CaptionedMotion,
    rows: NDArray[np.int64],
    texts: list[str],
    *,
    seed: int,
) -> dict[str, float]:
    said = encoder.embed_texts(texts)
    shown = encoder.embed_motions([data.clip(int(row)) for row in rows])
    different = len({text_key(text) for text in texts})
    scores = {"clips": float(len(rows)), "sentences": float(different)}
    if different >= _WAYS:
        shares = r_precision(said, shown, texts, ways=_WAYS, seed=seed)
        scores |= {f"r_precision_{k}": share for k, share in shares.items()}
    if different >= 2:
        shares = full_retrieval(said, shown, texts)
        scores |= {f"retrieval_{k}": share for k, share in shares.items()}
    return scores | {"mm_distance": mm_distance(said, shown)}


def classifier_scores(
    classifier: ActionClassifier, segments: ActionSegments
) -> dict[str, dict[str, Any]]:
    """Accuracy on whole stretches of one action, by kind of source."""
    found = {}
    for kind, rows in _by_kind(segments.real).items():
        chosen = segments.select(rows)
        truth = [action_name(int(i)) for i in chosen.actions]
        logits = classifier.classify([chosen.clip(i) for i in range(len(chosen))])
        report = measure_accuracy(logits, truth, classifier.labels, groups=chosen.groups)
        told = report.to_dict()
        found[kind] = {"clips": told.pop("count"), **told}
    return found


def in_short(scores: dict[str, dict[str, Any]]) -> dict[str, float]:
    """The few of them that are told with every use, those of one kind with its name at the end."""
    return {
        name if kind == "all" else f"{name}_{kind}": round(float(of_kind[name]), 4)
        for kind, of_kind in scores.items()
        for name in _SHORT[kind]
        if name in of_kind
    }
