"""Replies on disk by the hash of their request: a rebuild asks nobody."""

from __future__ import annotations

import contextlib
import hashlib
import json
import logging
import os
import threading
from typing import TYPE_CHECKING, Any, Final

from datasets_spec.errors import StickgenError
from tasks.synthesize.story.client import (
    BackendTimeoutError,
    GarbledReplyError,
    ReplyTooLargeError,
)
from tasks.synthesize.story.reply import MAX_REPLY_BYTES
from tasks.synthesize.story.schema import SCHEMA_EDITION, story_json_schema

if TYPE_CHECKING:
    from pathlib import Path

    from tasks.synthesize.story.client import StoryBackend, StoryBackendError, StoryRequest

__all__ = ["ReplyCache", "request_digest"]

logger = logging.getLogger(__name__)

_FORMAT: Final = 1
_REPLY: Final = "reply"
_FAULTS: Final = {
    "timeout": BackendTimeoutError,
    "too_large": ReplyTooLargeError,
    "garbled": GarbledReplyError,
}
_KINDS: Final[dict[type, str]] = {error: kind for kind, error in _FAULTS.items()}
_MOST_BYTES: Final = 8 * MAX_REPLY_BYTES
"""A reply escaped as JSON needs at most 6 bytes a character."""


def request_digest(backend: StoryBackend, request: StoryRequest) -> str:
    """SHA-256 of everything that decides a reply, hexadecimal.

    Args:
        backend: Its name, model and options count; its host and key do not.
        request: Its messages and seed count.
    """
    parts = {
        "edition": SCHEMA_EDITION,
        "schema": story_json_schema(),
        "backend": backend.name,
        "model": backend.model,
        "options": backend.options,
        "seed": request.seed,
        "messages": [[message.role, message.text] for message in request.messages],
    }
    text = json.dumps(parts, sort_keys=True, ensure_ascii=True, allow_nan=False)
    return hashlib.sha256(text.encode("ascii")).hexdigest()


class ReplyCache:
    """A folder of replies, one file each.

    Args:
        folder: Made when the first reply is kept. Names in it are hashes, never text of a reply.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def get(self, digest: str) -> str | StoryBackendError | None:
        """What came of a request.

        Args:
            digest: Of the request.

        Returns:
            The reply; the error that was kept in its place; None if there is nothing, or (with a
            warning) it is spoilt.
        """
        path = self._path(digest)
        try:
            with path.open("rb") as file:
                raw = file.read(_MOST_BYTES + 1)
        except FileNotFoundError:
            return None
        except OSError as error:
            logger.warning("cannot read the kept reply %s (%s); asking again", path, error.strerror)
            return None
        entry = _entry_of(raw, digest)
        if entry is None:
            logger.warning("the kept reply %s is spoilt; asking again", path)
            return None
        kind, text = entry
        return text if kind == _REPLY else _FAULTS[kind](text)

    def put(self, digest: str, outcome: str | StoryBackendError) -> None:
        """Keep what came of a request; who reads meanwhile sees the old file or the new one.

        Args:
            digest: Of the request.
            outcome: The reply, or an error of one reply, so that a rebuild goes the same way.

        Raises:
            StickgenError: If the folder cannot be written.
        """
        path = self._path(digest)
        kind = _REPLY if isinstance(outcome, str) else _KINDS[type(outcome)]
        text = str(outcome)
        entry = {
            "format": _FORMAT,
            "request": digest,
            "kind": kind,
            "text": text,
            "sha256": _digest_of(kind, text),
        }
        part = path.with_name(f"{path.name}.{os.getpid()}.{threading.get_ident()}.tmp")
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            with part.open("w", encoding="ascii") as file:
                json.dump(entry, file, ensure_ascii=True)
                file.flush()
                os.fsync(file.fileno())
            part.replace(path)
        except OSError as error:
            with contextlib.suppress(OSError):
                part.unlink(missing_ok=True)
            msg = f"cannot keep a story reply in {path.parent} ({error.strerror}); make room there"
            raise StickgenError(msg) from error

    def _path(self, digest: str) -> Path:
        return self._folder / digest[:2] / f"{digest}.json"


def _entry_of(raw: bytes, digest: str) -> tuple[str, str] | None:
    """Kind and text of a file's bytes; None if they are not what was written for this request."""
    if len(raw) > _MOST_BYTES:
        return None
    try:
        entry: Any = json.loads(raw)
    except (ValueError, RecursionError):
        return None
    if not isinstance(entry, dict) or entry.get("format") != _FORMAT:
        return None
    kind, text = entry.get("kind"), entry.get("text")
    if not isinstance(kind, str) or not isinstance(text, str):
        return None
    same = entry.get("request") == digest and entry.get("sha256") == _digest_of(kind, text)
    return (kind, text) if same and kind in (_REPLY, *_FAULTS) else None


def _digest_of(kind: str, text: str) -> str:
    return hashlib.sha256(f"{kind}:{text}".encode("utf-8", "surrogatepass")).hexdigest()
