"""Packed pixels: mixing is that of every channel by itself."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from stickgen_model.render.canvas import FULL, Canvas, mixed, packed_tones, whole_covers

colours = arrays(np.uint8, (5, 3))


def channels(words):
    return words[..., None].view(np.uint8).astype(float)


@given(old=colours, new=colours, cover=st.floats(-1.0, 2.0))
def test_mixing_is_by_cover(old, new, cover):
    covers = whole_covers(np.full(5, FULL * cover, dtype=np.float32))
    found = channels(mixed(packed_tones(old), covers, packed_tones(new)))
    share = min(max(cover, 0.0), 1.0)
    assert np.abs(found[:, :3] - (old + share * (new.astype(float) - old))).max() <= 1.01
    assert (found[:, 3] == 255.0).all()


@given(old=colours, new=colours)
def test_all_and_nothing_are_exact(old, new):
    for cover, wanted in ((0, old), (FULL, new)):
        covers = np.full(5, cover, dtype=np.uint32)
        found = mixed(packed_tones(old), covers, packed_tones(new))
        assert (found == packed_tones(wanted)).all()


@given(layers=st.lists(st.tuples(colours, st.floats(0.0, 1.0)), min_size=1, max_size=4))
def test_layers_on_nothing_are_layers_on_white_behind_it(layers):
    clear = Canvas(1, 1, 5, transparent=True)
    clear.pixels[:] = 0
    white = Canvas(1, 1, 5, transparent=False)
    white.pixels[:] = 0xFFFFFFFF
    for tones, cover in layers:
        for canvas in (clear, white):
            covers = np.full(5, FULL * cover, dtype=np.float32)
            canvas.blend_pixels(np.arange(5), covers, packed_tones(tones))
    found = channels(clear.pixels)
    alpha = found[:, 3:] / 255.0
    over = alpha * found[:, :3] + (1.0 - alpha) * 255.0
    assert np.abs(over - channels(white.pixels)[:, :3]).max() <= 1.5 + len(layers)


def test_bands_and_pixels_agree():
    one, two = (Canvas(2, 4, 9, transparent=False) for _ in range(2))
    for canvas in (one, two):
        canvas.pixels[:] = packed_tones(np.array([[10, 200, 30]]))
    cover = np.linspace(0.0, FULL, 12, dtype=np.float32).reshape(2, 6)
    tones = packed_tones(np.array([[250, 0, 90], [0, 90, 250]]))
    first = np.array([3, 40])
    one.blend_bands(first, cover.copy(), tones)
    index = first[:, None] + np.arange(6)
    two.blend_pixels(index.reshape(-1), cover.reshape(-1).copy(), np.repeat(tones, 6))
    assert (one.pixels == two.pixels).all()
