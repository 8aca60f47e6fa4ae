"""A clip as one short vector, so that near-duplicates are near points."""

from __future__ import annotations

import hashlib
import math
from functools import lru_cache
from typing import TYPE_CHECKING, Final

import numpy as np

from datasets_spec.schema import CLIP_FPS
from datasets_spec.skeleton import BODY_POINTS, JOINTS, NUM_BODY_POINTS, NUM_JOINTS, body_index
from stickgen_model.motion.shapes import check_shape

if TYPE_CHECKING:
    from numpy.typing import NDArray

__all__ = ["DESCRIPTOR_DIM", "clip_descriptor", "movement_h"]

_NUM_TIMES: Final = 32
"""Moments at which a clip is looked at, spread evenly: 3 a second in the longest clip."""
_NUM_LOW: Final = 2
"""Temporal frequencies kept as they are: the mean pose and the drift."""
_POSE_DIM: Final = NUM_JOINTS * 3
_LOW_DIM: Final = _NUM_LOW * _POSE_DIM
_HIGH_DIM: Final = 67
"""Width of the random projection of all other frequencies. The squared distance of two vectors
survives it with a standard deviation of sqrt(2 / 67) = 17 %, of that part only (Achlioptas 2003,
Database-friendly random projections)."""
DESCRIPTOR_DIM: Final = _LOW_DIM + _HIGH_DIM + 1
_ROWS: Final = [body_index(name) if name in BODY_POINTS else 0 for name in JOINTS]
"""Body point of each joint; the pelvis is none of them."""
_LEFT: Final = [body_index("l_shoulder"), body_index("l_hip")]
_RIGHT: Final = [body_index("r_shoulder"), body_index("r_hip")]
_EVENLY: Final = np.arange(_NUM_TIMES) / (_NUM_TIMES - 1.0)
_FALLING: Final = 1.0 - np.arange(_NUM_TIMES) / _NUM_TIMES
_DURATION_WEIGHT_H: Final = 0.1
"""Distance of two clips a second apart in length, H: a frame more or less, as another frame rate
makes, counts 0.004; half a second 0.05."""


def clip_descriptor(points: NDArray[np.float32]) -> NDArray[np.float32]:
    """Describe a clip by a vector; the distance of two is that of their joints.

    For clips of equal length the Euclidean distance is (about) the root mean square, over time
    and the ten joints, of the 3D joint distance in H, after both were moved to a common place and
    turned to a common heading. The mean joint distance is a little lower. The view, the place and
    the frame rate of the recording do not matter; length, speed and side (mirroring) do.

    Args:
        points: The body, shape (T, 15, 3), H, any heading, y up, floor 0; rows as BODY_POINTS.

    Returns:
        Shape (DESCRIPTOR_DIM,), H, float32.

    Raises:
        ValueError: If the shape is wrong, T is 0, or a value is not finite.
    """
    check_shape(points, f"T {NUM_BODY_POINTS} 3", name="points")
    if not len(points):
        msg = "points: expected at least 1 frame, got 0"
        raise ValueError(msg)
    if not np.isfinite(points).all():
        msg = "points: expected finite coordinates, got NaN or infinity"
        raise ValueError(msg)
    sampled = _sample(points)
    joints = _joints(_turn(sampled)).reshape(_NUM_TIMES, _POSE_DIM)
    centre = joints.reshape(_NUM_TIMES, NUM_JOINTS, 3).mean(axis=(0, 1))
    joints.reshape(_NUM_TIMES, NUM_JOINTS, 3)[..., ::2] -= centre[::2]
    spectrum = _cosines() @ joints / np.sqrt(_NUM_TIMES * NUM_JOINTS)
    low = spectrum[:_NUM_LOW].ravel()
    high = _projection() @ spectrum[_NUM_LOW:].ravel().astype(np.float32)
    duration = _DURATION_WEIGHT_H * len(points) / CLIP_FPS
    return np.concatenate([low, high, [duration]]).astype(np.float32)


def movement_h(descriptors: NDArray[np.float32]) -> NDArray[np.float64]:
    """How far the joints stray from their mean place, root mean square.

    Args:
        descriptors: Shape (N, DESCRIPTOR_DIM), H.

    Returns:
        Shape (N,), H; 0 for a statue.
    """
    moving = descriptors[:, _POSE_DIM:-1].astype(np.float64, copy=False)
    result: NDArray[np.float64] = np.sqrt(np.einsum("nd,nd->n", moving, moving))
    return result


def _sample(points: NDArray[np.float32]) -> NDArray[np.float64]:
    """Look at the clip at _NUM_TIMES moments from its first to its last frame."""
    at = _EVENLY * (len(points) - 1.0)
    before = np.minimum(at.astype(np.int64), max(len(points) - 2, 0))
    after = np.minimum(before + 1, len(points) - 1)
    share = (at - before)[:, None, None]
    # only the moments looked at are widened to float64, not the whole clip
    start, end = points[before].astype(np.float64), points[after].astype(np.float64)
    result: NDArray[np.float64] = start * (1 - share) + end * share
    return result


def _turn(points: NDArray[np.float64]) -> NDArray[np.float64]:
    """Turn the clip about y so that its early heading is along x.

    The line from right to left through shoulders and hips is averaged with falling weights: a
    mean over a full turn would vanish, a single frame would carry that frame's noise.
    """
    mean = (_FALLING @ points.reshape(_NUM_TIMES, -1)).reshape(-1, 3)
    x, _, z = (mean[_LEFT] - mean[_RIGHT]).sum(axis=0).tolist()
    length = math.hypot(x, z)
    cos, sin = (x / length, z / length) if length > 0 else (1.0, 0.0)
    turned = points.copy()
    turned[..., 0] = cos * points[..., 0] + sin * points[..., 2]
    turned[..., 2] = cos * points[..., 2] - sin * points[..., 0]
    return turned


def _joints(points: NDArray[np.float64]) -> NDArray[np.float64]:
    """Take the figure's ten joints from the fifteen points: (T, 15, 3) to (T, 10, 3)."""
    joints = points[:, _ROWS]
    hips = points[:, body_index("l_hip")] + points[:, body_index("r_hip")]
    joints[:, JOINTS.index("pelvis")] = hips / 2
    return joints


@lru_cache(maxsize=1)
def _cosines() -> NDArray[np.float64]:
    """Orthonormal cosine transform over the moments, shape (_NUM_TIMES, _NUM_TIMES)."""
    steps = np.arange(_NUM_TIMES)
    matrix: NDArray[np.float64] = np.cos(
        np.pi / _NUM_TIMES * (steps[None, :] + 0.5) * steps[:, None]
    )
    matrix *= np.sqrt(2.0 / _NUM_TIMES)
    matrix[0] /= np.sqrt(2.0)
    return matrix


@lru_cache(maxsize=1)
def _projection() -> NDArray[np.float32]:
    """Fixed random signs, the same for ever: from a hash, not from a library's generator."""
    columns = (_NUM_TIMES - _NUM_LOW) * _POSE_DIM
    num_bits = _HIGH_DIM * columns
    digest = hashlib.shake_256(b"stickgen clip descriptor 1").digest(-(-num_bits // 8))
    bits = np.unpackbits(np.frombuffer(digest, dtype=np.uint8))[:num_bits]
    signs = bits.reshape(_HIGH_DIM, columns).astype(np.float64) * 2.0 - 1.0
    result: NDArray[np.float32] = (signs * float(_HIGH_DIM) ** -0.5).astype(np.float32)
    return result
