import numpy as np
import pytest

from datasets_spec.skeleton import body_index
from tasks.synthesize.engine.base import lay_base
from tasks.synthesize.engine.body import make_body
from tasks.synthesize.engine.manner import Manner
from tasks.synthesize.engine.setting import Setting
from tasks.synthesize.engine.solve import solve_points
from tasks.synthesize.engine.strokes import begin_act, window
from tasks.synthesize.engine.take import Beat, StanceKey, Take
from tasks.synthesize.engine.timing import clock

BODY = make_body()


def make_take(*, manner=None, stances=()):
    t = clock(5.0, 25.0)
    manner, rng = manner or Manner(), np.random.default_rng(5)
    base = lay_base(t, BODY, manner, Setting(), rng, legs=())
    return Take(
        t=t, body=BODY, manner=manner, setting=Setting(), rng=rng, posture=base, stances=stances
    )


def beat(**wishes):
    return Beat(action="wave", start_s=1.0, end_s=4.0, **wishes)


def test_window_holds_views_of_the_frames_inside():
    take = make_take()
    part = window(take.posture, 1.0, 4.0)
    assert (part.t[0], part.t[-1]) == (1.0, 4.0)
    part.head[:] = 7.0
    inside = (take.t >= 1.0) & (take.t <= 4.0)
    assert (take.posture.head[inside] == 7.0).all()
    assert not (take.posture.head[~inside] == 7.0).any()


def test_window_beyond_the_clip_is_empty():
    assert len(window(make_take().posture, 20.0, 22.0).t) == 0


def test_the_same_number_of_draws_whatever_is_asked_for():
    states = []
    for wishes in ({}, {"side": 0, "count": 5, "style": "a"}):
        take = make_take()
        begin_act(take, beat(**wishes), styles=("a", "b", "c"))
        states.append(take.rng.bit_generator.state)
    assert states[0] == states[1]


def test_wishes_come_first_and_the_preferred_hand_else():
    act = begin_act(make_take(manner=Manner(handed=0)), beat(style="b"), styles=("a", "b"))
    assert (act.side, act.other, act.style) == (0, 1, "b")
    act = begin_act(make_take(), beat(side=0, style="no such"), styles=("a",))
    assert (act.side, act.style) == (0, "a")


def test_weight_is_nothing_at_the_ends_and_all_in_between():
    act = begin_act(make_take(), beat())
    weight = act.weight(0.5)
    assert weight[0] == weight[-1] == 0.0
    assert weight[len(weight) // 2] == 1.0
    half = len(weight) // 2
    assert (np.diff(weight[:half]) >= 0).all()
    assert (np.diff(weight[half:]) <= 0).all()


@pytest.mark.parametrize("count", [1, 2, 5])
def test_as_many_repeats_as_asked_for(count):
    act = begin_act(make_take(), beat(count=count))
    borders = act.times(0.5, period=1.0)
    assert len(borders) == count + 1
    assert borders[0] > 1.0
    assert borders[-1] < 4.0
    assert (np.diff(borders) > 0).all()


def test_no_more_repeats_than_a_body_can_do():
    act = begin_act(make_take(), beat(count=50))
    assert np.diff(act.times(0.5, period=1.0, least_period=0.5)).min() > 0.4


@pytest.mark.parametrize("side", [0, 1])
def test_leaning_goes_to_the_side_of_the_leading_hand(side):
    take = make_take()
    before = solve_points(BODY, take.posture)
    act = begin_act(take, beat(side=side))
    act.trunk(act.weight(0.5), lean=0.4)
    act.head(act.weight(0.5), tilt=0.3)
    moved = (solve_points(BODY, take.posture) - before)[62, body_index("head"), 0]
    assert moved * act.away > 0.1


@pytest.mark.parametrize("side", [0, 1])
def test_twisting_brings_the_other_shoulder_forward(side):
    take = make_take()
    act = begin_act(take, beat(side=side))
    act.trunk(act.weight(0.5), twist=0.5)
    frame = solve_points(BODY, take.posture)[62]
    depth = frame[[body_index("l_shoulder"), body_index("r_shoulder")], 2]
    assert depth[1 - side] > depth[side] + 0.1


@pytest.mark.parametrize("side", [0, 1])
def test_a_hand_gets_to_its_place(side):
    take = make_take()
    act = begin_act(take, beat(side=side))
    act.reach(side, act.place(-0.1, -0.1, 0.3), act.weight(0.5))
    frame = solve_points(BODY, take.posture)[62]
    shoulders = (frame[body_index("l_shoulder")] + frame[body_index("r_shoulder")]) / 2
    hand = frame[body_index("r_hand" if side else "l_hand")] - shoulders
    assert hand == pytest.approx([-0.1 if side else 0.1, -0.1, 0.3], abs=0.04)


def test_hips_shift_over_feet_that_stay():
    take = make_take()
    before = solve_points(BODY, take.posture)
    act = begin_act(take, beat())
    act.shift(act.weight(0.5), aside=0.06, ahead=0.04)
    after = solve_points(BODY, take.posture)
    feet = [body_index(one) for one in ("l_foot", "r_foot", "l_toe", "r_toe")]
    assert np.abs((after - before)[:, feet]).max() < 1e-3
    assert (after - before)[62, body_index("l_hip"), 0] == pytest.approx(-0.06, abs=0.01)


def test_a_seat_is_not_shifted():
    take = make_take(stances=(StanceKey(start_s=0.0, end_s=0.5, stance="sit"),))
    act = begin_act(take, beat())
    before = take.posture.hips.copy()
    act.shift(act.weight(0.5), aside=0.06)
    act.swivel(act.weight(0.5), 0.3)
    assert (take.posture.hips == before).all()
