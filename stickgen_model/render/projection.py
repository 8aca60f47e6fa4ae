"""Places of a scene in the pictures of a moving camera: all frames at once.

Letters of shapes: F frames, K pieces. Viewpoints: `stickgen_model.render.viewpoint`; the field of
view is that between the upper and the lower edge, so that a wide picture shows more aside. Pixels:
x to the right, y down; the middle of the first pixel is (0.5, 0.5).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np

from stickgen_model.render.viewpoint import NEAR

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

__all__ = ["FARTHEST_PIXEL", "View", "cut_near"]

FARTHEST_PIXEL: Final = 1e6
"""Places further outside a picture are drawn in."""


class View:
    """The cameras of a film and its picture.

    Attributes:
        views: Position, target and field of view of every frame, shape (F, 7).
        axes: Right, up and forward as rows, shape (F, 3, 3).
        focal: Pixels of something 1 H large and 1 H away, shape (F,).
        width: Pixels.
        height: Pixels.
    """

    def __init__(self, views: NDArray[Any], *, width: int, height: int) -> None:
        """Of viewpoints, shape (F, 7), and a size, pixels."""
        self.views = np.asarray(views, dtype=np.float64)
        self.width, self.height = width, height
        away = self.views[:, 3:6] - self.views[:, :3]
        forward = away / np.linalg.norm(away, axis=1, keepdims=True)
        level = np.hypot(forward[:, 0], forward[:, 2])
        right = np.stack([-forward[:, 2], np.zeros(len(away)), forward[:, 0]], axis=1)
        right /= level[:, None]
        self.axes: Floats = np.stack([right, np.cross(right, forward), forward], axis=1)
        self.focal: Floats = 0.5 * height / np.tan(0.5 * self.views[:, 6])

    def see(self, points: NDArray[Any]) -> Floats:
        """Places as the cameras see them: to the right, up, ahead; H.

        Args:
            points: H, shape (F, ..., 3).

        Returns:
            Shape of `points`.
        """
        flat = points.reshape(len(points), -1, 3) - self.views[:, None, :3]
        return np.asarray(flat @ self.axes.transpose(0, 2, 1)).reshape(points.shape)

    def pixels(self, seen: Floats) -> Floats:
        """Places in the pictures, (x, y).

        Args:
            seen: As of `see`, all ahead of the camera, shape (F, ..., 3).

        Returns:
            Shape (F, ..., 2).
        """
        scaled = seen[..., :2] * (self.focal.reshape(-1, *[1] * (seen.ndim - 1)) / seen[..., 2:])
        middle = np.array([0.5 * self.width, 0.5 * self.height])
        places = middle + scaled * np.array([1.0, -1.0])
        return np.asarray(np.clip(places, -FARTHEST_PIXEL, FARTHEST_PIXEL))

    def sizes(self, lengths: NDArray[Any], seen: Floats) -> Floats:
        """Pixels of lengths across the view.

        Args:
            lengths: H, of a shape that fits `seen` without its last axis.
            seen: Where they are, as of `see`, shape (F, ..., 3).

        Returns:
            Shape (F, ...).
        """
        focal = self.focal.reshape(-1, *[1] * (seen.ndim - 2))
        return np.asarray(focal * lengths / seen[..., 2])

    def horizon(self) -> Floats:
        """Where the horizon is, pixels from the top, shape (F,); it is level."""
        # the slope of a level ray in the upright camera
        slope = -self.axes[:, 2, 1] / self.axes[:, 1, 1]
        places = 0.5 * self.height - self.focal * slope
        return np.asarray(np.clip(places, -FARTHEST_PIXEL, FARTHEST_PIXEL))


def cut_near(seen: Floats) -> tuple[Floats, NDArray[np.bool_]]:
    """The part of segments that is ahead of the camera.

    Args:
        seen: Both ends of each, as of `View.see`, shape (..., 2, 3).

    Returns:
        The ends, moved where one was behind; all ahead. Whether there is anything, shape (...,).
    """
    behind = seen[..., 2] < NEAR
    if not behind.any():
        return seen, np.ones(seen.shape[:-2], dtype=bool)
    first, second = seen[..., 0, :], seen[..., 1, :]
    along = second[..., 2] - first[..., 2]
    share = (NEAR - first[..., 2]) / np.where(along == 0.0, 1.0, along)
    between = first + share[..., None] * (second - first)
    cut = np.where(behind[..., None], between[..., None, :], seen)
    # what is all behind gets any place ahead; it is not drawn
    cut[behind.all(axis=-1)] = (0.0, 0.0, 1.0)
    cut[..., 2] = np.maximum(cut[..., 2], NEAR)
    return cut, np.asarray(~behind.all(axis=-1))
