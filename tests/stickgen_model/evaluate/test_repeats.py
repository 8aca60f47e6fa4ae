"""Intervals against scipy and by coverage."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import ttest_1samp

from stickgen_model.evaluate.repeats import measured, measured_over_clips, repeat, repeat_seeds


def test_interval_against_scipy():
    values = np.random.default_rng(0).normal(3.0, 2.0, 20)
    told = ttest_1samp(values, 0.0).confidence_interval(0.95)
    found = measured(values.tolist())
    assert (found.low, found.high) == pytest.approx((told.low, told.high))
    assert found.mean == pytest.approx(values.mean())
    assert found.repeats == 20


def test_intervals_hold_the_truth_19_times_of_20():
    rows = np.random.default_rng(1).normal(size=(2000, 5))
    ends = [measured(row.tolist()) for row in rows]
    assert np.mean([one.low <= 0.0 <= one.high for one in ends]) == pytest.approx(0.95, abs=0.015)


def test_one_value_is_its_own_interval():
    one = measured([0.25])
    assert (one.low, one.mean, one.high, one.repeats) == (0.25, 0.25, 0.25, 1)
    same = measured([0.1] * 7)
    assert same.low == pytest.approx(0.1)
    assert same.low <= same.mean <= same.high


@pytest.mark.parametrize("values", [[], [1.0, float("nan")], [float("inf")]])
def test_values_that_have_no_mean(values):
    with pytest.raises(ValueError, match="finite values of one repeat or more"):
        measured(values)


def test_clips_of_one_recording_count_as_one_sample():
    values = np.repeat(np.random.default_rng(0).normal(size=30), 20)
    groups = np.repeat(np.arange(30), 20).astype(str)
    alone, together = measured_over_clips(values), measured_over_clips(values, groups)
    assert alone.mean == together.mean == pytest.approx(values.mean())
    ratio = (together.high - together.low) / (alone.high - alone.low)
    assert ratio == pytest.approx(np.sqrt(20.0), rel=0.15)


def test_repeats_take_a_seed_each():
    seeds = repeat_seeds(7, 20)
    assert len(set(seeds)) == 20
    assert repeat_seeds(7, 5) == seeds[:5]
    assert not set(repeat_seeds(8, 20)) & set(seeds)
    taken = []

    def measure(seed):
        taken.append(seed)
        return {"a": float(len(taken)), "b": 1.0}

    found = repeat(measure, repeats=3, seed=7)
    assert taken == list(seeds[:3])
    assert found["a"] == measured([1.0, 2.0, 3.0])
    assert found["b"].mean == 1.0


def test_repeats_that_cannot_be_joined():
    with pytest.raises(ValueError, match="at least one repeat, got 0"):
        repeat(lambda _: {"a": 1.0}, repeats=0)
    with pytest.raises(ValueError, match="same metrics in every repeat"):
        repeat(lambda seed: {str(seed): 1.0}, repeats=2)
