"""Clips of different lengths in one array."""

from __future__ import annotations

import numpy as np
import pytest

from stickgen_model.evaluate.padding import pad_clips


def test_clips_and_mask(acted):
    clips = [acted("walk", 5), acted("hop", 8).reshape(8, 20)]
    joints, mask = pad_clips(clips)
    assert joints.shape == (2, 8, 10, 2)
    assert joints.dtype == np.float32
    assert mask.sum(axis=1).tolist() == [5, 8]
    assert np.array_equal(joints[0, :5], clips[0])
    assert (joints[0, 5:] == clips[0][-1]).all()
    assert np.array_equal(joints[1].reshape(8, 20), clips[1])


@pytest.mark.parametrize(
    ("clips", "told"),
    [
        ([], "at least one clip"),
        ([np.zeros((4, 9, 2))], r"clip 0: expected joints \(T, 10, 2\)"),
        ([np.zeros((2, 20)), np.zeros((0, 20))], "clip 1"),
        ([np.full((2, 20), np.nan)], "finite joints"),
    ],
)
def test_what_is_refused(clips, told):
    with pytest.raises(ValueError, match=told):
        pad_clips(clips)
