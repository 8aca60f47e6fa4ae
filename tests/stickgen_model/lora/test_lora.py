"""Adapters: counts, identity at the start, merging, mixing, files, refusals."""

from __future__ import annotations

import copy

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from safetensors.torch import save_file
from torch import nn

from datasets_spec.errors import StickgenError
from stickgen_model.config import variant_config
from stickgen_model.lora import (
    AdapterSpec,
    add_lora_adapter,
    inject_lora_adapters,
    load_lora_file,
    load_lora_state_dict,
    lora_adapter_names,
    lora_layers,
    lora_state_dict,
    merge_lora_weights,
    remove_lora_adapters,
    save_lora_file,
    set_lora_mix,
    unmerge_lora_weights,
)
from stickgen_model.model.multimodal import build_model

MOTION = torch.randn(2, 6, 20, generator=torch.Generator().manual_seed(0))


@pytest.fixture
def model():
    torch.manual_seed(0)
    return build_model(variant_config("tiny", text_dim=64)).eval()


def answer(model):
    with torch.no_grad():
        return model(MOTION).pose


def shake(model, adapter="default", seed=0, size=0.1):
    """As if trained."""
    g = torch.Generator().manual_seed(seed)
    for layer in lora_layers(model).values():
        if adapter in layer.specs:
            with torch.no_grad():
                shape = layer.lora_B[adapter].shape
                layer.lora_B[adapter].copy_(size * torch.randn(shape, generator=g))


@pytest.mark.parametrize(("preset", "count"), [("default", 325_792), ("all", 571_552)])
def test_counts_on_medium(preset, count):
    with torch.device("meta"):
        model = build_model(variant_config("medium"))
        inject_lora_adapters(
            model,
            target_modules=["transformer_encoder", "pose_decoder"],
            rank=8,
            alpha=16,
            preset=preset,
        )
    trainable = {n: p.numel() for n, p in model.named_parameters() if p.requires_grad}
    assert sum(trainable.values()) == count
    assert all(".lora_" in name for name in trainable)
    assert sum(p.numel() for p in model.parameters()) == 20_595_646 + count


def test_an_untrained_adapter_changes_nothing(model):
    before = answer(model)
    inject_lora_adapters(model)
    assert torch.equal(answer(model), before)
    merge_lora_weights(model)
    assert torch.equal(answer(model), before)


@settings(max_examples=15)
@given(
    rank=st.integers(1, 12),
    alpha=st.floats(0.5, 64),
    share=st.floats(-2, 2),
    preset=st.sampled_from(["default", "all"]),
)
def test_merged_is_unmerged(rank, alpha, share, preset):
    torch.manual_seed(1)
    model = build_model(variant_config("tiny", text_dim=64)).eval()
    base = answer(model)
    inject_lora_adapters(model, rank=rank, alpha=alpha, preset=preset)
    shake(model, size=0.5 / alpha)
    set_lora_mix(model, {"default": share})
    before, state = answer(model), copy.deepcopy(model.state_dict())
    merge = merge_lora_weights(model)
    assert not lora_layers(model)
    torch.testing.assert_close(answer(model), before, rtol=1e-3, atol=1e-4)
    unmerge_lora_weights(model, merge)
    assert torch.equal(answer(model), before)
    assert all(torch.equal(v, state[k]) for k, v in model.state_dict().items())
    set_lora_mix(model, {})
    assert torch.equal(answer(model), base)


def test_the_change_is_the_formula():
    torch.manual_seed(2)
    base = nn.Sequential(nn.Linear(5, 3))
    weight, bias = (p.detach().clone() for p in base[0].parameters())
    inject_lora_adapters(base, ["0"], rank=2, alpha=6.0, dropout=0.5)
    shake(base)
    base.eval()
    x = torch.randn(4, 5)
    a, b = base[0].lora_A["default"], base[0].lora_B["default"]
    torch.testing.assert_close(base(x), x @ (weight + 3.0 * b @ a).T + bias)
    assert not torch.equal(base.train()(x), base.eval()(x))


def test_a_merged_model_is_a_plain_one(model):
    keys = list(model.state_dict())
    inject_lora_adapters(model)
    shake(model)
    want = answer(model)
    merge_lora_weights(model)
    assert list(model.state_dict()) == keys
    other = build_model(variant_config("tiny", text_dim=64)).eval()
    other.load_state_dict(model.state_dict())
    assert torch.equal(answer(other), answer(model))
    torch.testing.assert_close(answer(other), want, rtol=1e-3, atol=1e-4)


