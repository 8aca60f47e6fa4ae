"""Copies are found wherever they were cut, mirrored or moved; new motion is none."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from datasets_spec.skeleton import MIRROR
from stickgen_model.evaluate.copies import COPY_H, MotionIndex, copy_share

RNG = np.random.default_rng(0)


def wander(num_frames, seed):
    """A figure whose joints go their own smooth ways."""
    rng = np.random.default_rng(seed)
    time = np.arange(num_frames)[:, None, None] / 25.0
    waves = [
        rng.normal(size=(10, 2)) * 0.1 * np.sin(time * f + rng.uniform(0, 6, (10, 2)))
        for f in (1.0, 2.3, 4.1)
    ]
    joints = rng.normal(size=(10, 2)) * 0.3 + np.sum(waves, axis=0)
    joints[..., 0] += 0.5 * time[..., 0]
    return joints.astype(np.float32)


TRAIN = [wander(60 + 19 * number, number) for number in range(10)]
INDEX = MotionIndex.build(TRAIN)


def mirrored(clip):
    return clip[:, MIRROR] * np.float32([-1.0, 1.0])


@given(st.integers(0, 9), st.integers(1, 250), st.integers(0, 250), st.floats(-5.0, 5.0))
def test_a_piece_of_a_training_clip_is_found(number, length, start, shift):
    clip = TRAIN[number]
    length = min(max(length, 30), len(clip))
    start = min(start, len(clip) - length)
    piece = clip[start : start + length] + np.float32([shift, 0.0])
    found = INDEX.nearest([piece, mirrored(piece)])
    assert found.distance == pytest.approx([0.0, 0.0], abs=1e-5)
    assert found.clip.tolist() == [number, number]
    assert copy_share(found) == 1.0
    assert INDEX.nearest([mirrored(piece)], mirrored=False).distance[0] > COPY_H


def test_the_frame_that_is_told_is_where_it_was_cut():
    found = INDEX.nearest([TRAIN[9][70:125]])
    assert found.clip[0] == 9
    assert abs(found.frame[0] - 70) < 10


def test_new_motion_is_no_copy():
    new = [wander(length, 100 + length) for length in (25, 40, 61, 120, 250)]
    found = INDEX.nearest(new)
    assert found.distance.min() > 0.1
    assert copy_share(found) == 0.0
    assert copy_share(found, distance_h=99.0) == 1.0


def test_the_distance_is_that_of_the_joints():
    noise = RNG.normal(size=TRAIN[4].shape).astype(np.float32)
    noise[:, 1, 0] = 0.0  # the pelvis gives the place
    rough = TRAIN[4] + 0.01 * noise
    found = INDEX.nearest([rough])
    # two numbers a joint: sqrt 2 times the noise of one; the nearest of some is a little nearer
    assert found.distance[0] == pytest.approx(0.01 * np.sqrt(2.0), rel=0.12)
    assert copy_share(found) == 1.0
    assert copy_share(INDEX.nearest([TRAIN[4] + 0.03 * noise])) == 0.0


def test_against_a_search_frame_by_frame():
    new = wander(60, 77)
    best = np.inf
    for clip in TRAIN:
        for start in range(0, len(clip) - 20, 10):
            for first in range(10):
                at = np.minimum(start + 10 * np.arange(6), len(clip) - 1)
                one, two = new[first : first + 51 : 10].copy(), clip[at].copy()
                one[..., 0] -= one[0, 1, 0]
                two[..., 0] -= two[0, 1, 0]
                best = min(best, np.sqrt(((one - two) ** 2).sum(axis=-1).mean()))
    found = INDEX.nearest([new], mirrored=False)
    assert found.distance[0] == pytest.approx(best, rel=1e-5)


@pytest.mark.parametrize("length", [1, 2, 9, 10, 11, 20, 21, 25, 59, 60, 61, 110, 111, 250])
def test_any_length_can_be_looked_for(length):
    clip = wander(260, 5)[:length]
    index = MotionIndex.build([wander(260, 5)])
    assert index.nearest([clip]).distance[0] == pytest.approx(0.0, abs=1e-5)
    assert MotionIndex.build([clip]).nearest([clip]).distance[0] == pytest.approx(0.0, abs=1e-5)


def test_together_and_alone_are_the_same():
    new = [wander(length, length) for length in (30, 45, 60, 61, 90, 200)]
    together = INDEX.nearest(new)
    alone = [INDEX.nearest([clip]) for clip in new]
    assert together.distance == pytest.approx([one.distance[0] for one in alone], rel=1e-6)
    assert together.clip.tolist() == [one.clip[0] for one in alone]


def test_what_cannot_be_looked_for():
    with pytest.raises(ValueError, match="at least one training clip"):
        MotionIndex.build(iter([]))
    with pytest.raises(ValueError, match="at least one clip, got none"):
        INDEX.nearest([])
    with pytest.raises(ValueError, match=r"clip 1: expected finite joints \(T, 10, 2\), got"):
        INDEX.nearest([TRAIN[0], TRAIN[0].reshape(-1, 20)])
    with pytest.raises(ValueError, match="clip 0: expected finite"):
        MotionIndex.build([TRAIN[0] * np.nan])
