import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from stickgen_model.motion.rotations import axis_rotation
from tasks.synthesize.engine.body import make_body
from tasks.synthesize.engine.carry import (
    Figure,
    Window,
    ground_at,
    keep_toes_up,
    lay_over,
    mix_rotations,
    move_rest,
    window,
)
from tasks.synthesize.engine.take import Beat
from tasks.synthesize.scenes.perform import start_take
from tasks.synthesize.scenes.solo import solo_plan


@pytest.fixture
def take():
    plan = solo_plan("jump", 3)
    return start_take(plan.actors[0], duration_s=plan.duration_s, setting=plan.setting)


@given(st.floats(-3.0, 3.0), st.floats(-2.5, 2.5), st.floats(0.0, 1.0))
def test_mix_of_orientations_is_an_orientation(first, apart, weight):
    one = axis_rotation("X", np.array([first]))
    mixed = mix_rotations(one, one @ axis_rotation("X", np.array([apart])), np.array([weight]))
    assert mixed @ np.swapaxes(mixed, -1, -2) == pytest.approx(np.eye(3)[None], abs=1e-9)
    assert np.linalg.det(mixed) == pytest.approx(1.0)


def test_half_way_between_two_turns_about_an_axis_is_the_turn_between():
    one, other = (axis_rotation("X", np.array([angle])) for angle in (0.2, 1.4))
    half = mix_rotations(one, other, np.array([0.5]))
    assert half == pytest.approx(axis_rotation("X", np.array([0.8])), abs=1e-9)


def test_window_inside_the_clip_has_its_ramps_inside():
    t = np.linspace(0.0, 6.0, 151)
    span = Window(start_s=1.0, end_s=5.0, enter_s=1.0, leave_s=0.5)
    weight = span.weight(t)
    assert (weight[(t <= 1.0) | (t >= 5.0)] == 0.0).all()
    assert weight[(t >= 2.0) & (t <= 4.5)] == pytest.approx(1.0)
    assert span.part(np.array([1.5, 4.75]), 0.0, 0.5) == pytest.approx([1.0, 1.0])


def test_window_cut_by_the_clip_rules_from_the_first_frame_to_the_last(take):
    beat = Beat(action="crawl", start_s=-0.1, end_s=float(take.t[-1]) + 0.1)
    weight = window(take, beat, enter_s=1.5, leave_s=1.5).weight(take.t)
    assert weight == pytest.approx(1.0)


def test_short_window_shortens_its_ramps(take):
    span = window(take, Beat(action="crawl", start_s=0.5, end_s=1.5), enter_s=1.5, leave_s=0.5)
    assert span.enter_s + span.leave_s < 1.0
    assert span.enter_s == pytest.approx(3.0 * span.leave_s)


def _figure(num):
    zero = np.zeros((num, 3))
    eye = np.broadcast_to(np.eye(3), (num, 2, 3, 3))
    return Figure(
        hips=zero + np.array([0.1, 0.4, 0.7]),
        turn=np.broadcast_to(axis_rotation("X", np.array(1.2)), (num, 3, 3)),
        trunk=zero + 0.1,
        head=zero,
        ankles=np.zeros((num, 2, 3)) + np.array([0.2, 0.0, 0.3]),
        feet=eye,
        knees=np.zeros((num, 2, 3)) + np.array([0.0, 0.0, 1.0]),
        hold=np.zeros((num, 2, 3)) + np.array([0.0, 0.5, 0.5]),
    )


def test_figure_is_laid_over_as_its_weight_says(take):
    posture, num = take.posture, len(take.t)
    before = posture.hips.copy()
    ground = ground_at(posture, 0.0)
    weight = np.linspace(0.0, 1.0, num)
    lay_over(posture, ground, _figure(num), weight)
    assert posture.hips[0] == pytest.approx(before[0])
    assert ground.local(posture.hips[-1]) == pytest.approx([0.1, 0.4, 0.7])
    assert posture.hold[-1, 0] == pytest.approx(ground.world(np.array([0.0, 0.5, 0.5])))
    assert posture.hold_weight[0] == pytest.approx([0.0, 0.0])


def test_ground_faces_as_the_body_does_and_goes_there_and_back(take):
    ground = ground_at(take.posture, 0.5)
    place = np.array([0.3, -0.2, 1.0])
    assert ground.local(ground.world(place)) == pytest.approx(place)
    assert ground.basis[:, 2] @ take.posture.turn[12, :, 2] > 0.9
    assert ground.basis[1, 1] == 1.0


def test_rest_is_moved_as_a_whole(take):
    posture = take.posture
    hips, ankles = posture.hips.copy(), posture.ankles.copy()
    moved = np.zeros_like(hips) + np.array([0.5, 0.0, -1.0])
    move_rest(posture, moved)
    assert posture.hips - hips == pytest.approx(moved)
    assert posture.ankles[:, 1] - ankles[:, 1] == pytest.approx(moved)


def test_toes_of_a_pointed_foot_stay_above_the_floor(take):
    posture, body = take.posture, make_body(stature=take.body.stature)
    posture.feet = posture.feet @ axis_rotation("X", np.full((len(take.t), 2), 1.5))
    keep_toes_up(posture, body, 0.0)
    toes = posture.ankles + posture.feet @ body.offsets[10]
    assert toes[..., 1].min() >= -1e-9
