"""The real network under the sampler: small, untrained, with everything switched on."""

from __future__ import annotations

import pytest
import torch

from datasets_spec.vocabulary import UNLABELLED
from stickgen_model.config import variant_config
from stickgen_model.diffusion.guidance import Guidance
from stickgen_model.diffusion.imputation import Known
from stickgen_model.diffusion.sampler import SamplerConfig, SampleRequest, sample
from stickgen_model.diffusion.schedule import make_schedule
from stickgen_model.model.denoiser import PoseDenoiser
from stickgen_model.model.transformer import StickFigureTransformer


@pytest.fixture(scope="module")
def denoiser():
    torch.manual_seed(0)
    return PoseDenoiser(StickFigureTransformer.from_config(variant_config("tiny")).eval())


def request(rows=(0, 1), **options):
    generator = torch.Generator().manual_seed(1)
    text = torch.nn.functional.normalize(torch.randn(2, 1024, generator=generator), dim=1)
    action = torch.full((2, 30), 5)
    action[:, 10:] = UNLABELLED
    lengths = [30, 18]
    longest = max(lengths[row] for row in rows)
    return SampleRequest(
        lengths=tuple(lengths[row] for row in rows),
        seeds=tuple(row + 3 for row in rows),
        conditions={"text": text[list(rows)], "action": action[list(rows), :longest]},
        **options,
    )


GUIDANCE = Guidance(weights={"text": 3.0}, joint=1.5)


@pytest.mark.parametrize(("schedule", "method"), [("cosine", "dpm"), ("flow", "heun")])
def test_clips_are_finite_and_do_not_depend_on_their_neighbours(denoiser, schedule, method):
    config = SamplerConfig(method=method, steps=4, guidance=GUIDANCE)

    def run(rows):
        return sample(denoiser, request(rows), schedule=make_schedule(schedule), config=config)

    both = run((0, 1))
    assert torch.isfinite(both).all()
    assert torch.allclose(run((1,))[0], both[1, :18], atol=1e-3)
    other = sample(
        denoiser,
        request(),
        schedule=make_schedule(schedule),
        config=SamplerConfig(method=method, steps=4),
    )
    assert not torch.allclose(other, both, atol=1e-3)


def test_known_frames_are_steered_through_the_network(denoiser):
    mask = torch.zeros(2, 30, 20, dtype=torch.bool)
    mask[:, :5] = True
    known = Known(values_BTP=torch.ones(2, 30, 20), mask_BTP=mask)
    config = SamplerConfig(steps=10, guidance=GUIDANCE)
    found = sample(denoiser, request(known=known), schedule=make_schedule("cosine"), config=config)
    assert torch.equal(found[:, :5], torch.ones(2, 5, 20))
    assert torch.isfinite(found).all()
    assert found.abs().max() < 50, "an untrained gradient must not blow up the clip"
