import numpy as np
import pytest

from tasks.synthesize.engine.ballistic import body_centre, fall_freely, frame_at
from tasks.synthesize.engine.timing import ease
from tasks.synthesize.scenes.perform import start_take
from tasks.synthesize.scenes.solo import solo_plan


@pytest.fixture
def take():
    plan = solo_plan("jump", 4)
    return start_take(plan.actors[0], duration_s=plan.duration_s, setting=plan.setting)


@pytest.mark.parametrize("gravity", [1.62, 9.81])
def test_centre_falls_with_gravity_while_the_arms_swing(take, gravity):
    first, last = 10, 24
    take.posture.arms[:, :, 0] += 3.0 * ease((take.t - 0.4) / 0.5)[:, None]
    ends = [body_centre(take.body, take.posture, slice(k, k + 1)) for k in (first, last)]
    fall_freely(take.posture, take.body, frames=(first, last), gravity_mps2=gravity)
    centre = body_centre(take.body, take.posture, slice(first, last + 1))
    curve = np.diff(centre, 2, axis=0) * take.fps**2
    assert curve[:, 1] == pytest.approx(-gravity, abs=0.02)
    assert curve[:, [0, 2]] == pytest.approx(0.0, abs=0.02)
    assert centre[[0]] == pytest.approx(ends[0], abs=1e-6)
    assert centre[[-1]] == pytest.approx(ends[1], abs=1e-6)


def test_frame_at_stays_inside_the_clip():
    t = np.arange(11) / 25.0
    assert [frame_at(t, time) for time in (-1.0, 0.081, 9.0)] == [0, 2, 10]
