"""The curve through key poses."""

from __future__ import annotations

import numpy as np
import pytest

from tasks.synthesize.engine.base import lay_base
from tasks.synthesize.engine.body import make_body
from tasks.synthesize.engine.manner import Manner
from tasks.synthesize.engine.setting import Setting
from tasks.synthesize.engine.stances_lay import Key, anchor_at, lay_keys
from tasks.synthesize.engine.stances_poses import Pose
from tasks.synthesize.engine.take import Take
from tasks.synthesize.engine.timing import clock


def empty_take():
    t = clock(4.0, 100.0)
    body, manner, rng = make_body(), Manner(), np.random.default_rng(3)
    posture = lay_base(t, body, manner, Setting(), rng, legs=[])
    return Take(t=t, body=body, manner=manner, setting=Setting(), rng=rng, posture=posture)


def laid(*keys):
    take = empty_take()
    lay_keys(take, anchor_at(take, 0.0), keys)
    return take


def low(height, *, back=0.1):
    return Pose(hips=(0.0, height, -back))


def test_between_two_rests_it_is_the_minimum_jerk_curve():
    take = laid(
        Key(at_s=-1.0, pose=low(0.6)), Key(at_s=1.0, pose=low(0.6)), Key(at_s=3.0, pose=low(0.4))
    )
    u = np.clip((take.t - 1.0) / 2.0, 0.0, 1.0)
    want = 0.6 - 0.2 * (10 * u**3 - 15 * u**4 + 6 * u**5)
    np.testing.assert_allclose(take.posture.hips[:, 1], want, atol=1e-4)


def test_a_pose_on_the_way_is_passed_without_a_stop_and_without_overshoot():
    take = laid(
        Key(at_s=0.0, pose=low(0.7)), Key(at_s=1.0, pose=low(0.5)), Key(at_s=2.0, pose=low(0.3))
    )
    height = take.posture.hips[:, 1]
    speed = np.gradient(height, take.t)
    assert speed[100] < -0.15
    assert height[100] == pytest.approx(0.5, abs=1e-4)
    assert (np.diff(height) <= 1e-12).all()
    jolt = np.diff(speed) * 100.0
    assert np.abs(np.diff(jolt)).max() < 0.3


def test_an_impact_is_reached_at_speed():
    keys = [Key(at_s=0.0, pose=low(0.7)), Key(at_s=1.0, pose=low(0.3), impact=True)]
    take = laid(*keys, Key(at_s=2.0, pose=low(0.3)))
    speed = np.diff(take.posture.hips[:, 1]) * 100.0
    assert speed[99] == pytest.approx(1.5 * -0.4, rel=0.05)
    np.testing.assert_allclose(speed[101:], 0.0, atol=1e-9)


def test_only_the_span_of_the_keys_is_touched():
    base = empty_take().posture
    take = laid(Key(at_s=1.0, pose=None), Key(at_s=2.0, pose=low(0.5)), Key(at_s=3.0, pose=None))
    outside = (take.t < 0.99) | (take.t > 3.01)
    for name in ("hips", "turn", "trunk", "head", "arms", "ankles", "feet", "knees"):
        np.testing.assert_array_equal(
            getattr(take.posture, name)[outside], getattr(base, name)[outside]
        )
    inside = ~outside
    # feet that no pose moves stay where they stood
    np.testing.assert_allclose(take.posture.ankles[inside], base.ankles[inside], atol=1e-9)
