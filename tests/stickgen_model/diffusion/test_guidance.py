from __future__ import annotations

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from datasets_spec.vocabulary import UNLABELLED
from stickgen_model.diffusion.guidance import (
    Guidance,
    GuidedDenoiser,
    drop_conditions,
    null_condition,
)
from stickgen_model.diffusion.sampler import SamplerConfig, SampleRequest, sample
from stickgen_model.diffusion.schedule import make_schedule

SHIFTS = {"text": 2.0, "partner": -1.0, "camera": 0.5}
X = torch.randn(2, 3, 2, generator=torch.Generator().manual_seed(3))
T = torch.tensor([0.4, 0.7])


def conditions():
    given_ = {name: torch.tensor([[1.0], [0.5]]) for name in SHIFTS}
    return {**given_, "mask": torch.ones(2, 3, dtype=torch.bool)}


def guided(small, **guidance):
    model = GuidedDenoiser(
        small.denoiser("cosine", SHIFTS), conditions(), guidance=Guidance(**guidance)
    )
    return model(X, T), model.num_branches


def plain(small, without=()):
    values = conditions()
    values.update({name: torch.zeros(2, 1) for name in without})
    return small.denoiser("cosine", SHIFTS)(X, T, values)


def test_weight_one_is_conditional_and_zero_unconditional(small):
    found, branches = guided(small)
    assert branches == 1
    assert torch.equal(found, plain(small))
    for zeros in ({"weights": dict.fromkeys(SHIFTS, 0.0)}, {"joint": 0.0}):
        assert torch.allclose(guided(small, **zeros)[0], plain(small, SHIFTS), atol=1e-6)
    assert torch.allclose(
        guided(small, weights={"text": 0.0})[0], plain(small, ["text"]), atol=1e-6
    )


@given(text=st.floats(0.1, 8.0), partner=st.floats(0.1, 8.0), joint=st.floats(0.0, 4.0))
def test_the_rule_is_the_documented_one(small, text, partner, joint):
    full, nothing = plain(small), plain(small, SHIFTS)
    want = (
        full
        + (text - 1) * (full - plain(small, ["text"]))
        + (partner - 1) * (full - plain(small, ["partner"]))
        + (joint - 1) * (full - nothing)
    )
    found, branches = guided(small, weights={"text": text, "partner": partner}, joint=joint)
    assert torch.allclose(found, want, atol=1e-4)
    assert branches == 1 + (text != 1) + (partner != 1) + (joint != 1)


def test_all_branches_go_in_one_forward(small):
    calls = []

    def denoise(x, t, values):
        calls.append(len(x))
        return small.denoiser("cosine", SHIFTS)(x, t, values)

    config = SamplerConfig(steps=5, guidance=Guidance(weights={"text": 3.0, "camera": 2.0}))
    values = {name: torch.ones(4, 1) for name in SHIFTS}
    request = SampleRequest(lengths=(3,) * 4, seeds=(0,) * 4, conditions=values, dim=2)
    sample(denoise, request, schedule=make_schedule("cosine"), config=config)
    assert calls == [12] * 5


def test_guidance_moves_samples_towards_the_condition(small):
    def mean_of(weight):
        config = SamplerConfig(guidance=Guidance(weights={"text": weight}))
        values = {name: torch.ones(400, 1) for name in SHIFTS}
        values |= {"partner": torch.zeros(400, 1), "camera": torch.zeros(400, 1)}
        request = SampleRequest(
            lengths=(3,) * 400, seeds=tuple(range(400)), conditions=values, dim=2
        )
        denoise = small.denoiser("cosine", SHIFTS)
        found = sample(denoise, request, schedule=make_schedule("cosine"), config=config)
        return float(found.mean()) - float(small.mean.mean())

    assert mean_of(0.0) == pytest.approx(0.0, abs=0.1)
    assert mean_of(1.0) == pytest.approx(2.0, abs=0.1)
    assert mean_of(2.0) > 3.0


def test_rescale_brings_the_deviation_back(small):
    full, _ = guided(small)
    wild, _ = guided(small, weights={"text": 6.0})
    tamed, _ = guided(small, weights={"text": 6.0}, rescale=1.0)
    deviations = [x.flatten(1).std(dim=1, correction=0) for x in (full, wild, tamed)]
    assert torch.allclose(deviations[2], deviations[0], rtol=1e-4)
    half, _ = guided(small, weights={"text": 6.0}, rescale=0.5)
    assert torch.allclose(half, 0.5 * (wild + tamed), atol=1e-5)


def test_absent_is_zero_and_for_ids_unlabelled():
    assert not null_condition(torch.ones(2, 3)).any()
    assert (null_condition(torch.ones(2, 3, dtype=torch.int64)) == UNLABELLED).all()


def test_training_drops_each_condition_on_its_own_and_all_together():
    values = {
        "text": torch.ones(8000, 2),
        "action": torch.full((8000, 3), 5),
        "mask": torch.ones(8000, 3, dtype=torch.bool),
    }
    rates = {"text": 0.2, "action": 0.1}
    generator = torch.Generator().manual_seed(0)
    found = drop_conditions(values, rates, generator=generator, all_rate=0.1)
    no_text = ~found["text"].any(dim=1)
    no_action = (found["action"] == UNLABELLED).all(dim=1)
    assert float(no_text.float().mean()) == pytest.approx(0.1 + 0.9 * 0.2, abs=0.02)
    assert float(no_action.float().mean()) == pytest.approx(0.1 + 0.9 * 0.1, abs=0.02)
    both = float((no_text & no_action).float().mean())
    assert both == pytest.approx(0.1 + 0.9 * 0.02, abs=0.02)
    assert found["mask"] is values["mask"]
    assert values["text"].all()


@pytest.mark.parametrize("wrong", [{"weights": {"mood": 1.0}}, {"joint": -1.0}, {"rescale": 2.0}])
def test_guidance_that_cannot_be_meant_is_refused(wrong):
    with pytest.raises(ValueError, match="expected weights"):
        Guidance(**wrong)
