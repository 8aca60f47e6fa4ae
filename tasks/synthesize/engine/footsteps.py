"""Where and when feet stand: phases of the gait along a path, footholds that never slide."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np
from scipy.ndimage import gaussian_filter1d, maximum_filter1d

from stickgen_model.motion.rotations import axis_rotation
from tasks.synthesize.engine.timing import ease, keyed

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from tasks.synthesize.engine.body import Body

__all__ = ["Feet", "GaitStyle", "Keys", "Path", "Stride", "plan_stride", "plant_feet"]

Keys = tuple[tuple[float, ...], tuple[float, ...]]
"""Times in seconds and the values there."""

_WALK_RATIO = 0.39
"""Speed over squared step rate, metres x seconds, of adults at ease; Sekiya et al. 1996 give
0.0065 m per step/min, which is this in SI units."""
_REST_PHASE = 0.06
"""Phase in the middle of double support, where a walker may stop."""
_STANDING_MPS = 0.05
_TURNING_RADPS = 0.25


@dataclass(frozen=True, kw_only=True, slots=True)
class Path:
    """How the body travels."""

    speed: Keys = ((0.0,), (0.0,))
    """Metres a second, >= 0."""
    yaw: Keys = ((0.0,), (0.0,))
    """Facing, radians; 0 = +z, positive = to the left."""
    travel: float = 0.0
    """Direction of travel against the facing, radians: 0 forward, pi backward."""
    start: tuple[float, float] = (0.0, 0.0)
    """x, z at time 0, metres."""


@dataclass(frozen=True, kw_only=True, slots=True)
class GaitStyle:
    """The manner of a gait; angles in radians, lengths as shares of the leg."""

    duty: float = 0.60
    """Share of a stride in which a foot stands."""
    over: float = 0.37
    """Share of the stance after which the hips pass over the foot."""
    cadence: float = 1.0
    """Step rate against the usual for the speed."""
    steps_per_s: float = 0.0
    """Fixed step rate; 0 = from the speed."""
    lift: float = 0.11
    settle: float = 1.8
    """How early in the swing the foot comes down again: 1 late, 3 early."""
    bob: float = 0.022
    """Rise of the hips at mid-stance; negative in running, which rises in flight."""
    toe_off: float = 0.95
    toe_up: float = 0.30
    width: float = 0.20
    lean: float = 0.04
    swing: float = 0.42
    elbow: float = 0.30
    flexion: float = 0.05
    abduction: float = 0.12
    twist: float = 0.12
    sink: float = 0.004
    """Lowering of the hips."""
    nod: float = 0.0
    roll: float = 0.05
    arms: tuple[float, float, float, float] | None = None
    """Fixed arm angles instead of the swing."""


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class Stride:
    """The clock of a gait on a padded time line."""

    t: NDArray[np.float64]
    inside: slice
    """The frames that were asked for."""
    path: NDArray[np.float64]
    """(N, 3) hips over the floor, y = 0."""
    yaw: NDArray[np.float64]
    phase: NDArray[np.float64]
    """(N,) strides; the left foot lands at whole numbers, the right foot at halves."""
    rests: tuple[tuple[float, float], ...]
    """Phase and time of every stop."""
    vigour: NDArray[np.float64]
    """(N,) 0 at rest, 1 in a gait of usual speed."""


@dataclass(frozen=True, kw_only=True, slots=True, eq=False)
class Feet:
    """Both feet over time."""

    ankles: NDArray[np.float64]
    """(N, 2, 3) in the world."""
    turns: NDArray[np.float64]
    """(N, 2, 3, 3) orientations."""
    yaws: NDArray[np.float64]
    """(N, 2)."""
    swing: NDArray[np.float64]
    """(N, 2) progress of the swing, 0..1; 0 while the foot stands."""


def plan_stride(
    t: NDArray[np.float64], path: Path, style: GaitStyle, *, first_phase: float
) -> Stride:
    """Lay out travel and phases over the clip and two seconds around it."""
    step = t[1] - t[0]
    pad = int(np.ceil(2.0 / step))
    wide = t[0] + step * np.arange(-pad, len(t) + pad)
    speed = np.maximum(keyed(wide, *path.speed), 0.0)
    yaw = keyed(wide, *path.yaw)
    heading = yaw + path.travel
    flow = np.stack([np.sin(heading), np.zeros_like(yaw), np.cos(heading)], axis=-1)
    flow = flow * speed[:, None]
    moved = np.concatenate([np.zeros((1, 3)), np.cumsum((flow[1:] + flow[:-1]) / 2, axis=0)])
    place = moved * step
    place += np.array([path.start[0], 0.0, path.start[1]]) - place[pad]
    busy = (speed > _STANDING_MPS) | (np.abs(np.gradient(yaw, step)) > _TURNING_RADPS)
    active = maximum_filter1d(busy, 2 * int(0.4 / step) + 1, mode="nearest")
    rate = 0.5 * style.cadence * np.sqrt(np.maximum(speed, 0.45) / _WALK_RATIO)
    if style.steps_per_s > 0.0:
        rate = np.full_like(rate, 0.5 * style.steps_per_s)
    phase, rests = _phases(wide, active, rate, first_phase)
    vigour = gaussian_filter1d(active * np.clip(0.3 + 0.6 * speed, 0.0, 1.0), 0.12 / step)
    return Stride(
        t=wide,
        inside=slice(pad, pad + len(t)),
        path=place,
        yaw=yaw,
        phase=phase,
        rests=rests,
        vigour=vigour,
    )


def _phases(
    t: NDArray[np.float64], active: NDArray[np.bool_], rate: NDArray[np.float64], first: float
) -> tuple[NDArray[np.float64], tuple[tuple[float, float], ...]]:
    """Integrate the stride rate; every stop falls into double support."""
    edges = np.flatnonzero(np.diff(active.astype(int))) + 1
    bounds = [0, *edges.tolist(), len(t)]
    step = t[1] - t[0]
    gain = np.zeros_like(t)
    rests: list[tuple[float, float]] = []
    at = first if active[0] else _REST_PHASE
    for low, high in pairwise(bounds):
        if not active[low]:
            rests.append((at, float(t[(low + high - 1) // 2])))
            continue
        piece = rate[low:high] * step
        total = float(piece.sum())
        if low > 0 and high < len(t):
            piece = piece * (max(2, round(2 * total)) / 2 / total)
        elif low == 0 and high < len(t):
            landing = np.ceil(2 * (at + total - _REST_PHASE)) / 2 + _REST_PHASE
            piece = piece * ((landing - at) / total)
        gain[low:high] = piece
        at += float(piece.sum())
    begin = first if active[0] else _REST_PHASE
    return begin + np.concatenate([[0.0], np.cumsum(gain)[:-1]]), tuple(rests)


def plant_feet(body: Body, stride: Stride, style: GaitStyle, *, backward: bool) -> Feet:
    """Ankles and feet of both sides along a path."""
    ankles, turns, yaws, swing = [], [], [], []
    for side in (0, 1):
        phase = stride.phase - 0.5 * side
        index = np.floor(phase).astype(int)
        within = phase - index
        u = np.clip((within - style.duty) / (1.0 - style.duty), 0.0, 1.0)
        over = 1.0 - style.over if backward else style.over
        holds, hold_yaws = _footholds(
            body, stride, style, side=side, first=int(index.min()), over=over
        )
        here = index - int(index.min())
        mix = 0.35 * ease(u) + 0.65 * u * u * (3.0 - 2.0 * u)
        place = holds[here] + mix[:, None] * (holds[here + 1] - holds[here])
        yaw = hold_yaws[here] + mix * (hold_yaws[here + 1] - hold_yaws[here])
        place[:, 1] += (
            style.lift * body.leg * _arch(u, style.settle) * np.minimum(1.0, 0.6 + stride.vigour)
        )
        pitch = stride.vigour * _roll(within, style, backward=backward)
        level = axis_rotation("Y", yaw)
        turn = level @ axis_rotation("X", pitch)
        ball = body.offsets[10]
        heel_up = level @ axis_rotation("X", np.maximum(pitch, 0.0))
        place += level @ ball - heel_up @ ball
        ankles.append(place)
        turns.append(turn)
        yaws.append(yaw)
        swing.append(u * (within > style.duty))
    return Feet(
        ankles=np.stack(ankles, axis=1),
        turns=np.stack(turns, axis=1),
        yaws=np.stack(yaws, axis=1),
        swing=np.stack(swing, axis=1),
    )


def _footholds(
    body: Body, stride: Stride, style: GaitStyle, *, side: int, first: int, over: float
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Ankles on the floor, and yaws, of each stance from number `first` on."""
    last = int(np.floor(stride.phase.max())) + 2
    places, yaws = [], []
    for number in range(first, last + 1):
        low = number + 0.5 * side
        when = float(np.interp(low + style.duty * over, stride.phase, stride.t))
        for rest, rest_time in stride.rests:
            if low <= rest <= low + style.duty:
                when = rest_time
        yaw = float(np.interp(when, stride.t, stride.yaw))
        sign = 1.0 - 2.0 * side
        out = sign * style.width * body.leg / 2
        centre = [np.interp(when, stride.t, stride.path[:, axis]) for axis in (0, 2)]
        places.append(
            (
                centre[0] + out * np.cos(yaw),
                body.ankle_height,
                centre[1] - out * np.sin(yaw),
            )
        )
        yaws.append(yaw + sign * 0.10)
    return np.array(places), np.array(yaws)


def _arch(u: NDArray[np.float64], settle: float) -> NDArray[np.float64]:
    """Lift of the foot over the swing: 0, 1 at its highest, 0."""
    top = 2.0 / (2.0 + settle)
    arch: NDArray[np.float64] = u**2 * (1.0 - u) ** settle / (top**2 * (1.0 - top) ** settle)
    return arch


def _roll(within: NDArray[np.float64], style: GaitStyle, *, backward: bool) -> NDArray[np.float64]:
    """Pitch of the foot over a stride: lands on the heel, leaves over the ball."""
    duty = style.duty
    if backward:
        within = np.mod(duty - within, 1.0)
    free = 1.0 - duty
    times = (0.0, 0.16 * duty, 0.50 * duty, duty, duty + 0.55 * free, 1.0)
    return keyed(within, times, (-style.toe_up, 0.0, 0.0, style.toe_off, 0.0, -style.toe_up))
