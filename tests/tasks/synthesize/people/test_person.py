"""Bodies of people."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tasks.synthesize.people.person import random_body, random_manner


@given(seed=st.integers(0, 10**6), age=st.sampled_from(["child", "adult", "old"]))
def test_bodies_are_of_human_size_and_even(seed, age):
    body = random_body(np.random.default_rng(seed), age=age)
    low, high = {"child": (1.1, 1.5), "adult": (1.45, 1.95), "old": (1.4, 1.9)}[age]
    assert low < body.stature < high
    assert 0.42 < body.leg / body.stature < 0.63
    for name in ("elbow", "wrist", "knee", "ankle"):
        assert body.length(f"l_{name}") == pytest.approx(body.length(f"r_{name}"))


def test_proportions_vary():
    bodies = [random_body(np.random.default_rng(seed)) for seed in range(200)]
    shares = [body.leg / body.stature for body in bodies]
    assert np.std(shares) > 0.004
    assert np.std([body.stature for body in bodies]) == pytest.approx(0.088, abs=0.02)


def test_manners_vary_in_all_respects():
    manners = [random_manner(np.random.default_rng(seed)) for seed in range(300)]
    for name in ("tempo", "amplitude", "energy", "asymmetry", "noise"):
        assert np.std([getattr(manner, name) for manner in manners]) > 0.05
    assert {manner.handed for manner in manners} == {0, 1}
    slow = [random_manner(np.random.default_rng(seed), age="old").tempo for seed in range(300)]
    assert np.mean(slow) < 0.9 * np.mean([manner.tempo for manner in manners])
