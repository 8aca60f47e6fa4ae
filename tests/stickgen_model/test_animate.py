"""From a sentence to a scene: scripts, captions, labels, words that are refused."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
import torch

from datasets_spec.errors import ConfigError
from datasets_spec.vocabulary import EXPRESSIONS, UNLABELLED, action_id
from stickgen_model.codec import MotionCodec
from stickgen_model.config import variant_config
from stickgen_model.evaluate.motion_labels import SURE, MotionLabels
from stickgen_model.generate import StickGen
from stickgen_model.model.multimodal import build_model
from stickgen_model.text.encoder import identity_of
from stickgen_model.text.hashing import HashEncoder
from stickgen_model.training.checkpoint import CheckpointInfo, read_info, write_inference_files

FEW = {"steps": 2, "seconds": 0.8}


def untrained():
    torch.manual_seed(0)
    encoder = HashEncoder(64)
    info = CheckpointInfo(
        model=variant_config("tiny"),
        encoder=identity_of(encoder),
        schedule="cosine",
        diffusion=True,
        stage="pretrain",
        step=3,
        max_frames=40,
    )
    codec = MotionCodec(torch.zeros(20), torch.full((20,), 0.1))
    return StickGen(build_model(info.model), codec=codec, info=info, encoder=encoder)


@pytest.fixture(scope="module")
def model():
    return untrained()


def test_a_scene_is_that_of_generate(model):
    scene = model.animate("a man  waves", seed=4, **FEW)
    motions = model.generate(["a man waves"], seed=4, **FEW)
    assert np.array_equal(scene.joints, motions.joints[0])
    assert scene.title == "a man waves"
    assert [(c.start_s, c.end_s, c.text) for c in scene.captions] == [(0.0, 0.8, "a man waves")]
    assert scene.facts["prompt"] == "a man waves"
    assert scene.facts["seed"] == 4
    assert scene.facts["model"] == "stickgen tiny pretrain, step 3"
    assert scene.expressions is None


def test_words_of_a_scene(model):
    scene = model.animate("a man walks", style="zombie", expression="happy", action="walk", **FEW)
    assert scene.facts["prompt"] == "a man walks like a zombie"
    assert scene.title == "a man walks"
    assert (scene.expressions == EXPRESSIONS.index("happy")).all()
    plain = model.animate("a man walks", action="walk", **FEW)
    assert not np.array_equal(scene.joints, plain.joints)
    assert model.animate("", action="wave", **FEW).title == "wave"


@pytest.mark.parametrize(
    ("prompt", "words", "told"),
    [
        ("", {}, "expected a sentence"),
        ("x", {"action": "wav"}, "did you mean wave"),
        ("x", {"expression": "hapy"}, "did you mean happy"),
        ("x", {"style": "zombi"}, "did you mean zombie"),
    ],
)
def test_what_is_refused(model, prompt, words, told):
    with pytest.raises(ConfigError, match=told):
        model.animate(prompt, **words, **FEW)
    with pytest.raises(ConfigError, match="script"):
        model.animate_script("; a", **FEW)


def test_a_script_has_parts(model):
    scene = model.animate_script("walks 1s; waves 0.6s; falls 1s", seed=2, steps=2)
    assert scene.num_frames == 65
    assert [(c.start_s, c.end_s) for c in scene.captions] == [(0, 1), (1, 1.6), (1.6, 2.6)]
    assert scene.title == "walks; waves; falls"
    again = model.animate_script("walks 1s; waves 0.6s; falls 1s", seed=2, steps=2)
    assert np.array_equal(scene.joints, again.joints)
    other = model.animate_script("walks 1s; bows 0.6s; falls 1s", seed=2, steps=2)
    assert not np.allclose(scene.joints, other.joints, atol=1e-4)
    two = model.animate_script("walks 1s; waves 1s", num_actors=2, steps=1)
    assert two.num_actors == 2
    assert np.isfinite(two.joints).all()


def test_a_script_of_one_part_is_a_plain_scene(model):
    one = model.animate_script("walks 1.2s", seed=2, steps=2)
    plain = model.animate("walks", seconds=1.2, seed=2, steps=2)
    assert np.allclose(one.joints, plain.joints, atol=1e-4)


def test_actions_lead_the_parts_of_a_script(model):
    free = model.generate_script("walks 1s; waves 1s", steps=2, guidance=1.0)
    led = model.generate_script("walks 1s; waves 1s", steps=2, guidance=1.0, actions=[None, "jump"])
    assert not np.allclose(free.joints[..., 35:, :, :], led.joints[..., 35:, :, :], atol=1e-5)
    with pytest.raises(ValueError, match="an action for each"):
        model.generate_script("walks 1s; waves 1s", actions=["walk"])
    with pytest.raises(ValueError, match="expected 10"):
        model.generate_script("walks 6s; waves 6s", num_actors=2)


def test_windows_are_as_long_as_the_clips_of_the_training(model, tmp_path):
    assert (model.window.frames, model.window.join) == (40, "shared")
    other = untrained()
    other.info = replace(other.info, max_frames=None)
    assert other.window.frames == 250
    for name, info in (("new", model.info), ("old", other.info)):
        (tmp_path / name).mkdir()
        write_inference_files(
            tmp_path / name, info, weights=model.model.state_dict(), codec=model.codec
        )
    assert read_info(tmp_path / "new").max_frames == 40
    assert read_info(tmp_path / "old").max_frames is None
    (tmp_path / "old" / "training.json").write_text('{"config": {"max_frames": 100}}')
    assert read_info(tmp_path / "old").max_frames == 100
    (tmp_path / "old" / "training.json").write_text('{"config": []}')
    assert read_info(tmp_path / "old").max_frames is None


def test_long_clips_of_a_short_model(model):
    clip = model.generate(["a walk"], seconds=8, steps=2).clip(0)
    assert clip.shape == (200, 10, 2)
    assert np.isfinite(clip).all()


def test_labels_say_how_sure_they_are(model):
    motions = model.generate(["a walk", "a wave"], lengths=[20, 70], steps=1)
    labels = model.label(motions)
    assert labels.actions.shape == labels.confidence.shape == (2, 1, 70)
    assert (labels.actions[0, 0, 20:] == UNLABELLED).all()
    assert (labels.confidence[1] > 0).all()
    assert (labels.confidence <= 1).all()


def test_the_head_is_asked(model):
    sure = untrained()
    with torch.no_grad():
        sure.model.action_predictor[2].bias[action_id("dance")] = 50.0
    scene = sure.animate("a man", action="walk", **FEW)
    assert (scene.actions == action_id("dance")).all()
    unsure = model.animate("a man", action="walk", **FEW)
    assert (unsure.actions == action_id("walk")).all()
    assert (model.animate("a man", **FEW).actions == UNLABELLED).all()


def test_unsure_frames_take_what_is_given():
    labels = MotionLabels(
        actions=np.uint8([[[3, 4, 5]]]), confidence=np.float32([[[SURE, SURE - 0.1, 1.0]]])
    )
    assert labels.sure(0, 3, otherwise=9).tolist() == [[3, 9, 5]]


def test_saving_refuses_unknown_settings(model, tmp_path):
    scene = model.animate("a man waves", **FEW)
    with pytest.raises(ConfigError, match="expected settings of a picture"):
        scene.save(tmp_path / "a.mp4", sise=3)
    scene.save(str(tmp_path / "a.motion"))
    assert (tmp_path / "a.motion").stat().st_size > 100
