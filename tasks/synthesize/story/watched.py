"""A teller of stories that is watched, and can be told to stop."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from tasks.synthesize.story.client import BackendDownError

if TYPE_CHECKING:
    from collections.abc import Callable

    from tasks.synthesize.story.client import StoryBackend, StoryRequest

__all__ = ["WatchedBackend"]


@dataclass(slots=True)
class WatchedBackend:
    """The same backend; every reply is counted, and after a stop nobody is asked."""

    inner: StoryBackend
    stop: threading.Event = field(kw_only=True)
    told: Callable[[int], None] = field(kw_only=True)
    """Called with the number of replies so far after every reply."""
    _replies: int = field(default=0, init=False)
    _lock: threading.Lock = field(default_factory=threading.Lock, init=False)

    @property
    def name(self) -> str:
        """See StoryBackend."""
        return self.inner.name

    @property
    def model(self) -> str:
        """See StoryBackend."""
        return self.inner.model

    @property
    def options(self) -> dict[str, float]:
        """See StoryBackend."""
        return self.inner.options

    def tell(self, request: StoryRequest) -> str:
        """See StoryBackend."""
        if self.stop.is_set():
            msg = "the build has ended, no more stories are asked for"
            raise BackendDownError(msg)
        reply = self.inner.tell(request)
        with self._lock:
            self._replies += 1
            self.told(self._replies)
        return reply

    def close(self) -> None:
        """See StoryBackend."""
        self.inner.close()
