"""Two hands: one thread makes things while another works them up, in order."""

from __future__ import annotations

from collections import deque
from concurrent.futures import ThreadPoolExecutor
from threading import Event
from typing import TYPE_CHECKING, Final, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from concurrent.futures import Future

__all__ = ["hand_over"]

T = TypeVar("T")

_WAITING: Final = 6
"""Things made and not yet worked up: enough to even out slow ones, few enough for large frames."""


def hand_over(things: Iterable[T], work: Callable[[T], None]) -> int:
    """Work up things in their order in a second thread, while the caller's thread makes the next.

    The first fault of either side ends both and comes out as it is; the thread has ended when this
    returns or raises. Never more than a few things wait.

    Args:
        things: Made by the thread of the caller.
        work: Called with each, from the second thread only, and not again once it has failed.

    Returns:
        How many there were.
    """
    failed = Event()

    def work_up(thing: T) -> None:
        if failed.is_set():
            return
        try:
            work(thing)
        except BaseException:
            failed.set()
            raise

    waiting: deque[Future[None]] = deque()
    number = 0
    pool = ThreadPoolExecutor(max_workers=1, thread_name_prefix="stickgen-encoder")
    try:
        for thing in things:
            if len(waiting) == _WAITING:
                waiting.popleft().result()
            waiting.append(pool.submit(work_up, thing))
            number += 1
        while waiting:
            waiting.popleft().result()
    finally:
        failed.set()  # what still waits has no more use
        pool.shutdown(wait=True, cancel_futures=True)
    return number
