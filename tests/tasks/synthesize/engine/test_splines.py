"""Curves through keys against closed forms."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tasks.synthesize.engine.splines import frames_of, glide
from tasks.synthesize.engine.timing import ease
from tasks.synthesize.scenes.perform import start_take
from tasks.synthesize.scenes.solo import solo_plan

T = np.linspace(0.0, 3.0, 301)


def test_two_keys_are_the_minimum_jerk_rise():
    assert np.allclose(glide(T, (0.5, 2.0), (1.0, 4.0)), 1.0 + 3.0 * ease((T - 0.5) / 1.5))


def test_runs_through_a_key_on_the_way_without_stopping():
    track = glide(T, (0.0, 1.0, 2.0), (0.0, 1.0, 2.0))
    assert np.gradient(track, T)[100] == pytest.approx(1.0, rel=1e-3)


def test_stops_at_a_turning_point():
    track = glide(T, (0.0, 1.0, 2.0), (0.0, 1.0, 0.5))
    assert np.gradient(track, T)[100] == pytest.approx(0.0, abs=1e-2)
    assert track.max() == pytest.approx(1.0)


def test_one_key_is_a_constant_and_rows_keep_their_shape():
    assert np.all(glide(T, (1.0,), (np.ones((2, 3)),)) == 1.0)
    assert glide(T, (0.0, 1.0), np.zeros((2, 4, 5))).shape == (301, 4, 5)


@given(
    st.lists(st.floats(-3.0, 3.0), min_size=2, max_size=8),
    st.lists(st.floats(0.05, 1.0), min_size=8, max_size=8),
)
def test_meets_every_key_and_never_leaves_the_range_of_the_neighbours(values, gaps):
    times = np.cumsum(gaps)[: len(values)]
    assert np.allclose(glide(times, times, values), values, atol=1e-9)
    for k in range(len(values) - 1):
        between = np.linspace(times[k], times[k + 1], 40)
        track = glide(between, times, values)
        assert track.min() >= min(values[k : k + 2]) - 1e-6
        assert track.max() <= max(values[k : k + 2]) + 1e-6


def test_frames_of_a_span_hold_both_ends_and_stay_inside_the_clip():
    plan = solo_plan("kick", 0)
    take = start_take(plan.actors[0], duration_s=4.0, setting=plan.setting)
    assert frames_of(take, 0.4, 0.8) == slice(10, 21)
    assert frames_of(take, -5.0, 50.0) == slice(0, len(take.t))
    assert frames_of(take, 9.0, 9.5) == slice(len(take.t) - 1, len(take.t))
