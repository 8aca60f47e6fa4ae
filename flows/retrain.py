"""The flow retrain: from raw motion to a judged candidate, doing only what changed."""

from __future__ import annotations

from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from prefect import flow
from prefect.artifacts import create_markdown_artifact
from prefect.logging import get_run_logger

from datasets_spec.errors import ConfigError
from flows.retrain_stages import RetrainChain
from tasks.publish.lock import build_lock
from tasks.retrain.config import RetrainConfig
from tasks.retrain.ledger import LEDGER_FILE, Ledger
from tasks.retrain.outcome import RetrainSummary, retrain_markdown
from tasks.retrain.signals import watch_stages
from tasks.retrain.task import tell_end

if TYPE_CHECKING:
    from collections.abc import Iterator
    from logging import Logger, LoggerAdapter

__all__ = ["retrain"]

_MARK = ".stickgen-retrain"


@flow(name="retrain", on_completion=[tell_end], on_failure=[tell_end], on_crashed=[tell_end])
def retrain(config: RetrainConfig = RetrainConfig(data="data")) -> RetrainSummary:  # noqa: B008
    """Build, embed, train, judge and register; stages whose inputs did not change are skipped.

    Args:
        config: What to build and train, and where the results lie.

    Returns:
        What was done, what was there, and whether there is a new champion.

    Raises:
        RetrainError: If a stage fails; champion and dataset stay, and the same call goes on.
        TrainingInterruptedError: If somebody stopped a training; the same call goes on.
        StickgenError: If the working folder or its ledger cannot be used.
    """
    with _working_folder(config) as work, watch_stages(_Log(get_run_logger())):
        summary = RetrainChain(config, work, Ledger(work / LEDGER_FILE)).run()
    create_markdown_artifact(key="retrain-summary", markdown=retrain_markdown(summary))
    return summary


class _Log:
    """Writes news of stages to the log of the flow run."""

    def __init__(self, logger: Logger | LoggerAdapter[Logger]) -> None:
        self._logger = logger

    def stage_news(self, stage: str, text: str) -> None:
        """A stage began, ended, or was skipped; its text names it."""
        del stage
        self._logger.info(text)


@contextmanager
def _working_folder(config: RetrainConfig) -> Iterator[Path]:
    """Make or reopen the working folder, and hold it."""
    work = Path(config.work).expanduser().absolute()
    data = Path(config.dataset).expanduser().absolute()
    if work == data or data in work.parents or work in data.parents:
        msg = f"work: expected a folder beside the dataset {data}, got {work}"
        raise ConfigError(msg)
    try:
        if work.is_dir() and any(work.iterdir()) and not (work / _MARK).is_file():
            msg = f"{work}: expected an empty or a retraining's folder, found other files"
            raise ConfigError(msg)
        work.mkdir(parents=True, exist_ok=True)
        (work / _MARK).touch()
    except OSError as error:
        msg = f"{work}: cannot make the working folder ({error.strerror}); name another (work)"
        raise ConfigError(msg) from error
    with build_lock(work, what="retraining"):
        yield work
