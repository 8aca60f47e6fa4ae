"""Who tells stories: the small interface of all backends, and how they fail."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from datasets_spec.errors import ConfigError, StickgenError

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = [
    "BackendDownError",
    "BackendRefusedError",
    "BackendTimeoutError",
    "ByteMeter",
    "GarbledReplyError",
    "Message",
    "ReplyTooLargeError",
    "StoryBackend",
    "StoryBackendError",
    "StoryRequest",
    "TransientError",
    "check_sampling",
]


@dataclass(frozen=True, kw_only=True, slots=True)
class Message:
    """One message of a conversation."""

    role: str
    """system, user or assistant."""
    text: str


@dataclass(frozen=True, kw_only=True, slots=True)
class StoryRequest:
    """What a backend is asked for: one story."""

    number: int
    """Place among the requests of a harvest."""
    seed: int
    """0..2**31 - 1; goes to the sampler of the language model."""
    messages: tuple[Message, ...]


class StoryBackend(Protocol):
    """Tells stories. Its replies are a stranger's text, whatever the backend."""

    @property
    def name(self) -> str:
        """ollama, grok or grammar."""
        ...

    @property
    def model(self) -> str:
        """Model or edition; a part of every request's hash."""
        ...

    @property
    def options(self) -> dict[str, float]:
        """Everything else that decides replies; a part of every request's hash. No secrets."""
        ...

    def tell(self, request: StoryRequest) -> str:
        """The raw reply to a request.

        Raises:
            StoryBackendError: If there is none; never answered by somebody else instead.
        """
        ...

    def close(self) -> None:
        """Give connections back."""
        ...


class StoryBackendError(StickgenError):
    """A backend gave no reply."""


class BackendDownError(StoryBackendError):
    """The server cannot be reached, or fails every time: nothing more can be asked of it."""


class BackendRefusedError(StoryBackendError):
    """The server answers, but not this user or this model: nothing more can be asked of it."""


class BackendTimeoutError(StoryBackendError):
    """One reply took too long."""


class ReplyTooLargeError(StoryBackendError):
    """One reply went on beyond the limit and was cut off."""


class GarbledReplyError(StoryBackendError):
    """One reply is not in the protocol of the backend, or holds no text."""


class TransientError(Exception):
    """A fault that may pass; after the last attempt `final` is raised in its place.

    Args:
        final: What to tell the user.
        retry_after_s: What the server asked for, seconds; None if it did not.
    """

    def __init__(self, final: StoryBackendError, retry_after_s: float | None = None) -> None:
        super().__init__(str(final))
        self.final = final
        self.retry_after_s = retry_after_s


class ByteMeter:
    """Watches one reply while it comes in.

    Args:
        who: Name of the server for messages.
        most_bytes: Bytes on the wire that are read at most.
        timeout_s: Longest time from now to the last byte, however steadily they drip.
        clock: Seconds, monotonic.
    """

    def __init__(
        self, who: str, *, most_bytes: int, timeout_s: float, clock: Callable[[], float]
    ) -> None:
        self._who = who
        self._most_bytes = most_bytes
        self._timeout_s = timeout_s
        self._clock = clock
        self._end_s = clock() + timeout_s
        self._seen = 0

    def count(self, num_bytes: int) -> None:
        """Note bytes that have come.

        Raises:
            ReplyTooLargeError: If they are too many.
            TransientError: If the time is over.
        """
        self._seen += num_bytes
        if self._seen > self._most_bytes:
            msg = f"expected a reply of at most {self._most_bytes} bytes from {self._who}, got more"
            raise ReplyTooLargeError(msg)
        if self._clock() > self._end_s:
            raise TransientError(self.late())

    def late(self) -> BackendTimeoutError:
        """The error of a reply that takes too long."""
        return BackendTimeoutError(
            f"expected a reply from {self._who} within {self._timeout_s:g} s; raise the timeout "
            "of the story backend, or take a smaller model"
        )


def check_sampling(model: str, temperature: float, timeout_s: float) -> None:
    """Refuse options that no language model takes.

    Raises:
        ConfigError: If one of them is out of range.
    """
    if not model or not 0.0 <= temperature <= 2.0 or not 0.0 < timeout_s < math.inf:
        msg = (
            "expected the name of a model, a temperature of 0..2 and a timeout > 0 s for the story "
            f"backend, got {model!r}, {temperature!r} and {timeout_s!r}"
        )
        raise ConfigError(msg)
