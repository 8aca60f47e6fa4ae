"""Real clips beside generated ones: of the same action, with the words that are nearest.

Letters of shapes: T frames.
"""

from __future__ import annotations

import math
import re
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
        found: dict[str, list[int]] = {}
        for number, sentence in enumerate(store.sentences):
            for word in sorted(set(_words(sentence))):
                found.setdefault(word, []).append(number)
        total = len(store.sentences) + 1
        self._places = {word: np.array(numbers) for word, numbers in found.items()}
        self._weight = {word: math.log(total / len(places)) for word, places in found.items()}
        self._total = np.zeros(len(store.sentences))
        for word, places in self._places.items():
            self._total[places] += self._weight[word]
        self._starts: dict[int, list[tuple[int, int]]] = {}
        self._said: dict[int, list[int]] = {}
        for row in np.flatnonzero(store.lengths >= _MIN_FRAMES).tolist():
            clip = store[row]
            self._said[row] = clip.sentences.tolist()
            for action, first in _stretches(clip.actions):
                self._starts.setdefault(action, []).append((row, first))

    def choose(self, prompt: GalleryPrompt, *, frames: int) -> RealClip | None:
        """The nearest clip that does the action, if it is known, from where it begins."""
        if prompt.action:
            starts = self._starts.get(ACTIONS.index(prompt.action), [])
        else:
            starts = [(row, 0) for row in self._said]
        near = self._likeness(prompt.text)
        # of equally near ones the first clip
        rated = [
            (near[number], -row, first, number)
            for row, first in starts
            for number in self._said[row]
        ]
        best = max(rated, default=None)
        if best is None or (not prompt.action and best[0] <= 0.0):
            return None
        return self._clip(-best[1], first=best[2], frames=frames, sentence=best[3])

    def _clip(self, row: int, *, first: int, frames: int, sentence: int) -> RealClip:
        clip = self._store[row]
        joints = clip.joints.reshape(-1, NUM_JOINTS, 2)
        begin = first if len(joints) - first >= _MIN_FRAMES else 0
        span = slice(begin, begin + frames)
        joints = joints[span].copy()
        joints[..., 0] -= joints[0, _PELVIS, 0]
        return RealClip(
            joints=joints,
            caption=plain_text(self._store.sentences[sentence]),
            depth=None if clip.depth is None else clip.depth[span],
        )

    def _likeness(self, text: str) -> list[float]:
        """Weight of the words that the text shares with each sentence over that of all."""
        asked = sorted(set(_words(text)) & set(self._weight))
        shared = np.zeros(len(self._total))
        for word in asked:
            shared[self._places[word]] += self._weight[word]
        union = sum(self._weight[word] for word in asked) + self._total - shared
        near: list[float] = (shared / np.maximum(union, 1e-9)).tolist()
        return near


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
