"""All meetings by name: what actors do together."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from tasks.synthesize.scenes.meetings_dance import DANCES
from tasks.synthesize.scenes.meetings_fight import FIGHTS
from tasks.synthesize.scenes.meetings_greet import GREETINGS
from tasks.synthesize.scenes.meetings_pass import HANDOVERS
from tasks.synthesize.scenes.meetings_push import PUSHES
from tasks.synthesize.scenes.meetings_signs import SIGNS
from tasks.synthesize.scenes.meetings_throw import THROWS
from tasks.synthesize.scenes.meetings_ways import WAYS

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tasks.synthesize.scenes.meetings_spec import MeetingSpec

__all__ = ["MEETINGS", "meeting_spec"]

MEETINGS: Final[Mapping[str, MeetingSpec]] = {
    spec.name: spec
    for family in (GREETINGS, FIGHTS, HANDOVERS, THROWS, DANCES, PUSHES, SIGNS, WAYS)
    for spec in family
}
"""Every kind of meeting."""


def meeting_spec(kind: str) -> MeetingSpec:
    """Spec of one kind of meeting.

    Raises:
        ValueError: If there is no such kind.
    """
    spec = MEETINGS.get(kind)
    if spec is None:
        msg = f"expected a kind of meeting of {tuple(MEETINGS)}, got {kind!r}"
        raise ValueError(msg)
    return spec
