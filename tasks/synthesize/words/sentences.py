"""Order, tense and person: clauses of one actor joined to a sentence or two."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from tasks.synthesize.words.phrase import tidy

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy as np

    from tasks.synthesize.words.clauses import Clause
    from tasks.synthesize.words.mannerly import PlaceWords
    from tasks.synthesize.words.persons import Subject

__all__ = ["TENSES", "Telling", "finish", "tell"]

TENSES: Final = ("simple", "simple", "simple", "continuous", "past", "participle")


@dataclass(frozen=True, kw_only=True, slots=True)
class Telling:
    """How a caption is told."""

    subject: Subject
    tense: str
    """A word of TENSES."""
    place: PlaceWords
    place_first: bool = False


def finish(text: str, *, sentence: bool) -> str:
    """Tidied, with its full stop; sentences begin with a capital, others with a small letter."""
    clean = tidy(text).rstrip(".,") + "."
    if not sentence:
        return clean
    parts = clean.split(". ")
    return ". ".join(part[:1].upper() + part[1:] for part in parts)


def tell(clauses: Sequence[Clause], telling: Telling, rng: np.random.Generator) -> str:
    """One caption, not yet finished.

    Args:
        clauses: At least one, in order of time.
        telling: Subject, tense, place.
        rng: Chooses among ways to join.
    """
    if len(clauses) == 1:
        text = _one(clauses[0], telling)
    elif len(clauses) == 2:
        text = _two(clauses[0], clauses[1], telling, int(7 * rng.random()))
    else:
        text = _many(clauses, telling, int(4 * rng.random()))
    return text


def _finite(clause: Clause, telling: Telling) -> str:
    """With a finite verb for the noun: walks, is walking, walked; participle: walking."""
    tense = telling.tense
    if tense == "continuous":
        return f"is {clause.gerund}"
    return {"past": clause.past, "participle": clause.gerund}.get(tense, clause.third)


def _pronoun(clause: Clause, telling: Telling) -> str:
    """Pronoun and verb of a later clause."""
    subject = telling.subject
    if telling.tense == "past":
        return f"{subject.he} {clause.past}"
    verb = clause.plain if subject.plural_pronoun else clause.third
    return f"{subject.he} {verb}"


def _placed(first: str, telling: Telling) -> str:
    """Subject and first clause, with the place where it belongs."""
    subject, place = telling.subject.text, telling.place.text
    if not place:
        return f"{subject} {first}"
    if telling.place_first and telling.place.opens and telling.tense != "participle":
        return f"{place}, {subject} {first}"
    return f"{subject} {first} {place}"


def _one(clause: Clause, telling: Telling) -> str:
    if clause.long and telling.place.opens and telling.tense != "participle":
        # behind a while-clause a place would belong to the wrong verb
        head, _, rest = _finite(clause, telling).partition(" while ")
        place = telling.place.text
        if telling.place_first:
            return f"{place}, {telling.subject.text} {head} while {rest}"
        return f"{telling.subject.text} {head} {place} while {rest}"
    return _placed(_finite(clause, telling), telling)


def _two(one: Clause, two: Clause, telling: Telling, way: int) -> str:
    first = _placed(_finite(one, telling), telling)
    later = _finite(two, telling)
    if telling.tense == "continuous":
        later = two.gerund
    if telling.tense in {"participle", "continuous"} or one.long or two.long:
        return f"{first}{', then' if way % 2 else ' and then'} {later}"
    subject = telling.subject
    texts = (
        f"{first}, then {later}",
        f"{first} and then {later}",
        f"{first} before {two.gerund}",
        f"after {one.gerund}, {_placed(later, replace(telling, place_first=False))}",
        f"{first}. then {_pronoun(two, telling)}",
        f"first {_placed(_finite(one, telling), telling)}, then {_pronoun(two, telling)}",
        f"{first}, and after that {_pronoun(two, telling)}",
    )
    if way == 5 and telling.place_first and telling.place.text:
        way = 1
    if way == 3 and subject.text in {"someone", "somebody"}:
        way = 0
    return texts[way]


def _many(clauses: Sequence[Clause], telling: Telling, way: int) -> str:
    opening = replace(telling, place_first=False) if way == 3 else telling
    first = _placed(_finite(clauses[0], telling), opening)
    bare = telling.tense in {"participle", "continuous"}
    rest = [c.gerund if bare else _finite(c, telling) for c in clauses[1:]]
    middle, last = rest[:-1], rest[-1]
    if way == 0:
        return f"{first}, {', '.join(middle)} and then {last}"
    if way == 1:
        return f"{first}, then {', then '.join(middle)}, and finally {last}"
    if bare:
        return f"{first}, then {', '.join(middle)} and finally {last}"
    told = [_pronoun(clause, telling) for clause in clauses[1:]]
    if way == 2:
        steps = [f"then {text}" for text in told[:-1]]
        return ". ".join([first, *steps, f"finally {told[-1]}"])
    steps = [f"after that {text}" for text in told[:1]] + [f"then {text}" for text in told[1:-1]]
    return f"first {first}, " + ", ".join([*steps, f"and finally {told[-1]}"])
