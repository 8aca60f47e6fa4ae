"""The stages of a retraining that judge: judges, evaluation, registry."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, cast

from datasets_spec.errors import StickgenError
from flows.evaluation import evaluate
from stickgen_model.evaluate.evaluation import EVALUATION_FILE, Evaluation
from tasks.champion.task import champion_of
from tasks.evaluate.job import CARD_FILE, EvaluateJob
from tasks.judge.judges import JUDGES_FILE
from tasks.judge.task import make_judges
from tasks.register.submission import evaluation_digest
from tasks.registry.task import versions_of
from tasks.retrain.keys import code_digest, stage_key
from tasks.retrain.prune import EVALUATIONS_DIR, JUDGES_DIR
from tasks.retrain.signals import report_stage
from tasks.retrain.stage import Stage
from tasks.store.shard import file_sha256
from tasks.train.plan import choose_place

if TYPE_CHECKING:
    from tasks.judge.judges import Judges
    from tasks.retrain.config import RetrainConfig
    from tasks.retrain.ledger import Ledger

__all__ = ["Judging"]

Values = dict[str, Any]
_JUDGES_CODE: Final = ("stickgen_model/evaluate", "tasks/judge")
_EVALUATE_CODE: Final = (*_JUDGES_CODE, "tasks/evaluate", "stickgen_model/generate.py")


@dataclass(frozen=True, kw_only=True, slots=True)
class Judging:
    """What the stages share.

    Attributes:
        config: Of the retraining.
        work: Its folder.
        data: Dataset folder.
        fingerprint: Of the dataset.
        ledger: What was decided before.
    """

    config: RetrainConfig
    work: Path
    data: Path
    fingerprint: str
    ledger: Ledger

    def judges(self) -> Stage:
        """Networks that measure, trained on the dataset's own training split."""
        settings = self.config.judges
        inputs = {
            "data": self.fingerprint,
            "settings": settings.to_dict(),
            "code": code_digest(_JUDGES_CODE),
        }
        folder = self.work / JUDGES_DIR / stage_key("judges", inputs)[:12]

        def make(plan: Values) -> Values:
            del plan
            found = cast("Judges", make_judges(self.data, folder, settings))
            scores = {one.name: one.held_out for one in found.told}
            return {
                "folder": str(folder),
                "digest": found.digest,
                "file": file_sha256(folder / JUDGES_FILE),
                "version": found.told[0].version,
                "scores": scores,
            }

        return Stage(
            name="judges",
            inputs=inputs,
            make=make,
            fault=lambda result: _file_fault(folder / JUDGES_FILE, result["file"]),
            told=lambda result: f"version {result['version']}, digest {result['digest'][:12]}",
        )

    def evaluate(self, model: Values, judges: Values) -> Stage:
        """The model and the champion of today, measured by the same judges."""
        settings = self.config.evaluation
        inputs = {
            "model": model["digest"],
            "judges": judges["digest"],
            "data": self.fingerprint,
            "settings": settings.to_dict(),
            "name": self.config.name,
            "code": code_digest(_EVALUATE_CODE),
        }
        folder = self.work / EVALUATIONS_DIR / stage_key("evaluate", inputs)[:12]

        def make(plan: Values) -> Values:
            del plan
            champion = champion_of(self.config.name) or ""
            found = evaluate(
                EvaluateJob(
                    model=model["checkpoint"],
                    data=str(self.data),
                    out=str(folder),
                    judges=judges["folder"],
                    champion=champion,
                    device=str(choose_place(self.config.device).device),
                    settings=settings,
                )
            )
            if found["card_fault"]:
                report_stage("evaluate", f"evaluate: no model card: {found['card_fault']}")
            evaluation = Evaluation.load(folder / EVALUATION_FILE)
            return {
                "folder": str(folder),
                "file": file_sha256(folder / EVALUATION_FILE),
                "measured": evaluation_digest(evaluation),
                "champion": champion,
                "card_fault": found["card_fault"],
            }

        return Stage(
            name="evaluate",
            inputs=inputs,
            make=make,
            fault=lambda result: self._evaluation_fault(model, folder, result),
            told=lambda result: f"measured beside {result['champion'] or 'no champion'}",
        )

    def _evaluation_fault(self, model: Values, folder: Path, result: Values) -> str:
        """Why an evaluation does not decide any more: gone, or beside another champion."""
        fault = _file_fault(folder / EVALUATION_FILE, result["file"])
        champion = champion_of(self.config.name) or ""
        if fault or champion == result["champion"]:
            return fault
        decided = self.ledger.last_done(
            "register", lambda entry: bool(entry.inputs["model"] == model["digest"])
        )
        # its own promotion changes nothing, nor does it that somebody rolled it back
        own = decided is not None and decided.result["promoted"]
        return "" if own else f"the champion is now {champion or 'none'}"

    def register(self, model: Values, evaluated: Values) -> Stage:
        """A version of the registered model; the champion, if it is better."""
        name, rules = self.config.name, self.config.promotion
        inputs = {
            "model": model["digest"],
            "evaluation": evaluated["measured"],
            "rules": rules.to_dict(),
            "name": name,
        }

        def make(plan: Values) -> Values:
            del plan
            # mlflow warns of the types of what it serves when this is first imported
            from tasks.register.task import submit_candidate  # noqa: PLC0415

            folder = Path(evaluated["folder"])
            card = folder / CARD_FILE
            found = submit_candidate(
                Path(model["checkpoint"]),
                Evaluation.load(folder / EVALUATION_FILE),
                name=name,
                rules=rules,
                card=card if card.is_file() else None,
            )
            return {
                "version": found.version,
                "uri": found.uri,
                "promoted": found.promoted,
                "reasons": list(found.reasons),
            }

        return Stage(
            name="register",
            inputs=inputs,
            make=make,
            fault=lambda result: _version_fault(name, result["version"]),
            told=lambda result: (
                f"{result['uri']}, " + ("the champion" if result["promoted"] else "not promoted")
            ),
        )


def _file_fault(path: Path, digest: str) -> str:
    """Why a file is not the one that was written."""
    try:
        found = file_sha256(path)
    except OSError as error:
        return f"{path}: {error.strerror}"
    return "" if found == digest else f"{path} was changed"


def _version_fault(name: str, version: str) -> str:
    """Why a version cannot be found in the registry."""
    try:
        found = {str(one.version) for one in versions_of(name)}
    except StickgenError as error:
        return str(error)
    return "" if version in found else f"{name} has no version {version} any more"
