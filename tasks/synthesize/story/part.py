"""One player's beats in one scene of a story: acts in a row, with ways on and off the stage."""

from __future__ import annotations

import math
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, Final

from tasks.synthesize.actions.registry import action_spec
from tasks.synthesize.engine.take import LEFT, RIGHT, Beat
from tasks.synthesize.scenes.chain import way_between
from tasks.synthesize.story.blocking import goes, needs_room
from tasks.synthesize.story.schema import NONE

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tasks.synthesize.engine.manner import Manner
    from tasks.synthesize.engine.take import ActionSpec
    from tasks.synthesize.story.blocking import Spot
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
_TURN_S: Final = 1.25
"""Of half a turn at tempo 1."""
_TURN_RAD: Final = 0.6
"""What is less needs no turn of its own."""
_AWAY_RAD: Final = 0.9 * math.pi
"""Who leaves a meeting turns his back on it."""
_LEAST_TRAVEL_S: Final = 1.3
_MOST_TRAVEL_M: Final = 7.5
"""Nobody runs further while others stand: the picture holds them all."""
_SPEAKING: Final = {"talk": "talk", "shout": "shout", "whisper": "whisper", "sing": "sing"}


@dataclass(kw_only=True, slots=True)
class Part:
    """What a player does in a scene."""

    beats: list[Beat] = field(default_factory=list)
    now: float = 0.1
    """When the last of it is done, seconds."""
    stance: str
    """How the player rests then."""
    face: float
    """Yaw at the moment `at_s`, when the player is at its place."""
    place: tuple[float, float]
    """x and z at the moment `at_s`, metres."""
    yaw: float
    """Facing at the time `now`."""
    at_s: float = 0.0
    voices: list[tuple[float, float, str]] = field(default_factory=list)
    """Lines: start, end, kind of speech."""
    left: bool = False
    """True: the player goes off at the end."""
    met: bool = False
    """True: the player stands face to face with somebody."""
    travel: Beat | None = None
    """The last way over the floor."""


def write_part(
    acts: Sequence[Act],
    manner: Manner,
    *,
    stance: str,
    busy: tuple[float, float] | None,
    wanted_s: float,
    spot: Spot,
) -> Part:
    """Put a player's acts into a scene.

    Args:
        acts: In order; those of kind pair are left to the meetings.
        manner: Its tempo scales the lengths.
        stance: How the player rests when the scene begins.
        busy: Start and end of a meeting the player is in; acts come after it.
        wanted_s: Length of the scene as the story has it.
        spot: Where the player is, and which ways lead where, act by act.

    Returns:
        The beats; they may end later than wanted, but not after the longest clip.
    """
    part = Part(stance=stance, face=spot.face, yaw=spot.face, place=(spot.x, spot.z))
    enters = any(act.enter for act in acts)
    if stance in _TAKES and not enters:
        _begin_in(part, stance, wanted_s)
    if enters:
        _come_on(part, acts, busy, spot)
    if busy:
        part.now, part.met = busy[1] + _PAUSE_S, True
    for number, act in enumerate(acts):
        following = acts[number + 1].delay_s if number + 1 < len(acts) else wanted_s
        _put(part, act, manner, until=following, spot=spot, number=number)
    _end(part, wanted_s, rests=busy is None)
    return part


def _begin_in(part: Part, stance: str, wanted_s: float) -> None:
    part.beats.append(Beat(action=_TAKES[stance], start_s=_BEFORE_S, end_s=_BEFORE_S + 3.0))
    if stance == "sit":
        part.beats.append(Beat(action="sit", start_s=_BEFORE_S + 3.0, end_s=wanted_s))


def _come_on(part: Part, acts: Sequence[Act], busy: tuple[float, float] | None, spot: Spot) -> None:
    """The way onto the stage has begun before the scene."""
    number, first = next((k, act) for k, act in enumerate(acts) if act.enter)
    spec = action_spec(first.action)
    word = first.action if spec.kind == "travel" and goes(first) else "walk"
    arrives = busy[0] + _PAUSE_S if busy else _ENTRY_S + min(first.delay_s, 2.0)
    wishes = _wishes(spec, first) if word == first.action else {}
    part.beats.append(
        Beat(action=word, start_s=-_OUT_S, end_s=arrives, **_kept_straight(word, wishes))
    )
    part.now = part.at_s = arrives
    part.stance = "stand"
    # acts that go on from here go on in the same direction
    part.face = part.yaw = spot.ways[number]
    if word == first.action and first.speech != NONE:
        part.voices.append((0.1, arrives, first.speech))


def _put(part: Part, act: Act, manner: Manner, *, until: float, spot: Spot, number: int) -> None:
    """One act, with what leads to it; left out if no time is left."""
    word = _SPEAKING.get(act.speech, act.action) if act.action == "idle" else act.action
    spec = action_spec(word)
    came = act.enter and goes(act) and spec.kind == "travel"
    if spec.kind == "pair" or part.left or came or _laid_over(part, act, spec):
        return
    for way in way_between(part.stance, spec):
        _add(part, action_spec(way), manner, room=_LONGEST_S - part.now)
    start = max(part.now, act.delay_s)
    turn = _Turning(way=spot.ways[number], manner=manner, alone=spot.alone)
    if goes(act) or (part.met and needs_room(act)):
        start = _turned(part, start, turn)
    seconds = _length(spec, manner, start=start, until=until)
    if seconds <= 0.0:
        return
    end = start + seconds + (_OUT_S if act.leave and spec.kind == "travel" else 0.0)
    bearing = None if part.met else spot.bearings[number]
    wishes = {**_wishes(spec, act), "bearing": bearing}
    if goes(act) and (act.leave or not spot.alone):
        wishes = _kept_straight(word, wishes)
        if word in {"run", "sprint"}:
            wishes["amount"] = max(2.3, _MOST_TRAVEL_M / (end - start))
    beat = Beat(action=word, start_s=start, end_s=end, **wishes)
    _settle(part, act, beat, spot, number)
    part.beats.append(beat)
    if act.speech != NONE:
        part.voices.append((start, start + seconds, act.speech))
    part.now = min(start + seconds, _LONGEST_S)
    part.stance = spec.leave if spec.kind != "upper" else part.stance
    part.left = act.leave
    if act.leave and not goes(act):
        _go_off(part, turn)


