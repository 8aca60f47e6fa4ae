from __future__ import annotations

from itertools import pairwise

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from stickgen_model.diffusion.schedule import (
    SCHEDULES,
    TRAIN_LEVELS,
    add_noise,
    make_schedule,
    noise_in,
    snr,
    time_grid,
    training_times,
)


@pytest.mark.parametrize("name", SCHEDULES)
def test_ends_are_exact_and_the_way_is_monotone(name):
    schedule = make_schedule(name)
    for dtype in (torch.float32, torch.float64):
        t = torch.linspace(0, 1, 101, dtype=dtype)
        alpha, sigma = schedule.alpha(t), schedule.sigma(t)
        assert (alpha[0], sigma[0], alpha[-1], sigma[-1]) == (1, 0, 0, 1)
        assert (alpha.diff() < 0).all()
        assert (sigma.diff() > 0).all()


def test_cosine_keeps_the_variance_and_flow_is_straight():
    t = torch.linspace(0, 1, 51, dtype=torch.float64)
    cosine, flow = make_schedule("cosine"), make_schedule("flow")
    assert torch.allclose(cosine.alpha(t) ** 2 + cosine.sigma(t) ** 2, torch.ones_like(t))
    assert torch.equal(flow.alpha(t) + flow.sigma(t), torch.ones_like(t))
    assert float(snr(cosine, torch.tensor([0.5]))) == pytest.approx(1.0)


@given(t=st.floats(0.02, 1.0), name=st.sampled_from(SCHEDULES))
def test_noise_put_in_is_found_again(t, name):
    schedule = make_schedule(name)
    x0, noise = torch.randn(2, 1, 5, 3, generator=torch.Generator().manual_seed(1)).double()
    level = torch.tensor([t], dtype=torch.float64)
    noisy = add_noise(schedule, x0, noise_BTP=noise, t_B=level)
    assert torch.allclose(noise_in(schedule, noisy, x0_BTP=x0, t_B=level), noise)


@pytest.mark.parametrize("name", SCHEDULES)
@pytest.mark.parametrize("steps", [1, 7, 10, 50])
def test_a_grid_falls_from_one_to_zero_over_trained_levels(name, steps):
    grid = time_grid(make_schedule(name), steps)
    assert len(grid) == steps + 1
    assert (grid[0], grid[-1]) == (1.0, 0.0)
    assert all(a > b for a, b in pairwise(grid))
    if name == "cosine":
        trained = {i / TRAIN_LEVELS for i in range(TRAIN_LEVELS + 1)}
        assert set(grid) <= trained


@pytest.mark.parametrize("steps", [0, TRAIN_LEVELS + 1])
def test_a_grid_that_training_has_not_seen_is_refused(steps):
    with pytest.raises(ValueError, match=r"expected 1\.\.50 steps"):
        time_grid(make_schedule("cosine"), steps)


@pytest.mark.parametrize("name", SCHEDULES)
def test_training_sees_pure_noise_and_never_the_clean_clip(name):
    t = training_times(make_schedule(name), 4000, generator=torch.Generator().manual_seed(0))
    assert t.min() > 0
    assert t.max() <= 1
    assert float(t.mean()) == pytest.approx(0.5, abs=0.02)
    if name == "cosine":
        assert len(t.unique()) == TRAIN_LEVELS
        assert float(t.max()) == 1.0


def test_an_unknown_schedule_is_refused():
    with pytest.raises(ValueError, match="expected a schedule of"):
        make_schedule("linear")