def test_only_adapters_learn(model):
    frozen = {n: p.detach().clone() for n, p in model.named_parameters()}
    inject_lora_adapters(model)
    model.train()
    optimizer = torch.optim.SGD([p for p in model.parameters() if p.requires_grad], lr=0.1)
    for _ in range(2):  # B starts at zero, so A learns from the second step on
        optimizer.zero_grad()
        model(MOTION).pose.square().mean().backward()
        optimizer.step()
    now = dict(model.named_parameters())
    assert all(torch.equal(now[n], p) for n, p in frozen.items())
    learned = [p.grad for n, p in now.items() if ".lora_" in n]
    assert all(g is not None and g.abs().sum() > 0 for g in learned)


def test_adapters_are_switched_and_mixed(model):
    base = answer(model)
    inject_lora_adapters(model, ["pose_decoder"], adapter="proud")
    add_lora_adapter(
        model,
        AdapterSpec(name="tired", rank=3, alpha=5.0),
        target_modules=["pose_decoder.2", "q_proj"],
    )
    shake(model, "proud", seed=1)
    shake(model, "tired", seed=2)
    assert lora_adapter_names(model) == ["tired", "proud"]
    answers = {}
    for mix in ({}, {"proud": 1.0}, {"tired": 1.0}, {"proud": 0.5, "tired": 0.5}, {"proud": 0.5}):
        set_lora_mix(model, mix)
        answers[tuple(mix.items())] = answer(model)
    assert torch.equal(answers[()], base)
    kinds = list(answers.values())
    assert all((a - b).abs().max() > 1e-4 for i, a in enumerate(kinds) for b in kinds[:i])
    set_lora_mix(model, {"proud": 0.5, "tired": 0.5})
    merge_lora_weights(model)
    torch.testing.assert_close(
        answer(model), answers[(("proud", 0.5), ("tired", 0.5))], rtol=1e-3, atol=1e-4
    )


def test_a_mix_of_the_last_layer_is_linear(model):
    inject_lora_adapters(model, ["pose_decoder.2"], adapter="a")
    add_lora_adapter(model, AdapterSpec(name="b"), target_modules=["pose_decoder.2"])
    shake(model, "a", seed=1)
    shake(model, "b", seed=2)
    got = []
    for mix in ({}, {"a": 1}, {"b": 1}, {"a": 0.3, "b": 1.7}):
        set_lora_mix(model, mix)
        got.append(answer(model))
    base, a, b, both = got
    torch.testing.assert_close(
        both, base + 0.3 * (a - base) + 1.7 * (b - base), rtol=1e-4, atol=1e-5
    )


def test_files_round_trip_under_another_name(model, tmp_path):
    other, path = copy.deepcopy(model), tmp_path / "proud.safetensors"
    inject_lora_adapters(model, rank=4, alpha=3.0, preset="all", adapter="proud")
    shake(model, "proud")
    save_lora_file(model, path, adapter="proud", metadata={"base": "tiny"})
    facts = load_lora_file(other, path)
    assert (facts["base"], facts["rank"], facts["alpha"]) == ("tiny", "4", "3.0")
    assert torch.equal(answer(other), answer(model))
    load_lora_file(other, path, adapter="again")
    assert torch.equal(answer(other), answer(model))
    set_lora_mix(other, {"again": 1.0})
    assert torch.equal(answer(other), answer(model))
    with pytest.raises(ValueError, match="expected a new adapter name, got 'again'"):
        load_lora_file(other, path, adapter="again")


def test_state_dicts_round_trip(model):
    other = copy.deepcopy(model)
    base_keys = set(model.state_dict())
    inject_lora_adapters(model)
    shake(model)
    assert base_keys < set(model.state_dict())
    inject_lora_adapters(other)
    other.load_state_dict(model.state_dict())
    assert torch.equal(answer(other), answer(model))
    shake(other, seed=5)
    load_lora_state_dict(other, lora_state_dict(model))
    assert torch.equal(answer(other), answer(model))


