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

_STILL_M: Final = 0.003
"""An ankle or a ball of the foot that moves less than this in a frame stands."""


def soften(body: Body, posture: Posture) -> None:
    """Smooth every track with the kernel (1, 2, 1) / 4.

    At 25 fps it halves what is at 6 Hz and leaves a foot that stands, a constant speed and the
    curvature of a flight as they are. Recorded motion on the same grid has about this much less
    jerk than key poses in minimum-jerk curves alone (measured on walking, running, dancing,
    climbing and dribbling of CMU and AIST++ performers).

    Args:
        body: Whose feet they are.
        posture: Edited in place.
    """
    for name in ("hips", "trunk", "head", "arms", "knees", "elbows"):
        setattr(posture, name, _smooth(getattr(posture, name)))
    toes = posture.ankles + posture.feet @ body.offsets[joint("l_foot")]
    posture.ankles = _smooth_swings(posture.ankles, toes)
    for goal, weight in (("reach", "reach_weight"), ("hold", "hold_weight")):
        weights = getattr(posture, weight)
        if not weights.any():
            continue
        total = _smooth(weights)
        # where nothing is aimed at, the goal means nothing and must not be mixed in
        sums = _smooth(getattr(posture, goal) * weights[..., None])
        known = np.maximum(total, 1e-12)[..., None]
        setattr(posture, goal, np.where(total[..., None] > 0.0, sums / known, 0.0))
        setattr(posture, weight, total)
    posture.turn = _rotations(_smooth(posture.turn))


def _smooth(track: Floats) -> Floats:
    """(1, 2, 1) / 4 along the first axis; the ends stay as they are."""
    out = track.copy()
    out[1:-1] *= 0.5
    out[1:-1] += 0.25 * (track[:-2] + track[2:])
    return out


def _smooth_swings(ankles: Floats, toes: Floats) -> Floats:
    """Ankles (T, 2, 3), smoothed in the air only.

    A foot comes down and leaves when it does, and while it rolls over its ball the ball stays.
    """
    still = np.zeros(ankles.shape[:2], dtype=bool)
    for track in (ankles, toes):
        step = np.diff(track, axis=0)
        stands = np.einsum("tsi,tsi->ts", step, step) < _STILL_M**2
        still[:-1] |= stands
        still[1:] |= stands
    return np.where(still[..., None], ankles, _smooth(ankles))


def _rotations(matrices: Floats) -> Floats:
    """The nearest proper frames with the same y axis, (..., 3, 3)."""
    up = matrices[..., 1] / np.sqrt(
        np.einsum("...i,...i->...", matrices[..., 1], matrices[..., 1])[..., None]
    )
    front = matrices[..., 2] - np.einsum("...i,...i->...", matrices[..., 2], up)[..., None] * up
    front /= np.sqrt(np.einsum("...i,...i->...", front, front)[..., None])
    out = np.empty_like(matrices)
    out[..., 1], out[..., 2] = up, front
    out[..., 0, 0] = up[..., 1] * front[..., 2] - up[..., 2] * front[..., 1]
    out[..., 1, 0] = up[..., 2] * front[..., 0] - up[..., 0] * front[..., 2]
    out[..., 2, 0] = up[..., 0] * front[..., 1] - up[..., 1] * front[..., 0]
    return out
