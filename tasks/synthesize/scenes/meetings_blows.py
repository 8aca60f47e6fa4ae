"""Blows of a fight: who attacks when, how, and what it does to the other."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

import numpy as np

from tasks.synthesize.engine.keyposes import POSE_WIDTH
from tasks.synthesize.engine.splines import glide
from tasks.synthesize.engine.timing import keyed

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from tasks.synthesize.scenes.meetings_spec import Encounter

    Floats = NDArray[np.float64]

__all__ = ["Blow", "answer", "choreography", "drive", "kick_angles"]

_SAME: Final = 0.64
_OTHER: Final = 0.85
"""Share of a blow after which the next one comes, of the same or of the other fighter; by eye."""
_OUT: Final = (0.0, 0.15, 0.30, 0.37, 0.66)
"""Guard, cocked, hit, held, guard again: seconds after the start of a punch at tempo 1."""
_KICK_OUT: Final = (0.0, 0.26, 0.44, 0.52, 0.94)
"""The same of a kick."""
_ENTER_S: Final = 0.62


@dataclass(frozen=True, kw_only=True, slots=True)
class Blow:
    """One attack."""

    who: int
    start_s: float
    scale: float
    """Of the times of a blow."""
    side: int
    kick: bool
    low: bool
    """True: at the trunk, not at the head."""
    answer: str
    """hit, block or dodge."""
    dodge: float
    """-1 or 1: to which side a dodge goes."""

    def times(self) -> list[float]:
        """Start, cocked, hit, held, end."""
        return [self.start_s + self.scale * s for s in (_KICK_OUT if self.kick else _OUT)]


def choreography(encounter: Encounter, *, kicks: bool) -> list[Blow]:
    """Attacks of both, one after another: a few of one, then of the other."""
    rng, meeting = encounter.rng, encounter.meeting
    pace = float(np.clip(encounter.tempo, 0.75, 1.3))
    at, last = meeting.start_s + _ENTER_S, meeting.end_s - _ENTER_S
    blows: list[Blow] = []
    who, left = 0, 0
    while True:
        draws = rng.uniform(size=6)
        if left == 0:
            who, left = (1 - who if blows else 0), 1 + int(draws[0] * 3)
        take = encounter.takes[who]
        # every second attack at least: who says kicks must show some
        kick = kicks and (len(blows) % 2 == 1 or draws[1] < 0.2)
        length = (_KICK_OUT if kick else _OUT)[-1] / pace
        if at + length > last:
            return _spread(blows, first=meeting.start_s + _ENTER_S, last=last)
        lead = 1 - take.manner.handed
        small = take.body.stature < 0.87 * encounter.takes[1 - who].body.stature
        own = sum(blow.who == who for blow in blows)
        blows.append(
            Blow(
                who=who,
                start_s=at,
                scale=1.0 / pace,
                side=(1 - lead) if kick or own % 2 else lead,
                kick=kick,
                low=kick or draws[2] < 0.25 or small,
                answer=("hit", "block", "dodge")[int(draws[3] * 3)],
                dodge=1.0 if draws[4] < 0.5 else -1.0,
            )
        )
        left -= 1
        at += length * (_SAME if left else _OTHER) + (0.06 if left else 0.25) * float(draws[5])


def _spread(blows: list[Blow], *, first: float, last: float) -> list[Blow]:
    """The same blows over all of the time, no more than a third further apart."""
    end = max((blow.times()[-1] for blow in blows), default=last)
    wider = min(1.33, (last - first) / (end - first))
    return [replace(blow, start_s=first + wider * (blow.start_s - first)) for blow in blows]


def drive(t: Floats, blow: Blow, *, lunge: float = 0.0) -> Floats:
    """The whole body behind a blow, (n, 20); a lunge bends it forward so far, radians."""
    rows = np.zeros((len(t), POSE_WIDTH))
    out = glide(t, blow.times(), (0.0, -0.25, 1.0, 0.9, 0.0))
    toward = 1.0 if blow.side == 1 else -1.0
    if blow.kick:
        full = np.maximum(out, 0.0)
        lift = keyed(t, blow.times(), (0.0, 1.0, 1.0, 1.0, 0.0))
        rows[:, 0] = toward * 0.11 * lift
        rows[:, 2] = 0.14 * lift
        rows[:, 3] = -0.22 * full
        rows[:, 6] = -0.10 * full
        rows[:, 4] = toward * 0.3 * full
        return rows
    rows[:, 2] = 0.07 * out
    rows[:, 1] = -(0.06 if blow.low else 0.0) * np.maximum(out, 0.0)
    rows[:, 4] = toward * 0.30 * out
    rows[:, 7] = toward * 0.38 * out
    rows[:, 3] = 0.5 * lunge * np.maximum(out, 0.0)
    rows[:, 6] = (0.10 + 0.5 * lunge) * out
    rows[:, 10] = -toward * 0.50 * out
    return rows


def kick_angles(t: Floats, blow: Blow) -> tuple[Floats, Floats]:
    """Angles (n, 5) and weight (n,) of a front kick: knee up, leg out, knee, down."""
    start, cocked, hit, held, end = blow.times()
    back = 0.5 * (held + end)
    angles = glide(
        t,
        (start, cocked, hit, held, back, end),
        [
            (0.1, 0.05, 0.1, 0.3, 0.0),
            (1.40, 0.08, 0.1, 1.75, 0.2),
            (1.60, 0.05, 0.1, 0.14, 0.35),
            (1.60, 0.05, 0.1, 0.18, 0.35),
            (1.20, 0.05, 0.1, 1.60, 0.2),
            (0.1, 0.05, 0.1, 0.3, 0.0),
        ],
    )
    return angles, keyed(t, (start, start + 0.6 * (cocked - start), back, end), (0.0, 1.0, 1.0, 0))


def answer(t: Floats, blow: Blow) -> Floats:
    """What a blow does to the one it is meant for, (n, 20)."""
    rows = np.zeros((len(t), POSE_WIDTH))
    hit = blow.times()[2]
    if blow.answer == "dodge":
        away = keyed(t, (hit - 0.26, hit - 0.02, hit + 0.12, hit + 0.5), (0.0, 1.0, 1.0, 0.0))
        if blow.low:
            rows[:, 2], rows[:, 6] = -0.13 * away, 0.25 * away
            return rows
        rows[:, 0] = -0.09 * blow.dodge * away
        rows[:, 1] = -0.13 * away
        rows[:, 5], rows[:, 8] = 0.16 * blow.dodge * away, 0.38 * blow.dodge * away
        rows[:, 6] = 0.12 * away
        return rows
    jolt = keyed(t, (hit - 0.02, hit + 0.12, hit + 0.60), (0.0, 1.0, 0.0))
    late = keyed(t, (hit + 0.03, hit + 0.20, hit + 0.75), (0.0, 1.0, 0.0))
    side = 1.0 if blow.side == 1 else -1.0
    if blow.answer == "block":
        rows[:, 2], rows[:, 6], rows[:, 9] = -0.04 * jolt, 0.14 * jolt, 0.18 * jolt
        rows[:, 1] = -0.03 * jolt
        return rows
    if blow.low:
        rows[:, 2], rows[:, 6], rows[:, 1] = -0.11 * late, 0.42 * jolt, -0.05 * jolt
        rows[:, 9] = 0.25 * jolt
        return rows
    # the head goes first, the trunk follows
    rows[:, 9], rows[:, 10] = -0.50 * jolt, 0.45 * side * jolt
    rows[:, 6], rows[:, 7] = -0.24 * late, 0.28 * side * late
    rows[:, 3], rows[:, 2] = -0.07 * late, -0.09 * late
    return rows
