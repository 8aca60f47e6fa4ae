from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.interpolate import CubicSpline

from stickgen_model.motion.resampling import resample, resample_tracked, resampled_length, snap_fps


@pytest.mark.parametrize(
    ("fps", "want"),
    [
        (59.94, 60000 / 1001),
        (29.97, 30000 / 1001),
        (23.976, 24000 / 1001),
        (120.00004, 120.0),
        (1 / 0.0083333, 120.0),
        (1 / 0.008333, 120.0),
        (1 / 0.008342, 120000 / 1001),
        (24.0, 24.0),
        (12.4, 12.4),
    ],
)
def test_snapping(fps, want):
    assert snap_fps(fps) == pytest.approx(want, rel=1e-12)


@pytest.mark.parametrize("fps", [0.0, -1.0, float("nan"), float("inf")])
def test_a_rate_is_a_positive_number(fps):
    with pytest.raises(ValueError, match="frames per second"):
        snap_fps(fps)


@pytest.mark.parametrize(
    ("num", "fps", "want"),
    [
        (241, 120.0, 51),
        (240, 120.0, 50),
        (61, 30.0, 51),
        (60, 30.0, 50),
        (1, 30.0, 1),
        (0, 30.0, 0),
    ],
)
def test_length(num, fps, want):
    assert resampled_length(num, fps_in=fps, fps_out=25) == want


@given(num=st.integers(1, 60), fps=st.sampled_from([12.0, 24.0, 25.0, 30.0, 60.0, 120.0]))
def test_own_rate_is_the_identity(num, fps):
    x = np.random.default_rng(num).normal(size=(num, 2, 3))
    assert np.array_equal(resample(x, fps_in=fps, fps_out=fps), x)


@given(num=st.integers(1, 200), fps=st.floats(6.0, 300.0))
def test_time_is_true_and_nothing_is_extrapolated(num, fps):
    t = np.arange(num) / fps
    out = resample(t[:, None], fps_in=fps, fps_out=25)[:, 0]
    assert out == pytest.approx(np.arange(out.size) / 25, abs=1e-6)
    assert out[-1] <= t[-1] + 1e-9
    assert t[-1] - out[-1] < 0.04 + 1e-6
    assert out[0] == 0


def test_thirty_to_25_needs_the_spline():
    t = np.arange(91) / 30
    wave = np.sin(2 * np.pi * 4 * t)[:, None]
    out = resample(wave, fps_in=30, fps_out=25)[5:-5, 0]
    true = np.sin(2 * np.pi * 4 * np.arange(76) / 25)[5:-5]
    assert np.sqrt(np.mean((out - true) ** 2)) < 0.005


def test_tracked_needs_both_neighbours():
    tracked = np.ones((7, 1), dtype=bool)
    tracked[3] = False
    got = resample_tracked(tracked, fps_in=30, fps_out=25)[:, 0]
    assert got.tolist() == [True, True, False, False, True, True]


@pytest.mark.parametrize("num_frames", [2, 3, 4, 5, 6, 17, 100])
@pytest.mark.parametrize("fps", [12.5, 24.0, 30.0, 50.0])
def test_below_sixty_it_is_scipys_not_a_knot_spline(num_frames, fps):
    x = np.random.default_rng(num_frames).normal(size=(num_frames, 2, 3))
    got = resample(x, fps_in=fps, fps_out=25.0)
    places = np.arange(got.shape[0]) * fps / 25.0
    assert got == pytest.approx(CubicSpline(np.arange(num_frames), x)(places), abs=1e-12)
