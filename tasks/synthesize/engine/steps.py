"""Steps out of a standing base and back: feet that leave their place, and hips that follow.

The order inside a `play`: `step_feet` with all moves, edits of hips, pelvis and trunk, then
`keep_hips_in_reach` once, so that no bearing leg is too short.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from stickgen_model.motion.rotations import axis_rotation
from tasks.synthesize.engine.limbs import REACH
from tasks.synthesize.engine.splines import glide
from tasks.synthesize.engine.timing import ease

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from tasks.synthesize.engine.take import Take

    Floats = NDArray[np.float64]

__all__ = ["FootMove", "Stepping", "keep_hips_in_reach", "pivot_feet", "step_feet"]

_SOFT_M: Final = 0.03
"""Width of the bend where a leg's reach begins to hold the hips down, by eye."""
_AIR: Final = 0.30
"""Share of a step, at either end, in which a leg takes over or gives up its load."""


@dataclass(frozen=True, kw_only=True, slots=True)
class FootMove:
    """One foot goes from where it stands to another place.

    Places are counted from where the base has the feet, in the frame of the body as it faces at
    the first frame: so (0, 0) with yaw 0 brings a foot home. A yaw carries the foot around the
    middle between both feet, as in a turn of the whole body.
    """

    side: int
    start_s: float
    end_s: float
    left: float = 0.0
    """Metres to the left of the foot's home."""
    ahead: float = 0.0
    """Metres ahead of the foot's home."""
    yaw: float = 0.0
    """Turn of the body's frame, radians to the left; may pass a whole turn."""
    toe: float = 0.0
    """Turn of the foot alone about its ankle, radians to the left."""
    lift: float = 0.05
    """Height of the arc, metres; 0: the foot slides over the floor."""
    roll: float = 0.45
    """Pitch of the foot as it leaves the floor over its ball, radians."""
    over: float = 0.6
    """How far the hips go over the other foot meanwhile: 0 not at all, 1 above it."""


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class Stepping:
    """What the feet do over the frames of the steps."""

    air: Floats
    """(n, 2) 0 while a foot stands, up to 1 in the middle of its step."""
    load: Floats
    """(n,) where the weight is: 0 left foot, 0.5 both, 1 right foot."""
    yaw: Floats
    """(n,) turn of the body's frame against the start, radians to the left."""
    left_axis: Floats
    """(3,) the body's left at the start, in the world."""
    ahead_axis: Floats
    """(3,) where the body faces at the start, in the world."""


def step_feet(take: Take, frames: slice, moves: Sequence[FootMove]) -> Stepping:
    """Make the steps, turn pelvis and knees with the feet, and carry the hips between them.

    The last move of each foot should bring it home before the last frame, or the foot jumps back.

    Args:
        take: Its ankles, feet, knees, hips and turn are edited.
        frames: Frames to edit; the body stands throughout (no gait beneath).
        moves: Those of one foot in order of start; where they overlap, the earlier one is hurried.
    """
    posture, t = take.posture, take.t[frames]
    ahead = posture.turn[frames.start, :, 2] * np.array([1.0, 0.0, 1.0])
    ahead /= np.linalg.norm(ahead)
    left = np.array([ahead[2], 0.0, -ahead[0]])
    home = posture.ankles[frames.start] * np.array([1.0, 0.0, 1.0])
    middle = home.mean(axis=0)
    shift, yaws, air = [], [], []
    for side in (0, 1):
        own = [one for one in moves if one.side == side]
        if not own:
            shift.append(np.zeros((len(t), 3)))
            yaws.append(np.zeros(len(t)))
            air.append(np.zeros(len(t)))
            continue
        track, up, roll = _foot_track(t, own)
        rest = home[side] - middle
        place = _spin(track[:, 2], np.broadcast_to(rest, (len(t), 3))) - rest
        place += track[:, 0, None] * left + track[:, 1, None] * ahead
        _move_foot(take, frames, side, place, track[:, 2:4], np.stack([up[:, 0], roll], axis=-1))
        shift.append(place)
        yaws.append(track[:, 2])
        air.append(up[:, 1])
    load = _load(t, moves)
    yaw = (yaws[0] + yaws[1]) / 2
    span = (home[1] + shift[1]) - (home[0] + shift[0])
    carry = (shift[0] + shift[1]) / 2 + (load - 0.5)[:, None] * span
    away = posture.hips[frames] - middle
    away[:, 1] = 0.0
    posture.hips[frames] += carry
    if yaw.any():
        posture.hips[frames] += _spin(yaw, away) - away
        posture.turn[frames] = axis_rotation("Y", yaw) @ posture.turn[frames]
    return Stepping(
        air=np.stack(air, axis=-1), load=load, yaw=yaw, left_axis=left, ahead_axis=ahead
    )


def pivot_feet(
    take: Take, frames: slice, yaw: Floats, pitch: Floats, *, on_heels: bool = False
) -> None:
    """Turn feet about their balls, and raise heels over them; or turn them about their heels.

    Args:
        take: Its ankles, feet and knees are edited.
        frames: n frames.
        yaw: (n, 2) turn of each foot, radians to the left.
        pitch: (n, 2) rise of each heel, radians, >= 0.
        on_heels: Turn about the ankles, which then stay where they are; only with pitch 0.
    """
    posture = take.posture
    for side in (0, 1):
        ball = take.body.offsets[10 + side]
        level = posture.feet[frames, side]
        turned = axis_rotation("Y", yaw[:, side]) @ level @ axis_rotation("X", pitch[:, side])
        if not on_heels:
            posture.ankles[frames, side] += (level - turned) @ ball
        posture.feet[frames, side] = turned
        # the knee goes about half as far as the foot: the hip turns for the rest
        knees = posture.knees[frames, side]
        posture.knees[frames, side] = _spin(0.6 * yaw[:, side], knees)


