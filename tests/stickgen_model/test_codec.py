from __future__ import annotations

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from safetensors.torch import load, save

from datasets_spec.skeleton import BONES, JOINTS, MIRROR, NECK_RATIO
from stickgen_model.codec import (
    BONE_NAMES,
    POSITION_FLOOR,
    STEP_FLOOR,
    MotionCodec,
    bone_lengths,
    joint_velocities,
    joints_from_states,
    mirror_states,
    states_from_joints,
)
from stickgen_model.state_moments import DX, StateMoments

PELVIS = JOINTS.index("pelvis")


def make_clip(seed, *, frames=250, speed=0.2, start=0.0):
    """A figure that runs and shakes: joints (T, 20) with the pelvis at `start` first."""
    rng = np.random.default_rng(seed)
    points = rng.normal(0, 0.3, (1, 10, 2)) + rng.normal(0, 0.05, (frames, 10, 2))
    points += np.array([0.0, 0.9])
    points[..., 0] += np.cumsum(rng.normal(speed, 0.02, frames))[:, None]
    points[..., 0] += start - points[0, PELVIS, 0]
    return points.reshape(frames, 20).astype(np.float32)


def make_codec(*, symmetric=False):
    moments = StateMoments.empty()
    for seed in range(4):
        clip = torch.from_numpy(make_clip(seed, speed=0.05 * seed))
        moments = moments.merge(StateMoments.of(states_from_joints(clip).numpy()))
    return MotionCodec.from_moments(moments.symmetric() if symmetric else moments)


@given(
    seed=st.integers(0, 10_000),
    frames=st.integers(1, 250),
    speed=st.floats(-0.3, 0.3),
    start=st.floats(-20, 20),
)
def test_round_trip_is_exact(seed, frames, speed, start):
    codec = make_codec()
    clip = make_clip(seed, frames=frames, speed=speed, start=start)
    back = codec.decode_array(codec.encode_array(clip), start_x=float(clip[0, 2]))
    assert np.abs(back - clip).max() < 1e-5
    at_zero = codec.decode_array(codec.encode_array(clip))
    assert at_zero[0, 2] == 0.0
    assert np.abs(at_zero[:, 1::2] - clip[:, 1::2]).max() < 1e-5


def test_batches_agree_with_single_clips_and_padding_is_zero():
    codec = make_codec()
    long, short = make_clip(1, frames=60), make_clip(2, frames=25)
    joints = torch.full((2, 60, 20), torch.nan)
    joints[0], joints[1, :25] = torch.from_numpy(long), torch.from_numpy(short)
    mask = torch.arange(60)[None] < torch.tensor([[60], [25]])
    states = codec.encode(joints, mask)
    assert np.allclose(states[0].numpy(), codec.encode_array(long), atol=1e-5)
    assert np.allclose(states[1, :25].numpy(), codec.encode_array(short), atol=1e-5)
    assert not states[1, 25:].any()
    back = codec.decode(states, start_x=torch.tensor([0.0, 5.0]))
    assert np.allclose(back[1, :25].numpy()[:, 2], short[:, 2] + 5.0, atol=1e-5)


def test_a_state_does_not_know_where_the_clip_is_and_a_window_looks_like_a_clip():
    clip = torch.from_numpy(make_clip(3))
    moved = clip.clone()
    moved[:, 0::2] += 7.0
    assert torch.allclose(states_from_joints(clip), states_from_joints(moved), atol=1e-5)
    window = states_from_joints(clip[100:150])
    assert torch.equal(window[1:], states_from_joints(clip)[101:150])
    assert window[0, DX] == window[1, DX]


def test_decoding_is_differentiable():
    states = torch.randn(2, 8, 20, requires_grad=True)
    make_codec().decode(states).sum().backward()
    assert torch.isfinite(states.grad).all()
    assert states.grad[:, 1, DX].all()


