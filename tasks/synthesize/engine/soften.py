"""Take the edge off control tracks: muscles have no corners."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from tasks.synthesize.engine.posture import Posture

    Floats = NDArray[np.float64]

__all__ = ["soften"]

_STILL_M: Final = 0.002
"""An ankle that moves less than this in a frame stands."""


def soften(posture: Posture) -> None:
    """Smooth every track with the kernel (1, 2, 1) / 4.

    At 25 fps it halves what is at 6 Hz and leaves a foot that stands, a constant speed and the
    curvature of a flight as they are. Recorded motion on the same grid has about this much less
    jerk than key poses in minimum-jerk curves alone (measured on walking, running, dancing,
    climbing and dribbling of CMU and AIST++ performers).

    Args:
        posture: Edited in place.
    """
    for name in ("hips", "trunk", "head", "arms", "knees", "elbows"):
        setattr(posture, name, _smooth(getattr(posture, name)))
    posture.ankles = _smooth_swings(posture.ankles)
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


def _smooth_swings(ankles: Floats) -> Floats:
    """Ankles (T, 2, 3), smoothed in the air only: a foot comes down and leaves when it does."""
    step = np.abs(np.diff(ankles, axis=0)).max(axis=-1) < _STILL_M
    still = np.zeros(ankles.shape[:2], dtype=bool)
    still[:-1] |= step
    still[1:] |= step
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
