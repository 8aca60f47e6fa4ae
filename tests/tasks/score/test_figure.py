"""Measures of a figure alone: zero where nothing is wrong, and worse for what is worse."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from datasets_spec.skeleton import BODY_POINTS, JOINTS
from tasks.score.figure import figure_points, score_figure


def swinging(num_frames=60, speed=1.0):
    """A figure that hangs above the floor and swings limbs of fixed length."""
    joints = np.zeros((num_frames, 10, 2))
    time = np.arange(num_frames) / 25.0
    joints[:, 1] = (0.0, 0.54)
    joints[:, 0] = (0.0, 0.98)
    for side, names in enumerate([(2, 3, 6, 7), (4, 5, 8, 9)]):
        elbow, hand, knee, foot = names
        angle = 0.4 * np.sin(2 * np.pi * speed * time + np.pi * side) + 0.1
        down = np.stack([np.sin(angle), -np.cos(angle)], axis=-1)
        joints[:, elbow] = np.array([0.0, 0.848]) + 0.2 * down
        joints[:, hand] = joints[:, elbow] + 0.16 * down
        joints[:, knee] = joints[:, 1] + 0.27 * down
        joints[:, foot] = joints[:, knee] + 0.27 * down
    joints[..., 1] += 0.3
    return joints


def test_points_are_where_the_figure_is_drawn():
    joints = np.random.default_rng(0).random((5, 10, 2))
    points = figure_points(joints)
    assert points.shape == (5, 15, 3)
    assert not points[..., 2].any()
    row = {name: points[:, n, :2] for n, name in enumerate(BODY_POINTS)}
    for name in JOINTS:
        if name != "pelvis":
            np.testing.assert_array_equal(row[name], joints[:, JOINTS.index(name)])
    for side in ("l_", "r_"):
        np.testing.assert_array_equal(row[f"{side}hip"], joints[:, 1])
        np.testing.assert_array_equal(row[f"{side}toe"], row[f"{side}foot"])
        neck = joints[:, 1] + 0.7 * (joints[:, 0] - joints[:, 1])
        np.testing.assert_allclose(row[f"{side}shoulder"], neck)


def test_a_clean_motion_scores_high_and_a_shaken_one_low():
    clean = score_figure(swinging())
    noise = np.random.default_rng(0).normal(0.0, 0.03, (60, 10, 2))
    shaken = score_figure(swinging() + noise)
    assert clean["quality_score"] > 0.9
    assert clean["bone_variation"] == pytest.approx(0.0, abs=1e-9)
    assert shaken["quality_score"] < 0.1
    assert shaken["bone_variation"] > 0.05


def test_energy_is_that_of_the_limbs():
    slow, fast = (score_figure(swinging(100, speed))["motion_energy"] for speed in (0.5, 1.0))
    assert fast == pytest.approx(2.0 * slow, rel=0.05)
    still = np.repeat(swinging()[:1], 30, axis=0)
    assert score_figure(still)["motion_energy"] == 0.0
    carried = swinging() + np.linspace(0.0, 3.0, 60)[:, None, None] * np.array([1.0, 0.0])
    assert score_figure(carried)["motion_energy"] == pytest.approx(
        score_figure(swinging())["motion_energy"]
    )


def test_what_is_no_number_scores_nothing():
    broken = swinging()
    broken[3, 2, 0] = np.nan
    scored = score_figure(broken)
    assert (scored["quality_score"], scored["motion_energy"]) == (0.0, 0.0)


@given(st.integers(0, 2**31), st.integers(2, 40))
def test_scores_lie_in_their_range(seed, num_frames):
    joints = np.random.default_rng(seed).normal(0.0, 1.0, (num_frames, 10, 2))
    assert 0.0 <= score_figure(joints)["quality_score"] <= 1.0
