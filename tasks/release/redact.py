"""What a service answered, in one line and without secrets."""

from __future__ import annotations

import os
import re
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Collection

__all__ = ["plain_reason"]

_VARIABLES: Final = (
    "AWS_ACCESS_KEY_ID",
    "AWS_SECRET_ACCESS_KEY",
    "AWS_SESSION_TOKEN",
    "HF_TOKEN",
    "HUGGING_FACE_HUB_TOKEN",
)
_MAX_CHARS: Final = 300
_MIN_SECRET: Final = 4
"""Shorter ones would blacken ordinary words."""
_QUERY: Final = re.compile(r"(https?://[^\s?'\"<>]*)\?[^\s'\"<>]*")
_USER: Final = re.compile(r"(https?://)[^\s/@'\"]+@")
_KEY: Final = re.compile(
    r"(?i:\b(?:bearer|basic) +[^\s'\",;]+)|\bhf_[A-Za-z0-9]{8,}|\bA[KS]IA[A-Z0-9]{12,}"
)


def plain_reason(error: BaseException, secrets: Collection[str] = ()) -> str:
    """First line of an error's text without tokens, keys and signed addresses.

    Args:
        error: Of a library that talks to a service.
        secrets: Texts that must not appear, beside those in the environment.
    """
    lines = [line.strip() for line in str(error).splitlines() if line.strip()]
    text = lines[0] if lines else type(error).__name__
    hidden = {*secrets, *(os.environ.get(name, "") for name in _VARIABLES)}
    for secret in sorted((s.strip() for s in hidden), key=len, reverse=True):
        if len(secret) >= _MIN_SECRET:
            text = text.replace(secret, "***")
    text = _USER.sub(r"\1***@", _QUERY.sub(r"\1?***", text))
    return _KEY.sub("***", text)[:_MAX_CHARS]
