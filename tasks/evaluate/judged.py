"""Clips as judges see them: vectors, answers, numbers of each clip.

Letters of shapes: N items, D numbers of a vector, A labels, M real clips, T frames.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from datasets_spec.quality import QUALITY_SCORE
from stickgen_model.evaluate.copies import COPY_H
from stickgen_model.evaluate.pose_metrics import motion_values, pose_mse
from tasks.score.figure import score_figure

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from stickgen_model.evaluate.copies import MotionIndex
    from tasks.evaluate.trial import Trial
    from tasks.judge.judges import Judges

    Clips = Sequence[NDArray[np.float32]]

__all__ = ["JudgedClips", "JudgedTrial", "action_hits", "copy_values", "judge_clips", "judge_trial"]


@dataclass(frozen=True, eq=False, kw_only=True, slots=True)
class JudgedTrial:
    """A trial with what judges say of it.

    Attributes:
        trial: Items and real motion.
        judges: The judges.
        text_vectors: Vectors of the prompts, shape (N, D).
        pool_vectors: Vectors of the real motion that rows are compared with, shape (M, D).
    """

    trial: Trial
    judges: Judges
    text_vectors: NDArray[np.float32]
    pool_vectors: NDArray[np.float32]

    @property
    def texts(self) -> list[str]:
        """The prompts."""
        return [item.text for item in self.trial.items]

    @property
    def actions(self) -> list[str]:
        """What each prompt asks for."""
        return [item.action for item in self.trial.items]


@dataclass(frozen=True, eq=False, kw_only=True, slots=True)
class JudgedClips:
    """Clips of one row.

    Attributes:
        clips: One an item, shape (T, 10, 2), H.
        motion_vectors: Vectors, shape (N, D).
        values: Numbers of each clip by name of the metric, shape (N,); NaN where there is none.
    """

    clips: Clips
    motion_vectors: NDArray[np.float32]
    values: dict[str, NDArray[np.float64]]


def judge_trial(trial: Trial, judges: Judges) -> JudgedTrial:
    """Let the encoders see prompts and real motion."""
    return JudgedTrial(
        trial=trial,
        judges=judges,
        text_vectors=judges.encoder.embed_texts([item.text for item in trial.items]),
        pool_vectors=judges.encoder.embed_motions([item.joints for item in trial.pool]),
    )


def judge_clips(
    clips: Clips, judged: JudgedTrial, *, real: Sequence[NDArray[np.float32] | None] | None = None
) -> JudgedClips:
    """Let the judges see clips.

    Args:
        clips: One an item, shape (T, 10, 2), H.
        judged: What they are for.
        real: Motion that each should be near to; None = that of the items.
    """
    items = judged.trial.items
    first, third = action_hits(clips, judged.actions, judged.judges)
    goals = [item.joints for item in items] if real is None else list(real)
    values = {
        "pose_mse": _pose_mse(clips, goals),
        "action_accuracy": first,
        "action_accuracy_top3": third,
        **motion_values(clips),
        "quality": np.array([_quality(clip) for clip in clips]),
    }
    motion_vectors = judged.judges.encoder.embed_motions(clips)
    return JudgedClips(clips=clips, motion_vectors=motion_vectors, values=values)


def action_hits(
    clips: Clips, actions: Sequence[str], judges: Judges
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Whether the classifier's first answer, or one of its first three, is the action.

    Args:
        clips: Joints of each, shape (T, 10, 2), H.
        actions: Word of each.
        judges: One of them is the classifier.

    Returns:
        0 or 1 for each clip, shape (N,), twice.
    """
    logits = judges.classifier.classify(clips)
    order = np.argsort(-logits, axis=1, kind="stable")[:, :3]
    hits = np.array(judges.classifier.labels)[order] == np.array(actions)[:, None]
    return hits[:, 0].astype(np.float64), hits.any(axis=1).astype(np.float64)


def copy_values(
    clips: Clips, training: MotionIndex, *, most: int
) -> dict[str, NDArray[np.float64]]:
    """How near clips are to training motion.

    Args:
        clips: One an item, shape (T, 10, 2), H.
        training: Motion of the training split.
        most: Clips that are looked for, the first ones; the others have no values.

    Returns:
        copy_distance, H, and copy_share, 0 or 1, each of shape (N,).
    """
    found = np.full(len(clips), np.nan)
    found[:most] = training.nearest(clips[:most]).distance
    share = np.where(np.isnan(found), np.nan, (found < COPY_H).astype(np.float64))
    return {"copy_distance": found, "copy_share": share}


def _quality(clip: NDArray[Any]) -> float:
    return float(score_figure(clip)[QUALITY_SCORE])


def _pose_mse(
    clips: Clips, goals: Sequence[NDArray[np.float32] | None]
) -> NDArray[np.float64]:  # fmt: skip
    found = np.full(len(clips), np.nan)
    pairs = [(row, goal) for row, goal in enumerate(goals) if goal is not None]
    if pairs:
        rows = [row for row, _ in pairs]
        found[rows] = pose_mse([clips[row] for row in rows], [goal for _, goal in pairs])
    return found
