"""A run: it learns, it goes on to the bit, it survives what goes wrong."""

from __future__ import annotations

from dataclasses import replace

import pytest
import torch
from safetensors.torch import load_file

from stickgen_model.data.augment import AugmentConfig
from stickgen_model.data.clip_store import ClipStore
from stickgen_model.generate import GenerateConfig, StickGen
from stickgen_model.text.hashing import HashEncoder
from stickgen_model.training.config import OptimConfig, pretrain_preset
from stickgen_model.training.metrics import MemorySink
from stickgen_model.training.preparation import TrainingData
from stickgen_model.training.trainer import train

TINY = replace(pretrain_preset("tiny"), precision="fp32", epochs=50, validate_every=0)


@pytest.fixture(scope="module")
def data(mixed_folder, texts_of):
    stores = [ClipStore.open(mixed_folder, split=split) for split in ("train", "val")]
    return TrainingData(train=stores[0], val=stores[1], texts=texts_of(*stores))


def test_an_interrupted_run_is_the_run(data, tmp_path):
    config = replace(TINY, max_steps=6, accumulation=2, save_every=0)
    whole = train(config, data, out=tmp_path / "whole")
    first = train(config, data, out=tmp_path / "parts", stop_after=3)
    assert (first.finished, first.progress.step) == (False, 3)
    second = train(config, data, out=tmp_path / "parts")
    assert second.finished
    for name in ("model.safetensors", "trained.safetensors"):
        one, two = (load_file(r.checkpoint / name) for r in (whole, second))
        assert one.keys() == two.keys()
        assert all(torch.equal(one[key], two[key]) for key in one)


def test_it_learns_and_generates(data, tmp_path):
    optim = OptimConfig(learning_rate=4e-3, warmup_steps=5, ema_decay=0.9)
    config = replace(
        TINY, max_steps=60, batch_size=8, optim=optim, augment=AugmentConfig.none(), save_every=0
    )
    sink = MemorySink()
    result = train(config, data, out=tmp_path, sink=sink)
    losses = sink.values("train/total")
    print(losses[0], losses[-5:], sink.values("val/total"))
    model = StickGen.from_pretrained(result.checkpoint, HashEncoder(64))
    motions = model.generate(["a person walks ahead", ""], GenerateConfig(seconds=1.0))
    assert motions.joints.shape == (2, 1, 25, 10, 2)
