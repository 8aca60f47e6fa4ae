"""Statistics of motion against closed forms."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from stickgen_model.evaluate.motion_statistics import (
    bone_spans,
    bone_variation,
    diversity,
    foot_skating,
    mean_jerk,
    mean_speed,
)
from stickgen_model.evaluate.padding import pad_clips

TIME = np.arange(30) / 25.0
FEET = [7, 9]


def still(num_frames=30, height=0.3):
    joints = np.random.default_rng(0).normal(size=(10, 2)) * 0.1 + [0.0, height]
    return np.repeat(joints[None], num_frames, axis=0)


def glide(path_x, path_y=0.0):
    moved = still(len(TIME))
    moved[..., 0] += np.asarray(path_x)[:, None]
    moved[..., 1] += np.broadcast_to(path_y, TIME.shape)[:, None]
    return moved


def test_speed_of_a_straight_way():
    joints = np.stack([glide(0.6 * TIME, 0.8 * TIME), glide(0.0 * TIME)])
    assert mean_speed(joints) == pytest.approx([1.0, 0.0], abs=1e-9)


def test_jerk_of_polynomials():
    # the third difference of a cubic is exact: x = 2 t^3 has the jerk 12
    joints = np.stack([glide(2.0 * TIME**3), glide(5.0 * TIME**2), glide(-(TIME**3), TIME**3)])
    assert mean_jerk(joints) == pytest.approx([12.0, 0.0, 6.0 * np.sqrt(2.0)], abs=1e-4)
    assert mean_jerk(joints[:, :3]).tolist() == [0.0, 0.0, 0.0]


def test_padding_changes_nothing():
    rng = np.random.default_rng(1)
    clips = [rng.normal(size=(n, 10, 2)).cumsum(axis=0) * 0.01 for n in (12, 30, 5)]
    padded, mask = pad_clips(clips)
    padded[~mask] = 99.0
    for measure in (mean_speed, mean_jerk, foot_skating, bone_variation):
        alone = [measure(pad_clips([clip])[0])[0] for clip in clips]
        assert measure(padded, mask) == pytest.approx(alone, rel=1e-6)


def feet_at(heights, speed_mps, *, height_m=1.55):
    """A figure whose left foot moves along x at these heights; the other is up."""
    joints = still(len(heights), height=0.6)
    joints[:, 7, 0] = speed_mps / height_m * np.arange(len(heights)) / 25.0
    joints[:, 7, 1] = heights
    joints[:, 9] = [0.0, 0.5]
    return joints[None]


@pytest.mark.parametrize(
    ("heights", "speed", "share"),
    [
        ([0.04] * 11, 0.51, 1.0),
        ([0.04] * 11, 0.49, 0.0),
        ([0.04] * 11, -0.6, 1.0),
        ([0.06] * 11, 2.0, 0.0),
        ([0.04] * 6 + [0.2] * 5, 1.0, 0.5),
        ([0.04, 0.06] * 5 + [0.04], 1.0, 0.0),  # never low in two adjacent frames
    ],
)
def test_feet_slide_low_and_fast(heights, speed, share):
    assert foot_skating(feet_at(heights, speed)) == pytest.approx([share])


def test_a_child_slides_by_its_own_height():
    joints = feet_at([0.04] * 11, 0.6, height_m=1.55)
    assert foot_skating(joints, height_m=1.55)[0] == 1.0
    assert foot_skating(joints, height_m=1.0)[0] == 0.0


def test_bones_that_breathe():
    joints = still()
    joints[:, :, :] = 0.0
    joints[:, 0, 1] = 0.4 * (1.0 + 0.1 * np.sin(2 * np.pi * np.arange(30) / 30.0))
    joints[:, [6, 8], 1] = -0.25
    joints[:, [7, 9], 1] = -0.5
    spans = bone_spans(joints)
    assert spans.shape == (30, 9)
    assert spans[0] == pytest.approx([0.4, 0.28, 0.0, 0.28, 0.0, 0.25, 0.25, 0.25, 0.25])
    # trunk and both upper arms (from the neck) follow the sine: rms of a sine is 1 / sqrt 2
    assert bone_variation(joints[None]) == pytest.approx([3.0 * 0.1 / np.sqrt(2.0) / 9.0])


@given(st.floats(-3.0, 3.0), st.floats(-3.1, 3.1))
def test_a_rigid_figure_has_rigid_bones(shift, angle):
    joints = glide(TIME)
    turn = np.array([[np.cos(angle), -np.sin(angle)], [np.sin(angle), np.cos(angle)]])
    assert bone_variation((joints @ turn.T + shift)[None]) == pytest.approx([0.0], abs=1e-9)


def test_diversity_is_the_mean_distance():
    assert diversity(np.array([[0.0, 0.0], [3.0, 4.0]])) == pytest.approx(5.0)
    assert diversity(np.ones((6, 3))) == 0.0
    rng = np.random.default_rng(0)
    # two vectors of independent normals of dimension D lie about sqrt(2 D) apart
    assert diversity(rng.normal(size=(500, 200)), pairs=2000) == pytest.approx(20.0, rel=0.01)
    with pytest.raises(ValueError, match="two vectors or more"):
        diversity(np.zeros((1, 3)))


def test_shapes_are_checked():
    with pytest.raises(ValueError, match=r"joints: expected shape \(B T 10 2\)"):
        mean_speed(still())
    with pytest.raises(ValueError, match="mask: expected shape"):
        mean_jerk(still()[None], np.ones((1, 4), dtype=bool))
