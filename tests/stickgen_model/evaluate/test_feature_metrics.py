"""Distances between sets of vectors against scipy, torchmetrics and closed forms."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from scipy.linalg import sqrtm

from stickgen_model.evaluate.feature_metrics import fid, kid, multimodality


def draw(count, width, seed=0, scale=1.0, shift=0.0):
    rng = np.random.default_rng(seed)
    mix = rng.normal(size=(width, width)) / np.sqrt(width)
    return rng.normal(size=(count, width)) @ mix * scale + shift


def exactly(mean, covariance, count=2000, seed=0):
    """Vectors whose mean and covariance are these, to rounding."""
    raw = np.random.default_rng(seed).normal(size=(count, len(mean)))
    raw -= raw.mean(axis=0)
    white = raw @ np.linalg.inv(np.linalg.cholesky(np.cov(raw, rowvar=False))).T
    return white @ np.linalg.cholesky(covariance).T + mean


def test_fid_against_scipy_and_torchmetrics():
    from torchmetrics.image.fid import _compute_fid

    one, two = draw(400, 12, 1), draw(300, 12, 2, scale=1.5, shift=0.3)
    means = one.mean(axis=0), two.mean(axis=0)
    spreads = np.cov(one, rowvar=False), np.cov(two, rowvar=False)
    root = sqrtm(spreads[0] @ spreads[1]).real
    told = ((means[0] - means[1]) ** 2).sum() + np.trace(spreads[0] + spreads[1] - 2 * root)
    assert fid(one, two) == pytest.approx(told, rel=1e-9)
    parts = [torch.from_numpy(v) for pair in zip(means, spreads, strict=True) for v in pair]
    assert fid(one, two) == pytest.approx(float(_compute_fid(*parts)), rel=1e-9)


def test_fid_of_known_gaussians():
    # diagonal covariances: the square of the difference of the deviations, number by number
    one = exactly([0.0, 0.0, 0.0], np.diag([1.0, 4.0, 9.0]))
    two = exactly([1.0, 0.0, -2.0], np.diag([4.0, 4.0, 1.0]), seed=1)
    assert fid(one, two) == pytest.approx(5.0 + 1.0 + 0.0 + 4.0, rel=1e-9)
    # equal means, covariances that differ off the diagonal alone: a diagonal FID would say 0
    tilted = np.array([[1.0, 0.9], [0.9, 1.0]])
    apart = fid(exactly([0.0, 0.0], tilted), exactly([0.0, 0.0], np.eye(2), seed=1))
    roots = np.sqrt([1.9, 0.1])
    assert apart == pytest.approx(4.0 - 2.0 * roots.sum(), rel=1e-9)
    assert apart > 0.4


@pytest.mark.parametrize(("count", "width"), [(500, 16), (20, 64), (2, 256), (64, 64)])
def test_fid_of_a_set_and_itself(count, width):
    one = draw(count, width) * 30.0
    assert fid(one, one) == pytest.approx(0.0, abs=1e-9 * (one**2).sum())
    assert fid(one, one[::-1] + 0.0) == pytest.approx(0.0, abs=1e-9 * (one**2).sum())
    assert fid(one, one + 2.0) == pytest.approx(4.0 * width, rel=1e-6)


def test_fid_of_fewer_vectors_than_numbers():
    # all vectors lie in a plane of many numbers: the same as two numbers, turned
    flat, other = draw(40, 2, 1), draw(30, 2, 2, scale=2.0)
    turn = np.linalg.qr(np.random.default_rng(0).normal(size=(100, 100)))[0][:2]
    assert fid(flat @ turn, other @ turn) == pytest.approx(fid(flat, other), rel=1e-9)
    assert fid(draw(10, 100, 1), draw(10, 100, 2)) > 1.0
    # spaces that do not meet: nothing is shared, all of both spreads is left
    one, two = np.zeros((10, 60)), np.zeros((10, 60))
    one[:, :5], two[:, 30:35] = draw(10, 5, 1), draw(10, 5, 2)
    left = one.var(axis=0, ddof=1).sum() + two.var(axis=0, ddof=1).sum()
    means = ((one.mean(axis=0) - two.mean(axis=0)) ** 2).sum()
    assert fid(one, two) == pytest.approx(left + means, rel=1e-9)


@given(st.integers(0, 1000), st.integers(2, 12), st.integers(2, 12), st.integers(1, 8))
def test_fid_is_symmetric_and_blind_to_turns(seed, num_one, num_two, width):
    one, two = draw(num_one, width, seed), draw(num_two, width, seed + 1, scale=2.0)
    turn = np.linalg.qr(np.random.default_rng(seed).normal(size=(width, width)))[0]
    there = fid(one, two)
    assert there >= 0.0
    assert fid(two, one) == pytest.approx(there, rel=1e-6, abs=1e-9)
    assert fid(one @ turn, two @ turn) == pytest.approx(there, rel=1e-6, abs=1e-9)


@pytest.mark.parametrize("count", [50, 1500])
def test_kid_against_torchmetrics(count):
    from torchmetrics.image.kid import poly_mmd

    one, two = draw(count, 20, 1), draw(count, 20, 2, scale=1.2, shift=0.1)
    told = float(poly_mmd(torch.from_numpy(one), torch.from_numpy(two)))
    assert kid(one, two) == pytest.approx(told, rel=1e-9)


def test_kid_is_unbiased():
    # the mean over many small draws of one distribution is 0, FID's is not
    rng = np.random.default_rng(0)
    pairs = [(rng.normal(size=(8, 4)), rng.normal(size=(12, 4))) for _ in range(600)]
    values = np.array([kid(one, two) for one, two in pairs])
    assert abs(values.mean()) < 4.0 * values.std() / np.sqrt(len(values))
    assert np.mean([fid(one, two) for one, two in pairs]) > 0.5


def test_multimodality_is_the_mean_over_sentences():
    line = np.array([[0.0], [1.0], [3.0]])  # distances 1, 3, 2
    assert multimodality([line]) == pytest.approx(2.0)
    assert multimodality([line, np.zeros((2, 1))]) == pytest.approx(1.0)
    assert multimodality([np.ones((5, 4))]) == 0.0
    rng = np.random.default_rng(0)
    groups = list(rng.normal(size=(200, 5, 50)))
    assert multimodality(groups) == pytest.approx(10.0, rel=0.02)  # sqrt(2 D)
    with pytest.raises(ValueError, match=r"groups of two vectors or more, got \[3, 1\]"):
        multimodality([line, line[:1]])
    with pytest.raises(ValueError, match="groups of two"):
        multimodality([])


@pytest.mark.parametrize("measure", [fid, kid])
@pytest.mark.parametrize(
    ("one", "two", "said"),
    [
        (np.zeros((3, 4)), np.zeros((3, 5)), r"real: expected shape \(M 4\)"),
        (np.zeros((1, 4)), np.zeros((3, 4)), "two vectors or more in each set, got 1 and 3"),
        (np.zeros((3, 4)), np.full((3, 4), np.nan), "finite vectors"),
        (np.zeros(4), np.zeros((3, 4)), "vectors: expected shape"),
    ],
)
def test_sets_that_cannot_be_compared(measure, one, two, said):
    with pytest.raises(ValueError, match=said):
        measure(one, two)
