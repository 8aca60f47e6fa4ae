from itertools import pairwise

import numpy as np
import pytest

from tasks.synthesize.engine.carry import ground_at
from tasks.synthesize.engine.hops import Rhythm, hop, plan_hops, tip_feet
from tasks.synthesize.engine.setting import MOON_GRAVITY, Setting
from tasks.synthesize.scenes.perform import start_take
from tasks.synthesize.scenes.solo import solo_plan


def make_take(setting=None):
    plan = solo_plan("stretch", 6, setting=setting)
    return start_take(plan.actors[0], duration_s=10.0, setting=plan.setting)


@pytest.mark.parametrize("count", [1, 3, 6])
def test_hops_are_as_many_as_asked_for_and_inside_their_span(count):
    rhythm = Rhythm(height_m=0.3, dip_m=0.2)
    hops, done = plan_hops(make_take(), rhythm, start_s=0.5, end_s=8.0, count=count)
    assert len(hops) == count
    assert hops[0].low_s > 0.5
    assert hops[-1].deep_s < done <= 8.0 + 0.04
    for one, other in pairwise(hops):
        assert one.land_s < one.deep_s < other.off_s


def test_flight_is_as_long_as_the_height_wants_and_longer_on_the_moon():
    rhythm = Rhythm(height_m=0.3, dip_m=0.2)
    flights = []
    for setting in (Setting(), Setting(gravity_mps2=MOON_GRAVITY)):
        hops, _ = plan_hops(make_take(setting), rhythm, start_s=0.0, end_s=9.0, count=1)
        flights.append(hops[0].land_s - hops[0].off_s)
    assert flights[0] == pytest.approx(2 * np.sqrt(2 * 0.3 / 9.81), abs=0.04)
    assert flights[1] / flights[0] == pytest.approx(9.81 / MOON_GRAVITY, rel=0.1)


def test_short_span_lowers_the_hop_but_keeps_it_inside():
    hops, done = plan_hops(
        make_take(), Rhythm(height_m=0.5, dip_m=0.2), start_s=1.0, end_s=2.2, count=1
    )
    assert done <= 2.2 + 0.04
    assert hops[0].land_s - hops[0].off_s < 0.6


def test_base_stays_where_a_hop_has_landed():
    take = make_take()
    hips, ankles = take.posture.hips.copy(), take.posture.ankles.copy()
    ground = ground_at(take.posture, 0.5)
    rhythm = Rhythm(height_m=0.25, dip_m=0.2, travel=(0.3, 0.8))
    hops, done = plan_hops(take, rhythm, start_s=0.5, end_s=9.0, count=2)
    hop(take, ground, hops, start_s=0.5, end_s=done)
    moved = ground.basis @ np.array([0.6, 0.0, 1.6])
    rest = take.t > done + 0.2
    assert take.posture.hips[rest] - hips[rest] == pytest.approx(
        np.broadcast_to(moved, hips[rest].shape), abs=1e-6
    )
    assert take.posture.ankles[rest, 0] - ankles[rest, 0] == pytest.approx(
        np.broadcast_to(moved, hips[rest].shape), abs=1e-6
    )


def test_tipped_foot_keeps_its_ball_in_place():
    take = make_take()
    ball = take.body.offsets[10]
    before = take.posture.ankles + take.posture.feet @ ball
    tip_feet(take.posture, take.body, np.full(len(take.t), 0.8))
    assert take.posture.ankles + take.posture.feet @ ball == pytest.approx(before, abs=1e-9)
    assert take.posture.ankles[:, 0, 1].min() > before[:, 0, 1].min() + 0.1