@dataclass(frozen=True, kw_only=True, slots=True)
class _Turning:
    """What a player turns to before going."""

    way: float
    manner: Manner
    alone: bool


def _length(spec: ActionSpec, manner: Manner, *, start: float, until: float) -> float:
    low, high = (edge / manner.tempo for edge in spec.seconds)
    if _LONGEST_S - start < 0.9 * low:
        return 0.0
    return min(max(min(until - start, high * 1.1), low), _LONGEST_S - start)


def _laid_over(part: Part, act: Act, spec: ActionSpec) -> bool:
    """What arms and face do while the feet go on."""
    way = part.travel
    if way is None or spec.kind != "upper" or "walk" not in spec.over:
        return False
    start = max(act.delay_s, way.start_s + 0.3, 0.1)
    end = min(start + spec.seconds[1], way.end_s, _LONGEST_S)
    if end - start < spec.seconds[0]:
        return False
    part.beats.append(Beat(action=spec.name, start_s=start, end_s=end, **_wishes(spec, act)))
    if act.speech != NONE:
        part.voices.append((start, end, act.speech))
    part.left = part.left or act.leave
    return True


def _turned(part: Part, start: float, turning: _Turning) -> float:
    """Face the way one is about to go; returns when the going can begin."""
    if turning.alone:
        return start
    if not part.beats and not part.met:
        part.face = part.yaw = turning.way
        return start
    turn = _AWAY_RAD if part.met else math.remainder(turning.way - part.yaw, 2 * math.pi)
    seconds = 0.5 * _TURN_S * (1.0 + abs(turn) / math.pi) / turning.manner.tempo
    if abs(turn) < _TURN_RAD or part.now + seconds + _LEAST_TRAVEL_S > _LONGEST_S:
        return start
    start = max(start - seconds, part.now)
    part.beats.append(Beat(action="turn", start_s=start, end_s=start + seconds, amount=turn))
    # where those met stand is known only when the meeting is placed: whoever turned away goes on
    part.yaw, part.met = (turning.way if part.met else part.yaw + turn), False
    part.now = start + seconds
    return part.now


def _settle(part: Part, act: Act, beat: Beat, spot: Spot, number: int) -> None:
    """A way across the stage has its middle in the picture; one to somebody ends with him."""
    if not goes(act):
        return
    goal = spot.goals[number]
    if not part.beats and not act.leave:
        end = min(beat.end_s, _LONGEST_S)
        part.at_s = end if goal else max(0.5 * (beat.start_s + end), 0.0)
        part.place = goal or (0.3 * spot.x, spot.z)
    if action_spec(beat.action).kind == "travel":
        part.travel = beat


def _go_off(part: Part, turning: _Turning) -> None:
    """Walk away after the last act."""
    if part.stance != "stand" or _LONGEST_S - part.now < 2.0:
        return
    start = _turned(part, part.now + 0.1, turning)
    part.now = min(start + _ENTRY_S, _LONGEST_S)
    off = Beat(action="walk", start_s=start, end_s=part.now + _OUT_S, style="straight")
    part.beats.append(off)
    part.travel = off


def _end(part: Part, wanted_s: float, *, rests: bool) -> None:
    if len(part.beats) > 1 and part.beats[1].action == "sit":
        later = (one for one in part.beats[2:] if action_spec(one.action).kind != "upper")
        rises = next((one.start_s for one in later), part.beats[1].end_s)
        part.beats[1] = replace(part.beats[1], end_s=min(part.beats[1].end_s, rises))
    if part.stance == "stand" and not part.left and wanted_s - part.now > _IDLE_S and rests:
        part.beats.append(Beat(action="idle", start_s=part.now, end_s=wanted_s + _OUT_S))


def _add(part: Part, spec: ActionSpec, manner: Manner, *, room: float) -> None:
    """An action that only leads to another."""
    seconds = spec.seconds[0] * 1.15 / manner.tempo
    if seconds <= room:
        part.beats.append(Beat(action=spec.name, start_s=part.now, end_s=part.now + seconds))
        part.now += seconds + _PAUSE_S
        part.stance = spec.leave


def _kept_straight(word: str, wishes: dict[str, Any]) -> dict[str, Any]:
    """Among others nobody goes in curves: they would lead into somebody."""
    if "straight" in action_spec(word).styles:
        wishes = {**wishes, "style": "straight"}
        wishes.pop("direction", None)
    return wishes


def _wishes(spec: ActionSpec, act: Act) -> dict[str, Any]:
    """What an act asks for, as far as the action has it."""
    wishes: dict[str, Any] = {}
    if spec.sided and act.side in _SIDES:
        wishes["side"] = _SIDES[act.side]
    if spec.counts and act.count:
        wishes["count"] = min(max(act.count, spec.counts[0]), spec.counts[1])
    # "a heavy wooden box" is a box
    thing = next((one for one in spec.things if f" {act.thing} ".endswith(f" {one} ")), "")
    if thing:
        wishes["thing"] = thing
    if act.direction in spec.directions:
        wishes["direction"] = act.direction
    return wishes
