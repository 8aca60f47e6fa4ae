"""Poses between frames."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from stickgen_model.animation import Animation
from stickgen_model.render.resample import film_times, nearest_frames, values_at


def scene(frames, fps=25.0):
    rng = np.random.default_rng(frames)
    joints = rng.uniform(-1.0, 1.0, size=(2, frames, 10, 2)).astype(np.float32)
    return Animation(joints=joints, fps=fps)


@given(frames=st.integers(1, 40), fps=st.floats(1.0, 120.0))
def test_a_film_is_as_long_as_its_scene(frames, fps):
    animation = scene(frames)
    times = film_times(animation, fps)
    assert len(times) == max(1, round(frames / 25.0 * fps))
    assert (np.diff(times) >= 0.0).all()
    assert times[0] == 0.0
    assert times[-1] <= (frames - 1) / 25.0


@given(frames=st.integers(1, 30), fps=st.sampled_from([24.0, 25.0, 30.0, 50.0, 60.0]))
def test_at_the_times_of_frames_poses_are_those_of_the_frames(frames, fps):
    animation = scene(frames)
    times = film_times(animation, fps)
    found = values_at(animation.joints, times, animation.fps)
    nearest = nearest_frames(times, frames, animation.fps)
    same = nearest / animation.fps == times
    assert same[0]
    assert (found[:, same] == animation.joints[:, nearest[same]]).all()


@given(frames=st.integers(2, 30), fps=st.floats(5.0, 120.0))
def test_poses_in_between_stay_between_their_neighbours(frames, fps):
    animation = scene(frames)
    times = film_times(animation, fps)
    found = values_at(animation.joints, times, animation.fps)
    first = np.minimum(np.floor(times * animation.fps + 1e-9).astype(int), frames - 2)
    pair = np.stack([animation.joints[:, first], animation.joints[:, first + 1]])
    assert (found >= pair.min(axis=0) - 1e-6).all()
    assert (found <= pair.max(axis=0) + 1e-6).all()


def test_an_even_walk_stays_even():
    x = np.linspace(0.0, 3.0, 26)[None, :, None]
    times = np.linspace(0.0, 1.0, 61)
    assert values_at(x, times, 25.0)[0, :, 0] == pytest.approx(3.0 * times, abs=1e-9)


def test_a_smooth_motion_is_followed():
    fine, coarse = (np.arange(count) / fps for count, fps in ((121, 60.0), (51, 25.0)))
    found = values_at(np.sin(3.0 * coarse)[None, :, None], fine, 25.0)[0, :, 0]
    assert np.abs(found - np.sin(3.0 * fine)).max() < 0.004


def test_the_same_rate_changes_nothing():
    animation = scene(17, fps=30.0)
    found = values_at(animation.joints, film_times(animation, 30.0), 30.0)
    assert (found == animation.joints).all()
