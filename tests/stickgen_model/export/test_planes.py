"""Frames as planes: in parts as in the whole, colours as BT.709 has them."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from stickgen_model.export.changes import Changes
from stickgen_model.export.planes import PlaneConverter


def planes_of(frame):
    """Copies of the planes without the padding of their rows."""
    return [
        np.frombuffer(plane, np.uint8).reshape(-1, plane.line_size)[: plane.height, : plane.width]
        for plane in frame.planes
    ]


@given(
    st.integers(1, 150),
    st.integers(1, 150),
    st.sampled_from([3, 4]),
    st.booleans(),
    st.integers(0, 2**32 - 1),
)
def test_converting_what_changed_is_converting_everything(height, width, channels, even, seed):
    rng = np.random.default_rng(seed)
    shape = (height, width, channels)
    one = PlaneConverter(shape, alpha=channels == 4, even=even)
    frame = rng.integers(0, 256, shape, dtype=np.uint8)
    for _ in range(4):
        frame = frame.copy()
        y, x = rng.integers(0, height + 1, 2), rng.integers(0, width + 1, 2)
        part = frame[min(y) : min(max(y), min(y) + 30), min(x) : min(max(x), min(x) + 30)]
        part[...] = rng.integers(0, 256, part.shape, dtype=np.uint8)
        got = [plane.copy() for plane in planes_of(one.convert(frame))]
        whole = PlaneConverter(shape, alpha=channels == 4, even=even)
        for mine, all_of_it in zip(got, planes_of(whole.convert(frame)), strict=True):
            np.testing.assert_array_equal(mine, all_of_it)


@given(st.tuples(*[st.integers(0, 255)] * 3))
def test_flat_colours_are_those_of_the_standard(colour):
    frame = np.empty((16, 16, 3), np.uint8)
    frame[...] = colour
    planes = planes_of(PlaneConverter(frame.shape, alpha=False, even=True).convert(frame))
    red, green, blue = (value / 255.0 for value in colour)
    luma = 0.2126 * red + 0.7152 * green + 0.0722 * blue
    want = (
        16 + 219 * luma,
        128 + 224 * (blue - luma) / 1.8556,
        128 + 224 * (red - luma) / 1.5748,
    )
    for plane, value in zip(planes, want, strict=True):
        assert plane.min() == plane.max()
        assert abs(float(plane[0, 0]) - value) <= 1.01


def test_odd_sides_repeat_their_last_row_and_column():
    frame = np.random.default_rng(0).integers(0, 256, (7, 9, 3), dtype=np.uint8)
    converter = PlaneConverter(frame.shape, alpha=False, even=True)
    assert (converter.height, converter.width) == (8, 10)
    luma = planes_of(converter.convert(frame))[0]
    assert luma.shape == (8, 10)
    np.testing.assert_array_equal(luma[-1], luma[-2])
    np.testing.assert_array_equal(luma[:, -1], luma[:, -2])


def test_other_frames_than_announced_are_refused():
    converter = PlaneConverter((8, 8, 3), alpha=False, even=True)
    for frame in (np.zeros((8, 10, 3), np.uint8), np.zeros((8, 8, 3), np.float32)):
        with pytest.raises(ValueError, match="expected a frame of uint8"):
            converter.convert(frame)


@given(st.integers(1, 40), st.integers(1, 40), st.sampled_from([3, 4]), st.integers(0, 2**32 - 1))
def test_a_change_is_inside_its_box_and_the_box_is_tight(height, width, channels, seed):
    rng = np.random.default_rng(seed)
    before = rng.integers(0, 3, (height, width, channels), dtype=np.uint8)
    after = before.copy()
    for _ in range(rng.integers(0, 3)):
        after[rng.integers(height), rng.integers(width), rng.integers(channels)] += 1
    box = Changes(height, width, channels).between(before, after)
    rows, columns = np.nonzero((before != after).any(axis=2))
    if not len(rows):
        assert box is None
        return
    top, bottom, left, right = box
    assert (top, bottom) == (rows.min(), rows.max() + 1)
    # columns are found by words of up to eight bytes
    assert columns.min() - 8 < left <= columns.min()
    assert columns.max() < right <= columns.max() + 8
    assert 0 <= left < right <= width
