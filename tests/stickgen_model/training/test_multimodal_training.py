"""Pictures in the real training loop: every condition counts, runs go on to the bit."""

from __future__ import annotations

import shutil
from dataclasses import replace

import numpy as np
import pytest
import torch
from safetensors.torch import load_file, save_file

from datasets_spec.errors import ConfigError
from stickgen_model.codec import MotionCodec
from stickgen_model.config import variant_config
from stickgen_model.data.batch_plan import BatchPlan
from stickgen_model.data.clip_dataset import BatchStream, ClipDataset, fit_codec
from stickgen_model.data.clip_store import ClipStore
from stickgen_model.model.conditions import Conditions
from stickgen_model.model.multimodal import IMAGE_PARTS, build_model
from stickgen_model.training.checkpoint import CheckpointError, read_info
from stickgen_model.training.config import DropConfig, LoraConfig, pretrain_preset
from stickgen_model.training.metrics import MemorySink
from stickgen_model.training.objective import Objective
from stickgen_model.training.place import TrainPlace
from stickgen_model.training.preparation import (
    TrainingData,
    can_start_from,
    model_shape,
    prepare_model,
)
from stickgen_model.training.trainer import train

NO_DROP = DropConfig(**dict.fromkeys(DropConfig.__slots__, 0.0))
TINY = replace(
    pretrain_preset("tiny"),
    precision="fp32",
    epochs=50,
    validate_every=0,
    save_every=0,
    multimodal=True,
    diffusion=False,
)
OWN = ("camera", "partner", "action", "text", "image", "viewpoint")


def small_batch(data, *, pictures=True, batch_size=4, seed=0):
    dataset = ClipDataset(data.train, data.texts, seed=seed, pictures=pictures)
    plan = BatchPlan(data.train.lengths, batch_size, seed=seed)
    return next(iter(BatchStream(dataset, plan, codec=fit_codec(data.train))))


@pytest.fixture(scope="module")
def deep(tmp_path_factory, rows_of, write_clips, texts_of):
    """Four clips with depth, all of them pairs, and two to measure on."""
    rows = []
    for number in range(4):
        length = 11 + number // 2
        depth = 0.1 * np.random.default_rng(number).standard_normal((length, 10))
        rows.append(
            rows_of(f"c{number}", length, depth=depth, partner_clip_id=f"c{number ^ 1}", sft=True)
        )
    flat = np.zeros((12, 10))
    rows += [rows_of(f"v{number}", 12, depth=flat, split="val") for number in range(2)]
    folder = write_clips(tmp_path_factory.mktemp("deep") / "set", rows)
    stores = [ClipStore.open(folder, split=split, depth=True) for split in ("train", "val")]
    return TrainingData(train=stores[0], val=stores[1], texts=texts_of(*stores))


@pytest.fixture(scope="module")
def batch(deep):
    return small_batch(deep)


@pytest.fixture(scope="module")
def motion_checkpoint(deep, tmp_path_factory):
    config = replace(TINY, multimodal=False, max_steps=1)
    return train(config, deep, out=tmp_path_factory.mktemp("motion")).checkpoint


@pytest.fixture(scope="module")
def model():
    torch.manual_seed(0)
    return build_model(model_shape(TINY))


class Asked:
    """The model, with conditions that keep their gradients."""

    def __init__(self, model):
        self._model, self.conditions = model, None

    def __call__(self, noisy, conditions, **options):
        leaves = {n: getattr(conditions, n).clone().requires_grad_() for n in OWN if n != "action"}
        self.conditions = replace(conditions, **leaves)
        return self._model(noisy, self.conditions, **options)


def losses_of(forward, batch, *, drop=NO_DROP):
    codec = MotionCodec(torch.zeros(20), torch.ones(20))
    return Objective(config=replace(TINY, drop=drop), codec=codec).losses(forward, batch, seed=1)


def with_pictures(batch, rows):
    """The batch, where only some clips have a picture."""
    keep = torch.zeros(len(batch), dtype=torch.bool)
    keep[rows] = True
    return replace(
        batch,
        image_B3RR=batch.image_B3RR * keep[:, None, None, None],
        viewpoint_B7=batch.viewpoint_B7 * keep[:, None],
    )


def test_every_condition_gets_a_gradient_through_the_loss(model, batch):
    model.train().zero_grad()
    asked = Asked(model)
    losses_of(asked, batch)["total"].backward()
    found = asked.conditions
    for name in OWN:
        if name != "action":
            rows = getattr(found, name).grad.flatten(1).abs().sum(dim=1)
            assert (rows[found.present[name]] > 0.0).all(), name
            assert found.present[name].any(), name
    assert model.action_embedding.weight.grad.abs().sum() > 0.0
    for part in (model.image_encoder, model.fusion):
        assert all(p.grad.abs().sum() > 0.0 for p in part.parameters())


