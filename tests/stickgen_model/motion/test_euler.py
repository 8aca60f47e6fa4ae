from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.spatial.transform import Rotation

from stickgen_model.motion.euler import matrix_to_euler
from stickgen_model.motion.rotations import euler_to_matrix

ORDERS = ("ZXY", "ZYX", "XYZ", "XZY", "YXZ", "YZX")


@given(st.sampled_from(ORDERS), st.integers(0, 2**32 - 1))
def test_angles_give_the_matrices(order, seed):
    turns = Rotation.random(30, rng=np.random.default_rng(seed)).as_matrix().reshape(10, 3, 3, 3)
    angles = matrix_to_euler(turns, order)
    np.testing.assert_allclose(euler_to_matrix(angles, order), turns, atol=1e-12)
    want = Rotation.from_matrix(turns[0]).as_euler(order)
    np.testing.assert_allclose(angles[0], want, atol=1e-9)


@pytest.mark.parametrize("order", ORDERS)
def test_several_turns_about_an_axis_run_on(order):
    time = np.linspace(0, 1, 200)
    for place in (0, 2):
        told = np.zeros((200, 1, 3))
        told[:, 0, place] = 6 * np.pi * time
        np.testing.assert_allclose(
            matrix_to_euler(euler_to_matrix(told, order), order), told, atol=1e-9
        )


@pytest.mark.parametrize("order", ORDERS)
def test_a_turn_of_the_middle_axis_passes_the_lock(order):
    told = np.zeros((181, 2, 3))
    told[:, :, 1] = np.radians(np.arange(181))[:, None]
    told[:, 1, 0], told[:, 1, 2] = 0.3, -0.8
    angles = matrix_to_euler(euler_to_matrix(told, order), order)
    np.testing.assert_allclose(
        euler_to_matrix(angles, order), euler_to_matrix(told, order), atol=1e-6
    )
    np.testing.assert_allclose(angles, told, atol=1e-6)


def test_orders_that_are_none():
    for order in ("ZXZ", "xyz", "XY", ""):
        with pytest.raises(ValueError, match="three axes"):
            matrix_to_euler(np.eye(3)[None, None], order)
