"""A run: it learns, it goes on to the bit, it survives what goes wrong."""

from __future__ import annotations

import json
import shutil
from dataclasses import replace

import numpy as np
import pytest
import torch
from safetensors.torch import load_file, save_file

from datasets_spec.errors import ConfigError
from stickgen_model.data.augment import AugmentConfig
from stickgen_model.data.clip_store import ClipStore
from stickgen_model.generate import StickGen
from stickgen_model.lora import load_lora_file
from stickgen_model.loss_weights import HEAD_MODULES
from stickgen_model.model.multimodal import build_model
from stickgen_model.text.encoder import EncoderMismatchError
from stickgen_model.training import training_run
from stickgen_model.training.checkpoint import BEST_FILE, CheckpointError, load_weights, read_info
from stickgen_model.training.config import DropConfig, LoraConfig, OptimConfig, pretrain_preset
from stickgen_model.training.metrics import MemorySink
from stickgen_model.training.objective import Objective
from stickgen_model.training.preparation import TrainingData, prepare_model
from stickgen_model.training.trainer import train
from stickgen_model.training.training_run import OutOfMemoryError, TrainingDivergedError

TINY = replace(pretrain_preset("tiny"), precision="fp32", epochs=50, validate_every=0, save_every=0)


def same_tensors(one, two):
    return one.keys() == two.keys() and all(torch.equal(one[key], two[key]) for key in one)


@pytest.fixture(scope="module")
def base(data, tmp_path_factory):
    """A pretrained model of two steps."""
    return train(replace(TINY, max_steps=2), data, out=tmp_path_factory.mktemp("base")).checkpoint


@pytest.fixture(params=[1, pytest.param(2, marks=pytest.mark.slow)])
def threads(request):
    """Threads of every operation, whatever the tests run with."""
    before = torch.get_num_threads()
    torch.set_num_threads(request.param)
    yield request.param
    torch.set_num_threads(before)


@pytest.mark.usefixtures("threads")
@pytest.mark.parametrize(("schedule", "workers"), [("cosine", 0), ("flow", 1)])
def test_an_interrupted_run_is_the_run(data, tmp_path, schedule, workers):
    config = replace(TINY, max_steps=6, accumulation=2, schedule=schedule)
    whole = train(config, data, out=tmp_path / "whole")
    first = train(config, data, out=tmp_path / "parts", stop_after=3)
    assert (first.finished, first.progress.step) == (False, 3)
    # what only concerns this machine may differ
    second = train(replace(config, workers=workers), data, out=tmp_path / "parts")
    assert second.finished
    for name in ("model.safetensors", "trained.safetensors"):
        assert same_tensors(*(load_file(r.checkpoint / name) for r in (whole, second)))
    optimisers = [torch.load(r.checkpoint / "optimiser.pt") for r in (whole, second)]
    states = [optimiser["state"][0] for optimiser in optimisers]
    assert same_tensors(*states)


def test_a_finished_run_is_left_alone(data, tmp_path):
    config = replace(TINY, max_steps=1)
    first = train(config, data, out=tmp_path)
    written = (first.checkpoint / "model.safetensors").stat().st_mtime_ns
    again = train(config, data, out=tmp_path)
    assert again.finished
    assert again.checkpoint == first.checkpoint
    assert (first.checkpoint / "model.safetensors").stat().st_mtime_ns == written


def test_another_run_is_not_continued(data, tmp_path):
    train(replace(TINY, max_steps=2), data, out=tmp_path, stop_after=1)
    with pytest.raises(CheckpointError, match="batch_size 4 there, 3 here"):
        train(replace(TINY, max_steps=2, batch_size=3), data, out=tmp_path)
    fewer = TrainingData(train=data.val, texts=data.texts)
    with pytest.raises(CheckpointError, match="data '12 clips"):
        train(replace(TINY, max_steps=2), fewer, out=tmp_path)


def test_the_global_random_numbers_are_left_alone(data, tmp_path):
    torch.manual_seed(5)
    before = torch.get_rng_state()
    train(replace(TINY, max_steps=1), data, out=tmp_path)
    assert torch.equal(before, torch.get_rng_state())


@pytest.fixture(scope="module")
def eight(tmp_path_factory, rows_of, write_clips, texts_of):
    """8 clips, each with words of its own."""
    words = ("red", "green", "blue", "gold", "pink", "grey", "white", "black")
    rows = [rows_of(word, 12, captions=[f"the {word} one"]) for word in words]
    store = ClipStore.open(write_clips(tmp_path_factory.mktemp("eight") / "set", rows))
    return TrainingData(train=store, texts=texts_of(store))


