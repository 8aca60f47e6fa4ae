"""Intervals against scipy and by coverage."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import ttest_1samp

from stickgen_model.evaluate.repeats import measured, repeat_seeds


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


def test_repeats_take_a_seed_each():
    seeds = repeat_seeds(7, 20)
    assert len(set(seeds)) == 20
    assert repeat_seeds(7, 5) == seeds[:5]
    assert not set(repeat_seeds(8, 20)) & set(seeds)
