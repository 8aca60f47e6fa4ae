"""Two small networks that put a sentence and the motion it tells of near to each other.

They judge generators and share nothing with one: own words, own features, trained from scratch.

Letters of shapes: N sentences or clips, B of a batch, T frames, J joints, F features, C width,
D width of the vectors, P frames that are read together, U distinct words.
"""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import torch
from safetensors.torch import save_file
from torch import nn

from datasets_spec.errors import StickgenError
from stickgen_model.evaluate.features import FEATURES_VERSION, NUM_FEATURES, motion_features
from stickgen_model.evaluate.padding import pad_clips
from stickgen_model.evaluate.sequence_tower import SequenceTower, TowerConfig
from stickgen_model.evaluate.text_words import WordTable
from stickgen_model.training.checkpoint import (
    check_keys,
    read_json,
    read_tensors,
    write_folder,
    write_json,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    from numpy.typing import NDArray
    from torch import Tensor

__all__ = ["TextMotionConfig", "TextMotionEncoder", "TextMotionError"]

FORMAT: Final = "stickgen-text-motion-1"
WEIGHTS_FILE: Final = "encoders.safetensors"
FACTS_FILE: Final = "encoders.json"

_BATCH: Final = 128
_PATCH: Final = 8
"""P: frames that are read together, .32 s: each of them counts, and the network is four times as
fast as with two."""


class TextMotionError(StickgenError):
    """A folder holds no text-motion encoders that this version can use."""


@dataclass(frozen=True, kw_only=True, slots=True)
class TextMotionConfig:
    """Shape of the networks.

    Attributes:
        dim: D.
        buckets: Numbers that n-grams of letters share.
        text: Tower over words.
        motion: Tower over groups of frames.
    """

    dim: int = 128
    buckets: int = 4096
    text: TowerConfig = field(default_factory=lambda: TowerConfig(blocks=1, kernel=3))
    motion: TowerConfig = field(default_factory=TowerConfig)

    def __post_init__(self) -> None:
        """Refuse what makes no network."""
        if self.dim < 2 or self.buckets < 1:
            msg = f"expected dim >= 2 and buckets >= 1, got {self.dim} and {self.buckets}"
            raise ValueError(msg)

    @classmethod
    def from_dict(cls, values: Mapping[str, Any]) -> TextMotionConfig:
        """The inverse of `asdict`."""
        towers = {name: TowerConfig(**values[name]) for name in ("text", "motion")}
        return cls(**{**values, **towers})


class TextMotionEncoder(nn.Module):
    """Sentences and clips to vectors of length 1; a sentence is near to what it tells of.

    Args:
        words: Known words.
        config: Shape of the networks.
        facts: Plain values that are kept beside the weights: training, own scores.
    """

    mean_F: Tensor
    std_F: Tensor

    def __init__(
        self,
        words: Sequence[str],
        config: TextMotionConfig | None = None,
        *,
        facts: Mapping[str, Any] | None = None,
    ) -> None:
        super().__init__()
        self.config = TextMotionConfig() if config is None else config
        self.facts: dict[str, Any] = dict(facts or {})
        self.table = WordTable(words, buckets=self.config.buckets)
        width = self.config.text.width
        self.register_buffer("mean_F", torch.zeros(NUM_FEATURES))
        self.register_buffer("std_F", torch.ones(NUM_FEATURES))
        self.words = nn.Embedding(len(words) + 1, width, padding_idx=0)
        self.grams = nn.EmbeddingBag(self.config.buckets, width, mode="mean")
        self.say = nn.LayerNorm(width)
        self.read = SequenceTower(self.config.text, dim=self.config.dim)
        self.enter = nn.Linear(_PATCH * NUM_FEATURES, self.config.motion.width)
        self.watch = SequenceTower(self.config.motion, dim=self.config.dim)

    @property
    def dim(self) -> int:
        """Width D of the vectors."""
        return self.config.dim

    def text_vectors(self, sentences: Sequence[str], *, forget: Tensor | None = None) -> Tensor:
        """Vectors of sentences, shape (B, D), with gradients.

        Args:
            sentences: B of them.
            forget: Draws of 0..1 by number of a word, shape (number of words + 1,); words below
                .1 are read by their letters alone, as unknown ones are. None = none of them.
        """
        batch = self.table.read(sentences)
        ids_U = torch.from_numpy(batch.ids)
        if forget is not None:
            ids_U = ids_U.masked_fill(forget[ids_U] < 0.1, 0)
        grams_UC = self.grams(torch.from_numpy(batch.grams), torch.from_numpy(batch.starts))
        words_UC = self.say(self.words(ids_U) + grams_UC)
        found: Tensor = self.read(
            words_UC[torch.from_numpy(batch.rows)], torch.from_numpy(batch.mask)
        )
        return found

    def motion_vectors(self, joints_BTJ2: Tensor, mask_BT: Tensor) -> Tensor:
        """Vectors of clips, shape (B, D), with gradients.

        Args:
            joints_BTJ2: Joints, H, shape (B, T, 10, 2).
            mask_BT: True at real frames, the first ones of a row, at least one.
        """
        x_BTF = (motion_features(joints_BTJ2) - self.mean_F) / self.std_F
        x_BTF = x_BTF * mask_BT[..., None]
        spare = -x_BTF.shape[1] % _PATCH
        x_BTF = nn.functional.pad(x_BTF, (0, 0, 0, spare))
        mask_BT = nn.functional.pad(mask_BT, (0, spare))
        clips, frames = mask_BT.shape
        x_BTC = self.enter(x_BTF.reshape(clips, frames // _PATCH, -1))
        found: Tensor = self.watch(x_BTC, mask_BT[:, ::_PATCH])
        return found

    def embed_texts(self, sentences: Sequence[str]) -> NDArray[np.float32]:
        """Vectors of sentences; the others of the call change nothing.

        Args:
            sentences: N of them, any text; only words count, not capitals or punctuation.

        Returns:
            Shape (N, D), float32, of length 1.
        """
        vectors = np.zeros((len(sentences), self.dim), dtype=np.float32)
        with _judging(self):
            for start in range(0, len(sentences), _BATCH):
                rows = slice(start, start + _BATCH)
                vectors[rows] = self.text_vectors(sentences[rows]).numpy()
        return vectors

    def embed_motions(self, clips: Sequence[NDArray[np.floating[Any]]]) -> NDArray[np.float32]:
        """Vectors of whole clips; the others of the call change nothing.

        Args:
            clips: Joints of each, shape (T, 10, 2) or (T, 20), H, 25 fps.

        Returns:
            Shape (N, D), float32, of length 1.

        Raises:
            ValueError: If a clip has another shape or numbers that are not finite.
        """
        vectors = np.zeros((len(clips), self.dim), dtype=np.float32)
        order = np.argsort([len(clip) for clip in clips], kind="stable")
        with _judging(self):
            for start in range(0, len(clips), _BATCH):
                rows = order[start : start + _BATCH]
                joints, mask = pad_clips([clips[row] for row in rows])
                found = self.motion_vectors(torch.from_numpy(joints), torch.from_numpy(mask))
                vectors[rows] = found.numpy()
        return vectors

    def save(self, folder: Path, *, facts: Mapping[str, Any] | None = None) -> None:
        """Write weights and what they are; a folder that is there is replaced.

        Args:
            folder: Its place.
            facts: In place of `self.facts`.
        """
        about = {
            "format": FORMAT,
            "features_version": FEATURES_VERSION,
            "config": asdict(self.config),
            "facts": dict(self.facts if facts is None else facts),
            "words": list(self.table.words),
        }

        def fill(part: Path) -> None:
            weights = {key: value.contiguous() for key, value in self.state_dict().items()}
            save_file(weights, part / WEIGHTS_FILE, metadata={"format": "pt"})
            write_json(part / FACTS_FILE, about)

        write_folder(folder, fill)

    @classmethod
    def load(cls, folder: Path) -> TextMotionEncoder:
        """Read encoders, ready to embed.

        Raises:
            TextMotionError: If they are of another format, or were trained on other features.
            CheckpointError: If a file is missing or damaged, or weights and shape differ.
        """
        path = folder / FACTS_FILE
        about = read_json(path)
        wanted = {"format": FORMAT, "features_version": FEATURES_VERSION}
        found = {key: about.get(key) for key in wanted}
        if found != wanted:
            msg = f"{path}: expected {wanted}, got {found}; train the judges again"
            raise TextMotionError(msg)
        try:
            config = TextMotionConfig.from_dict(about["config"])
            model = cls(about["words"], config, facts=about["facts"])
        except (KeyError, TypeError, ValueError) as error:
            msg = f"{path}: expected words and config of text-motion encoders; {error!r}"
            raise TextMotionError(msg) from error
        weights = read_tensors(folder / WEIGHTS_FILE)
        check_keys(model.state_dict(), weights, where=str(folder / WEIGHTS_FILE))
        model.load_state_dict(weights)
        return model.eval()


@contextmanager
def _judging(model: nn.Module) -> Iterator[None]:
    """Without gradients and dropout meanwhile."""
    was_training = model.training
    model.eval()
    try:
        with torch.inference_mode():
            yield
    finally:
        model.train(was_training)
