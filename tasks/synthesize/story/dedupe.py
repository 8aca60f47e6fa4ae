"""Stories that are too like another one."""

from __future__ import annotations

import itertools
import re
import zlib
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from tasks.synthesize.story.schema import Story

__all__ = ["MAX_LIKENESS", "DuplicateFilter", "action_sequence", "story_tokens"]

MAX_LIKENESS: Final = 0.8
"""Share of common tokens (Jaccard) from which two stories count as one."""
_WORD: Final = re.compile(r"\w+")


def action_sequence(story: Story) -> tuple[tuple[str, ...], ...]:
    """What is done beat by beat, whoever does it, with the surroundings in front."""
    beats = tuple(
        tuple(sorted(act.action for act in beat.acts))
        + tuple(sorted(f"+{one.kind}" for one in beat.interactions))
        for beat in story.beats
    )
    return ((story.setting.surroundings,), *beats)


def story_tokens(story: Story) -> frozenset[str]:
    """Words of the story's texts, and its pairs of successive actions."""
    texts = [story.title, story.summary, story.setting.place, story.tone]
    texts += [one.noun for one in story.characters]
    acts = [act for beat in story.beats for act in beat.acts]
    texts += [f"{act.line} {act.thing}" for act in acts]
    words = {word.casefold() for text in texts for word in _WORD.findall(text)}
    moves = [f"{act.character}:{act.action}" for act in acts]
    moves += [f"+{one.kind}" for beat in story.beats for one in beat.interactions]
    pairs = {f"{first}>{second}" for first, second in itertools.pairwise(moves)}
    return frozenset(words | pairs | set(moves))


class DuplicateFilter:
    """Stories seen so far; the first of those that are alike is kept.

    Sets with a likeness of at least t share a token among the first n - ceil(t n) + 1 of each, in
    any fixed order of tokens: only stories that do are compared (prefix filtering; Chaudhuri,
    Ganti, Kaushik, ICDE 2006).
    """

    def __init__(self) -> None:
        self._titles: dict[str, int] = {}
        self._sequences: dict[tuple[tuple[str, ...], ...], int] = {}
        self._tokens: list[tuple[int, frozenset[str]]] = []
        self._by_token: dict[str, list[int]] = {}

    def add(self, number: int, story: Story) -> str:
        """Take a story in, unless it is too like one that is in already.

        Args:
            number: The story's own, for later messages.
            story: A valid story.

        Returns:
            Why it was not taken in; empty if it was.
        """
        title = " ".join(_WORD.findall(story.title.casefold()))
        sequence = action_sequence(story)
        tokens = story_tokens(story)
        if title in self._titles:
            return f"the title of story {self._titles[title]}"
        if sequence in self._sequences:
            return f"the actions of story {self._sequences[sequence]}"
        prefix = _prefix(tokens)
        for place in sorted({place for token in prefix for place in self._by_token.get(token, ())}):
            other, seen = self._tokens[place]
            likeness = len(tokens & seen) / len(tokens | seen)
            if likeness >= MAX_LIKENESS:
                return f"{likeness:.0%} of its words and actions shared with story {other}"
        for token in prefix:
            self._by_token.setdefault(token, []).append(len(self._tokens))
        self._titles[title] = self._sequences[sequence] = number
        self._tokens.append((number, tokens))
        return ""


def _prefix(tokens: frozenset[str]) -> list[str]:
    """Tokens of which two sets that are alike share at least one."""
    # pairs of actions are rarer than words: the rarer what is looked up, the fewer comparisons
    ordered = sorted(
        tokens, key=lambda token: (">" not in token, zlib.crc32(token.encode()), token)
    )
    least = -(-len(ordered) * round(MAX_LIKENESS * 1000) // 1000)
    return ordered[: len(ordered) - least + 1]
