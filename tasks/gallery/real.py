"""Real clips beside generated ones: of the same action, with the words that are nearest.

Letters of shapes: T frames.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from datasets_spec.errors import ConfigError
from datasets_spec.skeleton import NUM_JOINTS, joint_index
from datasets_spec.vocabulary import ACTIONS
from stickgen_model.data.clip_store import ClipStore
from stickgen_model.text.encoder import normalise_sentence
from stickgen_model.text.plain import plain_text
from tasks.gallery.measures import column_values, measure_clip

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    from tasks.gallery.prompts import GalleryPrompt

__all__ = ["RealClip", "RealColumn", "open_real", "real_column"]

_SPLITS: Final = ("test", "val", "train")
_MEASURED: Final = 64
"""Clips, evenly chosen, whose medians stand for the dataset."""
_MIN_FRAMES: Final = 10
_PELVIS: Final = joint_index("pelvis")
_WORDS: Final = re.compile(r"[^\W_]+")


@dataclass(frozen=True, eq=False, kw_only=True, slots=True)
class RealClip:
    """A clip of a dataset that stands beside a prompt.

    Attributes:
        joints: Shape (T, 10, 2), H; starts at x = 0.
        caption: What the dataset says of it.
        depth: Shape (T, 10), H, towards the viewer is larger.
    """

    joints: NDArray[np.float32]
    caption: str
    depth: NDArray[np.float32] | None = None


@dataclass(frozen=True, eq=False, kw_only=True, slots=True)
class RealColumn:
    """Real motion beside the models.

    Attributes:
        label: Name of the column.
        clips: One a prompt; None where nothing fits.
        values: Medians of clips of the dataset, by key of the metrics.
    """

    label: str
    clips: tuple[RealClip | None, ...]
    values: Mapping[str, float]


def open_real(folder: Path) -> ClipStore:
    """Clips to show: those that no model was trained on, as far as there are any.

    Raises:
        ConfigError: If the folder is no dataset.
        StickgenError: If a file is damaged.
    """
    for split in _SPLITS:
        try:
            return ClipStore.open(folder, split=split, depth=True)
        except ConfigError:
            if split == _SPLITS[-1]:
                raise
    raise AssertionError  # the loop returns or raises


def real_column(
    store: ClipStore, prompts: Sequence[GalleryPrompt], *, frames: int, label: str
) -> RealColumn:
    """Choose a real clip for each prompt, and measure the dataset.

    Args:
        store: Clips to choose from.
        prompts: What the models are asked for.
        frames: Length of a generated clip; real ones are cut to it.
        label: Name of the column.
    """
    rows = np.unique(np.linspace(0, len(store) - 1, min(len(store), _MEASURED)).astype(int))
    clips = [store.joints_of(int(row)).reshape(-1, NUM_JOINTS, 2)[:frames] for row in rows]
    values = column_values([measure_clip(clip) for clip in clips if len(clip) >= _MIN_FRAMES])
    chooser = _Chooser(store)
    chosen = tuple(chooser.choose(prompt, frames=frames) for prompt in prompts)
    return RealColumn(label=label, clips=chosen, values=values)


class _Chooser:
    """Finds the clip whose caption shares the rarest words with a prompt."""

    def __init__(self, store: ClipStore) -> None:
        self._store = store
        self._words = [frozenset(_words(sentence)) for sentence in store.sentences]
        counts = Counter(word for words in self._words for word in words)
        total = len(self._words) + 1
        self._weight = {word: math.log(total / count) for word, count in counts.items()}
        self._actions: dict[int, list[tuple[int, int]]] = {}
        for row in range(len(store)):
            if store.lengths[row] >= _MIN_FRAMES:
                for action, first in _stretches(store[row].actions):
                    self._actions.setdefault(action, []).append((row, first))

    def choose(self, prompt: GalleryPrompt, *, frames: int) -> RealClip | None:
        """The nearest clip that does the action, if it is known, from where it begins."""
        near = self._likeness(prompt.text)
        wanted = ACTIONS.index(prompt.action) if prompt.action else None
        if wanted is not None:
            starts = self._actions.get(wanted, [])
        else:
            rows = range(len(self._store))
            starts = [(row, 0) for row in rows if self._store.lengths[row] >= _MIN_FRAMES]
        best: tuple[float, int, int, int] | None = None
        for row, first in starts:
            for sentence in self._store[row].sentences.tolist():
                rated = (near[sentence], -row, -first, sentence)
                best = rated if best is None or rated > best else best
        if best is None or (wanted is None and best[0] <= 0.0):
            return None
        _, row, first, sentence = best
        joints = self._store.joints_of(-row).reshape(-1, NUM_JOINTS, 2)
        first = -first if len(joints) + first >= _MIN_FRAMES else 0
        span = slice(first, first + frames)
        depth = self._store[-row].depth
        joints = joints[span].copy()
        joints[..., 0] -= joints[0, _PELVIS, 0]
        return RealClip(
            joints=joints,
            caption=plain_text(self._store.sentences[sentence]),
            depth=None if depth is None else depth[span],
        )

    def _likeness(self, text: str) -> list[float]:
        """Weight of the words that the text shares with each sentence over that of all."""
        asked = frozenset(_words(text))
        weigh = self._weight
        own = sum(weigh.get(word, 0.0) for word in asked)
        found = []
        for words in self._words:
            shared = sum(weigh[word] for word in asked & words)
            union = own + sum(weigh[word] for word in words) - shared if shared else 1.0
            found.append(shared / union if union > 0.0 else 0.0)
        return found


def _words(text: str) -> list[str]:
    return _WORDS.findall(normalise_sentence(text))


def _stretches(actions: NDArray[np.uint8]) -> list[tuple[int, int]]:
    """Known actions of a clip, each with the first frame of its first longest stretch."""
    ends = np.flatnonzero(np.diff(actions)) + 1
    firsts = [0, *ends.tolist()]
    lengths = np.diff([*firsts, len(actions)])
    longest: dict[int, tuple[int, int]] = {}
    for first, length in zip(firsts, lengths.tolist(), strict=True):
        action = int(actions[first])
        if action < len(ACTIONS) and length > longest.get(action, (0, 0))[0]:
            longest[action] = (length, first)
    return [(action, first) for action, (_, first) in longest.items()]
