"""A picture of one frame of a clip, seen from beside the clip's own view."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from datasets_spec.skeleton import NUM_JOINTS
from stickgen_model.render.picture import draw_picture, draw_style, figure_points
from stickgen_model.render.viewpoint import draw_viewpoint

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from stickgen_model.data.augment import Tracks

__all__ = ["ViewedPicture", "picture_of"]


@dataclass(frozen=True, eq=False, slots=True)
class ViewedPicture:
    """A picture and where it was taken from.

    Attributes:
        image: RGB, uint8, shape (R, R, 3).
        viewpoint: As of `stickgen_model.render.viewpoint`, shape (7,).
    """

    image: NDArray[np.uint8]
    viewpoint: NDArray[np.float32]


def picture_of(tracks: Tracks, rng: np.random.Generator) -> ViewedPicture:
    """A picture of a random frame, from a random camera, in random colours.

    Raises:
        ValueError: If the tracks have no depth.
    """
    if tracks.depth is None:
        msg = "picture: expected clips with the depth of their joints, got some without"
        raise ValueError(msg)
    frame = int(rng.integers(len(tracks.joints)))
    joints = tracks.joints[frame].reshape(NUM_JOINTS, 2)
    points = figure_points(joints, tracks.depth[frame])
    low, high = points.min(axis=0), points.max(axis=0)
    extent = float((high - low)[:2].max())
    viewpoint = draw_viewpoint(rng, middle=0.5 * (low + high), extent=extent)
    return ViewedPicture(draw_picture(points, viewpoint, style=draw_style(rng)), viewpoint)
