"""Bars with a rate and the time left, for work of one kind."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    ProgressColumn,
    TextColumn,
    TimeRemainingColumn,
)
from rich.text import Text

from tasks.track.progress import watch_progress

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rich.progress import Task, TaskID

__all__ = ["rate_bars"]


class _Rate(ProgressColumn):
    """Units a second."""

    def render(self, task: Task) -> Text:
        speed = task.finished_speed or task.speed
        return Text("" if speed is None else f"{speed:.0f}/s")


class _Bars:
    """Draws one bar a stage."""

    def __init__(self, progress: Progress) -> None:
        self._progress = progress
        self._bars: dict[str, TaskID] = {}

    def update(self, stage: str, done: int, total: int) -> None:
        if not total:
            return  # nothing to be done, nothing to draw
        if stage not in self._bars:
            self._bars[stage] = self._progress.add_task(stage, total=total)
        self._progress.update(self._bars[stage], completed=done, total=total)


@contextmanager
def rate_bars() -> Iterator[None]:
    """Draw the progress that is reported inside the block, on standard error."""
    columns = (
        TextColumn("{task.description:<14}"),
        BarColumn(bar_width=32),
        MofNCompleteColumn(),
        _Rate(),
        TimeRemainingColumn(),
    )
    console = Console(stderr=True, highlight=False)
    with Progress(*columns, console=console) as progress, watch_progress(_Bars(progress)):
        yield
