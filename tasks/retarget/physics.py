"""Velocity, acceleration and momentum of the body centre."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np

from datasets_spec.skeleton import GENERIC_LENGTHS
from tasks.retarget.body import CENTRE_WEIGHTS

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.floating[Any]]

__all__ = ["centre_derivatives", "relative_mass"]

_HALF_FIT: Final = 2
_FIT_FRAMES: Final = 2 * _HALF_FIT + 1
"""A parabola fitted to five frames: exact for free fall, calm where a difference is not."""
_SLOPE: Final = np.array([-2.0, -1.0, 0.0, 1.0, 2.0]) / 10.0
_CURVATURE: Final = np.array([2.0, -1.0, -2.0, -1.0, 2.0]) / 7.0
"""Least squares: first and second derivative of that parabola at its middle, per frame."""
_MASS_INDEX: Final = 22.0
"""kg/m2: the middle of the healthy range of body mass index (WHO: 18.5 to 25)."""
_REFERENCE_KG: Final = 70.0
_HEIGHT_SHARE: Final = sum(
    GENERIC_LENGTHS[part] for part in ("thigh", "shin", "torso", "neck_head")
)
"""H as a share of stature, for the generic body."""


def relative_mass(height_m: float) -> float:
    """Mass of a body of height H (metres) as a multiple of 70 kg."""
    return _MASS_INDEX * (height_m / _HEIGHT_SHARE) ** 2 / _REFERENCE_KG


def centre_derivatives(
    points: Floats, *, fps: float
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Velocity and acceleration of the body centre.

    Args:
        points: Shape (T, 15, 3), any unit.
        fps: Frames per second.

    Returns:
        Two arrays (T, 3): unit/s and unit/s2. Zero where there are too few frames to tell.
    """
    centre = np.tensordot(points, CENTRE_WEIGHTS, axes=([1], [0])).astype(np.float64)
    num_frames = centre.shape[0]
    if num_frames < _FIT_FRAMES:
        flat = np.zeros_like(centre)
        return (np.gradient(centre, 1.0 / fps, axis=0) if num_frames > 1 else flat), flat
    inner = slice(_HALF_FIT, num_frames - _HALF_FIT)
    velocity, acceleration = np.empty_like(centre), np.empty_like(centre)
    around = [centre[k : num_frames - 2 * _HALF_FIT + k] for k in range(_FIT_FRAMES)]
    velocity[inner] = sum(w * rows for w, rows in zip(_SLOPE, around, strict=True)) * fps
    acceleration[inner] = sum(w * rows for w, rows in zip(_CURVATURE, around, strict=True)) * fps**2
    # at the ends the nearest parabola goes on
    for end, place in ((_HALF_FIT, slice(0, _HALF_FIT)), (-_HALF_FIT - 1, slice(-_HALF_FIT, None))):
        away_s = (np.arange(num_frames)[place] - end % num_frames)[:, None] / fps
        velocity[place] = velocity[end] + acceleration[end] * away_s
        acceleration[place] = acceleration[end]
    return velocity, acceleration
