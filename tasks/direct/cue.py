"""What a sentence asks of the engine: actions in their order, and how they are done."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final

from datasets_spec.errors import StickgenError
from tasks.label.lexicon import BREAK, JOINERS, split_words
from tasks.label.matcher import MAX_MATCH_CHARS, told_actions
from tasks.synthesize.actions.registry import action_spec
from tasks.synthesize.people.styles import STYLES
from tasks.synthesize.scenes.chain import ALONE
from tasks.synthesize.story.stage import MANNERS, changed_manner

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tasks.synthesize.engine.manner import Manner
    from tasks.synthesize.engine.take import ActionSpec

__all__ = ["Cue", "DirectionError", "manner_of", "read_cues", "words_age"]

_SIDES: Final = {"left": 0, "right": 1}
_LIMBS: Final = frozenset({"arm", "hand", "leg", "foot", "fist", "knee"})
_COUNTS: Final = {"once": 1, "twice": 2, "thrice": 3} | {
    word: number
    for number, word in enumerate(("two", "three", "four", "five", "six", "seven", "eight"), 2)
}
_TIMES: Final = frozenset({"times", "jumps", "hops", "steps", "kicks", "punches", "waves", "bows"})
_AGES: Final = {
    **dict.fromkeys(("child", "kid", "boy", "girl", "toddler"), "child"),
    **dict.fromkeys(("old", "elderly", "grandpa", "grandma", "grandfather", "grandmother"), "old"),
}
_MOODS: Final = {
    **dict.fromkeys(("happy", "happily", "joyfully", "cheerful"), "happy"),
    **dict.fromkeys(("sad", "sadly", "crying"), "sad"),
    **dict.fromkeys(("angry", "angrily", "furious", "furiously"), "angry"),
    **dict.fromkeys(("surprised",), "surprised"),
    **dict.fromkeys(("excited", "excitedly"), "excited"),
}
_WHILE: Final = frozenset({"while", "as"})


class DirectionError(StickgenError):
    """A sentence that the engine cannot play."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Cue:
    """One action that is asked for.

    Attributes:
        action: A word of the vocabulary.
        wishes: Fields of the beat that the words decide.
        during: Whether it is done during the action before ("walks while waving").
    """

    action: str
    wishes: dict[str, Any]
    during: bool = False


def read_cues(text: str) -> tuple[Cue, ...]:
    """Actions of a sentence in the order in which they are told.

    Raises:
        DirectionError: If it names no action, or one that cannot stand beside others.
    """
    words = split_words(text[:MAX_MATCH_CHARS])
    told = told_actions(text)
    if not told:
        shown = " ".join(text.split())[:80]
        msg = (
            f"expected a sentence that names something the engine can play (walk, wave, sit down, "
            f"dance ...), got {shown!r}; name an action, or use a trained model"
        )
        raise DirectionError(msg)
    cues: list[Cue] = []
    for action, start in told:
        if cues and cues[-1].action == action:
            continue
        spec = action_spec(action)
        clause = _clause(words, start)
        during = bool(cues) and spec.kind == "upper" and not _WHILE.isdisjoint(clause[:3])
        cues.append(Cue(action=action, wishes=_wishes(spec, clause), during=during))
    lonely = sorted(ALONE & {cue.action for cue in cues})
    if lonely and len(cues) > 1:
        msg = (
            f"expected {lonely[0]} alone, since it needs a place of its own, got "
            f"{', '.join(cue.action for cue in cues)}; make a clip of each"
        )
        raise DirectionError(msg)
    return tuple(cues)


def manner_of(text: str, manner: Manner) -> Manner:
    """A manner as the words have it: slowly, angrily, like a zombie.

    Args:
        text: The sentence.
        manner: Of the person.
    """
    words = split_words(text[:MAX_MATCH_CHARS])
    plain = " ".join(words)
    for word in words:
        if word in MANNERS:
            manner = changed_manner(manner, MANNERS[word])
            break
    mood = next((_MOODS[word] for word in words if word in _MOODS), manner.mood)
    style = next(
        (
            name
            for name, spec in STYLES.items()
            if name in words or any(phrase in plain for phrase in spec.phrases)
        ),
        manner.style,
    )
    return replace(manner, mood=mood, style=style)


def words_age(text: str) -> str:
    """child, adult or old."""
    words = split_words(text[:MAX_MATCH_CHARS])
    return next((_AGES[word] for word in words if word in _AGES), "adult")


def _clause(words: Sequence[str], start: int) -> list[str]:
    """The words around a place up to the next joint of the sentence, the joint before included."""
    first = start
    while first > 0 and words[first] != BREAK and words[first] not in JOINERS:
        first -= 1
    last = start + 1
    while last < len(words) and words[last] != BREAK and words[last] not in JOINERS:
        last += 1
    return list(words[first:last])


def _wishes(spec: ActionSpec, clause: Sequence[str]) -> dict[str, Any]:
    """Side, style, direction, thing and count, as far as the action offers what is said."""
    wishes: dict[str, Any] = {}
    said = " ".join(clause)
    if spec.sided and not _LIMBS.isdisjoint(clause):
        sides = [side for word, side in _SIDES.items() if word in clause]
        if len(sides) == 1:
            wishes["side"] = sides[0]
    for name, offered in (
        ("style", spec.styles),
        ("direction", spec.directions),
        ("thing", spec.things),
    ):
        fitting = [one for one in offered if f" {one.replace('_', ' ')} " in f" {said} "]
        if fitting and not (name == "direction" and "side" in wishes):
            wishes[name] = max(fitting, key=len)
    count = _count(clause)
    if spec.counts and count:
        wishes["count"] = min(max(count, spec.counts[0]), spec.counts[1])
    return wishes


def _count(clause: Sequence[str]) -> int:
    """How often, where it is said: twice, three times, five jumps."""
    for number, word in enumerate(clause):
        if word in ("once", "twice", "thrice"):
            return _COUNTS[word]
        after = clause[number + 1] if number + 1 < len(clause) else ""
        if after in _TIMES and (word in _COUNTS or word.isdigit()):
            return _COUNTS.get(word) or min(int(word[:3]), 100)
    return 0
