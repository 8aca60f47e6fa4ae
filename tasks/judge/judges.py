"""A folder of judges: two networks and what they are.

encoders/     text-motion encoders
classifier/   action classifier
judges.json   digests, own scores on held-out clips, data and settings; written last
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass, replace
from typing import TYPE_CHECKING, Any, Final

from datasets_spec.errors import StickgenError
from stickgen_model.evaluate.action_classifier import WEIGHTS_FILE as CLASSIFIER_WEIGHTS
from stickgen_model.evaluate.action_classifier import ActionClassifier
from stickgen_model.evaluate.evaluation import Judge
from stickgen_model.evaluate.text_motion import WEIGHTS_FILE as ENCODERS_WEIGHTS
from stickgen_model.evaluate.text_motion import TextMotionEncoder

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

__all__ = [
    "CLASSIFIER_DIR",
    "CLASSIFIER_NAME",
    "ENCODERS_DIR",
    "ENCODERS_NAME",
    "FORMAT",
    "JUDGES_FILE",
    "Judges",
    "JudgesError",
    "open_judges",
    "save_judges",
]

FORMAT: Final = "stickgen-judges-1"
JUDGES_FILE: Final = "judges.json"
ENCODERS_DIR: Final = "encoders"
CLASSIFIER_DIR: Final = "classifier"
ENCODERS_NAME: Final = "text-motion encoders"
CLASSIFIER_NAME: Final = "action classifier"

_WEIGHTS: Final = {
    ENCODERS_NAME: f"{ENCODERS_DIR}/{ENCODERS_WEIGHTS}",
    CLASSIFIER_NAME: f"{CLASSIFIER_DIR}/{CLASSIFIER_WEIGHTS}",
}


class JudgesError(StickgenError):
    """A folder holds no judges that this version can use."""


@dataclass(frozen=True, eq=False, kw_only=True, slots=True)
class Judges:
    """Networks that measure, ready to use.

    Attributes:
        encoder: Sentences and motion as vectors.
        classifier: Motion as an action.
        told: What they are and how good, first the encoders, then the classifier.
        fingerprint: Of the dataset that they were trained on, from its manifest.
        settings: How they were trained, as plain values.
    """

    encoder: TextMotionEncoder
    classifier: ActionClassifier
    told: tuple[Judge, ...]
    fingerprint: str
    settings: dict[str, Any]

    @property
    def digest(self) -> str:
        """SHA-256 over the weights of both."""
        return hashlib.sha256("\n".join(one.digest for one in self.told).encode()).hexdigest()

    def with_version(self, version: str) -> Judges:
        """The same, known by a version in the registry."""
        return replace(self, told=tuple(replace(one, version=version) for one in self.told))


def open_judges(folder: Path) -> Judges:
    """Read judges, ready to use.

    Args:
        folder: As `train_judges` and `stickgen judges` write it.

    Raises:
        JudgesError: If there are none, they are of another format, or a file is not the one that
            was written.
        StickgenError: If a network cannot be read.
    """
    path = folder / JUDGES_FILE
    about = _read(path)
    if about.get("format") != FORMAT:
        msg = f"{path}: expected {FORMAT!r}, got {about.get('format')!r}; train the judges again"
        raise JudgesError(msg)
    try:
        told = tuple(Judge(**judge) for judge in about["judges"])
        fingerprint, settings = str(about["data"]["fingerprint"]), dict(about["settings"])
    except (KeyError, TypeError, ValueError) as error:
        msg = f"{path}: expected judges, data and settings; {error!r}; train the judges again"
        raise JudgesError(msg) from error
    if tuple(judge.name for judge in told) != tuple(_WEIGHTS):
        msg = f"{path}: expected {list(_WEIGHTS)}, got {[judge.name for judge in told]}"
        raise JudgesError(msg)
    for judge in told:
        _check(folder / _WEIGHTS[judge.name], judge)
    return Judges(
        encoder=TextMotionEncoder.load(folder / ENCODERS_DIR),
        classifier=ActionClassifier.load(folder / CLASSIFIER_DIR),
        told=told,
        fingerprint=fingerprint,
        settings=settings,
    )


def save_judges(
    folder: Path,
    encoder: TextMotionEncoder,
    classifier: ActionClassifier,
    *,
    held_out: Mapping[str, Mapping[str, float]],
    about: Mapping[str, str],
    facts: Mapping[str, Mapping[str, Any]],
    fingerprint: str,
    settings: Mapping[str, Any],
) -> Judges:
    """Write judges; those that are there are replaced.

    Args:
        folder: Its place, made if absent.
        encoder: Trained.
        classifier: Trained.
        held_out: Scores of each on held-out clips, by name of the judge.
        about: What each is, one line, by name of the judge.
        facts: All that is known of each, by name of the judge; kept beside its weights.
        fingerprint: Of the dataset, from its manifest.
        settings: How they were trained, as plain values.
    """
    folder.mkdir(parents=True, exist_ok=True)
    (folder / JUDGES_FILE).unlink(missing_ok=True)  # half of them is none
    encoder.save(folder / ENCODERS_DIR, facts=facts[ENCODERS_NAME])
    classifier.save(folder / CLASSIFIER_DIR, facts=facts[CLASSIFIER_NAME])
    told = tuple(
        Judge(
            name=name,
            digest=_sha256(folder / weights),
            version="",
            told=about[name],
            held_out=dict(held_out[name]),
        )
        for name, weights in _WEIGHTS.items()
    )
    values = {
        "format": FORMAT,
        "judges": [asdict(judge) for judge in told],
        "data": {"fingerprint": fingerprint},
        "settings": dict(settings),
    }
    part = folder / f".{JUDGES_FILE}.tmp"
    part.write_text(json.dumps(values, indent=2, allow_nan=False) + "\n", encoding="utf-8")
    part.replace(folder / JUDGES_FILE)
    return Judges(
        encoder=encoder,
        classifier=classifier,
        told=told,
        fingerprint=fingerprint,
        settings=dict(settings),
    )


def _read(path: Path) -> dict[str, Any]:
    try:
        values = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        msg = (
            f"{path}: expected a folder of judges with this JSON file; {error}; "
            "make one with: stickgen judges --data DIR --out DIR"
        )
        raise JudgesError(msg) from error
    if not isinstance(values, dict):
        msg = f"{path}: expected a JSON object, got {type(values).__name__}"
        raise JudgesError(msg)
    return values


def _check(path: Path, judge: Judge) -> None:
    found = _sha256(path) if path.is_file() else "no file"
    if found != judge.digest:
        msg = (
            f"{path}: expected the {judge.name} with digest {judge.digest[:12]}, got {found[:12]}; "
            "train the judges again"
        )
        raise JudgesError(msg)


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
