"""As many different valid stories as asked for, from one backend."""

from __future__ import annotations

import logging
import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Final

from datasets_spec.errors import ConfigError
from datasets_spec.rejection import RejectReason
from tasks.synthesize.story.cache import ReplyCache, request_digest
from tasks.synthesize.story.client import (
    BackendTimeoutError,
    GarbledReplyError,
    ReplyTooLargeError,
    StoryBackendError,
)
from tasks.synthesize.story.dedupe import DuplicateFilter
from tasks.synthesize.story.prompts import check_theme, repair_request, story_request
from tasks.synthesize.story.reply import InvalidStoryError, parse_reply

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tasks.synthesize.story.client import StoryBackend, StoryRequest
    from tasks.synthesize.story.schema import Story

__all__ = ["GatherConfig", "StoryHarvest", "StoryReject", "ToldStory", "gather_stories"]

logger = logging.getLogger(__name__)

_STORY_FAULTS: Final = (BackendTimeoutError, GarbledReplyError, ReplyTooLargeError)
"""What goes wrong with one reply; the next one may be fine."""

_LEAST_SPARE: Final = 3


@dataclass(frozen=True, kw_only=True, slots=True)
class GatherConfig:
    """Limits of a harvest."""

    theme: str = ""
    """What the stories are about; empty: anything."""
    max_calls: int = 2
    """Calls in flight at once, 1..64."""
    call_budget: int = 10_000
    """Calls in all, those of repairs included; kept replies are free."""
    spare: float = 0.5
    """Requests beyond the wanted number, as a share of it, for those that fail."""
    patience: int = 5
    """Requests in a row without any reply after which the backend counts as unusable."""

    def __post_init__(self) -> None:
        fair = 1 <= self.max_calls <= 64 and self.call_budget >= 1 and self.patience >= 1
        if not fair or not 0.0 <= self.spare <= 10.0:
            msg = f"expected 1..64 calls at once, a budget >= 1 and spare 0..10, got {self}"
            raise ConfigError(msg)
        check_theme(self.theme)


@dataclass(frozen=True, kw_only=True, slots=True)
class ToldStory:
    """A story with where it came from."""

    number: int
    """Of its request."""
    digest: str
    """SHA-256 of the request whose reply it is; names nothing of the reply."""
    story: Story
    repaired: bool


@dataclass(frozen=True, kw_only=True, slots=True)
class StoryReject:
    """A request that gave no story."""

    number: int
    reason: RejectReason
    detail: str
    """One line."""


@dataclass(frozen=True, kw_only=True, slots=True)
class StoryHarvest:
    """What a harvest gave, by number: every request is a story or a reject."""

    stories: tuple[ToldStory, ...]
    rejects: tuple[StoryReject, ...]
    calls: int
    """Replies that were asked for now."""
    cached: int
    """Replies that were on disk."""
    repaired: int
    """Stories that were valid only after their faults had been sent back."""


@dataclass(frozen=True, slots=True)
class _Told:
    """The outcome of one request before stories are compared."""

    told: ToldStory | None
    reject: StoryReject | None = None
    fault: StoryBackendError | None = None
    digest: str = ""
    """Of the request that the fault belongs to."""


@dataclass(slots=True)
class _Counts:
    calls: int = 0
    cached: int = 0
    lock: threading.Lock = field(default_factory=threading.Lock)


def gather_stories(
    backend: StoryBackend,
    config: GatherConfig,
    *,
    cache_dir: Path,
    count: int,
    seed: int,
    report: Callable[[int, int], None] | None = None,
) -> StoryHarvest:
    """Ask until there are `count` valid, different stories, or too many requests have failed.

    Requests go out in rounds of as many as are missing, so which ones are asked does not depend
    on how fast replies come. A later call with the same arguments finds all replies on disk.

    Args:
        backend: Who tells.
        config: Limits.
        cache_dir: Folder of the kept replies.
        count: Stories wanted, >= 0.
        seed: Of the requests.
        report: Told (stories so far, stories wanted) after every round.

    Returns:
        At most `count` stories; fewer if the spare requests or the budget are used up.

    Raises:
        BackendDownError: If the server cannot be reached and a reply is not on disk.
        BackendRefusedError: If the server refuses the user or the model.
        StoryBackendError: If `patience` requests in a row got no reply that can be read.
    """
    asker = _Asker(backend=backend, cache=ReplyCache(cache_dir))
    seen = DuplicateFilter()
    stories: list[ToldStory] = []
    rejects: list[StoryReject] = []
    faults: list[_Told] = []
    dumb = number = 0
    last = count + int(count * config.spare) + (_LEAST_SPARE if count else 0)
    pool = ThreadPoolExecutor(config.max_calls, thread_name_prefix="story")
    try:
        while len(stories) < count and number < last:
            # a request may need two calls: the round must fit into what is left of the budget
            room = (config.call_budget - asker.counts.calls) // 2
            size = min(count - len(stories), last - number, room)
            if size < 1:
                logger.warning("the budget of %d story calls is used up", config.call_budget)
                break
            for outcome in _round(pool, asker, range(number, number + size), config.theme, seed):
                _sort_in(outcome, seen, stories, rejects)
                dumb = dumb + 1 if outcome.fault else 0
                if outcome.fault:
                    faults.append(outcome)
                    if dumb >= config.patience:
                        raise outcome.fault
            number += size
            if report:
                report(len(stories), count)
    finally:
        pool.shutdown(cancel_futures=True)
    if stories:  # kept only now: a run that gave up is to be tried anew
        asker.keep(faults)
    return StoryHarvest(
        stories=tuple(stories),
        rejects=tuple(rejects),
        calls=asker.counts.calls,
        cached=asker.counts.cached,
        repaired=sum(told.repaired for told in stories),
    )


