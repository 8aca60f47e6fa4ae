"""What decays, how the learning rate runs, what an average is."""

from __future__ import annotations

import math
from copy import deepcopy

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from torch import nn

from stickgen_model.config import variant_config
from stickgen_model.model.multimodal import build_model
from stickgen_model.training.config import OptimConfig
from stickgen_model.training.optimiser import AveragedWeights, learning_rate_at, make_optimiser


def test_only_matrices_decay():
    model = build_model(variant_config("tiny"))
    model.pose_decoder.requires_grad_(requires_grad=False)
    optimiser = make_optimiser(model, OptimConfig())
    names = {id(p): name for name, p in model.named_parameters()}
    decay, plain = ({names[id(p)] for p in group["params"]} for group in optimiser.param_groups)
    assert [group["weight_decay"] for group in optimiser.param_groups] == [0.01, 0.0]
    assert decay | plain == {n for n in names.values() if not n.startswith("pose_decoder.")}
    assert not decay & plain
    assert all(name.endswith("weight") for name in decay)
    assert "action_embedding.weight" in plain
    assert all(
        name in plain for name in names.values() if name.endswith("bias") and "pose" not in name
    )


@given(steps=st.integers(1, 500), warmup=st.integers(0, 60))
def test_the_rate_goes_up_and_down_again(steps, warmup):
    config = OptimConfig(learning_rate=2.0, warmup_steps=warmup, final_share=0.1)
    rates = [learning_rate_at(step, num_steps=steps, config=config) for step in range(steps)]
    top = min(warmup, steps // 10)
    assert all(0.0 < rate <= 2.0 for rate in rates)
    assert rates[:top] == sorted(rates[:top])
    assert rates[top:] == sorted(rates[top:], reverse=True)
    assert rates[top] == 2.0 or steps == 1
    if steps > top + 1:
        assert rates[-1] == pytest.approx(0.2)
        middle = top + (steps - 1 - top) // 2
        if (steps - 1 - top) % 2 == 0:
            assert rates[middle] == pytest.approx(1.1)


def test_an_average_is_the_formula():
    model = nn.Linear(1, 1, bias=False)
    nn.init.constant_(model.weight, 1.0)
    averages = AveragedWeights(model, 0.5)
    expected = 1.0
    for number in range(1, 30):
        nn.init.constant_(model.weight, math.sin(number))
        averages.update(model)
        decay = min(0.5, number / (9 + number))
        expected = decay * expected + (1 - decay) * math.sin(number)
    assert averages.state_dict()["weight"].item() == pytest.approx(expected, rel=1e-5)


def test_averages_step_in_and_out():
    model = nn.Linear(2, 2)
    kept = model.weight.detach().clone()
    averages = AveragedWeights(model, 0.9)
    with torch.no_grad():
        model.weight += 1.0
    with averages.applied(model):
        assert torch.equal(model.weight, kept)
    assert torch.equal(model.weight, kept + 1.0)


def test_no_average_is_the_weights():
    model = nn.Linear(2, 2)
    averages = AveragedWeights(model, 0.0)
    with torch.no_grad():
        model.weight += 1.0
    averages.update(model)
    assert torch.equal(averages.state_dict()["weight"], model.weight)


def test_a_step_is_that_of_the_formula_and_goes_on_from_older_files():
    """The optimiser's file may come from a step that was not fused."""
    models = [nn.Linear(3, 2), nn.Linear(3, 2)]
    models[1].load_state_dict(models[0].state_dict())
    config = OptimConfig(learning_rate=0.01, weight_decay=0.1)
    groups = [{"params": [models[0].weight], "weight_decay": 0.1}, {"params": [models[0].bias]}]
    plain = torch.optim.AdamW(
        groups, lr=0.01, weight_decay=0.0, betas=(config.beta1, config.beta2), fused=False
    )
    ours = make_optimiser(models[1], config)
    for number in range(6):
        if number == 3:
            ours.load_state_dict(deepcopy(plain.state_dict()))
        for model, optimiser in zip(models, (plain, ours), strict=True):
            optimiser.zero_grad()
            torch.manual_seed(number)
            model(torch.randn(4, 3)).square().sum().backward()
            optimiser.step()
        torch.testing.assert_close(models[1].state_dict(), models[0].state_dict())
    assert all(group["fused"] for group in ours.param_groups)
