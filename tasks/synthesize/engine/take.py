"""The contract of the engine: what an action is asked for, what it edits, what it has done."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

from tasks.synthesize.engine.footsteps import GaitStyle

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from tasks.synthesize.engine.body import Body
    from tasks.synthesize.engine.manner import Manner
    from tasks.synthesize.engine.posture import Posture
    from tasks.synthesize.engine.setting import Setting

__all__ = [
    "LEFT",
    "RIGHT",
    "STANCES",
    "ActionSpec",
    "Beat",
    "Deed",
    "Leg",
    "StanceKey",
    "Take",
]

LEFT: Final = 0
RIGHT: Final = 1
STANCES: Final = ("stand", "sit", "crouch", "kneel", "lie", "all_fours")
"""How a body rests between actions: on its feet, on a chair, on its heels, on one or two knees,
on its back, on hands and knees."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Beat:
    """One action of one actor, with its place in time; what it leaves open the action chooses."""

    action: str
    """A word of `vocabulary.ACTIONS`."""
    start_s: float
    end_s: float
    side: int | None = None
    """0 left, 1 right; None: as the actor's handedness has it, or both where both belong."""
    count: int = 0
    """Repetitions; 0: as many as fit naturally."""
    thing: str = ""
    """What is handled: ball, cup, box ..."""
    direction: str = ""
    """forward, backward, left, right, up, down, around; empty: the action's usual one."""
    amount: float = 0.0
    """turn: radians to the left; travel: speed, m/s; jump: metres high; 0: usual."""
    style: str = ""
    """A variant of the action, e.g. dance: waltz; empty: any."""
    bearing: float | None = None
    """Yaw in the world (radians, 0 = +z) towards which a travel goes or a gesture points."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Deed:
    """What was really done, for labels and captions: every fact here is true of the motion."""

    action: str
    start_s: float
    end_s: float
    side: str = ""
    """left, right, both, or empty where sides say nothing."""
    count: int = 0
    """Repetitions to be seen; 0 where counting makes no sense."""
    thing: str = ""
    direction: str = ""
    style: str = ""
    speed_mps: float = 0.0
    """Mean speed over the floor of a travel."""
    angle_deg: float = 0.0
    """Turn to the left (negative: right) over the deed."""
    partner: int | None = None
    """Number of the other actor, if it is done with somebody."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Leg:
    """How the feet travel in a span: the base of the motion is laid from all legs of an actor."""

    start_s: float
    end_s: float
    speed_mps: float = 0.0
    """Cruising speed >= 0; ramps between legs are made by the base."""
    travel: float = 0.0
    """Direction of travel against the facing, radians: 0 forward, pi backward, pi/2 left."""
    turn_rad: float = 0.0
    """Change of facing over the leg, positive to the left."""
    weave_rad: float = 0.0
    """Largest change of facing to either side of the way, for a path in waves; 0: none."""
    style: GaitStyle = field(default_factory=GaitStyle)


@dataclass(frozen=True, kw_only=True, slots=True)
class StanceKey:
    """From `start_s` to `end_s` the body goes over into a stance, and stays until the next key."""

    start_s: float
    end_s: float
    stance: str
    variant: str = ""
    """E.g. lie: back, front, side; sit: chair, floor; fall: forward, backward."""


@dataclass(kw_only=True, slots=True, eq=False)
class Take:
    """One actor's motion in the making. Actions edit `posture` inside their beat."""

    t: NDArray[np.float64]
    """(T,) seconds."""
    body: Body
    manner: Manner
    setting: Setting
    rng: np.random.Generator
    """The actor's own; every action draws from it in the order of its beats."""
    posture: Posture
    stances: tuple[StanceKey, ...] = ()
    """In time order; before the first one the body stands."""
    deeds: list[Deed] = field(default_factory=list)

    @property
    def fps(self) -> float:
        """Frames per second."""
        return float(1.0 / (self.t[1] - self.t[0]))

    def stance_at(self, time_s: float) -> str:
        """The stance in which the body rests at a time (the one gone to, while it goes)."""
        stance = "stand"
        for key in self.stances:
            if key.start_s <= time_s:
                stance = key.stance
        return stance


@dataclass(frozen=True, kw_only=True, slots=True)
class ActionSpec:
    """One of the 64 actions, as the planner and the engine see it.

    Order of work for one actor: all `go` give the legs, from which the base (planted feet) is
    laid; all `keys` give the stances, which are laid over it; then `play` runs beat by beat, those
    of kind upper last.
    """

    name: str
    kind: str
    """travel: on its feet along a path; stance: changes how the body rests; whole: takes the whole
    body for a while and gives it back as it was; upper: arms, head and trunk over anything else;
    pair: needs a partner."""
    seconds: tuple[float, float]
    """Natural length at tempo 1, shortest and longest."""
    play: Callable[[Take, Beat], Deed]
    """Edit the posture inside the beat, with ramps inside it, and tell what was done."""
    go: Callable[[Beat, Body, Manner, Setting, np.random.Generator], Leg] | None = None
    """travel: the leg of a beat; whole actions that move over the floor have one too."""
    keys: Callable[[Beat, Body, Manner], tuple[StanceKey, ...]] | None = None
    """stance: what the body rests in, and when."""
    enter: str = "stand"
    """Stance needed at the start."""
    leave: str = "stand"
    """Stance at the end."""
    over: tuple[str, ...] = ("stand",)
    """upper: stances, and "walk", over which it may be laid."""
    sided: bool = False
    """True: a side can be asked for, and captions may name it."""
    counts: tuple[int, int] | None = None
    """Fewest and most repetitions that can be asked for; None: not countable."""
    things: tuple[str, ...] = ()
    """What may be handled; captions name it."""
    directions: tuple[str, ...] = ()
    styles: tuple[str, ...] = ()
