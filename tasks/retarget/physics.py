"""Velocity, acceleration and momentum of the body centre."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np
from scipy.signal import savgol_filter

from datasets_spec.skeleton import GENERIC_LENGTHS
from tasks.retarget.body import CENTRE_WEIGHTS

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.floating[Any]]

__all__ = ["centre_derivatives", "relative_mass"]

_FIT_FRAMES: Final = 5
"""A parabola through five frames: exact for free fall, calm where a difference is not."""
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
    if num_frames >= _FIT_FRAMES:
        velocity, acceleration = (
            savgol_filter(centre, _FIT_FRAMES, 2, deriv=order, delta=1.0 / fps, axis=0)
            for order in (1, 2)
        )
        return np.asarray(velocity), np.asarray(acceleration)
    velocity = np.gradient(centre, 1.0 / fps, axis=0) if num_frames > 1 else np.zeros_like(centre)
    return velocity, np.zeros_like(centre)