def test_every_condition_changes_the_prediction(model, batch):
    model.eval()
    asked = batch.conditions()
    mask = asked.pop("mask")
    whole = Conditions.from_tensors(asked)
    noise = torch.randn(batch.states_BTP.shape, generator=torch.Generator().manual_seed(0))
    with torch.no_grad():
        full = model(noise, whole, mask_BT=mask).pose
        for name in OWN:
            less = model(noise, whole.without(name), mask_BT=mask).pose
            moved = (full - less).abs().amax(dim=(1, 2))
            assert (moved > 1e-5).all(), name
        # another picture, another viewpoint
        for name in ("image", "viewpoint"):
            other = replace(whole, **{name: getattr(whole, name).roll(1, dims=0)})
            assert (model(noise, other, mask_BT=mask).pose - full).abs().max() > 1e-5


def test_pictures_are_dropped_with_their_viewpoints(batch):
    class StopError(Exception):
        pass

    def ask(drop):
        found = []

        def forward(_, conditions, **options):
            found.append(conditions)
            raise StopError

        with pytest.raises(StopError):
            losses_of(forward, batch, drop=drop)
        return found[0].present

    present = ask(NO_DROP)
    assert present["image"].all()
    assert present["viewpoint"].all()
    present = ask(replace(NO_DROP, image=1.0))
    assert not present["image"].any()
    assert not present["viewpoint"].any()
    present = ask(replace(NO_DROP, viewpoint=1.0))
    assert present["image"].all()
    assert not present["viewpoint"].any()
    present = ask(replace(NO_DROP, everything=1.0))
    assert not any(flags.any() for flags in present.values())


def test_pictures_change_no_draw_of_a_motion_only_run(deep, batch):
    plain = small_batch(deep, pictures=False)
    assert plain.image_B3RR is None
    assert set(plain.conditions()) == {"text", "camera", "partner", "action", "mask"}
    for name in ("states_BTP", "camera_BT3", "partner_BTP", "text_BE", "rows_B"):
        assert torch.equal(getattr(plain, name), getattr(batch, name)), name


@pytest.mark.parametrize("encoder", ["lightweight_cnn", "resnet"])
def test_one_picture_in_a_batch_is_enough(batch, encoder):
    torch.manual_seed(0)
    model = build_model(model_shape(replace(TINY, image_encoder=encoder))).train()
    norm = next(m for m in model.modules() if isinstance(m, torch.nn.BatchNorm2d))
    for rows, updates in (([2], 1), ([], 1)):
        model.zero_grad()
        losses = losses_of(model, with_pictures(batch, rows))
        losses["total"].backward()
        assert all(torch.isfinite(value) for value in losses.values())
        assert all(p.grad is None or torch.isfinite(p.grad).all() for p in model.parameters())
        # blanks take no part in the statistics
        assert int(norm.num_batches_tracked) == updates


def test_an_interrupted_multimodal_run_is_the_run(deep, tmp_path):
    config = replace(TINY, max_steps=2, batch_size=2)
    whole = train(config, deep, out=tmp_path / "whole")
    train(config, deep, out=tmp_path / "parts", stop_after=1)
    second = train(config, deep, out=tmp_path / "parts")
    for name in ("model.safetensors", "trained.safetensors"):
        one, other = (load_file(r.checkpoint / name) for r in (whole, second))
        assert one.keys() == other.keys()
        assert all(torch.equal(one[key], other[key]) for key in one)
    running = [key for key in one if "running_" in key]
    assert len(running) == 2 * 5
    assert all(one[key].abs().sum() > 0.0 for key in running)


def test_clips_without_depth_are_refused(deep, mixed_store, texts_of, tmp_path):
    data = TrainingData(train=mixed_store, texts=texts_of(mixed_store))
    with pytest.raises(ConfigError, match="depth=True"):
        train(TINY, data, out=tmp_path)
    assert deep.train.has_depth


