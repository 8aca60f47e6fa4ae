"""Variations keep a clip true."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from datasets_spec.environment import feature_index
from datasets_spec.skeleton import JOINTS
from stickgen_model.codec import mirror_states, states_from_joints
from stickgen_model.data.augment import (
    AugmentConfig,
    cut_tracks,
    mirror_tracks,
    speed_tracks,
    vary_clip,
)
from stickgen_model.data.clip_store import ClipArrays


def make_clip(num_frames=40, *, seed=0, partner=True, symmetric=True):
    rng = np.random.default_rng(seed)

    def numbers(*shape):
        return np.cumsum(rng.normal(size=shape), axis=0).astype(np.float32) * 0.02

    environment = np.full(32, np.nan, dtype=np.float32)
    environment[feature_index("wind_x")] = 3.0
    return ClipArrays(
        joints=numbers(num_frames, 20),
        actions=np.arange(num_frames, dtype=np.uint8),
        physics=numbers(num_frames, 6),
        camera=numbers(num_frames, 3),
        environment=environment,
        partner=numbers(num_frames, 20) if partner else None,
        sentences=np.zeros(1, dtype=np.int32),
        part_frames=np.zeros((0, 2), dtype=np.int64),
        part_sentences=np.zeros(0, dtype=np.int32),
        symmetric=symmetric,
    )


def as_arrays(tracks):
    names = ("joints", "actions", "physics", "camera", "environment", "partner")
    return {name: getattr(tracks, name) for name in names if getattr(tracks, name) is not None}


def test_mirroring_twice_changes_nothing():
    tracks = cut_tracks(make_clip(), 0, 40)
    again = as_arrays(mirror_tracks(mirror_tracks(tracks)))
    for name, value in as_arrays(tracks).items():
        assert np.array_equal(again[name], value, equal_nan=True), name


def test_mirroring_agrees_with_that_of_the_states():
    tracks = cut_tracks(make_clip(), 0, 40)
    mirrored = mirror_tracks(tracks)
    states = states_from_joints(torch.from_numpy(tracks.joints))
    found = states_from_joints(torch.from_numpy(mirrored.joints))
    torch.testing.assert_close(found, mirror_states(states), rtol=0.0, atol=1e-6)
    left, right = JOINTS.index("l_hand"), JOINTS.index("r_hand")
    assert np.array_equal(mirrored.joints[:, 2 * left], -tracks.joints[:, 2 * right])
    assert np.array_equal(mirrored.joints[:, 2 * left + 1], tracks.joints[:, 2 * right + 1])


def test_a_mirror_turns_all_that_points_sideways():
    tracks = cut_tracks(make_clip(), 0, 40)
    mirrored = mirror_tracks(tracks)
    signs = np.array([-1, 1, -1, 1, -1, 1], dtype=np.float32)
    assert np.array_equal(mirrored.physics, tracks.physics * signs)
    assert np.array_equal(mirrored.camera[:, 0], -tracks.camera[:, 0])
    assert np.array_equal(mirrored.camera[:, 1:], tracks.camera[:, 1:])
    assert mirrored.environment[feature_index("wind_x")] == -3.0
    assert tracks.environment[feature_index("wind_x")] == 3.0


def test_a_part_starts_at_the_origin_with_all_that_is_around():
    clip = make_clip()
    tracks = cut_tracks(clip, 7, 30)
    assert tracks.joints[0, 2] == 0.0
    start = clip.joints[7, 2]
    for name in ("joints", "partner"):
        whole, part = getattr(clip, name)[7:30], getattr(tracks, name)
        assert np.allclose(part[:, ::2], whole[:, ::2] - start, atol=1e-6)
        assert np.array_equal(part[:, 1::2], whole[:, 1::2])
    assert np.allclose(tracks.camera[:, 0], clip.camera[7:30, 0] - start, atol=1e-6)
    assert np.array_equal(tracks.actions, clip.actions[7:30])


def test_a_partner_who_leaves_early_is_no_partner():
    clip = make_clip()
    assert cut_tracks(replace(clip, partner=clip.partner[:20]), 0, 30).partner is None
    assert cut_tracks(replace(clip, partner=clip.partner[:20]), 0, 20).partner is not None


@pytest.mark.parametrize("factor", [0.87, 1.0, 1.15])
def test_speed_changes_time_and_what_is_measured_in_it(factor):
    time = np.arange(60) / 25.0
    place = np.sin(2.0 * time)
    joints = np.repeat(place[:, None], 20, axis=1).astype(np.float32)
    speed, push = 2 * np.cos(2 * time), -4 * np.sin(2 * time)
    physics = np.stack([speed, speed, push, push, speed, speed], axis=1).astype(np.float32)
    clip = replace(make_clip(60), joints=joints, physics=physics, partner=joints + 1)
    found = speed_tracks(cut_tracks(clip, 0, 60), factor)
    now = np.arange(len(found.joints)) / 25.0 * factor
    assert len(found.joints) == int(59 / factor + 1e-9) + 1
    assert np.allclose(found.joints[:, 0], np.sin(2 * now), atol=1e-4)
    assert np.allclose(found.partner[:, 0], np.sin(2 * now) + 1, atol=1e-4)
    assert np.allclose(found.physics[:, 0], factor * 2 * np.cos(2 * now), atol=1e-3)
    assert np.allclose(found.physics[:, 2], -(factor**2) * 4 * np.sin(2 * now), atol=5e-3)
    assert np.array_equal(found.actions, np.rint(np.arange(len(now)) * factor))


@given(
    frames=st.integers(2, 250),
    most=st.integers(2, 250),
    seed=st.integers(0, 99),
    crop=st.sampled_from([0.0, 1.0]),
)
def test_variations_agree_in_length_and_fit(frames, most, seed, crop):
    config = AugmentConfig(mirror=1.0, speed_chance=1.0, crop_chance=crop, crop_share=0.3)
    tracks = vary_clip(
        make_clip(frames, seed=seed), np.random.default_rng(seed), config=config, max_frames=most
    )
    lengths = {len(v) for name, v in as_arrays(tracks).items() if name != "environment"}
    assert len(lengths) == 1
    assert 1 <= lengths.pop() <= most
    assert np.isfinite(tracks.joints).all()
    assert abs(tracks.joints[0, 2]) < 1e-6


def test_captions_with_sides_are_not_mirrored():
    config = replace(AugmentConfig.none(), mirror=1.0)
    clip = make_clip(symmetric=False)
    plain = cut_tracks(clip, 0, 40)
    found = vary_clip(clip, np.random.default_rng(0), config=config)
    assert np.array_equal(found.joints, plain.joints)
    found = vary_clip(replace(clip, symmetric=True), np.random.default_rng(0), config=config)
    assert np.array_equal(found.joints, mirror_tracks(plain).joints)


def test_impossible_settings_are_refused():
    with pytest.raises(ValueError, match=r"got \{'mirror': 1.5, 'speed': 1.0\}"):
        AugmentConfig(mirror=1.5, speed=1.0)


def test_a_span_bounds_what_is_taken():
    clip = make_clip(num_frames=60)
    for seed in range(20):
        rng = np.random.default_rng(seed)
        config = AugmentConfig(mirror=0.0, speed_chance=0.0, crop_chance=0.5)
        found = vary_clip(clip, rng, config=config, max_frames=12, span=(20, 45)).actions
        assert found[0] >= 20
        assert found[-1] < 45
        assert len(found) <= 12
    whole = vary_clip(clip, np.random.default_rng(0), config=AugmentConfig.none(), span=(20, 45))
    assert whole.actions.tolist() == list(range(20, 45))
