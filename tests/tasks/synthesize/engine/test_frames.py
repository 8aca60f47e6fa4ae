"""Closed forms of rotations against products of single ones."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from stickgen_model.motion.rotations import axis_rotation
from tasks.synthesize.engine.frames import drift, yaw_pitch, yaw_pitch_roll

angles = st.lists(st.tuples(*[st.floats(-3, 3)] * 3), min_size=1, max_size=4).map(np.array)


@given(angles)
def test_closed_forms_are_the_products(abc):
    yaw, pitch, roll = abc.T
    two = axis_rotation("Y", yaw) @ axis_rotation("X", pitch)
    np.testing.assert_allclose(yaw_pitch(yaw, pitch), two, atol=1e-12)
    three = two @ axis_rotation("Z", roll)
    np.testing.assert_allclose(yaw_pitch_roll(yaw, pitch, roll), three, atol=1e-12)


def test_drift_has_unit_size_and_is_slow():
    t = np.arange(0, 400, 0.04)
    noise = drift(t, np.random.default_rng(2), 6)
    np.testing.assert_allclose(noise.std(axis=0), 1.0, atol=0.35)
    assert np.abs(np.diff(noise, axis=0)).max() / 0.04 < 2 * np.pi * 0.95 * 4
