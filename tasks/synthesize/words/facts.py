"""What a deed offers to a sentence: conditions that choose phrases, and words that fill them."""

from __future__ import annotations

import functools
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from tasks.synthesize.words.inflect import count_word, number_word, with_article, word_set
from tasks.synthesize.words.persons import bare_noun, definite

if TYPE_CHECKING:
    import numpy as np

    from tasks.synthesize.engine.take import Deed
    from tasks.synthesize.words.persons import Subject

__all__ = ["CONDITIONS", "Facts", "facts_of", "slot_words"]

CONDITIONS: Final = ("style", "dir", "thing", "side", "n", "turn", "partner", "fast", "arc")
"""What a phrase may ask of a deed. n: 0, 1 or + (two and more); turn: slight, quarter, half, full,
more; partner: yes or no; fast: yes or no (a travel on foot); arc: curve, circle or empty."""

_TURNS: Final = ((35.0, "slight"), (125.0, "quarter"), (235.0, "half"), (400.0, "full"))
_CURVE_DEG: Final = (50.0, 300.0)
"""A path that turns by this much is a curve, and a circle."""
_MASS: Final = word_set(
    "salad pasta soup cereal food rice bread fruit water coffee tea juice cake pizza luggage"
    " paper popcorn noodles wine beer milk money gold"
) | {"ice cream"}
_PLURAL: Final = word_set("keys groceries books flowers weights noodles papers")
_DIRECTIONS: Final = {
    "forward": ("forward", "forward", "forwards", "ahead"),
    "backward": ("backward", "backwards"),
    "left": ("to the left", "to {his} left", "leftwards"),
    "right": ("to the right", "to {his} right", "rightwards"),
    "up": ("up",),
    "down": ("down",),
    "around": ("around",),
}
_LIMBS: Final = (("hand", "hands"), ("arm", "arms"), ("foot", "feet"), ("leg", "legs"))
_IN_TURN: Final = frozenset({"kick", "punch", "march"})
"""Both sides are used one after the other."""
_SIDES: Final = frozenset({"left", "right"})
_FAST_MPS: Final = 4.2
"""From here a run is a fast one."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Facts:
    """A deed as phrases see it."""

    deed: Deed
    keys: dict[str, str]
    """Values by CONDITIONS."""
    partner: str
    """Noun phrase of the other, or empty."""


def _turn_size(angle_deg: float) -> str:
    size = abs(angle_deg)
    return next((name for limit, name in _TURNS if size < limit), "more") if size > 1.0 else ""


def _arc(deed: Deed) -> str:
    size = abs(deed.angle_deg)
    if deed.action == "turn" or size < _CURVE_DEG[0]:
        return ""
    return "circle" if size >= _CURVE_DEG[1] else "curve"


def facts_of(deed: Deed, *, partner: str = "") -> Facts:
    """Facts of a deed.

    Args:
        deed: What was done.
        partner: Noun phrase of the other actor; empty: "another person" where one is needed.
    """
    number = "+" if deed.count > 1 else str(deed.count)
    direction = deed.direction
    if deed.action == "turn" or _arc(deed):
        direction = "left" if deed.angle_deg > 0 else "right" if deed.angle_deg < 0 else direction
    keys = {
        "style": deed.style.replace(" ", "_"),
        "dir": direction,
        "thing": deed.thing,
        "side": deed.side,
        "n": number,
        "turn": _turn_size(deed.angle_deg) if deed.action == "turn" else "",
        "partner": "yes" if deed.partner is not None else "no",
        "fast": "yes" if deed.speed_mps > _FAST_MPS else "no",
        "arc": _arc(deed),
    }
    return Facts(deed=deed, keys=keys, partner=partner)


def _some(thing: str) -> str:
    if thing in _PLURAL:
        return f"some {thing}"
    return f"some {thing}" if thing in _MASS else with_article(thing)


def _limb(side: str, words: tuple[str, str], his: str, pick: int, *, together: bool) -> str:
    limb, plural = words
    if not side:
        return ""
    if side == "both":
        return f"with both {plural}" if together else f"with alternating {plural}"
    if side in {"left", "right"}:
        return f"with {'the' if pick else his} {side} {limb}"
    return ""


def _other(partner: str, subject: Subject) -> str:
    """The partner's noun; somebody of the same name is another one."""
    if partner in {"", "a person", "someone", "somebody"}:
        return "another person"
    first, _, rest = partner.partition(" ")
    told_apart = first not in {"a", "an"} or rest.startswith(("second ", "third "))
    if told_apart:
        return partner
    if bare_noun(partner).split()[-1] == bare_noun(subject.text).split()[-1]:
        return f"another {bare_noun(partner)}"
    return partner


def slot_words(
    facts: Facts, subject: Subject, rng: np.random.Generator, *, short: bool = False
) -> dict[str, str | None]:
    """Words for every slot of a phrase; None where the deed has none, so the phrase is no choice.

    Args:
        facts: Of the deed.
        subject: Who does it.
        rng: Chooses among equal words.
        short: Leave out what a phrase can do without.
    """
    deed, direction = facts.deed, facts.keys["dir"]
    pick = int(rng.random() * 16)
    words = _thing_words(deed.thing) | _count_words(deed.count)
    words |= _limb_words(
        deed.side if not short else "",
        subject.his,
        pick >> 3,
        together=deed.action not in _IN_TURN,
    )
    ways = _DIRECTIONS.get(direction, ("",))
    words["dir"] = "" if short else ways[pick % len(ways)].replace("{his}", subject.his)
    words["way"] = ways[0] or None
    words["lr"] = direction if direction in _SIDES else None
    words["side"] = deed.side if deed.side in _SIDES else None
    words["his"], words["himself"] = subject.his, subject.himself
    words["him"], words["he"] = subject.him, subject.he
    words["partner"] = _other(facts.partner, subject)
    return words


@functools.lru_cache(maxsize=512)
def _thing_words(thing: str) -> dict[str, str | None]:
    """Slots about what is handled; never edited."""
    if not thing:
        return {"thing": None, "some": None, "the": None}
    some = _some(thing)
    return {
        "thing": some,
        "some": thing if thing in _MASS else some,
        "the": definite(with_article(thing)),
    }


@functools.lru_cache(maxsize=64)
def _count_words(count: int) -> dict[str, str | None]:
    """Slots about how often; never edited."""
    if count <= 1:
        return {"count": "", "n": None}
    return {"count": count_word(count), "n": number_word(count)}


@functools.lru_cache(maxsize=128)
def _limb_words(side: str, his: str, pick: int, *, together: bool) -> dict[str, str | None]:
    """Slots about hands and feet; never edited."""
    return {words[0]: _limb(side, words, his, pick, together=together) for words in _LIMBS}
