"""Joint angles of walking against the curves of the textbooks.

The bands hold the normal ranges after Winter, Biomechanics and Motor Control of Human Movement
(2009) and Perry, Gait Analysis (1992), widened by what differs between people.
"""

from __future__ import annotations

import numpy as np
import pytest

from datasets_spec.skeleton import body_index as at
from tasks.synthesize.engine.base import lay_base
from tasks.synthesize.engine.body import make_body
from tasks.synthesize.engine.gait import WALK
from tasks.synthesize.engine.manner import Manner
from tasks.synthesize.engine.setting import Setting
from tasks.synthesize.engine.solve import solve_points
from tasks.synthesize.engine.take import Leg

T = np.arange(150) / 25.0
BODY = make_body(stature=1.75)


def bend(points: np.ndarray, side: str) -> tuple[np.ndarray, np.ndarray]:
    """Thigh ahead of the vertical, and bend of the knee, degrees, of somebody who walks to +z."""
    hip, knee, foot = (points[:, at(f"{side}_{name}")] for name in ("hip", "knee", "foot"))
    thigh, shin = knee - hip, foot - knee
    one = np.degrees(np.arctan2(thigh[:, 2], -thigh[:, 1]))
    return one, one - np.degrees(np.arctan2(shin[:, 2], -shin[:, 1]))


@pytest.mark.parametrize("mps", [1.1, 1.35, 1.55])
@pytest.mark.parametrize("seed", [0, 1, 2])
def test_hips_and_knees_bend_as_in_recorded_walks(mps, seed):
    leg = Leg(start_s=-3.0, end_s=10.0, speed_mps=mps, style=WALK)
    rng = np.random.default_rng(seed)
    points = solve_points(BODY, lay_base(T, BODY, Manner(), Setting(), rng, legs=[leg]))
    for side in "lr":
        thigh, knee = bend(points, side)
        # hip 30 ahead and 10 behind, of which the pelvis takes a part
        assert 22.0 < thigh.max() < 46.0
        assert -32.0 < thigh.min() < -6.0
        # knee 60 in the swing (recorded walks of CMU subjects: 64 to 78), else nearly straight
        assert 55.0 < knee.max() < 79.0
        assert 0.0 < knee.min() < 15.0
        ankle = points[:, at(f"{side}_foot")]
        on_floor = np.abs(np.gradient(ankle[:, 2])) * 25.0 < 0.1
        # 15 to 20 under load
        assert np.percentile(knee[on_floor], 95) < 32.0
