"""Clips that stand beside those of a model: what is perfect, what is empty, what is cheap.

Letters of shapes: T frames.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from datasets_spec.skeleton import joint_index
from stickgen_model.evaluate.retrieval import text_key

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from stickgen_model.evaluate.held_out import HeldOut
    from stickgen_model.evaluate.training_motion import NearestText, PoseMoments

    Clips = list[NDArray[np.float32]]

__all__ = ["CHAMPION", "REFERENCES", "ReferenceClips", "reference_clips", "still_scripts"]

CHAMPION: Final = "champion"
"""Name and kind of the row of the model that is to be beaten."""
REFERENCES: Final = {
    "real": "the held-out motion itself, against other held-out motion",
    "shuffled_text": "held-out motion of other sentences",
    "nearest_text": "the training clip whose sentence is nearest, by its words",
    "mean_pose": "the mean pose of the training split, standing still",
    "static_pose": "the first pose of the held-out motion, standing still",
    "noise": "poses drawn at random around the mean pose, frame by frame",
}
"""Rows that stand beside every model, and what they are."""
_PELVIS: Final = joint_index("pelvis")


@dataclass(frozen=True, eq=False, kw_only=True, slots=True)
class ReferenceClips:
    """Clips of one row.

    Attributes:
        name: Of the row.
        clips: One an item, shape (T, 10, 2), H.
    """

    name: str
    clips: Clips


def reference_clips(
    items: Sequence[HeldOut], *, moments: PoseMoments, nearest: NearestText, seed: int
) -> list[ReferenceClips]:
    """Clips of all references, in the order of `REFERENCES`, as long as those of the items.

    Args:
        items: Prompts with their motion.
        moments: Poses of the training split.
        nearest: Sentences of the training split.
        seed: Of what is drawn.
    """
    real = [item.joints for item in items]
    found = {
        "real": real,
        "shuffled_text": [real[row] for row in shuffled_rows(items, seed=seed)],
        "nearest_text": [
            nearest.nearest(item.text, frames=len(item.joints)).joints[: len(item.joints)]
            for item in items
        ],
        "mean_pose": [np.repeat(moments.mean[None], len(clip), axis=0) for clip in real],
        "static_pose": [np.repeat(clip[:1], len(clip), axis=0) for clip in real],
        "noise": _noise([len(clip) for clip in real], moments, seed=seed),
    }
    return [ReferenceClips(name=name, clips=found[name]) for name in REFERENCES]


def still_scripts(
    scripts: Sequence[NDArray[np.float32]], *, moments: PoseMoments, seed: int
) -> dict[str, Clips]:
    """Clips of the references for scripts: motion itself, still ones, noise; by row.

    Args:
        scripts: Real motion of each, shape (T, 10, 2), H.
        moments: Poses of the training split.
        seed: Of what is drawn.
    """
    return {
        "real": list(scripts),
        "mean_pose": [np.repeat(moments.mean[None], len(clip), axis=0) for clip in scripts],
        "static_pose": [np.repeat(clip[:1], len(clip), axis=0) for clip in scripts],
        "noise": _noise([len(clip) for clip in scripts], moments, seed=seed),
    }


def shuffled_rows(items: Sequence[HeldOut], *, seed: int) -> list[int]:
    """For each item another one; of another sentence wherever a swap can bring that about."""
    order: list[int] = np.random.default_rng(seed).permutation(len(items)).tolist()
    keys = [text_key(item.text) for item in items]
    for row in range(len(order)):
        if keys[order[row]] == keys[row]:
            for other in range(len(order)):
                apart = keys[order[other]] != keys[row] and keys[order[row]] != keys[other]
                if apart:
                    order[row], order[other] = order[other], order[row]
                    break
    return order


def _noise(lengths: Sequence[int], moments: PoseMoments, *, seed: int) -> Clips:
    rng = np.random.default_rng(seed)
    return [
        (moments.mean + rng.standard_normal((frames, *moments.mean.shape)) * moments.std).astype(
            np.float32
        )
        for frames in lengths
    ]
