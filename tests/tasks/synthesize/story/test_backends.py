"""Both network backends against a real server on loopback."""

from __future__ import annotations

import dataclasses
import itertools
import json
import logging
import traceback
from collections.abc import Callable, Iterator
from typing import Any

import jsonschema
import pytest

from datasets_spec.errors import ConfigError, StickgenError
from tasks.synthesize.story.client import (
    BackendDownError,
    BackendRefusedError,
    BackendTimeoutError,
    GarbledReplyError,
    ReplyTooLargeError,
    StoryBackend,
)
from tasks.synthesize.story.grok_client import GrokBackend, read_api_key
from tasks.synthesize.story.ollama_client import OllamaBackend
from tasks.synthesize.story.prompts import story_request
from tasks.synthesize.story.retry import RetryPolicy
from tests.tasks.synthesize.story.story_server import (
    Served,
    Turn,
    chunked,
    completion,
    drip,
    drop,
    hang,
    ollama,
    ollama_lines,
    status,
    story_server,
)
from tests.tasks.synthesize.story.tales import tale, told

KEY = "xai-0123456789-secret"
REQUEST = story_request(3, seed=1)


@pytest.fixture
def served() -> Iterator[Served]:
    with story_server() as found:
        yield found


@pytest.fixture
def naps() -> list[float]:
    return []


@pytest.fixture(params=["ollama", "grok"])
def kind(request: pytest.FixtureRequest) -> str:
    return request.param


Make = Callable[..., StoryBackend]


@pytest.fixture
def make(served: Served, naps: list[float], monkeypatch: pytest.MonkeyPatch) -> Iterator[Make]:
    monkeypatch.delenv("OLLAMA_API_KEY", raising=False)
    made: list[Any] = []

    def build(kind: str, **more: Any) -> StoryBackend:
        more = {"sleep": naps.append, "retry": RetryPolicy(attempts=3), "timeout_s": 5.0} | more
        backend: Any
        if kind == "ollama":
            backend = OllamaBackend(**({"model": "tiny", "host": served.url} | more))
        else:
            more = {"model": "grok-x", "api_key": KEY, "base_url": f"{served.url}/v1"} | more
            backend = GrokBackend(**more)
        made.append(backend)
        return backend

    yield build
    served.release.set()
    for backend in made:
        backend.close()


def good(kind: str, text: str) -> Turn:
    return ollama(text) if kind == "ollama" else completion(text)


def test_a_good_reply(kind: str, make: Make, served: Served, naps: list[float]) -> None:
    served.turns.append(good(kind, told()))
    assert json.loads(make(kind).tell(REQUEST)) == tale()
    assert naps == []


def test_what_ollama_is_asked(make: Make, served: Served) -> None:
    served.turns.append(ollama(told()))
    make("ollama", temperature=0.4, num_ctx=4096).tell(REQUEST)
    body = served.bodies[0]
    assert served.paths == ["/api/chat"]
    assert body["model"] == "tiny"
    assert body["stream"] is True
    assert body["options"] == {
        "temperature": 0.4,
        "num_ctx": 4096,
        "num_predict": 4096,
        "seed": REQUEST.seed,
    }
    assert [m["role"] for m in body["messages"]] == ["system", "user"]
    jsonschema.Draft202012Validator(body["format"]).validate(tale())


def test_what_grok_is_asked(make: Make, served: Served) -> None:
    served.turns.append(completion(told()))
    make("grok").tell(REQUEST)
    body = served.bodies[0]
    assert served.paths == ["/v1/chat/completions"]
    assert served.headers[0]["authorization"] == f"Bearer {KEY}"
    assert body["seed"] == REQUEST.seed
    assert body["response_format"]["type"] == "json_schema"
    assert body["response_format"]["json_schema"]["strict"] is True
    jsonschema.Draft202012Validator(body["response_format"]["json_schema"]["schema"]).validate(
        tale()
    )
    assert KEY not in json.dumps(body)


@pytest.mark.parametrize("code", [429, 500, 502, 503, 504])
def test_a_passing_fault_is_tried_again(
    kind: str, code: int, make: Make, served: Served, naps: list[float]
) -> None:
    served.turns += [status(code), status(code), good(kind, told())]
    assert make(kind).tell(REQUEST) == told()
    assert len(naps) == 2
    assert 0.5 <= naps[0] <= 1.0 <= naps[1] <= 2.0


def test_pauses_are_those_of_the_seed(kind: str, make: Make, served: Served) -> None:
    def pauses(number: int) -> list[float]:
        naps: list[float] = []
        served.turns += [status(500), status(500), good(kind, "x")]
        make(kind, sleep=naps.append).tell(story_request(number, seed=1))
        return naps

    assert pauses(1) == pauses(1) != pauses(2)


def test_retry_after_is_honoured_within_bounds(
    kind: str, make: Make, served: Served, naps: list[float]
) -> None:
    served.turns += [
        status(429, Retry_After="7"),
        status(503, Retry_After="999999999999999999"),
        good(kind, told()),
    ]
    assert make(kind).tell(REQUEST) == told()
    assert naps == [7.0, 30.0]


