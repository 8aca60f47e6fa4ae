"""Measures of joints: nearness to a clip, and whether motion moves as real motion does.

Letters of shapes: N clips, T frames, Q quantiles, J = 10 joints.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np

from datasets_spec.schema import CLIP_FPS
from datasets_spec.skeleton import joint_index
from stickgen_model.evaluate.motion_statistics import (
    bone_variation,
    foot_skating,
    mean_jerk,
)
from stickgen_model.evaluate.padding import as_joints, pad_clips

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    Clips = Sequence[NDArray[np.floating[Any]]]
    Values = NDArray[np.float64]

__all__ = [
    "SWITCH_S",
    "floor_penetration",
    "jitter",
    "motion_values",
    "pose_mse",
    "switch_jerk",
    "temporal_consistency",
]

SWITCH_S: Final = 0.4
"""How far from a change of action its jerk is looked for."""
_TOLERANCE_H: Final = 0.03
"""A joint that is lower is below the floor, as in the quality score of the data."""
_PELVIS: Final = joint_index("pelvis")
_UNSEEN: Final = (0.002, 0.02, 0.2)
"""Speed, acceleration and jerk that are too little to be seen: H/s, H/s^2, H/s^3."""
_LEVELS: Final = (np.arange(100) + 0.5) / 100.0


def pose_mse(clips: Clips, real: Clips) -> Values:
    """Mean squared difference of poses, each seen from the pelvis's x of its frame.

    Args:
        clips: Joints of each, shape (T, 10, 2), H, 25 fps.
        real: Clips of the same sentences, in order; of two lengths the shorter one is compared.

    Returns:
        H^2, over the 20 numbers of a frame, shape (N,).

    Raises:
        ValueError: If there are none, numbers differ, or one is not a finite clip.
    """
    if len(clips) != len(real):
        msg = f"expected as many real clips as others, got {len(clips)} and {len(real)}"
        raise ValueError(msg)
    (one, one_mask), (two, two_mask) = pad_clips(clips), pad_clips(real)
    frames = min(one.shape[1], two.shape[1])
    both = one_mask[:, :frames] & two_mask[:, :frames]
    gaps = _from_pelvis(one[:, :frames]) - _from_pelvis(two[:, :frames])
    squares = (gaps**2).mean(axis=(2, 3)) * both
    return np.asarray(squares.sum(axis=1) / both.sum(axis=1))


def temporal_consistency(clips: Clips, real: Clips) -> float:
    """Likeness of the distributions of speed, acceleration and jerk of two sets of clips.

    For each of the three: mean size over a clip's joints and frames, its quantiles over the clips,
    the smaller over the larger of each pair of quantiles, their mean. The three are multiplied and
    the cube root taken.

    Args:
        clips: Joints of each, shape (T, 10, 2), H, 25 fps, T >= 4 in at least one.
        real: Real clips, of no special order or number.

    Returns:
        0 .. 1; 1 for equal distributions. Clips that stand still, or shake, are near 0.

    Raises:
        ValueError: If a set is empty, has no clip of 4 frames, or one is not a finite clip.
    """
    one, two = (np.quantile(_sizes(part), _LEVELS, axis=0) + _UNSEEN for part in (clips, real))
    likeness = (np.minimum(one, two) / np.maximum(one, two)).mean(axis=0)
    return float(np.prod(likeness) ** (1.0 / len(likeness)))


def jitter(clips: Clips) -> Values:
    """Mean size of the third derivative of the joints of each clip, H/s^3, shape (N,)."""
    return mean_jerk(*pad_clips(clips))


def floor_penetration(clips: Clips) -> Values:
    """Mean depth below the floor of the lowest joint, as far as it is deeper than 0.03 H.

    Args:
        clips: Joints of each, shape (T, 10, 2), H, floor 0.

    Returns:
        H, shape (N,).
    """
    joints, mask = pad_clips(clips)
    depth = np.maximum(-joints[..., 1].min(axis=2).astype(np.float64) - _TOLERANCE_H, 0.0)
    return np.asarray((depth * mask).sum(axis=1) / mask.sum(axis=1))


def switch_jerk(clips: Clips, switches: Sequence[Sequence[int]]) -> Values:
    """Greatest jerk around each change of action.

    Args:
        clips: Joints of each, shape (T, 10, 2), H, 25 fps.
        switches: First frames of new actions, for each clip; those outside it are an error.

    Returns:
        Mean over joints of the size of the jerk, H/s^3, its greatest value within 0.4 s of each
        change, shape (changes of all clips,); changes of clips of fewer than 4 frames are none.

    Raises:
        ValueError: If numbers differ, or a change lies outside its clip.
    """
    if len(clips) != len(switches):
        msg = f"expected the changes of {len(clips)} clips, got {len(switches)}"
        raise ValueError(msg)
    reach = round(SWITCH_S * CLIP_FPS)
    peaks: list[float] = []
    for number, (clip, frames) in enumerate(zip(clips, switches, strict=True)):
        if any(not 0 < frame < len(clip) for frame in frames):
            msg = f"clip {number}: expected changes inside 1..{len(clip) - 1}, got {list(frames)}"
            raise ValueError(msg)
        jerks = _jerks(clip)
        for frame in frames if len(jerks) else ():
            # the difference number i is of the frames i .. i + 3, its middle is i + 1.5
            first = min(max(frame - reach - 1, 0), len(jerks) - 1)
            peaks.append(float(jerks[first : frame + reach - 1].max()))
    return np.array(peaks)


def motion_values(clips: Clips) -> dict[str, Values]:
    """The measures that need nothing but clips, by name of the metric, one value a clip.

    Args:
        clips: Joints of each, shape (T, 10, 2), H, floor 0, 25 fps.

    Returns:
        foot_skating, jitter, bone_variation and floor_penetration, each of shape (N,).
    """
    joints, mask = pad_clips(clips)
    return {
        "foot_skating": foot_skating(joints, mask),
        "jitter": mean_jerk(joints, mask),
        "bone_variation": bone_variation(joints, mask),
        "floor_penetration": floor_penetration(clips),
    }


def _from_pelvis(joints_NTJ2: NDArray[np.float32]) -> Values:
    moved = joints_NTJ2.astype(np.float64)
    moved[..., 0] -= moved[..., _PELVIS : _PELVIS + 1, 0].copy()
    return moved


def _sizes(clips: Clips) -> Values:
    """Mean speed, acceleration and jerk of each clip that is long enough, shape (N, 3)."""
    checked = [as_joints(clip, number) for number, clip in enumerate(clips)]
    long = [clip for clip in checked if len(clip) > len(_UNSEEN)]
    if not long:
        msg = f"expected a clip of {len(_UNSEEN) + 1} frames or more, got {len(clips)} clips"
        raise ValueError(msg)
    lengths = np.array([len(clip) for clip in long])
    first = np.cumsum(lengths) - lengths
    values = np.concatenate(long).astype(np.float64)
    means = []
    for order in range(1, len(_UNSEEN) + 1):
        values = np.diff(values, axis=0) * CLIP_FPS
        sizes = np.append(np.sqrt((values**2).sum(axis=-1)).mean(axis=-1), np.zeros(order))
        # differences across the end of a clip lie between the parts that are summed
        ends = np.stack([first, first + lengths - order], axis=1).ravel()
        means.append(np.add.reduceat(sizes, ends)[::2] / (lengths - order))
    return np.stack(means, axis=1)


def _jerks(clip: NDArray[np.floating[Any]]) -> Values:
    """Mean over joints of the size of each third difference, H/s^3, shape (T - 3,)."""
    joints, _ = pad_clips([clip])
    steps = np.diff(joints[0].astype(np.float64), n=3, axis=0) * float(CLIP_FPS) ** 3
    return np.asarray(np.linalg.norm(steps, axis=-1).mean(axis=-1))
