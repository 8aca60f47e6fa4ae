"""The motion transformer: shapes, padding, conditions, gradients, precision, refusals."""

from __future__ import annotations

from dataclasses import fields, replace

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from datasets_spec.vocabulary import UNLABELLED
from stickgen_model.config import variant_config
from stickgen_model.model.conditions import Conditions
from stickgen_model.model.denoiser import PoseDenoiser
from stickgen_model.model.multimodal import build_model
from stickgen_model.model.transformer import StickFigureTransformer

ADDED = ("text", "camera", "partner", "action")


@pytest.fixture(scope="module")
def model():
    torch.manual_seed(0)
    return build_model(variant_config("tiny")).eval()


def make_inputs(batch=3, frames=12, seed=1):
    g = torch.Generator().manual_seed(seed)
    text = torch.randn(batch, 1024, generator=g)
    conditions = Conditions(
        text=text / text.norm(dim=1, keepdim=True),
        camera=torch.randn(batch, frames, 3, generator=g),
        partner=torch.randn(batch, frames, 20, generator=g),
        action=torch.randint(0, 64, (batch, frames), generator=g),
    )
    return torch.randn(batch, frames, 20, generator=g), conditions, torch.rand(batch, generator=g)


def values(output):
    return {f.name: getattr(output, f.name) for f in fields(output)}


def same(one, other, **tolerance):
    for name, value in values(one).items():
        torch.testing.assert_close(
            value, getattr(other, name), msg=lambda m, n=name: f"{n}: {m}", **tolerance
        )


def test_the_public_constructor_and_shapes():
    model = StickFigureTransformer(
        input_dim=20,
        d_model=64,
        nhead=2,
        num_layers=1,
        output_dim=20,
        embedding_dim=384,
        num_actions=60,
    ).eval()
    got = {name: tuple(v.shape) for name, v in values(model(torch.zeros(2, 5, 20))).items()}
    assert got == {
        "pose": (2, 5, 20),
        "position": (2, 2),
        "velocity": (2, 2),
        "action_logits": (2, 5, 60),
        "physics": (2, 5, 6),
        "environment": (2, 32),
    }


@given(st.integers(1, 12), st.integers(0, 5), st.sampled_from([float("nan"), 1e30, -7.0]))
def test_no_output_depends_on_what_padding_holds(model, frames, padding, junk):
    motion, conditions, level = make_inputs(2, frames)
    longer = torch.full((2, frames + padding, 20), junk)
    longer[:, :frames] = motion
    camera = torch.full((2, frames + padding, 3), junk)
    camera[:, :frames] = conditions.camera
    action = torch.full((2, frames + padding), 254)
    action[:, :frames] = conditions.action
    padded = replace(conditions, camera=camera, partner=longer, action=action)
    conditions = replace(conditions, partner=motion)
    mask = torch.arange(frames + padding).expand(2, -1) < frames
    with torch.no_grad():
        want = model(motion, conditions, noise_level_B=level)
        got = model(longer, padded, mask_BT=mask, noise_level_B=level)
    for name, value in values(got).items():
        if value.ndim == 3:
            assert value[:, frames:].abs().sum() == 0
        real = value[:, :frames] if value.ndim == 3 else value
        torch.testing.assert_close(real, getattr(want, name), rtol=1e-4, atol=1e-5)


def test_a_clip_of_padding_only_is_finite_with_finite_gradients(model):
    motion, conditions, level = make_inputs()
    mask = torch.ones(3, 12, dtype=torch.bool)
    mask[1] = False
    model.zero_grad()
    output = model(motion, conditions, mask_BT=mask, noise_level_B=level)
    sum(v.square().sum() for v in values(output).values()).backward()
    assert all(v.isfinite().all() for v in values(output).values())
    assert all(p.grad.isfinite().all() for p in model.parameters() if p.grad is not None)


def test_clips_of_a_batch_do_not_mix(model):
    motion, conditions, level = make_inputs()
    alone = replace(conditions, **{n: getattr(conditions, n)[1:2] for n in ADDED})
    with torch.no_grad():
        batch = model(motion, conditions, noise_level_B=level)
        one = model(motion[1:2], alone, noise_level_B=level[1:2])
    for name, value in values(batch).items():
        torch.testing.assert_close(value[1:2], getattr(one, name), rtol=1e-4, atol=1e-5)


@pytest.mark.parametrize("name", ADDED)
def test_each_condition_changes_the_output_and_can_be_absent(model, name):
    motion, conditions, level = make_inputs()
    first = torch.tensor([False, True, True])
    holes = getattr(conditions, name).clone()
    holes[0] = 254 if name == "action" else float("nan")
    with torch.no_grad():
        whole = model(motion, conditions, noise_level_B=level)
        without = model(motion, conditions.without(name), noise_level_B=level)
        partly = model(
            motion,
            replace(conditions, present={name: first}, **{name: holes}),
            noise_level_B=level,
        )
    for key in ("pose", "action_logits", "environment", "position"):
        change = (getattr(whole, key) - getattr(without, key)).flatten(1).abs().amax(1)
        assert (change > 1e-3).all(), key
        torch.testing.assert_close(getattr(partly, key)[1:], getattr(whole, key)[1:])
        torch.testing.assert_close(getattr(partly, key)[:1], getattr(without, key)[:1])