def test_a_date_in_retry_after_counts_as_nothing(
    kind: str, make: Make, served: Served, naps: list[float]
) -> None:
    served.turns += [status(429, Retry_After="Wed, 21 Oct 2026 07:28:00 GMT"), good(kind, "x")]
    make(kind).tell(REQUEST)
    assert naps[0] <= 1.0


def test_a_server_that_always_fails_is_down(
    kind: str, make: Make, served: Served, naps: list[float]
) -> None:
    served.always = status(500)
    with pytest.raises(BackendDownError, match=r"127\.0\.0\.1.*HTTP 500.*`grammar`"):
        make(kind).tell(REQUEST)
    assert len(served.bodies) == 3
    assert len(naps) == 2


def test_nobody_listens(kind: str, make: Make, naps: list[float]) -> None:
    nowhere = "http://127.0.0.1:9"
    where = {"host": nowhere} if kind == "ollama" else {"base_url": nowhere}
    with pytest.raises(BackendDownError, match=r"127\.0\.0\.1:9.*does not answer"):
        make(kind, **where).tell(REQUEST)
    assert len(naps) == 2


def test_a_dropped_connection_is_tried_again(kind: str, make: Make, served: Served) -> None:
    served.turns += [drop, good(kind, told())]
    assert make(kind).tell(REQUEST) == told()


def test_a_reply_that_breaks_off_is_tried_again(make: Make, served: Served) -> None:
    lines = ollama_lines(told())
    served.turns += [chunked(lines[:2], finish=False), chunked(lines[:-1]), ollama(told())]
    assert make("ollama").tell(REQUEST) == told()


def test_a_truncated_body_of_grok_is_tried_again(make: Make, served: Served) -> None:
    def short(http: Any) -> None:
        http.send_response(200)
        http.send_header("content-length", "1000")
        http.end_headers()
        http.wfile.write(b'{"choices": [')
        http.close_connection = True

    served.turns += [short, completion(told())]
    assert make("grok").tell(REQUEST) == told()


def test_a_reply_that_never_comes(kind: str, make: Make, served: Served) -> None:
    served.always = hang(served)
    policy = RetryPolicy(attempts=2)
    with pytest.raises(BackendTimeoutError, match=r"within 0\.05 s"):
        make(kind, timeout_s=0.05, retry=policy).tell(REQUEST)
    assert len(served.bodies) == 2


def test_a_reply_that_drips_for_ever(kind: str, make: Make, served: Served) -> None:
    served.always = drip(served)
    ticks = itertools.count()  # every look at the clock is a second later
    with pytest.raises(BackendTimeoutError, match="within 20 s"):
        make(
            kind,
            timeout_s=20.0,
            clock=lambda: float(next(ticks)),
            retry=RetryPolicy(attempts=1),
        ).tell(REQUEST)


def test_no_attempt_after_the_deadline(
    kind: str, make: Make, served: Served, naps: list[float]
) -> None:
    served.always = status(500)
    with pytest.raises(BackendDownError):
        make(kind, retry=RetryPolicy(attempts=9, deadline_s=0.0)).tell(REQUEST)
    assert len(served.bodies) == 1
    assert naps == []


def test_a_story_that_goes_on_and_on_is_cut_off(make: Make, served: Served) -> None:
    served.turns.append(ollama("x" * 70_000))
    with pytest.raises(ReplyTooLargeError, match="65536 bytes"):
        make("ollama").tell(REQUEST)


def test_a_flood_without_line_breaks_is_cut_off(kind: str, make: Make, served: Served) -> None:
    sent: list[int] = []

    def flood(http: Any) -> None:
        http.send_response(200)
        http.send_header("transfer-encoding", "chunked")
        http.end_headers()
        block = b"x" * 65536
        for _ in range(1000):
            http.wfile.write(b"10000\r\n" + block + b"\r\n")
            sent.append(len(block))

    served.turns.append(flood)
    with pytest.raises(ReplyTooLargeError):
        make(kind).tell(REQUEST)
    assert sum(sent) < 20_000_000


def test_a_compressed_reply_is_not_unpacked(kind: str, make: Make, served: Served) -> None:
    served.turns.append(status(200, b"\x1f\x8b", Content_Encoding="gzip"))
    with pytest.raises(GarbledReplyError):
        make(kind).tell(REQUEST)


@pytest.mark.parametrize(
    "body",
    [b"\xff\xfe\x00garbage", b"[1]", b"5", b"{}", b'{"message": 3}', b"[" * 40_000, b'"x"',
     b'{"choices": []}', b'{"choices": [{"message": {"content": null}}]}'],
)  # fmt: skip
def test_garbage_in_place_of_the_protocol(
    kind: str, body: bytes, make: Make, served: Served
) -> None:
    served.always = status(200, body)
    with pytest.raises(GarbledReplyError, match="expected"):
        make(kind).tell(REQUEST)


