"""Measures of windows against closed forms."""

from __future__ import annotations

import numpy as np
import pytest

from benchmarks.clip_windows import (
    FEATURES,
    directions,
    facing_ahead,
    heading,
    leg_length,
    measure,
)
from benchmarks.realism import mirrored
from datasets_spec.skeleton import joint_index as at

NUM = 40
T = np.arange(NUM) / 25.0


def stood() -> np.ndarray:
    """Somebody who stands still, facing +z, (NUM, 10, 3)."""
    places = {
        "head": (0.0, 0.95, 0.0),
        "pelvis": (0.0, 0.50, 0.0),
        "elbow": (0.10, 0.62, 0.0),
        "hand": (0.10, 0.47, 0.0),
        "knee": (0.06, 0.26, 0.0),
        "foot": (0.06, 0.0, 0.0),
    }
    joints = np.zeros((NUM, 10, 3))
    for name, (x, y, z) in places.items():
        if name in ("head", "pelvis"):
            joints[:, at(name)] = (x, y, z)
        else:
            joints[:, at("l_" + name)] = (x, y, z)
            joints[:, at("r_" + name)] = (-x, y, z)
    return joints


def value(joints: np.ndarray, name: str) -> float:
    return float(measure(joints)[FEATURES.index(name)])


@pytest.mark.parametrize("hertz", [0.8, 1.0, 1.3])
def test_two_steps_a_swing_of_the_feet(hertz):
    joints = stood()
    swing = 0.2 * np.sin(2 * np.pi * hertz * T)
    joints[:, at("l_foot"), 2] += swing
    joints[:, at("r_foot"), 2] -= swing
    assert value(joints, "step_rate_hz") == pytest.approx(2.0 * hertz, abs=0.15)


def test_speed_over_the_floor_and_sliding_feet():
    joints = stood()
    joints[..., 2] += 0.5 * T[:, None]
    assert value(joints, "pelvis_speed_hps") == pytest.approx(0.5)
    assert value(joints, "foot_skate_hps") == pytest.approx(0.5)
    assert value(joints, "joint_speed_hps") == pytest.approx(0.0, abs=1e-9)


def test_heights_and_lift():
    joints = stood()
    joints[20:, at("r_foot"), 1] += 0.2
    assert value(joints, "foot_lift_h") == pytest.approx(0.2)
    assert value(joints, "pelvis_height_h") == pytest.approx(0.5)
    assert value(joints, "hand_reach_h") == pytest.approx(-0.03)


def test_knee_that_bends_to_a_right_angle():
    joints = stood()
    straight = joints[:, at("l_knee")] - joints[:, at("pelvis")]
    length = np.linalg.norm(straight, axis=-1, keepdims=True)
    along = straight / length
    joints[:, at("l_foot")] = joints[:, at("l_knee")] + 0.26 * along
    joints[20:, at("l_foot")] = joints[20:, at("l_knee")] - 0.26 * np.array([0.0, 0.0, 1.0])
    # one leg of two
    assert value(joints, "knee_range_deg") == pytest.approx(45.0, abs=0.5)


@pytest.mark.parametrize("yaw", [-2.0, 0.0, 0.7, 3.0])
def test_heading_and_turning_ahead(yaw):
    turn = np.array(
        [[np.cos(yaw), 0.0, np.sin(yaw)], [0.0, 1.0, 0.0], [-np.sin(yaw), 0.0, np.cos(yaw)]]
    )
    joints = stood()
    turned = joints @ turn.T
    assert heading(turned) == pytest.approx(yaw)
    np.testing.assert_allclose(facing_ahead(turned), joints, atol=1e-12)


def test_bones_are_unit_vectors_and_a_leg_has_its_length():
    joints = stood()
    np.testing.assert_allclose(np.linalg.norm(directions(joints), axis=-1), 1.0)
    assert leg_length(joints) == pytest.approx(np.hypot(0.06, 0.24) + 0.26)


def test_a_mirror_twice_is_nothing():
    joints = stood() + np.random.default_rng(0).normal(0.0, 0.1, (NUM, 10, 3))
    np.testing.assert_allclose(mirrored(mirrored(joints)), joints)
    np.testing.assert_allclose(measure(mirrored(joints)), measure(joints), atol=1e-9)
