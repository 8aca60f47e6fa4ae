"""What a model was trained on, as far as an evaluation needs it: sentences, clips, poses.

Letters of shapes: M sentences, T frames, W words.
"""

from __future__ import annotations

import math
from collections import Counter
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import numpy as np
import scipy.sparse

from datasets_spec.skeleton import NUM_JOINTS, joint_index
from stickgen_model.evaluate.text_words import split_words

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from stickgen_model.evaluate.held_out import HeldOut

__all__ = ["NearestText", "PoseMoments", "pose_moments"]

_PELVIS = joint_index("pelvis")


@dataclass(frozen=True, eq=False, kw_only=True, slots=True)
class PoseMoments:
    """Poses of a dataset, x measured from the pelvis.

    Attributes:
        mean: Shape (10, 2), H.
        std: Shape (10, 2), H.
    """

    mean: NDArray[np.float32]
    std: NDArray[np.float32]


def pose_moments(clips: Sequence[NDArray[np.floating[Any]]]) -> PoseMoments:
    """Mean and deviation of all poses.

    Args:
        clips: Joints of each, shape (T, 10, 2), H, at least one.
    """
    total, squares, count = np.zeros((NUM_JOINTS, 2)), np.zeros((NUM_JOINTS, 2)), 0
    for clip in clips:
        poses = clip.astype(np.float64)
        poses[..., 0] -= poses[:, _PELVIS : _PELVIS + 1, 0].copy()
        total += poses.sum(axis=0)
        squares += (poses**2).sum(axis=0)
        count += len(poses)
    mean = total / count
    std = np.sqrt(np.maximum(squares / count - mean**2, 0.0))
    return PoseMoments(mean=mean.astype(np.float32), std=std.astype(np.float32))


class NearestText:
    """Finds the clip of a training set whose sentence is nearest to a prompt.

    By the words and pairs of words that they share, rare ones counting more: it knows nothing of
    the encoders that judge, nor of those of generators.

    Args:
        items: Clips with their sentences.
    """

    def __init__(self, items: Sequence[HeldOut]) -> None:
        self._items = tuple(items)
        texts = [text for item in items for text in item.texts]
        self._owner = np.repeat(np.arange(len(items)), [len(item.texts) for item in items])
        split = [Counter(_terms(text)) for text in texts]
        counts = Counter(word for words in split for word in words)
        self._places = {word: place for place, word in enumerate(sorted(counts))}
        rarity = [math.log1p(len(texts) / counts[word]) for word in self._places]
        self._rarity = np.array(rarity)
        self._matrix = self._vectors(split)

    def nearest(self, text: str, *, frames: int) -> HeldOut:
        """The clip whose sentence is nearest; of equally near ones that of the nearest length.

        Args:
            text: Any.
            frames: Wanted length.
        """
        likeness = (self._matrix @ self._vectors([Counter(_terms(text))]).T).toarray()[:, 0]
        best = np.unique(self._owner[likeness >= likeness.max() - 1e-9])
        gaps = [abs(len(self._items[row].joints) - frames) for row in best]
        return self._items[int(best[int(np.argmin(gaps))])]

    def _vectors(self, split: Sequence[Counter[str]]) -> scipy.sparse.csr_array:
        """Weights of the words of each, of length 1, shape (M, W); zeros where none is known."""
        known = [[(self._places[w], n) for w, n in words.items() if w in self._places]
                 for words in split]  # fmt: skip
        rows = np.repeat(np.arange(len(known)), [len(pairs) for pairs in known])
        pairs = np.array([pair for row in known for pair in row], dtype=np.int64).reshape(-1, 2)
        values = pairs[:, 1] * self._rarity[pairs[:, 0]]
        shape = (len(known), len(self._places))
        lengths = np.sqrt(np.bincount(rows, weights=values**2, minlength=len(known)))
        values = values / lengths[rows]
        return scipy.sparse.csr_array((values, (rows, pairs[:, 0])), shape=shape)


def _terms(text: str) -> list[str]:
    words = split_words(text)
    return words + [f"{one} {two}" for one, two in pairwise(words)]
