"""Arms that reach a place, and angles of rotations."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from datasets_spec.skeleton import body_index
from tasks.synthesize.engine.base import lay_base
from tasks.synthesize.engine.body import make_body
from tasks.synthesize.engine.manner import Manner
from tasks.synthesize.engine.setting import Setting
from tasks.synthesize.engine.solve import solve_points
from tasks.synthesize.engine.stances_fit import angles_of, fit_arms, matrix_of
from tasks.synthesize.engine.timing import clock


@settings(max_examples=40, deadline=None)
@given(
    ahead=st.floats(0.1, 0.35),
    up=st.floats(-0.35, 0.2),
    out=st.floats(-0.05, 0.25),
    bend=st.floats(-0.3, 1.2),
)
def test_fitted_arms_reach_their_goals(ahead, up, out, bend):
    """The solver of a whole figure brings the wrist to where the angles were fitted for."""
    body = make_body()
    rng = np.random.default_rng(0)
    posture = lay_base(clock(0.2, 25.0), body, Manner(), Setting(), rng, legs=[])
    posture.trunk[:] = (bend, 0.2, -0.1)
    points = solve_points(body, posture).astype(float)
    goals = np.empty((len(points), 2, 3))
    for side, name in ((0, "l_"), (1, "r_")):
        sign = 1.0 - 2.0 * side
        goals[:, side] = points[:, body_index(name + "shoulder")] + [sign * out, up, ahead]
    posture.arms = fit_arms(body, posture.hips, posture.turn, posture.trunk, goals=goals)
    reached = solve_points(body, posture).astype(float)
    for side, name in ((0, "l_hand"), (1, "r_hand")):
        np.testing.assert_allclose(reached[:, body_index(name)], goals[:, side], atol=1e-4)


@given(yaw=st.floats(-3.0, 3.0), pitch=st.floats(-1.5, 1.5), roll=st.floats(-1.5, 1.5))
def test_angles_and_matrices_are_inverse(yaw, pitch, roll):
    angles = np.array([yaw, pitch, roll, 0.0])
    np.testing.assert_allclose(angles_of(matrix_of(angles)), angles, atol=1e-6)


def test_axes_of_the_angles():
    front, up = np.array([0.0, 0.0, 1.0]), np.array([0.0, 1.0, 0.0])
    quarter = np.pi / 2
    left = np.array([1.0, 0.0, 0.0])
    for angles, axis, goal in (
        ([quarter, 0, 0, 0], front, [1, 0, 0]),
        ([0, quarter, 0, 0], up, [0, 0, 1]),
        ([0, 0, quarter, 0], up, [-1, 0, 0]),
        ([0, -quarter, 0, quarter], left, [0, -1, 0]),
    ):
        np.testing.assert_allclose(matrix_of(np.array(angles)) @ axis, goal, atol=1e-9)
