"""Training of the text-motion encoders: contrast of each pair with the others of its batch.

Source of the loss: InfoNCE, van den Oord et al. 2018; both ways as in CLIP, near duplicates masked
as in TMR (Petrovich et al. 2023).

Letters of shapes: B pairs, D width of the vectors.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
import torch

from datasets_spec.errors import ConfigError
from stickgen_model.evaluate.features import motion_features
from stickgen_model.evaluate.near_texts import NearTexts
from stickgen_model.evaluate.text_motion import TextMotionConfig, TextMotionEncoder
from stickgen_model.evaluate.text_motion_pairs import chances, draw_motion, draw_texts
from stickgen_model.evaluate.text_motion_recipe import TextMotionRecipe
from stickgen_model.evaluate.text_words import WordTable

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from torch import Tensor

    from stickgen_model.evaluate.captioned_motion import CaptionedMotion
    from stickgen_model.training.metrics import MetricSink

__all__ = ["contrast", "train_text_motion"]

_STATISTICS_CLIPS: Final = 512
_LEAST_STD: Final = 0.02
"""Floor of a deviation that numbers are divided by, H or H/s."""
_CHUNK: Final = 32
"""Clips of about the same length that go through the network together."""
_HELD_OUT: Final = 512
"""Most pairs that the held-out loss is measured on."""


def contrast(
    texts_BD: Tensor, motions_BD: Tensor, apart_BB: Tensor, *, temperature: float
) -> Tensor:
    """Cross-entropy of finding the motion of each sentence and the sentence of each motion.

    Args:
        texts_BD: Vectors of length 1, shape (B, D).
        motions_BD: Likewise, in the same order.
        apart_BB: True where a pair is a negative of another, shape (B, B).
        temperature: Cosines are divided by it.
    """
    own_BB = torch.eye(len(texts_BD), dtype=torch.bool)
    logits_BB = (texts_BD @ motions_BD.T / temperature).masked_fill(
        ~(apart_BB | own_BB), -torch.inf
    )
    target_B = torch.arange(len(texts_BD))
    there = torch.nn.functional.cross_entropy(logits_BB, target_B)
    back = torch.nn.functional.cross_entropy(logits_BB.T, target_B)
    return (there + back) / 2.0


def train_text_motion(
    train: CaptionedMotion,
    val: CaptionedMotion,
    recipe: TextMotionRecipe | None = None,
    *,
    config: TextMotionConfig | None = None,
    sink: MetricSink | None = None,
) -> TextMotionEncoder:
    """Train encoders on the CPU; the same stretches and recipe give the same weights.

    Args:
        train: Stretches to train on.
        val: Stretches that say which weights are kept.
        recipe: How; None = the usual one.
        config: Shape of the networks; None = the usual one.
        sink: Gets the loss of each hundred steps and the held-out ones.

    Raises:
        ConfigError: If there are fewer than two recordings to tell apart.
    """
    recipe = TextMotionRecipe() if recipe is None else recipe
    config = TextMotionConfig() if config is None else config
    for split, data in (("train", train), ("val", val)):
        if len(np.unique(data.groups)) < 2:
            msg = f"{split}: expected described motion of two recordings or more, got {len(data)}"
            raise ConfigError(msg)
    sentences = sorted({text for said in train.texts for text in said})
    table = WordTable.of_sentences(
        sentences, buckets=config.buckets, least=recipe.min_word, most=recipe.max_words
    )
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(recipe.seed)
        model = TextMotionEncoder(table.words, config)
        course = _Course(model, train, recipe, near=NearTexts(sentences))
        course.fit_statistics()
        course.run(_HeldOut(val, recipe, near=course.near), sink=sink)
    return model.eval()


class _HeldOut:
    """A fixed batch that is never trained on."""

    def __init__(self, data: CaptionedMotion, recipe: TextMotionRecipe, *, near: NearTexts) -> None:
        rng = np.random.default_rng([recipe.seed, 3])
        rows = rng.permutation(len(data))[:_HELD_OUT]
        self._clips = [data.clip(int(row)) for row in rows]
        self._texts = draw_texts(data, rows, np.zeros(len(rows), dtype=np.bool_), rng)
        self._apart = _apart(self._texts, data.groups[rows], near, recipe.near)
        self._temperature = recipe.temperature

    def loss(self, model: TextMotionEncoder) -> float:
        texts = torch.from_numpy(model.embed_texts(self._texts))
        motions = torch.from_numpy(model.embed_motions(self._clips))
        return float(contrast(texts, motions, self._apart, temperature=self._temperature))


class _Course:
    """One training."""

    def __init__(
        self,
        model: TextMotionEncoder,
        data: CaptionedMotion,
        recipe: TextMotionRecipe,
        *,
        near: NearTexts,
    ) -> None:
        self.near = near
        self._model, self._data, self._recipe = model, data, recipe
        self._chances = chances(data, recipe.balance)
        self._rng = np.random.default_rng([recipe.seed, 2])
        self._optimiser = torch.optim.AdamW(
            model.parameters(),
            lr=recipe.learning_rate,
            weight_decay=recipe.weight_decay,
            fused=True,
        )
        self._schedule = torch.optim.lr_scheduler.OneCycleLR(
            self._optimiser, recipe.learning_rate, total_steps=recipe.steps + 1, pct_start=0.1
        )

    def fit_statistics(self) -> None:
        """Mean and deviation of the features over the real frames of clips."""
        rng = np.random.default_rng([self._recipe.seed, 1])
        rows = rng.choice(len(self._data), _STATISTICS_CLIPS, p=self._chances)
        plain = np.zeros(len(rows), dtype=np.bool_)
        joints, mask = draw_motion(self._data, rows, plain, rng, recipe=self._recipe)
        found_NF = motion_features(torch.from_numpy(joints))[torch.from_numpy(mask)]
        self._model.mean_F.copy_(found_NF.mean(0))
        self._model.std_F.copy_(found_NF.std(0).clamp(min=_LEAST_STD))

    def run(self, held_out: _HeldOut, *, sink: MetricSink | None) -> None:
        """All steps; the model ends with the weights that did best on what was held out."""
        steps, best = self._recipe.steps, np.inf
        kept: dict[str, Tensor] = {}
        checks = {round((n + 1) * steps / self._recipe.checks) for n in range(self._recipe.checks)}
        losses: list[float] = []
        for step in range(1, steps + 1):
            losses.append(self._step())
            if sink is not None and step % 100 == 0:
                sink.log_metrics({"encoders/loss": float(np.mean(losses[-100:]))}, step=step)
            if step in checks:
                found = held_out.loss(self._model)
                if sink is not None:
                    sink.log_metrics({"encoders/held_out_loss": found}, step=step)
                if found < best:
                    best = found
                    kept = {key: v.clone() for key, v in self._model.state_dict().items()}
        if not kept:
            msg = "text-motion encoders: the held-out loss was never finite; lower the rate"
            raise ConfigError(msg)
        self._model.load_state_dict(kept)

    def _step(self) -> float:
        recipe, data = self._recipe, self._data
        rows = self._rng.choice(len(data), recipe.batch_size, p=self._chances)
        rows = rows[np.argsort(data.lengths[rows], kind="stable")]
        flipped = self._rng.random(len(rows)) < recipe.mirror
        texts = draw_texts(data, rows, flipped, self._rng)
        apart = _apart(texts, data.groups[rows], self.near, recipe.near)
        self._model.train()
        forget = torch.rand(len(self._model.table.words) + 1)
        texts_BD = self._model.text_vectors(texts, forget=forget)
        motions_BD = torch.cat(
            [self._watch(rows[i : i + _CHUNK], flipped[i : i + _CHUNK]) for i in self._chunks()]
        )
        loss = contrast(texts_BD, motions_BD, apart, temperature=recipe.temperature)
        self._optimiser.zero_grad()
        loss.backward()  # type: ignore[no-untyped-call]
        torch.nn.utils.clip_grad_norm_(self._model.parameters(), 1.0)
        self._optimiser.step()
        self._schedule.step()
        return float(loss.detach())

    def _chunks(self) -> range:
        return range(0, self._recipe.batch_size, _CHUNK)

    def _watch(self, rows: NDArray[np.int64], flipped: NDArray[np.bool_]) -> Tensor:
        joints, mask = draw_motion(self._data, rows, flipped, self._rng, recipe=self._recipe)
        return self._model.motion_vectors(torch.from_numpy(joints), torch.from_numpy(mask))


def _apart(texts: list[str], groups: NDArray[np.int64], near: NearTexts, limit: float) -> Tensor:
    """Which pairs are negatives of each other: another recording, and other words; (B, B)."""
    other_words = near.similarity(texts) < limit
    return torch.from_numpy(other_words & (groups[:, None] != groups[None, :]))
