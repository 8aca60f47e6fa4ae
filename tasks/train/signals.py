"""Between a run and whoever watches it: news of every step, and the wish to stop."""

from __future__ import annotations

import threading
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["STOP", "StepNews", "StepSink", "report_saved", "report_step", "watch_steps"]

STOP = threading.Event()
"""Set by who wants the run of this process to save and end after its step."""


@dataclass(frozen=True, kw_only=True, slots=True)
class StepNews:
    """How a run goes after a step."""

    step: int
    num_steps: int
    loss: float
    clips_per_s: float
    """Of the newest steps; 0 before the second."""


class StepSink(Protocol):
    """Takes the news, e.g. to draw a bar."""

    def step(self, news: StepNews) -> None:
        """A step is done."""

    def saved(self, checkpoint: str) -> None:
        """The run was to stop, and has saved."""


_SINKS: list[StepSink] = []


@contextmanager
def watch_steps(sink: StepSink) -> Iterator[None]:
    """Tell `sink` about every training that runs inside the block."""
    _SINKS.append(sink)
    try:
        yield
    finally:
        _SINKS.remove(sink)


def report_step(news: StepNews) -> None:
    """Tell all sinks."""
    for sink in _SINKS:
        sink.step(news)


def report_saved(checkpoint: str) -> None:
    """Tell all sinks that a run that was to stop has saved."""
    for sink in _SINKS:
        sink.saved(checkpoint)
