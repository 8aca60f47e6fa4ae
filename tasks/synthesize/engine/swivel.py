"""Elbows that do not flip: how fast a bent arm may turn about the line from shoulder to wrist."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

__all__ = ["round_shoulders", "steady_poles"]

_FAST_RAD: Final = 0.5
"""Turn in a frame (at 25 fps) above which the elbow is led round instead; by eye."""
_HALF: Final = 2
"""Frames to either side over which a flip is averaged, twice: a third of a second in all."""
_SHORT: Final = 1e-9
_NEAREST: Final = 0.32
"""A wrist comes no nearer to its own shoulder than this share of the arm: a forearm bent as far as
it goes, 145 degrees (AAOS, Joint Motion, 1965), leaves 0.3."""


def round_shoulders(goal: Floats, front: Floats, *, length: float) -> None:
    """Lead wrists round their shoulders, in front of the chest, instead of through them.

    Args:
        goal: (3, 2, T) wrist from its shoulder, metres; edited in place.
        front: (3, T) where the chest faces.
        length: Of the arm, metres.
    """
    least = _NEAREST * length
    square = np.einsum("ist,ist->st", goal, goal)
    near = np.maximum(least * least - square, 0.0)
    if near.any():
        goal += front[:, None] * (near / least)


def steady_poles(aim: Floats, pole: Floats) -> Floats:
    """Poles whose turn about the aim is spread over some frames where it is a flip.

    Where a pole comes near the aim itself, the side on which it passes decides which way the limb
    bends, and from one frame to the next it may bend the other way. The turn is measured against
    a frame that is carried along the aim without turning, and averaged.

    Args:
        aim: (3, 2, T) from the start of each limb to its end, metres.
        pole: (3, 2, T) direction to which its middle joint bends.

    Returns:
        (3, 2, T) directions; the poles as they are if none of them flips.
    """
    along = aim / np.maximum(_length(aim), _SHORT)
    across = pole - along * _dot(pole, along)
    across /= np.maximum(_length(across), _SHORT)
    old, new, before, here = along[..., :-1], along[..., 1:], across[..., :-1], across[..., 1:]
    # the direction of the frame before, bent onto this one's aim
    carried = before - (old + new) * (_dot(before, new) / np.maximum(1.0 + _dot(old, new), _SHORT))
    sine, cosine = _dot(_cross(carried, here), new), _dot(carried, here)
    # the same as an angle that is larger, without its arc tangent
    flips = np.asarray((cosine < np.abs(sine) / math.tan(_FAST_RAD)).any(axis=-1))
    if not flips.any():
        return pole
    turned = np.arctan2(sine, cosine)
    swivel = np.zeros(aim.shape[1:])
    np.cumsum(turned, axis=-1, out=swivel[:, 1:])
    change = np.where(flips[:, None], _averaged(_averaged(swivel)) - swivel, 0.0)
    return np.asarray(np.cos(change) * across + np.sin(change) * _cross(along, across))


def _dot(one: Floats, other: Floats) -> Floats:
    return np.asarray(np.einsum("ist,ist->st", one, other))


def _cross(one: Floats, other: Floats) -> Floats:
    """Cross product, components first; the one of numpy costs several times as much."""
    (a, b, c), (x, y, z) = one, other
    out = np.empty_like(one)
    out[0] = b * z - c * y
    out[1] = c * x - a * z
    out[2] = a * y - b * x
    return out


def _length(track: Floats) -> Floats:
    return np.asarray(np.sqrt(_dot(track, track)))


def _averaged(track: Floats) -> Floats:
    """Mean over a window along the last axis; the ends are held on."""
    padded = np.pad(track, ((0, 0), (_HALF + 1, _HALF)), mode="edge")
    total = np.cumsum(padded, axis=-1)
    width = 2 * _HALF + 1
    return np.asarray((total[:, width:] - total[:, :-width]) / width)
