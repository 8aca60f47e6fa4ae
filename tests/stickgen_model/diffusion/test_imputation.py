from __future__ import annotations

import pytest
import torch

from stickgen_model.diffusion.imputation import Known, PathGaps
from stickgen_model.diffusion.sampler import SamplerConfig, SampleRequest, sample
from stickgen_model.diffusion.schedule import make_schedule
from stickgen_model.diffusion.windows import WindowConfig, sample_long
from stickgen_model.state_moments import DX

CLIPS = 250


def impute(gaussian, mask, *, schedule="cosine", gaps=None, clips=CLIPS, **config):
    values = gaussian.draw(seed=5).float().reshape(1, gaussian.frames, gaussian.dim)
    known = Known(
        values_BTP=values.repeat(clips, 1, 1), mask_BTP=mask.repeat(clips, 1, 1), gaps=gaps
    )
    request = SampleRequest(
        lengths=(gaussian.frames,) * clips,
        seeds=tuple(range(clips)),
        known=known,
        dim=gaussian.dim,
    )
    found = sample(
        gaussian.denoiser(schedule),
        request,
        schedule=make_schedule(schedule),
        config=SamplerConfig(**config),
    )
    return values[0], found


def mask_of(gaussian, case):
    mask = torch.zeros(gaussian.frames, gaussian.dim, dtype=torch.bool)
    if case == "first frames":
        mask[:4] = True
    elif case == "in between":
        mask[:3] = mask[-3:] = True
    else:
        mask[:, :2] = True
    return mask


@pytest.mark.parametrize("case", ["first frames", "in between", "partial joints"])
@pytest.mark.parametrize(
    ("schedule", "method", "steps"), [("cosine", "ddim", 50), ("flow", "dpm", 25)]
)
def test_the_free_part_has_the_conditional_mean(smooth, case, schedule, method, steps):
    mask = mask_of(smooth, case)
    known = mask.reshape(-1)
    values, found = impute(smooth, mask, schedule=schedule, method=method, steps=steps, steer=16)
    assert torch.equal(found[:, mask], values[mask].expand(CLIPS, -1))
    mean, cov = smooth.given(known, values.double().reshape(-1))
    free = found.double().reshape(CLIPS, -1)[:, ~known]
    informed = (mean - smooth.mean[~known]).square().mean().sqrt()
    assert informed > 0.3, "the known part says something"
    assert (free.mean(0) - mean).square().mean().sqrt() < 0.15 * informed + 0.04
    assert float(torch.cov(free.T).trace() / cov.trace()) == pytest.approx(1.0, abs=0.25)


def test_steering_and_rounds_come_nearer_than_putting_in_alone(smooth):
    mask = mask_of(smooth, "in between")
    known = mask.reshape(-1)

    def miss(**config):
        values, found = impute(smooth, mask, method="dpm", steps=10, **config)
        mean, _ = smooth.given(known, values.double().reshape(-1))
        free = found.double().reshape(CLIPS, -1)[:, ~known]
        return float((free.mean(0) - mean).square().mean().sqrt())

    alone = miss(steer=0)
    assert miss(steer=0, rounds=6) < 0.85 * alone
    assert miss(steer=4) < 0.5 * alone


def test_no_seam(smooth):
    mask = mask_of(smooth, "in between")
    _, found = impute(smooth, mask)
    free_draws = torch.stack([smooth.draw(seed) for seed in range(CLIPS)])
    truth = free_draws.reshape(CLIPS, smooth.frames, smooth.dim).diff(dim=1)
    jumps = found.diff(dim=1)
    for seam in (2, smooth.frames - 4):
        assert jumps[:, seam].square().mean() < 1.5 * truth[:, seam].square().mean()


def test_a_way_between_known_places_is_kept_and_spread(smooth):
    mask = torch.zeros(smooth.frames, smooth.dim, dtype=torch.bool)
    mask[0] = True
    number = torch.full((CLIPS, smooth.frames), -1)
    number[:, 3:9] = 0
    gaps = PathGaps(
        number_BT=number,
        counts_BS=torch.full((CLIPS, 1), 6.0),
        totals_BS=torch.full((CLIPS, 1), 9.0),
    )
    _, found = impute(smooth, mask, gaps=gaps, steps=25, steer=16)
    steps = found[..., DX].double()
    assert torch.allclose(steps[:, 3:9].sum(dim=1), torch.full((CLIPS,), 9.0).double(), atol=1e-4)
    # the exact answer conditions on the first frame and on the sum
    rows = torch.zeros(smooth.dim + 1, smooth.frames * smooth.dim, dtype=torch.float64)
    rows[: smooth.dim, : smooth.dim] = torch.eye(smooth.dim)
    rows[-1].reshape(smooth.frames, smooth.dim)[3:9, DX] = 1.0
    first = smooth.draw(seed=5).reshape(smooth.frames, smooth.dim)[0]
    said = torch.cat([first, torch.tensor([9.0])])
    gain = smooth.cov @ rows.T @ torch.linalg.inv(rows @ smooth.cov @ rows.T)
    mean = (smooth.mean + gain @ (said - rows @ smooth.mean)).reshape(smooth.frames, smooth.dim)
    assert (found.double().mean(0) - mean).square().mean().sqrt() < 0.15


