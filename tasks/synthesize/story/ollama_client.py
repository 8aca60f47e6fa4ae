"""Stories from an Ollama server, through its official client."""

from __future__ import annotations

import re
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

import httpx
import ollama

from tasks.synthesize.story.client import (
    BackendDownError,
    BackendRefusedError,
    ByteMeter,
    GarbledReplyError,
    ReplyTooLargeError,
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
    from collections.abc import Callable, Iterator

    from tasks.synthesize.story.client import StoryRequest

__all__ = ["DEFAULT_HOST", "OllamaBackend"]

DEFAULT_HOST: Final = "http://127.0.0.1:11434"
_WIRE_BYTES: Final = 64 * MAX_REPLY_BYTES
"""A streamed reply has a line of about 150 bytes for every token of about 4."""
_CONNECT_S: Final = 10.0
_ERRNO: Final = re.compile(r"^\[Errno -?\d+\] ")
"""What the system puts before its words; nobody needs it, and it would be shown escaped."""
_USER: Final = re.compile(r"//[^/]*@")


@dataclass(kw_only=True, slots=True)
class OllamaBackend:
    """A StoryBackend that asks an Ollama server for structured output by the story's schema."""

    model: str
    host: str = field(default=DEFAULT_HOST, repr=False)
    """Address of the server; a password in it is shown nowhere."""
    temperature: float = 0.9
    num_ctx: int = 8192
    """Length of the model's context, tokens: prompt and story together."""
    timeout_s: float = 300.0
    """Longest time of one attempt."""
    more_options: dict[str, float] = field(default_factory=dict)
    """Further options of the model; they go before the ones above."""
    retry: RetryPolicy = field(default_factory=RetryPolicy)
    sleep: Callable[[float], None] = time.sleep
    clock: Callable[[], float] = time.monotonic
    _client: ollama.Client = field(init=False, repr=False)

    def __post_init__(self) -> None:
        check_sampling(self.model, self.temperature, self.timeout_s)
        # redirects would carry the request, and a key from the environment, to another host
        self._client = ollama.Client(
            host=self.host,
            follow_redirects=False,
            timeout=httpx.Timeout(self.timeout_s, connect=min(_CONNECT_S, self.timeout_s)),
            headers={"accept-encoding": "identity"},
            transport=_MeteredTransport(
                # without TLS there is nothing to verify, and certificates take long to load
                httpx.HTTPTransport(verify=not self.host.lower().startswith("http://")),
                self._meter,
                self._busy,
            ),
        )

    @property
    def name(self) -> str:
        """See StoryBackend."""
        return "ollama"

    @property
    def where(self) -> str:
        """The host for messages, without user and password."""
        return _USER.sub("//", self.host)

    @property
    def options(self) -> dict[str, float]:
        """See StoryBackend."""
        # no story is longer than the context: without an end some models go on for ever
        return {
            "temperature": self.temperature,
            "num_ctx": self.num_ctx,
            "num_predict": self.num_ctx,
            **self.more_options,
        }

    def tell(self, request: StoryRequest) -> str:
        """See StoryBackend."""
        return call_with_retry(
            lambda: self._attempt(request),
            self.retry,
            seed=(request.seed, request.number),
            sleep=self.sleep,
            clock=self.clock,
        )

    def close(self) -> None:
        """Close idle connections."""
        self._client.close()  # type: ignore[no-untyped-call]

    def _attempt(self, request: StoryRequest) -> str:
        try:
            return self._read(request)
        except httpx.TimeoutException as error:
            final = (
                self._down() if isinstance(error, httpx.ConnectTimeout) else self._meter().late()
            )
            raise TransientError(final) from None
        except httpx.TransportError as error:
            raise TransientError(self._down(show(_ERRNO.sub("", str(error))))) from None
        except ollama.ResponseError as error:
            raise self._refused(error) from None
        except (ValueError, TypeError, AttributeError, KeyError, RecursionError) as error:
            # what the client lets through when a line is no JSON or no chat response
            msg = f"expected chat responses of Ollama from {self.where}, got {type(error).__name__}"
            raise GarbledReplyError(msg) from None

    def _read(self, request: StoryRequest) -> str:
        parts: list[str] = []
        size = 0
        done = False
        for piece in self._client.chat(
            model=self.model,
            messages=[{"role": m.role, "content": m.text} for m in request.messages],
            stream=True,
            format=story_json_schema(),
            options={**self.options, "seed": request.seed},
        ):
            text = piece.message.content or ""
            size += len(text.encode("utf-8", "surrogatepass"))
            if size > MAX_REPLY_BYTES:
                msg = f"expected a story of at most {MAX_REPLY_BYTES} bytes, got more"
                raise ReplyTooLargeError(msg)
            parts.append(text)
            done = done or bool(piece.done)
        if not done:
            msg = f"expected a whole reply from {self.where}, it ended in the middle"
            raise TransientError(GarbledReplyError(msg))
        return "".join(parts)

    def _meter(self) -> ByteMeter:
        return ByteMeter(
            f"Ollama at {self.where}",
            most_bytes=_WIRE_BYTES,
            timeout_s=self.timeout_s,
            clock=self.clock,
        )

    def _busy(self, status: int, header: str | None) -> TransientError:
        return TransientError(self._down(f"HTTP {status}"), retry_after_s(header))

    def _down(self, detail: str = "") -> BackendDownError:
        why = f" ({detail})" if detail else ""
        return BackendDownError(
            f"Ollama at {self.where} does not answer{why}; start it with `ollama serve`, or name "
            "its host; for stories without a language model ask for the backend `grammar`"
        )

    def _refused(self, error: ollama.ResponseError) -> Exception:
        if error.status_code in (401, 403):  # such a page may repeat the key, so it is not shown
            return BackendRefusedError(
                f"Ollama at {self.where} does not let you in (HTTP {error.status_code}); "
                "check OLLAMA_API_KEY"
            )
        said = show(error.error)
        if error.status_code == 404:
            return BackendRefusedError(
                f"Ollama at {self.where} has no model {self.model!r} ({said}); "
                f"get it with `ollama pull {self.model}`"
            )
        if error.status_code in (-1, 200):  # an error in the stream: the model broke down
            return TransientError(self._down(said))
        return BackendRefusedError(
            f"Ollama at {self.where} refused the request: HTTP {error.status_code}, {said}"
        )


class _MeteredTransport(httpx.BaseTransport):
    """HTTP that never reads more, or longer, than its meter allows."""

    def __init__(
        self,
        inner: httpx.HTTPTransport,
        make_meter: Callable[[], ByteMeter],
        make_busy: Callable[[int, str | None], TransientError],
    ) -> None:
        self._inner = inner
        self._make_meter = make_meter
        self._make_busy = make_busy

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        """Send a request; a busy or failing server raises at once, its page is not read."""
        meter = self._make_meter()
        response = self._inner.handle_request(request)
        if response.status_code in TRANSIENT_STATUS:
            response.close()
            raise self._make_busy(response.status_code, response.headers.get("retry-after"))
        if response.headers.get("content-encoding", "identity") != "identity":
            response.close()  # a compressed flood would pass the meter
            msg = "expected a reply without compression"
            raise GarbledReplyError(msg)
        stream: Any = response.stream
        return httpx.Response(
            response.status_code,
            headers=response.headers,
            stream=_MeteredStream(stream, meter),
            extensions=response.extensions,
        )

    def close(self) -> None:
        """Close idle connections."""
        self._inner.close()


class _MeteredStream(httpx.SyncByteStream):
    """A body whose bytes are counted while they come in."""

    def __init__(self, inner: httpx.SyncByteStream, meter: ByteMeter) -> None:
        self._inner = inner
        self._meter = meter

    def __iter__(self) -> Iterator[bytes]:
        for piece in self._inner:
            self._meter.count(len(piece))
            yield piece

    def close(self) -> None:
        """Give the connection back."""
        self._inner.close()
