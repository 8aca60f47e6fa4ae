"""Who does it: nouns, pronouns, agreement."""

from __future__ import annotations

import functools
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from tasks.synthesize.words.inflect import with_article, word_set

if TYPE_CHECKING:
    import numpy as np

__all__ = ["Subject", "bare_noun", "definite", "gender_of", "subject_of", "with_adjective"]

_MALE: Final = word_set(
    "man men boy guy gentleman king prince father grandfather son brother husband uncle waiter "
    "fireman policeman fisherman lad groom wizard monk knight lord sir grandpa dad"
)
_FEMALE: Final = word_set(
    "woman women girl lady queen princess mother grandmother daughter sister wife aunt waitress "
    "actress policewoman bride witch nun lass ballerina grandma mum mom hostess"
)
_PRONOUNS: Final = {
    "m": ("he", "his", "him", "himself"),
    "f": ("she", "her", "her", "herself"),
    "": ("they", "their", "them", "themselves"),
}
_GENERIC: Final = (
    "a person",
    "a person",
    "someone",
    "somebody",
    "the person",
    "a figure",
    "the figure",
    "an individual",
    "a character",
    "the actor",
)
_MAN: Final = ("a man", "a man", "the man", "a guy")
_WOMAN: Final = ("a woman", "a woman", "the woman", "a lady")
_NO_ADJECTIVE: Final = frozenset({"someone", "somebody"})


@dataclass(frozen=True, kw_only=True, slots=True)
class Subject:
    """A noun phrase in the singular, and the pronouns that stand for it."""

    text: str
    he: str
    his: str
    him: str
    himself: str

    @property
    def later(self) -> str:
        """The noun phrase when it comes again: definite."""
        return definite(self.text)

    @property
    def plural_pronoun(self) -> bool:
        """Whether the pronoun takes a verb in the plural."""
        return self.he == "they"


def bare_noun(noun: str) -> str:
    """Without its article: "a tall man" gives "tall man"."""
    first, _, rest = noun.partition(" ")
    return rest if first.lower() in {"a", "an", "the"} and rest else noun


def definite(noun: str) -> str:
    """With "the"; names and pronouns stay as they are."""
    if noun in _NO_ADJECTIVE:
        return "the person"
    first = noun.partition(" ")[0].lower()
    return f"the {bare_noun(noun)}" if first in {"a", "an"} else noun


@functools.lru_cache(maxsize=1024)
def gender_of(noun: str) -> str:
    """m, f, or empty where the noun does not tell."""
    words = bare_noun(noun).lower().split()
    if not _MALE.isdisjoint(words):
        return "m"
    return "f" if not _FEMALE.isdisjoint(words) else ""


def with_adjective(noun: str, adjective: str) -> str:
    """A noun phrase with an adjective behind its article; "someone" stays as it is."""
    first, _, rest = noun.partition(" ")
    if not adjective or noun in _NO_ADJECTIVE or first not in {"a", "an", "the"} or not rest:
        return noun
    if adjective in rest.split():
        return noun
    return f"the {adjective} {rest}" if first == "the" else with_article(f"{adjective} {rest}")


def subject_of(noun: str, rng: np.random.Generator, *, adjective: str = "") -> Subject:
    """A way of naming somebody; the usual nouns have several.

    Args:
        noun: "a person", "a man", "the robber", "Anna".
        rng: Chooses.
        adjective: Put before the noun, may be empty.
    """
    ways = {"a person": _GENERIC, "a man": _MAN, "a woman": _WOMAN}.get(noun, (noun,))
    text = ways[int(rng.random() * len(ways))]
    he, his, him, himself = _PRONOUNS[gender_of(noun)]
    return Subject(text=with_adjective(text, adjective), he=he, his=his, him=him, himself=himself)
