"""Features: what they are, and what they do not see."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from stickgen_model.evaluate.features import NUM_FEATURES, motion_features


def of(joints):
    return motion_features(torch.as_tensor(np.asarray(joints), dtype=torch.float64)[None])[0]


def test_numbers_of_a_figure_that_glides(acted):
    joints = acted("idle", 20).astype(np.float64)
    joints[..., 0] += 0.5 * np.arange(20)[:, None] / 25.0
    joints[..., 1] += 0.2 * np.arange(20)[:, None] / 25.0
    found = of(joints).numpy()
    assert found.shape == (20, NUM_FEATURES)
    others = np.delete(joints - joints[:, 1:2], 1, axis=1).reshape(20, 18)
    assert np.allclose(found[:, :18], others, atol=1e-9)
    assert np.allclose(found[:, 18:36], 0.0, atol=1e-6)  # nothing moves against the pelvis
    assert np.allclose(found[:, 36], joints[:, 1, 1])
    assert np.allclose(found[:, 37:39], [0.5, 0.2], atol=1e-5)
    assert np.allclose(found[:, 39], 0.5 * np.arange(20) / 25.0, atol=1e-6)
    assert np.allclose(found[:, 40:42], [0.0, 1.0])
    left, right = joints[:, [2, 6, 7], 0], joints[:, [4, 8, 9], 0]
    assert np.allclose(found[:, 42:45], left - right)
    neck = joints[:, 1] + 0.7 * (joints[:, 0] - joints[:, 1])
    assert np.allclose(found[:, 45], np.linalg.norm(joints[:, 0] - joints[:, 1], axis=1))
    assert np.allclose(found[:, 46], np.linalg.norm(joints[:, 2] - neck, axis=1))


@given(st.floats(-50.0, 50.0))
def test_where_along_x_is_not_seen(acted, shift):
    joints = acted("walk", 12).astype(np.float64)
    moved = joints + np.array([shift, 0.0])
    assert torch.allclose(of(joints), of(moved), atol=1e-9)


def test_height_above_the_floor_is_seen(acted):
    joints = acted("idle", 12)
    assert not torch.allclose(of(joints), of(joints + np.array([0.0, 0.3])), atol=1e-3)


def test_later_frames_change_nothing_before(acted):
    joints = acted("walk", 30)
    assert torch.equal(of(joints)[:17], of(joints[:17]))


def test_one_frame_has_no_speed(acted):
    assert torch.isfinite(of(acted("walk", 1))).all()


def test_another_shape_is_refused():
    with pytest.raises(ValueError, match=r"\(B, T, 10, 2\), got \(4, 10, 2\)"):
        motion_features(torch.zeros(4, 10, 2))
