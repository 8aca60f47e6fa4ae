"""What a meeting of actors is: labels, distances, and the function that edits all of its takes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from tasks.synthesize.actions.registry import action_spec
from tasks.synthesize.engine.contact import ahead_of, arm_length, solved
from tasks.synthesize.engine.take import Beat, Deed, Take

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from tasks.synthesize.scenes.plan import ActorPlan, Meeting

    Floats = NDArray[np.float64]

__all__ = ["ARRANGEMENTS", "Encounter", "MeetingSpec", "no_beats"]

ARRANGEMENTS: Final = ("facing", "abreast", "echelon", "file")
"""How the actors stand: face to face (three: in a ring), side by side from left to right, the same
with each a step further back, one behind the other; the first actor is ahead, or leftmost."""
_LEAST_M: Final = 0.36
"""Hips of two who stand face to face are never closer, even those of children."""
_ADULT_ARM_M: Final = 0.564
"""Arm of the generic body at 1.70 m: distances of meetings are given for two of these."""


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class Encounter:
    """One meeting in progress."""

    takes: tuple[Take, ...]
    """Of its actors, in its order."""
    meeting: Meeting
    rng: np.random.Generator

    @property
    def t(self) -> Floats:
        """(T,) seconds, the clock of all."""
        return self.takes[0].t

    @property
    def tempo(self) -> float:
        """Common tempo of the actors."""
        return float(np.mean([take.manner.tempo for take in self.takes]))

    def at(self, share: float) -> float:
        """Time at a share of the meeting, seconds."""
        return self.meeting.start_s + share * (self.meeting.end_s - self.meeting.start_s)

    def rows(self) -> slice:
        """Frames of the meeting."""
        low, high = np.searchsorted(self.t, (self.meeting.start_s, self.meeting.end_s))
        low = min(int(low), len(self.t) - 1)
        return slice(low, max(min(int(high) + 1, len(self.t)), low + 1))

    def between(self, one: int = 0, two: int = 1) -> tuple[Floats, Floats]:
        """Point over the floor between two, nearer to the shorter arms, and direction one to two.

        Both (T, 3), metres and unit, level.
        """
        flat = np.array([1.0, 0.0, 1.0])
        here, there = (self.takes[k].posture.hips * flat for k in (one, two))
        arms = [arm_length(self.takes[k].body) for k in (one, two)]
        way = there - here
        length = np.maximum(np.linalg.norm(way, axis=-1, keepdims=True), 1e-6)
        return here + way * (arms[0] / sum(arms)), way / length

    def head_of(self, one: int) -> Floats:
        """Where somebody's head is, (T, 3), roughly."""
        take = self.takes[one]
        rise = np.array([0.0, 0.41 * take.body.stature, 0.0])
        place: Floats = take.posture.hips + rise + 0.05 * ahead_of(take.posture)
        return place

    def points_of(self, one: int) -> Floats:
        """The 15 points of somebody as he stands now, (T, 15, 3); held before and after it."""
        rows = self.rows()
        inside = solved(self.takes[one], rows)
        num = len(self.t)
        before = np.broadcast_to(inside[:1], (rows.start, *inside.shape[1:]))
        after = np.broadcast_to(inside[-1:], (num - rows.stop, *inside.shape[1:]))
        return np.concatenate([before, inside, after])

    def play(self, one: int, action: str, *, start_s: float, end_s: float, **wishes: Any) -> None:
        """Let one actor do an action of the engine, with a partner."""
        beat = Beat(action=action, start_s=start_s, end_s=end_s, **wishes)
        deed = action_spec(action).play(self.takes[one], beat)
        facts = {name: getattr(deed, name) for name in Deed.__dataclass_fields__}
        self.takes[one].deeds.append(Deed(**{**facts, "partner": self._partner(one)}))

    def tell(self, one: int, action: str, *, start_s: float, end_s: float, **facts: Any) -> None:
        """Note what one actor did."""
        deed = Deed(
            action=action, start_s=start_s, end_s=end_s, partner=self._partner(one), **facts
        )
        self.takes[one].deeds.append(deed)

    def _partner(self, one: int) -> int:
        actors = self.meeting.actors
        return actors[one - 1] if one else actors[1]


def no_beats(meeting: Meeting, actors: tuple[ActorPlan, ...]) -> tuple[tuple[Beat, ...], ...]:
    """A meeting on standing feet."""
    del meeting
    return tuple(() for _ in actors)


@dataclass(frozen=True, kw_only=True, slots=True)
class MeetingSpec:
    """One kind of meeting, as planners and the engine see it."""

    name: str
    labels: tuple[str, ...]
    """Main action of the first actor, and of all others; `unlabelled` where no word fits."""
    seconds: tuple[float, float]
    """Natural length, shortest and longest."""
    play: Callable[[Encounter], None]
    """Edit the takes inside the meeting, with ramps inside it, and note everybody's deeds."""
    distance_m: tuple[float, float]
    """Between neighbours' hips at the start, for two bodies of 1.70 m."""
    arrangement: str = "facing"
    """A word of `ARRANGEMENTS`."""
    offset_m: float = 0.0
    """facing: how far the other stands to the right of straight ahead."""
    beats: Callable[[Meeting, tuple[ActorPlan, ...]], tuple[tuple[Beat, ...], ...]] = no_beats
    """Beats of the actors that belong to the meeting itself, such as the steps of one pushed."""
    moves: bool = False
    """The actors are on the move throughout: nobody walks up to it."""
    num_actors: tuple[int, int] = (2, 2)
    needs: tuple[str, ...] = ()
    """Actions of the engine that it plays."""
    styles: tuple[str, ...] = ()
    things: tuple[str, ...] = ()

    def distance(self, one: ActorPlan, two: ActorPlan, *, share: float = 0.5) -> float:
        """Metres between the hips of two neighbours; longer arms stand further apart."""
        low, high = self.distance_m
        usual = low + share * (high - low)
        arms = sorted((arm_length(one.body), arm_length(two.body)))
        # shorter arms count more: the other one can bend down, or keep the elbow bent
        scale = (0.75 * arms[0] + 0.25 * arms[1]) / _ADULT_ARM_M
        return max(usual * scale, _LEAST_M)