def test_every_parameter_receives_gradient(model):
    motion, conditions, level = make_inputs()
    model.train()
    model.zero_grad()
    output = model(motion, conditions, noise_level_B=level)
    sum(v.square().sum() for v in values(output).values()).backward()
    model.eval()
    silent = [
        n for n, p in model.named_parameters() if p.grad is None or not p.grad.abs().sum() > 0
    ]
    assert silent == []


def test_noise_level_and_frame_order_matter(model):
    motion, conditions, level = make_inputs()
    with torch.no_grad():
        base = model(motion, conditions, noise_level_B=level).pose
        assert (model(motion, conditions).pose - base).abs().max() > 1e-3
        assert (model(motion, conditions, noise_level_B=1 - level).pose - base).abs().max() > 1e-3
        turned = model(motion.flip(1), Conditions(text=conditions.text)).pose.flip(1)
        assert (turned - model(motion, Conditions(text=conditions.text)).pose).abs().max() > 1e-3


def test_an_unlabelled_action_adds_nothing(model):
    motion, conditions, _ = make_inputs()
    nothing = torch.full((3, 12), UNLABELLED, dtype=torch.uint8)
    with torch.no_grad():
        got = model(motion, replace(conditions, action=nothing))
        same(got, model(motion, conditions.without("action")), rtol=0, atol=0)


def test_text_of_zeros_is_no_text(model):
    motion, conditions, _ = make_inputs()
    with torch.no_grad():
        got = model(motion, replace(conditions, text=torch.zeros(3, 1024)))
        same(got, model(motion, conditions.without("text")), rtol=0, atol=0)


def test_fusing_once_is_the_same(model):
    motion, conditions, level = make_inputs()
    fused = model.fuse(conditions, batch=3, like=motion)
    assert fused.text is None
    assert model.fuse(fused, batch=3, like=motion) is fused
    with torch.no_grad():
        got = model(motion, fused, noise_level_B=level)
        same(got, model(motion, conditions, noise_level_B=level), rtol=0, atol=0)
    with pytest.raises(ValueError, match="not fused yet"):
        fused.without("text")


def test_the_denoiser_takes_zeros_for_absent(model):
    motion, conditions, level = make_inputs()
    mask = torch.ones(3, 12, dtype=torch.bool)
    mask[2, 8:] = False
    tensors = {name: getattr(conditions, name) for name in ADDED} | {"mask": mask}
    tensors["camera"] = torch.zeros_like(tensors["camera"])
    with torch.no_grad():
        got = PoseDenoiser(model)(motion, level, tensors)
        want = model(motion, conditions.without("camera"), mask_BT=mask, noise_level_B=level).pose
    torch.testing.assert_close(got, want)


def test_bfloat16_is_close_to_float32(model):
    motion, conditions, level = make_inputs(frames=40)
    with torch.no_grad():
        want = model(motion, conditions, noise_level_B=level)
        with torch.autocast("cpu", torch.bfloat16):
            got = model(motion, conditions, noise_level_B=level)
    for name, value in values(got).items():
        reference = getattr(want, name)
        error = (value.float() - reference).norm() / reference.norm()
        assert error < 0.03, name


def test_long_clips_work(model):
    with torch.no_grad():
        assert model(torch.zeros(1, 400, 20)).pose.isfinite().all()


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"text": torch.zeros(3, 384)}, r"text: expected shape \(3, 1024\), got \(3, 384\)"),
        ({"camera": torch.zeros(3, 11, 3)}, "camera: expected"),
        ({"partner": torch.zeros(2, 12, 20)}, "partner: expected"),
        ({"action": torch.zeros(3, 12, 1)}, "action: expected"),
        ({"present": {"text": torch.zeros(2)}}, "present"),
        ({"image": torch.zeros(3, 3, 256, 256)}, "no image encoder"),
    ],
)
def test_shapes_that_do_not_fit(model, change, told):
    motion, conditions, _ = make_inputs()
    with pytest.raises(ValueError, match=told):
        model(motion, replace(conditions, **change))


def test_motion_mask_and_level_that_do_not_fit(model):
    with pytest.raises(ValueError, match="motion: expected"):
        model(torch.zeros(1, 5, 21))
    with pytest.raises(ValueError, match="mask: expected bool"):
        model(torch.zeros(1, 5, 20), mask_BT=torch.ones(1, 5))
    with pytest.raises(ValueError, match="noise level: expected"):
        model(torch.zeros(2, 5, 20), noise_level_B=torch.ones(1))
    with pytest.raises(ValueError, match="expected conditions of"):
        Conditions(present={"actions": torch.zeros(1)})


def test_a_mask_that_hides_nothing_is_no_mask():
    torch.manual_seed(8)
    model = StickFigureTransformer(
        20, 16, nhead=2, num_layers=2, output_dim=20, embedding_dim=8, num_actions=5
    ).eval()
    motion = torch.randn(2, 6, 20)
    with torch.no_grad():
        plain = model(motion)
        masked = model(motion, mask_BT=torch.ones(2, 6, dtype=torch.bool))
        longer = model(
            torch.cat((motion, torch.full((2, 3, 20), torch.nan)), dim=1),
            mask_BT=torch.arange(9).expand(2, 9) < 6,
        )
    torch.testing.assert_close(masked.pose, plain.pose)
    torch.testing.assert_close(longer.pose[:, :6], plain.pose, rtol=1e-4, atol=1e-5)
