"""Halves of the items: their spread is the standard error."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tasks.evaluate.halves import Draw, bounds_of, draws, measured_halves, over_halves


@pytest.mark.parametrize("count", [40, 400])
def test_the_interval_is_that_of_a_mean_of_all_items(count):
    values = np.random.default_rng(1).gamma(2.0, size=count)
    drawn = draws(0, 400)
    found = over_halves(drawn, lambda draw: {"x": float(values[draw.rows(count)].mean())})["x"]
    # closed form: s / sqrt(n), and 1.966 deviations for 400 repeats
    half = 1.966 * values.std(ddof=1) / np.sqrt(count)
    assert found.high - found.mean == pytest.approx(half, rel=0.12)
    assert found.mean == pytest.approx(values.mean(), abs=half / 5)


def test_more_repeats_do_not_make_it_smaller():
    values = np.random.default_rng(2).normal(size=200)
    widths = []
    for repeats in (20, 500):
        drawn = draws(3, repeats)
        found = over_halves(drawn, lambda draw: {"x": float(values[draw.rows(200)].mean())})["x"]
        widths.append(found.high - found.low)
    assert widths[1] > 0.6 * widths[0]


def test_true_values_lie_inside_as_often_as_said():
    rng = np.random.default_rng(5)
    inside = 0
    for trial in range(200):
        values = rng.normal(size=60)
        drawn = draws(trial, 20)
        found = over_halves(drawn, lambda d, v=values: {"x": float(v[d.rows(60)].mean())})["x"]
        inside += found.low <= 0.0 <= found.high
    assert 0.90 <= inside / 200 <= 0.99


def test_every_row_gets_the_same_halves():
    one, other = draws(7, 3), draws(7, 3)
    for a, b in zip(one, other, strict=True):
        np.testing.assert_array_equal(a.rows(50), b.rows(50))
        np.testing.assert_array_equal(a.rows(50, name="pool"), b.rows(50, name="pool"))
        assert a.rows(50).tolist() != a.rows(50, name="pool").tolist()
    assert one[0].rows(50).tolist() != one[1].rows(50).tolist()
    assert [d.seed for d in draws(7, 5)[:3]] == [d.seed for d in one]


def test_one_repeat_takes_everything():
    (draw,) = draws(0, 1)
    assert draw.rows(7).tolist() == list(range(7))


@given(st.integers(1, 60), st.integers(1, 5), st.integers(0, 2**32 - 1))
def test_a_half_is_half(count, least, seed):
    rows = Draw(seed).rows(count, least=least)
    assert len(set(rows.tolist())) == len(rows) == min(count, max(count // 2, least))
    assert rows.min() >= 0
    assert rows.max() < count


@given(st.lists(st.floats(0.0, 1.0), min_size=1, max_size=30))
def test_intervals_of_shares_stay_shares(values):
    found = measured_halves(np.array(values), bounds_of("action_accuracy"))
    assert -1e-12 <= found.low <= found.mean <= found.high <= 1.0 + 1e-12
    assert found.repeats == len(values)


def test_what_has_no_value_is_left_out():
    found = over_halves(draws(0, 4), lambda _draw: {"x": float("nan"), "y": 2.0})
    assert list(found) == ["y"]
    assert (found["y"].low, found["y"].high) == (2.0, 2.0)


def test_bounds():
    assert bounds_of("kid") == (-np.inf, np.inf)
    assert bounds_of("fid") == (0.0, np.inf)
    for name in ("r_precision_1", "retrieval_3", "copy_share", "quality", "temporal_consistency"):
        assert bounds_of(name) == (0.0, 1.0)
