"""Image encoders, fusions and the multimodal model."""

from __future__ import annotations

from dataclasses import replace

import pytest
import torch

from stickgen_model.config import FUSIONS, IMAGE_ENCODERS, variant_config
from stickgen_model.model.conditions import Conditions
from stickgen_model.model.fusion import FusionParts, make_fusion
from stickgen_model.model.image import make_image_encoder
from stickgen_model.model.multimodal import build_model


@pytest.fixture(scope="module")
def inputs():
    g = torch.Generator().manual_seed(0)
    conditions = Conditions(
        text=torch.randn(2, 64, generator=g) / 8,
        image=torch.rand(2, 3, 256, 256, generator=g),
        viewpoint=torch.randn(2, 7, generator=g),
    )
    return torch.randn(2, 5, 20, generator=g), conditions


def make_model(fusion="gated", encoder="lightweight_cnn"):
    torch.manual_seed(1)
    config = variant_config("tiny", multimodal=True, text_dim=64)
    return build_model(replace(config, fusion=fusion, image_encoder=encoder))


@pytest.mark.parametrize("name", IMAGE_ENCODERS)
def test_an_encoder_sees_the_picture(name, inputs):
    torch.manual_seed(0)
    encoder = make_image_encoder(name, 64)
    image = inputs[1].image
    features = encoder(image)
    assert features.shape == (2, 64)
    features.square().mul(torch.arange(64)).sum().backward()
    assert [n for n, p in encoder.named_parameters() if p.grad is None] == []
    encoder.eval()
    with torch.no_grad():
        assert (encoder(image) - encoder(1 - image)).abs().max() > 1e-3


@pytest.mark.parametrize("fusion", FUSIONS)
def test_each_part_matters_and_can_be_absent(fusion, inputs):
    model = make_model(fusion).eval()
    motion, conditions = inputs
    second = torch.tensor([False, True])
    with torch.no_grad():
        whole = model(motion, conditions).pose
        for name in ("text", "image", "viewpoint"):
            without = model(motion, conditions.without(name)).pose
            assert (whole - without).flatten(1).abs().amax(1).min() > 1e-6, name
            holes = getattr(conditions, name).clone()
            holes[0] = float("nan")
            mixed = replace(conditions, present={name: second}, **{name: holes})
            got = model(motion, mixed).pose
            torch.testing.assert_close(got[0], without[0], rtol=1e-4, atol=1e-5)
            torch.testing.assert_close(got[1], whole[1], rtol=1e-4, atol=1e-5)
        assert model(motion).pose.isfinite().all()


@pytest.mark.parametrize("fusion", FUSIONS)
def test_every_image_part_receives_gradient(fusion, inputs):
    model = make_model(fusion).train()
    model(*inputs).pose.square().sum().backward()
    silent = [
        n
        for n, p in model.named_parameters()
        if n.startswith(("image_encoder", "fusion")) and (p.grad is None or not p.grad.any())
    ]
    # a bias before all keys adds the same to every score: attention does not see it
    assert [n for n in silent if n != "fusion.k_proj.bias"] == []


def test_gated_fusion_is_its_formula():
    torch.manual_seed(2)
    fusion = make_fusion("gated", 16)
    text, image, view = torch.randn(3, 16), torch.randn(3, 16), torch.randn(3, 7)
    yes = torch.ones(3, 1, dtype=torch.bool)
    got = fusion(
        FusionParts(
            text=text,
            image=image,
            viewpoint=view,
            text_present=yes,
            image_present=yes,
            viewpoint_present=~yes,
        )
    )
    total = sum(
        (x @ p.weight.T + p.bias) / (1 + torch.exp(-(x @ g.weight.T + g.bias)))
        for x, p, g in (
            (text, fusion.text_projection, fusion.text_gate),
            (image, fusion.image_projection, fusion.image_gate),
        )
    )
    centred = total - total.mean(1, keepdim=True)
    want = centred / (centred.square().mean(1, keepdim=True) + 1e-5).sqrt()
    torch.testing.assert_close(got, want, rtol=1e-4, atol=1e-5)


def test_blanks_do_not_enter_batch_statistics(inputs):
    motion, conditions = inputs
    running = []
    for junk in (0.0, 9.0):
        model = make_model().train()
        image = conditions.image.clone()
        image[0] = junk
        present = {"image": torch.tensor([False, True])}
        model(motion, replace(conditions, image=image, present=present))
        running.append(torch.cat([b.flatten().float() for b in model.image_encoder.buffers()]))
        nobody = {"image": torch.tensor([False, False])}
        assert model(motion, replace(conditions, present=nobody)).pose.isfinite().all()
    assert torch.equal(*running)


def test_a_motion_only_checkpoint_fits_the_motion_part():
    motion_only = build_model(variant_config("tiny", text_dim=64))
    left = make_model().load_state_dict(motion_only.state_dict(), strict=False)
    assert left.unexpected_keys == []
    assert {key.split(".")[0] for key in left.missing_keys} == {"image_encoder", "fusion"}


def test_unknown_parts():
    with pytest.raises(ValueError, match="expected an image encoder of"):
        make_image_encoder("vgg", 64)
    with pytest.raises(ValueError, match="expected a fusion of"):
        make_fusion("sum", 64)
