import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.signal import find_peaks

from tasks.synthesize.engine.repeats import along, bumps, local_time, rocking

BORDERS = st.lists(st.floats(0.4, 1.5), min_size=1, max_size=8).map(
    lambda parts: np.concatenate([[1.0], 1.0 + np.cumsum(parts)])
)


@given(BORDERS, st.sampled_from([0.7, 1.0, 1.4]))
def test_as_many_bumps_as_spaces_between_borders(borders, skew):
    t = np.arange(0.0, borders[-1] + 1.0, 0.02)
    count = len(borders) - 1
    wave = bumps(t, borders, np.ones(count), skew=skew)
    assert len(find_peaks(wave, prominence=0.5)[0]) == count
    assert wave[t < 1.0].max() == 0.0
    assert np.allclose(wave[t > borders[-1]], 0.0)


@pytest.mark.parametrize("sharp", [1.0, 2.0])
def test_bump_has_its_height_in_the_middle_and_is_nothing_at_the_borders(sharp):
    borders, heights = np.array([0.0, 1.0, 3.0]), np.array([2.0, -0.5])
    wave = bumps(np.array([0.0, 0.5, 1.0, 2.0, 3.0]), borders, heights, sharp=sharp)
    assert wave == pytest.approx([0.0, 2.0, 0.0, -0.5, 0.0], abs=1e-12)


def test_rocking_goes_to_one_side_and_then_as_far_to_the_other():
    t = np.array([0.0, 0.5, 1.0, 1.5, 2.0])
    swing = rocking(t, np.array([0.0, 2.0]), np.array([3.0]))
    assert swing == pytest.approx([0.0, 3.0, 0.0, -3.0, 0.0], abs=1e-12)


def test_local_time_starts_anew_and_lasts_as_long_in_every_repeat():
    u, length = local_time(np.array([-1.0, 1.5, 2.0, 3.5, 9.0]), np.array([1.0, 2.0, 5.0]))
    assert length == pytest.approx(2.0)
    assert u == pytest.approx([0.0, 1.0, 0.0, 1.0, 2.0])


def test_along_is_a_track_of_one_direction():
    assert along(np.array([0.0, 2.0]), (1.0, -1.0, 0.5)).tolist() == [[0, 0, 0], [2, -2, 1]]
