"""Clips of different lengths as one array.

Letters of shapes: B clips, T frames of the longest, J = 10 joints.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from datasets_spec.skeleton import NUM_JOINTS, POSE_DIM

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

__all__ = ["as_joints", "pad_clips"]


def pad_clips(
    clips: Sequence[NDArray[np.floating[Any]]],
) -> tuple[NDArray[np.float32], NDArray[np.bool_]]:
    """Put clips into one array; frames after the end of a clip repeat its last one.

    Args:
        clips: Joints of each, shape (T', 10, 2) or (T', 20), H, T' >= 1.

    Returns:
        Joints (B, T, 10, 2), float32, and True at real frames (B, T).

    Raises:
        ValueError: If there are no clips, or one has another shape, no frame or a number that is
            not finite.
    """
    if not clips:
        msg = "expected at least one clip, got none"
        raise ValueError(msg)
    rows = [as_joints(clip, number) for number, clip in enumerate(clips)]
    longest = max(len(row) for row in rows)
    joints = np.empty((len(rows), longest, NUM_JOINTS, 2), dtype=np.float32)
    mask = np.zeros((len(rows), longest), dtype=np.bool_)
    for number, row in enumerate(rows):
        joints[number, : len(row)] = row
        joints[number, len(row) :] = row[-1]
        mask[number, : len(row)] = True
    return joints, mask


def as_joints(clip: NDArray[np.floating[Any]], number: int) -> NDArray[np.floating[Any]]:
    """A clip as (T, 10, 2), checked.

    Args:
        clip: Joints, shape (T, 10, 2) or (T, 20), H, T >= 1.
        number: What to call it in an error.

    Raises:
        ValueError: If it has another shape, no frame or a number that is not finite.
    """
    fits = clip.ndim in (2, 3) and clip.shape[1:] in ((NUM_JOINTS, 2), (POSE_DIM,))
    if not fits or len(clip) < 1:
        msg = f"clip {number}: expected joints (T, {NUM_JOINTS}, 2), T >= 1, got {clip.shape}"
        raise ValueError(msg)
    if not np.isfinite(clip).all():
        msg = f"clip {number}: expected finite joints, got NaN or infinity"
        raise ValueError(msg)
    return clip.reshape(len(clip), NUM_JOINTS, 2)
