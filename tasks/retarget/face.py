"""Expression and speech of an actor, frame by frame of a clip."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from datasets_spec.motion import SILENT
from datasets_spec.schema import CLIP_FPS

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from datasets_spec.motion import MotionSequence
    from tasks.retarget.windows import Window

__all__ = ["face_tracks"]


def face_tracks(
    sequence: MotionSequence, actor: int, *, window: Window, fps: float
) -> tuple[NDArray[np.uint8], NDArray[np.uint8]]:
    """Ids at 25 fps, each that of the nearest source frame.

    Args:
        sequence: What a reader delivered.
        actor: Number of the actor.
        window: Frames at 25 fps.
        fps: Of the source, snapped.

    Returns:
        Expression and speech, both (T,) uint8; neutral and silent where the source knows nothing.
    """
    motion = sequence.actors[actor]
    places = np.rint(np.arange(window.start, window.stop) * (fps / CLIP_FPS)).astype(np.int64)
    rows = np.minimum(places, sequence.num_frames - 1) + sequence.margin_frames[0]
    silence = np.full(window.num_frames, SILENT, dtype=np.uint8)
    return (
        np.zeros_like(silence) if motion.expression is None else motion.expression[rows],
        silence if motion.speech is None else motion.speech[rows],
    )
