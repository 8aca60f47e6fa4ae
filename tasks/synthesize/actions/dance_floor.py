"""What every dance is made of: a pulse to dance on, steps on its beats, poses over them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

import numpy as np

from tasks.synthesize.engine.keyposes import POSE_WIDTH
from tasks.synthesize.engine.splines import glide
from tasks.synthesize.engine.steps import FootMove
from tasks.synthesize.engine.timing import ease

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from tasks.synthesize.engine.take import Take

    Floats = NDArray[np.float64]

__all__ = ["NUM_LOTS", "Choreography", "Dance", "Floor", "down_on_beat", "sharp"]

NUM_LOTS: Final = 16
"""Numbers drawn for every dance, whatever it uses of them."""


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class Floor:
    """The music and the dancer."""

    t: Floats
    """(n,) seconds."""
    start_s: float
    """Time of count 0."""
    period_s: float
    """Length of a count."""
    num_counts: int
    """Whole counts to be danced; the feet are home again after them."""
    leg: float
    """Metres."""
    size: float
    """About 1: manner's amplitude."""
    energy: float
    lots: Floats
    """(NUM_LOTS,) drawn numbers, 0..1."""
    side: int
    """With which foot to begin: 0 left, 1 right."""

    @property
    def counts(self) -> Floats:
        """(n,) where in the music each frame lies, counts."""
        return (self.t - self.start_s) / self.period_s

    def at(self, count: float) -> float:
        """Time of a count, seconds."""
        return self.start_s + count * self.period_s

    def step(
        self,
        side: int,
        count: float,
        *,
        left: float = 0.0,
        ahead: float = 0.0,
        yaw: float = 0.0,
        lift: float = 0.08,
        over: float = 0.7,
        share: float = 0.62,
    ) -> FootMove:
        """A step that lands on a count; places in shares of the leg, lift too.

        Args:
            side: 0 left, 1 right.
            count: When the foot lands.
            left: See `FootMove`, as for the rest.
            ahead: Shares of the leg from home.
            yaw: Of the whole body, radians.
            lift: Height of the arc, shares of the leg.
            over: How far the weight goes over the other foot.
            share: Length of the step in counts.
        """
        return FootMove(
            side=side,
            start_s=self.at(count - share),
            end_s=self.at(count),
            left=left * self.leg,
            ahead=ahead * self.leg,
            yaw=yaw,
            lift=lift * self.leg * (0.7 + 0.6 * self.energy),
            over=over,
        )

    def run(self, counts: list[float], rows: list[Floats], *, lead: float = 0.0) -> Floats:
        """Poses run through at counts, (n, width); reached `lead` counts early."""
        return glide(self.counts + lead, counts, np.array(rows))

    def blank(self) -> Floats:
        """Rows of `keyposes.pose` that change nothing, (n, 20)."""
        return np.zeros((len(self.t), POSE_WIDTH))


@dataclass(kw_only=True, slots=True, eq=False)
class Choreography:
    """What a dance asks of the body over the frames."""

    rows: Floats
    """(n, 20) poses, faded in and out by the player."""
    moves: list[FootMove] = field(default_factory=list)
    pivot: Floats | None = None
    """(n, 2) turn of each foot about its ball."""
    turnout: Floats | None = None
    """(n, 2) turn of each foot about its heel."""
    heels: Floats | None = None
    """(n, 2) rise of each heel."""
    flight: Floats | None = None
    """(n, 2) height of the hips' and of the feet's flight, metres."""
    hands: Floats | None = None
    """(n, 2, 3) wrist targets in the chest's frame, shares of the arm."""
    hands_weight: Floats | None = None
    """(n, 2)."""
    legs: tuple[tuple[int, Floats, Floats], ...] = ()
    """Side, angles (n, 5) and weight (n,) of legs led by `freeleg.aim_leg`."""
    direction: str = ""
    turn_rad: float = 0.0


@dataclass(frozen=True, kw_only=True, slots=True)
class Dance:
    """One style of dancing."""

    bpm: tuple[float, float]
    """Counts a minute, slowest and fastest."""
    bar: int
    """Counts after which the feet are home: the dance lasts whole bars."""
    compose: Callable[[Floor, Take], Choreography]
    arms_s: float = 0.45
    """How fast the arms come in and leave."""


def down_on_beat(counts: Floats, depth: float, *, sharpness: float = 1.0) -> Floats:
    """Height of the hips that sinks on every count, (n,): 0 between, -depth on the beat."""
    wave = 0.5 + 0.5 * np.cos(2 * np.pi * counts)
    return -depth * wave**sharpness


def sharp(counts: Floats, share: float = 0.35) -> Floats:
    """A clock that runs fast after each count and then waits for the next one, (n,)."""
    whole = np.floor(counts)
    return whole + ease((counts - whole) / share)
