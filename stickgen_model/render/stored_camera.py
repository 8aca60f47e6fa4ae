"""The flat camera of a clip of a data set, as a camera in space.

It is a centre (x, y) and a zoom: a picture 2 / zoom H high and wide, without perspective. Here a
camera looks straight at that centre and shows as much of the plane through the scene's origin; in
a wide or a tall picture the square lies inside.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final

import numpy as np

from stickgen_model.render.camera_moves import FIELD, LOWEST
from stickgen_model.render.easing import path_at
from stickgen_model.render.framing import holds, nearest_fit

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

__all__ = ["stored_views"]

_HALF: Final = 1.0
"""H above and below the centre at zoom 1."""
_AREA: Final = (0.99, -0.99, 0.99)
_LEAST_ZOOM: Final = 1e-3


def stored_views(track: Floats, points: Floats, *, frames: Floats, aspect: float) -> Floats:
    """Viewpoints of a stored camera.

    Args:
        track: Centre x, y (H) and zoom of every frame, shape (T, 3).
        points: Joints of all actors, H, shape (T, N, 10, 3).
        frames: Frame numbers that are asked for, not only whole ones, shape (F,).
        aspect: Width by height of the picture.

    Returns:
        Shape (F, 7).
    """
    grid = np.arange(len(track), dtype=np.float64)
    people = points.reshape(len(points), -1, 3)
    kept = np.ones(people.shape[:2], dtype=bool)

    def fits(distance: float) -> bool:
        return holds(_views(track, distance, aspect), people, kept, aspect=aspect, area=_AREA)

    least = _HALF / math.tan(0.5 * FIELD)
    distance = nearest_fit(fits, least)
    if not fits(distance):
        # it does not show everybody, however far away: then as asked
        distance = least
    return _views(path_at(grid, track, frames), distance, aspect)


def _views(track: Floats, distance: float, aspect: float) -> Floats:
    half = _HALF / np.maximum(track[:, 2], _LEAST_ZOOM) / min(1.0, aspect)
    views = np.zeros((len(track), 7))
    views[:, [0, 3]] = track[:, :1]
    views[:, [1, 4]] = np.maximum(track[:, 1:2], LOWEST)
    views[:, 2] = distance
    views[:, 6] = 2.0 * np.arctan(half / distance)
    return views
