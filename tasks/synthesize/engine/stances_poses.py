"""Key poses of a whole body near the floor: what a pose says, and the measures it is built from."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from datasets_spec.skeleton import GENERIC_LENGTHS

if TYPE_CHECKING:
    from tasks.synthesize.engine.body import Body

__all__ = [
    "HANG",
    "Angles",
    "Foot",
    "Frame",
    "Hand",
    "Place",
    "Pose",
    "both_hands",
    "by_side",
    "floor_hand",
    "foot_at",
    "sign_of",
    "tipped",
    "turned",
]

Place = tuple[float, float, float]
"""x left, y up, z ahead of the middle between the feet on the floor, metres."""
Angles = tuple[float, float, float, float]
"""Yaw, pitch (forward), roll (to the right), spin about the long axis, radians: in this order."""
_USUAL_ARM: Final = GENERIC_LENGTHS["upper_arm"] + GENERIC_LENGTHS["forearm"]
HANG: Final = (0.05, 0.12, 0.25, 0.30)
"""A hanging arm: flexion, abduction, inward turn, bend."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Hand:
    """Where a wrist is."""

    at: Place
    bears: bool = False
    """True: it is planted there in the world; False: the arm's angles are chosen to reach it."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Foot:
    """Where a foot is, if not where it stood."""

    ball: Place
    turn: Angles = (0.0, 0.0, 0.0, 0.0)


@dataclass(frozen=True, kw_only=True, slots=True)
class Pose:
    """A whole body, in metres and radians, over the place where it stood."""

    hips: Place
    turn: Angles = (0.0, 0.0, 0.0, 0.0)
    trunk: Place = (0.0, 0.0, 0.0)
    head: Place = (0.0, 0.0, 0.0)
    arms: tuple[Angles, Angles] = (HANG, HANG)
    hands: tuple[Hand | None, Hand | None] = (None, None)
    feet: tuple[Foot | None, Foot | None] = (None, None)
    """None: as it stood."""
    knees: tuple[Place | None, Place | None] = (None, None)
    """Direction in which each knee points; None: as it stood."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Frame:
    """Measures of a body, and the choices one clip makes among equal ways."""

    tall: float
    thigh: float
    shin: float
    short: float
    """How much shorter the arms are than usual, share of stature; negative: longer."""
    ankle: float
    """Ankle above the floor."""
    ball: tuple[float, float]
    """Ball of the foot from the ankle: down, ahead."""
    stood: tuple[Place, Place]
    """Ankles where the body stands."""
    yaws: tuple[float, float] = (0.0, 0.0)
    """How far each foot is turned there, radians to the left."""
    side: int = 1
    """The hand that goes to the floor first, and the knee that does."""
    knees_at: float = 0.0
    """Where the knees kneel, ahead of the place of standing, metres."""
    psi: float = 0.0
    """How far the body on the floor has turned from where it stood (a fall to the side)."""
    twist: Place = (0.0, 0.0, 0.0)
    """Three small numbers in -1..1 that make two clips of a pose differ."""

    @classmethod
    def of(cls, body: Body, stood: tuple[Place, Place], yaws: tuple[float, float]) -> Frame:
        """Measures of a body."""
        ball = body.offsets[10]
        return cls(
            tall=body.stature,
            thigh=body.length("l_knee"),
            shin=body.length("l_ankle"),
            short=_USUAL_ARM - (body.length("l_elbow") + body.length("l_wrist")) / body.stature,
            ankle=body.ankle_height,
            ball=(-float(ball[1]), float(ball[2])),
            stood=stood,
            yaws=yaws,
        )


def foot_at(
    frame: Frame, ankle: Place, *, pitch: float, yaw: float = 0.0, spin: float = 0.0
) -> Foot:
    """A foot by its ankle. Pitch > 0: heel up; about 2.9: the top of the foot on the floor."""
    down, ahead = frame.ball
    # the foot's vector turned about its own long axis first, then pitched, then turned to its yaw
    x, y, z = ahead * math.sin(spin), -down, ahead * math.cos(spin)
    y, z = y * math.cos(pitch) - z * math.sin(pitch), y * math.sin(pitch) + z * math.cos(pitch)
    x, z = x * math.cos(yaw) + z * math.sin(yaw), -x * math.sin(yaw) + z * math.cos(yaw)
    at = (ankle[0] + x, ankle[1] + y, ankle[2] + z)
    return Foot(ball=at, turn=(yaw, pitch, 0.0, spin))


def tipped(frame: Frame, side: int, pitch: float) -> Foot:
    """A foot whose ball stays where it stood, its heel raised by an angle."""
    yaw = frame.yaws[side]
    flat = foot_at(frame, frame.stood[side], pitch=0.0, yaw=yaw)
    return Foot(ball=flat.ball, turn=(yaw, pitch, 0.0, 0.0))


def turned(frame: Frame, pose: Pose, psi: float) -> Pose:
    """The same pose, turned about the place of standing by psi radians to the left."""
    if psi == 0.0:
        return pose

    def place(at: Place) -> Place:
        return (
            at[0] * math.cos(psi) + at[2] * math.sin(psi),
            at[1],
            -at[0] * math.sin(psi) + at[2] * math.cos(psi),
        )

    def angles(turn: Angles) -> Angles:
        return (turn[0] + psi, *turn[1:])

    feet, knees, hands = [], [], []
    for side in (0, 1):
        foot = pose.feet[side] or tipped(frame, side, 0.0)
        feet.append(Foot(ball=place(foot.ball), turn=angles(foot.turn)))
        knees.append(place(pose.knees[side] or (0.0, 0.0, 1.0)))
        hand = pose.hands[side]
        hands.append(replace(hand, at=place(hand.at)) if hand else None)
    return replace(
        pose,
        hips=place(pose.hips),
        turn=angles(pose.turn),
        feet=(feet[0], feet[1]),
        knees=(knees[0], knees[1]),
        hands=(hands[0], hands[1]),
    )


def sign_of(side: int) -> float:
    """1 for the left, -1 for the right: the way out along x."""
    return 1.0 - 2.0 * side


def both_hands(frame: Frame, at: Place, *, bears: bool = False) -> tuple[Hand, Hand]:
    """Both hands, given for the left one in shares of stature."""
    x, y, z = (v * frame.tall for v in at)
    return Hand(at=(x, y, z), bears=bears), Hand(at=(-x, y, z), bears=bears)


def floor_hand(frame: Frame, at: tuple[float, float]) -> Hand:
    """A bearing hand at x, z, shares of stature."""
    return Hand(at=(at[0] * frame.tall, 0.05, at[1] * frame.tall), bears=True)


def by_side(side: int, here: Hand | None, other: Hand | None) -> tuple[Hand | None, Hand | None]:
    """Left and right, from what the hand of one side and the other one do."""
    return (other, here) if side else (here, other)
