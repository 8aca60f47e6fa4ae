"""Who is told how far a build has come; nobody by default."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["ProgressSink", "report_progress", "watch_progress"]


class ProgressSink(Protocol):
    """Takes the news of a build, e.g. to draw bars."""

    def update(self, stage: str, done: int, total: int) -> None:
        """`done` of `total` units of a stage are finished."""
        ...


_SINKS: list[ProgressSink] = []


@contextmanager
def watch_progress(sink: ProgressSink) -> Iterator[None]:
    """Tell `sink` about every build that runs inside the block."""
    _SINKS.append(sink)
    try:
        yield
    finally:
        _SINKS.remove(sink)


def report_progress(stage: str, done: int, total: int) -> None:
    """Tell all sinks."""
    for sink in _SINKS:
        sink.update(stage, done, total)
