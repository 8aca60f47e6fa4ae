"""Where a training run tells how it goes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["MemorySink", "MetricSink"]


class MetricSink(Protocol):
    """Takes numbers; a tracker, a log or a progress bar."""

    def log_metrics(self, metrics: Mapping[str, float], *, step: int) -> None:
        """Numbers by name (`train/total`, `val/states`, ...) after a step, from 1."""


class MemorySink:
    """Keeps everything, for tests and notebooks."""

    def __init__(self) -> None:
        self.rows: list[tuple[int, dict[str, float]]] = []

    def log_metrics(self, metrics: Mapping[str, float], *, step: int) -> None:
        """Keep a row."""
        self.rows.append((step, dict(metrics)))

    def values(self, name: str) -> list[float]:
        """All values of a metric, in order."""
        return [row[name] for _, row in self.rows if name in row]
