"""A scene at the times of the frames of a film: poses in between are interpolated."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from scipy.interpolate import PchipInterpolator

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from stickgen_model.animation import Animation

__all__ = ["film_times", "nearest_frames", "values_at"]


def film_times(animation: Animation, fps: float) -> NDArray[np.float64]:
    """Seconds of the frames of a film, from 0; none lies behind the last frame of the scene.

    A film is as long as its scene: round(seconds * fps) frames, at least one. Its last frames may
    show the last pose, which stands for 1 / fps of the scene.

    Args:
        animation: The scene.
        fps: Frames a second of the film.

    Returns:
        Ascending, shape (F,).
    """
    count = max(1, round(animation.seconds * fps))
    return np.minimum(np.arange(count) / fps, (animation.num_frames - 1) / animation.fps)


def values_at(
    values: NDArray[np.floating], times: NDArray[np.floating], fps: float
) -> NDArray[np.float64]:
    """Numbers of a scene at other times.

    Curves are cubic, smooth and pass through every frame; between two frames they stay between
    their values, so that a foot on the floor does not sink into it.

    Args:
        values: Frames along axis 1, shape (N, T, ...).
        times: Seconds after the first frame; held at both ends, shape (F,).
        fps: Frames a second of `values`.

    Returns:
        Shape (N, F, ...).

    Source: Fritsch and Butland, A method for constructing local monotone piecewise cubic
    interpolants, SIAM J. Sci. Stat. Comput. 5 (1984).
    """
    known = np.asarray(values, dtype=np.float64)
    count = known.shape[1]
    frames = np.arange(count) / fps
    at = np.clip(times, 0.0, frames[-1])
    nearest = nearest_frames(at, count, fps)
    there = frames[nearest] == at
    if there.all():
        return known[:, nearest]
    found = np.asarray(PchipInterpolator(frames, known, axis=1)(at), dtype=np.float64)
    found[:, there] = known[:, nearest[there]]
    return found


def nearest_frames(times: NDArray[np.floating], count: int, fps: float) -> NDArray[np.intp]:
    """Numbers of the frames of a scene that are nearest to some times, shape of `times`."""
    return np.clip(np.rint(np.asarray(times) * fps), 0, count - 1).astype(np.intp)
