"""One player's beats in one scene of a story: acts in a row, with ways on and off the stage."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from tasks.synthesize.actions.registry import action_spec
from tasks.synthesize.engine.take import LEFT, RIGHT, Beat
from tasks.synthesize.scenes.chain import way_between
from tasks.synthesize.story.schema import NONE

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tasks.synthesize.engine.manner import Manner
    from tasks.synthesize.engine.take import ActionSpec
    from tasks.synthesize.story.schema import Act

__all__ = ["Part", "write_part"]

_BEFORE_S: Final = -6.0
"""When a stance in which a scene begins was taken."""
_OUT_S: Final = 2.5
"""Ways on and off the stage begin so long before, or end so long after."""
_ENTRY_S: Final = 1.5
_LONGEST_S: Final = 9.96
_TAKES: Final = {"sit": "sit_down", "kneel": "kneel", "lie": "lie_down"}
_SIDES: Final = {"left": LEFT, "right": RIGHT}
_PAUSE_S: Final = 0.15
_IDLE_S: Final = 0.8
"""Rest at the end that is worth a label."""


@dataclass(kw_only=True, slots=True)
class Part:
    """What a player does in a scene."""

    beats: list[Beat]
    now: float
    """When the last of it is done, seconds."""
    stance: str
    """How the player rests then."""
    settled_s: float = 0.0
    """When the player is at its place: the end of the way on."""
    voices: list[tuple[float, float, str]]
    """Lines: start, end, kind of speech."""
    left: bool = False
    """True: the player goes off at the end."""


def write_part(
    acts: Sequence[Act],
    manner: Manner,
    *,
    stance: str,
    busy: tuple[float, float] | None,
    wanted_s: float,
    bearings: Sequence[float | None],
) -> Part:
    """Put a player's acts into a scene.

    Args:
        acts: In order; those of kind pair are left to the meetings.
        manner: Its tempo scales the lengths.
        stance: How the player rests when the scene begins.
        busy: Start and end of a meeting the player is in; acts come after it.
        wanted_s: Length of the scene as the story has it.
        bearings: Of each act: yaw in the world to which it goes or points, or None.

    Returns:
        The beats; they may end later than wanted, but not after the longest clip.
    """
    part = Part(beats=[], now=0.1, stance=stance, voices=[])
    enters = any(act.enter for act in acts)
    if stance in _TAKES and not enters:
        _begin_in(part, stance, wanted_s)
    if enters:
        _come_on(part, acts, busy)
    if busy:
        part.now = busy[1] + _PAUSE_S
    for number, act in enumerate(acts):
        following = acts[number + 1].delay_s if number + 1 < len(acts) else wanted_s
        _put(part, act, manner, until=following, wanted_s=wanted_s, bearing=bearings[number])
    if part.stance == "stand" and not part.left and wanted_s - part.now > _IDLE_S and not busy:
        part.beats.append(Beat(action="idle", start_s=part.now, end_s=wanted_s + _OUT_S))
    return part


def _begin_in(part: Part, stance: str, wanted_s: float) -> None:
    part.beats.append(Beat(action=_TAKES[stance], start_s=_BEFORE_S, end_s=_BEFORE_S + 3.0))
    if stance == "sit":
        part.beats.append(Beat(action="sit", start_s=_BEFORE_S + 3.0, end_s=wanted_s))


def _come_on(part: Part, acts: Sequence[Act], busy: tuple[float, float] | None) -> None:
    """The way onto the stage has begun before the scene."""
    first = next(act for act in acts if act.enter)
    spec = action_spec(first.action)
    word = first.action if spec.kind == "travel" and first.action != "idle" else "walk"
    arrives = busy[0] + 0.15 if busy else _ENTRY_S + min(first.delay_s, 2.0)
    part.beats.append(Beat(action=word, start_s=-_OUT_S, end_s=arrives))
    part.now = part.settled_s = arrives
    part.stance = "stand"


def _put(
    part: Part,
    act: Act,
    manner: Manner,
    *,
    until: float,
    wanted_s: float,
    bearing: float | None,
) -> None:
    """One act, with what leads to it; left out if no time is left."""
    spec = action_spec(act.action)
    travels = spec.kind == "travel"
    if spec.kind == "pair" or part.left or (act.enter and travels):
        return
    for word in way_between(part.stance, spec):
        _add(part, action_spec(word), manner, room=_LONGEST_S - part.now)
    start = max(part.now, act.delay_s)
    low, high = (edge / manner.tempo for edge in spec.seconds)
    if _LONGEST_S - start < 0.9 * low:
        return
    seconds = min(max(min(until - start, high * 1.1), low), _LONGEST_S - start)
    end = start + seconds + (_OUT_S if act.leave and travels else 0.0)
    wishes = _wishes(spec, act)
    if bearing is not None:
        wishes["bearing"] = bearing
    part.beats.append(Beat(action=act.action, start_s=start, end_s=end, **wishes))
    if act.speech != NONE:
        part.voices.append((start, start + seconds, act.speech))
    part.now = min(start + seconds, _LONGEST_S)
    part.stance = spec.leave if spec.kind != "upper" else part.stance
    if act.leave:
        part.left = True
        if not travels and part.stance == "stand" and wanted_s - part.now > 1.2:
            off = Beat(action="walk", start_s=part.now + 0.1, end_s=wanted_s + _OUT_S)
            part.beats.append(off)


def _add(part: Part, spec: ActionSpec, manner: Manner, *, room: float) -> None:
    """An action that only leads to another."""
    seconds = spec.seconds[0] * 1.15 / manner.tempo
    if seconds <= room:
        part.beats.append(Beat(action=spec.name, start_s=part.now, end_s=part.now + seconds))
        part.now += seconds + _PAUSE_S
        part.stance = spec.leave


def _wishes(spec: ActionSpec, act: Act) -> dict[str, Any]:
    """What an act asks for, as far as the action has it."""
    wishes: dict[str, Any] = {}
    if spec.sided and act.side in _SIDES:
        wishes["side"] = _SIDES[act.side]
    if spec.counts and act.count:
        wishes["count"] = min(max(act.count, spec.counts[0]), spec.counts[1])
    if act.thing in spec.things:
        wishes["thing"] = act.thing
    if act.direction in spec.directions:
        wishes["direction"] = act.direction
    return wishes
