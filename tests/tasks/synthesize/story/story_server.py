"""An HTTP server on loopback that speaks Ollama's protocol and OpenAI's, as it is told."""

from __future__ import annotations

import contextlib
import json
import threading
from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

Handler = BaseHTTPRequestHandler
Turn = Callable[[Handler], None]


@dataclass
class Served:
    """What the server was asked, and how it answers one request after another."""

    turns: deque[Turn] = field(default_factory=deque)
    bodies: list[dict[str, Any]] = field(default_factory=list)
    paths: list[str] = field(default_factory=list)
    headers: list[dict[str, str]] = field(default_factory=list)
    url: str = ""
    release: threading.Event = field(default_factory=threading.Event)
    """Ends answers that hang."""
    always: Turn | None = None


@contextlib.contextmanager
def story_server() -> Iterator[Served]:
    served = Served()

    class Answer(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["content-length"]))
            served.bodies.append(json.loads(body))
            served.paths.append(self.path)
            served.headers.append({k.lower(): v for k, v in self.headers.items()})
            turn = served.turns.popleft() if served.turns else served.always
            assert turn is not None, "asked more often than expected"
            with contextlib.suppress(BrokenPipeError, ConnectionResetError):
                turn(self)

        def log_message(self, *args: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Answer)
    server.daemon_threads = True
    served.url = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield served
    finally:
        served.release.set()
        server.shutdown()
        thread.join()
        server.server_close()


def status(code: int, body: bytes = b'{"error": "no"}', **headers: str) -> Turn:
    def turn(http: Handler) -> None:
        http.send_response(code)
        for name, value in headers.items():
            http.send_header(name.replace("_", "-"), value)
        http.send_header("content-length", str(len(body)))
        http.end_headers()
        http.wfile.write(body)

    return turn


def chunked(lines: list[bytes], *, finish: bool = True) -> Turn:
    """Body in chunks, as Ollama streams; unless `finish`, the connection drops before its end."""

    def turn(http: Handler) -> None:
        http.send_response(200)
        http.send_header("content-type", "application/x-ndjson")
        http.send_header("transfer-encoding", "chunked")
        http.end_headers()
        for line in lines:
            http.wfile.write(f"{len(line):x}\r\n".encode() + line + b"\r\n")
        if finish:
            http.wfile.write(b"0\r\n\r\n")
        else:
            http.close_connection = True

    return turn


def ollama_lines(text: str, *, step: int = 400, done: bool = True) -> list[bytes]:
    """The lines in which Ollama streams a reply."""
    pieces = [text[i : i + step] for i in range(0, len(text), step)]
    lines = [
        {"model": "m", "message": {"role": "assistant", "content": piece}, "done": False}
        for piece in pieces
    ]
    if done:
        last = {"role": "assistant", "content": ""}
        lines.append({"model": "m", "message": last, "done": True, "done_reason": "stop"})
    return [json.dumps(line).encode() + b"\n" for line in lines]


def ollama(text: str) -> Turn:
    return chunked(ollama_lines(text))


def completion(text: Any) -> Turn:
    body = {"id": "x", "choices": [{"index": 0, "message": {"role": "assistant", "content": text}}]}
    return status(200, json.dumps(body).encode())


def hang(served: Served) -> Turn:
    def turn(http: Handler) -> None:
        served.release.wait(5.0)
        http.close_connection = True

    return turn


def drip(served: Served) -> Turn:
    """A space every few milliseconds, for ever: no single read is late."""

    def turn(http: Handler) -> None:
        http.send_response(200)
        http.send_header("transfer-encoding", "chunked")
        http.end_headers()
        while not served.release.wait(0.003):
            http.wfile.write(b"1\r\n \r\n")
            http.wfile.flush()

    return turn


def drop(http: Handler) -> None:
    http.close_connection = True
