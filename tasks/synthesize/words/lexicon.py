"""All verb phrases by action, and the choice among those that are true of a deed."""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING, Final

from tasks.synthesize.words.inflect import word_set
from tasks.synthesize.words.phrase import Phrase, parse_phrases
from tasks.synthesize.words.phrases_daily import DAILY_PHRASES, PAIR_PHRASES
from tasks.synthesize.words.phrases_floor import FLOOR_PHRASES
from tasks.synthesize.words.phrases_gestures import GESTURE_PHRASES
from tasks.synthesize.words.phrases_travel import TRAVEL_PHRASES

if TYPE_CHECKING:
    from collections.abc import Mapping

    import numpy as np

    from tasks.synthesize.words.facts import Facts

__all__ = ["BACKGROUNDS", "MUTUAL", "UPPER", "choose_phrase", "phrases_of"]

_TELLING_SHARE: Final = 0.65
"""Share of choices among phrases that tell of a style, where there are any."""

BACKGROUNDS: Final = word_set(
    "idle walk walk_backward sidestep run run_backward sprint march skip hop limp stagger turn "
    "sit crouch kneel lie_down crawl climb swim fly carry dribble"
)
"""What goes on while something else is done."""

UPPER: Final = word_set(
    "wave point clap salute celebrate nod shake_head cross_arms stretch look_around talk shout "
    "whisper sing laugh cry eat drink read type phone_call throw catch carry"
)
"""What can be done on the way."""

MUTUAL: Final = frozenset({"handshake", "hug", "high_five", "fight"})
"""Two people do these to each other."""


@functools.cache
def _all_phrases() -> dict[str, tuple[Phrase, ...]]:
    tables = (TRAVEL_PHRASES, FLOOR_PHRASES, GESTURE_PHRASES, DAILY_PHRASES, PAIR_PHRASES)
    return {action: rows for table in tables for action, rows in parse_phrases(table).items()}


def phrases_of(action: str) -> tuple[Phrase, ...]:
    """Phrases of an action.

    Raises:
        ValueError: If there are none.
    """
    found = _all_phrases().get(action)
    if not found:
        msg = f"expected an action that has phrases, got {action!r}"
        raise ValueError(msg)
    return found


@functools.lru_cache(maxsize=4096)
def _fitting(
    action: str, keys: tuple[tuple[str, str], ...], lacking: tuple[str, ...]
) -> tuple[tuple[Phrase, ...], tuple[Phrase, ...]]:
    """Phrases that are true of such deeds; and those of them that tell of a style."""
    known = dict(keys)
    found = tuple(phrase for phrase in phrases_of(action) if phrase.fits(known, lacking))
    fitting = tuple(phrase for phrase in found if not phrase.spare) or found
    return fitting, tuple(phrase for phrase in fitting if phrase.telling)


def choose_phrase(
    facts: Facts, slots: Mapping[str, str | None], rng: np.random.Generator
) -> Phrase:
    """One of the phrases that are true of a deed.

    Raises:
        ValueError: If none is.
    """
    lacking = tuple(name for name, words in slots.items() if words is None)
    fitting, telling = _fitting(facts.deed.action, tuple(facts.keys.items()), lacking)
    if not fitting:
        msg = f"no phrase is true of {facts.deed}"
        raise ValueError(msg)
    chance, pick = rng.random(), rng.random()
    chosen = telling if telling and chance < _TELLING_SHARE else fitting
    return chosen[int(pick * len(chosen))]
