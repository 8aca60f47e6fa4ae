"""What is said of meetings that no word for an action names: following, chasing, handing over."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from tasks.synthesize.words.inflect import inflect, with_article
from tasks.synthesize.words.phrase import tidy

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Protocol

    import numpy as np

    class _Form(Protocol):
        def __call__(self, *, plural: bool) -> str: ...


__all__ = ["MeetingPhrase", "meeting_phrase"]

_SLOT: Final = re.compile(r"\{(\w+)\}")
_VERB: Final = re.compile(r"\*(\w+)")


@dataclass(frozen=True, kw_only=True, slots=True)
class MeetingPhrase:
    """Ways of telling a meeting. {a}, {b}: the first and the next actor; {all}: all of them."""

    ways: tuple[str, ...]
    """Verbs have a star; they agree with {all} where a way begins with it."""

    def render(
        self,
        form: _Form,
        *,
        who: Callable[[int], str],
        num_actors: int,
        group: Callable[[], str],
        thing: str,
        rng: np.random.Generator,
    ) -> str:
        """One way, in words.

        Args:
            form: Form of the verbs for a subject in the singular or plural.
            who: Gives the name of an actor by place in the meeting; asked in the order of mention.
            num_actors: Of the meeting.
            group: Gives all of them in one phrase.
            thing: What is handed over or thrown; may be empty.
            rng: Chooses.
        """
        usable = [way for way in self.ways if thing or "{thing}" not in way]
        way = usable[int(rng.integers(len(usable)))]
        several = way.startswith("{all}") or (way.startswith("{b}") and num_actors > 2)
        verbs = form(plural=several)
        text = _VERB.sub(lambda match: inflect(match[1], verbs), way)
        words: dict[str, Callable[[], str]] = {
            "a": lambda: who(0),
            "b": lambda: " and ".join(who(place) for place in range(1, num_actors)),
            "all": group,
            "thing": lambda: with_article(thing),
        }
        return tidy(_SLOT.sub(lambda match: words[match[1]](), text))


_MEETINGS: Final = {
    "follow": ("{b} *follow {a}", "{a} *walk ahead of {b}", "{a} *lead the way for {b}"),
    "chase": ("{b} *chase {a}", "{b} *run after {a}", "{a} *run away from {b}"),
    "race": ("{all} *race each other", "{all} *run a race", "{all} *run side by side"),
    "walk_together": ("{all} *walk together", "{all} *walk side by side"),
    "lead_by_hand": ("{a} *lead {b} by the hand", "{a} *take {b} by the hand and *walk along"),
    "pass_object": (
        "{a} *hand {thing} to {b}",
        "{a} *give {b} {thing}",
        "{a} *pass {thing} to {b}",
    ),
    "throw_and_catch": (
        "{a} *throw {thing} to {b}",
        "{all} *throw {thing} to each other",
        "{b} *catch {thing} from {a}",
    ),
    "dodge_throw": (
        "{a} *throw {thing} at {b}, who *dodge it",
        "{b} *dodge {thing} thrown by {a}",
        "{a} *throw something at {b}, who *dodge",
    ),
    "carry_together": ("{all} *carry {thing} together", "{all} *carry something together"),
    "dance": ("{all} *dance together", "{all} *dance with each other"),
    "dance_together": ("{all} *dance together", "{all} *dance with each other"),
    "talk": ("{all} *talk to each other", "{all} *chat", "{all} *have a conversation"),
    "whisper": ("{a} *whisper to {b}", "{a} *whisper something to {b}"),
    "bow": ("{all} *bow to each other",),
    "wave": ("{all} *wave at each other",),
    "salute": ("{all} *salute each other",),
    "celebrate": ("{all} *celebrate together",),
    "laugh": ("{all} *laugh together",),
    "push": ("{a} *push {b}, who *stagger back", "{b} *stagger back after a push from {a}"),
}


def meeting_phrase(kind: str) -> MeetingPhrase | None:
    """Words for a kind of meeting; None where the deeds of the actors say it."""
    ways = _MEETINGS.get(kind)
    return None if ways is None else MeetingPhrase(ways=ways)
