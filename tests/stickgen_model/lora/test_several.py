"""Several adapters with weights."""

from __future__ import annotations

import pytest
import torch

from datasets_spec.errors import ConfigError, StickgenError
from stickgen_model.config import variant_config
from stickgen_model.lora import inject_lora_adapters, lora_adapter_names, save_lora_file
from stickgen_model.lora.several import load_adapters
from stickgen_model.model.multimodal import build_model


def network():
    torch.manual_seed(0)
    return build_model(variant_config("tiny")).eval()


def answer(model):
    return model(torch.zeros(1, 5, 20), noise_level_B=torch.ones(1)).pose.detach()


@pytest.fixture(scope="module")
def adapter(tmp_path_factory):
    tuned = network()
    inject_lora_adapters(tuned, rank=2, adapter="default")
    for name, value in tuned.named_parameters():
        if "lora_B" in name:
            torch.nn.init.normal_(value, std=0.02, generator=torch.Generator().manual_seed(1))
    path = tmp_path_factory.mktemp("adapters") / "bold.one.safetensors"
    save_lora_file(tuned, path, adapter="default")
    return path


def test_weights_add_up(adapter):
    twice, double = network(), network()
    load_adapters(twice, [(adapter, 1.0), (adapter, 1.0)])
    load_adapters(double, [(adapter, 2.0)])
    assert lora_adapter_names(twice) == ["bold_one", "bold_one_2"]
    assert torch.allclose(answer(twice), answer(double), atol=1e-5)
    none = network()
    load_adapters(none, [(adapter, 0.0)])
    assert torch.allclose(answer(none), answer(network()), atol=1e-6)
    assert not torch.allclose(answer(none), answer(double), atol=1e-3)


def test_what_does_not_fit_is_named(adapter, tmp_path):
    small = build_model(variant_config("small"))
    with pytest.raises(ConfigError, match="expected an adapter of this model"):
        load_adapters(small, [(adapter, 1.0)])
    (tmp_path / "no.safetensors").write_bytes(b"no")
    with pytest.raises(StickgenError, match="expected a safetensors file of a LoRA adapter"):
        load_adapters(network(), [(tmp_path / "no.safetensors", 1.0)])
