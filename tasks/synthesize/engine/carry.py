"""A place on the floor to plan from, and whole figures laid over a base."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from tasks.synthesize.engine.arms import aim_hand
from tasks.synthesize.engine.body import joint
from tasks.synthesize.engine.timing import ease

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from tasks.synthesize.engine.body import Body
    from tasks.synthesize.engine.posture import Posture
    from tasks.synthesize.engine.take import Beat, Take

    Floats = NDArray[np.float64]

__all__ = [
    "Figure",
    "Ground",
    "Window",
    "ground_at",
    "keep_toes_up",
    "lay_over",
    "mix_rotations",
    "move_rest",
    "window",
]

_UP: Final = np.array([0.0, 1.0, 0.0])


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class Ground:
    """Axes of a body at one moment. Local places are (left, up, ahead), metres."""

    origin: Floats
    """(3,) the middle between the ankles."""
    basis: Floats
    """(3, 3) columns: left, up, ahead, in the world."""

    def world(self, local: Floats) -> Floats:
        """Local places (..., 3) in the world."""
        placed: Floats = local @ self.basis.T + self.origin
        return placed

    def local(self, world: Floats) -> Floats:
        """Places of the world (..., 3), seen from here."""
        seen: Floats = (world - self.origin) @ self.basis
        return seen


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class Window:
    """When a whole-body action rules; ramps that would be cut by the clip's edge lie outside."""

    start_s: float
    end_s: float
    enter_s: float
    """Length of the ramp in."""
    leave_s: float
    """Length of the ramp out."""

    @property
    def full(self) -> tuple[float, float]:
        """From when to when it rules alone, seconds."""
        return self.start_s + self.enter_s, self.end_s - self.leave_s

    def weight(self, t: Floats) -> Floats:
        """(T,) 0 outside, 1 where it rules alone."""
        rise = ease((t - self.start_s) / self.enter_s)
        weight: Floats = rise * (1.0 - ease((t - self.end_s + self.leave_s) / self.leave_s))
        return weight

    def part(self, t: Floats, first: float, last: float) -> Floats:
        """(T,) a weight that changes between two shares of each ramp: in, and out in mirror."""
        width = max(last - first, 1e-6)
        rise = ease(((t - self.start_s) / self.enter_s - first) / width)
        fall = ease(((self.end_s - t) / self.leave_s - first) / width)
        part: Floats = np.minimum(rise, fall)
        return part


@dataclass(kw_only=True, slots=True, eq=False)
class Figure:
    """A body as an action wants it, in local axes (left, up, ahead) of a ground."""

    hips: Floats
    """(T, 3)."""
    turn: Floats
    """(T, 3, 3) pelvis."""
    trunk: Floats
    """(T, 3) as in `Posture`."""
    head: Floats
    """(T, 3) as in `Posture`."""
    ankles: Floats
    """(T, 2, 3)."""
    feet: Floats
    """(T, 2, 3, 3)."""
    knees: Floats
    """(T, 2, 3) direction."""
    hold: Floats | None = None
    """(T, 2, 3) wrists, in the same axes."""
    reach: Floats | None = None
    """(T, 2, 3) wrists in the chest's frame."""
    arms: Floats | None = None
    """(T, 2, 4) angles."""
    elbows: Floats | float | None = None
    """(T, 2) as in `Posture`."""


def ground_at(posture: Posture, time_s: float) -> Ground:
    """Where a standing body is, and which way it faces, at a time."""
    when = min(int(np.searchsorted(posture.t, time_s)), len(posture.t) - 1)
    ahead = posture.turn[when, :, 2] * (1.0 - _UP)
    ahead = ahead / max(float(np.linalg.norm(ahead)), 1e-9)
    origin = posture.ankles[when].mean(axis=0)
    return Ground(origin=origin, basis=np.stack([np.cross(_UP, ahead), _UP, ahead], axis=-1))


