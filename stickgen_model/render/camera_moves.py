"""The seven camera moves in space: position, target and field of view of every frame.

Static, pan, zoom and crane frame all of a shot from where they stand; track, dolly and orbit go
with the people. A camera looks at its subjects from slightly above; `distance` is level.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from stickgen_model.render.easing import ease, lagged, path_at, steadied
from stickgen_model.render.framing import SAFE_AREA, holds, nearest_fit

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from datasets_spec.shot import Shot

    Floats = NDArray[np.float64]

__all__ = ["FIELD", "LOWEST", "MOVES", "USUAL_AMOUNTS", "Stage", "shot_views"]

FIELD: Final = math.radians(32.0)
"""Of a camera that does not zoom."""
LOWEST: Final = 0.12
"""H over the floor; no camera goes below."""
USUAL_AMOUNTS: Final = {
    "static": 0.0,
    "pan": 0.8,
    "zoom": 1.45,
    "track": 0.35,
    "dolly": 1.35,
    "crane": 0.6,
    "orbit": 2.4,
}
"""By move, where a shot names none; as for the cameras of the data sets."""
_PITCH: Final = math.radians(7.0)
_LEAST_HALF: Final = 0.62
"""H: a picture is never less than twice as high, so that whoever crouches is not blown up."""
_STEADY_S: Final = 0.45
_CRANE_FOOT: Final = 0.4
_PARTS: Final = 4
"""A pan begins and ends with the first and the last of so many parts of its shot."""


@dataclass(frozen=True, eq=False, kw_only=True, slots=True)
class Stage:
    """Whom a shot has to hold.

    Attributes:
        times: Seconds, ascending, shape (T,).
        points: Joints of all actors, H, shape (T, N, 10, 3).
        followed: Which actors the shot keeps, shape (N,).
    """

    times: Floats
    points: Floats
    followed: NDArray[np.bool_]


@dataclass(frozen=True, eq=False, kw_only=True, slots=True)
class _Frame:
    """What a move is told: progress 0..1, target (F, 3) and how far the camera is from it."""

    progress: Floats
    target: Floats
    distance: float
    amount: float
    sweep: Floats
    """What the camera's eye goes over, for a pan, shape (3,)."""


def shot_views(shot: Shot, stage: Stage, times: Floats, *, aspect: float) -> Floats:
    """Viewpoints of a shot that hold whom it follows from its first to its last frame.

    The distance is found from the stage alone, so that it does not depend on `times`.

    Args:
        shot: The move.
        stage: People in the time of the shot.
        times: Seconds, shape (F,).
        aspect: Width by height of the picture.

    Returns:
        Shape (F, 7).
    """
    amount = shot.amount or USUAL_AMOUNTS[shot.move]
    course = _course(shot, stage, amount)
    centre = _centre(stage.points[:, stage.followed], course)
    sweep = np.array([amount, 0.0, 0.0])
    if _goes_over(shot, stage):
        # from where the others are at the beginning to where the followed are at the end
        part = len(stage.times) // _PARTS + 1
        others = _centre(stage.points[:part, ~stage.followed], course[:part])
        end = _centre(stage.points[-part:, stage.followed], course[-part:])
        centre, sweep = 0.5 * (others + end), end - others
    kept = _kept(shot, stage)

    def views(at: Floats, distance: float) -> Floats:
        share = (at - shot.start_s) / (shot.end_s - shot.start_s)
        target = centre + path_at(stage.times, course, at)
        return MOVES[shot.move](
            _Frame(
                progress=ease(share, shot.easing),
                target=target,
                distance=distance,
                amount=amount,
                sweep=sweep,
            )
        )

    people = stage.points.reshape(len(stage.times), -1, 3)

    def fits(distance: float) -> bool:
        return holds(views(stage.times, distance), people, kept, aspect=aspect)

    least = _LEAST_HALF / math.tan(0.5 * FIELD)
    return views(times, nearest_fit(fits, least))


def _share(shot: Shot, times: Floats) -> Floats:
    return ease((times - shot.start_s) / (shot.end_s - shot.start_s), shot.easing)


def _kept(shot: Shot, stage: Stage) -> NDArray[np.bool_]:
    """Which points must be in the picture, shape (T, N * 10)."""
    kept = np.broadcast_to(stage.followed, (len(stage.times), len(stage.followed)))
    if _goes_over(shot, stage):
        late = _share(shot, stage.times)[:, None] >= 0.5
        kept = np.where(late, stage.followed, ~stage.followed)
    return np.repeat(kept, stage.points.shape[2], axis=1)


