"""The flow evaluate: a model, measured beside references and the champion."""

from __future__ import annotations

from contextlib import ExitStack
from typing import TYPE_CHECKING, Any, Final

from prefect import flow, get_run_logger
from prefect.artifacts import create_markdown_artifact

from flows.model_place import found_model
from tasks.evaluate.job import EvaluateJob
from tasks.evaluate.summary import evaluation_markdown
from tasks.evaluate.task import find_judges, measure_model

if TYPE_CHECKING:
    from collections.abc import Callable

    from tasks.evaluate.job import EvaluationFiles

__all__ = ["evaluate", "run_evaluation"]

_REGISTRY: Final = "models:/"


@flow(name="evaluate", persist_result=False)
def evaluate(job: EvaluateJob = EvaluateJob()) -> dict[str, Any]:  # noqa: B008 - frozen
    """Measure a model: judges, rows, robustness; report, model card, tracked numbers.

    Args:
        job: What to evaluate, on what, and where to.

    Returns:
        Where things are: folder, run_id, tracking_uri, card_fault.

    Raises:
        StickgenError: If model, data, judges or the tracking store cannot be used.
    """
    found = run_evaluation(job, tell=get_run_logger().info)
    create_markdown_artifact(key="evaluation", markdown=evaluation_markdown(found.evaluation))
    return found.to_dict()


def run_evaluation(
    job: EvaluateJob, *, tell: Callable[[str], None], tracked: bool = True
) -> EvaluationFiles:
    """The order of the tasks.

    Args:
        job: What to evaluate.
        tell: Takes what is done next.
        tracked: As Prefect tasks; False = in this process alone, without its server.

    Raises:
        StickgenError: If model, data, judges or the tracking store cannot be used.
    """
    with ExitStack() as stack:
        # what is not there is told before judges are trained
        model = stack.enter_context(found_model(job.model or None))
        rival = stack.enter_context(found_model(job.champion)) if job.champion else None
        tell(f"model: {model.told}")
        judges = (find_judges if tracked else find_judges.fn)(job, tell=tell)
        files: EvaluationFiles = (measure_model if tracked else measure_model.fn)(
            job,
            judges,
            model=model.path,
            name=model.told.partition(" ")[0] if model.told.startswith(_REGISTRY) else "",
            champion=None if rival is None else rival.path,
            tell=tell,
        )
        return files
