"""Stories from xAI's Grok, or any service with OpenAI-style chat completions."""

from __future__ import annotations

import json
import os
import time
from dataclasses import InitVar, dataclass, field
from typing import TYPE_CHECKING, Any, Final

import httpx

from datasets_spec.errors import ConfigError
from tasks.synthesize.story.client import (
    BackendDownError,
    BackendRefusedError,
    ByteMeter,
    GarbledReplyError,
    TransientError,
    check_sampling,
)
from tasks.synthesize.story.reply import MAX_REPLY_BYTES
from tasks.synthesize.story.retry import (
    TRANSIENT_STATUS,
    RetryPolicy,
    call_with_retry,
    retry_after_s,
)
from tasks.synthesize.story.schema import story_json_schema
from tasks.synthesize.story.text import show

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from tasks.synthesize.story.client import StoryRequest

__all__ = ["API_URL", "KEY_NAMES", "GrokBackend", "read_api_key"]

API_URL: Final = "https://api.x.ai/v1"
KEY_NAMES: Final = ("XAI_API_KEY", "GROK_API_KEY")
"""Variables of the environment that may hold the key; the first that is set counts."""
_WIRE_BYTES: Final = 8 * MAX_REPLY_BYTES
"""A story escaped inside JSON, with the service's own fields."""
_CONNECT_S: Final = 10.0
_BEARER: Final = "Bearer "
_LOOPBACK: Final = ("127.0.0.1", "::1", "localhost")


def read_api_key(environ: Mapping[str, str] | None = None) -> str:
    """The key of the service; empty if there is none: kept replies need none.

    Args:
        environ: Variables; those of the process if None.

    Raises:
        ConfigError: If a variable holds what cannot be a key.
    """
    found = os.environ if environ is None else environ
    key = next((found[name].strip() for name in KEY_NAMES if found.get(name, "").strip()), "")
    if not key.isascii() or not key.isprintable() or " " in key:
        msg = f"expected a key of printable characters without spaces in {' or '.join(KEY_NAMES)}"
        raise ConfigError(msg)
    return key


@dataclass(kw_only=True, slots=True)
class GrokBackend:
    """A StoryBackend that asks for strict structured output by the story's schema.

    The key appears in the header of requests and nowhere else; empty: only kept replies are used.
    """

    model: str
    api_key: InitVar[str]
    base_url: str = API_URL
    temperature: float = 0.9
    timeout_s: float = 300.0
    """Longest time of one attempt."""
    retry: RetryPolicy = field(default_factory=RetryPolicy)
    sleep: Callable[[float], None] = time.sleep
    clock: Callable[[], float] = time.monotonic
    _client: httpx.Client = field(init=False, repr=False)

    def __post_init__(self, api_key: str) -> None:
        check_sampling(self.model, self.temperature, self.timeout_s)
        url = httpx.URL(self.base_url)
        if url.scheme != "https" and url.host not in _LOOPBACK:
            msg = f"expected an https address, so that nobody reads the key, got {self.base_url!r}"
            raise ConfigError(msg)
        self._client = httpx.Client(
            base_url=self.base_url,
            verify=url.scheme != "http",  # certificates take long to load
            timeout=httpx.Timeout(self.timeout_s, connect=min(_CONNECT_S, self.timeout_s)),
            headers={"accept-encoding": "identity", "authorization": _BEARER + api_key},
        )

    @property
    def name(self) -> str:
        """See StoryBackend."""
        return "grok"

    @property
    def options(self) -> dict[str, float]:
        """See StoryBackend."""
        return {"temperature": self.temperature}

    def tell(self, request: StoryRequest) -> str:
        """See StoryBackend."""
        if self._client.headers["authorization"] == _BEARER:
            msg = f"{self.base_url} needs a key; set {' or '.join(KEY_NAMES)}"
            raise BackendRefusedError(msg)
        return call_with_retry(
            lambda: self._attempt(request),
            self.retry,
            seed=(request.seed, request.number),
            sleep=self.sleep,
            clock=self.clock,
        )

    def close(self) -> None:
        """Close idle connections."""
        self._client.close()

    def _attempt(self, request: StoryRequest) -> str:
        meter = ByteMeter(
            self.base_url, most_bytes=_WIRE_BYTES, timeout_s=self.timeout_s, clock=self.clock
        )
        # errors of httpx hold the request and its headers: none of them is chained
        try:
            return _content(self._read(request, meter), self.base_url)
        except httpx.TimeoutException as error:
            late = not isinstance(error, httpx.ConnectTimeout)
            raise TransientError(meter.late() if late else self._down("no connection")) from None
        except httpx.HTTPError as error:
            raise TransientError(self._down(type(error).__name__)) from None

    def _read(self, request: StoryRequest, meter: ByteMeter) -> bytes:
        """Body of a good answer."""
        with self._client.stream("POST", "chat/completions", json=self._body(request)) as response:
            status = response.status_code
            if status in TRANSIENT_STATUS:
                wait_s = retry_after_s(response.headers.get("retry-after"))
                raise TransientError(self._down(f"HTTP {status}"), wait_s)
            if response.headers.get("content-encoding", "identity") != "identity":
                msg = f"expected a reply without compression from {self.base_url}"
                raise GarbledReplyError(msg)
            found = bytearray()
            for piece in response.iter_raw():
                meter.count(len(piece))
                found += piece
        if status != 200:
            raise self._refused(status, bytes(found))
        return bytes(found)

    def _body(self, request: StoryRequest) -> dict[str, Any]:
        schema = {"name": "story", "strict": True, "schema": story_json_schema(bounds=False)}
        return {
            "model": self.model,
            "messages": [{"role": m.role, "content": m.text} for m in request.messages],
            "temperature": self.temperature,
            "seed": request.seed,
            "stream": False,
            "response_format": {"type": "json_schema", "json_schema": schema},
        }

    def _down(self, detail: str) -> BackendDownError:
        return BackendDownError(
            f"{self.base_url} does not answer ({detail}); try again later, or ask for the story "
            "backend `ollama` or `grammar`"
        )

    def _refused(self, status: int, body: bytes) -> BackendRefusedError:
        if status in (401, 403):  # such a page may repeat the key, so it is not shown
            return BackendRefusedError(
                f"{self.base_url} does not accept the key (HTTP {status}); "
                f"check {' or '.join(KEY_NAMES)}"
            )
        said = show(_without_key(body, self._client))
        if status == 404:
            return BackendRefusedError(f"{self.base_url} has no model {self.model!r} ({said})")
        return BackendRefusedError(f"{self.base_url} refused the request: HTTP {status}, {said}")


def _content(body: bytes, who: str) -> str:
    """Text of the first choice of a chat completion."""
    try:
        text = json.loads(body)["choices"][0]["message"]["content"]
    except (ValueError, TypeError, KeyError, IndexError, RecursionError):
        text = None
    if not isinstance(text, str) or not text:
        msg = f"expected a chat completion with text from {who}, got {show(body[:60])}"
        raise GarbledReplyError(msg)
    return text


def _without_key(body: bytes, client: httpx.Client) -> str:
    """Text of an error page; should it repeat the key, that is blotted out."""
    key = client.headers["authorization"].removeprefix(_BEARER)
    return body.decode("utf-8", "replace").replace(key, "***")
