"""Steps against geometry: where feet are, when, and what carries."""

from __future__ import annotations

import numpy as np
import pytest

from datasets_spec.skeleton import body_index
from tasks.synthesize.engine.solve import solve_points
from tasks.synthesize.engine.steps import (
    FootMove,
    keep_hips_in_reach,
    pivot_feet,
    step_feet,
)
from tasks.synthesize.scenes.perform import start_take
from tasks.synthesize.scenes.solo import solo_plan

ALL = slice(0, 101)


@pytest.fixture
def take():
    plan = solo_plan("kick", 3)
    return start_take(plan.actors[0], duration_s=4.0, setting=plan.setting)


def test_a_foot_goes_there_and_comes_home_and_the_other_one_stays(take):
    before = take.posture.ankles.copy()
    hips = take.posture.hips.copy()
    moves = (
        FootMove(side=0, start_s=0.5, end_s=1.0, left=0.20, ahead=0.30, lift=0.06, roll=0.0),
        FootMove(side=0, start_s=2.0, end_s=2.5),
    )
    step_feet(take, ALL, moves)
    moved = take.posture.ankles - before
    assert np.abs(moved[:, 1]).max() < 1e-9
    assert np.abs(moved[:13, 0]).max() < 1e-9
    assert np.abs(moved[63:, 0]).max() < 1e-9
    # planted in between: no slide at all
    assert np.allclose(moved[26:50, 0], (0.20, 0.0, 0.30), atol=1e-9)
    assert moved[:45, 0, 1].max() == pytest.approx(0.06, abs=1e-3)
    assert np.abs(take.posture.hips - hips)[-1].max() < 1e-9


def test_hips_go_over_the_foot_that_bears(take):
    hips = take.posture.hips.copy()
    move = FootMove(side=0, start_s=1.0, end_s=1.6, lift=0.05, over=1.0)
    stepping = step_feet(take, ALL, (move,))
    middle = 32
    assert stepping.load[middle] == pytest.approx(1.0)
    shift = (take.posture.hips - hips)[middle]
    half = (take.posture.ankles[0, 1] - take.posture.ankles[0, 0]) / 2
    assert shift[[0, 2]] == pytest.approx(half[[0, 2]], abs=1e-6)


def test_a_whole_turn_carries_feet_around_and_ends_as_it_began(take):
    start = take.posture.turn.copy()
    ankles = take.posture.ankles.copy()
    whole = 2 * np.pi
    moves = [
        FootMove(side=k % 2, start_s=0.5 + 0.5 * k, end_s=0.9 + 0.5 * k, yaw=whole * (k + 1) / 4)
        for k in range(4)
    ]
    moves[2] = FootMove(side=0, start_s=1.5, end_s=1.9, yaw=whole)
    stepping = step_feet(take, ALL, moves)
    assert stepping.yaw[-1] == pytest.approx(whole)
    assert np.allclose(take.posture.turn[-1], start[-1])
    assert np.allclose(take.posture.ankles[-1], ankles[-1])
    # half way round both feet have changed places with their mirror in the middle
    assert np.linalg.norm(take.posture.ankles[50] - ankles[50], axis=-1).max() > 0.1


def test_a_foot_called_away_early_is_hurried_but_does_not_jump(take):
    moves = (
        FootMove(side=1, start_s=0.5, end_s=1.5, ahead=0.4),
        FootMove(side=1, start_s=1.2, end_s=1.8),
    )
    step_feet(take, ALL, moves)
    speed = np.linalg.norm(np.diff(take.posture.ankles[:, 1], axis=0), axis=-1) * 25
    assert speed.max() < 3.0


def test_balls_stay_where_feet_pivot_about_them(take):
    body, posture = take.body, take.posture
    balls = posture.ankles[:, 0] + posture.feet[:, 0] @ body.offsets[10]
    wave = np.sin(2 * take.t)
    angles = np.stack([0.5 * wave, -0.2 * wave], axis=-1)
    pivot_feet(take, ALL, angles, np.abs(angles))
    after = posture.ankles[:, 0] + posture.feet[:, 0] @ body.offsets[10]
    assert np.allclose(balls, after)
    assert np.abs(np.linalg.det(posture.feet) - 1.0).max() < 1e-9


def test_ankles_stay_where_feet_turn_on_their_heels(take):
    ankles = take.posture.ankles.copy()
    yaw = np.full((101, 2), 0.4)
    pivot_feet(take, ALL, yaw, np.zeros((101, 2)), on_heels=True)
    assert np.array_equal(ankles, take.posture.ankles)


def test_hips_sink_so_that_wide_planted_feet_stay_planted(take):
    moves = (
        FootMove(side=0, start_s=0.3, end_s=0.8, left=0.35),
        FootMove(side=1, start_s=0.9, end_s=1.4, left=-0.35),
        FootMove(side=0, start_s=2.2, end_s=2.7),
        FootMove(side=1, start_s=2.8, end_s=3.3),
    )
    stepping = step_feet(take, ALL, moves)
    keep_hips_in_reach(take, ALL, stepping.air)
    points = solve_points(take.body, take.posture)
    for side, name in ((0, "l_foot"), (1, "r_foot")):
        gap = np.linalg.norm(points[:, body_index(name)] - take.posture.ankles[:, side], axis=-1)
        assert gap[stepping.air[:, side] == 0.0].max() < 2e-3
