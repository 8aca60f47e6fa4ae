"""Run one task on every shard and tell how far it has come."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any, Final, cast

from prefect.artifacts import create_progress_artifact, update_progress_artifact
from prefect.futures import as_completed

from tasks.track.progress import report_progress

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from uuid import UUID

    from prefect import Task
    from prefect.task_runners import TaskRunner

    from tasks.store.shard import ShardMarker

__all__ = ["run_shards"]

_ARTIFACT_PERIOD_S: Final = 2.0
"""Progress goes to the server at most this often: it is there to be looked at."""


def run_shards(
    runner: TaskRunner[Any],
    stage: str,
    calls: Sequence[tuple[Task[Any, ShardMarker], Mapping[str, Any]]],
    *,
    watch: Callable[[], None] | None = None,
) -> list[ShardMarker]:
    """Submit one task run a shard and wait for all.

    Args:
        runner: Started workers.
        stage: Name for bars and artifacts.
        calls: The task of each shard, and its arguments.
        watch: Called after every shard; what it raises ends the stage.

    Returns:
        The markers, in the order of `calls`.

    Raises:
        Exception: The first that a task raised; shards finished so far are kept on disk.
    """
    report_progress(stage, 0, len(calls))
    artifact = _Artifact(stage)
    futures = [runner.submit(task, dict(call)) for task, call in calls]
    for done, future in enumerate(as_completed(futures), start=1):
        future.result()
        report_progress(stage, done, len(calls))
        artifact.update(100.0 * done / len(calls))
        if watch:
            watch()
    artifact.update(100.0, last=True)
    return [future.result() for future in futures]


class _Artifact:
    """A Prefect progress artifact that is not sent too often."""

    def __init__(self, stage: str) -> None:
        made = create_progress_artifact(
            progress=0.0, key=f"build-dataset-{stage}", description=f"Shards through {stage}"
        )
        self._id = cast("UUID", made)  # a coroutine only where there is a running event loop
        self._sent_s = time.monotonic()

    def update(self, percent: float, *, last: bool = False) -> None:
        now = time.monotonic()
        if last or now - self._sent_s >= _ARTIFACT_PERIOD_S:
            self._sent_s = now
            update_progress_artifact(artifact_id=self._id, progress=percent)
