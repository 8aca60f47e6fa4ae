"""Comparison of real with synthetic windows, on numbers whose answer is known."""

from __future__ import annotations

import numpy as np
import pytest

from benchmarks.clip_windows import CLEANER, FEATURES
from benchmarks.realism import inside_share, told_apart


def test_share_between_the_percentiles():
    real = np.linspace(0.0, 100.0, 1001)[:, None]
    made = np.array([[-5.0], [0.5], [2.0], [50.0], [98.5], [99.5], [120.0], [60.0]])
    assert inside_share(real, made) == pytest.approx([0.5])


def test_cleaner_than_recorded_counts_as_inside():
    real = np.tile(np.linspace(1.0, 2.0, 101)[:, None], (1, len(FEATURES)))
    made = np.zeros((5, len(FEATURES)))
    share = inside_share(real, made)
    for name, value in zip(FEATURES, share, strict=True):
        assert value == (1.0 if name in CLEANER else 0.0)


@pytest.mark.parametrize(("apart", "low", "high"), [(0.0, 0.35, 0.65), (6.0, 0.97, 1.0)])
def test_two_samples_are_told_apart_only_if_they_differ(apart, low, high):
    rng = np.random.default_rng(3)
    rows = rng.normal(size=(240, 4))
    truth = np.arange(240) % 2
    rows[truth == 1] += apart
    groups = np.array([f"p{k // 2 % 10}-{k % 2}" for k in range(240)])
    assert low <= told_apart(rows, truth, groups, trees=60) <= high