def test_strict_loading_names_every_key_and_changes_nothing(model):
    inject_lora_adapters(model, ["pose_decoder"])
    before = {k: v.clone() for k, v in lora_state_dict(model).items()}
    state = {k: v + 1 for k, v in before.items()}
    state.pop("pose_decoder.0.lora_A")
    state["elsewhere.lora_A"] = torch.zeros(1)
    state["pose_decoder.2.lora_B"] = torch.zeros(1, 2)
    told = (
        r"missing: pose_decoder.0.lora_A; unexpected: elsewhere.lora_A; "
        r"of another shape: pose_decoder.2.lora_B \(1, 2\) for \(20, 8\)"
    )
    with pytest.raises(ValueError, match=told):
        load_lora_state_dict(model, state)
    assert all(torch.equal(v, before[k]) for k, v in lora_state_dict(model).items())


def test_removing_gives_the_base_back(model):
    before, keys = answer(model), list(model.state_dict())
    inject_lora_adapters(model)
    shake(model)
    remove_lora_adapters(model)
    assert torch.equal(answer(model), before)
    assert list(model.state_dict()) == keys


def test_a_refused_injection_changes_nothing(model):
    with pytest.raises(ValueError, match=r"got \['decoder'\]; the model has .*'pose_decoder'"):
        inject_lora_adapters(model, ["pose_decoder", "decoder"])
    assert not lora_layers(model)
    assert all(p.requires_grad for p in model.parameters())


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        ({"preset": "most"}, "expected a preset"),
        ({"rank": 0}, "rank >= 1"),
        ({"alpha": 0.0}, "alpha > 0"),
        ({"dropout": 1.0}, "dropout in"),
        ({"adapter": "a.b"}, "expected a name"),
        ({"target_modules": []}, "expected targets"),
    ],
)
def test_bad_arguments(model, arguments, told):
    with pytest.raises(ValueError, match=told):
        inject_lora_adapters(model, **arguments)


def test_refusals_of_order(model, tmp_path):
    with pytest.raises(ValueError, match="use inject_lora_adapters for the first"):
        add_lora_adapter(model, AdapterSpec(name="x"))
    with pytest.raises(ValueError, match="expected a model with adapters"):
        merge_lora_weights(model)
    inject_lora_adapters(model)
    with pytest.raises(ValueError, match=r"got one with \['default'\]"):
        inject_lora_adapters(model)
    with pytest.raises(ValueError, match="expected a new adapter name"):
        add_lora_adapter(model, AdapterSpec())
    with pytest.raises(ValueError, match=r"expected adapters of \['default'\], got \['x'\]"):
        set_lora_mix(model, {"x": 1.0})
    with pytest.raises(ValueError, match="expected finite weights"):
        set_lora_mix(model, {"default": float("inf")})
    with pytest.raises(ValueError, match="expected an adapter of"):
        lora_state_dict(model, adapter="x")
    with pytest.raises(ValueError, match="other names than"):
        save_lora_file(model, tmp_path / "x", metadata={"rank": "3"})
    merge = merge_lora_weights(model)
    unmerge_lora_weights(model, merge)
    with pytest.raises(ValueError, match="expected a merged model"):
        unmerge_lora_weights(model, merge)


def test_files_that_are_none(model, tmp_path):
    path = tmp_path / "x.safetensors"
    with pytest.raises(StickgenError, match="expected a safetensors file"):
        load_lora_file(model, path)
    path.write_bytes(b"\x10" * 40)
    with pytest.raises(StickgenError, match="expected a safetensors file"):
        load_lora_file(model, path)
    save_file({"a": torch.zeros(1)}, path)
    with pytest.raises(StickgenError, match="expected format stickgen-lora-1"):
        load_lora_file(model, path)


def test_a_file_of_another_size_is_refused_before_any_change(model, tmp_path):
    path = tmp_path / "small.safetensors"
    wide = build_model(variant_config("small", text_dim=64))
    inject_lora_adapters(wide, ["pose_decoder", "transformer_encoder.layers.5"])
    save_lora_file(wide, path)
    with pytest.raises(
        ValueError, match=r"expected \(8, 64\), got \(8, 256\).*layers.5.*no such layer"
    ):
        load_lora_file(model, path)
    assert not lora_layers(model)
    assert all(p.requires_grad for p in model.parameters())
