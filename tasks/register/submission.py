"""What a submitted model says of itself in the registry."""

from __future__ import annotations

import hashlib
import json
import shutil
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any, Final

from datasets_spec.errors import ConfigError
from stickgen_model.evaluate.evaluation import EVALUATION_FILE, MODEL_ROW
from tasks.publish.markdown import escape_markdown
from tasks.register.promotion import CHAMPION_ROW, rows_of
from tasks.registry.facts import CHAMPION
from tasks.report.metric_values import evaluation_metrics

if TYPE_CHECKING:
    from stickgen_model.evaluate.evaluation import Evaluation
    from tasks.register.promotion import Decision
    from tasks.register.rules import PromotionRules
    from tasks.registry.facts import VersionFacts
    from tasks.track.task import BuildTracker

__all__ = [
    "CHAMPION_DIGEST",
    "DECISION_TAG",
    "DIGEST_TAG",
    "METRIC_TAG",
    "SAME_TAGS",
    "Submitted",
    "champion_fault",
    "check_same_model",
    "decision_tags",
    "described",
    "evaluation_digest",
    "is_decided",
    "log_evaluation",
    "submission_tags",
    "submitted",
]

DIGEST_TAG: Final = "digest"
DECISION_TAG: Final = "decision"
SAME_TAGS: Final = (DIGEST_TAG, "evaluation")
"""Versions that agree in both are the same submission."""
CHAMPION_DIGEST: Final = "champion_digest"
"""In the settings of an evaluation: digest of the model of its row `champion`."""
_RULES_TAG: Final = "rules"
_REASON_TAG: Final = "reason"
METRIC_TAG: Final = "metric."
_FLEETING: Final = ("path", "seconds")
"""What differs between two evaluations that measured the same."""
_LONGEST: Final = 4000
"""Characters of a reason; MLflow's older servers take 5000 a tag."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Submitted:
    """What became of a candidate.

    Attributes:
        name: Of the registered model.
        version: Its number, as text.
        promoted: Whether it was made the champion by this submission, now or when it was new.
        reasons: Why, or why not, one line each.
        uri: models:/NAME/VERSION, for --model.
        known: True if the same model with the same evaluation was there before; nothing was done.
        tracking_uri: The store.
    """

    name: str
    version: str
    promoted: bool
    reasons: tuple[str, ...]
    uri: str
    known: bool
    tracking_uri: str


def evaluation_digest(evaluation: Evaluation) -> str:
    """SHA-256 of what was measured, in hexadecimal; times and paths do not count."""
    plain = _lasting(json.loads(json.dumps(evaluation.to_dict())))
    text = json.dumps(plain, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def _lasting(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {name: _lasting(part) for name, part in value.items() if name not in _FLEETING}
    if isinstance(value, list):
        return [_lasting(part) for part in value]
    return value


def check_same_model(evaluation: Evaluation, digest: str, *, where: str) -> None:
    """Refuse an evaluation of another model.

    Args:
        evaluation: Names its model by its digest.
        digest: Of the model that is submitted.
        where: Its place, for the text of the error.

    Raises:
        ConfigError: If they differ, or the evaluation names none.
    """
    found = evaluation.model.get("digest")
    if found != digest:
        msg = (
            f"{where}: expected an evaluation of this model, digest {digest[:12]}; it is of "
            f"{str(found)[:12]}, {str(evaluation.model.get('path', 'unknown'))[:200]}; evaluate "
            "this model with stickgen evaluate"
        )
        raise ConfigError(msg)


def champion_fault(evaluation: Evaluation, champion: VersionFacts | None) -> str | None:
    """Why an evaluation cannot decide against the champion of today; None if it can.

    Args:
        evaluation: Names the champion that it measured by its digest.
        champion: Of today, with its digest; None if there is none.
    """
    if champion is None:
        return None
    if all(row.name != CHAMPION_ROW for row in evaluation.rows):
        return f"{champion.uri} is the champion, but was not measured; evaluate again beside it"
    digest, found = champion.tags[DIGEST_TAG], evaluation.settings.get(CHAMPION_DIGEST)
    if found != digest:
        return (
            f"{champion.uri}, digest {digest[:12]}, is the champion, but another model was "
            f"measured as such, digest {str(found)[:12]}; evaluate again beside it"
        )
    return None


def submission_tags(evaluation: Evaluation) -> dict[str, str]:
    """What a version tells of its evaluation."""
    rows = rows_of(evaluation)
    metrics = rows[MODEL_ROW].metrics if MODEL_ROW in rows else {}
    return {
        "evaluation": evaluation_digest(evaluation),
        "evaluated_on": str(evaluation.data.get("fingerprint", "unknown")),
        "judges": ", ".join(f"{judge.name} {judge.digest[:12]}" for judge in evaluation.judges),
        **{
            f"{METRIC_TAG}{name}": f"{value.mean:.6g} [{value.low:.6g}, {value.high:.6g}]"
            for name, value in metrics.items()
        },
    }


def decision_tags(decision: Decision, rules: PromotionRules) -> dict[str, str]:
    """What was decided and why; the decision itself comes last, for it says that all is done."""
    return {
        _RULES_TAG: _rules_digest(rules),
        _REASON_TAG: "\n".join(decision.reasons)[:_LONGEST],
        DECISION_TAG: "promoted" if decision.promote else "refused",
    }


def described(decision: Decision) -> str:
    """The decision for MLflow's page of a version, which is Markdown."""
    lines = [f"- {escape_markdown(reason)}" for reason in decision.reasons]
    head = "Promoted:" if decision.promote else "Not promoted:"
    return "\n".join([head, "", *lines])[:_LONGEST]


def is_decided(facts: VersionFacts, rules: PromotionRules) -> bool:
    """Whether a version was decided by these rules, or is the champion whatever they say."""
    if DECISION_TAG not in facts.tags:
        return False
    return CHAMPION in facts.aliases or facts.tags.get(_RULES_TAG) == _rules_digest(rules)


def _rules_digest(rules: PromotionRules) -> str:
    text = json.dumps(rules.to_dict(), sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def submitted(facts: VersionFacts, *, known: bool, tracking_uri: str) -> Submitted:
    """What a decided version tells of its submission."""
    return Submitted(
        name=facts.name,
        version=str(facts.version),
        promoted=facts.tags[DECISION_TAG] == "promoted",
        reasons=tuple(facts.tags[_REASON_TAG].split("\n")),
        uri=facts.uri,
        known=known,
        tracking_uri=tracking_uri,
    )


def log_evaluation(
    tracker: BuildTracker, evaluation: Evaluation, decision: Decision, *, card: Path | None
) -> None:
    """Metrics and files of an evaluation, its decision and the card, on a tracked run."""
    tracker.log_metrics(evaluation_metrics(evaluation), time_ms=time.time_ns() // 1_000_000)
    with TemporaryDirectory(prefix="stickgen-") as scratch:
        folder = Path(scratch)
        evaluation.save(folder / EVALUATION_FILE)
        text = json.dumps(decision.to_dict(), indent=2, allow_nan=False)
        (folder / "decision.json").write_text(f"{text}\n", encoding="utf-8")
        if card is not None:
            shutil.copyfile(card, folder / "README.md")
        tracker.log_files(sorted(folder.iterdir()), "evaluation")
