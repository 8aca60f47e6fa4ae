"""English forms: verbs, articles, numbers."""

from __future__ import annotations

import functools
from typing import Final

__all__ = [
    "FORMS",
    "count_word",
    "gerund",
    "inflect",
    "number_word",
    "past",
    "third_person",
    "with_article",
    "word_set",
]

FORMS: Final = ("plain", "third", "gerund", "past")

_VOWELS: Final = frozenset("aeiou")
_HISSING: Final = ("s", "x", "z", "ch", "sh", "o")
_PAST: Final = {
    "be": "was",
    "bend": "bent",
    "bite": "bit",
    "break": "broke",
    "catch": "caught",
    "come": "came",
    "creep": "crept",
    "deal": "dealt",
    "do": "did",
    "draw": "drew",
    "drink": "drank",
    "drive": "drove",
    "eat": "ate",
    "fall": "fell",
    "feel": "felt",
    "fight": "fought",
    "find": "found",
    "flee": "fled",
    "fling": "flung",
    "fly": "flew",
    "get": "got",
    "give": "gave",
    "go": "went",
    "grab": "grabbed",
    "have": "had",
    "hide": "hid",
    "hit": "hit",
    "hold": "held",
    "keep": "kept",
    "kneel": "knelt",
    "lead": "led",
    "leave": "left",
    "let": "let",
    "lie": "lay",
    "lose": "lost",
    "make": "made",
    "meet": "met",
    "pay": "paid",
    "put": "put",
    "read": "read",
    "rise": "rose",
    "run": "ran",
    "say": "said",
    "see": "saw",
    "set": "set",
    "shake": "shook",
    "sing": "sang",
    "sit": "sat",
    "sleep": "slept",
    "slide": "slid",
    "speak": "spoke",
    "spin": "spun",
    "spread": "spread",
    "stand": "stood",
    "steal": "stole",
    "strike": "struck",
    "stride": "strode",
    "sweep": "swept",
    "swim": "swam",
    "swing": "swung",
    "take": "took",
    "tell": "told",
    "throw": "threw",
    "wear": "wore",
    "weep": "wept",
    "write": "wrote",
}
_THIRD: Final = {"be": "is", "do": "does", "go": "goes", "have": "has"}
_GERUND: Final = {"be": "being", "tiptoe": "tiptoeing", "see": "seeing", "flee": "fleeing"}
_STRESSED_LATE: Final = frozenset(
    {"sidestep", "backflip", "outrun", "overrun", "outstep", "kidnap"}
)
"""Compounds whose last part doubles like the short verb it is."""
_NUMBERS: Final = (
    *("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten"),
    *("eleven", "twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen"),
    *("eighteen", "nineteen", "twenty"),
)
_SILENT_H: Final = ("hour", "honest")
_LONG_U: Final = ("uni", "use", "euro", "one")


def _doubles(verb: str) -> bool:
    """Whether the last consonant doubles: stressed, short, one vowel before it."""
    if len(verb) < 3 or verb[-1] in _VOWELS or verb[-1] in "wxyh":
        return False
    if verb in _STRESSED_LATE:
        return True
    plain = verb.replace("qu", "q")  # "squat": the u is no vowel
    groups = sum(
        c in _VOWELS and (k == 0 or plain[k - 1] not in _VOWELS) for k, c in enumerate(plain)
    )
    return groups == 1 and plain[-2] in _VOWELS and plain[-3] not in _VOWELS


def _is_y_verb(verb: str) -> bool:
    return verb.endswith("y") and verb[-2] not in _VOWELS


@functools.cache
def third_person(verb: str) -> str:
    """He ...: walks, watches, carries."""
    if verb in _THIRD:
        return _THIRD[verb]
    if _is_y_verb(verb):
        return verb[:-1] + "ies"
    if verb.endswith("oe"):
        return verb + "s"
    return verb + ("es" if verb.endswith(_HISSING) else "s")


@functools.cache
def gerund(verb: str) -> str:
    """Walking, running, lying, high-fiving."""
    if verb in _GERUND:
        return _GERUND[verb]
    if verb.endswith("ie"):
        return verb[:-2] + "ying"
    if verb.endswith("e") and not verb.endswith(("ee", "oe", "ye")):
        return verb[:-1] + "ing"
    return verb + (verb[-1] if _doubles(verb) else "") + "ing"


@functools.cache
def past(verb: str) -> str:
    """Walked, hopped, carried, threw."""
    if verb in _PAST:
        return _PAST[verb]
    if verb.endswith("e"):
        return verb + "d"
    if _is_y_verb(verb):
        return verb[:-1] + "ied"
    return verb + (verb[-1] if _doubles(verb) else "") + "ed"


@functools.cache
def inflect(verb: str, form: str) -> str:
    """A form of a verb.

    Args:
        verb: Base form, lower case.
        form: plain (they walk), third (he walks), gerund, past.

    Raises:
        ValueError: If the form is no such word.
    """
    if form == "plain":
        return "are" if verb == "be" else verb
    if form not in FORMS:
        msg = f"expected a form of {FORMS}, got {form!r}"
        raise ValueError(msg)
    return {"third": third_person, "gerund": gerund, "past": past}[form](verb)


def with_article(noun: str) -> str:
    """A or an, by the sound the word begins with."""
    vowel = noun[:1] in _VOWELS and not noun.startswith(_LONG_U)
    return f"{'an' if vowel or noun.startswith(_SILENT_H) else 'a'} {noun}"


def number_word(number: int) -> str:
    """Zero to twenty in letters, then digits."""
    return _NUMBERS[number] if 0 <= number < len(_NUMBERS) else str(number)


def count_word(number: int) -> str:
    """Once, twice, three times."""
    return {1: "once", 2: "twice"}.get(number, f"{number_word(number)} times")


def word_set(text: str) -> frozenset[str]:
    """The words of a text."""
    return frozenset(text.split())
