"""Rotations against scipy, including the places where formulas divide by zero."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from scipy.spatial.transform import Rotation

from stickgen_model.motion.rotations import (
    axis_angle_to_matrix,
    axis_rotation,
    euler_to_matrix,
    matrix_to_rot6d,
    rot6d_to_matrix,
)

ORDERS = ["".join(axes) for axes in itertools.permutations("XYZ")]
vectors = hnp.arrays(np.float64, (5, 3), elements=st.floats(-7, 7))


@pytest.mark.parametrize("order", [*ORDERS, "ZYZ", "X", "YZ"])
def test_euler_is_scipys_intrinsic_sequence(order: str) -> None:
    angles = np.random.default_rng(1).uniform(-7, 7, (20, len(order)))
    want = Rotation.from_euler(order, angles).as_matrix()
    assert np.allclose(euler_to_matrix(angles, order), want, atol=1e-14)


def test_euler_takes_another_order_for_every_joint() -> None:
    angles = np.random.default_rng(2).uniform(-3, 3, (7, 4, 3))
    got = euler_to_matrix(angles, ["ZXY", "YXZ", "ZXY", ""])
    for joint, order in enumerate(["ZXY", "YXZ", "ZXY"]):
        want = Rotation.from_euler(order, angles[:, joint]).as_matrix()
        assert np.allclose(got[:, joint], want, atol=1e-14)
    assert np.array_equal(got[:, 3], np.broadcast_to(np.eye(3), (7, 3, 3)))


@pytest.mark.parametrize(
    ("shape", "order"), [((4, 3), "xyz"), ((4, 1), "XY"), ((4, 2, 3), ["XYZ"])]
)
def test_euler_refuses_what_does_not_fit(shape: tuple[int, ...], order: str | list[str]) -> None:
    with pytest.raises(ValueError, match="expected"):
        euler_to_matrix(np.zeros(shape), order)


@pytest.mark.parametrize("axis", ["w", "", "XY"])
def test_axis_rotation_refuses_an_unknown_axis(axis: str) -> None:
    with pytest.raises(ValueError, match="expected an axis"):
        axis_rotation(axis, np.zeros(3))


@pytest.mark.parametrize("axis", ["X", "Y", "Z"])
def test_axis_rotation_is_scipys(axis: str) -> None:
    angles = np.linspace(-4, 4, 9)
    want = Rotation.from_euler(axis, angles[:, None]).as_matrix()
    assert np.allclose(axis_rotation(axis, angles), want, atol=1e-15)


@given(vectors)
def test_axis_angle_is_scipys(rotvec: np.ndarray) -> None:
    want = Rotation.from_rotvec(rotvec).as_matrix()
    assert np.allclose(axis_angle_to_matrix(rotvec), want, atol=1e-12)


@pytest.mark.parametrize("angle", [0.0, 1e-300, 1e-12, 9.9e-5, 1.01e-4, np.pi, 2 * np.pi])
def test_axis_angle_near_its_singular_points(angle: float) -> None:
    rotvec = angle * np.array([[0.6, 0.0, -0.8]])
    want = Rotation.from_rotvec(rotvec).as_matrix()
    assert np.allclose(axis_angle_to_matrix(rotvec), want, atol=1e-12)


def test_axis_angle_keeps_the_leading_shape_and_float32_input() -> None:
    got = axis_angle_to_matrix(np.zeros((2, 4, 3), dtype=np.float32))
    assert got.shape == (2, 4, 3, 3)
    assert got.dtype == np.float64


def test_rot6d_goes_there_and_back() -> None:
    want = Rotation.random(30, rng=np.random.default_rng(3)).as_matrix()
    assert np.allclose(rot6d_to_matrix(matrix_to_rot6d(want)), want, atol=1e-14)


def test_rot6d_makes_any_two_columns_orthonormal() -> None:
    got = rot6d_to_matrix(np.random.default_rng(4).normal(size=(6, 5, 6)))
    assert np.allclose(np.swapaxes(got, -1, -2) @ got, np.eye(3), atol=1e-12)
    assert np.allclose(np.linalg.det(got), 1.0)


def test_rot6d_of_parallel_columns_is_nan_not_an_error() -> None:
    assert np.isnan(rot6d_to_matrix(np.array([1.0, 0, 0, 2.0, 0, 0]))).any()