def keep_hips_in_reach(take: Take, frames: slice, air: Floats | None = None) -> None:
    """Lower the hips, softly, where a bearing leg is too short for where its foot stands.

    Args:
        take: Its hips are edited, only downwards.
        frames: n frames, whose first and last already are in reach.
        air: (n, 2) 0 for a bearing foot, 1 for a free one; None: both bear.
    """
    posture, body = take.posture, take.body
    hips, turn = posture.hips[frames], posture.turn[frames]
    num = len(hips)
    u = np.linspace(0.0, 1.0, num) if num > 1 else np.zeros(1)
    soft = _SOFT_M * ease(u / 0.1) * ease((1.0 - u) / 0.1)
    height = hips[:, 1].copy()
    reach = (REACH - 0.003) * body.leg
    for side in (0, 1):
        across = turn[:, :, 0] * body.offsets[1 + side, 0]
        gap = hips + across - posture.ankles[frames, side]
        room = np.sqrt(np.maximum(reach**2 - gap[:, 0] ** 2 - gap[:, 2] ** 2, 0.04 * reach**2))
        most = posture.ankles[frames, side, 1] + room - across[:, 1]
        if air is not None:
            most = most + 0.5 * body.leg * air[:, side]
        over = height - most
        height = height - 0.5 * (over + np.sqrt(over**2 + soft**2))
    posture.hips[frames, 1] = height


def _foot_track(t: Floats, moves: Sequence[FootMove]) -> tuple[Floats, Floats, Floats]:
    """Place of one foot (n, 4: left, ahead, yaw, toe), its rise and air (n, 2), its pitch (n,)."""
    starts = np.array([one.start_s for one in moves])
    ends = np.array([one.end_s for one in moves])
    # a foot that is called away early comes down sooner
    ends[:-1] = np.minimum(ends[:-1], starts[1:])
    ends = np.maximum(ends, starts + 1e-3)
    goals = np.array([(one.left, one.ahead, one.yaw, one.toe) for one in moves])
    froms = np.concatenate([np.zeros((1, 4)), goals[:-1]])
    arcs = np.array([(one.lift, one.roll if one.lift > 0.0 else 0.0) for one in moves])
    k = np.clip(np.searchsorted(starts, t, side="right") - 1, 0, len(moves) - 1)
    u = np.minimum(np.maximum((t - starts[k]) / (ends - starts)[k], 0.0), 1.0)
    # the foot rises before it travels and comes down after: its path is over by 92 % of the time
    track = froms[k] + ease((u - 0.08) / 0.84)[:, None] * (goals - froms)[k]
    arch = 16.0 * u**2 * (1.0 - u) ** 2
    air = ease(u / _AIR) * ease((1.0 - u) / _AIR)
    heel = 9.48 * u * (1.0 - u) ** 3 * ease(u / 0.12)
    return track, np.stack([arcs[k, 0] * arch, air], axis=-1), arcs[k, 1] * heel


def _move_foot(
    take: Take, frames: slice, side: int, place: Floats, turns: Floats, rise: Floats
) -> None:
    """Add one foot's track: place (n, 3), turns (n, 2: yaw, toe), rise (n, 2: height, pitch)."""
    posture = take.posture
    ball = take.body.offsets[10 + side]
    level = axis_rotation("Y", turns.sum(axis=-1)) @ posture.feet[frames, side]
    tipped = level @ axis_rotation("X", rise[:, 1])
    place = place + (level - tipped) @ ball
    place[:, 1] += rise[:, 0]
    posture.ankles[frames, side] += place
    posture.feet[frames, side] = tipped
    knees = posture.knees[frames, side]
    posture.knees[frames, side] = _spin(turns[:, 0] + 0.7 * turns[:, 1], knees)


def _load(t: Floats, moves: Sequence[FootMove]) -> Floats:
    """Share of the weight on the right foot, (n,)."""
    times, loads = [float(t[0])], [0.5]
    for one in sorted(moves, key=lambda move: move.start_s):
        full = 0.5 + (0.5 if one.side == 0 else -0.5) * one.over
        edge = 0.2 * (one.end_s - one.start_s)
        times += [one.start_s + edge, one.end_s - edge]
        loads += [full, full]
    last = max([one.end_s for one in moves], default=float(t[0]))
    times.append(max(min(last + 0.35, float(t[-1])), last))
    loads.append(0.5)
    order = np.argsort(times, kind="stable")
    return glide(t, [times[k] for k in order], np.array(loads)[order])


def _spin(yaw: Floats, vectors: Floats) -> Floats:
    """Vectors (n, 3) turned about y by angles (n,), to the left."""
    cosine, sine = np.cos(yaw), np.sin(yaw)
    x, z = vectors[:, 0], vectors[:, 2]
    return np.stack([cosine * x + sine * z, vectors[:, 1], cosine * z - sine * x], axis=-1)