def test_an_unknown_model_of_ollama(make: Make, served: Served, naps: list[float]) -> None:
    served.turns.append(status(404, b'{"error": "model \'tiny\' not found"}'))
    with pytest.raises(BackendRefusedError, match="`ollama pull tiny`"):
        make("ollama").tell(REQUEST)
    assert naps == []


@pytest.mark.parametrize("body", [b"[" * 9000, b"[1]", b"\xff", b'{"error": {"x": 1}}'])
def test_an_odd_error_page_of_ollama(body: bytes, make: Make, served: Served) -> None:
    served.turns.append(status(404, body))
    with pytest.raises((BackendRefusedError, GarbledReplyError)):
        make("ollama").tell(REQUEST)


def test_an_error_inside_the_stream_of_ollama(make: Make, served: Served) -> None:
    served.always = chunked([b'{"error": "out of \x1b[31m memory"}\n'])
    with pytest.raises((BackendDownError, GarbledReplyError)) as caught:
        make("ollama").tell(REQUEST)
    assert str(caught.value).isprintable()


def test_a_redirect_is_not_followed(kind: str, make: Make, served: Served) -> None:
    served.turns.append(status(307, Location="http://127.0.0.1:9/elsewhere"))
    with pytest.raises(BackendRefusedError, match="HTTP 307"):
        make(kind).tell(REQUEST)


@pytest.mark.parametrize("code", [400, 401, 403, 404, 422])
def test_the_key_is_never_shown(
    code: int, make: Make, served: Served, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    backend = make("grok")
    served.turns.append(status(code, f'{{"error": "bad key {KEY}"}}'.encode()))
    with pytest.raises(BackendRefusedError) as caught:
        backend.tell(REQUEST)
    served.turns += [drop, drop, drop]
    with pytest.raises(BackendDownError) as down:
        backend.tell(REQUEST)
    shown = [repr(backend), str(backend.options), caplog.text]
    for error in (caught.value, down.value):
        assert error.__cause__ is None
        shown += traceback.format_exception(error)
    assert not [text for text in shown if KEY in text]
    if code == 401:
        assert "XAI_API_KEY" in str(caught.value)


def test_where_the_key_comes_from() -> None:
    assert read_api_key({"XAI_API_KEY": " k1 ", "GROK_API_KEY": "k2"}) == "k1"
    assert read_api_key({"XAI_API_KEY": "", "GROK_API_KEY": "k2"}) == "k2"
    assert read_api_key({}) == ""
    for environ in (
        {"GROK_API_KEY": "k\u20ac"},
        {"XAI_API_KEY": "two words"},
        {"XAI_API_KEY": "line\nbreak"},
    ):
        with pytest.raises(ConfigError, match="XAI_API_KEY or GROK_API_KEY"):
            read_api_key(environ)


def test_without_a_key_nobody_is_asked(make: Make, served: Served) -> None:
    with pytest.raises(BackendRefusedError, match="set XAI_API_KEY or GROK_API_KEY"):
        make("grok", api_key="").tell(REQUEST)
    assert served.bodies == []


def test_the_password_of_a_host_is_never_shown(make: Make) -> None:
    backend = make("ollama", host="http://me:hunter2@127.0.0.1:9")
    with pytest.raises(BackendDownError) as caught:
        backend.tell(REQUEST)
    assert "hunter2" not in str(caught.value) + repr(backend)
    assert "http://127.0.0.1:9" in str(caught.value)


@pytest.mark.parametrize("code", [401, 403])
def test_the_page_of_a_refusal_of_ollama_is_not_shown(
    code: int, make: Make, served: Served
) -> None:
    served.turns.append(status(code, b'{"error": "bad key s3cret"}'))
    with pytest.raises(BackendRefusedError, match="OLLAMA_API_KEY") as caught:
        make("ollama").tell(REQUEST)
    assert "s3cret" not in str(caught.value)


def test_the_key_goes_out_encrypted_only() -> None:
    with pytest.raises(ConfigError, match="https"):
        GrokBackend(model="m", api_key=KEY, base_url="http://api.example/v1")


@pytest.mark.parametrize(
    "wrong",
    [{"model": ""}, {"temperature": 3.0}, {"timeout_s": 0.0}, {"temperature": float("nan")}],
)
def test_options_out_of_range(kind: str, wrong: dict[str, Any], make: Make) -> None:
    with pytest.raises(ConfigError, match="expected the name of a model"):
        make(kind, **wrong)


def test_bad_policies() -> None:
    for wrong in ({"attempts": 0}, {"most_pause_s": float("inf")}, {"first_pause_s": -1.0}):
        with pytest.raises(ValueError, match=r"1\.\.20 attempts"):
            dataclasses.replace(RetryPolicy(), **wrong)


def test_every_error_is_one_a_user_can_act_on() -> None:
    for error in (BackendDownError, BackendRefusedError, BackendTimeoutError, ReplyTooLargeError):
        assert issubclass(error, StickgenError)
