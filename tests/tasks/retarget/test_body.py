from __future__ import annotations

import numpy as np
import pytest

from datasets_spec.skeleton import JOINTS, body_index
from tasks.retarget.body import (
    CENTRE_WEIGHTS,
    body_height,
    figure_joints,
    floor_height,
    neck_of,
    root_of,
)
from tests.tasks.retarget.made_up import ANKLE, HEIGHT, rolled, stander, walker


def test_height_is_the_chain_and_not_the_stature():
    body = walker(seconds=1.0)
    assert body_height(body) == pytest.approx(HEIGHT, rel=1e-3)
    assert body_height(rolled(body, np.full(len(body), 2.0))) == pytest.approx(HEIGHT, rel=1e-3)


def test_joints_are_where_they_should_be():
    body = walker(seconds=0.5)
    joints = figure_joints(body)
    assert joints.shape == (61, 10, 3)
    for column, name in enumerate(JOINTS):
        want = root_of(body) if name == "pelvis" else body[:, body_index(name)]
        assert np.array_equal(joints[:, column], want)


def test_centre_of_a_standing_body_lies_above_the_hips():
    assert CENTRE_WEIGHTS.sum() == pytest.approx(1)
    assert CENTRE_WEIGHTS.min() >= 0
    body = stander(seconds=0.1)
    height = (CENTRE_WEIGHTS @ body[0])[1]
    assert root_of(body)[0, 1] < height < neck_of(body)[0, 1]


def test_the_floor_is_under_the_ankles_and_a_glitch_does_not_move_it():
    body = walker(seconds=4.0)
    assert floor_height(body, height=HEIGHT, sensor=False) == pytest.approx(ANKLE, abs=1e-3)
    body[10:14, body_index("l_foot"), 1] = -3.0
    assert floor_height(body, height=HEIGHT, sensor=False) == pytest.approx(ANKLE, abs=1e-3)


def test_a_handstand_stands_on_the_hands():
    body = stander(seconds=1.0)
    for side in ("l_", "r_"):
        body[:, body_index(side + "elbow")] = body[:, body_index(side + "shoulder")] + [0, 0.28, 0]
        body[:, body_index(side + "hand")] = body[:, body_index(side + "shoulder")] + [0, 0.54, 0]
    over = rolled(body, np.full(len(body), np.pi))
    hands = over[:, body_index("l_hand"), 1].min()
    assert floor_height(over, height=HEIGHT, sensor=False) == pytest.approx(hands, abs=0.05)


def test_sitting_with_hands_low_still_stands_on_the_feet():
    body = stander(seconds=1.0)
    body[:, body_index("l_hand"), 1] = 0.03
    assert floor_height(body, height=HEIGHT, sensor=False) == pytest.approx(ANKLE, abs=1e-3)