def _goes_over(shot: Shot, stage: Stage) -> bool:
    """Whether the shot pans from the others to whom it follows."""
    return shot.move == "pan" and shot.follow is not None and not bool(stage.followed.all())


def _middles(stage: Stage, who: NDArray[np.bool_]) -> Floats:
    """Middle of the box around some, frame by frame, shape (T, 3)."""
    chosen = stage.points[:, who].reshape(len(stage.times), -1, 3)
    return np.asarray((chosen.min(axis=1) + chosen.max(axis=1)) / 2.0)


def _course(shot: Shot, stage: Stage, amount: float) -> Floats:
    """How target and camera go with the people, from where they begin, shape (T, 3)."""
    course = np.zeros((len(stage.times), 3))
    rate = (len(stage.times) - 1) / max(float(np.ptp(stage.times)), 1e-6)
    if shot.move not in {"track", "dolly", "orbit"}:
        return course
    middles = steadied(_middles(stage, stage.followed), _STEADY_S * rate)
    if shot.move == "track":
        course[:, 0] = lagged(middles[:, :1], amount * rate)[:, 0]
    else:
        course[:, [0, 2]] = middles[:, [0, 2]]
    return np.asarray(course - course[0])


def _centre(points: Floats, course: Floats) -> Floats:
    """Middle of some people, shape (T, N, 10, 3), seen by somebody who goes a course, (T, 3)."""
    chosen = (points - course[:, None, None]).reshape(-1, 3)
    low, high = chosen.min(axis=0), chosen.max(axis=0)
    centre = (low + high) / 2.0
    # the safe area is not in the middle of the picture
    centre[1] -= 0.5 * (SAFE_AREA[1] + SAFE_AREA[2]) * max(_LEAST_HALF, high[1] - centre[1])
    return np.asarray(centre)


def _views(target: Floats, away: Floats, *, field: Floats | float = FIELD) -> Floats:
    position = target + away
    position[:, 1] = np.maximum(position[:, 1], LOWEST)
    fields = np.broadcast_to(field, (len(target),))
    return np.concatenate([position, target, fields[:, None]], axis=1)


def _away(yaw: Floats | float, distance: Floats | float, *, count: int) -> Floats:
    """From target to camera, turned about the vertical, shape (F, 3)."""
    away = np.empty((count, 3))
    away[:, 0] = distance * np.sin(yaw)
    away[:, 1] = distance * math.tan(_PITCH)
    away[:, 2] = distance * np.cos(yaw)
    return away


def _static(frame: _Frame) -> Floats:
    return _views(frame.target, _away(0.0, frame.distance, count=len(frame.target)))


def _pan(frame: _Frame) -> Floats:
    """The camera stands and turns; what it looks at goes past."""
    away = _away(0.0, frame.distance, count=len(frame.target))
    swept = (frame.progress[:, None] - 0.5) * frame.sweep
    return _views(frame.target + swept, away - swept)


def _zoom(frame: _Frame) -> Floats:
    half = math.tan(0.5 * FIELD) * frame.amount ** (0.5 - frame.progress)
    away = _away(0.0, frame.distance, count=len(frame.target))
    return _views(frame.target, away, field=2.0 * np.arctan(half))


def _dolly(frame: _Frame) -> Floats:
    distance = frame.distance * frame.amount ** (0.5 - frame.progress)
    return _views(frame.target, _away(0.0, distance, count=len(frame.target)))


def _crane(frame: _Frame) -> Floats:
    away = _away(0.0, frame.distance, count=len(frame.target))
    risen = frame.progress * frame.amount - min(0.0, frame.amount)
    away[:, 1] = _CRANE_FOOT + risen - frame.target[:, 1]
    return _views(frame.target, away)


def _orbit(frame: _Frame) -> Floats:
    """Half of the circle on either side of the front; from the front where it goes further."""
    begin = -0.5 * frame.amount if abs(frame.amount) <= math.pi else 0.0
    yaw = begin + frame.progress * frame.amount
    return _views(frame.target, _away(yaw, frame.distance, count=len(frame.target)))


MOVES: Final[dict[str, Callable[[_Frame], Floats]]] = {
    "static": _static,
    "pan": _pan,
    "zoom": _zoom,
    "track": _static,
    "dolly": _dolly,
    "crane": _crane,
    "orbit": _orbit,
}
"""Each gives viewpoints, shape (F, 7). Track is static about a target that moves."""
