from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.spatial.transform import Rotation

from stickgen_model.motion.transport import shortest_arc, steady_frames


def directions(seed, *shape):
    found = np.random.default_rng(seed).normal(size=(*shape, 3))
    return found / np.linalg.norm(found, axis=-1, keepdims=True)


@given(st.integers(0, 2**32 - 1))
def test_the_arc_is_the_smallest_turn(seed):
    a, b = directions(seed, 20), directions(seed + 1, 20)
    turns = shortest_arc(a, b)
    np.testing.assert_allclose((turns @ a[..., None])[..., 0], b, atol=1e-12)
    want = np.arccos(np.clip((a * b).sum(axis=-1), -1, 1))
    np.testing.assert_allclose(Rotation.from_matrix(turns).magnitude(), want, atol=1e-7)


def test_opposite_and_equal_directions():
    for a in [*np.eye(3), *directions(0, 5)]:
        np.testing.assert_allclose(shortest_arc(a, a), np.eye(3), atol=1e-12)
        turn = shortest_arc(a, -a)
        np.testing.assert_allclose(turn @ a, -a, atol=1e-12)
        assert np.linalg.det(turn) == pytest.approx(1.0)


def test_no_flip_where_the_wanted_twist_jumps():
    time = np.linspace(0, 1, 60)
    # past the direction that is opposite to the idle one, where the shortest way changes sides
    angle = np.radians(150 + 60 * time)
    paths = np.stack([np.sin(angle), -np.cos(angle), 0.02 + 0 * angle], axis=-1)[:, None]
    paths /= np.linalg.norm(paths, axis=-1, keepdims=True)
    down = np.array([0.0, -1.0, 0.0])
    wanted = shortest_arc(down, paths)
    most = np.full((60, 1), 0.05)
    found = steady_frames(paths, wanted, most=most)
    np.testing.assert_allclose((found @ down), paths, atol=1e-12)
    steps = Rotation.from_matrix(found[1:, 0] @ np.swapaxes(found[:-1, 0], -1, -2)).magnitude()
    jumps = Rotation.from_matrix(wanted[1:, 0] @ np.swapaxes(wanted[:-1, 0], -1, -2)).magnitude()
    assert steps.max() < np.radians(60 / 59) + 0.06 < jumps.max()


def test_twist_comes_back():
    still = np.broadcast_to([[0.0, 1.0, 0.0]], (50, 1, 3))
    wanted = np.broadcast_to(np.eye(3), (50, 1, 3, 3)).copy()
    wanted[1:] = Rotation.from_euler("Y", 1.0).as_matrix()
    found = steady_frames(still, wanted, most=np.full((50, 1), 0.1))
    angles = Rotation.from_matrix(found[:, 0]).as_euler("YXZ")[:, 0]
    np.testing.assert_allclose(angles, np.minimum(0.1 * np.arange(50), 1.0), atol=1e-9)
