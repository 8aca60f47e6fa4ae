"""Text to motion with a checkpoint: shapes, seeds, batches, people, and what is refused."""

from __future__ import annotations

import json
import shutil
from dataclasses import replace

import numpy as np
import pytest
import torch
from safetensors.torch import load_file, save_file

from stickgen_model.codec import MotionCodec
from stickgen_model.config import variant_config
from stickgen_model.diffusion.editing import joint_mask
from stickgen_model.diffusion.guidance import Guidance
from stickgen_model.generate import GenerateConfig, StickGen
from stickgen_model.given_motion import GivenMotion
from stickgen_model.lora import inject_lora_adapters, save_lora_file
from stickgen_model.model.multimodal import build_model
from stickgen_model.motion.smoothing import smooth_motion
from stickgen_model.text.encoder import EncoderMismatchError, identity_of
from stickgen_model.text.hashing import HashEncoder
from stickgen_model.training.checkpoint import (
    CheckpointError,
    CheckpointInfo,
    write_folder,
    write_inference_files,
)

ENCODER = HashEncoder(64)
FEW = {"steps": 2, "seconds": 0.6}


def save_model(folder, model, **facts):
    info = CheckpointInfo(
        model=variant_config("tiny"),
        encoder=identity_of(ENCODER),
        schedule="cosine",
        diffusion=True,
        stage="pretrain",
        step=3,
    )
    info = replace(info, **facts)
    codec = MotionCodec(torch.zeros(20), torch.full((20,), 0.1))

    def fill(part):
        write_inference_files(part, info, weights=model.state_dict(), codec=codec)

    write_folder(folder, fill)
    return folder


@pytest.fixture(scope="module")
def network():
    torch.manual_seed(0)
    return build_model(variant_config("tiny"))


@pytest.fixture(scope="module")
def checkpoint(network, tmp_path_factory):
    return save_model(tmp_path_factory.mktemp("generate") / "step-00000003", network)


@pytest.fixture(scope="module")
def model(checkpoint):
    return StickGen.from_pretrained(checkpoint)


def test_the_encoder_is_found_by_its_name(model, checkpoint):
    given = StickGen.from_pretrained(checkpoint, ENCODER)
    one, two = (m.generate(["a wave"], **FEW).joints for m in (model, given))
    assert np.array_equal(one, two)


def test_clips_have_the_length_that_was_asked(model):
    motions = model.generate(["a wave", "a walk"], lengths=[12, 30], steps=2)
    assert motions.joints.shape == (2, 1, 30, 10, 2)
    assert motions.joints.dtype == np.float32
    assert motions.clip(0).shape == (12, 10, 2)
    assert motions.mask.sum(axis=1).tolist() == [12, 30]
    assert not motions.joints[0, :, 12:].any()
    assert np.isfinite(motions.joints).all()
    assert len(motions) == 2
    assert np.allclose(motions.joints[:, 0, 0, 1, 0], 0.0)
    assert model.generate(["x"], seconds=2.0, steps=1).clip(0).shape == (50, 10, 2)


def test_a_scene_does_not_depend_on_the_batch(model):
    prompts = ["a wave", "a walk", "a jump"]
    lengths = [12, 30, 20]
    whole = model.generate(prompts, lengths=lengths, steps=3)
    parts = model.generate(prompts, lengths=lengths, steps=3, batch_size=1)
    assert np.allclose(whole.joints, parts.joints, atol=1e-4)


def test_seeds_and_words_matter(model):
    def clip(prompt, **settings):
        return model.generate([prompt], **FEW, **settings).clip(0)

    base = clip("a wave", seed=1)
    assert np.array_equal(base, clip("A  wave.", seed=1))
    assert not np.allclose(base, clip("a wave", seed=2), atol=1e-3)
    assert not np.allclose(base, clip("a jump", seed=1), atol=1e-5)
    assert not np.allclose(base, clip("a wave", seed=1, guidance=1.0), atol=1e-5)
    same = clip("a wave", seed=1, guidance=Guidance(weights={"text": 2.5}))
    assert np.array_equal(base, same)
    free = model.generate([""], **FEW, seed=1).clip(0)
    assert np.allclose(free, clip("a wave", seed=1, guidance=0.0), atol=1e-4)


def test_actions_steer(model):
    free, run = (model.generate(["go"], actions=[word], **FEW).clip(0) for word in (None, "run"))
    assert not np.allclose(free, run, atol=1e-5)
    with pytest.raises(ValueError, match="expected one of the 64 actions"):
        model.generate(["go"], actions=["rnu"], **FEW)


def test_one_step_mode(model, network, tmp_path):
    one = model.generate(["a wave"], seconds=0.6, method="one_step").clip(0)
    assert one.shape == (15, 10, 2)
    plain = StickGen.from_pretrained(save_model(tmp_path / "one", network, diffusion=False))
    assert np.array_equal(plain.generate(["a wave"], seconds=0.6).clip(0), one)


