"""From the text of a reply to a story, or to everything that is wrong with it."""

from __future__ import annotations

import json
import re
from typing import Any, Final

from datasets_spec.errors import StickgenError
from tasks.synthesize.story.crosscheck import check_story
from tasks.synthesize.story.rules import Faults
from tasks.synthesize.story.schema import Story, read_story

__all__ = ["MAX_REPLY_BYTES", "InvalidStoryError", "parse_reply"]

MAX_REPLY_BYTES: Final = 64 * 1024
MAX_DEPTH: Final = 12
"""A story nests 6 deep."""
_MAX_DIGITS: Final = 20
_FENCE: Final = re.compile(r"\A```(?:json)?[ \t]*\n(.*)\n```\Z", re.DOTALL)
_STRING: Final = re.compile(r'"(?:[^"\\]|\\.)*+"?', re.DOTALL)
"""A string may lack its end: else every quote of a broken text is tried to its very end."""


class InvalidStoryError(StickgenError, ValueError):
    """A reply is no story. `errors`: one line a fault, at most 20, each with its JSON path."""

    def __init__(self, errors: tuple[str, ...]) -> None:
        super().__init__("; ".join(errors))
        self.errors = errors

    def __reduce__(self) -> tuple[type[InvalidStoryError], tuple[tuple[str, ...]]]:
        return type(self), (self.errors,)


def parse_reply(reply: str) -> Story:
    """The story of a reply.

    Args:
        reply: JSON text of at most 64 KiB, alone or in one code fence.

    Returns:
        The story, read field by field and checked as a whole.

    Raises:
        InvalidStoryError: With all faults, at most 20.
    """
    faults = Faults()
    data = _parse_json(reply, faults)
    story = None if faults.lines else read_story(data, faults)
    if story is not None:
        check_story(story, faults)
    if story is None or faults.lines:
        raise InvalidStoryError(tuple(faults.lines))
    return story


def _parse_json(reply: str, faults: Faults) -> Any:
    size = len(reply.encode("utf-8", "surrogatepass"))
    if size > MAX_REPLY_BYTES:
        faults.add("$", f"at most {MAX_REPLY_BYTES} bytes", str(size))
        return None
    text = reply.strip().removeprefix("\ufeff")
    fenced = _FENCE.match(text)
    text = fenced.group(1) if fenced else text
    if _depth(text) > MAX_DEPTH:
        faults.add("$", f"at most {MAX_DEPTH} levels of nesting", "more")
        return None
    try:
        return json.loads(text, object_pairs_hook=_unique, parse_int=_whole, parse_constant=_refuse)
    except json.JSONDecodeError as error:
        where = f"line {error.lineno} column {error.colno}"
        faults.add("$", "one JSON object and nothing else", f"{error.msg} at {where}")
    except ValueError as error:  # from the hooks
        faults.add("$", "plain JSON", str(error))
    return None


def _depth(text: str) -> int:
    """Greatest nesting of brackets outside strings, before a recursive parser sees them."""
    depth = deepest = 0
    for letter in _STRING.sub("", text):
        if letter in "[{":
            depth += 1
            deepest = max(deepest, depth)
        elif letter in "]}":
            depth -= 1
    return deepest


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        msg = "a property twice in one object"
        raise ValueError(msg)
    return found


def _whole(digits: str) -> int:
    if len(digits) > _MAX_DIGITS:
        msg = f"a number of {len(digits)} digits"
        raise ValueError(msg)
    return int(digits)


def _refuse(word: str) -> float:
    msg = f"the word {word}"
    raise ValueError(msg)
