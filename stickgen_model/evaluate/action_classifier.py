"""A small network that names the action of a clip from its joints alone.

It shares nothing with the generator: own features, own training, no text. So its accuracy on
generated clips, beside that on held-out ones, tells whether the clips show what was asked for.

Letters of shapes: B clips, T frames, J joints, F features, C width, H attention heads, A labels.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import torch
from safetensors.torch import save_file
from torch import nn

from datasets_spec.errors import StickgenError
from stickgen_model.evaluate.features import FEATURES_VERSION, NUM_FEATURES, motion_features
from stickgen_model.evaluate.padding import pad_clips
from stickgen_model.training.checkpoint import (
    check_keys,
    read_json,
    read_tensors,
    write_folder,
    write_json,
)

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from numpy.typing import NDArray
    from torch import Tensor

__all__ = ["ActionClassifier", "ClassifierConfig", "ClassifierError"]

FORMAT: Final = "stickgen-action-classifier-1"
WEIGHTS_FILE: Final = "classifier.safetensors"
FACTS_FILE: Final = "classifier.json"


class ClassifierError(StickgenError):
    """A folder holds no classifier that this version can use."""


@dataclass(frozen=True, kw_only=True, slots=True)
class ClassifierConfig:
    """Shape of the network.

    Attributes:
        width: C.
        blocks: Convolutions; after each of the first two, two frames become one.
        kernel: Frames that a convolution sees, odd.
        heads: H, a divisor of the width.
        dropout: In training.
    """

    width: int = 96
    blocks: int = 5
    kernel: int = 5
    heads: int = 4
    dropout: float = 0.15

    def __post_init__(self) -> None:
        """Refuse what makes no network."""
        ok = min(self.width, self.blocks, self.heads) >= 1 and self.kernel % 2 == 1
        if not ok or self.width % self.heads or not 0.0 <= self.dropout < 1.0:
            msg = f"expected positive sizes, odd kernel, heads that divide the width, got {self}"
            raise ValueError(msg)


class _Block(nn.Module):
    """A residual convolution over time."""

    def __init__(self, config: ClassifierConfig) -> None:
        super().__init__()
        self.norm = nn.LayerNorm(config.width)
        self.conv = nn.Conv1d(config.width, config.width, config.kernel, padding=config.kernel // 2)
        self.dropout = nn.Dropout(config.dropout)

    def forward(self, x_BTC: Tensor, mask_BT1: Tensor) -> Tensor:
        y_BTC = self.norm(x_BTC) * mask_BT1
        y_BTC = self.conv(y_BTC.transpose(1, 2)).transpose(1, 2)
        moved_BTC: Tensor = x_BTC + self.dropout(nn.functional.gelu(y_BTC))
        return moved_BTC


class ActionClassifier(nn.Module):
    """Joints to one logit a label.

    Args:
        labels: Words of the actions that it tells apart, A of them.
        config: Shape of the network.
    """

    mean_F: Tensor
    std_F: Tensor

    def __init__(self, labels: Sequence[str], config: ClassifierConfig | None = None) -> None:
        super().__init__()
        if len(labels) < 2 or len(set(labels)) != len(labels):
            msg = f"expected at least two different labels, got {tuple(labels)}"
            raise ValueError(msg)
        self.config = ClassifierConfig() if config is None else config
        self.labels = tuple(labels)
        width = self.config.width
        self.register_buffer("mean_F", torch.zeros(NUM_FEATURES))
        self.register_buffer("std_F", torch.ones(NUM_FEATURES))
        self.enter = nn.Linear(NUM_FEATURES, width)
        self.blocks = nn.ModuleList(_Block(self.config) for _ in range(self.config.blocks))
        self.norm = nn.LayerNorm(width)
        self.attention = nn.Linear(width, self.config.heads)
        self.leave = nn.Sequential(
            nn.Linear(3 * width, width),
            nn.GELU(),
            nn.Dropout(self.config.dropout),
            nn.Linear(width, len(labels)),
        )

    def forward(self, joints_BTJ2: Tensor, mask_BT: Tensor) -> Tensor:
        """Logits of the labels, shape (B, A).

        Args:
            joints_BTJ2: Joints, H, shape (B, T, 10, 2).
            mask_BT: True at real frames, at least one a clip; the others change nothing.
        """
        mask_BT1 = mask_BT[..., None].to(joints_BTJ2.dtype)
        x_BTC = self.enter((motion_features(joints_BTJ2) - self.mean_F) / self.std_F)
        for number, block in enumerate(self.blocks):
            x_BTC = block(x_BTC, mask_BT1)
            if number < 2:
                x_BTC, mask_BT1 = _halve(x_BTC, mask_BT1)
        logits_BA: Tensor = self.leave(self._pool(self.norm(x_BTC), mask_BT1))
        return logits_BA

    def _pool(self, x_BTC: Tensor, mask_BT1: Tensor) -> Tensor:
        """Mean, greatest and attended value over the frames, shape (B, 3 C)."""
        absent = mask_BT1 == 0
        mean_BC = (x_BTC * mask_BT1).sum(1) / mask_BT1.sum(1)
        peak_BC = x_BTC.masked_fill(absent, -torch.inf).amax(1)
        weight_BTH = self.attention(x_BTC).masked_fill(absent, -torch.inf).softmax(1)
        parts_BTHD = x_BTC.reshape(*x_BTC.shape[:2], self.config.heads, -1)
        attended_BC = (parts_BTHD * weight_BTH[..., None]).sum(1).flatten(1)
        return torch.cat([mean_BC, peak_BC, attended_BC], dim=1)

    def classify(
        self, clips: Sequence[NDArray[np.floating[Any]]], *, batch_size: int = 128
    ) -> NDArray[np.float32]:
        """Logits of whole clips; the other clips of the call change nothing.

        Args:
            clips: Joints of each, shape (T, 10, 2) or (T, 20), H, 25 fps.
            batch_size: Clips at a time; they are taken by length, so little is padding.

        Returns:
            Shape (len(clips), A), float32.

        Raises:
            ValueError: If a clip has another shape or numbers that are not finite.
        """
        logits = np.zeros((len(clips), len(self.labels)), dtype=np.float32)
        order = np.argsort([len(clip) for clip in clips], kind="stable")
        was_training = self.training
        self.eval()
        try:
            with torch.inference_mode():
                for start in range(0, len(clips), batch_size):
                    rows = order[start : start + batch_size]
                    joints, mask = pad_clips([clips[row] for row in rows])
                    found = self(torch.from_numpy(joints), torch.from_numpy(mask))
                    logits[rows] = found.numpy()
        finally:
            self.train(was_training)
        return logits

    def save(self, folder: Path, *, facts: Mapping[str, Any] | None = None) -> None:
        """Write weights and what they are; a folder that is there is replaced.

        Args:
            folder: Its place.
            facts: Plain values to keep beside the weights: how it was trained, how good it is.
        """
        about = {
            "format": FORMAT,
            "features_version": FEATURES_VERSION,
            "config": asdict(self.config),
            "labels": list(self.labels),
            "facts": dict(facts or {}),
        }

        def fill(part: Path) -> None:
            weights = {key: value.contiguous() for key, value in self.state_dict().items()}
            save_file(weights, part / WEIGHTS_FILE, metadata={"format": "pt"})
            write_json(part / FACTS_FILE, about)

        write_folder(folder, fill)

    @classmethod
    def load(cls, folder: Path) -> ActionClassifier:
        """Read a classifier, ready to classify.

        Raises:
            ClassifierError: If it is of another format, or was trained on other features.
            CheckpointError: If a file is missing or damaged, or weights and shape differ.
        """
        path = folder / FACTS_FILE
        about = read_json(path)
        wanted = {"format": FORMAT, "features_version": FEATURES_VERSION}
        found = {key: about.get(key) for key in wanted}
        if found != wanted:
            msg = f"{path}: expected {wanted}, got {found}; train the classifier again"
            raise ClassifierError(msg)
        try:
            model = cls(about["labels"], ClassifierConfig(**about["config"]))
        except (KeyError, TypeError, ValueError) as error:
            msg = f"{path}: expected labels and config of a classifier; {error!r}"
            raise ClassifierError(msg) from error
        weights = read_tensors(folder / WEIGHTS_FILE)
        check_keys(model.state_dict(), weights, where=str(folder / WEIGHTS_FILE))
        model.load_state_dict(weights)
        return model.eval()


def _halve(x_BTC: Tensor, mask_BT1: Tensor) -> tuple[Tensor, Tensor]:
    """Mean of every two frames that follow each other; only real ones count."""
    odd = x_BTC.shape[1] % 2
    x_BTC, mask_BT1 = (nn.functional.pad(v, (0, 0, 0, odd)) for v in (x_BTC, mask_BT1))
    clips, frames, width = x_BTC.shape
    pairs = mask_BT1.reshape(clips, frames // 2, 2, 1)
    count = pairs.sum(2)
    mean = (x_BTC.reshape(clips, frames // 2, 2, width) * pairs).sum(2) / count.clamp(min=1.0)
    return mean, (count > 0).to(x_BTC.dtype)
