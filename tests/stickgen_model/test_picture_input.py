"""Generation with pictures: they count, scene by scene, and what does not fit is told."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from datasets_spec.errors import ConfigError
from stickgen_model.codec import MotionCodec
from stickgen_model.config import variant_config
from stickgen_model.generate import StickGen
from stickgen_model.model import multimodal
from stickgen_model.model.conditions import Conditions
from stickgen_model.model.denoiser import PoseDenoiser
from stickgen_model.model.multimodal import build_model
from stickgen_model.picture_input import picture_conditions
from stickgen_model.text.encoder import identity_of
from stickgen_model.text.hashing import HashEncoder
from stickgen_model.training.checkpoint import CheckpointInfo

FEW = {"steps": 2, "seconds": 0.5}
VIEW = np.array([0.4, 0.7, 3.0, 0.0, 0.5, 0.0, 0.7])


def stickgen(*, pictures):
    torch.manual_seed(0)
    shape = variant_config("tiny", multimodal=pictures)
    encoder = HashEncoder(64)
    info = CheckpointInfo(
        model=shape,
        encoder=identity_of(encoder),
        schedule="cosine",
        diffusion=True,
        stage="pretrain",
        step=1,
    )
    codec = MotionCodec(torch.zeros(20), torch.full((20,), 0.1))
    return StickGen(build_model(shape), codec=codec, info=info, encoder=encoder)


@pytest.fixture(scope="module")
def model():
    return stickgen(pictures=True)


@pytest.fixture(scope="module")
def pictures():
    return np.random.default_rng(0).integers(0, 256, (2, 3, 256, 256), dtype=np.uint8)


def test_a_picture_and_its_viewpoint_change_the_scene(model, pictures):
    plain = model.generate(["a wave"], **FEW).joints
    seen = model.generate(["a wave"], images=pictures[:1], **FEW).joints
    other = model.generate(["a wave"], images=pictures[1:], **FEW).joints
    placed = model.generate(["a wave"], images=pictures[:1], viewpoints=[VIEW], **FEW).joints
    scenes = [plain, seen, other, placed]
    for number, one in enumerate(scenes):
        assert np.isfinite(one).all()
        assert not any(np.allclose(one, two, atol=1e-6) for two in scenes[:number])


def test_a_scene_depends_on_its_own_picture_alone(model, pictures):
    prompts = ["a wave", "a walk", "a jump"]
    images = [pictures[0], None, pictures[1]]
    views = [VIEW, None, None]
    whole = model.generate(prompts, images=images, viewpoints=views, **FEW)
    small = model.generate(prompts, images=images, viewpoints=views, batch_size=1, **FEW)
    assert np.allclose(whole.joints, small.joints, atol=1e-5)
    plain = model.generate(prompts, **FEW)
    assert np.allclose(whole.joints[1], plain.joints[1], atol=1e-5)
    as_floats = [None if i is None else i / np.float32(255) for i in images]
    again = model.generate(prompts, images=as_floats, viewpoints=views, **FEW)
    assert np.allclose(whole.joints, again.joints, atol=1e-5)


def test_pictures_are_encoded_once_for_all_steps(model, pictures, monkeypatch):
    calls = []
    encode = multimodal.MultimodalStickFigureTransformer._encoded_image

    def counted(self, *args, **options):
        calls.append(1)
        return encode(self, *args, **options)

    monkeypatch.setattr(multimodal.MultimodalStickFigureTransformer, "_encoded_image", counted)
    model.generate(["a wave"], images=pictures[:1], steps=5, seconds=0.5)
    assert len(calls) == 1


def test_encoding_once_gives_the_same_prediction(model, pictures):
    asked = {
        "text": torch.randn(2, 1024, generator=torch.Generator().manual_seed(0)),
        **picture_conditions(pictures, [VIEW, None], scenes=2),
        "mask": torch.ones(2, 9, dtype=torch.bool),
    }
    noisy, level = torch.zeros(2, 9, 20), torch.ones(2)
    denoise = PoseDenoiser(model.model)
    with torch.no_grad():
        expected = model.model(
            noisy, Conditions.from_tensors(asked), mask_BT=asked["mask"], noise_level_B=level
        ).pose
        first, second = denoise(noisy, level, asked), denoise(noisy, level, asked)
        other = denoise(noisy, level, asked | {"image": asked["image"].flip(0)})
    assert torch.allclose(first, expected, atol=1e-6)
    assert torch.equal(first, second)
    assert not torch.allclose(first, other, atol=1e-4)


def test_models_for_motion_only_take_no_picture(pictures):
    model = stickgen(pictures=False)
    with pytest.raises(ConfigError, match="multimodal model"):
        model.generate(["a wave"], images=pictures[:1], **FEW)
    assert len(model.generate(["a wave"], images=[None], **FEW)) == 1


@pytest.mark.parametrize(
    ("images", "viewpoints", "told"),
    [
        ([np.ones((256, 256, 3))], None, "image 0: expected uint8 or float"),
        ([np.ones((3, 256, 256), dtype=np.int64)], None, "got int64"),
        ([np.full((3, 256, 256), 7.0)], None, r"got 7\.\.7"),
        ([np.full((3, 256, 256), np.nan)], None, r"got nan"),
        ([np.zeros((3, 256, 256))], None, "not all 0"),
        ([None, None], None, "each of 1 scenes, got 2 and 1"),
        (None, [VIEW], "expected an image for each viewpoint"),
        ([np.ones((3, 256, 256))], [VIEW[:6]], "scene 0: viewpoint: expected 7"),
    ],
)
def test_what_does_not_fit_is_told(images, viewpoints, told):
    with pytest.raises(ConfigError, match=told):
        picture_conditions(images, viewpoints, scenes=1)
