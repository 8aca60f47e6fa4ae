"""Ctrl-C and SIGTERM during a build in the terminal: a clean end within seconds."""

from __future__ import annotations

import logging
import multiprocessing
import os
import signal
import threading
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

from prefect.server.api.server import SubprocessASGIServer

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from types import FrameType

__all__ = ["INTERRUPTED", "end_soon", "quick_interrupt"]

INTERRUPTED: Final = 130
"""Exit status, as shells report a program that Ctrl-C ended."""
_GRACE_S: Final = 8.0
"""Time to end the tracked run and let go of the locks."""


@contextmanager
def quick_interrupt(tell: Callable[[str], None]) -> Iterator[None]:
    """End the process soon after an interrupt.

    Ctrl-C reaches the temporary Prefect server as well. The flow engine would then try for
    minutes to report to a server that is gone; so the process is ended after a short grace.
    Finished shards are on disk by then, and unfinished ones are never taken for finished.

    Args:
        tell: Shows a line to the user.
    """

    def interrupt(number: int, frame: FrameType | None) -> None:
        del number, frame
        tell("interrupted; run the same command again to go on from where it stopped")
        # what libraries and their threads say of the lost server helps nobody
        logging.disable(logging.CRITICAL)
        threading.excepthook = _say_nothing
        end_soon(INTERRUPTED)
        raise KeyboardInterrupt

    before = {name: signal.signal(name, interrupt) for name in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield
    finally:
        for name, handler in before.items():
            signal.signal(name, handler)


def _say_nothing(args: threading.ExceptHookArgs) -> None:
    del args


def end_soon(status: int) -> None:
    """End the process after a short grace, whatever its threads still wait for.

    Args:
        status: Exit status.
    """
    threading.Thread(target=_end, args=(status,), daemon=True).start()


def _end(status: int) -> None:
    time.sleep(_GRACE_S)
    for child in multiprocessing.active_children():
        child.kill()
    server = SubprocessASGIServer().server_process
    if server is not None:
        server.kill()
    os._exit(status)
