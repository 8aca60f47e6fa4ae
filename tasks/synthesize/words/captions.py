"""Captions of what one actor did."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Final

from tasks.synthesize.engine.manner import Manner
from tasks.synthesize.words.clauses import Clause, Event, Teller, events_of
from tasks.synthesize.words.mannerly import MannerWords, PlaceWords, manner_words, place_words
from tasks.synthesize.words.persons import subject_of
from tasks.synthesize.words.sentences import TENSES, Telling, finish, tell

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy as np

    from tasks.synthesize.engine.setting import Setting
    from tasks.synthesize.engine.take import Deed

__all__ = ["Captions", "describe"]

_NUM_CAPTIONS: Final = (3, 6)
_TRIES: Final = 4
"""Attempts a caption, until it differs from the others."""
_SHORT_SHARE: Final = 0.3
_MANNER_SHARE: Final = 0.75
_PLACE_SHARE: Final = 0.6


@dataclass(frozen=True, kw_only=True, slots=True)
class Captions:
    """What is said of one actor."""

    whole: tuple[str, ...]
    """Distinct captions of all that is done."""
    parts: tuple[str, ...]
    """One a deed, in the order of the deeds."""


@dataclass(frozen=True, kw_only=True, slots=True)
class _Story:
    """All that captions of one actor are made of."""

    events: tuple[Event, ...]
    actions: tuple[str, ...]
    manner: Manner
    place: PlaceWords
    noun: str
    partners: tuple[str, ...] = field(default=())


def describe(
    deeds: Sequence[Deed],
    manner: Manner,
    setting: Setting,
    *,
    noun: str,
    rng: np.random.Generator,
    partners: Sequence[str] = (),
) -> Captions:
    """Captions of one actor.

    Args:
        deeds: What was done, at least one, in any order.
        manner: In what manner.
        setting: Where.
        noun: How to call the actor: "a person", "a man", "the robber".
        rng: Chooses the words.
        partners: Nouns of all actors of the scene, by their number.

    Returns:
        Three to six captions of the whole, fewer only where words run out, and one of each deed.

    Raises:
        ValueError: If there is no deed, or one of an action without words.
    """
    if not deeds:
        msg = "expected at least one deed to describe, got none"
        raise ValueError(msg)
    events = events_of(deeds)
    story = _Story(
        events=events,
        actions=tuple(deed.action for event in events for deed in event.deeds),
        manner=manner,
        place=place_words(setting),
        noun=noun,
        partners=tuple(partners),
    )
    sentence = bool(rng.uniform() < 0.5)
    wanted = int(rng.integers(_NUM_CAPTIONS[0], _NUM_CAPTIONS[1] + 1))
    found: dict[str, None] = {}
    for number in range(wanted * _TRIES):
        if len(found) == wanted:
            break
        found.setdefault(_caption(story, rng, sentence=sentence, plain=number == 0))
    return Captions(whole=tuple(found), parts=_parts(deeds, story, rng, sentence=sentence))


def _caption(story: _Story, rng: np.random.Generator, *, sentence: bool, plain: bool) -> str:
    chance = rng.random(5).tolist()
    short = not plain and bool(chance[0] < _SHORT_SHARE)
    mannered = not short and bool(chance[1] < _MANNER_SHARE)
    words, noun = manner_words(story.manner, story.actions, story.noun, rng)
    if not mannered:
        words = MannerWords()
    subject = subject_of(noun, rng, adjective=words.adjective)
    place = story.place if not short and chance[2] < _PLACE_SHARE else PlaceWords()
    teller = Teller(subject=subject, rng=rng, partners=story.partners, short=short, manner=words)
    clauses = teller.clauses(story.events)
    tense = "simple" if plain else _tense(clauses, float(chance[3]))
    telling = Telling(subject=subject, tense=tense, place=place, place_first=bool(chance[4] < 0.35))
    return finish(tell(clauses, telling, rng), sentence=sentence)


def _tense(clauses: Sequence[Clause], chance: float) -> str:
    tense = TENSES[int(chance * len(TENSES))]
    counted = any(clause.counted for clause in clauses)
    if tense == "continuous" and (counted or len(clauses) > 2):
        return "simple"
    return "past" if tense == "participle" and len(clauses) > 2 else tense


def _parts(
    deeds: Sequence[Deed], story: _Story, rng: np.random.Generator, *, sentence: bool
) -> tuple[str, ...]:
    subject = subject_of(story.noun, rng)
    subject = replace(subject, text=story.noun)
    teller = Teller(subject=subject, rng=rng, partners=story.partners)
    return tuple(
        finish(f"{subject.text} {teller.verb(deed)['third']}", sentence=sentence) for deed in deeds
    )
