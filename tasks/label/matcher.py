"""From a sentence to one of the 64 actions, or to none: a scored match with a threshold.

The words of `datasets_spec.action_phrases` are found clause by clause, longest phrase first. Each
found action has a mass; negated words, pictures ("like a bird") and words of another meaning lose
theirs. score = mass of the best action / (mass of all + 0.25 for doubt + 0.25 a clause that says
something else). An action is named from a score of 0.6: two equal actions reach 0.44, so a
sentence that tells of several actions in turn names none.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from datasets_spec.phrase_context import (
    BOTH_WORDS,
    FIRST_WORDS,
    INTENTS,
    MUTUAL_ACTIONS,
    NEGATIONS,
    OTHER_THINGS,
    OTHER_WORDS,
    QUIET_WORDS,
    SIMILES,
    SUBORDINATE,
)
from datasets_spec.vocabulary import UNLABELLED_NAME
from tasks.label.lexicon import BREAK, JOINERS, OTHER, Found, find_phrases, split_words

__all__ = ["MATCH_THRESHOLD", "MAX_MATCH_CHARS", "MatchResult", "match_action", "told_actions"]

MATCH_THRESHOLD: Final = 0.6
"""Chosen on 2,435 catalogue lines of real motion: all below were ambiguous or wrong."""

MAX_MATCH_CHARS: Final = 2000
"""What comes after is not read; the longest caption of any source has about 400 characters."""

_DOUBT: Final = 0.25
_OTHER_CLAUSE: Final = 0.25
_REPEAT: Final = 0.25
"""Share that each further mention of an action adds to its mass."""
_SIMILE: Final = 0.4
_NEGATION_REACH: Final = 4
_INTENT_REACH: Final = 3
_MIN_TELLING: Final = 0.375
"""A smaller weight never names an action: 0.375 / (0.375 + doubt) is the threshold."""


_NOTE: Final = re.compile(r"\([^()]{0,80}subject[^()]{0,80}\)")
_ROLE: Final = re.compile(r"\b[AB]\b")
_BARE: Final = {
    "backward": "walk_backward",
    "backwards": "walk_backward",
    "sideways": "sidestep",
}


@dataclass(frozen=True, slots=True)
class MatchResult:
    """What a sentence says."""

    action: str
    """One of the 64 actions, or `unlabelled`."""
    score: float
    """0..1; of the best action, even if it stayed below the threshold."""
    runner_up: str = UNLABELLED_NAME
    runner_up_score: float = 0.0
    best: str = UNLABELLED_NAME
    """The action that has the score, named or not; `unlabelled` if the text holds none."""


_NOTHING: Final = MatchResult(UNLABELLED_NAME, 0.0)


def match_action(text: str) -> MatchResult:
    """Name the action of a text, if it speaks of one clearly.

    Args:
        text: Any text; only its first `MAX_MATCH_CHARS` characters are read.

    Returns:
        The action, or `unlabelled` if no action, several, or one of two people is named.
    """
    return _match(text[:MAX_MATCH_CHARS])


def told_actions(text: str) -> tuple[tuple[str, int], ...]:
    """All actions that a text tells, in its order: what is denied or a mere picture is none.

    Args:
        text: Any text; only its first `MAX_MATCH_CHARS` characters are read.

    Returns:
        Pairs of an action and the place of its first word in `lexicon.split_words(text)`.
    """
    words = split_words(text[:MAX_MATCH_CHARS])
    found = (*find_phrases(words), *_bare_directions(words))
    kept = [
        (hit.start, hit.action)
        for hit in found
        if hit.action not in ("", OTHER)
        and hit.weight >= _MIN_TELLING
        and not _is_denied(words, hit.start)
        and not _is_picture(words, hit.start)
    ]
    return tuple((action, start) for start, action in sorted(kept))


@lru_cache(maxsize=16384)
def _match(text: str) -> MatchResult:
    words = split_words(text)
    found = (*find_phrases(words), *_bare_directions(words))
    if not any(hit.action not in ("", OTHER) for hit in found):
        return _NOTHING
    masses = _masses(words, found, pair=_is_pair(words) or _has_roles(text))
    total = sum(masses.values()) + _DOUBT + _OTHER_CLAUSE * _num_other_clauses(words, found)
    ranked = sorted(
        ((mass / total, name) for name, mass in masses.items() if name != OTHER and mass > 0),
        key=lambda entry: (-entry[0], entry[1]),
    )
    if not ranked:
        return _NOTHING
    (score, best), second = ranked[0], ranked[1] if len(ranked) > 1 else (0.0, UNLABELLED_NAME)
    named = best if score >= MATCH_THRESHOLD else UNLABELLED_NAME
    return MatchResult(named, score, second[1], second[0], best)


def _masses(words: tuple[str, ...], found: tuple[Found, ...], *, pair: bool) -> dict[str, float]:
    clauses = _clause_numbers(words)
    both = {clauses[at] for at, word in enumerate(words) if word in BOTH_WORDS}
    mentions: dict[str, list[float]] = defaultdict(list)
    for hit in found:
        if not hit.action or _is_denied(words, hit.start):
            continue
        weight = hit.weight * (_SIMILE if _is_picture(words, hit.start) else 1.0)
        shared = hit.action in MUTUAL_ACTIONS or clauses[hit.start] in both
        mentions[hit.action if shared or not pair else OTHER].append(weight)
    masses = {name: max(weights) * (1.0 + _repeats(weights)) for name, weights in mentions.items()}
    if _says_only_stand(words) and set(masses) == {"idle"}:
        masses["idle"] = 1.0
    return {name: mass * _subordination(name, masses) for name, mass in masses.items()}


def _repeats(weights: list[float]) -> float:
    return _REPEAT * min(len(weights) - 1, 2) if max(weights) >= _MIN_TELLING else 0.0


def _subordination(action: str, masses: dict[str, float]) -> float:
    rule = SUBORDINATE.get(action)
    if rule is None or rule[0].isdisjoint(masses):
        return 1.0
    return rule[1]


def _clause_numbers(words: tuple[str, ...]) -> list[int]:
    numbers, clause = [], 0
    for word in words:
        clause += word == BREAK or word in JOINERS
        numbers.append(clause)
    return numbers


def _is_pair(words: tuple[str, ...]) -> bool:
    """Whether the text tells apart what one person and what the other does."""
    seen = set(words)
    following = (*words[1:], BREAK)
    other = any(
        word in OTHER_WORDS and after not in OTHER_THINGS
        for word, after in zip(words, following, strict=False)
    )
    named = other and bool(FIRST_WORDS & seen)
    return named and ("one" in seen or "first" in seen or "person" in seen or "other" in seen)


def _has_roles(text: str) -> bool:
    """Whether the text speaks of "A" and "B", beside a note such as "(2 subjects - subject A)"."""
    told = _NOTE.sub(" ", text)
    return "A" in _ROLE.findall(told) and "B" in _ROLE.findall(told)


def _bare_directions(words: tuple[str, ...]) -> tuple[Found, ...]:
    """Directions that stand alone in a later clause: "walk forward, backward, sideways"."""
    clauses = _clause_numbers(words)
    size = Counter(
        clause
        for word, clause in zip(words, clauses, strict=True)
        if word != BREAK and word not in JOINERS
    )
    return tuple(
        Found(_BARE[word], 1.0, (at,))
        for at, word in enumerate(words)
        if word in _BARE and clauses[at] > 0 and size[clauses[at]] == 1
    )


def _is_denied(words: tuple[str, ...], start: int) -> bool:
    before: list[str] = []
    for word in reversed(words[max(0, start - _NEGATION_REACH) : start]):
        if word == BREAK or word in JOINERS:
            break
        before.append(word)
    if not NEGATIONS.isdisjoint(before):
        return True
    near = before[:_INTENT_REACH]
    return "to" in near and not INTENTS.isdisjoint(near)


def _is_picture(words: tuple[str, ...], start: int) -> bool:
    for word in reversed(words[:start]):
        if word == BREAK or word in JOINERS:
            return False
        if word in SIMILES:
            return True
    return False


def _says_only_stand(words: tuple[str, ...]) -> bool:
    telling = [word for word in words if word != BREAK and word not in QUIET_WORDS]
    return telling in (["standing"], ["stand"], ["stands"])


def _num_other_clauses(words: tuple[str, ...], found: tuple[Found, ...]) -> int:
    """Clauses without any phrase that open with a word which may be an activity."""
    clauses = _clause_numbers(words)
    spoken = {clauses[at] for hit in found for at in hit.positions}
    count, seen = 0, set(spoken)
    for word, clause in zip(words, clauses, strict=True):
        if word == BREAK or word in JOINERS or clause in seen:
            continue
        seen.add(clause)
        count += not (word in QUIET_WORDS or word.isdigit() or word.endswith("ly"))
    return count
