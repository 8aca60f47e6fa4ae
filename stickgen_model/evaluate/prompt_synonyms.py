"""What may stand for a word, in the form that the word has."""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING, Final

from stickgen_model.evaluate.prompt_words import OTHER_WORDS, VERBS

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["match_case", "mend_articles", "synonyms_at"]

_VOWELS: Final = "aeiou"
_ARTICLE: Final = re.compile(r"\b([Aa])n?(?=\s+([A-Za-z]))\b")
_LONGEST: Final = 3
"""Words of the longest entry."""


def synonyms_at(words: Sequence[str]) -> tuple[int, tuple[str, ...]]:
    """What may stand for the first words, the longest entry first.

    Args:
        words: The next words of a sentence, at least one.

    Returns:
        How many words are meant, at least 1, and what may stand for them; empty if not known.
    """
    table = _table()
    for count in range(min(_LONGEST, len(words)), 0, -1):
        options = table.get(" ".join(words[:count]).lower())
        if options:
            return count, options
    return 1, ()


def match_case(word: str, other: str) -> str:
    """Another word with the capitals of a word: none, the first, or all."""
    if len(word) > 1 and word.isupper():
        return other.upper()
    return other[:1].upper() + other[1:] if word[:1].isupper() else other


def mend_articles(text: str) -> str:
    """`a` before consonants and `an` before vowels, by the letter."""
    return _ARTICLE.sub(lambda found: found[1] + ("n" if found[2].lower() in _VOWELS else ""), text)


@cache
def _table() -> dict[str, tuple[str, ...]]:
    """From words to what may stand for them."""
    table: dict[str, tuple[str, ...]] = {}
    for line in OTHER_WORDS.strip().splitlines():
        word, others = line.split(": ")
        table[word] = tuple(others.split("|"))
    for line in VERBS.strip().splitlines():
        forms, others = line.split(": ")
        inflected = [_inflect(other) for other in others.split("|")]
        for number, form in enumerate(forms.split()):
            table[form.replace("_", " ")] = tuple(other[number] for other in inflected)
    return table


def _inflect(phrase: str) -> tuple[str, str, str, str]:
    """Base, -s, -ing and past of a phrase that starts with a verb."""
    verb, _, rest = phrase.partition(" ")
    forms = verb.split("/")
    if len(forms) == 1:
        base = verb.rstrip("*")
        forms = _regular(base, base + base[-1] if verb.endswith("*") else base)
    return tuple(f"{form} {rest}".rstrip() for form in forms)  # type: ignore[return-value]


def _regular(base: str, stem: str) -> list[str]:
    """Forms of a regular verb; `stem` is what -ing and -ed come after."""
    if base.endswith("e"):
        return [base, f"{base}s", f"{base[:-1]}ing", f"{base}d"]
    if base.endswith("y") and base[-2] not in _VOWELS:
        return [base, f"{base[:-1]}ies", f"{base}ing", f"{base[:-1]}ied"]
    hisses = base.endswith(("s", "x", "z", "ch", "sh", "o"))
    return [base, f"{base}es" if hisses else f"{base}s", f"{stem}ing", f"{stem}ed"]
