"""A company of people: each has one body, one name and one way of moving in all of its clips."""

from __future__ import annotations

import functools
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

import numpy as np

from datasets_spec.vocabulary import EXPRESSIONS
from tasks.synthesize.people.person import random_body, random_manner
from tasks.synthesize.people.styles import STYLES

if TYPE_CHECKING:
    from tasks.synthesize.engine.body import Body
    from tasks.synthesize.engine.manner import Manner

__all__ = ["Person", "cast_person", "manner_today"]

_AGE_SHARES: Final = {"adult": 0.76, "old": 0.12, "child": 0.12}
_NOUNS: Final = {
    ("adult", "m"): ("a man", "a person", "someone", "a guy"),
    ("adult", "f"): ("a woman", "a person", "someone", "a lady"),
    ("old", "m"): ("an old man", "an elderly man", "a person", "an old person"),
    ("old", "f"): ("an old woman", "an elderly woman", "a person", "an old person"),
    ("child", "m"): ("a boy", "a child", "a kid", "a person"),
    ("child", "f"): ("a girl", "a child", "a kid", "a person"),
}
_MOOD_SHARE: Final = 0.35
"""Share of clips with a mood other than neutral."""

_MOOD_OF: Final = {"depressed": "sad", "elated": "happy"}
"""Moods that belong to a style; the others are worn with a neutral face."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Person:
    """One member of the company."""

    subject: str
    body: Body
    manner: Manner
    """As the person usually moves."""
    nouns: tuple[str, ...]
    """How captions may call the person."""


@functools.lru_cache(maxsize=4096)
def cast_person(seed: int, number: int) -> Person:
    """The person of a number; always the same for a seed.

    Args:
        seed: Of the whole build.
        number: 0, 1, 2, ...
    """
    rng = np.random.default_rng((seed, 7001, number))
    age = str(rng.choice(list(_AGE_SHARES), p=list(_AGE_SHARES.values())))
    gender = "m" if rng.uniform() < 0.5 else "f"
    return Person(
        subject=f"p{number:05d}",
        body=random_body(rng, age=age),
        manner=random_manner(rng, age=age),
        nouns=_NOUNS[age, gender],
    )


def manner_today(
    person: Person, rng: np.random.Generator, *, style_share: float = 0.0, mood: str | None = None
) -> Manner:
    """The person's manner in one clip: a tempo, an energy and a mood of the day around its own.

    Args:
        person: Who.
        rng: Of the clip.
        style_share: Chance of a style word.
        mood: A word of `vocabulary.EXPRESSIONS`; None: mostly neutral.
    """
    chance = rng.uniform(size=6)
    moods = EXPRESSIONS[1:]
    other = moods[int(chance[1] * len(moods))] if chance[0] < _MOOD_SHARE else "neutral"
    styles = list(STYLES)
    style = styles[int(chance[5] / style_share * len(styles))] if chance[5] < style_share else ""
    if style:
        # a style says enough: nobody is dejected and full of joy
        other = _MOOD_OF.get(style, "neutral")
    own = person.manner
    return replace(
        own,
        tempo=float(np.clip(own.tempo * (0.86 + 0.28 * chance[2]), 0.65, 1.45)),
        amplitude=float(np.clip(own.amplitude * (0.88 + 0.24 * chance[3]), 0.65, 1.4)),
        energy=float(np.clip(own.energy + 0.5 * (chance[4] - 0.5), 0.0, 1.0)),
        mood=other if mood is None else mood,
        style=style,
    )
