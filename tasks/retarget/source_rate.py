"""Measures that only the source-rate motion can give, before filter and resampling hide them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from stickgen_model.motion.filtering import MIN_FILTER_FPS
from tasks.score.signals import bone_noise, signal_measures

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

__all__ = ["SOURCE_JUMP", "SOURCE_NOISE", "SOURCE_REPEATS", "SOURCE_TIME_JUMPS", "source_measures"]

SOURCE_NOISE: Final = "noise_mm"
SOURCE_JUMP: Final = "peak_jump_m"
SOURCE_REPEATS: Final = "repeated_share"
SOURCE_TIME_JUMPS: Final = "time_jump_share"
_MM: Final = 1000.0


def source_measures(points: NDArray[np.floating[Any]], *, fps: float) -> dict[str, float]:
    """Noise, repeated frames and time jumps of a stretch of source motion.

    Args:
        points: Shape (T, 15, 3), metres, as read.
        fps: Frames per second.

    Returns:
        noise_mm (standard deviation a coordinate), repeated_share, time_jump_share,
        peak_jump_m.
    """
    signal = signal_measures(points, fps=fps)
    noise = bone_noise(points)
    if fps >= MIN_FILTER_FPS:
        # at lower rates the jerk of honest motion is as large as the noise
        noise = max(noise, signal.noise)
    return {
        SOURCE_NOISE: noise * _MM,
        SOURCE_REPEATS: signal.repeated_share,
        SOURCE_TIME_JUMPS: signal.time_jump_share,
        SOURCE_JUMP: signal.peak_jump,
    }
