"""Forms of English verbs, enough for a lexicon of motion."""

from __future__ import annotations

from typing import Final

__all__ = ["verb_forms"]

_VOWELS: Final = frozenset("aeiou")
_HISSING: Final = ("s", "x", "z", "ch", "sh")

# past and participle forms that the rules below would get wrong
_IRREGULAR: Final[dict[str, tuple[str, ...]]] = {
    "bend": ("bent",),
    "catch": ("caught",),
    "creep": ("crept",),
    "do": ("does", "did", "doing"),
    "draw": ("drew", "drawn"),
    "drink": ("drank",),  # not drunk: that is mostly an adjective
    "eat": ("ate", "eaten"),
    "fall": ("fell", "fallen"),
    "fight": ("fought",),
    "fling": ("flung",),
    "fly": ("flew", "flown"),
    "get": ("got", "gotten"),
    "give": ("gave", "given"),
    "have": ("has", "had"),
    "hit": (),
    "hold": ("held",),
    "keep": ("kept",),
    "kneel": ("knelt", "kneeled"),
    "lay": ("laid",),
    "leap": ("leapt", "leaped"),
    "lie": ("lay", "lain", "lying"),
    "lose": ("lost",),
    "make": ("made",),
    "read": (),
    "rise": ("rose", "risen"),
    "run": ("ran",),
    "shake": ("shook", "shaken"),
    "shoot": ("shot",),
    "sing": ("sang", "sung"),
    "sit": ("sat",),
    "speak": ("spoke", "spoken"),
    "spin": ("spun",),
    "stand": ("stood",),
    "stride": ("strode",),
    "swim": ("swam", "swum"),
    "swing": ("swung",),
    "take": ("took", "taken"),
    "tell": ("told",),
    "throw": ("threw", "thrown"),
    "weep": ("wept",),
}


def _doubles(verb: str) -> bool:
    """Whether the last consonant doubles: one syllable that ends consonant, vowel, consonant."""
    if len(verb) < 3 or verb[-1] in _VOWELS or verb[-1] in "wxy":
        return False
    verb = verb.replace("qu", "q")  # "squat": the u is no vowel
    syllables = sum(
        char in _VOWELS and (at == 0 or verb[at - 1] not in _VOWELS) for at, char in enumerate(verb)
    )
    return syllables == 1 and verb[-2] in _VOWELS and verb[-3] not in _VOWELS


def verb_forms(verb: str) -> frozenset[str]:
    """All forms of a verb: base, third person, -ing, past, participle.

    Args:
        verb: Base form, lower case.
    """
    past: tuple[str, ...]
    if verb.endswith("ie"):
        third, gerund, past = verb + "s", verb[:-2] + "ying", (verb + "d",)
    elif verb.endswith("e"):
        base = verb if verb.endswith("ee") else verb[:-1]
        third, gerund, past = verb + "s", base + "ing", (verb + "d",)
    elif verb.endswith("y") and verb[-2] not in _VOWELS:
        third, gerund, past = verb[:-1] + "ies", verb + "ing", (verb[:-1] + "ied",)
    else:
        stem = verb + verb[-1] if _doubles(verb) else verb
        third = verb + ("es" if verb.endswith(_HISSING) else "s")
        gerund, past = stem + "ing", (stem + "ed",)
    return frozenset({verb, third, gerund, *_IRREGULAR.get(verb, past)})
