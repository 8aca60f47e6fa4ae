"""Style words that change the whole motion, as numbers."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["STYLES", "StyleSpec"]

_Arm = tuple[float, float, float, float]


@dataclass(frozen=True, kw_only=True, slots=True)
class StyleSpec:
    """One style: angles in radians, lengths as shares of the leg, all added to the usual."""

    phrases: tuple[str, ...]
    """How captions say it, after a verb: "like a zombie"."""
    tempo: float = 1.0
    gait: Mapping[str, float] = field(default_factory=dict)
    """Factors on numbers of `GaitStyle`."""
    trunk: tuple[float, float, float] = (0.0, 0.0, 0.0)
    head: tuple[float, float, float] = (0.0, 0.0, 0.0)
    arms: _Arm | None = None
    """Where both arms are held: flexion, abduction, inward turn, elbow; None: as usual."""
    left: _Arm | None = None
    """The left arm, if it is held in another way."""
    right: _Arm | None = None
    hold: float = 0.85
    """How firmly the arms are held there: the rest is their usual swing."""
    sink: float = 0.0
    """The hips are lower."""
    tiptoe: float = 0.0
    """Pitch of the feet, heels up."""
    toes_in: float = 0.0
    """Feet turned inwards (negative: outwards)."""
    sway: tuple[float, float] = (0.0, 0.0)
    """Lean of the trunk from side to side: radians, hertz."""
    nodding: tuple[float, float] = (0.0, 0.0)
    """Head forward and back: radians, hertz."""
    going: bool = False
    """True: seen in steps only, not in who stands."""
    flap: tuple[float, float] = (0.0, 0.0)
    """Arms up and down: radians, hertz."""
    flail: tuple[float, float] = (0.0, 0.0)
    """Arms forward and back by turns, beside what they do anyway: radians, hertz."""


STYLES: Final[Mapping[str, StyleSpec]] = {
    "aeroplane": StyleSpec(
        phrases=("with both arms spread like wings", "like an aeroplane"),
        arms=(0.0, 1.5, 0.0, 0.05),
        sway=(0.22, 0.45),
    ),
    "akimbo": StyleSpec(
        phrases=("with hands on the hips",), hold=0.95, arms=(-0.35, 0.75, 0.9, 1.75)
    ),
    "arms_above_head": StyleSpec(
        phrases=("with both arms above the head",), hold=0.97, arms=(2.85, 0.15, 0.0, 0.15)
    ),
    "arms_behind_back": StyleSpec(
        phrases=("with hands clasped behind the back",), hold=0.97, arms=(-0.55, 0.22, 1.0, 0.85)
    ),
    "beast": StyleSpec(
        phrases=("like a gorilla", "like an ape"),
        trunk=(0.42, 0.0, 0.0),
        head=(-0.3, 0.0, 0.0),
        hold=0.6,
        arms=(0.35, 0.45, 0.3, 0.35),
        sink=0.10,
        sway=(0.16, 0.8),
        gait={"width": 1.9, "lift": 0.9},
    ),
    "bent_forward": StyleSpec(
        phrases=("bent forward",), trunk=(0.55, 0.0, 0.0), head=(-0.3, 0.0, 0.0)
    ),
    "big_steps": StyleSpec(
        phrases=("with big steps", "with long strides"),
        gait={"cadence": 0.72, "lift": 1.3, "swing": 1.4},
        sink=0.045,
        going=True,
    ),
    "cat": StyleSpec(
        phrases=("on soft paws like a cat", "softly like a cat"),
        arms=(0.75, 0.1, 0.1, 1.2),
        gait={"width": 0.35, "lift": 1.5, "bob": 0.5},
        sink=0.05,
        tiptoe=0.25,
    ),
    "chicken": StyleSpec(
        phrases=("like a chicken",),
        arms=(-0.15, 0.75, 0.3, 2.1),
        flap=(0.25, 2.1),
        nodding=(0.30, 1.9),
        trunk=(0.2, 0.0, 0.0),
        gait={"lift": 1.6, "cadence": 1.2},
    ),
    "crouched": StyleSpec(
        phrases=("crouched low", "in a crouch"),
        trunk=(0.35, 0.0, 0.0),
        head=(-0.25, 0.0, 0.0),
        sink=0.20,
    ),
    "depressed": StyleSpec(
        phrases=("with a drooping head", "dejectedly"),
        tempo=0.78,
        trunk=(0.22, 0.0, 0.0),
        head=(0.45, 0.0, 0.0),
        gait={"swing": 0.5, "lift": 0.75, "bob": 0.7},
    ),
    "dinosaur": StyleSpec(
        phrases=("like a dinosaur",),
        trunk=(0.45, 0.0, 0.0),
        head=(-0.4, 0.0, 0.0),
        arms=(0.55, 0.08, 0.2, 1.9),
        gait={"lift": 1.7, "cadence": 0.85},
        sink=0.06,
    ),
    "drunk": StyleSpec(
        phrases=("drunkenly", "as if drunk"),
        tempo=0.85,
        sway=(0.20, 0.33),
        nodding=(0.12, 0.41),
        gait={"width": 1.6, "cadence": 0.92},
        hold=0.35,
        arms=(0.2, 0.5, 0.1, 0.5),
    ),
    "duck_footed": StyleSpec(phrases=("with toes turned out",), toes_in=-0.55),
    "elated": StyleSpec(
        phrases=("elatedly", "with a spring in every step"),
        head=(-0.20, 0.0, 0.0),
        trunk=(-0.12, 0.0, 0.0),
        gait={"bob": 2.3, "swing": 1.8, "lift": 1.35},
        going=True,
    ),
    "heavyset": StyleSpec(
        phrases=("like a muscle man", "with tensed arms held wide"),
        arms=(0.15, 0.55, 0.3, 0.75),
        hold=0.7,
        trunk=(-0.05, 0.0, 0.0),
        gait={"width": 1.8, "cadence": 0.9},
        sway=(0.10, 0.85),
    ),
    "lean_back": StyleSpec(phrases=("leaning back",), trunk=(-0.35, 0.0, 0.0)),
    "lean_left": StyleSpec(phrases=("leaning to the left",), trunk=(0.0, 0.0, 0.38)),
    "lean_right": StyleSpec(phrases=("leaning to the right",), trunk=(0.0, 0.0, -0.38)),
    "look_up": StyleSpec(phrases=("looking up",), head=(-0.75, 0.0, 0.0), trunk=(-0.08, 0.0, 0.0)),
    "monk": StyleSpec(
        phrases=("with folded hands and a bowed head", "like a monk"),
        tempo=0.85,
        head=(0.32, 0.0, 0.0),
        hold=0.97,
        arms=(0.35, 0.02, 0.75, 1.05),
    ),
    "old": StyleSpec(
        phrases=("like an old person", "with a bent back"),
        tempo=0.72,
        trunk=(0.45, 0.0, 0.0),
        head=(-0.15, 0.0, 0.0),
        gait={"lift": 0.6, "swing": 0.5, "width": 1.35, "cadence": 1.1},
        sink=0.06,
    ),
    "penguin": StyleSpec(
        phrases=("like a penguin", "with a waddle"),
        arms=(-0.15, 0.42, 0.0, 0.1),
        toes_in=-0.5,
        sway=(0.22, 0.95),
        gait={"cadence": 1.45, "lift": 0.5, "width": 0.9},
    ),
    "pigeon_toed": StyleSpec(phrases=("with toes turned in", "pigeon-toed"), toes_in=0.55),
    "proud": StyleSpec(
        phrases=("proudly", "with the chest out"),
        trunk=(-0.28, 0.0, 0.0),
        head=(0.08, 0.0, 0.0),
        hold=0.35,
        arms=(-0.1, 0.35, 0.1, 0.35),
        gait={"swing": 1.4, "lift": 1.2},
    ),
    "raised_left_arm": StyleSpec(
        phrases=("with the left arm raised",), hold=0.97, left=(2.6, 0.3, 0.0, 0.15)
    ),
    "raised_right_arm": StyleSpec(
        phrases=("with the right arm raised",), hold=0.97, right=(2.6, 0.3, 0.0, 0.15)
    ),
    "robot": StyleSpec(
        phrases=("like a robot", "stiffly like a machine"),
        tempo=0.85,
        arms=(0.0, 0.10, 0.2, 1.55),
        hold=0.55,
        gait={"bob": 0.3, "twist": 0.2, "roll": 0.2},
    ),
    "rushed": StyleSpec(
        phrases=("in a hurry", "hurriedly"),
        tempo=1.28,
        trunk=(0.22, 0.0, 0.0),
        head=(-0.12, 0.0, 0.0),
        gait={"swing": 1.35, "cadence": 1.15, "elbow": 1.8},
        going=True,
    ),
    "sneaky": StyleSpec(
        phrases=("sneakily", "stealthily"),
        tempo=0.7,
        trunk=(0.35, 0.0, 0.0),
        head=(-0.2, 0.0, 0.0),
        arms=(0.65, 0.15, 0.2, 1.35),
        hold=0.75,
        sink=0.13,
        gait={"lift": 1.9},
        tiptoe=0.22,
    ),
    "star": StyleSpec(
        phrases=("with arms and legs spread wide",),
        hold=0.97,
        arms=(0.0, 1.25, 0.0, 0.08),
        gait={"width": 2.6},
    ),
    "stiff": StyleSpec(
        phrases=("stiffly",),
        hold=0.92,
        arms=(0.0, 0.10, 0.0, 0.08),
        gait={"twist": 0.2, "roll": 0.3},
    ),
    "strutting": StyleSpec(
        phrases=("with a swagger",),
        trunk=(-0.20, 0.0, 0.0),
        sway=(0.18, 0.8),
        hold=0.3,
        arms=(0.0, 0.45, 0.2, 0.6),
        gait={"swing": 1.6, "twist": 1.8, "bob": 1.6, "cadence": 0.9},
    ),
    "superman": StyleSpec(
        phrases=("like a superhero in flight",),
        hold=0.97,
        right=(2.1, 0.05, 0.0, 0.05),
        left=(0.1, 0.2, 0.3, 1.3),
        trunk=(0.12, 0.0, 0.0),
    ),
    "tiptoe": StyleSpec(
        phrases=("on tiptoe", "on the toes"), tiptoe=0.62, gait={"toe_up": 0.1, "lift": 1.2}
    ),
    "wide_legs": StyleSpec(phrases=("with legs wide apart",), gait={"width": 4.0}, sink=0.06),
    "wild_arms": StyleSpec(
        phrases=("with wildly swinging arms",),
        gait={"swing": 1.6, "elbow": 1.4},
        flail=(0.75, 0.85),
    ),
    "zombie": StyleSpec(
        phrases=("like a zombie",),
        tempo=0.65,
        arms=(1.45, 0.02, 0.1, 0.18),
        hold=0.95,
        head=(0.1, 0.0, 0.28),
        trunk=(0.18, 0.0, 0.0),
        sway=(0.12, 0.5),
        gait={"lift": 0.6, "swing": 0.2, "width": 1.3},
    ),
}
"""Styles by word. Numbers by eye, after the descriptions of the 100STYLE collection of gaits
(Mason, Starke and Komura 2022), whose style words users search for."""
