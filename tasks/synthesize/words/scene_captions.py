"""Captions of scenes of two or three actors, and of each actor within them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from tasks.synthesize.words.captions import Captions, describe
from tasks.synthesize.words.clauses import Event, Teller, events_of
from tasks.synthesize.words.inflect import inflect, number_word
from tasks.synthesize.words.lexicon import MUTUAL
from tasks.synthesize.words.mannerly import place_words
from tasks.synthesize.words.meeting_phrases import meeting_phrase
from tasks.synthesize.words.persons import Subject, bare_noun, definite, subject_of
from tasks.synthesize.words.phrase import tidy
from tasks.synthesize.words.sentences import finish

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy as np

    from tasks.synthesize.engine.manner import Manner
    from tasks.synthesize.engine.setting import Setting
    from tasks.synthesize.engine.take import Deed
    from tasks.synthesize.scenes.plan import Meeting

__all__ = ["Role", "SceneCaptions", "describe_scene"]

_NUM_CAPTIONS: Final = (3, 5)
_TRIES: Final = 4
_MAX_EVENTS: Final = 4
"""More would make a caption nobody would write; the parts of each actor tell all."""
_PLURALS: Final = {"person": "people", "man": "men", "woman": "women", "child": "children"}
_NOBODY: Final = frozenset({"someone", "somebody"})
_SAME_TIME: Final = 0.5
"""Two events happen together if they share this much of the shorter one."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Role:
    """One actor of a scene."""

    deeds: tuple[Deed, ...]
    manner: Manner
    noun: str


@dataclass(frozen=True, kw_only=True, slots=True)
class SceneCaptions:
    """What is said of a scene."""

    scene: tuple[str, ...]
    """Distinct captions of all actors together."""
    actors: tuple[Captions, ...]
    """Of each actor, in the order of the roles."""


@dataclass(frozen=True, kw_only=True, slots=True)
class _Moment:
    """Something of a scene: who, and what."""

    who: tuple[int, ...]
    event: Event
    meeting: Meeting | None = None

    @property
    def start_s(self) -> float:
        return self.event.main.start_s if self.meeting is None else self.meeting.start_s


def describe_scene(
    roles: Sequence[Role],
    setting: Setting,
    *,
    rng: np.random.Generator,
    meetings: Sequence[Meeting] = (),
) -> SceneCaptions:
    """Captions of a scene.

    Args:
        roles: Actors by number, each with at least one deed.
        setting: Where.
        rng: Chooses the words.
        meetings: What the actors do together, as planned; those whose kind has words of its own
            (chase, follow, pass an object) are told with them.

    Returns:
        Captions of all together (as of one, if there is one), and of each.
    """
    nouns = tuple(role.noun for role in roles)
    if len(roles) > 1:
        # among several, someone is a person like the others: two someones cannot be told apart
        nouns = tuple("a person" if noun in _NOBODY else noun for noun in nouns)
    own = tuple(
        describe(role.deeds, role.manner, setting, noun=noun, rng=rng, partners=nouns)
        for role, noun in zip(roles, nouns, strict=True)
    )
    if len(roles) == 1:
        return SceneCaptions(scene=own[0].whole, actors=own)
    moments = _moments(roles, meetings)
    sentence = bool(rng.uniform() < 0.5)
    place = place_words(setting)
    wanted = int(rng.integers(_NUM_CAPTIONS[0], _NUM_CAPTIONS[1] + 1))
    found: dict[str, None] = {}
    for _ in range(wanted * _TRIES):
        if len(found) == wanted:
            break
        text = _Narrator(nouns=nouns, rng=rng, past=rng.uniform() < 0.25).tell(moments)
        if place.opens and rng.uniform() < 0.5:
            text = f"{place.text}, {text}"
        found.setdefault(finish(text, sentence=sentence))
    return SceneCaptions(scene=tuple(found), actors=own)


def _moments(roles: Sequence[Role], meetings: Sequence[Meeting]) -> list[_Moment]:
    told = [m for m in meetings if meeting_phrase(m.kind) is not None]
    moments = [
        _Moment(who=m.actors, event=Event(main=roles[m.actors[0]].deeds[0]), meeting=m)
        for m in told
    ]
    for number, role in enumerate(roles):
        for event in events_of(role.deeds):
            if not any(_inside(event.main, m) for m in told if number in m.actors):
                _add(moments, number, event)
    moments.sort(key=lambda moment: (moment.start_s, moment.who))
    kept = [m for m in moments if m.event.main.action != "idle" or m.meeting is not None]
    return (kept or moments)[:_MAX_EVENTS]


def _inside(deed: Deed, meeting: Meeting) -> bool:
    shared = min(deed.end_s, meeting.end_s) - max(deed.start_s, meeting.start_s)
    return shared >= _SAME_TIME * min(deed.end_s - deed.start_s, meeting.end_s - meeting.start_s)


def _add(moments: list[_Moment], number: int, event: Event) -> None:
    """Add an event, or join it to the same one of others at the same time."""
    main = event.main
    for place, other in enumerate(moments):
        if (
            other.meeting is not None
            or number in other.who
            or other.event.main.action != main.action
        ):
            continue
        one = other.event.main
        shared = min(one.end_s, main.end_s) - max(one.start_s, main.start_s)
        together = shared >= _SAME_TIME * min(one.end_s - one.start_s, main.end_s - main.start_s)
        if together and (main.action in MUTUAL or _alike(other.event, event)):
            moments[place] = _Moment(who=(*other.who, number), event=other.event)
            return
    moments.append(_Moment(who=(number,), event=event))


def _alike(one: Event, other: Event) -> bool:
    facts = [
        (d.count, d.thing, d.style, d.side, d.direction, d.partner is None)
        for d in (one.main, other.main)
    ]
    return facts[0] == facts[1] and not one.others and not other.others


