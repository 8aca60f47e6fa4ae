"""Two-bone limbs: rotations from angles, and from where the end should be."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from stickgen_model.motion.rotations import axis_rotation

if TYPE_CHECKING:
    from numpy.typing import NDArray

__all__ = ["REACH", "aim_limb", "arm_rotations", "bend_arm", "bend_leg", "two_bones"]

REACH = 0.998
"""Largest use of a limb's length: a little bend keeps the joint's axis defined."""


def arm_rotations(
    angles: NDArray[np.float64], *, sign: float
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Shoulder and elbow rotations in the chest's frame.

    Args:
        angles: (T, 4) flexion, abduction, inward turn, elbow bend, radians; zeros: arm hangs.
        sign: 1 for the left arm, -1 for the right.

    Returns:
        Two arrays (T, 3, 3).
    """
    flexion, abduction, inward, bend = np.moveaxis(angles, -1, 0)
    hang = axis_rotation("Z", np.array(-sign * np.pi / 2))
    upper = axis_rotation("X", -flexion) @ axis_rotation("Z", sign * abduction)
    upper = upper @ axis_rotation("Y", -sign * inward) @ hang
    return upper, axis_rotation("Y", -sign * bend)


def bend_leg(
    target: NDArray[np.float64], pole: NDArray[np.float64], *, lengths: tuple[float, float]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """World rotations of thigh and shin so that the ankle meets its target.

    Args:
        target: (T, 3) ankle minus hip; shortened if out of reach.
        pole: (T, 3) direction to which the knee bends.
        lengths: Thigh and shin.

    Returns:
        Two arrays (T, 3, 3); the bones run along their -y, the knee's front is +z.
    """
    along, across, cosine, sine = _triangle(target, pole, lengths)
    first = cosine * along + sine * across
    front = cosine * across - sine * along
    second = _rest_of(target, first, lengths)
    # the front of the shin: the thigh's front, made square to the shin inside the bend's plane
    axis = np.cross(first, front)
    return _frame(-first, front), _frame(-second, np.cross(axis, second))


def bend_arm(
    target: NDArray[np.float64],
    pole: NDArray[np.float64],
    *,
    lengths: tuple[float, float],
    sign: float,
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """World rotations of upper arm and forearm so that the wrist meets its target.

    Args:
        target: (T, 3) wrist minus shoulder; shortened if out of reach.
        pole: (T, 3) direction to which the elbow points.
        lengths: Upper arm and forearm.
        sign: 1 for the left arm, whose bones run along +x; -1 for the right.

    Returns:
        Two arrays (T, 3, 3).
    """
    along, across, cosine, sine = _triangle(target, pole, lengths)
    first = cosine * along + sine * across
    inside = sine * along - cosine * across
    second = _rest_of(target, first, lengths)
    axis = np.cross(inside, sign * first)
    rotations = []
    for bone in (first, second):
        x = sign * bone
        rotations.append(np.stack([x, axis, np.cross(x, axis)], axis=-1))
    return rotations[0], rotations[1]


def two_bones(
    target: NDArray[np.float64], pole: NDArray[np.float64], *, lengths: tuple[float, float]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Middle joint and end of a limb whose end should meet its target.

    Args:
        target: (..., 3) end minus start; brought into reach if it is too far or too near.
        pole: (..., 3) direction to which the middle joint bends.
        lengths: First and second bone.

    Returns:
        (..., 3) unit direction of the first bone, and (..., 3) the end from the start.
    """
    last = (*range(1, target.ndim), 0)
    aim, bend = (array.transpose(-1, *range(target.ndim - 1)) for array in (target, pole))
    first, end = aim_limb(aim, bend, lengths=lengths)
    return first.transpose(last), end.transpose(last)


def aim_limb(
    target: NDArray[np.float64], pole: NDArray[np.float64], *, lengths: tuple[float, float]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """What `two_bones` does, with the components first: (3, ...) in, (3, ...) out."""
    one, other = lengths
    distance = np.sqrt(np.einsum("i...,i...->...", target, target))
    # not np.clip: on small arrays it costs several times as much
    span = np.minimum(np.maximum(distance, abs(one - other) + 0.02), REACH * (one + other))
    along = target / np.maximum(distance, 1e-9)
    across = pole - np.einsum("i...,i...->...", pole, along) * along
    length = np.sqrt(np.einsum("i...,i...->...", across, across))
    cosine = (one**2 - other**2 + span * span) / (2 * one * span)
    sine = np.sqrt(np.maximum(0.0, 1.0 - cosine * cosine)) / np.maximum(length, 1e-9)
    return cosine * along + sine * across, along * span


def _triangle(
    target: NDArray[np.float64], pole: NDArray[np.float64], lengths: tuple[float, float]
) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]:
    """Direction of the target, direction of the bend, cosine and sine at the first joint."""
    first, second = lengths
    distance = np.linalg.norm(target, axis=-1, keepdims=True)
    along = target / np.maximum(distance, 1e-9)
    low, high = abs(first - second) + 0.02, REACH * (first + second)
    span = np.clip(distance, low, high)
    across = pole - (pole * along).sum(axis=-1, keepdims=True) * along
    across /= np.maximum(np.linalg.norm(across, axis=-1, keepdims=True), 1e-9)
    cosine = (first**2 + span**2 - second**2) / (2 * first * span)
    return along, across, cosine, np.sqrt(np.maximum(0.0, 1.0 - cosine**2))


def _rest_of(
    target: NDArray[np.float64], first: NDArray[np.float64], lengths: tuple[float, float]
) -> NDArray[np.float64]:
    """Direction of the second bone."""
    distance = np.linalg.norm(target, axis=-1, keepdims=True)
    low, high = abs(lengths[0] - lengths[1]) + 0.02, REACH * sum(lengths)
    end = target / np.maximum(distance, 1e-9) * np.clip(distance, low, high)
    rest = end - lengths[0] * first
    direction: NDArray[np.float64] = rest / np.linalg.norm(rest, axis=-1, keepdims=True)
    return direction


def _frame(up: NDArray[np.float64], front: NDArray[np.float64]) -> NDArray[np.float64]:
    """Rotation whose columns are (up x front, up, front)."""
    return np.stack([np.cross(up, front), up, front], axis=-1)