def window(take: Take, beat: Beat, *, enter_s: float, leave_s: float) -> Window:
    """Span of a beat with its ramps; what begins before the clip is there from its first frame."""
    start, end, last = beat.start_s, beat.end_s, float(take.t[-1])
    if start < 0.0:
        start = min(start, -enter_s - 0.05)
    if end > last:
        end = max(end, last + leave_s + 0.05)
    share = min(1.0, 0.9 * (end - start) / (enter_s + leave_s))
    return Window(start_s=start, end_s=end, enter_s=share * enter_s, leave_s=share * leave_s)


def mix_rotations(one: Floats, other: Floats, weight: Floats) -> Floats:
    """From one orientation to another, (T, 3, 3), weight (T,); less than half a turn apart."""
    mixed = one + weight[:, None, None] * (other - one)
    up = mixed[..., 1] / np.linalg.norm(mixed[..., 1], axis=-1, keepdims=True)
    ahead = mixed[..., 2] - (mixed[..., 2] * up).sum(axis=-1, keepdims=True) * up
    ahead /= np.linalg.norm(ahead, axis=-1, keepdims=True)
    return np.stack([np.cross(up, ahead), up, ahead], axis=-1)


def lay_over(
    posture: Posture,
    ground: Ground,
    figure: Figure,
    weight: Floats,
    *,
    legs: Floats | None = None,
    hands: Floats | None = None,
) -> None:
    """Blend a posture towards a figure.

    Args:
        posture: Edited in place.
        ground: Axes of the figure.
        figure: The goal.
        weight: (T,) of hips, trunk and head, and of whatever has no weight of its own.
        legs: (T, 2) weights of the two legs.
        hands: (T, 2) weights of the two arms.
    """
    both = np.stack([weight, weight], axis=-1)
    legs = both if legs is None else legs
    hands = both if hands is None else hands
    mix = weight[:, None]
    posture.hips = posture.hips + mix * (ground.world(figure.hips) - posture.hips)
    posture.turn = mix_rotations(posture.turn, ground.basis @ figure.turn, weight)
    posture.trunk = posture.trunk + mix * (figure.trunk - posture.trunk)
    posture.head = posture.head + mix * (figure.head - posture.head)
    step = legs[..., None]
    posture.ankles = posture.ankles + step * (ground.world(figure.ankles) - posture.ankles)
    posture.knees = posture.knees + step * (figure.knees @ ground.basis.T - posture.knees)
    goal = ground.basis @ figure.feet
    for side in (0, 1):
        posture.feet[:, side] = mix_rotations(posture.feet[:, side], goal[:, side], legs[:, side])
    _lay_arms(posture, ground, figure, hands)


def _lay_arms(posture: Posture, ground: Ground, figure: Figure, hands: Floats) -> None:
    if figure.arms is not None:
        posture.arms = posture.arms + hands[..., None] * (figure.arms - posture.arms)
    if figure.elbows is not None:
        posture.elbows = posture.elbows + hands * (figure.elbows - posture.elbows)
    for side in (0, 1):
        if figure.reach is not None:
            aim_hand(posture, side, figure.reach[:, side], hands[:, side])
        if figure.hold is not None:
            goal = ground.world(figure.hold[:, side])
            aim_hand(posture, side, goal, hands[:, side], in_world=True)


def keep_toes_up(posture: Posture, body: Body, level: Floats | float) -> None:
    """Raise ankles where the toes of a turning foot would be under a floor.

    Args:
        posture: Edited in place; a flat foot on the floor stays as it is.
        body: Whose feet.
        level: Height of the floor, metres, or (T, 2) with a margin for each foot.
    """
    drop = -(posture.feet @ body.offsets[joint("l_foot")])[..., 1]
    posture.ankles[..., 1] = np.maximum(posture.ankles[..., 1], level + drop)


def move_rest(posture: Posture, moved: Floats) -> None:
    """Carry the base along: hips, both ankles and held hands by (T, 3) metres in the world."""
    posture.hips = posture.hips + moved
    posture.ankles = posture.ankles + moved[:, None]
    posture.hold = posture.hold + moved[:, None]