def _round(
    pool: ThreadPoolExecutor, asker: _Asker, numbers: range, theme: str, seed: int
) -> Iterator[_Told]:
    """Outcomes in the order of the requests, each as soon as those before it are there."""
    requests = [story_request(number, seed=seed, theme=theme) for number in numbers]
    futures = [pool.submit(asker.ask, request) for request in requests]
    for future in futures:
        yield future.result()


def _sort_in(
    outcome: _Told,
    seen: DuplicateFilter,
    stories: list[ToldStory],
    rejects: list[StoryReject],
) -> None:
    """Put an outcome among the stories or the rejects."""
    if outcome.told is None:
        if outcome.reject is not None:
            rejects.append(outcome.reject)
        return
    told = outcome.told
    alike = seen.add(told.number, told.story)
    if not alike:
        stories.append(told)
        return
    detail = f"expected a story unlike all before, got one with {alike}"
    rejects.append(
        StoryReject(number=told.number, reason=RejectReason.DUPLICATE_STORY, detail=detail)
    )


@dataclass(slots=True)
class _Asker:
    """Gets one story: from disk, from the backend, repaired once."""

    backend: StoryBackend
    cache: ReplyCache
    counts: _Counts = field(default_factory=_Counts)
    end: StoryBackendError | None = None
    """What makes every further call pointless."""

    def ask(self, request: StoryRequest) -> _Told:
        """The outcome of a request; errors that concern all requests are raised."""
        try:
            return self._ask(request)
        except _NoReplyError as error:
            reject = StoryReject(
                number=request.number, reason=RejectReason.STORY_REFUSED, detail=str(error.fault)
            )
            return _Told(None, reject, error.fault, error.digest)

    def keep(self, faults: list[_Told]) -> None:
        """Put faults where the replies lie, so that a rebuild goes the same way."""
        for outcome in faults:
            if outcome.fault is not None:
                self.cache.put(outcome.digest, outcome.fault)

    def _ask(self, request: StoryRequest) -> _Told:
        digest, reply = self._reply(request)
        try:
            return _story_of(request.number, digest, reply, repaired=False)
        except InvalidStoryError as error:
            request = repair_request(request, reply, error.errors)
        digest, reply = self._reply(request)
        try:
            return _story_of(request.number, digest, reply, repaired=True)
        except InvalidStoryError as error:
            more = f" (and {len(error.errors) - 1} more)" if len(error.errors) > 1 else ""
            reject = StoryReject(
                number=request.number,
                reason=RejectReason.INVALID_STORY,
                detail=f"after one repair: {error.errors[0]}{more}",
            )
            return _Told(None, reject)

    def _reply(self, request: StoryRequest) -> tuple[str, str]:
        """Hash of a request, and the reply to it."""
        digest = request_digest(self.backend, request)
        kept = self.cache.get(digest)
        if kept is not None:
            with self.counts.lock:
                self.counts.cached += 1
            if isinstance(kept, StoryBackendError):
                raise _NoReplyError(digest, kept)
            return digest, kept
        if self.end is not None:  # another thread has learnt it meanwhile
            raise self.end
        with self.counts.lock:
            self.counts.calls += 1
        try:
            reply = self.backend.tell(request)
        except _STORY_FAULTS as fault:
            raise _NoReplyError(digest, fault) from fault
        except StoryBackendError as fault:
            self.end = fault
            raise
        self.cache.put(digest, reply)
        return digest, reply


class _NoReplyError(Exception):
    """One request got no reply that can be read."""

    def __init__(self, digest: str, fault: StoryBackendError) -> None:
        super().__init__(str(fault))
        self.digest = digest
        self.fault = fault


def _story_of(number: int, digest: str, reply: str, *, repaired: bool) -> _Told:
    return _Told(
        ToldStory(number=number, digest=digest, story=parse_reply(reply), repaired=repaired)
    )
