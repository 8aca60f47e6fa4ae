"""A leg led by its angles."""

from __future__ import annotations

import numpy as np
import pytest

from datasets_spec.skeleton import body_index
from tasks.synthesize.engine.freeleg import aim_leg
from tasks.synthesize.engine.solve import solve_points
from tasks.synthesize.scenes.perform import start_take
from tasks.synthesize.scenes.solo import solo_plan


@pytest.fixture
def take():
    plan = solo_plan("kick", 3)
    return start_take(plan.actors[0], duration_s=2.0, setting=plan.setting)


def _aimed(take, side, angles, weight=1.0):
    num = len(take.t)
    aim_leg(take, slice(0, num), side, np.tile(angles, (num, 1)), np.full(num, weight))
    return solve_points(take.body, take.posture).astype(float)


@pytest.mark.parametrize(("side", "name"), [(0, "l_"), (1, "r_")])
def test_thigh_level_and_knee_square(take, side, name):
    points = _aimed(take, side, (np.pi / 2, 0.0, 0.0, np.pi / 2, 0.0))
    hip, knee, foot = (points[:, body_index(name + one)] for one in ("hip", "knee", "foot"))
    assert np.abs(knee[:, 1] - hip[:, 1]).max() < 0.01
    assert np.all(knee[:, 2] > hip[:, 2] + 0.3)
    assert np.abs((foot - knee)[:, [0, 2]]).max() < 0.03
    assert np.all(foot[:, 1] < knee[:, 1])


@pytest.mark.parametrize(("side", "sign"), [(0, 1.0), (1, -1.0)])
def test_abduction_goes_out_to_the_own_side(take, side, sign):
    points = _aimed(take, side, (0.0, 1.2, 0.0, 0.1, 0.0))
    name = "l_foot" if side == 0 else "r_foot"
    assert np.all(sign * points[:, body_index(name), 0] > 0.5)


def test_no_weight_changes_nothing(take):
    ankles, feet = take.posture.ankles.copy(), take.posture.feet.copy()
    _aimed(take, 1, (1.0, 0.2, 0.0, 0.5, 0.3), weight=0.0)
    assert np.allclose(take.posture.ankles, ankles)
    assert np.allclose(take.posture.feet, feet)


def test_toes_stay_above_the_floor(take):
    points = _aimed(take, 1, (0.05, 0.0, 0.0, 0.05, 1.2))
    assert points[:, body_index("r_toe"), 1].min() >= 0.0