@pytest.mark.slow
@pytest.mark.parametrize(("diffusion", "share"), [(True, 0.3), (False, 0.7)])
def test_a_tiny_model_learns_eight_clips_by_heart(eight, tmp_path, diffusion, share):
    config = replace(
        TINY,
        max_steps=40,
        batch_size=8,
        optim=OptimConfig(learning_rate=4e-3, warmup_steps=5),
        augment=AugmentConfig.none(),
        drop=DropConfig(text=0.0, action=0.0, partner=0.0, camera=0.0, everything=0.0),
        diffusion=diffusion,
        snr_gamma=0.0,
    )
    sink = MemorySink()
    train(config, eight, out=tmp_path, sink=sink)
    losses = sink.values("train/states")
    assert sum(losses[-5:]) / 5 < share * losses[0]


def test_metrics_and_rates_are_told_step_by_step(data, tmp_path):
    sink = MemorySink()
    config = replace(TINY, max_steps=4, validate_every=2)
    train(config, data, out=tmp_path, sink=sink)
    steps = [step for step, row in sink.rows if "train/total" in row]
    assert steps == [1, 2, 3, 4]
    assert [step for step, row in sink.rows if "val/total" in row] == [2, 4]
    assert all(norm > 0 for norm in sink.values("train/grad_norm"))


def test_the_best_and_the_newest_checkpoints_are_kept(data, tmp_path, monkeypatch):
    scores = iter([3.0, 1.0, 2.0, 2.5, 4.0])
    monkeypatch.setattr(training_run, "measure_losses", lambda *_, **__: {"total": next(scores)})
    result = train(
        replace(TINY, max_steps=5, validate_every=1, save_every=1, keep=1), data, out=tmp_path
    )
    assert (result.progress.best_step, result.progress.best_loss) == (2, 1.0)
    names = sorted(path.name for path in tmp_path.iterdir())
    assert names == [BEST_FILE, "step-00000002", "step-00000005"]
    assert json.loads((tmp_path / BEST_FILE).read_text())["checkpoint"] == "step-00000002"


def spoil(monkeypatch, *, bad_calls, error=None):
    """Losses that are not a number, or an error, at some calls."""
    whole, calls = Objective.losses, iter(range(1000))

    def losses(self, *args, **options):
        found = whole(self, *args, **options)
        if next(calls) not in bad_calls:
            return found
        if error is not None:
            raise error
        return {**found, "total": found["total"] * float("nan")}

    monkeypatch.setattr(Objective, "losses", losses)


def test_a_bad_step_changes_no_weight(data, tmp_path, monkeypatch):
    config = replace(TINY, max_steps=3, save_every=1, max_bad_steps=2)
    spoil(monkeypatch, bad_calls={1})
    result = train(config, replace(data, val=None), out=tmp_path)
    assert (result.progress.skipped, result.progress.averaged) == (1, 2)
    one, two = (load_file(tmp_path / f"step-0000000{n}" / "trained.safetensors") for n in (1, 2))
    assert same_tensors(one, two)


def test_a_run_that_diverges_names_the_last_good_checkpoint(data, tmp_path, monkeypatch):
    config = replace(TINY, max_steps=9, save_every=1, max_bad_steps=2)
    spoil(monkeypatch, bad_calls={1, 2})
    with pytest.raises(TrainingDivergedError, match="step-00000002"):
        train(config, replace(data, val=None), out=tmp_path)
    load_weights(
        build_model(read_info(tmp_path / "step-00000002").model), tmp_path / "step-00000002"
    )


@pytest.mark.parametrize(
    "error", [torch.OutOfMemoryError("CUDA out of memory"), RuntimeError("can't allocate memory")]
)
def test_too_little_memory_is_told_with_advice(data, tmp_path, monkeypatch, error):
    spoil(monkeypatch, bad_calls={0}, error=error)
    with pytest.raises(OutOfMemoryError, match="halve batch_size and double accumulation"):
        train(replace(TINY, max_steps=1), data, out=tmp_path)


