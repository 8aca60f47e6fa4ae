"""Evaluating as Prefect tasks: the judges of a dataset, and the measuring itself."""

from __future__ import annotations

import json
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

# before mlflow: the product never phones home by default
from tasks.track.task import track_build  # isort: skip

from prefect import task
from prefect.cache_policies import NO_CACHE

from stickgen_model.evaluate.evaluation import EVALUATION_FILE
from stickgen_model.evaluate.examples import EXAMPLES_FILE, save_examples
from tasks.evaluate.candidate import open_candidate
from tasks.evaluate.data_facts import read_fingerprint
from tasks.evaluate.evaluate import evaluate_model
from tasks.evaluate.job import CARD_FILE, REPORT_FILE, EvaluationFiles
from tasks.judge.judges import JUDGES_FILE, JudgesError, open_judges
from tasks.judge.settings import JudgeSettings
from tasks.judge.task import make_judges
from tasks.report.card_error import CardError
from tasks.report.card_facts import read_card_facts
from tasks.report.metric_values import evaluation_metrics
from tasks.report.model_card import write_model_card
from tasks.report.page import write_report

if TYPE_CHECKING:
    from stickgen_model.evaluate.evaluation import Evaluation
    from tasks.evaluate.candidate import Candidate
    from tasks.evaluate.job import EvaluateJob
    from tasks.judge.judges import Judges
    from tasks.track.task import BuildTracker

__all__ = ["EXPERIMENT", "find_judges", "measure_model"]

EXPERIMENT: Final = "stickgen-evaluations"

# networks stay in this process: annotations say so, results are never stored
Anything = Any


@task(name="judges-of-data", cache_policy=NO_CACHE, persist_result=False)
def find_judges(job: EvaluateJob, *, tell: Anything = None) -> Any:
    """The judges of a dataset: those that are named, those beside it, or new ones.

    New ones are made beside the dataset, where none are named and those that are there belong to
    another state of the data.

    Args:
        job: What is evaluated.
        tell: Takes what is done next.

    Returns:
        The Judges.

    Raises:
        JudgesError: If the named ones cannot be used, or were trained on other data.
        StickgenError: If the data cannot be read.
    """
    folder = job.judges_folder
    data = Path(job.data).expanduser()
    wanted = read_fingerprint(data)
    if (folder / JUDGES_FILE).is_file() and (job.judges or _fingerprint(folder) == wanted):
        judges = open_judges(folder)
        _check_data(judges, wanted, folder)
        return judges
    if job.judges:
        msg = (
            f"{folder}: expected a folder of judges, found no {JUDGES_FILE}; make one with: "
            f"stickgen judges --data {data} --out {folder}"
        )
        raise JudgesError(msg)
    if tell is not None:
        tell(f"training judges on {data}, kept in {folder}")
    steps = job.judge_steps
    return make_judges.fn(data, folder, JudgeSettings.of_steps(steps) if steps else None)


def _fingerprint(folder: Path) -> str:
    """Of the data that judges were trained on; empty where it cannot be told."""
    try:
        return str(json.loads((folder / JUDGES_FILE).read_text("utf-8"))["data"]["fingerprint"])
    except (OSError, ValueError, KeyError, TypeError):
        return ""  # damaged ones are made anew


def _check_data(judges: Judges, wanted: str, folder: Path) -> None:
    if judges.fingerprint != wanted:
        msg = (
            f"{folder}: expected judges of the data with fingerprint {wanted[:12]}, got those of "
            f"{judges.fingerprint[:12]}: they may have seen its test clips; train judges on it, or "
            "leave --judges out"
        )
        raise JudgesError(msg)


@task(name="measure-model", cache_policy=NO_CACHE, persist_result=False)
def measure_model(
    job: EvaluateJob,
    judges: Anything,
    *,
    model: Path,
    name: str = "",
    champion: Path | None = None,
    tell: Anything = None,
) -> Any:
    """Evaluate a model, write files and card, track it all.

    Args:
        job: What is evaluated.
        judges: The Judges.
        model: Place of the model on this machine.
        name: How it is called, such as models:/stickgen/3; empty = its path.
        champion: Place of the model that is to be beaten.
        tell: Takes what is done next.

    Returns:
        The EvaluationFiles.

    Raises:
        StickgenError: If model, data or tracking store cannot be used.
    """
    data, out = Path(job.data).expanduser(), Path(job.out).expanduser()
    params = {"model": name or str(model), "data": str(data), "champion": job.champion}
    with track_build(EXPERIMENT, params={**params, **job.settings.to_dict()}) as tracker:
        candidate = open_candidate(model, device=job.device, name=name)
        rival = _rival(champion, job)
        _log_start(tracker, candidate, data)
        evaluation, examples = evaluate_model(
            candidate, data, judges, job.settings, rival, tell=tell
        )
        out.mkdir(parents=True, exist_ok=True)
        save_examples(examples, out / EXAMPLES_FILE)
        write_report(evaluation, examples, out / REPORT_FILE)
        fault = _write_card(evaluation, model, job) if job.card else ""
        evaluation.save(out / EVALUATION_FILE)  # the last one: it says that all is there
        tracker.log_metrics(evaluation_metrics(evaluation), time_ms=time.time_ns() // 1_000_000)
        names = (EVALUATION_FILE, EXAMPLES_FILE, REPORT_FILE, CARD_FILE)
        tracker.log_files([out / file for file in names])
        return EvaluationFiles(
            evaluation=evaluation,
            folder=out,
            card_fault=fault,
            run_id=tracker.run_id,
            tracking_uri=tracker.uri,
        )


def _rival(champion: Path | None, job: EvaluateJob) -> Candidate | None:
    if champion is None:
        return None
    return open_candidate(champion, device=job.device, name=job.champion)


def _log_start(tracker: BuildTracker, candidate: Candidate, data: Path) -> None:
    fingerprint = read_fingerprint(data)
    facts = {f"model.{key}": str(value) for key, value in candidate.facts.items()}
    tracker.log_tags({**facts, "dataset.fingerprint": fingerprint})
    tracker.log_dataset(data, name=data.resolve().name, digest=fingerprint, context="evaluation")


def _write_card(evaluation: Evaluation, model: Path, job: EvaluateJob) -> str:
    """Write the model card; why not, if it cannot be whole."""
    path = Path(job.out).expanduser() / CARD_FILE
    path.unlink(missing_ok=True)  # that of another evaluation would tell of another model
    try:
        facts = read_card_facts(model, Path(job.data).expanduser())
        write_model_card(evaluation, facts, path, allow_gaps=job.card_gaps)
    except CardError as error:
        return str(error)
    return ""