@dataclass(kw_only=True, slots=True)
class _Narrator:
    """Tells the moments of a scene in one caption."""

    nouns: tuple[str, ...]
    rng: np.random.Generator
    past: bool
    called: dict[int, str] = field(default_factory=dict)
    """Names given so far: those of one noun are told apart in the order of their entry."""

    def tell(self, moments: Sequence[_Moment]) -> str:
        """One caption, not yet finished."""
        seen: set[int] = set()
        parts = []
        before: tuple[int, ...] = ()
        for moment in moments:
            parts.append(self._clause(moment, seen, same=moment.who == before))
            seen.update(moment.who)
            before = moment.who
        text = parts[0]
        for number, (moment, part) in enumerate(zip(moments[1:], parts[1:], strict=True), 1):
            text += self._join(moments[number - 1], moment, last=number == len(parts) - 1) + part
        return tidy(text)

    def _join(self, before: _Moment, after: _Moment, *, last: bool) -> str:
        shared = min(before.event.main.end_s, after.event.main.end_s) - after.start_s
        length = after.event.main.end_s - after.start_s
        same_time = shared > _SAME_TIME * max(length, 1e-6)
        apart = not set(before.who) & set(after.who)
        if same_time and apart and before.meeting is None:
            return " while "
        return " and then " if last and self.rng.uniform() < 0.4 else ", then "

    def _name(self, who: int, seen: set[int]) -> str:
        if who not in self.called:
            self.called[who] = self._first_name(who)
        name = self.called[who]
        if who not in seen:
            return name
        first, _, rest = name.partition(" ")
        again = {"one": f"the first {rest}", "another": f"the other {rest}"}
        return again.get(first, definite(name))

    def _first_name(self, who: int) -> str:
        heads = [bare_noun(noun) for noun in self.nouns]
        head, same = heads[who], heads.count(heads[who])
        before = sum(heads[number] == head for number in self.called)
        if same == 1:
            return self.nouns[who]
        ways = ("one", "another" if same == 2 else "a second", "a third")
        return f"{ways[min(before, 2)]} {head}"

    def _form(self, *, plural: bool) -> str:
        return "past" if self.past else "plain" if plural else "third"

    def _clause(self, moment: _Moment, seen: set[int], *, same: bool) -> str:
        """Subject and verb; who has just been named is not named again."""
        if moment.meeting is not None:
            return self._meeting(moment.meeting, seen)
        if moment.event.main.action in MUTUAL and len(moment.who) == 2:
            return self._mutual(moment, seen)
        group = len(moment.who) > 1
        subject = self._subject(moment.who[0], seen)
        if group:
            subject = Subject(
                text=self._group(moment.who, seen),
                he="they",
                his="their",
                him="them",
                himself="themselves",
            )
        partners = self._partners(moment, seen)
        teller = Teller(subject=subject, rng=self.rng, partners=partners)
        clause = teller.clause(moment.event)
        told = clause.forms[self._form(plural=group)]
        return told if same else f"{subject.text} {told}"

    def _partners(self, moment: _Moment, seen: set[int]) -> tuple[str, ...]:
        """Names by number; only whom the event is with gets a name by it."""
        needed = {deed.partner for deed in moment.event.deeds}
        return tuple(
            self._name(k, {*seen, *moment.who}) if k in needed else noun
            for k, noun in enumerate(self.nouns)
        )

    def _subject(self, who: int, seen: set[int]) -> Subject:
        known = subject_of(self.nouns[who], self.rng)
        return Subject(
            text=self._name(who, seen),
            he=known.he,
            his=known.his,
            him=known.him,
            himself=known.himself,
        )

    def _group(self, who: tuple[int, ...], seen: set[int]) -> str:
        if set(who) <= seen:
            if len(who) == len(self.nouns):
                return "both" if len(who) == 2 else "all of them"
            return " and ".join(self._name(k, seen) for k in who)
        heads = {bare_noun(self.nouns[k]) for k in who}
        if len(heads) == 1 and not seen:
            head = heads.pop()
            *first, noun = head.split()
            plural = _PLURALS.get(noun, noun + ("es" if noun.endswith(("s", "ch", "sh")) else "s"))
            return tidy(f"{number_word(len(who))} {' '.join(first)} {plural}")
        names = [self._name(k, seen) for k in who]
        return f"{', '.join(names[:-1])} and {names[-1]}"

    def _mutual(self, moment: _Moment, seen: set[int]) -> str:
        """Two people do it to each other: "two people shake hands"."""
        ways = {
            "handshake": ("*shake hands", "*shake hands with each other"),
            "hug": ("*hug", "*hug each other", "*embrace each other"),
            "high_five": ("*give each other a high five", "*high-five each other"),
            "fight": ("*fight", "*fight each other", "*fight with each other"),
        }[moment.event.main.action]
        words = ways[int(self.rng.integers(len(ways)))].split()
        form = self._form(plural=True)
        told = " ".join(inflect(w[1:], form) if w.startswith("*") else w for w in words)
        return f"{self._group(_known_first(moment.who, seen), seen)} {told}"

    def _meeting(self, meeting: Meeting, seen: set[int]) -> str:
        phrase = meeting_phrase(meeting.kind)
        assert phrase is not None
        return phrase.render(
            self._form,
            who=lambda place: self._name(meeting.actors[place], seen),
            num_actors=len(meeting.actors),
            group=lambda: self._group(_known_first(meeting.actors, seen), seen),
            thing=meeting.thing,
            rng=self.rng,
        )


def _known_first(who: tuple[int, ...], seen: set[int]) -> tuple[int, ...]:
    return tuple(sorted(who, key=lambda number: (number not in seen, number)))