def test_what_few_steps_leave_is_smoothed(model):
    asked = {"lengths": [40, 20], "seed": 3}
    rough = model.generate(["a wave", "a walk"], method="one_step", smooth=0.0, **asked)
    usual = model.generate(["a wave", "a walk"], method="one_step", **asked)
    more = model.generate(["a wave", "a walk"], method="one_step", smooth=4.0, **asked)
    for found, frames in ((usual, 1.5), (more, 4.0)):
        want = smooth_motion(rough.joints, [40, 20], frames=frames)
        np.testing.assert_allclose(found.joints, want, atol=1e-6)
    many = model.generate(["a wave"], steps=50, seconds=0.6, smooth=0.0)
    assert np.array_equal(many.joints, model.generate(["a wave"], steps=50, seconds=0.6).joints)


def test_people_stand_side_by_side_and_see_each_other(model):
    motions = model.generate(["they shake hands"], num_actors=2, spacing=1.0, **FEW)
    assert motions.joints.shape == (1, 2, 15, 10, 2)
    assert motions.joints[0, :, 0, 1, 0] == pytest.approx([-0.5, 0.5])
    far = model.generate(["they shake hands"], num_actors=2, spacing=3.0, **FEW)
    first, second = (far.joints[0, actor] - motions.joints[0, actor] for actor in (0, 1))
    assert np.allclose(first[..., 0], -1.0, atol=1e-4)
    assert not np.allclose(second[..., 0], 1.0, atol=1e-4)


def test_what_is_given_stays_as_it_is(model):
    prompts = ["a person walks", "a person waves"]
    joints = model.generate(prompts, lengths=[30, 30], steps=3, seed=9).joints[:, 0]
    joints[..., 0] += 2.0
    mask = np.zeros((2, 30, 10), dtype=bool)
    mask[0, :6] = True  # first frames
    mask[1] = joint_mask(30, frames=slice(0, 30), joints=("pelvis", "l_hand")).numpy()
    given = GivenMotion(joints=joints, mask=mask)
    found = model.generate(prompts, lengths=[30, 30], steps=3, given=given, seed=2)
    assert np.allclose(found.joints[:, 0][mask], joints[mask], atol=1e-4)
    free = model.generate(prompts, lengths=[30, 30], steps=3, seed=2)
    assert not np.allclose(found.joints[:, 0][~mask], free.joints[:, 0][~mask], atol=1e-2)
    # as in a batch of its own, but for rounding, which the solver makes larger
    alone = GivenMotion(joints=joints[:1], mask=mask[:1])
    one = model.generate(prompts[:1], lengths=[30], steps=3, given=alone, seed=2)
    assert np.allclose(one.joints[0], found.joints[0], atol=5e-3)


def test_given_motion_that_does_not_fit_is_named(model):
    joints, mask = np.zeros((1, 30, 10, 2), np.float32), np.ones((1, 30, 10), dtype=bool)
    with pytest.raises(ValueError, match=r"expected frames 0\.\.19, got frame 29"):
        model.generate(["a"], lengths=[20], given=GivenMotion(joints=joints, mask=mask))
    with pytest.raises(ValueError, match="each of 2 scenes, got 1"):
        model.generate(["a", "b"], lengths=[30, 30], given=GivenMotion(joints=joints, mask=mask))
    with pytest.raises(ValueError, match="expected finite joints"):
        GivenMotion(joints=joints + np.nan, mask=mask)
    with pytest.raises(ValueError, match="expected joints"):
        GivenMotion(joints=joints[..., :1], mask=mask)


def test_long_clips_are_made_of_windows(model):
    motions = model.generate(["a walk"], lengths=[270], steps=1, guidance=1.0)
    assert motions.clip(0).shape == (270, 10, 2)
    assert np.isfinite(motions.joints).all()


@pytest.mark.parametrize(
    ("settings", "told"),
    [
        ({"seconds": 0.1}, r"expected 10..3000 frames"),
        ({"seconds": 11.0, "num_actors": 2}, r"expected 10..250 frames"),
        ({"seconds": float("nan")}, "a finite number of seconds"),
        ({"steps": 0}, "expected steps >= 1"),
        ({"steps": 51}, r"cosine: expected 1..50 steps"),
        ({"guidance": -1.0}, "expected weights >= 0"),
        ({"method": "magic"}, "expected a sampler of"),
        ({"num_actors": 0, "batch_size": 0}, r"num_actors 1..8, got 0; expected batch_size"),
        ({"temperature": 1.0}, r"expected settings of .*seconds.*, got \['temperature'\]"),
        ({"seed": -1}, "seed >= 0"),
        ({"smooth": 11.0}, "smooth 0..10 or None, got 11"),
        ({"smooth": float("nan")}, "smooth 0..10 or None"),
    ],
)
def test_bad_settings_are_named(model, settings, told):
    with pytest.raises(ValueError, match=told):
        model.generate(["a walk"], **settings)


