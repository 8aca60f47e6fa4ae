from __future__ import annotations

import itertools

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.signal import butter, sosfiltfilt

from stickgen_model.motion.filtering import SENSOR_LOWPASS, bridge_gaps, low_pass, mocap_lowpass

TEN = mocap_lowpass(10.0)


def wave(hz, fps, seconds=4.0):
    t = np.arange(round(seconds * fps) + 1) / fps
    return np.sin(2 * np.pi * hz * t)[:, None, None] * np.ones((1, 2, 3))


def test_slow_passes_fast_does_not_and_nothing_is_delayed():
    slow, fast = wave(2.0, 120.0), wave(30.0, 120.0)
    out = low_pass(slow + fast, fps=120.0, setting=TEN)
    assert np.abs(out - slow)[60:-60].max() < 0.005


def test_it_is_the_filter_that_is_documented():
    x = np.random.default_rng(0).normal(size=(300, 15, 3))
    want = sosfiltfilt(butter(4, 10 / 60, output="sos"), x, axis=0, padtype="odd", padlen=60)
    assert low_pass(x, fps=120.0, setting=TEN) == pytest.approx(want, abs=1e-12)
    want = sosfiltfilt(butter(2, 7 / 15, output="sos"), x, axis=0, padtype="odd", padlen=15)
    assert low_pass(x, fps=30.0, setting=SENSOR_LOWPASS) == pytest.approx(want, abs=1e-12)


@pytest.mark.parametrize(("num", "fps"), [(11, 120.0), (300, 49.0), (300, 30.0), (1, 120.0)])
def test_short_or_slow_passes_untouched(num, fps):
    x = np.random.default_rng(0).normal(size=(num, 2, 3))
    assert np.array_equal(low_pass(x, fps=fps, setting=TEN), x)


@given(num=st.integers(12, 80), fps=st.sampled_from([50.0, 60.0, 120.0, 250.0]))
def test_stillness_stays_and_the_ends_do_not_bend(num, fps):
    still = np.full((num, 2, 3), 1.7)
    assert low_pass(still, fps=fps, setting=TEN) == pytest.approx(still, abs=1e-9)
    line = np.linspace(0, 1, 4 * num)[:, None, None] * np.ones((1, 2, 3))
    assert low_pass(line, fps=fps, setting=TEN) == pytest.approx(line, abs=0.03)


def test_untracked_values_do_not_leak():
    x = wave(1.0, 30.0)
    tracked = np.ones(x.shape[:2], dtype=bool)
    tracked[50:56, 1] = False
    wild = x.copy()
    wild[50:56, 1] = 100.0
    out = low_pass(wild, fps=30.0, setting=SENSOR_LOWPASS, tracked=tracked)
    assert np.abs(out - x).max() < 0.3
    assert np.array_equal(wild[52, 1], [100.0] * 3)


def test_long_gaps_and_open_ends_keep_the_values():
    x = np.arange(40.0)[:, None, None] * np.ones((1, 2, 3)) ** 2
    tracked = np.ones((40, 2), dtype=bool)
    tracked[:3, 0] = tracked[10:30, 0] = tracked[38:, 0] = False
    tracked[:, 1] = False
    y = x + ~tracked[:, :, None] * 5.0
    assert np.array_equal(bridge_gaps(y, tracked, fps=30.0), y)
    tracked[19:30, 0] = True
    y[9:31, 0] = x[9:31, 0]
    y[10:19, 0] = -7.0
    assert bridge_gaps(y, tracked, fps=30.0)[10:19, 0] == pytest.approx(x[10:19, 0])


@given(seed=st.integers(0, 10_000), share=st.floats(0.05, 0.95))
def test_short_gaps_become_the_line_between_their_ends(seed, share):
    rng = np.random.default_rng(seed)
    y, tracked = rng.normal(size=(60, 4, 3)), rng.random((60, 4)) < share
    want = y.copy()
    for point in range(4):
        good = np.flatnonzero(tracked[:, point])
        for low, high in itertools.pairwise(good):
            inside = np.arange(low + 1, high)
            if 0 < inside.size <= 12:
                for axis in range(3):
                    ends = y[[low, high], point, axis]
                    want[inside, point, axis] = np.interp(inside, [low, high], ends)
    assert bridge_gaps(y, tracked, fps=30.0) == pytest.approx(want, abs=1e-12)


def test_shapes_are_checked():
    with pytest.raises(ValueError, match="points"):
        low_pass(np.zeros((4, 3)), fps=120.0, setting=TEN)
