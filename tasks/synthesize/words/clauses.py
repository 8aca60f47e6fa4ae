"""From deeds to clauses: what goes on at the same time, and how it is said in one breath."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Final

from tasks.synthesize.words.facts import facts_of, slot_words
from tasks.synthesize.words.inflect import word_set
from tasks.synthesize.words.lexicon import BACKGROUNDS, UPPER, choose_phrase
from tasks.synthesize.words.mannerly import MannerWords
from tasks.synthesize.words.phrase import tidy

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy as np

    from tasks.synthesize.engine.take import Deed
    from tasks.synthesize.words.persons import Subject

__all__ = ["Clause", "Event", "Teller", "events_of"]

_SHARED: Final = 0.5
"""Two deeds go on at the same time if they share this much of the shorter one."""
_MANNERED: Final = word_set("like fast speed little small quick slow")
"""A phrase with one of these says how it is done already."""
_MANY: Final = 7
"""From here on nobody counts every time."""
_SILENT_SHARE: Final = 0.5
_BRIEF_S: Final = 0.8
"""Standing for a shorter time than this is a pause, not worth a word beside other deeds."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Event:
    """A deed, and what is done while it goes on."""

    main: Deed
    others: tuple[Deed, ...] = ()

    @property
    def deeds(self) -> tuple[Deed, ...]:
        """All of them."""
        return (self.main, *self.others)


def _overlap(one: Deed, other: Deed) -> float:
    shared = min(one.end_s, other.end_s) - max(one.start_s, other.start_s)
    return shared / max(min(one.end_s - one.start_s, other.end_s - other.start_s), 1e-6)


def _hosts(main: Deed, other: Deed) -> bool:
    together = main.action in BACKGROUNDS and other.action in UPPER and other.action != main.action
    return together and _overlap(main, other) >= _SHARED


def events_of(deeds: Sequence[Deed]) -> tuple[Event, ...]:
    """Deeds in the order in which they begin, with what is done on the way put to its ground.

    Args:
        deeds: Of one actor, in any order. Standing about is left out beside other deeds, unless
            it takes a while.
    """
    told = sorted(deeds, key=lambda deed: (deed.start_s, deed.end_s))
    longest = max((deed.end_s - deed.start_s for deed in told), default=0.0)
    least = max(_BRIEF_S, 0.34 * longest)
    busy = [d for d in told if d.action != "idle" or d.end_s - d.start_s >= least]
    if any(d.action != "idle" for d in told):
        told = [d for d in busy if not _covered(d, told)]
    mains: list[tuple[Deed, list[Deed]]] = []
    grounds = [d for d in told if d.action in BACKGROUNDS]
    placed: dict[int, list[Deed]] = {id(d): [] for d in grounds}
    free = []
    for deed in told:
        host = next((g for g in grounds if g is not deed and _hosts(g, deed)), None)
        if host is None:
            free.append(deed)
        else:
            placed[id(host)].append(deed)
    mains = [(deed, placed.get(id(deed), [])) for deed in free]
    return tuple(Event(main=deed, others=tuple(others)) for deed, others in mains)


def _covered(idle: Deed, deeds: Sequence[Deed]) -> bool:
    """Whether standing is only the ground on which something else is done."""
    if idle.action != "idle":
        return False
    return any(d.action != "idle" and _overlap(idle, d) >= _SHARED for d in deeds)


@dataclass(frozen=True, kw_only=True, slots=True)
class Clause:
    """An event in words, without its subject, in every form that is needed."""

    forms: dict[str, str]
    """By `inflect.FORMS`."""
    counted: bool = False
    """It says how often: "is waving twice" is avoided."""
    long: bool = False
    """It holds a while-clause: nothing more is hung on it."""

    @property
    def third(self) -> str:
        """He walks."""
        return self.forms["third"]

    @property
    def plain(self) -> str:
        """They walk."""
        return self.forms["plain"]

    @property
    def gerund(self) -> str:
        """Walking."""
        return self.forms["gerund"]

    @property
    def past(self) -> str:
        """He walked."""
        return self.forms["past"]


@dataclass(frozen=True, kw_only=True, slots=True)
class Teller:
    """Words one actor's events, with the same subject and manner throughout a caption."""

    subject: Subject
    rng: np.random.Generator
    partners: tuple[str, ...] = ()
    """Nouns of all actors of the scene, by number."""
    short: bool = False
    manner: MannerWords = field(default_factory=MannerWords)

    def verb(self, deed: Deed, *, mannered: bool = False) -> dict[str, str]:
        """One deed as a verb phrase, by form."""
        partner = ""
        if deed.partner is not None and deed.partner < len(self.partners):
            partner = self.partners[deed.partner]
        facts = facts_of(self._as_told(deed), partner=partner)
        slots = slot_words(facts, self.subject, self.rng, short=self.short)
        phrase = choose_phrase(facts, slots, self.rng)
        before, after = "", ""
        if mannered and not _says_manner(phrase.words):
            leads = self.manner.before and self.rng.random() < 0.4
            before, after = (self.manner.before, "") if leads else ("", self.manner.after)
        return phrase.render(slots, before=before, after=after)

    def _as_told(self, deed: Deed) -> Deed:
        """Without its count, if that is large, or only of the steps of a turn."""
        silent = deed.count >= _MANY or (deed.action == "turn" and deed.count > 0)
        return replace(deed, count=0) if silent and self.rng.random() < _SILENT_SHARE else deed

    def clauses(self, events: Sequence[Event]) -> list[Clause]:
        """All events; the manner is told with the first one."""
        told = [self.clause(event, mannered=number == 0) for number, event in enumerate(events)]
        for number in range(1, len(told)):
            if told[number].third == told[number - 1].third:
                forms = {name: f"{text} again" for name, text in told[number].forms.items()}
                told[number] = replace(told[number], forms=forms)
        return told

    def clause(self, event: Event, *, mannered: bool = False) -> Clause:
        """An event as a clause."""
        main = self.verb(event.main, mannered=mannered)
        counted = any(deed.count > 1 for deed in event.deeds)
        if not event.others:
            return Clause(forms=main, counted=counted)
        others = [self.verb(deed) for deed in event.others]
        if len(others) == 1 and event.main.action != "idle" and self.rng.random() < 0.3:
            # the gesture leads: "waves while walking"
            ground = {"gerund": self.verb(event.main)["gerund"]}
            return _while(others[0], [ground], counted=counted)
        return _while(main, others, counted=counted)


def _says_manner(words: tuple[str, ...]) -> bool:
    return any(word.endswith("ly") or word in _MANNERED for word in words)


def _while(main: dict[str, str], others: list[dict[str, str]], *, counted: bool) -> Clause:
    listed = [other["gerund"] for other in others]
    for number in range(1, len(listed)):
        if listed[number] == listed[number - 1]:
            listed[number] += " again"
    rest = listed[0]
    if len(listed) > 1:
        rest = f"{', '.join(listed[:-1])} and then {listed[-1]}"
    words = {form: tidy(f"{text} while {rest}") for form, text in main.items()}
    return Clause(forms=words, counted=counted, long=True)
