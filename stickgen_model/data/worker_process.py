"""A process that prepares batches, forked from a process of many threads."""

from __future__ import annotations

import threading
from typing import Final

__all__ = ["forget_parents_threads"]

_OWN_HOOKS: Final = "concurrent.futures.thread"
"""Ends pools that a worker may open itself; true in every process."""


def forget_parents_threads(_worker: int) -> None:
    """Drop what threads of the parent wanted done at its end.

    Libraries register hooks that end their background threads. A fork inherits the hooks, not the
    threads: those of Prefect's event client fail then, and a worker that did all its work ends
    with code 1, which the loader takes for a crash. Clearing is all that Python offers here: a
    hook of `threading` can be registered, not taken back.

    Args:
        _worker: Its number, which a loader gives.
    """
    hooks = threading._threading_atexits  # type: ignore[attr-defined]
    hooks[:] = [hook for hook in hooks if getattr(hook.func, "__module__", "") == _OWN_HOOKS]
