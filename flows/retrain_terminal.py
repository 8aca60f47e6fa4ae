"""Retraining in the terminal: bars while it runs, a table when it is done."""

from __future__ import annotations

import logging
import signal
import threading
import warnings
from contextlib import contextmanager
from typing import TYPE_CHECKING

from prefect.exceptions import PrefectException
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table

from datasets_spec.errors import StickgenError
from flows.interrupt import INTERRUPTED, end_soon
from flows.retrain import retrain
from flows.training import TrainingInterruptedError
from tasks.retrain.signals import watch_stages
from tasks.track.progress import watch_progress
from tasks.train.signals import STOP, watch_steps

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from types import FrameType

    from rich.progress import TaskID

    from tasks.retrain.config import RetrainConfig
    from tasks.retrain.outcome import RetrainSummary
    from tasks.train.signals import StepNews

__all__ = ["retrain_in_terminal", "stop_gently", "summary_table"]

_TRAININGS = ("pretrain", "sft")


class _Screen:
    """Draws bars of the parts of a stage, and a line for each stage."""

    def __init__(self, progress: Progress) -> None:
        self._progress = progress
        self._bars: dict[str, TaskID] = {}
        self.stage = ""

    def stage_news(self, stage: str, text: str) -> None:
        """A stage began, ended, or was skipped."""
        self.stage = stage
        for bar in self._bars.values():
            self._progress.remove_task(bar)
        self._bars.clear()
        self._progress.console.print(text, markup=False, soft_wrap=True)

    def update(self, part: str, done: int, total: int) -> None:
        """Units of a part of a stage are done."""
        self._draw(part, done, total, "")

    def step(self, news: StepNews) -> None:
        """A step of a training is done."""
        self._draw("training", news.step, news.num_steps, f"loss {news.loss:.4f}")

    def saved(self, checkpoint: str) -> None:
        """A training was to stop, and has saved."""
        self._progress.console.print(
            f"saved {checkpoint}; run the same command again to go on from there",
            markup=False,
            soft_wrap=True,
        )
        end_soon(INTERRUPTED)  # the engine would wait long for a server that is gone

    def _draw(self, part: str, done: int, total: int, news: str) -> None:
        if part not in self._bars:
            self._bars[part] = self._progress.add_task(part, total=max(total, 1), news="")
        shown = done if total else 1
        self._progress.update(self._bars[part], completed=shown, total=max(total, 1), news=news)


def retrain_in_terminal(config: RetrainConfig) -> int:
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
        TextColumn("  {task.description:<14}"),
        BarColumn(bar_width=28),
        MofNCompleteColumn(),
        TextColumn("{task.fields[news]}"),
        TimeElapsedColumn(),
    )
    console.print("starting (a temporary Prefect server takes some seconds)")
    try:
        with Progress(*columns, console=console) as progress:
            screen = _Screen(progress)
            with (
                watch_progress(screen),
                watch_steps(screen),
                watch_stages(screen),
                stop_gently(progress.console.print, lambda: screen.stage in _TRAININGS),
            ):
                summary = retrain(config)
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
def stop_gently(tell: Callable[[str], None], training: Callable[[], bool]) -> Iterator[None]:
    """Let Ctrl-C and SIGTERM save a training that runs; another stage, or a second one, ends.

    Args:
        tell: Shows a line to the user.
        training: Whether a training runs now.
    """

    def interrupt(number: int, frame: FrameType | None) -> None:
        del number, frame
        # what libraries and their threads say of the lost server helps nobody
        logging.disable(logging.CRITICAL)
        threading.excepthook = lambda _: None
        if training() and not STOP.is_set():
            tell("interrupted; saving after this step (once more ends at once)")
            STOP.set()
            return
        tell("interrupted; run the same command again to go on with this stage")
        end_soon(INTERRUPTED)
        raise KeyboardInterrupt

    before = {name: signal.signal(name, interrupt) for name in (signal.SIGINT, signal.SIGTERM)}
    STOP.clear()
    try:
        yield
    finally:
        for name, handler in before.items():
            signal.signal(name, handler)


def summary_table(summary: RetrainSummary) -> Table:
    """One row a stage."""
    table = Table(title=f"retrain, dataset {summary.fingerprint[:12]}")
    for name in ("stage", "", "time", "result"):
        table.add_column(name, justify="right" if name == "time" else "left", overflow="fold")
    for stage in summary.stages:
        word = "there already" if stage.skipped else "done"
        table.add_row(stage.name, word, f"{stage.seconds:.1f} s", stage.told.replace("[", r"\["))
    return table


def _print_result(console: Console, summary: RetrainSummary) -> None:
    console.print(summary_table(summary))
    for line in summary.decision:
        console.print(line, markup=False, soft_wrap=True)
    console.print("Look next:", style="bold")
    for place, meaning in (
        (summary.model, "the candidate"),
        (summary.report, "its evaluation: open it in a browser"),
        (f"{summary.work}/ledger.json", "what is done for which inputs"),
    ):
        if place:
            console.print(f"  {place}  [dim]{meaning}[/]", soft_wrap=True)
