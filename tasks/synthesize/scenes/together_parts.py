"""What people do before and after a meeting: wait, walk up, greet, turn and walk off, watch."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from tasks.synthesize.engine.take import Beat

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tasks.synthesize.scenes.meetings_spec import MeetingSpec
    from tasks.synthesize.scenes.plan import ActorPlan

__all__ = ["LONGEST_S", "SHORTEST_S", "Times", "actor_beats", "plan_times", "watcher_beats"]

LONGEST_S: Final = 10.0
SHORTEST_S: Final = 4.0
_USUAL_LEG_M: Final = 0.83
_APPROACH_MPS: Final = (0.95, 1.25)
_LEAVE_S: Final = 2.7
"""Turning round and two or three steps."""
_EARLY_S: Final = 0.15
"""So long into a meeting the last step of the walk up lasts: arms already rise in it."""
_LEAST_IDLE_S: Final = 0.4
_FIDGET_S: Final = 2.2
_WATCH: Final = ("look_around", "nod", "clap", "cross_arms", "laugh", "wave")
"""What onlookers do."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Times:
    """When people come, meet and leave, seconds."""

    come: float
    """Start of the walk up; may lie before the clip."""
    meet: float
    done: float
    end: float
    leaves: str = ""
    """Who goes away afterwards: all, first, second, or empty."""


def plan_times(rng: np.random.Generator, spec: MeetingSpec, people: Sequence[ActorPlan]) -> Times:
    """Times of a clip of 4 to 10 s around a meeting of its natural length."""
    tempo = float(np.mean([person.manner.tempo for person in people]))
    length = float(rng.uniform(*spec.seconds)) / tempo
    chance = rng.uniform(size=6)
    if spec.moves:
        length = float(np.clip(length, SHORTEST_S, LONGEST_S))
        # on the way before the clip begins, or from a stand; to a stop, or on beyond its end
        begin = -2.0 if chance[0] < 0.5 else 0.15 + 0.25 * float(chance[1])
        done = length + 2.0 if chance[2] < 0.6 else length - 0.2 - 0.4 * float(chance[3])
        return Times(come=begin, meet=begin, done=done, end=length)
    approach = 1.4 + 1.4 * float(chance[0])
    after = 0.5 + 0.7 * float(chance[1])
    leaves = "" if chance[2] > 0.4 else ("all", "first", "second")[int(chance[3] * 3)]
    after += _LEAVE_S if leaves else 0.0
    length = min(length, LONGEST_S - approach - after)
    end = max(approach + length + after, SHORTEST_S)
    come = 0.15 + 0.35 * float(chance[5]) if chance[4] < 0.5 else -1.0
    return Times(come=come, meet=approach, done=approach + length, end=end, leaves=leaves)


def actor_beats(
    rng: np.random.Generator, actor: ActorPlan, times: Times, *, walks: bool, leaves: bool
) -> tuple[Beat, ...]:
    """What one of those who meet does around a meeting on standing feet.

    Args:
        rng: A fixed number of draws is made.
        actor: Whose legs and tempo count.
        times: Of the clip.
        walks: True: comes walking; False: stands there from the first frame.
        leaves: True: turns round and walks off.
    """
    chance = rng.uniform(size=6)
    low, high = _APPROACH_MPS
    speed = (low + (high - low) * float(chance[0])) * actor.manner.tempo
    speed *= float(np.sqrt(actor.body.leg / _USUAL_LEG_M))
    beats = []
    if walks:
        stop = times.meet + _EARLY_S
        beats += _idle(0.0, times.come)
        beats.append(Beat(action="walk", start_s=times.come, end_s=stop, amount=speed))
    else:
        beats += _idle(0.0, times.meet)
        if chance[1] < 0.3 and times.meet > 2.0:
            beats.append(Beat(action="wave", start_s=0.25, end_s=times.meet - 0.35))
    if leaves:
        angle = (1.0 if chance[2] < 0.5 else -1.0) * (0.8 + 0.2 * float(chance[3])) * np.pi
        turned = times.done + 1.15 / actor.manner.tempo
        beats.append(Beat(action="turn", start_s=times.done + 0.05, end_s=turned, amount=angle))
        # beyond the end of the clip: nobody stops at its last frame
        beats.append(Beat(action="walk", start_s=turned, end_s=times.end + 1.5, amount=speed))
        return tuple(beats)
    beats += _idle(times.done, times.end)
    if times.leaves and chance[4] < 0.6:
        wave = Beat(action="wave", start_s=times.done + 0.6, end_s=times.end - 0.1)
        beats.append(wave)
    return tuple(beats)


def watcher_beats(rng: np.random.Generator, times: Times) -> tuple[Beat, ...]:
    """What an onlooker does."""
    chance = rng.uniform(size=3)
    beats = [Beat(action="idle", start_s=0.0, end_s=times.end)]
    if chance[0] < 0.75:
        action = _WATCH[int(chance[1] * len(_WATCH))]
        start = 0.4 + 0.3 * float(chance[2]) * times.end
        end = min(start + 2.6, times.end - 0.2)
        beats.append(Beat(action=action, start_s=start, end_s=end))
    return tuple(beats)


def _idle(start_s: float, end_s: float) -> list[Beat]:
    if end_s - start_s < _LEAST_IDLE_S:
        return []
    # hands go to the hips, or behind the back, only where there is time for it
    style = "at ease" if end_s - start_s < _FIDGET_S else ""
    return [Beat(action="idle", start_s=start_s, end_s=end_s, style=style)]
