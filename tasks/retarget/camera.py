"""Where the camera of a clip stands while nothing asks it to move."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from datasets_spec.schema import CAMERA_DIM

if TYPE_CHECKING:
    from numpy.typing import NDArray

__all__ = ["still_camera"]

_CAMERA_Y: Final = 0.5
"""Height at which the camera looks while the figure stays in its picture."""
_PICTURE_H: Final = 2.0
"""Height of the picture at zoom 1, H."""
_PICTURE_MARGIN: Final = 0.2
"""Added to the extent of the motion: head and limbs are drawn with a width."""


def still_camera(bodies: list[NDArray[np.float64]]) -> NDArray[np.float32]:
    """A camera that stands still and holds every actor from the first to the last frame.

    Args:
        bodies: Points of each actor in the view's axes, shape (T, 15, 3), H.

    Returns:
        Shape (T, 3): centre x, y (H) and zoom (1: a picture 2 H high and wide).
    """
    # a coordinate at a time: reductions over rows of two numbers are several times slower
    planes = [[body[:, :, axis] for body in bodies] for axis in range(2)]
    low = np.array([min(plane.min() for plane in row) for row in planes])
    high = np.array([max(plane.max() for plane in row) for row in planes])
    centre = (low + high) / 2.0
    half = (_PICTURE_H - _PICTURE_MARGIN) / 2.0
    if low[1] >= _CAMERA_Y - half and high[1] <= _CAMERA_Y + half:
        centre[1] = _CAMERA_Y
    extent = float((high - low).max()) + _PICTURE_MARGIN
    row = np.array([centre[0], centre[1], min(1.0, _PICTURE_H / extent)], dtype=np.float32)
    return np.broadcast_to(row, (bodies[0].shape[0], CAMERA_DIM)).copy()
