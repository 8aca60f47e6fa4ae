"""Words of a text and the phrases of the lexicon in them, in time linear in the text."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from datasets_spec.action_phrases import (
    ACTION_PHRASES,
    DIRECTIONS,
    OTHER_ACTIVITIES,
    WEIGHTED_PHRASES,
)
from datasets_spec.phrase_context import ADVERBS, GLUED_NOUNS, NULL_PHRASES
from tasks.label.inflection import verb_forms

__all__ = [
    "BREAK",
    "JOINERS",
    "OTHER",
    "Found",
    "Pattern",
    "find_phrases",
    "parse_table",
    "split_words",
]

BREAK: Final = ";"
"""Stands between two clauses in a row of words."""

OTHER: Final = "(other)"
"""Action of a phrase for something that is none of the 64."""

JOINERS: Final = frozenset({"and", "then", "while", "but", "before", "after", "or"})
"""Words that open a new clause."""

_GAPS: Final = {"...": (3, False), "..": (2, True)}
"""Sign in a pattern -> most words of the gap, adverbs only."""

_CAMEL: Final = re.compile(r"(?<=[a-z])(?=[A-Z])")
_APOSTROPHE: Final = re.compile("['\u2018\u2019\u02bc`]")
_TOKEN: Final = re.compile(
    r"[a-z]+(?:-[a-z]+)+|[a-z]+|[0-9]+|[,;:.!?/()\[\]&+\n\u2013\u2014]|(?<=\s)-+(?=\s)"
)
_MAX_WORDS: Final = 600


@dataclass(frozen=True, slots=True)
class Pattern:
    """One phrase: literals (sets of alternatives) and gaps (most words, adverbs only)."""

    parts: tuple[frozenset[str] | tuple[int, bool], ...]
    action: str
    """Empty: the words are out of play."""
    weight: float
    num_literals: int


@dataclass(frozen=True, slots=True)
class Found:
    """A phrase found in a row of words."""

    action: str
    weight: float
    positions: tuple[int, ...]
    """Of its literal words, ascending; gaps stay free for other phrases."""

    @property
    def start(self) -> int:
        """Position of its first word."""
        return self.positions[0]


def split_words(text: str) -> tuple[str, ...]:
    """Lower-case words, with BREAK between clauses; camelCase and hyphens are taken apart."""
    plain = _APOSTROPHE.sub("", unicodedata.normalize("NFKC", text))
    plain = f" {_CAMEL.sub(' ', plain).lower()} "
    words: list[str] = []
    for token in _TOKEN.findall(plain):
        if token in GLUED_NOUNS:
            words.append(token)
        elif token[0].isalnum():
            words.extend(token.split("-"))
        elif words and words[-1] != BREAK:
            words.append(BREAK)
        if len(words) >= _MAX_WORDS:
            break
    return tuple(words)


def parse_table(table: str) -> list[tuple[str, str]]:
    """Pairs (pattern, action) of `action: pattern, pattern` paragraphs; lines may be wrapped."""
    paragraphs: dict[str, list[str]] = {}
    action = ""
    for line in table.splitlines():
        head, colon, rest = line.partition(":")
        action = head.strip() if colon else action
        paragraphs.setdefault(action, []).append(rest if colon else line)
    return [
        (pattern, action)
        for action, lines in paragraphs.items()
        for pattern in (" ".join(part.split()) for part in " ".join(lines).split(","))
        if pattern
    ]


def _compile(text: str, action: str, weight: float) -> Pattern:
    parts: list[frozenset[str] | tuple[int, bool]] = []
    for word in text.split():
        if word in _GAPS:
            parts.append(_GAPS[word])
            continue
        forms: set[str] = set()
        verb = word.endswith("~")
        for choice in word.removesuffix("~").split("|"):
            for spelling in DIRECTIONS.get(choice, choice).split("|"):
                one = verb or spelling.endswith("~")
                bare = spelling.removesuffix("~")
                forms |= verb_forms(bare) if one else {bare}
        parts.append(frozenset(forms))
    num_literals = sum(isinstance(part, frozenset) for part in parts)
    return Pattern(tuple(parts), action, weight, num_literals)


@lru_cache(maxsize=1)
def _patterns() -> dict[str, tuple[Pattern, ...]]:
    """All patterns by each word they may open with."""
    compiled = [_compile(text, "", 0.0) for text in NULL_PHRASES]
    compiled += [_compile(text, action, 1.0) for text, action in parse_table(ACTION_PHRASES)]
    compiled += [_compile(text, action, weight) for text, action, weight in WEIGHTED_PHRASES]
    compiled += [_compile(text, OTHER, weight) for text, weight in OTHER_ACTIVITIES]
    by_word: dict[str, list[Pattern]] = {}
    for pattern in compiled:
        first = pattern.parts[0]
        for word in sorted(first) if isinstance(first, frozenset) else ():
            by_word.setdefault(word, []).append(pattern)
    return {word: tuple(found) for word, found in by_word.items()}


def _is_adverb(word: str) -> bool:
    return word in ADVERBS or word.endswith("ly")


def _fit(pattern: Pattern, words: tuple[str, ...], start: int) -> tuple[int, ...] | None:
    """Positions of the literals if the pattern fits at `start`; the nearest word fills a gap."""
    positions: list[int] = []
    at = start
    gap = (0, False)
    for part in pattern.parts:
        if isinstance(part, tuple):
            gap = part
            continue
        hit = _next_literal(part, words, at, gap)
        if hit is None:
            return None
        positions.append(hit)
        at, gap = hit + 1, (0, False)
    return tuple(positions)


def _next_literal(
    part: frozenset[str], words: tuple[str, ...], at: int, gap: tuple[int, bool]
) -> int | None:
    for skipped in range(gap[0] + 1):
        if at + skipped >= len(words):
            return None
        word = words[at + skipped]
        if word in part:
            return at + skipped
        if word == BREAK or word in JOINERS or (gap[1] and not _is_adverb(word)):
            return None
    return None


def find_phrases(words: tuple[str, ...]) -> tuple[Found, ...]:
    """Phrases in a row of words, from left to right; no word serves twice."""
    by_word = _patterns()
    used: set[int] = set()
    found: list[Found] = []
    for start, word in enumerate(words):
        if start in used:
            continue
        best: tuple[tuple[int, int, bool], Pattern, tuple[int, ...]] | None = None
        for pattern in by_word.get(word, ()):
            positions = _fit(pattern, words, start)
            if positions is None or not used.isdisjoint(positions):
                continue
            rank = (pattern.num_literals, start - positions[-1], not pattern.action)
            if best is None or rank > best[0]:
                best = (rank, pattern, positions)
        if best is not None:
            used.update(best[2])
            found.append(Found(best[1].action, best[1].weight, best[2]))
    return tuple(found)
