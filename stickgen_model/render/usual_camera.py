"""The camera of a scene for which none is named."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from stickgen_model.render.camera_plan import CameraPlan, camera_plan, camera_views

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from stickgen_model.animation import Animation

__all__ = ["chosen_plan"]

_LOOKS: Final = 9
"""Times at which cameras are compared."""
_FARTHER: Final = 1.6
"""People more than so many times as small as they could be are too far away to be watched."""


def chosen_plan(
    animation: Animation,
    depth: NDArray[np.floating],
    camera: CameraPlan | str | None,
    *,
    aspect: float,
    still: bool = False,
) -> CameraPlan:
    """The plan that is meant.

    Args:
        animation: The scene.
        depth: As of `render.depth.scene_depth`, H, shape (N, T, 10).
        camera: A plan, the text of one, or None: then it stands still, or goes with the people
            where they cover so much ground that they would be small.
        aspect: Width by height of the picture.
        still: Whether it stands still in any case where none is named.

    Raises:
        ConfigError: If the text does not fit the scene.
    """
    if isinstance(camera, CameraPlan):
        return camera
    if camera is not None or still:
        return camera_plan(camera or "static", animation.seconds)
    plans = [camera_plan(name, animation.seconds) for name in ("static", "track")]
    at = np.linspace(0.0, animation.seconds, _LOOKS)
    still_away, along_away = (_away(animation, depth, plan, at, aspect) for plan in plans)
    return plans[1] if still_away > _FARTHER * along_away else plans[0]


def _away(
    animation: Animation,
    depth: NDArray[np.floating],
    plan: CameraPlan,
    at: NDArray[np.float64],
    aspect: float,
) -> float:
    """How far the camera is from what it looks at, H; the median over the times."""
    views = camera_views(animation, depth, plan, at, aspect)
    return float(np.median(np.linalg.norm(views[:, 3:6] - views[:, :3], axis=1)))
