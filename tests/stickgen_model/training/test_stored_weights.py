"""Weights in smaller files."""

from __future__ import annotations

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from safetensors.torch import save_file

from datasets_spec.errors import ConfigError
from stickgen_model.config import variant_config
from stickgen_model.model.denoiser import PoseDenoiser
from stickgen_model.model.multimodal import build_model
from stickgen_model.training.stored_weights import (
    WEIGHT_PRECISIONS,
    pack_weights,
    stored_precision,
    unpack_weights,
)


def weights_of(seed, rows=5, columns=7, size=1.0):
    generator = torch.Generator().manual_seed(seed)
    return {
        "a.weight": size * torch.randn(rows, columns, generator=generator),
        "a.bias": torch.randn(rows, generator=generator),
        "c.weight": torch.randn(rows, 2, 3, 3, generator=generator),
        "n.count": torch.tensor(3),
    }


@given(seed=st.integers(0, 999), size=st.floats(1e-6, 1e4))
def test_int8_is_off_by_half_a_step_of_each_row(seed, size):
    weights = weights_of(seed, size=size)
    found = unpack_weights(pack_weights(weights, "int8"))
    assert set(found) == set(weights)
    for name in ("a.weight", "c.weight"):
        rows = weights[name].flatten(1)
        step = rows.abs().amax(dim=1, keepdim=True) / 127
        assert bool(((found[name].flatten(1) - rows).abs() <= 0.5001 * step).all())
    assert torch.equal(found["a.bias"], weights["a.bias"])
    assert torch.equal(found["n.count"], weights["n.count"])


def test_packing_again_changes_nothing():
    once = unpack_weights(pack_weights(weights_of(1), "int8"))
    twice = unpack_weights(pack_weights(once, "int8"))
    assert all(torch.allclose(once[name], twice[name], rtol=1e-6) for name in once)


def test_a_row_of_zeros_stays_one():
    weights = {"a.weight": torch.zeros(2, 3)}
    assert torch.equal(unpack_weights(pack_weights(weights, "int8"))["a.weight"], torch.zeros(2, 3))


def test_halves_are_halves_and_vectors_stay():
    weights = weights_of(2)
    packed = pack_weights(weights, "fp16")
    assert torch.equal(packed["a.weight"], weights["a.weight"].half())
    assert packed["a.bias"] is weights["a.bias"]
    assert pack_weights(weights, "fp32") == weights


def test_a_parameter_of_that_name_is_left_alone():
    weights = {"x.int8_scale": torch.ones(3)}
    assert unpack_weights(weights) == weights


@pytest.mark.parametrize("precision", WEIGHT_PRECISIONS)
def test_a_file_tells_its_precision(tmp_path, precision):
    save_file(pack_weights(weights_of(0), precision), tmp_path / "w.safetensors")
    assert stored_precision(tmp_path / "w.safetensors") == precision
    assert stored_precision(tmp_path / "none.safetensors") == "fp32"


def test_unknown_precisions_are_refused():
    with pytest.raises(ConfigError, match="'int4'"):
        pack_weights({}, "int4")


def test_a_model_in_halves_computes_in_halves():
    torch.manual_seed(0)
    model = build_model(variant_config("tiny")).eval()
    case = (torch.randn(2, 30, 20), torch.rand(2))
    conditions = {
        "text": torch.nn.functional.normalize(torch.randn(2, 1024)),
        "action": torch.randint(0, 64, (2, 30)),
        "partner": torch.randn(2, 30, 20),
        "mask": torch.arange(30) < torch.tensor([[30], [12]]),
    }
    with torch.no_grad():
        full = PoseDenoiser(model)(*case, conditions)
        half = PoseDenoiser(model.half())(*case, conditions)
    assert half.dtype == torch.float32
    assert torch.equal(half, half.half().float())
    assert 0.0 < float((full - half).abs().max()) < 0.02
