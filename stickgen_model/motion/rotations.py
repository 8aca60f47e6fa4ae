"""Rotation matrices from angles, rotation vectors and the 6D form; all vectorised.

Matrices act on column vectors: `v_world = R @ v_local`. Angles are radians.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

__all__ = [
    "axis_angle_to_matrix",
    "axis_rotation",
    "euler_to_matrix",
    "matrix_to_rot6d",
    "rot6d_to_matrix",
]

_AXES: Final = "XYZ"

_SMALL_ANGLE: Final = 1e-4
"""Below this angle (radians) the Taylor series to 3rd order are accurate to 1e-17."""


def axis_rotation(axis: str, angles: NDArray[np.floating[Any]]) -> NDArray[np.float64]:
    """Rotation about one coordinate axis.

    Args:
        axis: `X`, `Y` or `Z`.
        angles: Radians, any shape (...).

    Returns:
        Matrices (..., 3, 3), float64.

    Raises:
        ValueError: If `axis` is another word.
    """
    if len(axis) != 1 or axis not in _AXES:
        msg = f"expected an axis X, Y or Z, got {axis!r}"
        raise ValueError(msg)
    fixed = _AXES.index(axis)
    first, second = (fixed + 1) % 3, (fixed + 2) % 3
    angles = np.asarray(angles, dtype=np.float64)
    matrix = np.zeros((*angles.shape, 3, 3))
    cos, sin = np.cos(angles), np.sin(angles)
    matrix[..., fixed, fixed] = 1.0
    matrix[..., first, first] = cos
    matrix[..., second, second] = cos
    matrix[..., first, second] = -sin
    matrix[..., second, first] = sin
    return matrix


def _turn_columns(
    matrix: NDArray[np.float64], axis: str, angles: NDArray[np.float64]
) -> NDArray[np.float64]:
    """`matrix @ axis_rotation(axis, angles)`, in place; matrix is (3, 3, ...), components first."""
    fixed = _AXES.index(axis)
    first, second = (fixed + 1) % 3, (fixed + 2) % 3
    cos, sin = np.cos(angles), np.sin(angles)
    old_first = matrix[:, first].copy()
    matrix[:, first] = old_first * cos + matrix[:, second] * sin
    matrix[:, second] = matrix[:, second] * cos - old_first * sin
    return matrix


def euler_to_matrix(
    angles: NDArray[np.floating[Any]], order: str | Sequence[str]
) -> NDArray[np.float64]:
    """Intrinsic rotations about the axes of `order`, in the order listed: R = R_a R_b R_c.

    Args:
        angles: Radians, shape (..., J, C) if `order` has one word a joint, else (..., C);
            the last axis follows the order, angles beyond the length of a word are ignored.
        order: Upper-case axes such as `YXZ` for all, or one such word for each of the J joints;
            any length up to C, empty for no rotation, repeats allowed.

    Returns:
        Matrices of shape `angles.shape[:-1] + (3, 3)`, float64.

    Raises:
        ValueError: If a word holds another letter or is longer than C, or the words are not J.
    """
    values: NDArray[np.float64] = np.asarray(angles, dtype=np.float64)
    if not isinstance(order, str):
        return _euler_per_joint(values, order)
    if len(order) > values.shape[-1] or any(axis not in _AXES for axis in order):
        msg = f"expected at most {values.shape[-1]} axes out of X, Y, Z, got {order!r}"
        raise ValueError(msg)
    lead = values.shape[:-1]
    matrix = np.zeros((3, 3, *lead))
    for index in range(3):
        matrix[index, index] = 1.0
    for position, axis in enumerate(order):
        matrix = _turn_columns(matrix, axis, values[..., position])
    return np.moveaxis(matrix, (0, 1), (-2, -1))


def _euler_per_joint(angles: NDArray[np.float64], orders: Sequence[str]) -> NDArray[np.float64]:
    if angles.ndim < 2 or angles.shape[-2] != len(orders):
        msg = (
            f"expected angles (..., {len(orders)}, C) for {len(orders)} orders, got {angles.shape}"
        )
        raise ValueError(msg)
    if len(set(orders)) == 1:
        return euler_to_matrix(angles, orders[0])
    matrix = np.empty((*angles.shape[:-1], 3, 3))
    for word in sorted(set(orders)):
        joints = [joint for joint, order in enumerate(orders) if order == word]
        matrix[..., joints, :, :] = euler_to_matrix(angles[..., joints, :], word)
    return matrix


def axis_angle_to_matrix(axis_angle: NDArray[np.floating[Any]]) -> NDArray[np.float64]:
    """Rotation vectors (axis times angle in radians) to matrices, by Rodrigues' formula.

    Args:
        axis_angle: Shape (..., 3); zero means no rotation.

    Returns:
        Matrices (..., 3, 3), float64.
    """
    # components first: every step below then runs over contiguous memory
    vector = np.array(np.moveaxis(axis_angle, -1, 0), dtype=np.float64, order="C")
    x, y, z = vector
    squared = x * x + y * y + z * z
    small = squared < _SMALL_ANGLE**2
    safe_squared = np.where(small, 1.0, squared)
    angle = np.sqrt(safe_squared)
    # R = I + s K + c K^2 with s = sin(a)/a and c = (1 - cos(a))/a^2
    sine = np.where(small, 1.0 - squared / 6.0, np.sin(angle) / angle)
    cosine = np.where(small, 0.5 - squared / 24.0, (1.0 - np.cos(angle)) / safe_squared)
    turn_x, turn_y, turn_z = sine * x, sine * y, sine * z
    fold_x, fold_y, fold_z = cosine * x, cosine * y, cosine * z
    matrix = np.empty((3, 3, *x.shape))
    matrix[0, 0] = 1.0 - (fold_y * y + fold_z * z)
    matrix[1, 1] = 1.0 - (fold_x * x + fold_z * z)
    matrix[2, 2] = 1.0 - (fold_x * x + fold_y * y)
    for row, column, fold, turn in (
        (0, 1, fold_x * y, turn_z),
        (2, 0, fold_x * z, turn_y),
        (1, 2, fold_y * z, turn_x),
    ):
        matrix[row, column] = fold - turn
        matrix[column, row] = fold + turn
    return np.moveaxis(matrix, (0, 1), (-2, -1))


def rot6d_to_matrix(rot6d: NDArray[np.floating[Any]]) -> NDArray[np.float64]:
    """First two columns of a matrix to the whole, by Gram-Schmidt (Zhou et al., CVPR 2019).

    Args:
        rot6d: Shape (..., 6): the first column, then the second; they need not be unit or
            orthogonal, but must not be parallel or zero (such rows give NaN).

    Returns:
        Matrices (..., 3, 3), float64.
    """
    values = np.asarray(rot6d, dtype=np.float64)
    with np.errstate(invalid="ignore", divide="ignore"):
        first = values[..., :3] / np.linalg.norm(values[..., :3], axis=-1, keepdims=True)
        second = values[..., 3:6]
        second = second - (first * second).sum(axis=-1, keepdims=True) * first
        second = second / np.linalg.norm(second, axis=-1, keepdims=True)
    return np.stack([first, second, np.cross(first, second)], axis=-1)


def matrix_to_rot6d(matrix: NDArray[np.floating[Any]]) -> NDArray[np.float64]:
    """First two columns of matrices (..., 3, 3), joined to (..., 6), float64."""
    values = np.asarray(matrix, dtype=np.float64)
    return np.concatenate([values[..., :, 0], values[..., :, 1]], axis=-1)
