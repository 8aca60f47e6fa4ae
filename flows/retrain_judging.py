"""The stages of a retraining that judge: judges, evaluation, registry."""

from __future__ import annotations

from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from datasets_spec.errors import StickgenError
from flows.model_place import found_model
from stickgen_model.evaluate.evaluation import EVALUATION_FILE, Evaluation
from stickgen_model.evaluate.examples import save_examples
from tasks.champion.task import champion_of
from tasks.evaluate.candidate import open_candidate
from tasks.evaluate.evaluate import evaluate_model
from tasks.judge.judges import JUDGES_FILE, open_judges
from tasks.judge.train import train_judges
from tasks.register.submission import evaluation_digest
from tasks.register.task import submit_candidate, versions_of
from tasks.report.page import write_report
from tasks.retrain.keys import code_digest, stage_key
from tasks.retrain.signals import report_stage
from tasks.retrain.stage import Stage
from tasks.store.shard import file_sha256
from tasks.train.plan import choose_place

if TYPE_CHECKING:
    from tasks.retrain.config import RetrainConfig
    from tasks.retrain.ledger import Ledger

__all__ = ["Judging"]

Values = dict[str, Any]
JUDGES_DIR: Final = "judges"
EVALUATIONS_DIR: Final = "evaluations"
_REPORT: Final = "report.html"
_EXAMPLES: Final = "examples.npz"
_JUDGES_CODE: Final = ("stickgen_model/evaluate", "tasks/judge")
_EVALUATE_CODE: Final = (*_JUDGES_CODE, "tasks/evaluate", "stickgen_model/generate.py")


@dataclass(frozen=True, kw_only=True, slots=True)
class Judging:
    """What the stages share.

    Attributes:
        config: Of the retraining.
        work: Its folder.
        data: Dataset folder.
        clips: Digest of its clips.
        fingerprint: Of the dataset.
        ledger: What was decided before.
    """

    config: RetrainConfig
    work: Path
    data: Path
    clips: str
    fingerprint: str
    ledger: Ledger

    def judges(self) -> Stage:
        """Networks that measure, trained on the dataset's own training split."""
        settings = self.config.judges
        inputs = {
            "clips": self.clips,
            "settings": settings.to_dict(),
            "code": code_digest(_JUDGES_CODE),
        }
        folder = self.work / JUDGES_DIR / stage_key("judges", inputs)[:12]

        def make(plan: Values) -> Values:
            del plan
            found = train_judges(self.data, folder, settings)
            scores = {one.name: one.held_out for one in found.told}
            return {
                "folder": str(folder),
                "digest": found.digest,
                "file": file_sha256(folder / JUDGES_FILE),
                "scores": scores,
            }

        return Stage(
            name="judges",
            inputs=inputs,
            make=make,
            fault=lambda result: _file_fault(folder / JUDGES_FILE, result["file"]),
            told=lambda result: f"{result['folder']}, digest {result['digest'][:12]}",
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
            with ExitStack() as stack:
                device = str(choose_place(self.config.device).device)
                rival = None
                if champion:
                    place = stack.enter_context(found_model(champion))
                    rival = open_candidate(place.path, device=device, name=champion)
                evaluation, examples = evaluate_model(
                    open_candidate(Path(model["checkpoint"]), device=device),
                    self.data,
                    open_judges(Path(judges["folder"])),
                    settings,
                    rival,
                    tell=lambda line: report_stage("evaluate", f"evaluate: {line}"),
                )
            folder.mkdir(parents=True, exist_ok=True)
            save_examples(examples, folder / _EXAMPLES)
            write_report(evaluation, examples, folder / _REPORT)
            evaluation.save(folder / EVALUATION_FILE)
            return {
                "folder": str(folder),
                "file": file_sha256(folder / EVALUATION_FILE),
                "measured": evaluation_digest(evaluation),
                "champion": champion,
            }

        return Stage(
            name="evaluate",
            inputs=inputs,
            make=make,
            fault=lambda result: self._evaluation_fault(model, folder, result),
            told=lambda result: f"{folder / _REPORT}, beside {result['champion'] or 'no champion'}",
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
            evaluation = Evaluation.load(Path(evaluated["folder"]) / EVALUATION_FILE)
            found = submit_candidate(Path(model["checkpoint"]), evaluation, name=name, rules=rules)
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
