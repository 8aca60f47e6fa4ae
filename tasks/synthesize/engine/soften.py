"""Take the edge off control tracks: muscles have no corners."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from tasks.synthesize.engine.body import joint

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from tasks.synthesize.engine.body import Body
    from tasks.synthesize.engine.posture import Posture

    Floats = NDArray[np.float64]

__all__ = ["soften"]

_LAG_S: Final = 0.04
"""Distance of the kernel's outer weights from its middle: a frame of a clip."""
_STILL_MPS: Final = 0.075
"""An ankle or a ball of the foot that is slower than this stands."""


def soften(body: Body, posture: Posture) -> None:
    """Smooth every track with the kernel (1, 2, 1) / 4 over 0.08 s.

    It halves what is at 6 Hz and leaves a foot that stands, a constant speed and the curvature of a
    flight as they are. Recorded motion at 25 fps has about this much less jerk than key poses in
    minimum-jerk curves alone (measured on walking, running, dancing, climbing and dribbling of CMU
    and AIST++ performers).

    Args:
        body: Whose feet they are.
        posture: Edited in place; of any frame rate.
    """
    rate = 1.0 / float(posture.t[1] - posture.t[0])
    lag = _LAG_S * rate
    for name in ("hips", "trunk", "head", "arms", "knees", "elbows"):
        setattr(posture, name, _smooth(getattr(posture, name), lag))
    balls = posture.feet.reshape(-1, 3) @ body.offsets[joint("l_foot")]
    toes = posture.ankles + balls.reshape(posture.ankles.shape)
    posture.ankles = _smooth_swings(posture.ankles, toes, lag, still_m=_STILL_MPS / rate)
    for goal, weight in (("reach", "reach_weight"), ("hold", "hold_weight")):
        weights = getattr(posture, weight)
        if not weights.any():
            continue
        total = _smooth(weights, lag)
        # where nothing is aimed at, the goal means nothing and must not be mixed in
        sums = _smooth(getattr(posture, goal) * weights[..., None], lag)
        known = np.maximum(total, 1e-12)[..., None]
        setattr(posture, goal, np.where(total[..., None] > 0.0, sums / known, 0.0))
        setattr(posture, weight, total)
    posture.turn = _rotations(_smooth(posture.turn, lag))


def _smooth(track: Floats, lag: float) -> Floats:
    """The kernel with its outer weights `lag` frames away; the first and last frames stay."""
    if abs(lag - 1.0) < 1e-6:
        out = track.copy()
        out[1:-1] *= 0.5
        out[1:-1] += 0.25 * (track[:-2] + track[2:])
        return out
    here = np.arange(len(track), dtype=np.float64)
    reach = np.minimum(np.minimum(here, here[::-1]), lag)
    smoothed: Floats = 0.5 * track + 0.25 * (_at(track, here - reach) + _at(track, here + reach))
    return smoothed


def _at(track: Floats, rows: Floats) -> Floats:
    """A track between its frames, straight from one to the next."""
    low = np.minimum(rows.astype(np.intp), len(track) - 2)
    share = (rows - low).reshape((-1,) + (1,) * (track.ndim - 1))
    between: Floats = (1.0 - share) * track[low] + share * track[low + 1]
    return between


def _smooth_swings(ankles: Floats, toes: Floats, lag: float, *, still_m: float) -> Floats:
    """Ankles (T, 2, 3), smoothed in the air only.

    A foot comes down and leaves when it does, and while it rolls over its ball the ball stays.
    """
    still = np.zeros(ankles.shape[:2], dtype=bool)
    for track in (ankles, toes):
        step = track[1:] - track[:-1]
        stands = np.einsum("tsi,tsi->ts", step, step) < still_m**2
        still[:-1] |= stands
        still[1:] |= stands
    if abs(lag - 1.0) < 1e-6:
        return np.where(still[..., None], ankles, _smooth(ankles, lag))
    free = np.minimum(_rows_from(still) / lag, 1.0)[..., None]
    mixed: Floats = ankles + free * (_smooth(ankles, lag) - ankles)
    return mixed


def _rows_from(marked: NDArray[np.bool_]) -> Floats:
    """Rows to the nearest marked one in the same column, (T, N)."""
    rows = np.arange(len(marked), dtype=np.float64)[:, None]
    last = np.maximum.accumulate(np.where(marked, rows, -np.inf), axis=0)
    following = np.minimum.accumulate(np.where(marked, rows, np.inf)[::-1], axis=0)[::-1]
    nearest: Floats = np.minimum(rows - last, following - rows)
    return nearest


def _rotations(matrices: Floats) -> Floats:
    """The nearest proper frames with the same y axis, (T, 3, 3)."""
    # components first: every step then runs over contiguous memory
    up, front = np.ascontiguousarray(matrices.transpose(2, 1, 0)[1:])
    up /= np.sqrt(np.einsum("it,it->t", up, up))
    front -= np.einsum("it,it->t", front, up) * up
    front /= np.sqrt(np.einsum("it,it->t", front, front))
    out = np.empty_like(matrices)
    out[:, :, 1], out[:, :, 2] = up.T, front.T
    out[:, 0, 0] = up[1] * front[2] - up[2] * front[1]
    out[:, 1, 0] = up[2] * front[0] - up[0] * front[2]
    out[:, 2, 0] = up[0] * front[1] - up[1] * front[0]
    return out