def test_a_motion_only_model_becomes_the_motion_part(deep, motion_checkpoint):
    config = replace(TINY, image_encoder="mini_vit", fusion="film")
    model, codec = prepare_model(config, deep, init_from=motion_checkpoint)
    saved = load_file(motion_checkpoint / "model.safetensors")
    state = model.state_dict()
    fresh = {key for key in state if key.partition(".")[0] in IMAGE_PARTS}
    assert fresh
    assert {key for key in saved if not key.startswith("codec.")} == set(state) - fresh
    assert all(torch.equal(state[key], saved[key]) for key in set(state) - fresh)
    assert torch.equal(codec.mean_P, saved["codec.mean"])
    again, _ = prepare_model(config, deep, init_from=motion_checkpoint)
    assert all(torch.equal(state[key], again.state_dict()[key]) for key in fresh)


def test_starts_between_other_shapes_are_refused(deep, motion_checkpoint, tmp_path):
    wrong = replace(TINY, num_actions=70)
    with pytest.raises(ConfigError, match="expected the weights of"):
        prepare_model(wrong, deep, init_from=motion_checkpoint)
    adapter = replace(TINY, stage="lora", lora=LoraConfig())
    with pytest.raises(ConfigError, match="expected the weights of"):
        prepare_model(adapter, deep, init_from=motion_checkpoint)
    multimodal = train(replace(TINY, max_steps=1), deep, out=tmp_path).checkpoint
    assert read_info(multimodal).model.multimodal
    with pytest.raises(ConfigError, match="expected the weights of"):
        prepare_model(replace(TINY, multimodal=False), deep, init_from=multimodal)
    other = variant_config("tiny", multimodal=True)
    assert not can_start_from(replace(other, fusion="film"), other, stage="sft")
    assert can_start_from(other, other, stage="lora")


def test_a_motion_part_that_lacks_a_weight_is_refused(deep, motion_checkpoint, tmp_path):
    tensors = load_file(motion_checkpoint / "model.safetensors")
    broken = shutil.copytree(motion_checkpoint, tmp_path / "step-00000001")
    for change, told in (
        ({"pose_decoder.9.weight": torch.zeros(1)}, "unexpected: pose_decoder.9.weight"),
        ({"fusion.norm.weight": torch.zeros(1024)}, "unexpected: fusion.norm.weight"),
    ):
        save_file(tensors | change, broken / "model.safetensors")
        with pytest.raises(CheckpointError, match=told):
            prepare_model(TINY, deep, init_from=broken)
    gone = next(key for key in tensors if key.startswith("pose_decoder"))
    save_file({k: v for k, v in tensors.items() if k != gone}, broken / "model.safetensors")
    with pytest.raises(CheckpointError, match=f"missing: {gone}"):
        prepare_model(TINY, deep, init_from=broken)


def test_a_frozen_image_encoder_keeps_its_statistics(model, batch):
    model.image_encoder.requires_grad_(False)
    try:
        model.train()
        assert model.training
        before = {k: v.clone() for k, v in model.image_encoder.state_dict().items()}
        losses_of(model, batch)
        after = model.image_encoder.state_dict()
        assert all(torch.equal(before[key], after[key]) for key in before)
    finally:
        model.image_encoder.requires_grad_(True)


def test_encoder_and_fusion_can_be_named_for_multimodal_runs_only():
    shape = model_shape(replace(TINY, image_encoder="resnet", fusion="concat"))
    assert (shape.image_encoder, shape.fusion) == ("resnet", "concat")
    assert model_shape(TINY) == variant_config("tiny", multimodal=True)
    with pytest.raises(ConfigError, match="image_encoder of"):
        replace(TINY, multimodal=False, image_encoder="resnet")
    with pytest.raises(ConfigError, match="fusion of"):
        replace(TINY, fusion="glue")


def test_validation_sees_pictures(deep, tmp_path):
    sink = MemorySink()
    train(replace(TINY, max_steps=2, validate_every=1), deep, out=tmp_path, sink=sink)
    assert len(sink.values("val/total")) == 2


def test_processes_without_a_picture_join_in_with_zeros(monkeypatch):
    """With a stand-in for the others: they have a gradient of the first two."""
    parameters = [torch.nn.Parameter(torch.ones(3)) for _ in range(3)]
    parameters[0].grad = torch.full((3,), 2.0)

    def all_reduce(has, op):
        assert op == torch.distributed.ReduceOp.MAX
        assert has.tolist() == [1.0, 0.0, 0.0]
        has[1] = 1.0

    monkeypatch.setattr(torch.distributed, "all_reduce", all_reduce)
    TrainPlace(world=2).even_gradients(parameters)
    assert torch.equal(parameters[0].grad, torch.full((3,), 2.0))
    assert torch.equal(parameters[1].grad, torch.zeros(3))
    assert parameters[2].grad is None
