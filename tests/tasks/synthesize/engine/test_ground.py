"""Treads, slopes and level ground."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tasks.synthesize.engine.ground import (
    GOING_M,
    RISE_M,
    ground_height,
    ground_slope,
    ground_tilt,
    tread_middle,
)
from tasks.synthesize.engine.setting import Setting


@given(st.integers(-20, 20), st.floats(-0.13, 0.13))
def test_a_tread_is_level_and_each_is_a_rise_higher(number, off):
    up, down = Setting(ground="stairs_up"), Setting(ground="stairs_down")
    at = np.array([number * GOING_M + off])
    assert ground_height(up, at)[0] == pytest.approx(number * RISE_M)
    assert ground_height(down, at)[0] == pytest.approx(-number * RISE_M)
    assert tread_middle(up, at)[0] == pytest.approx(number * GOING_M)


def test_slopes_rise_evenly_and_floors_do_not():
    at = np.linspace(-3, 3, 7)
    slope = Setting(ground="slope_up")
    np.testing.assert_allclose(ground_height(slope, at), np.tan(ground_tilt(slope)) * at)
    assert ground_slope(Setting(ground="slope_down")) == -ground_slope(slope)
    for ground in ("floor", "ice"):
        assert not ground_height(Setting(ground=ground), at).any()
    np.testing.assert_array_equal(tread_middle(slope, at), at)
    assert ground_tilt(Setting(ground="stairs_up")) == 0.0