def test_velocities_and_bone_lengths_are_those_of_the_joints():
    clip = make_clip(5, frames=40)
    states = states_from_joints(torch.from_numpy(clip))
    points = clip.reshape(-1, 10, 2).astype(np.float64)
    assert np.allclose(joint_velocities(states).numpy(), np.diff(points, axis=0) * 25, atol=1e-3)
    named = dict(zip(JOINTS, points.transpose(1, 0, 2), strict=True))
    named["neck"] = named["pelvis"] + NECK_RATIO * (named["head"] - named["pelvis"])
    lengths = bone_lengths(states).numpy()
    assert lengths.shape == (40, len(BONE_NAMES))
    for column, (start, end) in enumerate(BONES):
        want = np.linalg.norm(named[end] - named[start], axis=1)
        assert np.allclose(lengths[:, column], want, atol=1e-5)


@given(seed=st.integers(0, 1000))
def test_mirroring_states_is_mirroring_the_figure(seed):
    clip = make_clip(seed, frames=30)
    states = states_from_joints(torch.from_numpy(clip))
    flipped = clip.reshape(-1, 10, 2)[:, MIRROR] * np.array([-1.0, 1.0])
    back = joints_from_states(mirror_states(states)).numpy().reshape(-1, 10, 2)
    assert np.allclose(back, flipped, atol=1e-5)
    codec = make_codec()
    z = codec.normalise(states)
    assert torch.allclose(codec.mirror(codec.mirror(z)), z, atol=1e-4)


def test_symmetric_statistics_make_the_mirror_a_swap():
    codec = make_codec(symmetric=True)
    assert torch.allclose(mirror_states(codec.mean_P), codec.mean_P, atol=1e-6)
    z = torch.randn(6, 20)
    assert torch.allclose(codec.mirror(z), mirror_states(z), atol=1e-4)


@given(order=st.permutations(range(5)))
def test_statistics_are_those_of_all_frames_in_any_order(order):
    parts = [
        states_from_joints(
            torch.from_numpy(make_clip(i, frames=20 + 40 * i, speed=0.1 * i))
        ).numpy()
        for i in range(5)
    ]
    merged = StateMoments.empty()
    for i in order:
        merged = merged.merge(StateMoments.of(parts[i]))
    everything = np.concatenate(parts).astype(np.float64)
    assert merged.count == len(everything)
    assert np.allclose(merged.mean, everything.mean(axis=0), rtol=1e-10, atol=1e-12)
    assert np.allclose(merged.std(), everything.std(axis=0), rtol=1e-10)


def test_a_number_that_never_changes_does_not_blow_up():
    codec = MotionCodec.from_moments(StateMoments.of(np.zeros((50, 20))))
    assert codec.std_P[DX] == pytest.approx(STEP_FLOOR)
    assert codec.std_P[0] == pytest.approx(POSITION_FLOOR)


def test_statistics_travel_with_a_checkpoint():
    codec = make_codec()
    again = MotionCodec.from_state_dict(load(save({**codec.state_dict(), "w": torch.ones(2)})))
    assert torch.equal(again.mean_P, codec.mean_P)
    assert torch.equal(again.std_P, codec.std_P)


@pytest.mark.parametrize(
    ("tensors", "match"),
    [
        ({"codec.mean": torch.zeros(20)}, "missing \\['codec.std'\\]"),
        ({"codec.mean": torch.zeros(19), "codec.std": torch.ones(20)}, "codec.mean: expected 20"),
        ({"codec.mean": torch.zeros(20), "codec.std": torch.zeros(20)}, "positive deviations"),
        (
            {"codec.mean": torch.full((20,), torch.nan), "codec.std": torch.ones(20)},
            "expected 20 finite",
        ),
    ],
)
def test_statistics_that_cannot_be_used_are_refused(tensors, match):
    with pytest.raises(ValueError, match=match):
        MotionCodec.from_state_dict(tensors)


def test_wrong_shapes_and_no_clips_are_refused():
    with pytest.raises(ValueError, match=r"expected joints of shape"):
        states_from_joints(torch.zeros(5, 19))
    with pytest.raises(ValueError, match=r"expected states of shape"):
        joints_from_states(torch.zeros(0, 20))
    with pytest.raises(ValueError, match="at least one clip"):
        MotionCodec.from_moments(StateMoments.empty())
    with pytest.raises(ValueError, match="expected finite states"):
        StateMoments.of(np.full((3, 20), np.nan))
