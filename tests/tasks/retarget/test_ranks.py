"""Ranks against NumPy's own."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tasks.retarget.ranks import median, percentile


@given(st.integers(1, 60), st.integers(0, 10_000), st.sampled_from([np.float32, np.float64]))
def test_median_is_numpys_bit_by_bit(count: int, seed: int, dtype: type) -> None:
    values = np.random.default_rng(seed).normal(size=(count, 3)).astype(dtype)
    assert median(values).tobytes() == np.median(values, axis=0).tobytes()
    assert float(median(values[:, 0])) == float(np.median(values[:, 0]))


@given(st.integers(1, 60), st.integers(0, 10_000), st.floats(0.0, 100.0))
def test_percentile_is_numpys_bit_by_bit(count: int, seed: int, percent: float) -> None:
    values = np.random.default_rng(seed).normal(size=count)
    assert percentile(values, percent) == float(np.percentile(values, percent))


@pytest.mark.parametrize("place", [0, 3, 6])
def test_what_is_no_number_has_no_rank(place: int) -> None:
    values = np.arange(7.0)
    values[place] = np.nan
    assert math.isnan(percentile(values, 5.0))
    assert math.isnan(float(median(values)))
