"""Training of the action classifier: crops of stretches of one action, varied a little.

Letters of shapes: B crops of a batch, T frames of the longest, S stretches.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import torch

from datasets_spec.errors import ConfigError
from datasets_spec.skeleton import MIRROR
from datasets_spec.vocabulary import action_name
from stickgen_model.evaluate.action_classifier import ActionClassifier, ClassifierConfig
from stickgen_model.evaluate.features import motion_features

if TYPE_CHECKING:
    from collections.abc import Mapping

    from numpy.typing import NDArray
    from torch import Tensor

    from stickgen_model.evaluate.action_segments import ActionSegments
    from stickgen_model.training.metrics import MetricSink

__all__ = ["ClassifierRecipe", "draw_crops", "known_labels", "train_classifier"]

_STATISTICS_CROPS = 2048
_LEAST_STD = 0.02
"""Floor of a deviation that numbers are divided by, H or H/s."""


@dataclass(frozen=True, kw_only=True, slots=True)
class ClassifierRecipe:
    """How the classifier is trained.

    Attributes:
        steps: Of the optimiser, >= 10.
        batch_size: B.
        learning_rate: Greatest, a quarter of the way in; it then falls to nothing.
        weight_decay: Of AdamW.
        smoothing: Share of the target that is spread over all labels.
        frames: Least and greatest length of a crop; a shorter stretch is taken whole.
        balance: 0 = stretches as often as they come, 1 = every action and kind as often.
        mirror: Chance of the mirror image.
        speed_chance: Chance of another speed.
        speed: Greatest change of speed, as a share.
        size: Greatest change of size, as a share.
        noise: Greatest deviation of white noise, H; half of the crops have none.
        min_segments: Actions with fewer stretches are no labels.
        seed: Of everything random.
    """

    steps: int = 2400
    batch_size: int = 96
    learning_rate: float = 2e-3
    weight_decay: float = 0.02
    smoothing: float = 0.05
    frames: tuple[int, int] = (32, 100)
    balance: float = 0.6
    mirror: float = 0.5
    speed_chance: float = 0.5
    speed: float = 0.15
    size: float = 0.05
    noise: float = 0.004
    min_segments: int = 8
    seed: int = 0

    def __post_init__(self) -> None:
        """Collect all faults and raise once."""
        checks = (
            (self.steps >= 10, "steps >= 10", self.steps),
            (self.batch_size >= 2, "batch_size >= 2", self.batch_size),
            (self.learning_rate > 0.0, "learning_rate > 0", self.learning_rate),
            (2 <= self.frames[0] <= self.frames[1], "frames 2 <= least <= most", self.frames),
            (0.0 <= self.balance <= 1.0, "balance 0..1", self.balance),
            (0.0 <= self.speed < 1.0, "speed in [0, 1)", self.speed),
            (0.0 <= self.size < 1.0, "size in [0, 1)", self.size),
            (self.noise >= 0.0, "noise >= 0", self.noise),
            (self.min_segments >= 1, "min_segments >= 1", self.min_segments),
            (self.seed >= 0, "seed >= 0", self.seed),
        )
        faults = [f"expected {want}, got {got!r}" for ok, want, got in checks if not ok]
        if faults:
            msg = "classifier recipe: " + "; ".join(faults)
            raise ConfigError(msg)

    def to_dict(self) -> dict[str, Any]:
        """As plain values, for JSON."""
        return asdict(self)


def known_labels(segments: ActionSegments, *, min_segments: int = 1) -> tuple[str, ...]:
    """Words of the actions with at least so many stretches, by id."""
    ids, counts = np.unique(segments.actions, return_counts=True)
    return tuple(action_name(int(i)) for i in ids[counts >= min_segments])


def draw_crops(
    segments: ActionSegments,
    rows: NDArray[np.int64],
    rng: np.random.Generator,
    *,
    recipe: ClassifierRecipe,
) -> tuple[NDArray[np.float32], NDArray[np.bool_]]:
    """A varied crop of each stretch; all have the same length, but for stretches that are shorter.

    Where along x a crop lies is left alone: the features do not see it.

    Args:
        segments: Stretches.
        rows: Which of them, shape (B,); one may come twice.
        rng: Random numbers.
        recipe: How much is varied.

    Returns:
        Joints (B, T, 10, 2), H, and True at real frames (B, T).
    """
    count, most = len(rows), int(rng.integers(recipe.frames[0], recipe.frames[1] + 1))
    change = np.exp(rng.uniform(-1.0, 1.0, count) * np.log1p(recipe.speed))
    factor = np.where(rng.random(count) < recipe.speed_chance, change, 1.0)
    last = segments.lengths[rows] - 1
    frames = np.minimum(np.floor(last / factor).astype(np.int64) + 1, most)
    spare = last - (frames - 1) * factor
    # whole frames where the speed stays: no smoothing by interpolation
    start = np.where(factor == 1.0, np.rint(spare * rng.random(count)), spare * rng.random(count))
    steps = np.arange(int(frames.max()))
    mask = steps < frames[:, None]
    places = np.minimum(start[:, None] + factor[:, None] * steps, last[:, None].astype(np.float64))
    before = places.astype(np.int64)
    share = (places - before)[..., None, None].astype(np.float32)
    base = segments.first[rows][:, None]
    one = segments.frames[base + before]
    other = segments.frames[base + np.minimum(before + 1, last[:, None])]
    joints = one + (other - one) * share
    flipped = rng.random(count) < recipe.mirror
    joints[flipped] = joints[flipped][:, :, MIRROR] * np.array([-1.0, 1.0], dtype=np.float32)
    scale = 1.0 + recipe.size * rng.uniform(-1.0, 1.0, count)
    sigma = recipe.noise * np.maximum(rng.uniform(-1.0, 1.0, count), 0.0)
    noise = rng.standard_normal(joints.shape, dtype=np.float32) * _per_clip(sigma)
    return joints * _per_clip(scale) + noise, mask


def _per_clip(values: NDArray[np.float64]) -> NDArray[np.float32]:
    return values.astype(np.float32)[:, None, None, None]


def _chances(segments: ActionSegments, balance: float) -> NDArray[np.float64]:
    """How often each stretch is drawn, shape (S,), sums to 1."""
    kinds = 2 * segments.actions + segments.real
    _, places, counts = np.unique(kinds, return_inverse=True, return_counts=True)
    weights = counts[places].astype(np.float64) ** -balance
    return np.asarray(weights / weights.sum())


def _fit_statistics(
    model: ActionClassifier, segments: ActionSegments, *, recipe: ClassifierRecipe
) -> None:
    """Mean and deviation of the features over the real frames of crops."""
    rng = np.random.default_rng([recipe.seed, 1])
    rows = rng.choice(len(segments), _STATISTICS_CROPS, p=_chances(segments, recipe.balance))
    joints, mask = draw_crops(segments, rows, rng, recipe=recipe)
    found_NF = motion_features(torch.from_numpy(joints))[torch.from_numpy(mask)]
    model.mean_F.copy_(found_NF.mean(0))
    model.std_F.copy_(found_NF.std(0).clamp(min=_LEAST_STD))


def train_classifier(
    segments: ActionSegments,
    recipe: ClassifierRecipe | None = None,
    *,
    config: ClassifierConfig | None = None,
    sink: MetricSink | None = None,
) -> ActionClassifier:
    """Train a classifier on the CPU; the same stretches and recipe give the same weights.

    Args:
        segments: Of the training split.
        recipe: How; None = the usual one.
        config: Shape of the network; None = the usual one.
        sink: Gets loss and accuracy of each hundred steps.

    Raises:
        ConfigError: If fewer than two actions have enough stretches.
    """
    recipe = ClassifierRecipe() if recipe is None else recipe
    labels = known_labels(segments, min_segments=recipe.min_segments)
    if len(labels) < 2:
        msg = (
            f"expected two actions or more with {recipe.min_segments} stretches each to tell "
            f"apart, got {list(labels)}; train on a larger dataset"
        )
        raise ConfigError(msg)
    names = np.array([action_name(int(i)) for i in segments.actions])
    segments = segments.select(np.flatnonzero(np.isin(names, labels)))
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(recipe.seed)
        model = ActionClassifier(labels, config)
        _fit_statistics(model, segments, recipe=recipe)
        _optimise(model, segments, recipe, sink=sink)
    return model.eval()


def _optimise(
    model: ActionClassifier,
    segments: ActionSegments,
    recipe: ClassifierRecipe,
    *,
    sink: MetricSink | None,
) -> None:
    rng = np.random.default_rng([recipe.seed, 2])
    chances = _chances(segments, recipe.balance)
    truth = np.array([model.labels.index(action_name(int(i))) for i in segments.actions])
    optimiser = torch.optim.AdamW(
        model.parameters(), lr=recipe.learning_rate, weight_decay=recipe.weight_decay
    )
    course = torch.optim.lr_scheduler.OneCycleLR(
        optimiser, recipe.learning_rate, total_steps=recipe.steps + 1, pct_start=0.25
    )
    loss_of = torch.nn.CrossEntropyLoss(label_smoothing=recipe.smoothing)
    seen = _Running()
    model.train()
    for step in range(1, recipe.steps + 1):
        rows = rng.choice(len(segments), recipe.batch_size, p=chances)
        joints, mask = draw_crops(segments, rows, rng, recipe=recipe)
        wanted_B = torch.from_numpy(truth[rows])
        logits_BA = model(torch.from_numpy(joints), torch.from_numpy(mask))
        loss = loss_of(logits_BA, wanted_B)
        optimiser.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimiser.step()
        course.step()
        seen.add(loss.detach(), logits_BA.detach(), wanted_B)
        if sink is not None and step % 100 == 0:
            sink.log_metrics(seen.flush(), step=step)


class _Running:
    """Means since they were last told."""

    def __init__(self) -> None:
        self._rows: list[tuple[float, float]] = []

    def add(self, loss: Tensor, logits_BA: Tensor, wanted_B: Tensor) -> None:
        hits = (logits_BA.argmax(1) == wanted_B).float().mean()
        self._rows.append((float(loss), float(hits)))

    def flush(self) -> Mapping[str, float]:
        loss, accuracy = np.mean(self._rows, axis=0)
        self._rows = []
        return {"classifier/loss": float(loss), "classifier/accuracy": float(accuracy)}
