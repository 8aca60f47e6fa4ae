"""What an evaluation says: values of a model beside those of its references, as plain data.

It is made once, by the evaluation, and read by reports, cards and the registry, so that no figure
is ever typed by hand.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING, Any, Final

from datasets_spec.errors import StickgenError

if TYPE_CHECKING:
    from pathlib import Path

__all__ = [
    "EVALUATION_FILE",
    "FORMAT",
    "MODEL_ROW",
    "Evaluation",
    "EvaluationError",
    "Judge",
    "Measured",
    "Row",
    "Suite",
]

FORMAT: Final = "stickgen-evaluation-1"
EVALUATION_FILE: Final = "evaluation.json"
MODEL_ROW: Final = "model"
"""Name of the row that an evaluation is about."""


class EvaluationError(StickgenError):
    """A file holds no evaluation that this version can read."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Measured:
    """A mean over repeats.

    Attributes:
        mean: In the unit of the metric; finite.
        low: Low end of the 95 % interval.
        high: High end.
        repeats: Values that it is the mean of; with one, low and high are the mean.
    """

    mean: float
    low: float
    high: float
    repeats: int

    def __post_init__(self) -> None:
        """Refuse what cannot be compared."""
        ends = (self.low, self.mean, self.high)
        if not all(map(math.isfinite, ends)) or not self.low <= self.mean <= self.high:
            msg = f"expected finite low <= mean <= high, got {ends}"
            raise ValueError(msg)
        if self.repeats < 1:
            msg = f"expected at least one repeat, got {self.repeats}"
            raise ValueError(msg)


@dataclass(frozen=True, kw_only=True, slots=True)
class Row:
    """All that was measured of one set of clips.

    Attributes:
        name: `model` for the one that is evaluated; else of the reference.
        kind: `model`, `reference` or `champion`.
        told: What the clips are, one line.
        metrics: By name of `stickgen_model.evaluate.metrics.METRICS`; what does not apply to a row
            is absent.
    """

    name: str
    kind: str
    told: str
    metrics: dict[str, Measured]


@dataclass(frozen=True, kw_only=True, slots=True)
class Suite:
    """Prompts that were changed in one way, against the same prompts unchanged.

    Attributes:
        name: Of the way: `typos`, `paraphrase`, ...
        told: What is changed, one line.
        prompts: How many.
        clean: Value with the prompts as they were, by metric.
        changed: Value with the changed prompts, by metric.
        ratio: Changed over clean with the same seeds, at most 1; 1 = nothing is lost.
        examples: Pairs of a prompt before and after.
    """

    name: str
    told: str
    prompts: int
    clean: dict[str, float]
    changed: dict[str, float]
    ratio: Measured
    examples: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, kw_only=True, slots=True)
class Judge:
    """A network that measures, and how good it is itself.

    Attributes:
        name: `text-motion encoders` or `action classifier`.
        digest: SHA-256 of its weights.
        version: Of the registered model, empty if it lies in a folder only.
        told: What it is, one line.
        held_out: Its own scores on motion that it was not trained on, by name.
    """

    name: str
    digest: str
    version: str
    told: str
    held_out: dict[str, float]


@dataclass(frozen=True, kw_only=True, slots=True)
class Evaluation:
    """An evaluation of one model on one dataset.

    Attributes:
        model: Facts: path, digest, variant, parameters, step, stage, encoder, ...
        data: Facts: path, fingerprint, split, clips, licences, sources, ...
        settings: How it was asked and measured: seed, repeats, steps, guidance, ...
        judges: Networks that measured.
        rows: The model first, then the references.
        suites: Robustness by way of changing; empty if it was not asked for.
        robustness: Mean of the ratios of all suites, with its interval.
        seconds: Time of its parts, by name.
        format: Of the file.
    """

    model: dict[str, Any]
    data: dict[str, Any]
    settings: dict[str, Any]
    judges: tuple[Judge, ...]
    rows: tuple[Row, ...]
    suites: tuple[Suite, ...] = ()
    robustness: Measured | None = None
    seconds: dict[str, float] = field(default_factory=dict)
    format: str = FORMAT

    def row(self, name: str = MODEL_ROW) -> Row:
        """The row of a name.

        Raises:
            KeyError: If there is none.
        """
        for row in self.rows:
            if row.name == name:
                return row
        msg = f"expected a row {name!r}, there are {[row.name for row in self.rows]}"
        raise KeyError(msg)

    def to_dict(self) -> dict[str, Any]:
        """As plain values, for JSON."""
        return asdict(self)

    def save(self, path: Path) -> None:
        """Write the file, whole or not at all."""
        part = path.with_name(f".{path.name}.tmp")
        text = json.dumps(self.to_dict(), indent=2, allow_nan=False)
        part.write_text(f"{text}\n", encoding="utf-8")
        part.replace(path)

    @classmethod
    def load(cls, path: Path) -> Evaluation:
        """Read the file.

        Raises:
            EvaluationError: If it cannot be read or is no evaluation.
        """
        try:
            return cls.from_dict(json.loads(path.read_text(encoding="utf-8")))
        except (OSError, ValueError, TypeError, KeyError, AttributeError) as error:
            what = f"{type(error).__name__}: {error}"
            msg = f"{path}: expected an evaluation ({FORMAT}), got {what[:300]}"
            raise EvaluationError(msg) from error

    @classmethod
    def from_dict(cls, values: Mapping[str, Any]) -> Evaluation:
        """From plain values.

        Raises:
            ValueError: If the format is another, or a number is none.
            TypeError: If parts are missing or unknown.
        """
        if not isinstance(values, Mapping) or values.get("format") != FORMAT:
            found = values.get("format") if isinstance(values, Mapping) else type(values).__name__
            msg = f"expected format {FORMAT!r}, got {found!r}"
            raise ValueError(msg)
        known = dict(values)
        total = known.get("robustness")
        known["judges"] = tuple(Judge(**judge) for judge in known["judges"])
        known["rows"] = tuple(_row(row) for row in known["rows"])
        known["suites"] = tuple(_suite(suite) for suite in known.get("suites", ()))
        known["robustness"] = None if total is None else Measured(**total)
        return cls(**known)


def _row(values: Mapping[str, Any]) -> Row:
    metrics = {name: Measured(**value) for name, value in values["metrics"].items()}
    return Row(**{**values, "metrics": metrics})


def _suite(values: Mapping[str, Any]) -> Suite:
    examples = tuple((str(before), str(after)) for before, after in values["examples"])
    return Suite(**{**values, "ratio": Measured(**values["ratio"]), "examples": examples})
