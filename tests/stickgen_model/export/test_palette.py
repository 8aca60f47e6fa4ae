"""Few colours for many."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from stickgen_model.export.palette import choose_palette
from stickgen_model.render.config import RenderConfig
from tests.stickgen_model.export.films import drawn, psnr
from tests.stickgen_model.export.scenes_for_files import walking


def through(palette, frame, *, hole=255):
    return palette.colours[palette.numbers(frame, hole=hole)]


@given(st.integers(1, 30), st.integers(0, 2**32 - 1))
def test_few_colours_are_kept_as_they_are(count, seed):
    rng = np.random.default_rng(seed)
    # apart by more than the bins by which colours are counted
    table = np.unique(rng.integers(0, 32, (count, 3)) * 8, axis=0).astype(np.uint8)
    frame = table[rng.integers(0, len(table), (20, 30))]
    palette = choose_palette([frame], limit=40)
    np.testing.assert_array_equal(through(palette, frame), frame)


def test_every_pixel_gets_the_nearest_colour_of_the_table():
    rng = np.random.default_rng(3)
    palette = choose_palette([rng.integers(0, 256, (40, 40, 3), dtype=np.uint8)], limit=16)
    assert palette.colours.shape == (16, 3)
    frame = rng.integers(0, 256, (30, 30, 3), dtype=np.uint8)
    away = np.square(frame[:, :, None].astype(int) - palette.colours).sum(axis=-1)
    got = np.take_along_axis(away, palette.numbers(frame, hole=255)[..., None].astype(int), 2)
    # a bin is four wide: a pixel beside a border between two colours may go either way
    assert (np.sqrt(got[..., 0]) - np.sqrt(away.min(axis=2))).max() <= 2 * np.sqrt(3 * 3**2)
    assert (got[..., 0] == away.min(axis=2)).mean() > 0.8


def test_it_is_no_worse_than_pillows_own_of_as_many_colours():
    frames = drawn(walking(2), RenderConfig(width=200, height=200, fps=25.0, look="neon"))
    palette = choose_palette(frames[::4], limit=64)
    for frame in frames[1::13]:
        mine = psnr(through(palette, frame), frame)
        image = Image.fromarray(np.ascontiguousarray(frame[..., :3]))
        theirs = np.array(image.quantize(64, dither=Image.Dither.NONE).convert("RGB"))
        assert mine > psnr(theirs, frame) - 3.0  # theirs is made for this one frame


def test_pixels_that_are_not_there_have_no_colour():
    frame = np.zeros((8, 8, 4), np.uint8)
    frame[:4] = (200, 10, 20, 255)
    frame[4:6] = (90, 90, 90, 127)
    palette = choose_palette([frame])
    np.testing.assert_array_equal(palette.colours, [(200, 10, 20)])
    numbers = palette.numbers(frame, hole=255)
    assert (numbers[:4] == 0).all()
    assert (numbers[4:] == 255).all()
    assert len(choose_palette([np.zeros((8, 8, 4), np.uint8)]).colours) == 1
