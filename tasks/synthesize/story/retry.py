"""Trying again what may have failed by chance, with growing pauses."""

from __future__ import annotations

import math
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, TypeVar

import numpy as np

from tasks.synthesize.story.client import TransientError

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["TRANSIENT_STATUS", "RetryPolicy", "call_with_retry", "retry_after_s"]

TRANSIENT_STATUS: Final = frozenset({408, 425, 429, 500, 502, 503, 504})
"""HTTP answers after which the same request may succeed."""
_T = TypeVar("_T")


@dataclass(frozen=True, kw_only=True, slots=True)
class RetryPolicy:
    """How often, and with what pauses."""

    attempts: int = 4
    first_pause_s: float = 1.0
    """Doubled after every attempt; half of it is chance."""
    most_pause_s: float = 30.0
    """Longest pause, also where the server asks for a longer one."""
    deadline_s: float = 900.0
    """No new attempt is begun that much later than the first."""

    def __post_init__(self) -> None:
        ranges = (self.first_pause_s, self.most_pause_s, self.deadline_s)
        if not 1 <= self.attempts <= 20 or not all(0 <= s < math.inf for s in ranges):
            msg = f"expected 1..20 attempts and finite pauses >= 0 s, got {self}"
            raise ValueError(msg)


def call_with_retry(
    call: Callable[[], _T],
    policy: RetryPolicy,
    *,
    seed: tuple[int, ...],
    sleep: Callable[[float], None] = time.sleep,
    clock: Callable[[], float] = time.monotonic,
) -> _T:
    """What `call` returns, called again after a TransientError.

    Args:
        call: One attempt.
        policy: How often, with what pauses.
        seed: Of the chance in the pauses, so that many callers do not come back at once.
        sleep: Waits for seconds.
        clock: Seconds, monotonic.

    Returns:
        The result of the first attempt that succeeds.

    Raises:
        StoryBackendError: The `final` of the last attempt's fault; every other error at once.
    """
    rng = np.random.default_rng(seed)
    end_s = clock() + policy.deadline_s
    for attempt in range(policy.attempts):
        try:
            return call()
        except TransientError as fault:
            pause_s = policy.first_pause_s * 2.0**attempt * float(rng.uniform(0.5, 1.0))
            pause_s = min(max(pause_s, fault.retry_after_s or 0.0), policy.most_pause_s)
            if attempt + 1 == policy.attempts or clock() + pause_s > end_s:
                raise fault.final from None
            sleep(pause_s)
    raise AssertionError


def retry_after_s(header: str | None) -> float | None:
    """Seconds of a Retry-After header; None where there is none or it names a date."""
    if header is None or not header.isascii() or not header.strip().isdigit():
        return None
    return float(min(int(header.strip()[:9]), 10**9))
