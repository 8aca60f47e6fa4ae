"""Verb phrases as data: one line each, with conditions, slots and marked verbs.

A line is `conditions | words`, or words alone. The first word is the verb in its base form; further
verbs are marked with a star ("bend down and *pick up {thing}"). Conditions are `key=value,value`
or `key!=value,value` with the keys of `facts.CONDITIONS`. Slots are those of `facts.slot_words`.
The condition `else` makes a phrase that serves only where no other is true.
A phrase that lacks {count} and {n} gets the count at its end.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from tasks.synthesize.words.facts import CONDITIONS
from tasks.synthesize.words.inflect import FORMS, inflect

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

__all__ = ["Phrase", "parse_phrases", "tidy"]

_SLOT: Final = re.compile(r"\{(\w+)\}")
_CONDITION: Final = re.compile(r"(\w+)(!?=)(\S*)")


@dataclass(frozen=True, kw_only=True, slots=True)
class Phrase:
    """One verb phrase."""

    words: tuple[str, ...]
    """Verbs in base form, marked by a leading star."""
    needs: tuple[tuple[str, bool, frozenset[str]], ...]
    """Key, whether it must be one of the values, values."""
    slots: frozenset[str]
    spare: bool
    """It serves only where no other phrase is true."""
    telling: bool
    """It says something that only some deeds of the action do."""

    def fits(self, keys: Mapping[str, str], lacking: Collection[str]) -> bool:
        """Whether it is true of a deed with these values, and needs no slot that it lacks."""
        true = all((keys[key] in values) is wanted for key, wanted, values in self.needs)
        return true and self.slots.isdisjoint(lacking)

    def render(
        self, slots: Mapping[str, str | None], *, before: str = "", after: str = ""
    ) -> dict[str, str]:
        """The phrase in every form of `inflect.FORMS`.

        Args:
            slots: Words by slot.
            before: Adverb before the first verb; may be empty.
            after: Adverbial behind the phrase; may be empty.
        """
        filled = [
            _SLOT.sub(lambda match: slots[match[1]] or "", word) if "{" in word else word
            for word in self.words
        ]
        words = [word for word in (before, *filled, after) if word]
        return {
            form: " ".join([inflect(w[1:], form) if w[0] == "*" else w for w in words])
            for form in FORMS
        }


def tidy(text: str) -> str:
    """No double spaces, none before a comma or a stop."""
    return " ".join(text.split()).replace(" ,", ",").replace(" .", ".")


def _needs(text: str) -> tuple[tuple[str, bool, frozenset[str]], ...]:
    needs = []
    for key, sign, values in _CONDITION.findall(text):
        assert key in CONDITIONS, text
        needs.append((key, sign == "=", frozenset(values.split(","))))
    return tuple(needs)


def _parse(line: str) -> Phrase:
    conditions, _, text = line.rpartition("|")
    needs = _needs(conditions)
    words = text.split()
    if "{count}" not in text and "{n}" not in text:
        words.append("{count}")
    words[0] = "*" + words[0]
    return Phrase(
        words=tuple(words),
        needs=needs,
        slots=frozenset(_SLOT.findall(text)),
        spare="else" in conditions.split(),
        telling=any(wanted and key in {"style", "turn", "arc"} for key, wanted, _ in needs),
    )


def parse_phrases(text: str) -> dict[str, tuple[Phrase, ...]]:
    """Phrases by action: a line `action:` opens each, its phrases follow one a line."""
    found: dict[str, list[Phrase]] = {}
    action = ""
    for line in filter(None, (raw.strip() for raw in text.splitlines())):
        if line.endswith(":") and " " not in line:
            action = line[:-1]
            found[action] = []
        else:
            found[action].append(_parse(line))
    return {name: tuple(phrases) for name, phrases in found.items()}
