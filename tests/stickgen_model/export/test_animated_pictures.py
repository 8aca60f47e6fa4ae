"""GIF and WebP against Pillow."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from PIL import Image

from stickgen_model.export import gif, webp
from stickgen_model.export.gif import write_gif
from stickgen_model.export.webp import write_webp
from stickgen_model.render.looks import LOOKS
from tests.stickgen_model.export.films import (
    CLEAR,
    SMALL,
    drawn,
    nothing_left,
    picture_frames,
    psnr,
)
from tests.stickgen_model.export.scenes_for_files import walking


@pytest.mark.parametrize("look", [name for name, look in LOOKS.items() if not look.transparent])
def test_a_gif_holds_what_is_drawn(tmp_path, look):
    scene, config = walking(2), replace(SMALL, look=look)
    write_gif(scene, tmp_path / "clip.gif", config)
    frames, lasts, loop = picture_frames(tmp_path / "clip.gif")
    want = drawn(scene, config)
    assert frames.shape == want.shape
    assert min(psnr(a, b) for a, b in zip(frames, want, strict=True)) > 36.0
    assert lasts == [40] * 40
    assert loop == 0
    # one table for all of it
    assert (tmp_path / "clip.gif").read_bytes().count(b"NETSCAPE2.0") == 1
    assert (frames[..., 3] == 255).all()


@pytest.mark.parametrize(
    ("fps", "count", "lasts"),
    [(20.0, 20, {50}), (25.0, 25, {40}), (30.0, 30, {30, 40}), (50.0, 50, {20}), (60.0, 50, {20})],
)
def test_frames_of_a_gif_begin_at_the_nearest_hundredth(tmp_path, fps, count, lasts):
    write_gif(walking(frames=25), tmp_path / "clip.gif", replace(SMALL, fps=fps))
    frames, found, _ = picture_frames(tmp_path / "clip.gif")
    assert len(frames) == count
    assert set(found) == lasts
    assert sum(found) == 1000
    begins = np.cumsum([0, *found[:-1]]) / 1000.0
    assert np.abs(begins - np.arange(count) / min(fps, 50.0)).max() <= 0.005 + 1e-9


def test_a_transparent_gif_is_there_or_not(tmp_path):
    scene = walking(2)
    write_gif(scene, tmp_path / "clip.gif", CLEAR)
    frames, _, _ = picture_frames(tmp_path / "clip.gif")
    want = drawn(scene, CLEAR)
    np.testing.assert_array_equal(frames[..., 3], np.where(want[..., 3] >= 128, 255, 0))
    there = frames[..., 3] == 255
    assert psnr(frames[there], want[there]) > 36.0


def test_a_gif_is_no_larger_than_pillows(tmp_path):
    scene, config = walking(2, 15), replace(SMALL, width=256, height=256)
    write_gif(scene, tmp_path / "a.gif", config)
    images = [Image.fromarray(frame).convert("RGB") for frame in drawn(scene, config)]
    images[0].save(tmp_path / "b.gif", save_all=True, append_images=images[1:], duration=40, loop=0)
    mine, theirs = ((tmp_path / name).stat().st_size for name in ("a.gif", "b.gif"))
    assert mine < theirs


@pytest.mark.parametrize("config", [SMALL, CLEAR])
def test_a_webp_holds_exactly_what_is_drawn(tmp_path, config):
    scene = walking(2)
    write_webp(scene, tmp_path / "clip.webp", config)
    frames, lasts, loop = picture_frames(tmp_path / "clip.webp")
    want = drawn(scene, config)
    assert frames.shape == want.shape
    np.testing.assert_array_equal(frames[..., 3], want[..., 3])
    there = want[..., 3] > 0  # what is not there has no colour to keep
    np.testing.assert_array_equal(frames[there], want[there])
    assert lasts == [40] * 40
    assert loop == 0


def test_times_of_a_webp(tmp_path):
    write_webp(walking(frames=25), tmp_path / "clip.webp", replace(SMALL, fps=60.0))
    _, lasts, _ = picture_frames(tmp_path / "clip.webp")
    assert abs(sum(lasts) - 1000) <= 1
    begins = np.cumsum([0, *lasts[:-1]]) / 1000.0
    # equal frames become one
    assert 50 < len(lasts) <= 60
    assert np.abs(begins - np.round(begins * 60.0) / 60.0).max() <= 0.0005 + 1e-9


@pytest.mark.parametrize(("module", "writer"), [(gif, write_gif), (webp, write_webp)])
def test_same_bytes_one_frame_odd_sizes_and_faults(tmp_path, monkeypatch, module, writer):
    path = tmp_path / f"clip.{writer.__name__[6:]}"
    odd = replace(SMALL, width=33, height=17)
    written = []
    for _ in range(2):
        writer(walking(frames=7), path, odd)
        written.append(path.read_bytes())
    assert written[0] == written[1]
    assert picture_frames(path)[0].shape == (7, 17, 33, 4)
    writer(walking(frames=1, captions=()), path, SMALL)
    assert picture_frames_of_one(path).shape == (80, 96, 4)

    def frames(*_, times=None):
        yield from drawn(walking(frames=5), SMALL)
        if times is None:  # not those that the palette is made of
            raise KeyboardInterrupt

    monkeypatch.setattr(module, "draw_packed", frames)
    with nothing_left(tmp_path), pytest.raises(KeyboardInterrupt):
        writer(walking(), path, SMALL)


def picture_frames_of_one(path):
    with Image.open(path) as image:
        return np.array(image.convert("RGBA"))
