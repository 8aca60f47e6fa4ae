"""What is wrong with a signal of body points, whatever its frame rate: noise, repeats, jumps."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np

from tasks.retarget.body import bone_lengths

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.floating[Any]]

__all__ = ["bone_noise", "noise_level", "peak_jump", "repeated_share", "time_jump_share"]

_THIRD_DIFFERENCE: Final = float(np.sqrt(20.0))
"""Third differences of white noise: standard deviation sqrt(1 + 9 + 9 + 1) times its own."""
_REPEAT_M: Final = 2e-6
"""Two frames nearer than this at every point are one frame twice (float32 at 10 m: 1e-6)."""
_MOVING_MPS: Final = 0.02
"""Below this rms speed of the points a change of pace is no sign of a lost frame."""
_MOVING_NOISE: Final = 10.0
"""... nor below this many times the noise, a step."""
_CALM_PERCENTILE: Final = 20.0
"""The calm fifth of the frames gives the noise; every lost frame disturbs four."""
_HELD: Final = 0.3
"""A step this short beside the mean of its neighbours: a held frame has 0."""
_SKIPPED: Final = 1.65
"""A step this long along the mean of its neighbours: a skipped frame has 2."""
_ALONG: Final = 0.9
"""Cosine from which on a long step is a skipped frame; a glitch goes elsewhere."""
_MIN_FRAMES: Final = 5


def _third_differences(points: Floats) -> Floats:
    """Noise a coordinate that would explain each third difference, shape (T - 3,)."""
    third = np.diff(points.reshape(points.shape[0], -1), n=3, axis=0)
    power = np.einsum("ti,ti->t", third, third) / third.shape[1]
    return np.asarray(np.sqrt(power) / _THIRD_DIFFERENCE)


def noise_level(points: Floats) -> float:
    """White noise that would explain the third differences, unit of `points`.

    Smooth motion contributes its jerk times the cubed frame time: next to nothing at 120 fps.

    Args:
        points: Shape (T, P, 3).

    Returns:
        Standard deviation a coordinate: rms over points, median over frames.
    """
    return float(np.median(_third_differences(points))) if points.shape[0] >= _MIN_FRAMES else 0.0


def bone_noise(points: Floats) -> float:
    """White noise that would explain how bone lengths change from frame to frame.

    Independent of the motion: rigid bones keep their length at every speed and frame rate.

    Args:
        points: Shape (T, 15, 3).

    Returns:
        Standard deviation a coordinate, unit of `points`: rms over bones, median over frames.
    """
    if points.shape[0] < _MIN_FRAMES:
        return 0.0
    change = np.diff(bone_lengths(points), axis=0)
    # noise s at both ends: length sqrt(2) s, its change from frame to frame 2 s
    return float(np.median(np.sqrt(np.einsum("tb,tb->t", change, change) / change.shape[1])) / 2.0)


def repeated_share(points: Floats) -> float:
    """Share of steps in which no point moves at all.

    Args:
        points: Shape (T, P, 3), metres.
    """
    if points.shape[0] < 2:
        return 0.0
    steps = np.abs(np.diff(points, axis=0)).reshape(points.shape[0] - 1, -1)
    return float(np.mean(steps.max(axis=1) < _REPEAT_M))


def _step_and_neighbours(points: Floats) -> tuple[Floats, Floats]:
    steps = np.diff(points, axis=0).reshape(points.shape[0] - 1, -1)
    return steps[1:-1], (steps[:-2] + steps[2:]) * 0.5


def time_jump_share(points: Floats, *, fps: float) -> float:
    """Share of steps in which the whole body goes as if a frame were held or skipped.

    The step is compared with the mean of the steps before and after it; slow ones do not count.

    Args:
        points: Shape (T, P, 3), metres.
        fps: Frames per second.
    """
    if points.shape[0] < _MIN_FRAMES:
        return 0.0
    step, around = _step_and_neighbours(points)
    power = np.einsum("ti,ti->t", around, around)
    noise = float(np.percentile(_third_differences(points), _CALM_PERCENTILE))
    slowest = max(_MOVING_MPS / fps, _MOVING_NOISE * noise)
    moving = power > points.shape[1] * slowest**2
    around_norm = np.sqrt(np.where(moving, power, 1.0))
    step_norm = np.sqrt(np.einsum("ti,ti->t", step, step))
    along = np.einsum("ti,ti->t", step, around) / around_norm
    skipped = (along > _SKIPPED * around_norm) & (along > _ALONG * step_norm)
    odd = moving & ((step_norm < _HELD * around_norm) | skipped)
    return float(odd.mean())


def peak_jump(points: Floats) -> float:
    """Largest one-frame departure of the whole body from its course (rms over points).

    Left and right exchanged, a glitch, or a cut inside the clip: no body does that.

    Args:
        points: Shape (T, P, 3).

    Returns:
        Unit of `points`.
    """
    if points.shape[0] < _MIN_FRAMES:
        return 0.0
    step, around = _step_and_neighbours(points)
    off = step - around
    return float(np.sqrt(np.einsum("ti,ti->t", off, off).max() / points.shape[1]))
