"""Words that are not of a list, told with those that are nearest."""

from __future__ import annotations

from difflib import get_close_matches
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = ["near_words", "unknown_word"]

_SHOWN: Final = 40
_LISTED: Final = 16


def near_words(word: str, known: Iterable[str]) -> list[str]:
    """At most three known words that look like one that is not."""
    return get_close_matches(word[:_SHOWN].lower(), list(known), n=3, cutoff=0.6)


def unknown_word(what: str, word: str, known: Iterable[str]) -> str:
    """The text of an error: what was expected, what came, and what may have been meant.

    Long lists are not told whole where there is a near word.

    Args:
        what: What kind of word it is, such as "camera" or "--action".
        word: What came.
        known: Every word that is allowed.
    """
    words = sorted(known)
    near = near_words(word, words)
    got = repr(word if len(word) <= _SHOWN else f"{word[:_SHOWN]}...")
    meant = f"; did you mean {' or '.join(near)}?" if near else ""
    if near and len(words) > _LISTED:
        return f"{what}: got {got}, which is none of {len(words)} known words{meant}"
    return f"{what}: expected one of {', '.join(words)}; got {got}{meant}"
