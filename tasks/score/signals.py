"""What is wrong with a signal of body points, whatever its frame rate: noise, repeats, jumps."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from tasks.retarget.body import bone_lengths
from tasks.retarget.ranks import median, percentile

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.floating[Any]]

__all__ = ["SignalMeasures", "bone_noise", "signal_measures"]

_THIRD_DIFFERENCE: Final = float(np.sqrt(20.0))
"""Third differences of white noise: standard deviation sqrt(1 + 9 + 9 + 1) times its own."""
_REPEAT_M: Final = 2e-6
"""A step with all points together shorter than this is one frame twice."""
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


@dataclass(frozen=True, kw_only=True, slots=True)
class SignalMeasures:
    """Of one stretch of motion; lengths in the unit of its points."""

    noise: float = 0.0
    """White noise a coordinate that would explain the third differences (rms over points, median
    over frames). Smooth motion adds its jerk times the cubed frame time: nothing at 120 fps."""
    repeated_share: float = 0.0
    """Share of steps in which no point moves at all."""
    time_jump_share: float = 0.0
    """Share of steps in which the whole body goes as if a frame were held or skipped."""
    peak_jump: float = 0.0
    """Largest one-frame departure of the whole body from its course (rms over points). Left and
    right exchanged, a glitch, a cut inside the clip: no body does that."""


def signal_measures(points: Floats, *, fps: float) -> SignalMeasures:
    """Measure a stretch of motion.

    A step is compared with the mean of the steps before and after it; it differs from that mean
    by half a third difference of the positions, which serves all measures but the repeats.

    Args:
        points: Shape (T, P, 3), metres. Fewer than 5 frames tell nothing.
        fps: Frames per second.
    """
    num_frames, num_points = points.shape[:2]
    if num_frames < _MIN_FRAMES:
        return SignalMeasures()
    rows = points.reshape(num_frames, -1)
    steps = rows[1:] - rows[:-1]
    second = steps[1:] - steps[:-1]
    third = second[1:] - second[:-1]
    step_power = np.einsum("ti,ti->t", steps, steps)
    third_power = np.einsum("ti,ti->t", third, third)
    cross = np.einsum("ti,ti->t", steps[1:-1], third)
    noise = np.sqrt(third_power / third.shape[1]) / _THIRD_DIFFERENCE
    slowest = max(_MOVING_MPS / fps, _MOVING_NOISE * percentile(noise, _CALM_PERCENTILE))
    # around = step + third / 2, so its products with itself and with the step need no array
    around_power = step_power[1:-1] + cross + third_power / 4.0
    moving = around_power > num_points * slowest**2
    around = np.sqrt(np.where(moving, around_power, 1.0))
    step = np.sqrt(step_power[1:-1])
    along = (step_power[1:-1] + cross / 2.0) / around
    skipped = (along > _SKIPPED * around) & (along > _ALONG * step)
    return SignalMeasures(
        noise=float(median(noise)),
        repeated_share=_share(step_power < _REPEAT_M**2),
        time_jump_share=_share(moving & ((step < _HELD * around) | skipped)),
        peak_jump=float(np.sqrt(third_power.max() / num_points) / 2.0),
    )


def _share(marked: NDArray[np.bool_]) -> float:
    return float(np.count_nonzero(marked) / marked.size)


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
    lengths = bone_lengths(points)
    change = lengths[1:] - lengths[:-1]
    # noise s at both ends: length sqrt(2) s, its change from frame to frame 2 s
    noise = median(np.sqrt(np.einsum("tb,tb->t", change, change) / change.shape[1]))
    return float(noise / 2.0)
