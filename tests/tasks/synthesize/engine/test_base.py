"""A base is laid along its legs: feet stay where they stand, legs reach, the way is true."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from datasets_spec.skeleton import body_index
from tasks.synthesize.engine.base import Placement, lay_base, place
from tasks.synthesize.engine.body import make_body
from tasks.synthesize.engine.course import course_of_legs
from tasks.synthesize.engine.footfalls import keep_time
from tasks.synthesize.engine.gaits import RUN, SIDE, WALK
from tasks.synthesize.engine.manner import Manner
from tasks.synthesize.engine.setting import MOON_GRAVITY, Setting
from tasks.synthesize.engine.solve import solve_points
from tasks.synthesize.engine.take import Leg
from tasks.synthesize.engine.timing import clock

BODY = make_body()
T = clock(6.0, 25.0)
CALM = Manner()


def laid(*legs, manner=CALM, setting=None, seed=3, t=T, body=BODY):
    rng = np.random.default_rng(seed)
    return lay_base(t, body, manner, setting or Setting(), rng, legs=legs)


def balls(posture, body=BODY):
    return posture.ankles + posture.feet @ body.offsets[10]


def stance_slide(posture, body=BODY):
    """Largest way of a ball of the foot while it is as low as it can be."""
    ball = balls(posture, body)
    floor = body.ankle_height + body.offsets[10, 1]
    most = 0.0
    for side in (0, 1):
        low = np.abs(ball[:, side, 1] - floor) < 5e-4
        edges = np.flatnonzero(np.diff(np.r_[0, low.astype(int), 0]))
        for start, stop in zip(edges[::2], edges[1::2], strict=True):
            if stop - start > 2:
                flat = ball[start:stop, side][:, [0, 2]]
                most = max(most, float(np.linalg.norm(flat - flat[0], axis=1).max()))
    return most


legs_of_a_clip = st.lists(
    st.tuples(
        st.floats(0.9, 2.5),
        st.sampled_from(
            [
                (1.3, 0.0, WALK),
                (0.7, 0.0, WALK),
                (3.0, 0.0, RUN),
                (0.8, np.pi, WALK),
                (0.5, np.pi / 2, SIDE),
                (0.0, 0.0, WALK),
            ]
        ),
        st.floats(-1.2, 1.2),
    ),
    min_size=1,
    max_size=4,
)


@settings(max_examples=20)
@given(legs_of_a_clip, st.integers(0, 1000))
def test_feet_stay_and_legs_reach_for_any_legs(parts, seed):
    at, legs = 0.3, []
    for seconds, (speed, travel, style), turn in parts:
        legs.append(
            Leg(
                start_s=at,
                end_s=at + seconds,
                speed_mps=speed,
                travel=travel,
                turn_rad=turn,
                style=style,
            )
        )
        at += seconds
    posture = laid(*legs, seed=seed)
    assert stance_slide(posture) < 0.01
    assert balls(posture)[..., 1].min() > 0.0
    points = solve_points(BODY, posture)
    # the solver shortens what is out of reach: then the ankles would not be where they should
    for side, name in ((0, "l_foot"), (1, "r_foot")):
        ankle = points[:, body_index(name)]
        np.testing.assert_allclose(ankle, posture.ankles[:, side], atol=0.035)
    hips = posture.hips
    assert np.abs(np.diff(hips, 2, axis=0)).max() * 625 < 60.0


def test_starts_at_the_origin_facing_ahead():
    posture = laid(Leg(start_s=-2.0, end_s=9.0, speed_mps=1.4, turn_rad=3.0))
    assert np.linalg.norm(posture.hips[0, [0, 2]]) < 0.08
    front = posture.feet[0, :, :, 2].sum(axis=0)
    assert abs(np.arctan2(front[0], front[2])) < 0.3


@pytest.mark.parametrize(("speed", "style"), [(0.8, WALK), (1.4, WALK), (3.2, RUN), (6.5, RUN)])
def test_way_is_speed_times_time(speed, style):
    posture = laid(Leg(start_s=-3.0, end_s=9.0, speed_mps=speed, style=style))
    way = posture.hips[-1, 2] - posture.hips[0, 2]
    assert way == pytest.approx(6.0 * speed, abs=0.12)
    assert abs(posture.hips[-1, 0]) < 0.15


def test_walk_ratio_is_that_of_people():
    steps = []
    for speed in (0.8, 1.3, 1.8):
        posture = laid(Leg(start_s=-3.0, end_s=9.0, speed_mps=speed))
        apart = posture.ankles[:, 0, 2] - posture.ankles[:, 1, 2]
        crossings = np.flatnonzero(np.diff(np.sign(apart)))
        steps.append((len(crossings) - 1) / ((crossings[-1] - crossings[0]) / 25.0))
    # step length over step rate is constant: 0.0065 m per step/min
    ratios = [v / f / (60.0 * f) for v, f in zip((0.8, 1.3, 1.8), steps, strict=True)]
    assert all(0.0050 < ratio < 0.0080 for ratio in ratios)
    assert all(one < other for one, other in pairwise(steps))


def test_runners_fly_and_walkers_do_not():
    for speed, style, flies in ((1.4, WALK, False), (3.2, RUN, True), (6.5, RUN, True)):
        posture = laid(Leg(start_s=-3.0, end_s=9.0, speed_mps=speed, style=style))
        ball = balls(posture)[..., 1] - BODY.ankle_height - BODY.offsets[10, 1]
        aloft = (ball > 0.015).all(axis=1)
        assert aloft.any() == flies
        assert aloft.mean() < 0.65


def test_standing_lives_and_keeps_its_balance():
    posture = laid()
    assert stance_slide(posture) < 1e-9
    points = solve_points(BODY, posture)
    step = np.linalg.norm(np.diff(points, axis=0), axis=-1).max(axis=1)
    assert step.min() > 1e-4
    hips, feet = posture.hips[:, [0, 2]], posture.ankles[:, :, [0, 2]]
    assert np.ptp(hips[:, 0]) > 0.02
    assert (hips[:, 0] < feet[:, 0, 0]).all()
    assert (hips[:, 0] > feet[:, 1, 0]).all()
    # ankle to ball, plus a heel: the support from front to back
    middle = feet[..., 1].mean(axis=1)
    assert np.abs(hips[:, 1] - middle).max() < 0.12


def test_stops_where_it_should_and_stays():
    posture = laid(Leg(start_s=0.4, end_s=3.4, speed_mps=1.3))
    still = T > 4.0
    assert np.ptp(posture.ankles[still], axis=0).max() < 1e-9
    assert np.diff(posture.hips[:, 2]).min() > -0.008


def test_walk_becomes_run_without_a_stop():
    posture = laid(
        Leg(start_s=-2.0, end_s=2.5, speed_mps=1.3),
        Leg(start_s=2.5, end_s=9.0, speed_mps=3.2, style=RUN),
    )
    speed = np.diff(posture.hips[:, 2]) * 25.0
    assert speed.min() > 0.9
    assert speed[-25:].mean() > 3.0


def test_forward_then_backward_stops_in_between():
    posture = laid(
        Leg(start_s=-2.0, end_s=2.5, speed_mps=1.3),
        Leg(start_s=2.5, end_s=9.0, speed_mps=0.8, travel=np.pi),
    )
    smooth = np.convolve(np.diff(posture.hips[:, 2]) * 25.0, np.ones(9) / 9, "valid")
    assert smooth[:30].min() > 0.8
    assert smooth[-30:].max() < -0.4


def test_turning_on_the_spot_steps_around():
    posture = laid(Leg(start_s=0.5, end_s=3.5, turn_rad=np.pi))
    front = posture.turn[:, :, 2]
    yaw = np.unwrap(np.arctan2(front[:, 0], front[:, 2]))
    assert yaw[-1] - yaw[0] == pytest.approx(np.pi, abs=0.15)
    assert np.linalg.norm(posture.hips[-1, [0, 2]]) < 0.12
    assert stance_slide(posture) < 0.01


@pytest.mark.parametrize("ground", ["stairs_up", "stairs_down"])
def test_feet_land_on_treads(ground):
    posture = laid(Leg(start_s=-3.0, end_s=9.0, speed_mps=1.2), setting=Setting(ground=ground))
    ball = balls(posture)
    for side in (0, 1):
        rest = np.linalg.norm(np.diff(ball[:, side], axis=0), axis=1) < 1e-4
        heights = np.unique(np.round(ball[:-1, side, 1][rest], 3))
        risers = np.diff(heights[np.r_[True, np.diff(heights) > 0.02]])
        # every foot takes every second tread
        np.testing.assert_allclose(risers, 0.34, atol=0.01)
        assert len(risers) >= 2


def test_old_people_take_shorter_slower_lower_steps():
    leg = Leg(start_s=-3.0, end_s=9.0, speed_mps=1.0)
    young, old = laid(leg), laid(leg, manner=Manner(age="old"))

    def stride(posture):
        return np.ptp(posture.ankles[:, 0, 2] - posture.ankles[:, 1, 2])

    assert stride(old) < 0.95 * stride(young)
    assert np.ptp(old.arms[:, :, 0]) < 0.8 * np.ptp(young.arms[:, :, 0])
    assert old.trunk[:, 0].mean() > young.trunk[:, 0].mean() + 0.15


def test_the_moon_slows_the_cadence_and_lengthens_flights():
    leg = Leg(start_s=-3.0, end_s=9.0, speed_mps=1.4)
    moon = laid(leg, setting=Setting(gravity_mps2=MOON_GRAVITY))
    floor = BODY.ankle_height + BODY.offsets[10, 1]
    aloft = (balls(moon)[..., 1] > floor + 0.01).all(axis=1)
    assert 0.15 < aloft.mean() < 0.8


def test_same_seed_same_motion_and_other_seed_other_motion():
    leg = Leg(start_s=-3.0, end_s=9.0, speed_mps=1.4)
    one, two, three = laid(leg), laid(leg), laid(leg, seed=4)
    np.testing.assert_array_equal(one.hips, two.hips)
    assert np.abs(one.ankles - three.ankles).max() > 0.05


def test_place_moves_a_base_to_its_placement():
    posture = laid(Leg(start_s=-3.0, end_s=9.0, speed_mps=1.4))
    place(posture, Placement(x=2.0, z=-1.0, yaw=1.0, at_s=2.0))
    when = int(np.searchsorted(T, 2.0))
    np.testing.assert_allclose(posture.hips[when, [0, 2]], [2.0, -1.0], atol=1e-9)
    front = posture.turn[when, :, 2]
    assert np.arctan2(front[0], front[2]) == pytest.approx(1.0)


def test_rhythm_rests_in_double_support():
    course = course_of_legs(T, [Leg(start_s=1.0, end_s=4.0, speed_mps=1.3)])
    rhythm = keep_time(course, BODY, first_phase=0.2)
    assert len(rhythm.rests) == 2
    for phase, _ in rhythm.rests:
        assert (2 * phase) % 1.0 == pytest.approx(0.06, abs=1e-6)
    assert (np.diff(rhythm.phase) >= 0.0).all()
