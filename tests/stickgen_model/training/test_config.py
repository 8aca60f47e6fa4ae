"""Presets are those that are published; keys and ranges are deliberate."""

from __future__ import annotations

import json
from dataclasses import fields, replace

import pytest

from datasets_spec.errors import ConfigError
from stickgen_model.training.config import (
    DropConfig,
    LoraConfig,
    OptimConfig,
    TrainConfig,
    lora_preset,
    pretrain_preset,
    sft_preset,
)


@pytest.mark.parametrize(
    ("preset", "numbers"),
    [
        (pretrain_preset("small"), ("small", "pretrain", 1, 64, 30, 3e-4, False)),
        (pretrain_preset("medium"), ("medium", "pretrain", 2, 32, 50, 3e-4, True)),
        (pretrain_preset("large"), ("large", "pretrain", 16, 4, 100, 5e-4, True)),
        (sft_preset(), ("large", "sft", 2, 64, 20, 5e-5, True)),
        (lora_preset(), ("medium", "lora", 2, 32, 20, 1e-4, True)),
    ],
)
def test_presets(preset, numbers):
    names = ("variant", "stage", "batch_size", "accumulation", "epochs")
    found = tuple(getattr(preset, name) for name in names)
    assert (*found, preset.optim.learning_rate, preset.diffusion) == numbers
    assert (preset.optim.weight_decay, preset.optim.clip_norm) == (0.01, 1.0)
    assert preset.drop.text == preset.drop.everything == 0.1
    if preset.lora is not None:
        assert (preset.lora.rank, preset.lora.alpha, preset.lora.dropout) == (8, 16.0, 0.05)


def test_there_is_no_preset_of_another_size():
    with pytest.raises(ConfigError, match="expected a variant of tiny, small, medium, large"):
        pretrain_preset("huge")


def test_settings_go_through_json_and_back():
    for preset in (pretrain_preset("small"), replace(lora_preset(), frozen_heads=("action",))):
        assert TrainConfig.from_dict(json.loads(json.dumps(preset.to_dict()))) == preset


def test_an_unknown_key_is_refused():
    with pytest.raises(ConfigError, match="unexpected keyword argument 'learning'"):
        TrainConfig.from_dict({"learning": 1})


def test_all_faults_are_told_at_once():
    with pytest.raises(ConfigError) as caught:
        TrainConfig(variant="huge", epochs=0, frozen_heads=("pos",), lora=LoraConfig())
    told = str(caught.value)
    assert all(word in told for word in ("huge", "epochs >= 1, got 0", "['pos']", "lora with"))
    with pytest.raises(ConfigError, match=r"learning_rate > 0, got 0.0; expected ema_decay"):
        OptimConfig(learning_rate=0.0, ema_decay=2.0)
    with pytest.raises(ConfigError, match=r"expected text 0..1, got 2.0"):
        DropConfig(text=2.0)


def test_keys_are_a_deliberate_list():
    assert sorted(f.name for f in fields(TrainConfig)) == [
        "accumulation",
        "augment",
        "batch_size",
        "compile",
        "diffusion",
        "drop",
        "epochs",
        "frozen_heads",
        "fusion",
        "gradient_checkpointing",
        "image_encoder",
        "keep",
        "lora",
        "max_bad_steps",
        "max_frames",
        "max_steps",
        "multimodal",
        "num_actions",
        "optim",
        "pad_multiple",
        "pool_batches",
        "precision",
        "save_every",
        "schedule",
        "seed",
        "snr_gamma",
        "stage",
        "validate_every",
        "variant",
        "weights",
        "workers",
    ]
