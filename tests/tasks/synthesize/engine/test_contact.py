"""Palms, leans and looks against geometry."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from datasets_spec.skeleton import body_index
from tasks.synthesize.engine.base import lay_base
from tasks.synthesize.engine.body import make_body
from tasks.synthesize.engine.contact import (
    PALM_M,
    arm_length,
    incline,
    lean_to_reach,
    look_at,
    palm_of,
    reach_palm,
    shift_hips,
    solved,
    spine_place,
)
from tasks.synthesize.engine.manner import Manner
from tasks.synthesize.engine.setting import Setting
from tasks.synthesize.engine.take import Take
from tasks.synthesize.engine.timing import clock, pulse


def standing(stature=1.7, seconds=1.0):
    t, rng = clock(seconds, 25.0), np.random.default_rng(3)
    body, manner, setting = make_body(stature=stature), Manner(), Setting()
    posture = lay_base(t, body, manner, setting, rng, legs=())
    return Take(t=t, body=body, manner=manner, setting=setting, rng=rng, posture=posture)


@settings(max_examples=25, deadline=None)
@given(
    side=st.integers(0, 1),
    across=st.floats(-0.15, 0.35),
    up=st.floats(-0.35, 0.25),
    ahead=st.floats(0.28, 0.38),
    stature=st.floats(1.3, 1.9),
)
def test_the_palm_comes_to_its_place(side, across, up, ahead, stature):
    take = standing(stature)
    points = solved(take)[0]
    shoulder = points[body_index(("l_", "r_")[side] + "shoulder")]
    # stands at the origin and faces +z; the left side is +x
    sign = 1.0 if side == 0 else -1.0
    place = shoulder + stature / 1.7 * np.array([sign * across, up, ahead])
    reach_palm(take, side, place, np.ones_like(take.t))
    after = solved(take)
    assert np.linalg.norm(palm_of(after, side) - place, axis=-1).max() < 0.004
    wrist = after[:, body_index(("l_", "r_")[side] + "hand")]
    assert np.linalg.norm(wrist - place, axis=-1) == pytest.approx(PALM_M, abs=0.004)


def test_a_reach_without_weight_changes_nothing():
    take = standing()
    before = solved(take)
    reach_palm(take, 1, np.array([0.0, 1.0, 0.5]), np.zeros_like(take.t))
    np.testing.assert_array_equal(solved(take), before)


def test_leaning_brings_a_far_place_into_reach():
    take = standing(seconds=2.0)
    far = np.array([-0.1, 1.15, 0.68])
    weight = pulse(take.t, 0.0, 2.0, 0.5)
    shoulder = solved(take)[:, body_index("r_shoulder")]
    assert np.linalg.norm(far - shoulder, axis=-1).min() > arm_length(take.body) + PALM_M
    feet = take.posture.ankles.copy()
    lean_to_reach(take, [(1, far)], weight)
    reach_palm(take, 1, far, weight)
    points = solved(take)
    middle = len(take.t) // 2
    assert np.linalg.norm(palm_of(points, 1)[middle] - far) < 0.03
    np.testing.assert_array_equal(take.posture.ankles, feet)
    for name, side in (("l_foot", 0), ("r_foot", 1)):
        # legs still reach the ankles: no foot was pulled off the floor
        assert np.abs(points[:, body_index(name)] - feet[:, side]).max() < 0.004


def test_hips_that_go_ahead_sink_and_feet_stay():
    take = standing()
    before = take.posture.hips[:, 1].copy()
    shift_hips(take, np.array([0.0, 0.0, 0.20]) * np.ones((len(take.t), 1)))
    assert (take.posture.hips[:, 1] < before - 0.005).all()
    points = solved(take)
    assert np.abs(points[:, body_index("l_foot")] - take.posture.ankles[:, 0]).max() < 0.004


def test_inclining_keeps_the_centre_over_the_feet():
    take = standing()
    incline(take, 0.6 * np.ones_like(take.t))
    points = solved(take)
    ankles = (points[:, body_index("l_foot")] + points[:, body_index("r_foot")]) / 2
    head = points[:, body_index("head"), 2] - ankles[:, 2]
    hips = points[:, body_index("l_hip"), 2] - ankles[:, 2]
    assert (head > 0.1).all()
    assert (hips < 0.0).all()


def test_a_look_goes_to_its_side():
    for sign in (-1.0, 1.0):
        take = standing()
        look_at(take, np.array([sign * 2.0, 1.5, 2.0]), np.ones_like(take.t))
        assert (sign * take.posture.head[:, 1] > 0.3).all()


def test_places_on_the_spine():
    points = solved(standing())
    low, high = spine_place(points, 0.0), spine_place(points, 1.0)
    assert (high[:, 1] > low[:, 1] + 0.3).all()
    back = spine_place(points, 0.5, out_m=-0.2)
    assert (back[:, 2] < spine_place(points, 0.5)[:, 2] - 0.15).all()
    assert (spine_place(points, 0.5, left_m=0.2)[:, 0] > 0.1).all()
