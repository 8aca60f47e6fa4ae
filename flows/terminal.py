"""A build in the terminal: progress bars while it runs, a table when it is done."""

from __future__ import annotations

import logging
import warnings
from typing import TYPE_CHECKING

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table

from flows.build_dataset import build_dataset
from flows.interrupt import quick_interrupt
from tasks.track.progress import watch_progress

if TYPE_CHECKING:
    from rich.progress import TaskID

    from tasks.config import BuildConfig
    from tasks.track.summary import BuildSummary

__all__ = ["build_in_terminal", "summary_table"]


class _Bars:
    """Draws one bar a stage."""

    def __init__(self, progress: Progress) -> None:
        self._progress = progress
        self._bars: dict[str, TaskID] = {}

    def update(self, stage: str, done: int, total: int) -> None:
        if stage not in self._bars:
            self._bars[stage] = self._progress.add_task(stage, total=max(total, 1))
        bar = self._bars[stage]
        self._progress.update(bar, completed=done if total else 1, total=max(total, 1))
        if done >= total:
            self._progress.stop_task(bar)


def build_in_terminal(config: BuildConfig) -> int:
    """Run the flow in this process, show its progress and its result.

    Returns:
        Exit status 0.

    Raises:
        StickgenError: Whatever the flow raised for the user.
    """
    console = Console(highlight=False)
    warnings.simplefilter("ignore")  # of the libraries; ours are told after the summary
    logging.getLogger("sqlalchemy").setLevel(logging.CRITICAL)
    columns = (
        TextColumn("{task.description:<14}"),
        BarColumn(bar_width=32),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
    )
    console.print("starting (a temporary Prefect server takes some seconds)")
    with (
        Progress(*columns, console=console) as progress,
        watch_progress(_Bars(progress)),
        quick_interrupt(progress.console.print),
    ):
        summary = build_dataset(config)
    console.print(summary_table(summary))
    for warning in summary.warnings:
        console.print(f"warning: {warning}", style="yellow", markup=False, soft_wrap=True)
    _print_where(console, summary)
    return 0


def summary_table(summary: BuildSummary) -> Table:
    """One row a source, and a total."""
    table = Table(title=f"Dataset {summary.out}")
    for name in ("source", "files", "sequences", "clips", "frames"):
        table.add_column(name, justify="left" if name == "source" else "right")
    table.add_column("rejected by reason")
    table.add_column("time", justify="right")
    for row in summary.rows:
        reasons = ", ".join(f"{reason} {count}" for reason, count in row.rejected.items())
        table.add_row(
            row.source,
            str(row.files),
            str(row.sequences),
            str(row.clips),
            str(row.frames),
            reasons or "-",
            f"{row.seconds:.1f} s",
        )
    table.add_section()
    rows = summary.rows
    table.add_row(
        "total",
        str(sum(row.files for row in rows)),
        str(sum(row.sequences for row in rows)),
        str(sum(row.clips for row in rows)),
        str(sum(row.frames for row in rows)),
        str(sum(sum(row.rejected.values()) for row in rows)),
        f"{summary.seconds:.1f} s",
    )
    return table


def _print_where(console: Console, summary: BuildSummary) -> None:
    out = summary.out
    console.print(f"shards: {summary.shards}, of which {summary.shards_reused} were there already")
    console.print("Look next:", style="bold")
    for command, meaning in (
        (f"{out}/preview.html", "the clips, moving: open it in a browser"),
        (f"stickgen inspect {out}", "counts, durations, actions, quality, splits"),
        (f"{out}/README.md", "the dataset card"),
        (f"{out}/rejects.parquet", "every item left out, with its reason"),
        (f"{summary.docs}/index.html", "what the gates checked"),
        (f"mlflow ui --backend-store-uri {summary.tracking_uri}", "the run and all before it"),
    ):
        console.print(f"  {command}  [dim]{meaning}[/]", soft_wrap=True)
