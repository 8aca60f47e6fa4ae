"""Hips and ankles that stay in reach of each other: no leg is longer than its bones."""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING, Final

import numpy as np

from tasks.synthesize.engine.course import smooth
from tasks.synthesize.engine.limbs import REACH

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from tasks.synthesize.engine.body import Body
    from tasks.synthesize.engine.feet import Feet

    Floats = NDArray[np.float64]

__all__ = ["hips_in_reach", "keep_legs_in_reach", "within_reach"]

_SOFT_M: Final = 0.004
_SOFT_TOP_M: Final = 0.02
_SMOOTH_S: Final = 0.10
"""Time in which the hips go down before a leg would be too short."""
_HIGHEST: Final = 0.36
"""A foot stays so far under the hips, share of the leg: the knee keeps a side to bend to."""
_HELD: Final = 0.04
"""Share of the swing in which a foot that has just left, or is about to land, still limits the
hips: it cannot come along yet."""


def _from_hips(body: Body, hips: Floats, across: Floats, feet: Feet) -> Floats:
    """Hip joints from their ankles, (3, 2, T)."""
    gap: Floats = across.T[:, None] * body.offsets[1:3, :1]
    gap += hips.T[:, None]
    gap -= feet.ankles
    return gap


def hips_in_reach(body: Body, hips: Floats, across: Floats, feet: Feet, *, fps: float) -> Floats:
    """Height of the hips, lowered smoothly in time where a standing leg would be too short.

    Args:
        body: Whose legs.
        hips: (T, 3) wanted.
        across: (T, 3) direction from the right hip to the left one.
        feet: Both feet.
        fps: Frames per second.

    Returns:
        (T,) metres, nowhere above `hips[:, 1]`.
    """
    reach = (REACH - 0.0005) * body.leg
    x, y, z = _from_hips(body, hips, across, feet)
    over = y - np.sqrt(np.maximum(reach**2 - (x * x + z * z), 1e-4))
    # a swinging leg bends: it limits nothing
    free = np.maximum(np.minimum(feet.swing, 1.0 - feet.swing) - _HELD, 0.0)
    over -= body.leg * np.minimum(1.0, 8.0 * free)
    steep = np.exp(np.minimum(over / _SOFT_M, 50.0))
    lower = _SOFT_M * np.log1p(steep[0] + steep[1])
    height: Floats = hips[:, 1] - _spread_out(lower, fps)
    return height


def _spread_out(lower: Floats, fps: float) -> Floats:
    """A smooth track that is nowhere less: the most in reach of a kernel, then the kernel."""
    width = max(1, round(_SMOOTH_S * fps))
    num = len(lower)
    mirror = _mirrored(num, width)
    wide = lower[mirror]
    most = wide[:num].copy()
    for shift in range(1, 2 * width + 1):
        np.maximum(most, wide[shift : shift + num], out=most)
    return np.convolve(most[mirror], _kernel(width), mode="valid")


@functools.lru_cache(maxsize=64)
def _mirrored(num: int, width: int) -> NDArray[np.intp]:
    """Frames of a track that goes on mirrored over either end."""
    return np.pad(np.arange(num), width, mode="symmetric")


@functools.lru_cache(maxsize=64)
def _kernel(width: int) -> Floats:
    """Bell over 2 width + 1 frames, of sum 1."""
    bell = np.exp(-0.5 * (2.2 * np.arange(-width, width + 1) / width) ** 2)
    kernel: Floats = bell / bell.sum()
    return kernel


def keep_legs_in_reach(
    body: Body,
    hips: Floats,
    turn: Floats,
    ankles: Floats,
    bearing: NDArray[np.bool_],
    *,
    fps: float,
) -> Floats:
    """Height of the hips, lowered smoothly in time where a bearing leg would be too short.

    Args:
        body: Whose legs.
        hips: (T, 3) wanted.
        turn: (T, 3, 3) orientation of the pelvis.
        ankles: (T, 2, 3) in the world.
        bearing: (T, 2) True where the foot must stay where it is.
        fps: Frames per second.

    Returns:
        (T,) metres, nowhere above `hips[:, 1]`.
    """
    # as long as the base lets a leg be: what stands already is not lowered
    reach = (REACH - 0.0004) * body.leg
    gap = turn[:, :, 0].T[:, None] * body.offsets[1:3, :1]
    gap += hips.T[:, None]
    x, y, z = gap - ankles.transpose(2, 1, 0)
    missing = y - np.sqrt(np.maximum(reach**2 - (x * x + z * z), 1e-4))
    excess = np.maximum(np.where(bearing.T, missing, 0.0).max(axis=0), 0.0)
    height: Floats = hips[:, 1] - _spread_out(excess, fps)
    return height


def within_reach(body: Body, hips: Floats, across: Floats, feet: Feet) -> Floats:
    """Ankles (T, 2, 3); a swinging foot too far from its hip comes along softly."""
    reach = (REACH - 0.01) * body.leg
    gap = _from_hips(body, hips, across, feet)
    x, y, z = gap
    distance = np.sqrt(x * x + y * y + z * z)
    ankles = feet.ankles
    if float(distance.max()) > reach:
        excess = np.maximum(distance / reach - 1.0, 0.0)
        window = smooth(feet.swing / 0.06) * smooth((1.0 - feet.swing) / 0.06)
        ankles = ankles + window * excess / (1.0 + excess) * gap
    over = (ankles[1] - hips[:, 1] + _HIGHEST * body.leg) / _SOFT_TOP_M
    ankles[1] -= _SOFT_TOP_M * np.log1p(np.exp(np.minimum(over, 50.0)))
    return np.ascontiguousarray(ankles.transpose(2, 1, 0))
