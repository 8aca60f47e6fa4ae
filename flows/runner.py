"""The task runner of a build: processes or threads that report to the flow's own server."""

from __future__ import annotations

import os
from contextlib import ExitStack, contextmanager
from typing import TYPE_CHECKING, Any

from prefect.server.api.server import SubprocessASGIServer
from prefect.settings import PREFECT_API_URL, temporary_settings
from prefect.task_runners import ProcessPoolTaskRunner, TaskRunner, ThreadPoolTaskRunner

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tasks.config import BuildConfig

__all__ = ["num_workers", "open_runner"]


def num_workers(config: BuildConfig) -> int:
    """Workers of a build: `jobs`, or one a core that this process may use."""
    return config.jobs or len(os.sched_getaffinity(0))


@contextmanager
def open_runner(config: BuildConfig) -> Iterator[TaskRunner[Any]]:
    """Start the workers once for all stages of a build; call inside a flow.

    Without a configured API the flow runs against a temporary server of its own. The workers are
    pointed to that one; else each would start another.
    """
    with ExitStack() as stack:
        server = SubprocessASGIServer()
        if not PREFECT_API_URL.value() and server.running:
            stack.enter_context(temporary_settings({PREFECT_API_URL: server.api_url}))
        workers = num_workers(config)
        runner: TaskRunner[Any] = (
            ProcessPoolTaskRunner(max_workers=workers)
            if config.runner == "process"
            else ThreadPoolTaskRunner(max_workers=workers)
        )
        yield stack.enter_context(runner)