def test_a_denoiser_without_gradient_is_named(smooth):
    def denoise(x, t, conditions):
        return torch.zeros_like(x)

    known = Known(values_BTP=torch.ones(1, 4, 2), mask_BTP=torch.ones(1, 4, 2, dtype=torch.bool))
    request = SampleRequest(lengths=(4,), seeds=(0,), known=known, dim=2)
    schedule = make_schedule("cosine")
    with pytest.raises(ValueError, match="set steer=0"):
        sample(denoise, request, schedule=schedule, config=SamplerConfig())
    found = sample(denoise, request, schedule=schedule, config=SamplerConfig(steer=0))
    assert torch.equal(found, known.values_BTP)


def test_known_clips_do_not_depend_on_their_neighbours(smooth):
    mask = mask_of(smooth, "first frames")
    _, many = impute(smooth, mask, clips=3, steps=5)
    _, one = impute(smooth, mask, clips=1, steps=5)
    assert torch.allclose(many[0], one[0], atol=1e-5)


def test_known_that_does_not_fit_is_refused():
    mask = torch.ones(1, 4, 2, dtype=torch.bool)
    with pytest.raises(ValueError, match="of one shape"):
        Known(values_BTP=torch.zeros(1, 3, 2), mask_BTP=mask)
    with pytest.raises(ValueError, match="expected finite numbers"):
        Known(values_BTP=torch.full((1, 4, 2), torch.nan), mask_BTP=mask)
    known = Known(values_BTP=torch.zeros(1, 4, 2), mask_BTP=mask)
    with pytest.raises(ValueError, match="expected known of shape"):
        SampleRequest(lengths=(5,), seeds=(0,), known=known, dim=2)


def walk_denoiser(x, t, conditions):
    """Ideal for clips whose every number is constant over time, N(0, 1)."""
    schedule = make_schedule("cosine")
    alpha, sigma = schedule.alpha(t)[:, None, None], schedule.sigma(t)[:, None, None]
    weight = conditions["mask"][..., None].float()
    count = weight.sum(dim=1, keepdim=True)
    total = (x * weight).sum(dim=1, keepdim=True)
    return (alpha * total / (alpha**2 * count + sigma**2)).expand_as(x)


def long_run(lengths, seeds, **window):
    request = SampleRequest(
        lengths=lengths,
        seeds=seeds,
        conditions={"camera": torch.zeros(len(lengths), max(lengths), 3)},
        dim=2,
    )
    return sample_long(
        walk_denoiser,
        request,
        schedule=make_schedule("cosine"),
        config=SamplerConfig(steps=25),
        window=WindowConfig(**window),
    )


def test_long_clips_go_on_as_they_began():
    found = long_run((200, 30, 95), (1, 2, 3), frames=50, overlap=10)
    assert found.shape == (3, 200, 2)
    for clip, length in enumerate((200, 30, 95)):
        real = found[clip, :length]
        assert (real - real[0]).abs().max() < 0.15, "a constant clip stays constant over windows"
        assert real.abs().min() > 0
        assert not found[clip, length:].any()


def test_long_clips_do_not_depend_on_their_neighbours():
    together = long_run((120, 60), (7, 8), frames=50, overlap=10)
    assert torch.allclose(
        long_run((60,), (8,), frames=50, overlap=10)[0], together[1, :60], atol=1e-5
    )
    short = long_run((40,), (7,), frames=50, overlap=10)
    request = SampleRequest(
        lengths=(40,), seeds=(7,), conditions={"camera": torch.zeros(1, 40, 3)}, dim=2
    )
    schedule = make_schedule("cosine")
    plain = sample(walk_denoiser, request, schedule=schedule, config=SamplerConfig(steps=25))
    assert torch.equal(short, plain)


def test_a_window_that_does_not_advance_is_refused():
    with pytest.raises(ValueError, match="1 <= overlap < frames"):
        WindowConfig(frames=20, overlap=20)
