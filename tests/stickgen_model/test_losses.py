from __future__ import annotations

from dataclasses import dataclass, replace

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from torch import nn

from datasets_spec.environment import ENVIRONMENT_DIM, feature_index
from datasets_spec.skeleton import JOINTS
from datasets_spec.vocabulary import NUM_ACTIONS, UNLABELLED
from stickgen_model.codec import MotionCodec, states_from_joints
from stickgen_model.head_scales import (
    scale_environment,
    scale_physics,
    unscale_environment,
    unscale_physics,
)
from stickgen_model.loss_weights import HEAD_MODULES, LossWeights, freeze_heads
from stickgen_model.losses import Targets, compute_losses, min_snr_weights

CODEC = MotionCodec(torch.linspace(-0.3, 0.3, 20), torch.linspace(0.1, 0.5, 20))
WEIGHTS = LossWeights()
PARTS = [name for name in LossWeights.__dataclass_fields__ if getattr(WEIGHTS, name)]


@dataclass
class Output:
    pose: torch.Tensor
    position: torch.Tensor
    velocity: torch.Tensor
    action_logits: torch.Tensor
    physics: torch.Tensor
    environment: torch.Tensor


def make_batch(lengths, *, frames=None, seed=0, junk=0.0):
    """Random truths and predictions; padded frames hold `junk`."""
    frames = max(lengths) if frames is None else frames
    clips = []
    for number, length in enumerate(lengths):
        g = torch.Generator().manual_seed(seed + number)
        rows = [
            torch.randn(length, 20, generator=g),
            torch.randn(length, 20, generator=g),
            torch.randn(length, 6, generator=g),
            torch.randn(length, 6, generator=g),
            torch.randn(length, NUM_ACTIONS, generator=g),
            torch.randint(0, NUM_ACTIONS, (length,), generator=g),
        ]
        rows[5][::3] = UNLABELLED
        clip = [torch.randn(k, generator=g) for k in (2, 2, 32, 32)]
        clip[3][::4] = torch.nan
        clips.append((rows, clip))

    def padded(k, fill):
        first = clips[0][0][k]
        out = torch.full((len(lengths), frames, *first.shape[1:]), fill).to(first.dtype)
        for row, (rows, _) in enumerate(clips):
            out[row, : lengths[row]] = rows[k]
        return out

    whole = [torch.stack([clip[k] for _, clip in clips]) for k in range(4)]
    mask = torch.arange(frames)[None] < torch.tensor(lengths)[:, None]
    output = Output(padded(0, junk), whole[0], whole[1], padded(4, junk), padded(2, junk), whole[2])
    targets = Targets(
        states_BTP=padded(1, junk),
        mask_BT=mask,
        actions_BT=padded(5, 3),
        physics_BT6=padded(3, junk),
        environment_BE=whole[3],
    )
    return output, targets


def losses(output, targets, weights=WEIGHTS, **options):
    return compute_losses(output, targets, codec=CODEC, weights=weights, **options)


@given(
    lengths=st.lists(st.integers(3, 12), min_size=1, max_size=3),
    extra=st.integers(0, 9),
    junk=st.sampled_from([0.0, 1e3, float("nan"), float("inf")]),
)
def test_padding_never_changes_a_loss(lengths, extra, junk):
    tight = losses(*make_batch(lengths))
    padded = losses(*make_batch(lengths, frames=max(lengths) + extra, junk=junk))
    for name, value in tight.items():
        assert torch.allclose(value, padded[name], rtol=1e-4, atol=1e-6), name


def test_padding_gets_no_gradient_and_nan_reaches_none():
    output, targets = make_batch([4, 9], junk=float("nan"))
    output.pose.requires_grad_()
    output.physics.requires_grad_()
    output.action_logits.requires_grad_()
    losses(output, targets)["total"].backward()
    for value in (output.pose, output.physics, output.action_logits):
        assert torch.isfinite(value.grad).all()
        assert not value.grad[0, 4:].any()
        assert value.grad[1].any()


@given(lengths=st.lists(st.integers(3, 10), min_size=2, max_size=4))
def test_a_batch_is_the_mean_of_its_clips(lengths):
    together = losses(*make_batch(lengths))
    alone = [losses(*make_batch([n], seed=i)) for i, n in enumerate(lengths)]
    for name in ("states", "joints", "path", "temporal", "bone", "action", "physics"):
        want = torch.stack([one[name] for one in alone]).mean()
        assert torch.allclose(together[name], want, rtol=1e-4), name


def figure(frames=20, step=0.0):
    """A standing figure that is moved by `step` H a frame."""
    places = {
        "head": (0, 1.0),
        "pelvis": (0, 0.5),
        "l_elbow": (0.1, 0.7),
        "l_hand": (0.1, 0.5),
        "r_elbow": (-0.1, 0.7),
        "r_hand": (-0.1, 0.5),
        "l_knee": (0.05, 0.25),
        "l_foot": (0.05, 0.0),
        "r_knee": (-0.05, 0.25),
        "r_foot": (-0.05, 0.0),
    }
    points = torch.tensor([places[name] for name in JOINTS]).repeat(frames, 1, 1)
    points[..., 0] += step * torch.arange(frames)[:, None]
    return points.reshape(1, frames, 20)


def against(truth, found, **options):
    output, targets = make_batch([truth.shape[1]])
    targets = replace(targets, states_BTP=CODEC.normalise(states_from_joints(truth)))
    output.pose = CODEC.normalise(states_from_joints(found))
    return losses(output, replace(targets, **options))


