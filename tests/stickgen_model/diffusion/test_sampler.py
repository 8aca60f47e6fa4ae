"""On Gaussian clips with the ideal denoiser, samples must have the Gaussian's moments."""

from __future__ import annotations

import pytest
import torch

from stickgen_model.diffusion.sampler import SamplerConfig, SampleRequest, sample
from stickgen_model.diffusion.schedule import make_schedule

CLIPS = 2000


def draw(gaussian, *, schedule, clips=CLIPS, first_seed=0, **config):
    request = SampleRequest(
        lengths=(gaussian.frames,) * clips,
        seeds=tuple(range(first_seed, first_seed + clips)),
        dim=gaussian.dim,
    )
    found = sample(
        gaussian.denoiser(schedule),
        request,
        schedule=make_schedule(schedule),
        config=SamplerConfig(**config),
    )
    return found.double().reshape(clips, -1)


# the last number: share of the covariance that a method of that order and so few steps may miss,
# on top of 5 % that 2000 draws scatter
@pytest.mark.parametrize(
    ("schedule", "method", "steps", "eta", "missing"),
    [
        ("cosine", "ddim", 50, 0.0, 0.05),
        ("cosine", "ddim", 50, 1.0, 0.05),
        ("cosine", "ddim", 10, 0.0, 0.30),
        ("cosine", "dpm", 10, 0.0, 0.20),
        ("cosine", "dpm", 25, 0.0, 0.05),
        ("flow", "dpm", 10, 0.0, 0.12),
        ("flow", "ddim", 50, 0.5, 0.05),
        ("flow", "euler", 50, 0.0, 0.05),
        ("flow", "heun", 10, 0.0, 0.05),
    ],
)
def test_samples_have_the_mean_and_the_covariance(small, schedule, method, steps, eta, missing):
    found = draw(small, schedule=schedule, method=method, steps=steps, eta=eta)
    assert (found.mean(0) - small.mean).abs().max() < 0.08
    gap = (torch.cov(found.T) - small.cov).norm() / small.cov.norm()
    assert gap < 0.05 + missing


@pytest.mark.slow
def test_more_steps_are_nearer_and_the_second_order_is_nearest(smooth):
    def gap(method, steps):
        found = draw(smooth, schedule="flow", method=method, steps=steps, clips=1000)
        exact = draw(smooth, schedule="flow", method="heun", steps=100, clips=1000)
        return float((found - exact).square().mean())  # the same seeds: the same ideal clips

    assert gap("euler", 40) < 0.2 * gap("euler", 10)
    assert gap("heun", 10) < 0.1 * gap("euler", 20)
    assert gap("dpm", 20) < 0.5 * gap("euler", 20)


def test_euler_on_the_straight_path_is_ddim(small):
    euler = draw(small, schedule="flow", method="euler", steps=8, clips=5)
    ddim = draw(small, schedule="flow", method="ddim", steps=8, clips=5)
    assert torch.allclose(euler, ddim, atol=1e-5)


def test_one_step_is_the_prediction_from_noise(small):
    calls = []

    def denoise(x, t, conditions):
        calls.append((x.clone(), t))
        return small.denoiser("cosine")(x, t, conditions)

    request = SampleRequest(lengths=(3, 3), seeds=(1, 2), dim=2)
    config = SamplerConfig(method="one_step", steps=50)
    found = sample(denoise, request, schedule=make_schedule("cosine"), config=config)
    assert len(calls) == 1
    assert (calls[0][1] == 1).all()
    # noise tells nothing of a clip, so the best guess is the mean
    assert torch.allclose(found.reshape(2, -1).double(), small.mean.expand(2, -1), atol=1e-6)


@pytest.mark.parametrize(
    ("schedule", "method", "eta"),
    [("cosine", "dpm", 0.0), ("cosine", "ddim", 1.0), ("flow", "heun", 0.0)],
)
def test_a_clip_does_not_depend_on_its_neighbours_or_its_place(schedule, method, eta):
    def denoise(x, t, conditions):
        return 0.5 * x * conditions["mask"][..., None] + 0.1 * conditions["text"][:, None, :2]

    def run(order):
        text = torch.tensor([[1.0, 2.0], [3.0, 4.0], [5.0, 6.0]])
        request = SampleRequest(
            lengths=tuple((40, 7, 23)[i] for i in order),
            seeds=tuple((11, 12, 13)[i] for i in order),
            conditions={"text": text[list(order)]},
            dim=2,
        )
        config = SamplerConfig(method=method, eta=eta)
        return sample(denoise, request, schedule=make_schedule(schedule), config=config)

    together, turned = run((0, 1, 2)), run((2, 0, 1))
    assert torch.equal(together, run((0, 1, 2)))
    assert torch.equal(together[[2, 0, 1]], turned)
    for clip, length in enumerate((40, 7, 23)):
        assert torch.equal(run((clip,))[0], together[clip, :length])
        assert not together[clip, length:].any()


def test_the_denoiser_sees_masks_and_no_padding():
    def denoise(x, t, conditions):
        assert not x[~conditions["mask"]].any()
        assert conditions["mask"].sum(dim=1).tolist() == [2, 5]
        return torch.full_like(x, torch.nan).where(~conditions["mask"][..., None], x)

    request = SampleRequest(lengths=(2, 5), seeds=(0, 0), dim=3)
    schedule = make_schedule("flow")
    found = sample(denoise, request, schedule=schedule, config=SamplerConfig(method="heun"))
    assert torch.isfinite(found).all()


@pytest.mark.parametrize(
    ("wrong", "match"),
    [
        ({"method": "plms"}, "expected a sampler of"),
        ({"steps": 0}, "expected steps >= 1"),
        ({"eta": 1.5}, "expected steps >= 1"),
        ({"steer": -1}, "steer >= 0"),
    ],
)
def test_a_config_that_cannot_be_run_is_refused(wrong, match):
    with pytest.raises(ValueError, match=match):
        SamplerConfig(**wrong)


@pytest.mark.parametrize(
    ("wrong", "match"),
    [
        ({"lengths": (), "seeds": ()}, "expected lengths >= 1"),
        ({"lengths": (0,), "seeds": (1,)}, "expected lengths >= 1"),
        ({"lengths": (3, 4), "seeds": (1,)}, "as many seeds"),
        (
            {"lengths": (3,), "seeds": (1,), "conditions": {"text": torch.zeros(2, 4)}},
            "expected conditions of 1 clips",
        ),
    ],
)
def test_a_request_whose_parts_do_not_fit_is_refused(wrong, match):
    with pytest.raises(ValueError, match=match):
        SampleRequest(**wrong)


def test_euler_wants_the_straight_path(small):
    with pytest.raises(ValueError, match="expected the flow schedule"):
        draw(small, schedule="cosine", method="euler", clips=1)
