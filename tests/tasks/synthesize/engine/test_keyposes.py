"""Whole-body key poses."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis.extra.numpy import arrays
from hypothesis.strategies import floats

from tasks.synthesize.engine.keyposes import POSE_WIDTH, lay_pose, mirrored, pose
from tasks.synthesize.engine.solve import solve_points
from tasks.synthesize.scenes.perform import start_take
from tasks.synthesize.scenes.solo import solo_plan


@given(arrays(float, (3, POSE_WIDTH), elements=floats(-2, 2)))
def test_mirrored_twice_is_the_same(rows):
    assert np.array_equal(mirrored(mirrored(rows)), rows)


def test_a_mirrored_pose_is_the_mirror_image():
    points = []
    row = pose(
        hips=(0.05, -0.1, 0.03),
        pelvis=(0.1, 0.4, -0.1),
        trunk=(0.2, 0.3, 0.1),
        head=(0.1, 0.2, 0.1),
        left=(1.0, 0.3, 0.2, 0.5),
        right=(0.2, 1.2, -0.3, 1.5),
    )
    for one in (row, mirrored(row)):
        plan = solo_plan("kick", 3)
        take = start_take(plan.actors[0], duration_s=2.0, setting=plan.setting)
        posture = take.posture
        # a symmetric base: no noise, no turn
        posture.turn[:] = np.eye(3)
        posture.trunk[:], posture.head[:] = 0.0, 0.0
        posture.hips[:, [0, 2]] = 0.0
        posture.ankles[:, 1] = posture.ankles[:, 0] * (-1.0, 1.0, 1.0)
        posture.knees[:, 1] = posture.knees[:, 0] * (-1.0, 1.0, 1.0)
        lay_pose(take, slice(0, 51), np.tile(one, (51, 1)), np.ones(51))
        points.append(solve_points(take.body, posture))
    order = [0, 2, 1, 4, 3, 6, 5]
    mirror = points[1][:, order] * np.array([-1.0, 1.0, 1.0])
    assert np.abs(points[0][:, [*order[:1], 1, 2, 3, 4, 5, 6]] - mirror).max() < 1e-5