@pytest.mark.parametrize("prompts", ["a walk", [], [3]])
def test_prompts_are_a_list_of_sentences(model, prompts):
    with pytest.raises(ValueError, match="expected a list of at least one sentence"):
        model.generate(prompts)


def test_as_many_lengths_as_prompts(model):
    with pytest.raises(ValueError, match="for each of 2 prompts, got 2 and 1"):
        model.generate(["a", "b"], lengths=[20])
    with pytest.raises(ValueError, match=r"frames .* got \[5\]"):
        model.generate(["a", "b"], lengths=[20, 5])
    with pytest.raises(ValueError, match=r"got \['length'\]"):
        model.generate(["a"], GenerateConfig(), length=5)


def test_another_encoder_is_refused(checkpoint):
    with pytest.raises(EncoderMismatchError, match=r"hash-64 .* got hash-32"):
        StickGen.from_pretrained(checkpoint, HashEncoder(32))


def broken(checkpoint, tmp_path, change):
    folder = tmp_path / "broken"
    shutil.copytree(checkpoint, folder)
    tensors = load_file(folder / "model.safetensors")
    change(tensors)
    save_file(tensors, folder / "model.safetensors")
    return folder


def test_weights_that_do_not_fit_are_named(checkpoint, tmp_path):
    def change(tensors):
        del tensors["pose_decoder.0.bias"]
        tensors["more"] = torch.zeros(1)
        tensors["pose_decoder.2.bias"] = torch.zeros(3)

    with pytest.raises(CheckpointError) as caught:
        StickGen.from_pretrained(broken(checkpoint, tmp_path, change))
    told = str(caught.value)
    assert "missing: pose_decoder.0.bias" in told
    assert "unexpected: more" in told
    assert "pose_decoder.2.bias (3,) for (20,)" in told


def test_a_checkpoint_without_codec_is_refused(checkpoint, tmp_path):
    with pytest.raises(CheckpointError, match=r"missing \[.codec.std.\]"):
        StickGen.from_pretrained(broken(checkpoint, tmp_path, lambda t: t.pop("codec.std")))


def test_folders_that_are_no_checkpoint_are_refused(checkpoint, tmp_path):
    with pytest.raises(CheckpointError, match="expected a checkpoint folder"):
        StickGen.from_pretrained(tmp_path)
    folder = tmp_path / "old"
    shutil.copytree(checkpoint, folder)
    facts = json.loads((folder / "config.json").read_text())
    for change, told in (
        ({"format": "other"}, "expected a checkpoint of format"),
        ({"extra": 1}, "expected the facts of a checkpoint"),
        ({"model": {**facts["model"], "heads": 0}}, "expected heads >= 1"),
        ([], "expected a JSON object"),
    ):
        text = json.dumps({**facts, **change} if change else change)
        (folder / "config.json").write_text(text)
        with pytest.raises(CheckpointError, match=told):
            StickGen.from_pretrained(folder)
    (folder / "config.json").write_text(json.dumps(facts))
    (folder / "model.safetensors").write_bytes(b"nothing")
    with pytest.raises(CheckpointError, match="expected a safetensors file"):
        StickGen.from_pretrained(folder)


def test_an_adapter_changes_the_style(model, checkpoint, network, tmp_path):
    tuned = build_model(variant_config("tiny"))
    tuned.load_state_dict(network.state_dict())
    inject_lora_adapters(tuned, rank=2, adapter="bold")
    for name, value in tuned.named_parameters():
        if "lora_B" in name:
            torch.nn.init.normal_(value, generator=torch.Generator().manual_seed(1))
    save_lora_file(tuned, tmp_path / "bold.safetensors", adapter="bold")
    bold = StickGen.from_pretrained(checkpoint, adapter=tmp_path / "bold.safetensors")
    plain, styled = (m.generate(["a wave"], **FEW).joints for m in (model, bold))
    assert not np.allclose(plain, styled, atol=1e-3)


def test_precision_is_chosen(checkpoint):
    model = StickGen.from_pretrained(checkpoint, ENCODER)
    plain = model.generate(["a walk"], **FEW).joints
    assert np.array_equal(model.generate(["a walk"], precision="fp32", **FEW).joints, plain)
    half = model.generate(["a walk"], precision="bf16", **FEW).joints
    assert half.dtype == np.float32
    assert not np.array_equal(half, plain)
    # bf16 has 8 bits; the deviation of a number is 0.1 H here
    assert np.abs(half - plain).max() < 0.03
    with pytest.raises(ValueError, match="expected precision of"):
        model.generate(["a walk"], precision="fp64", **FEW)
