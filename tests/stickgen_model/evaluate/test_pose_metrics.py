"""Measures of joints against closed forms, and against figures that do nothing."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.ndimage import gaussian_filter1d
from scipy.stats import gmean

from stickgen_model.evaluate.metrics import metric
from stickgen_model.evaluate.motion_statistics import mean_derivative
from stickgen_model.evaluate.padding import pad_clips
from stickgen_model.evaluate.pose_metrics import (
    floor_penetration,
    jitter,
    motion_values,
    pose_mse,
    switch_jerk,
    temporal_consistency,
)

TIME = np.arange(50) / 25.0


@pytest.fixture
def real(acted):
    """Clips that walk, hop and wave, of different lengths."""
    return [
        acted(word, 40 + seed, seed=seed).astype(np.float64)
        for seed in range(20)
        for word in ("walk", "hop", "wave")
    ]


def moved(clip, path_x, path_y=0.0):
    clip = np.repeat(np.asarray(clip)[:1], len(path_x), axis=0).astype(np.float64)
    clip[..., 0] += np.asarray(path_x)[:, None]
    clip[..., 1] += np.broadcast_to(path_y, len(path_x))[:, None]
    return clip


def test_pose_error_is_that_of_scikit_learn(acted):
    from sklearn.metrics import mean_squared_error

    one, two = acted("walk", 40, seed=1), acted("wave", 60, seed=2)
    flat = []
    for clip in (one, two):
        seen = clip[:40].astype(np.float64)
        seen[..., 0] -= seen[:, 1:2, 0].copy()
        flat.append(seen.reshape(40, 20))
    assert pose_mse([one], [two]) == pytest.approx([mean_squared_error(*flat)], rel=1e-6)
    assert pose_mse([two, one], [two, two])[0] == 0.0


def test_where_it_happens_along_x_is_no_error_of_the_pose(acted):
    clip = acted("hop", 40)
    far = moved(clip, 3.0 * TIME[:40]) - moved(clip, 0.0 * TIME[:40]) + clip
    assert pose_mse([far], [clip]) == pytest.approx([0.0], abs=1e-12)
    # too high by 0.1 H: half of the numbers are off by it
    assert pose_mse([clip + np.float32([0.0, 0.1])], [clip]) == pytest.approx([0.005], rel=1e-4)


def test_real_motion_moves_like_itself(real):
    assert temporal_consistency(real, real) == pytest.approx(1.0)
    assert temporal_consistency(real[::-1], real) == pytest.approx(1.0)
    assert temporal_consistency(real[::2], real[1::2]) > 0.85


def test_still_shaking_smooth_and_fast_figures_do_not_move_like_real_ones(real):
    rng = np.random.default_rng(0)
    half = temporal_consistency(real[::2], real[1::2])
    still = [np.repeat(clip[:1], len(clip), axis=0) for clip in real]
    others = {
        "still": still,
        "mean pose": [np.zeros_like(c) + np.concatenate(real).mean(axis=0) for c in real],
        "noise": [rng.normal(size=clip.shape) for clip in real],
        "shaking": [clip + 0.01 * rng.normal(size=clip.shape) for clip in real],
        "smooth": [gaussian_filter1d(clip, 3.0, axis=0) for clip in real],
        "fast": [clip[::3] for clip in real],
    }
    found = {name: temporal_consistency(clips, real) for name, clips in others.items()}
    assert max(found.values()) < 0.8 * half
    assert found["still"] == found["mean pose"] < 0.05
    assert found["noise"] < 0.05
    # a set of still and of shaking clips does not average to real motion
    mixed = still[::2] + others["shaking"][1::2]
    assert temporal_consistency(mixed, real) < 0.6 * half


def test_sizes_are_those_of_padded_clips(real):
    clips = [*real[:30], real[0][:3]]  # the last is too short for a jerk
    others = [gaussian_filter1d(clip, 2.0, axis=0) for clip in real[30:]]
    likeness = []
    for order, unseen in ((1, 0.002), (2, 0.02), (3, 0.2)):
        sizes = (mean_derivative(*pad_clips(part), order=order) for part in (clips[:-1], others))
        one, two = (np.quantile(part, np.arange(0.005, 1.0, 0.01)) + unseen for part in sizes)
        likeness.append((np.minimum(one, two) / np.maximum(one, two)).mean())
    assert temporal_consistency(clips, others) == pytest.approx(gmean(likeness), rel=1e-4)


def test_twice_as_fast_is_half_as_like():
    # steps that float32 holds exactly: jerk and acceleration are 0 on both sides
    steps = np.arange(50) / 32.0
    ways = [moved(np.zeros((1, 10, 2)), factor * steps) for factor in (1.0, 2.0)]
    told = ((25 / 32 + 0.002) / (50 / 32 + 0.002)) ** (1 / 3)
    assert temporal_consistency([ways[1]], [ways[0]]) == pytest.approx(told)


def test_standing_still_wins_no_measure_of_smoothness(real):
    rng = np.random.default_rng(0)
    still = [np.repeat(clip[:1], len(clip), axis=0) for clip in real]
    rough = [clip + 0.001 * rng.normal(size=clip.shape) for clip in real]
    true, none, some = (float(jitter(clips).mean()) for clips in (real, still, rough))
    assert none == 0.0
    assert metric("jitter").loss(none, true) > metric("jitter").loss(some, true)
    skating = metric("foot_skating")
    assert skating.loss(0.0, 0.05) > skating.loss(0.1, 0.05)


def test_depth_below_the_floor(acted):
    clip = acted("idle", 40)
    clip[..., 1] -= clip[..., 1].min()
    assert floor_penetration([clip]) == pytest.approx([0.0])
    assert floor_penetration([clip - np.float32([0.0, 0.029])]) == pytest.approx([0.0])
    assert floor_penetration([clip - np.float32([0.0, 0.13])]) == pytest.approx([0.1], rel=1e-4)
    half = clip.copy()
    half[20:, 7, 1] = -0.23
    assert floor_penetration([half, clip]) == pytest.approx([0.1, 0.0], rel=1e-4)


def test_jerk_of_a_jump_at_a_switch():
    # a step of height h: third differences h, -2 h, h
    path = np.where(np.arange(50) < 30, 0.0, 0.1)
    clip = moved(np.zeros((1, 10, 2)), path)
    peak = 2.0 * 0.1 * 25.0**3
    assert switch_jerk([clip], [[30]]) == pytest.approx([peak], rel=1e-5)
    assert switch_jerk([clip], [[10]]) == pytest.approx([0.0], abs=1e-3)
    assert switch_jerk([clip], [[24, 36, 45]]) == pytest.approx(
        [peak, peak, 0.0], abs=1e-3, rel=1e-5
    )
    assert switch_jerk([clip, clip[:3]], [[], [1]]).shape == (0,)
    with pytest.raises(ValueError, match=r"clip 0: expected changes inside 1..49, got \[50\]"):
        switch_jerk([clip], [[50]])
    with pytest.raises(ValueError, match="changes of 1 clips, got 2"):
        switch_jerk([clip], [[], []])


@given(st.integers(4, 60), st.integers(0, 1000), st.data())
def test_the_reach_of_a_switch_is_ten_frames(length, seed, data):
    clip = np.random.default_rng(seed).normal(size=(length, 10, 2))
    frame = data.draw(st.integers(1, length - 1))
    jerks = np.linalg.norm(np.diff(clip, n=3, axis=0), axis=-1).mean(axis=-1) * 25.0**3
    centres = np.arange(length - 3) + 1.5
    near = jerks[np.abs(centres - frame) <= 10.0]
    assert switch_jerk([clip], [[frame]]) == pytest.approx([near.max()], rel=1e-4)


def test_all_values_are_those_of_the_clips_alone(real):
    found = motion_values(real[:5])
    assert set(found) == {"foot_skating", "jitter", "bone_variation", "floor_penetration"}
    for number, clip in enumerate(real[:5]):
        for name, value in motion_values([clip]).items():
            assert found[name][number] == pytest.approx(value[0], rel=1e-6)


def test_what_cannot_be_measured(acted):
    clip = acted("walk", 30)
    with pytest.raises(ValueError, match="as many real clips as others, got 1 and 2"):
        pose_mse([clip], [clip, clip])
    with pytest.raises(ValueError, match="a clip of 4 frames or more, got 1 clips"):
        temporal_consistency([clip[:3]], [clip])
    with pytest.raises(ValueError, match="at least one clip"):
        pose_mse([], [])
    with pytest.raises(ValueError, match="finite joints"):
        jitter([clip * np.nan])