def test_other_errors_go_through(data, tmp_path, monkeypatch):
    spoil(monkeypatch, bad_calls={0}, error=RuntimeError("shapes differ"))
    with pytest.raises(RuntimeError, match="shapes differ"):
        train(replace(TINY, max_steps=1), data, out=tmp_path)


def test_frozen_heads_stay_and_the_others_move(data, base, tmp_path):
    config = replace(TINY, stage="sft", max_steps=2, frozen_heads=("action", "physics"))
    result = train(config, data, out=tmp_path, init_from=base)
    one, two = (load_file(path / "model.safetensors") for path in (base, result.checkpoint))
    for head, module in HEAD_MODULES.items():
        same = all(torch.equal(one[k], two[k]) for k in one if k.startswith(f"{module}."))
        assert same == (head in config.frozen_heads), head


def test_lora_trains_the_adapter_and_nothing_else(data, base, tmp_path):
    config = replace(TINY, stage="lora", max_steps=2, lora=LoraConfig(adapter="style", rank=2))
    result = train(config, data, out=tmp_path, init_from=base)
    one, two = (load_file(path / "model.safetensors") for path in (base, result.checkpoint))
    assert same_tensors(one, two)
    model = build_model(read_info(base).model)
    load_weights(model, base)
    facts = load_lora_file(model, result.checkpoint / "adapter.safetensors")
    assert facts["adapter"] == "style"
    changed = [t for k, t in model.state_dict().items() if "lora_B" in k]
    assert changed
    assert any(t.abs().max() > 0 for t in changed)
    plain, styled = (
        StickGen.from_pretrained(path).generate(["a walk"], seconds=0.6, steps=2).joints
        for path in (base, result.checkpoint)
    )
    assert not np.array_equal(plain, styled)


def test_an_interrupted_adapter_run_is_the_run(data, base, tmp_path):
    config = replace(TINY, stage="lora", max_steps=2, lora=LoraConfig())
    whole = train(config, data, out=tmp_path / "whole", init_from=base)
    train(config, data, out=tmp_path / "parts", init_from=base, stop_after=1)
    parts = train(config, data, out=tmp_path / "parts", init_from=base)
    names = (r.checkpoint / "adapter.safetensors" for r in (whole, parts))
    assert same_tensors(*(load_file(name) for name in names))


def test_a_stage_needs_a_fitting_start(data, base, texts_of, tmp_path):
    with pytest.raises(ConfigError, match="stage sft: expected a checkpoint"):
        prepare_model(replace(TINY, stage="sft"), data)
    with pytest.raises(ConfigError, match="expected the weights of"):
        prepare_model(replace(TINY, stage="sft", variant="small"), data, init_from=base)
    shutil.copytree(base, tmp_path / "broken")
    tensors = load_file(base / "model.safetensors")
    tensors["strange"] = tensors.pop("pose_decoder.0.bias")
    save_file(tensors, tmp_path / "broken" / "model.safetensors")
    with pytest.raises(
        CheckpointError, match=r"missing: pose_decoder\.0\.bias; unexpected: strange"
    ):
        prepare_model(replace(TINY, stage="sft"), data, init_from=tmp_path / "broken")
    others = replace(data, texts=texts_of(data.train, data.val, dim=32))
    with pytest.raises(EncoderMismatchError, match="hash-64"):
        prepare_model(replace(TINY, stage="sft"), others, init_from=base)


def test_gradients_of_processes_are_averaged(data, tmp_path, monkeypatch):
    """With a stand-in for the others: all of them have the gradient of this one."""
    calls = []

    def all_reduce(flat):
        calls.append(flat.numel())
        flat *= 2

    monkeypatch.setattr(training_run.dist, "all_reduce", all_reduce)
    config = replace(TINY, max_steps=1)
    place = training_run.TrainPlace(world=2)
    two = train(config, replace(data, val=None), out=tmp_path / "two", place=place)
    one = train(config, replace(data, val=None), out=tmp_path / "one")
    assert calls == [sum(p.numel() for p in prepare_model(config, data)[0].parameters())]
    assert torch.isfinite(torch.tensor([one.loss, two.loss])).all()


def test_bf16_and_checkpointing_train_too(data, tmp_path):
    config = replace(TINY, max_steps=1, precision="bf16", gradient_checkpointing=True)
    result = train(config, data, out=tmp_path)
    assert result.progress.skipped == 0
    weights = load_file(result.checkpoint / "model.safetensors")
    assert all(tensor.dtype == torch.float32 for tensor in weights.values())
