"""Training of both judges on the training split of a dataset folder."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from datasets_spec.errors import ConfigError
from stickgen_model.evaluate.action_segments import read_segments
from stickgen_model.evaluate.captioned_motion import read_captioned
from stickgen_model.evaluate.classifier_training import train_classifier
from stickgen_model.evaluate.text_motion_training import train_text_motion
from tasks.judge.judges import CLASSIFIER_NAME, ENCODERS_NAME, save_judges
from tasks.judge.scores import classifier_scores, encoder_scores, in_short
from tasks.judge.settings import JudgeSettings
from tasks.publish.lock import build_lock
from tasks.publish.manifest import read_manifest

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from torch import nn

    from stickgen_model.evaluate.action_classifier import ActionClassifier
    from stickgen_model.evaluate.action_segments import ActionSegments
    from stickgen_model.evaluate.captioned_motion import CaptionedMotion
    from stickgen_model.evaluate.text_motion import TextMotionEncoder
    from stickgen_model.training.metrics import MetricSink
    from tasks.judge.judges import Judges

__all__ = [
    "HeldOutMotion",
    "about_judges",
    "read_held_out_motion",
    "score_judges",
    "train_judges",
]


@dataclass(frozen=True, eq=False, kw_only=True, slots=True)
class HeldOutMotion:
    """Clips of one split that judges are scored on.

    Attributes:
        captioned: With sentences.
        segments: With actions.
    """

    captioned: CaptionedMotion
    segments: ActionSegments


def train_judges(
    data: Path,
    out: Path,
    settings: JudgeSettings | None = None,
    *,
    sink: MetricSink | None = None,
) -> Judges:
    """Train text-motion encoders and an action classifier, score them, save them.

    Both are trained on the training split alone; the encoders keep the weights that did best on
    the validation split; the scores that are told are those of the test split. The same dataset
    and settings give the same bytes.

    Args:
        data: Dataset folder.
        out: Folder of the judges; those that are there are replaced at the end.
        settings: How; None = the usual way.
        sink: Gets losses and the held-out scores.

    Raises:
        ConfigError: If `out` lies in the dataset, or the dataset has too little to train on.
        StickgenError: If the dataset cannot be read.
    """
    settings = JudgeSettings() if settings is None else settings
    if out.absolute().is_relative_to(data.absolute()):
        msg = f"{out}: expected a folder for the judges outside of the dataset {data}"
        raise ConfigError(msg)
    fingerprint = str(read_manifest(data)["fingerprint"])
    out.mkdir(parents=True, exist_ok=True)
    with build_lock(out, what="judges"):
        # first of all: what is missing is told before hours of training
        held_out = read_held_out_motion(data)
        train = read_captioned(data, split="train")
        encoder = train_text_motion(train, held_out["val"].captioned, settings.encoders, sink=sink)
        del train  # a large dataset is not in memory twice
        segments = read_segments(data, split="train")
        classifier = train_classifier(segments, settings.classifier, sink=sink)
        del segments
        scores = score_judges(encoder, classifier, held_out, settings=settings)
        if sink is not None:
            sink.log_metrics(_flat(scores), step=settings.encoders.steps)
        return save_judges(
            out,
            encoder,
            classifier,
            held_out={name: in_short(of_split["test"]) for name, of_split in scores.items()},
            about=about_judges(encoder, classifier),
            facts=scores,
            fingerprint=fingerprint,
            settings=settings.to_dict(),
        )


def read_held_out_motion(data: Path) -> dict[str, HeldOutMotion]:
    """Validation and test clips, by split.

    Raises:
        ConfigError: If one of them holds no described motion or no stretch of one action.
    """
    return {
        split: HeldOutMotion(
            captioned=read_captioned(data, split=split), segments=read_segments(data, split=split)
        )
        for split in ("val", "test")
    }


def score_judges(
    encoder: TextMotionEncoder,
    classifier: ActionClassifier,
    held_out: Mapping[str, HeldOutMotion],
    *,
    settings: JudgeSettings,
) -> dict[str, dict[str, Any]]:
    """Scores by name of the judge, split and kind of source."""
    found: dict[str, dict[str, Any]] = {ENCODERS_NAME: {}, CLASSIFIER_NAME: {}}
    for split, motion in held_out.items():
        found[ENCODERS_NAME][split] = encoder_scores(
            encoder, motion.captioned, most=settings.gallery, seed=settings.seed
        )
        found[CLASSIFIER_NAME][split] = classifier_scores(classifier, motion.segments)
    return found


def about_judges(encoder: TextMotionEncoder, classifier: ActionClassifier) -> dict[str, str]:
    """What each is, one line, by its name."""
    size, small = (_millions(model) for model in (encoder, classifier))
    return {
        ENCODERS_NAME: (
            f"{size} parameters: {len(encoder.table.words)} words and n-grams of letters on one "
            f"side, joints on the other, vectors of {encoder.dim}; trained by contrast"
        ),
        CLASSIFIER_NAME: f"{small} parameters: joints to one of {len(classifier.labels)} actions",
    }


def _millions(model: nn.Module) -> str:
    return f"{sum(parameter.numel() for parameter in model.parameters()) / 1e6:.2f} million"


def _flat(scores: dict[str, dict[str, Any]]) -> dict[str, float]:
    """Numbers by path, for a tracker."""
    return {
        f"judges/{name.split()[-1]}/{split}/{key}": value
        for name, of_split in scores.items()
        for split, kinds in of_split.items()
        for key, value in in_short(kinds).items()
    }
