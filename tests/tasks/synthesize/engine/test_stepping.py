import numpy as np
import pytest

from datasets_spec.skeleton import body_index
from tasks.synthesize.engine.base import lay_base
from tasks.synthesize.engine.body import make_body
from tasks.synthesize.engine.manner import Manner
from tasks.synthesize.engine.setting import Setting
from tasks.synthesize.engine.solve import solve_points
from tasks.synthesize.engine.stepping import move_foot, raise_heel, sink_to_reach
from tasks.synthesize.engine.timing import clock

BODY = make_body()


def standing():
    rng = np.random.default_rng(3)
    return lay_base(clock(2.0, 25.0), BODY, Manner(), Setting(), rng, legs=[])


@pytest.mark.parametrize("side", [0, 1])
def test_heel_rises_about_a_ball_that_stays(side):
    posture = standing()
    name = "r_" if side else "l_"
    before = solve_points(BODY, posture)
    raise_heel(posture, BODY, side, np.full(len(posture.t), 0.5))
    sink_to_reach(posture, BODY, fps=25.0)
    after = solve_points(BODY, posture)
    toe, foot = body_index(name + "toe"), body_index(name + "foot")
    assert np.abs(after[:, toe] - before[:, toe]).max() < 2e-3
    assert (after[:, foot, 1] - before[:, foot, 1]).min() > 0.04


def test_a_step_puts_the_foot_where_it_should_be_and_bends_the_legs():
    posture = standing()
    before = solve_points(BODY, posture)
    move_foot(posture, 0, ahead=np.full(len(posture.t), 0.5))
    sink_to_reach(posture, BODY, fps=25.0)
    after = solve_points(BODY, posture)
    left, right = body_index("l_foot"), body_index("r_foot")
    moved = after[:, left] - before[:, left]
    assert np.linalg.norm(moved, axis=-1) == pytest.approx(0.5, abs=2e-3)
    assert np.abs(after[:, right] - before[:, right]).max() < 2e-3
    assert posture.hips[:, 1].max() < before[:, body_index("l_hip"), 1].min()


def test_nothing_sinks_where_the_legs_are_long_enough():
    posture = standing()
    height = posture.hips[:, 1].copy()
    sink_to_reach(posture, BODY, fps=25.0)
    assert np.allclose(posture.hips[:, 1], height, atol=1e-3)
