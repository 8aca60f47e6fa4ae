"""How far every joint is from the viewer: stored, or estimated from the flat figure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from stickgen_model.render.lift import lift

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from stickgen_model.animation import Animation

__all__ = ["scene_depth"]


def scene_depth(animation: Animation) -> NDArray[np.float32]:
    """Depth of every joint, H, towards the viewer is larger.

    Args:
        animation: The scene.

    Returns:
        What is stored where something is, else an estimate; shape (N, T, 10).
    """
    if animation.depth is not None:
        return animation.depth
    return lift(animation.joints, fps=animation.fps)
