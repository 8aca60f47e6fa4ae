"""A pinhole camera told by seven numbers: position (3), target (3), field of view (1).

Places are in H, in the axes of a clip: x to the right of its view, y up from the floor, z to its
viewer (the stored depth); x and z count from where the clip's pelvis begins. The field of view is
that between the upper and lower edge of a square picture, radians. The camera is held upright.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from stickgen_model.config import VIEWPOINT_DIM

if TYPE_CHECKING:
    from numpy.typing import ArrayLike, NDArray

__all__ = ["NEAR", "Camera", "draw_viewpoint"]

NEAR: Final = 0.05
"""H; what is nearer to the camera is not drawn."""

_MAX_YAW: Final = math.radians(30.0)
_PITCH: Final = (math.radians(-4.0), math.radians(16.0))
_HALF_HEIGHT: Final = (0.72, 1.15)
"""H that the picture shows above and below the target."""
_FIELD: Final = (math.radians(28.0), math.radians(58.0))
_SHIFT: Final = 0.12
_MIDDLE: Final = 0.5
_LOWEST: Final = 0.12


@dataclass(frozen=True, eq=False, slots=True)
class Camera:
    """A camera that looks at its target.

    Attributes:
        position: Shape (3,).
        axes: Right, up and forward as rows, shape (3, 3), orthonormal.
        field: Radians, between 0 and pi.
    """

    position: NDArray[np.float64]
    axes: NDArray[np.float64]
    field: float

    @classmethod
    def from_viewpoint(cls, viewpoint: ArrayLike) -> Camera:
        """The camera of seven numbers.

        Raises:
            ValueError: If they are not seven finite numbers, if the target is at the camera or
                right above or below it, or if the field of view is not between 0 and pi.
        """
        numbers = np.asarray(viewpoint, dtype=np.float64)
        if numbers.shape != (VIEWPOINT_DIM,) or not np.isfinite(numbers).all():
            msg = f"viewpoint: expected {VIEWPOINT_DIM} finite numbers, got {viewpoint!r}"
            raise ValueError(msg)
        position, target, field = numbers[:3], numbers[3:6], float(numbers[6])
        away = target - position
        level = math.hypot(away[0], away[2])
        if level < 1e-6 * (1.0 + abs(float(away[1]))) or not 0.0 < field < math.pi:
            msg = (
                "viewpoint: expected a target to the side of the position and a field of view "
                f"between 0 and pi radians, got {numbers.tolist()}"
            )
            raise ValueError(msg)
        forward = away / np.linalg.norm(away)
        right = np.array([-away[2], 0.0, away[0]]) / level
        return cls(position, np.stack([right, np.cross(right, forward), forward]), field)

    def see(self, points: NDArray[Any]) -> NDArray[np.float64]:
        """Points as the camera sees them: to the right, up, ahead.

        Args:
            points: Shape (..., 3), H.

        Returns:
            Shape (..., 3), H.
        """
        return np.asarray((points - self.position) @ self.axes.T, dtype=np.float64)

    def focal(self, size: int) -> float:
        """Pixels of something 1 H large and 1 H away, in a picture of `size` rows."""
        return 0.5 * size / math.tan(0.5 * self.field)

    def project(self, seen: NDArray[np.float64], *, size: int) -> NDArray[np.float64]:
        """Places in the picture.

        Args:
            seen: As of `see`, all of them ahead of the camera, shape (..., 3).
            size: Rows and columns of the picture.

        Returns:
            (x, y) with y down, pixels, shape (..., 2).
        """
        scaled = self.focal(size) * seen[..., :2] / seen[..., 2:]
        return np.asarray(0.5 * size + scaled * np.array([1.0, -1.0]), dtype=np.float64)


def draw_viewpoint(
    rng: np.random.Generator, *, middle: ArrayLike, extent: float = 1.0
) -> NDArray[np.float32]:
    """A camera off the clip's own view: turned by up to 30 degrees, at another distance.

    Six numbers are drawn, whatever the figure is.

    Args:
        rng: Source of randomness.
        middle: Middle of the figure, (x, y, z), H.
        extent: Larger side of the figure, H; a large figure is seen from further away.

    Returns:
        Position, target and field of view, shape (7,).
    """
    draws = rng.random(6)
    yaw = (2.0 * draws[0] - 1.0) * _MAX_YAW
    pitch = _between(_PITCH, draws[1])
    field = _between(_FIELD, draws[2])
    half = _between(_HALF_HEIGHT, draws[3]) * max(1.0, extent)
    distance = half / math.tan(0.5 * field)
    shift = _SHIFT * (2.0 * draws[4:] - 1.0)
    target = np.asarray(middle, dtype=np.float64) + np.append(shift, 0.0)
    target[1] = max(target[1], _MIDDLE * half)
    away = np.array(
        [math.sin(yaw) * math.cos(pitch), math.sin(pitch), math.cos(yaw) * math.cos(pitch)]
    )
    position = target + distance * away
    position[1] = max(position[1], _LOWEST)
    return np.array([*position, *target, field], dtype=np.float32)


def _between(bounds: tuple[float, float], share: float) -> float:
    return bounds[0] + share * (bounds[1] - bounds[0])
