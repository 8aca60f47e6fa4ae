"""Training in the terminal: a bar while it runs, a table when it is done."""

from __future__ import annotations

import logging
import signal
import threading
import warnings
from contextlib import contextmanager
from typing import TYPE_CHECKING

from prefect.exceptions import PrefectException
from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    TextColumn,
    TimeElapsedColumn,
    TimeRemainingColumn,
)
from rich.table import Table

from datasets_spec.errors import StickgenError
from flows.finetune import finetune
from flows.interrupt import INTERRUPTED, end_soon
from flows.pretrain import pretrain
from flows.training import TrainingInterruptedError
from tasks.train.signals import STOP, watch_steps

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from types import FrameType

    from tasks.train.job import TrainJob
    from tasks.train.signals import StepNews
    from tasks.train.summary import TrainSummary

__all__ = ["run_table", "stop_after_step", "train_in_terminal"]


class _Bar:
    """Draws the steps of a run."""

    def __init__(self, progress: Progress) -> None:
        self._progress = progress
        self._bar = progress.add_task("preparing", total=None, news="")

    def step(self, news: StepNews) -> None:
        told = f"loss {news.loss:.4f}"
        if news.clips_per_s:
            told += f"  {news.clips_per_s:.1f} clips/s"
        if news.step == 1 or self._progress.tasks[0].total is None:
            # time left counts from here, not from the checking of the data
            self._progress.reset(self._bar, total=news.num_steps, description="training")
        self._progress.update(self._bar, completed=news.step, news=told)
        if news.step >= news.num_steps:
            self._progress.update(self._bar, description="judging")

    def saved(self, checkpoint: str) -> None:
        self._progress.console.print(
            f"saved {checkpoint}; run the same command again to go on from there",
            markup=False,
            soft_wrap=True,
        )
        end_soon(INTERRUPTED)  # the engine would wait long for a server that is gone


def train_in_terminal(job: TrainJob) -> int:
    """Run the flow in this process, show its progress and its result.

    Returns:
        Exit status: 0, or 130 if it was interrupted.

    Raises:
        StickgenError: Whatever the flow raised for the user.
    """
    console = Console(highlight=False)
    warnings.simplefilter("ignore")  # of the libraries
    logging.getLogger("sqlalchemy").setLevel(logging.CRITICAL)
    columns = (
        TextColumn("{task.description:<10}"),
        BarColumn(bar_width=28),
        MofNCompleteColumn(),
        TextColumn("{task.fields[news]}"),
        TimeElapsedColumn(),
        TextColumn("left"),
        TimeRemainingColumn(),
    )
    console.print("starting (a temporary Prefect server takes some seconds)")
    flow = pretrain if job.stage == "pretrain" else finetune
    try:
        with (
            Progress(*columns, console=console) as progress,
            watch_steps(_Bar(progress)),
            stop_after_step(progress.console.print),
        ):
            summary = flow(job)
    except TrainingInterruptedError:
        return INTERRUPTED
    except (RuntimeError, PrefectException) as error:
        if isinstance(error, RuntimeError) and "ephemeral" not in str(error):
            raise
        msg = (
            f"expected a Prefect server, got none that works ({str(error).splitlines()[0]}); run "
            "the same command again, or set PREFECT_API_URL to a server of your own"
        )
        raise StickgenError(msg) from error
    _print_result(console, summary)
    return 0


@contextmanager
def stop_after_step(tell: Callable[[str], None]) -> Iterator[None]:
    """Let Ctrl-C and SIGTERM end the run after its step, with a checkpoint; twice ends it at once.

    Ctrl-C reaches the temporary Prefect server as well; what libraries say of the lost server
    helps nobody.

    Args:
        tell: Shows a line to the user.
    """

    def interrupt(number: int, frame: FrameType | None) -> None:
        del number, frame
        logging.disable(logging.CRITICAL)
        threading.excepthook = lambda _: None
        if STOP.is_set():
            tell("interrupted again; the last checkpoint stays")
            end_soon(INTERRUPTED)
            raise KeyboardInterrupt
        tell("interrupted; saving after this step (once more ends at once)")
        STOP.set()

    before = {name: signal.signal(name, interrupt) for name in (signal.SIGINT, signal.SIGTERM)}
    STOP.clear()
    try:
        yield
    finally:
        for name, handler in before.items():
            signal.signal(name, handler)


def run_table(summary: TrainSummary) -> Table:
    """What came out."""
    table = Table(title=f"{summary.stage} {summary.variant}, {summary.step} steps")
    table.add_column("measure")
    table.add_column("value")
    for name, value in summary.rows:
        table.add_row(name, value)
    table.add_row("time", f"{summary.seconds:.1f} s")
    return table


def _print_result(console: Console, summary: TrainSummary) -> None:
    console.print(run_table(summary))
    console.print("Look next:", style="bold")
    for place, meaning in (
        (summary.checkpoint, "the best checkpoint"),
        (f"{summary.out}/curves.png", "the losses"),
        (summary.samples[-1] if summary.samples else "", "what it made last"),
        (summary.gallery, "its checkpoints side by side: open it in a browser"),
        (summary.docs, "what the gates checked"),
        (f"mlflow ui --backend-store-uri {summary.tracking_uri}", "the run and all before it"),
    ):
        if place:
            console.print(f"  {place}  [dim]{meaning}[/]", soft_wrap=True)