def test_the_truth_costs_nothing():
    clip = figure(step=0.04)
    found = against(clip, clip)
    for name in ("states", "joints", "path", "temporal", "bone"):
        assert found[name] == pytest.approx(0.0, abs=1e-9)
    output, targets = make_batch([5])
    place = torch.tensor([[1.0, 0.5]])
    targets = replace(targets, states_BTP=CODEC.normalise(states_from_joints(figure(5, 0.5))))
    output.position, output.velocity = place, torch.tensor([[12.5, 0.0]])
    output.physics = scale_physics(targets.physics_BT6)
    output.environment = scale_environment(targets.environment_BE)
    found = losses(output, targets)
    for name in ("position", "velocity", "physics", "environment"):
        assert found[name] == pytest.approx(0.0, abs=1e-6), name


def test_parts_have_their_units():
    clip = figure()
    raised = clip.clone()
    raised[..., 1::2] += 0.1  # the whole figure 0.1 H higher
    assert against(clip, raised)["joints"] == pytest.approx(0.1**2 / 2, rel=1e-4)
    drifting = figure(step=0.04)  # 1 H/s where the truth stands
    found = against(clip, drifting)
    assert found["temporal"] == pytest.approx(0.5, rel=1e-4)
    assert found["contact"] == pytest.approx(1.0, rel=1e-4)
    way = (0.04 * torch.arange(1, 20)).square().mean()
    assert found["path"] == pytest.approx(float(way), rel=1e-4)


def test_feet_that_move_in_the_truth_may_move():
    assert against(figure(step=0.04), figure(step=0.08))["contact"] == 0.0


def test_padding_is_no_foot_that_stands():
    codec = MotionCodec(
        torch.zeros(20), torch.ones(20)
    )  # zero states of padding are a still figure
    truth, found = figure(10), figure(10, step=0.04)
    output, targets = make_batch([10], frames=30)
    for clip, states in ((truth, targets.states_BTP), (found, output.pose)):
        states[:, :10] = states_from_joints(clip)
    parts = compute_losses(output, targets, codec=codec, weights=WEIGHTS)
    assert parts["contact"] == pytest.approx(1.0, rel=1e-4)


def test_a_limb_may_foreshorten_but_not_stretch():
    clip = figure()
    hand = 2 * JOINTS.index("l_hand") + 1
    short, long = clip.clone(), clip.clone()
    short[..., hand] += 0.15  # forearm 0.20 -> 0.05
    long[..., hand] -= 0.20  # 0.20 -> 0.40
    assert against(clip, short)["bone"] == 0.0
    excess = (0.40 - 0.20 * 1.02) ** 2 / 9
    assert against(clip, long)["bone"] == pytest.approx(excess, rel=1e-3)
    limit = torch.full((1, 9), 0.6)
    assert against(clip, long, bone_limit_BK=limit)["bone"] == 0.0


def test_frames_without_label_and_numbers_that_are_not_known_say_nothing():
    output, targets = make_batch([6])
    other = replace(targets, actions_BT=targets.actions_BT.clone())
    output.action_logits[targets.actions_BT == UNLABELLED] = 100.0
    output.environment[torch.isnan(targets.environment_BE)] = 100.0
    first = losses(output, other)
    again, _ = make_batch([6])
    second = losses(again, targets)
    assert torch.equal(first["action"], second["action"])
    assert torch.equal(first["environment"], second["environment"])
    nothing = replace(
        targets,
        actions_BT=torch.full((1, 6), UNLABELLED),
        environment_BE=torch.full((1, ENVIRONMENT_DIM), torch.nan),
    )
    silent = losses(output, nothing)
    assert silent["action"] == silent["environment"] == 0.0


def test_total_is_the_weighted_sum_and_clip_weights_touch_only_the_motion():
    output, targets = make_batch([5, 8])
    found = losses(output, targets)
    want = sum(getattr(WEIGHTS, name) * found[name] for name in PARTS)
    assert torch.allclose(found["total"], want)
    halved = losses(output, targets, clip_weight_B=torch.tensor([0.5, 0.5]))
    assert torch.allclose(halved["states"], found["states"] / 2)
    assert torch.equal(halved["action"], found["action"])


@pytest.mark.parametrize("head", HEAD_MODULES)
def test_a_frozen_head_gets_no_loss_and_no_gradient(head):
    output, targets = make_batch([5])
    field = {"action": "action_logits"}.get(head, head)
    value = getattr(output, field).requires_grad_()
    found = losses(output, targets, WEIGHTS.without([head]))
    assert not found["total"].requires_grad
    assert value.grad is None
    model = nn.ModuleDict({name: nn.Linear(2, 2) for name in HEAD_MODULES.values()})
    freeze_heads(model, [head])
    still = [n for n, m in model.items() if not any(p.requires_grad for p in m.parameters())]
    assert still == [HEAD_MODULES[head]]


def test_min_snr_is_bounded_and_keeps_pure_noise():
    weight = min_snr_weights(torch.tensor([0.0, 1.0, 5.0, torch.inf]))
    assert weight.tolist() == pytest.approx([0.05, 0.2, 1.0, 1.0])


def test_scales_go_back():
    physics, scene = torch.randn(3, 6), torch.randn(2, 32)
    assert torch.allclose(unscale_physics(scale_physics(physics)), physics)
    assert torch.allclose(unscale_environment(scale_environment(scene)), scene)
    earth = torch.zeros(32)
    earth[feature_index("gravity")] = 9.80665
    assert float(scale_environment(earth).max()) == pytest.approx(9.80665 / 30)


def test_wrong_weights_and_heads_are_refused():
    with pytest.raises(ValueError, match="expected weights >= 0"):
        LossWeights(bone=-1.0)
    with pytest.raises(ValueError, match="expected heads of"):
        LossWeights().without(["mood"])
    with pytest.raises(ValueError, match="expected heads of"):
        freeze_heads(nn.Module(), ["mood"])
