"""One row of numbers for a set of clips, and the table of all rows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from datasets_spec.quality import QUALITY_SCORE
from stickgen_model.evaluate.accuracy import AccuracyReport, measure_accuracy
from stickgen_model.evaluate.motion_statistics import (
    bone_variation,
    foot_skating,
    mean_jerk,
    mean_speed,
)
from stickgen_model.evaluate.padding import pad_clips
from tasks.score.figure import score_figure

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from stickgen_model.evaluate.action_classifier import ActionClassifier

__all__ = ["Row", "as_markdown", "measure_row", "shuffled_accuracy", "to_dict"]

_SHUFFLES: Final = 50


@dataclass(frozen=True, kw_only=True, slots=True)
class Row:
    """Numbers of one set of clips; means over the clips."""

    name: str
    accuracy: AccuracyReport
    unseen_top1: float
    """Accuracy where the sentence is not in the training split; NaN if there are none."""
    quality: float
    speed_hps: float
    jerk_hps3: float
    skating: float
    bone_variation: float
    seconds_a_clip: float
    """Wall time of generating; 0 for clips that are there."""


def measure_row(
    name: str,
    clips: Sequence[NDArray[np.float32]],
    truth: Sequence[str],
    *,
    classifier: ActionClassifier,
    groups: Sequence[str],
    unseen: NDArray[np.bool_],
    seconds_a_clip: float = 0.0,
) -> Row:
    """Measure clips.

    Args:
        name: Of the row.
        clips: Joints of each, shape (T, 10, 2), H.
        truth: What each should show.
        classifier: The judge.
        groups: Clips of one group are no independent samples.
        unseen: True where the sentence is new, shape (N,).
        seconds_a_clip: Of generating.
    """
    logits = classifier.classify(clips)
    joints, mask = pad_clips(clips)
    said = np.array(classifier.labels)[logits.argmax(axis=1)]
    right = said == np.asarray(truth)
    return Row(
        name=name,
        accuracy=measure_accuracy(logits, truth, classifier.labels, groups=groups),
        unseen_top1=float(right[unseen].mean()) if unseen.any() else float("nan"),
        quality=float(np.mean([score_figure(clip)[QUALITY_SCORE] for clip in clips])),
        speed_hps=float(mean_speed(joints, mask).mean()),
        jerk_hps3=float(mean_jerk(joints, mask).mean()),
        skating=float(foot_skating(joints, mask).mean()),
        bone_variation=float(bone_variation(joints, mask).mean()),
        seconds_a_clip=seconds_a_clip,
    )


def shuffled_accuracy(
    clips: Sequence[NDArray[np.float32]],
    truth: Sequence[str],
    *,
    classifier: ActionClassifier,
    seed: int = 0,
) -> float:
    """Accuracy if every clip had been made from the caption of another one, drawn at random."""
    said = np.array(classifier.labels)[classifier.classify(clips).argmax(axis=1)]
    rng = np.random.default_rng(seed)
    words = np.asarray(truth)
    return float(np.mean([(said == rng.permutation(words)).mean() for _ in range(_SHUFFLES)]))


def to_dict(row: Row) -> dict[str, Any]:
    """As plain values, for JSON; None for what is not known."""
    values = asdict(row)
    if not np.isfinite(row.unseen_top1):
        values["unseen_top1"] = None
    return values


def as_markdown(rows: Sequence[Row], facts: Mapping[str, Any]) -> str:
    """The report; the first row is the held-out motion that the others are compared with."""
    real = rows[0]
    lines = [
        "# Generated motion, judged by an action classifier",
        "",
        *(f"- {name}: {value}" for name, value in facts.items()),
        "",
        "| clips | n | top-1 (95 %) | top-1, unseen sentences | top-3 | mean over actions "
        "| quality | speed / held-out | jerk / held-out | skating | bone variation | s a clip |",
        "|" + "---|" * 12,
    ]
    for row in rows:
        low, high = row.accuracy.interval
        cells = [
            row.name,
            str(row.accuracy.count),
            f"{row.accuracy.top1:.3f} ({low:.3f}-{high:.3f})",
            f"{row.unseen_top1:.3f}",
            f"{row.accuracy.top3:.3f}",
            f"{row.accuracy.mean_over_actions:.3f}",
            f"{row.quality:.3f}",
            f"{row.speed_hps / max(real.speed_hps, 1e-9):.2f}",
            f"{row.jerk_hps3 / max(real.jerk_hps3, 1e-9):.2f}",
            f"{row.skating:.3f}",
            f"{row.bone_variation:.3f}",
            f"{row.seconds_a_clip:.3f}" if row.seconds_a_clip else "-",
        ]
        lines.append("| " + " | ".join(cells) + " |")
    lines += ["", "## By action", "", "| action | " + " | ".join(r.name for r in rows) + " |"]
    lines.append("|" + "---|" * (len(rows) + 1))
    for action in sorted(real.accuracy.by_action):
        shares = [f"{row.accuracy.by_action[action][1]:.2f}" for row in rows]
        lines.append(f"| {action} ({real.accuracy.by_action[action][0]}) | {' | '.join(shares)} |")
    for row in rows[:2]:
        pairs = [f"{c.action} as {c.taken_for} ({c.count})" for c in row.accuracy.confusions]
        lines += ["", f"Most confused, {row.name}: {', '.join(pairs) or 'nothing'}."]
    return "\n".join(lines) + "\n"
