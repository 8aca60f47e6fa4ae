"""Who is told how far a retraining has come; nobody by default."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["StageSink", "report_stage", "watch_stages"]


class StageSink(Protocol):
    """Takes the news, e.g. to draw a screen."""

    def stage_news(self, stage: str, text: str) -> None:
        """A stage began, ended, or was skipped."""


_SINKS: list[StageSink] = []


@contextmanager
def watch_stages(sink: StageSink) -> Iterator[None]:
    """Tell `sink` about every retraining that runs inside the block."""
    _SINKS.append(sink)
    try:
        yield
    finally:
        _SINKS.remove(sink)


def report_stage(stage: str, text: str) -> None:
    """Tell all sinks."""
    for sink in _SINKS:
        sink.stage_news(stage, text)
