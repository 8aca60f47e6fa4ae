"""MP4 and WebM against PyAV's decoders and the boxes of the file itself."""

from __future__ import annotations

import signal
import struct
import subprocess
import sys
import time
from dataclasses import replace
from fractions import Fraction

import numpy as np
import pytest

from datasets_spec.errors import ConfigError
from stickgen_model.export import video
from stickgen_model.export.film import FilmKind, film_rate, write_film
from stickgen_model.export.planes import PlaneConverter
from stickgen_model.export.video import MP4, WEBM, write_mp4, write_webm
from stickgen_model.export.whole_file import OutputError
from stickgen_model.render.config import RenderConfig
from stickgen_model.render.looks import LOOKS
from tests.stickgen_model.export.films import (
    CLEAR,
    SMALL,
    drawn,
    film_frames,
    nothing_left,
    psnr,
)
from tests.stickgen_model.export.scenes_for_files import HOSTILE, walking

BT709 = (1, 1, 1, 1)
"""FFmpeg's numbers of matrix, limited range, primaries and transfer."""

WRITERS = ((write_mp4, "mp4"), (write_webm, "webm"))


def boxes(data):
    """Name, begin and size of the boxes of an MP4, after ISO/IEC 14496-12."""
    place = 0
    while place < len(data):
        size, name = struct.unpack_from(">I4s", data, place)
        assert size >= 8
        yield name.decode(), data[place + 8 : place + size]
        place += size
    assert place == len(data)


@pytest.mark.parametrize(("writer", "suffix"), WRITERS)
def test_films_hold_what_is_drawn(tmp_path, writer, suffix):
    scene, config = walking(2), RenderConfig(width=256, height=192, fps=25.0)
    path = tmp_path / f"clip.{suffix}"
    writer(scene, path, config)
    frames, facts = film_frames(path)
    want = drawn(scene, config)
    assert frames.shape == want.shape
    assert facts["rate"] == 25
    assert facts["seconds"] == pytest.approx(1.6, abs=0.002)
    assert facts["times"] == pytest.approx(np.arange(40) / 25.0, abs=0.0006)
    assert facts["colours"] == BT709
    assert min(psnr(a, b) for a, b in zip(frames, want, strict=True)) > 35.0
    # the page comes back as it was
    assert np.abs(frames[:, :8, :8, :3].astype(int) - want[:, :8, :8, :3]).max() <= 3


@pytest.mark.parametrize("look", [name for name, look in LOOKS.items() if not look.transparent])
def test_colours_of_every_look_come_back(tmp_path, look):
    scene = walking(frames=8)
    config = RenderConfig(width=192, height=192, fps=25.0, look=look)
    write_mp4(scene, tmp_path / "clip.mp4", config)
    frames, _ = film_frames(tmp_path / "clip.mp4")
    want = drawn(scene, config)
    assert psnr(frames, want) > 33.0
    # colours as they are on average, so that a shifted one shows
    means = [part[..., :3].mean(axis=(0, 1, 2)) for part in (frames, want)]
    assert np.abs(means[0] - means[1]).max() < 1.5


def test_the_index_of_an_mp4_is_at_its_front_and_bears_no_date(tmp_path):
    write_mp4(walking(), tmp_path / "clip.mp4", SMALL)
    data = (tmp_path / "clip.mp4").read_bytes()
    names = [name for name, _ in boxes(data)]
    assert names[0] == "ftyp"
    assert names.index("moov") < names.index("mdat")
    moov = dict(boxes(data))["moov"]
    mvhd = dict(boxes(moov))["mvhd"]
    version, made, changed, scale, length = struct.unpack_from(">IIIII", mvhd)
    assert (version, made, changed) == (0, 0, 0)
    assert length / scale == pytest.approx(1.6)
    # colour as players read it: nclx, primaries, transfer, matrix, limited range
    at = data.index(b"colrnclx") + 8
    assert struct.unpack_from(">HHHB", data, at) == (1, 1, 1, 0)
    assert b"avc1" in moov


def test_a_transparent_webm_has_the_alpha_that_is_drawn(tmp_path):
    scene = walking()
    write_webm(scene, tmp_path / "clip.webm", CLEAR)
    frames, facts = film_frames(tmp_path / "clip.webm", decoder="libvpx-vp9")
    want = drawn(scene, CLEAR)
    assert frames.shape == want.shape
    assert want[..., 3].min() == 0
    assert want[..., 3].max() == 255
    alpha = np.abs(frames[..., 3].astype(int) - want[..., 3])
    assert alpha.mean() < 1.0
    assert (alpha > 40).mean() < 0.002
    inside = want[..., 3] == 255
    assert psnr(frames[inside], want[inside]) > 25.0
    assert facts["times"] == pytest.approx(np.arange(40) / 25.0, abs=0.0006)


def test_an_mp4_cannot_be_transparent(tmp_path):
    with pytest.raises(ConfigError, match="MP4 has no transparency"):
        write_mp4(walking(), tmp_path / "clip.mp4", CLEAR)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(("writer", "suffix"), WRITERS)
@pytest.mark.parametrize("size", [(97, 81), (96, 81), (17, 16)])
def test_odd_sizes(tmp_path, writer, suffix, size):
    config = RenderConfig(width=size[0], height=size[1], fps=25.0)
    scene = walking(frames=5)
    path = tmp_path / f"clip.{suffix}"
    writer(scene, path, config)
    frames, _ = film_frames(path)
    even = suffix == "mp4"
    height, width = (side + side % 2 * even for side in (size[1], size[0]))
    assert frames.shape == (5, height, width, 4)
    assert psnr(frames[:, : size[1], : size[0]], drawn(scene, config)) > 27.0


@pytest.mark.parametrize(
    ("fps", "rate"),
    [
        (25.0, 25),
        (30.0, 30),
        (60.0, 60),
        (29.97, Fraction(30000, 1001)),
        (23.976, Fraction(24000, 1001)),
        (12.5, Fraction(25, 2)),
        (59.94, Fraction(60000, 1001)),
    ],
)
def test_frame_rates(tmp_path, fps, rate):
    assert film_rate(fps) == rate
    scene = walking(frames=25)
    write_mp4(scene, tmp_path / "clip.mp4", replace(SMALL, fps=fps))
    frames, facts = film_frames(tmp_path / "clip.mp4")
    assert facts["rate"] == rate
    assert len(frames) == round(fps)
    assert facts["seconds"] == pytest.approx(len(frames) / float(rate), abs=0.001)


@pytest.mark.parametrize(("writer", "suffix"), WRITERS)
def test_one_frame_is_a_film(tmp_path, writer, suffix):
    path = tmp_path / f"clip.{suffix}"
    writer(walking(frames=1), path, SMALL)
    frames, facts = film_frames(path)
    assert len(frames) == 1
    assert facts["seconds"] == pytest.approx(0.04, abs=0.001)


@pytest.mark.parametrize(
    ("writer", "suffix", "config"),
    [(write_mp4, "mp4", SMALL), (write_webm, "webm", SMALL), (write_webm, "webm", CLEAR)],
)
def test_the_same_scene_gives_the_same_bytes(tmp_path, writer, suffix, config):
    scene = walking(2, 12)
    big = replace(config, width=320, height=256)  # enough rows for several threads of an encoder
    for name in "ab":
        writer(scene, tmp_path / f"{name}.{suffix}", big)
    one, two = ((tmp_path / f"{name}.{suffix}").read_bytes() for name in "ab")
    assert one == two


@pytest.mark.parametrize("kind", [MP4, WEBM])
def test_frames_painted_over_in_place_are_encoded_like_new_ones(tmp_path, kind):
    """The converter paints over its last frame, which only encoders that copy allow."""
    want = drawn(walking(frames=20), SMALL)

    class Fresh(PlaneConverter):
        def convert(self, colours):
            return PlaneConverter(colours.shape, alpha=False, even=True).convert(colours)

    for name, maker in (("a", PlaneConverter), ("b", Fresh)):
        converter = maker(want[0].shape, alpha=False, even=True)
        write_film(want, tmp_path / name, kind=kind, converter=converter, fps=25.0)
    assert (tmp_path / "a").read_bytes() == (tmp_path / "b").read_bytes()


@pytest.mark.parametrize(("writer", "suffix"), WRITERS)
def test_titles_are_one_plain_line(tmp_path, writer, suffix):
    path = tmp_path / f"clip.{suffix}"
    for title, told in (
        ("  a man\n walks ", "a man walks"),
        (HOSTILE, None),
        ("walk " * 10_000, None),
        ("\0\n", ""),
    ):
        writer(walking(frames=2, title=title), path, SMALL)
        _, facts = film_frames(path)
        assert told is None or facts["title"] == told
        assert len(facts["title"]) <= 200
        assert facts["title"].isprintable()


def test_a_folder_with_a_colon_or_a_percent_is_only_a_folder(tmp_path, monkeypatch):
    folder = tmp_path / "concat:a%03d|b"
    folder.mkdir()
    write_mp4(walking(frames=2), folder / "clip.mp4", SMALL)
    assert [path.name for path in folder.iterdir()] == ["clip.mp4"]
    monkeypatch.chdir(tmp_path)
    write_mp4(walking(frames=2), folder.relative_to(tmp_path) / "http:clip.mp4", SMALL)
    assert len(list(folder.iterdir())) == 2


def test_a_missing_encoder_is_told_before_anything_is_drawn(tmp_path, monkeypatch):
    kind = replace(MP4, encoder="libx999")
    monkeypatch.setattr(video, "MP4", kind)

    def frames(*_):
        yield pytest.fail("drawn")

    monkeypatch.setattr(video, "draw_packed", frames)
    with nothing_left(tmp_path), pytest.raises(OutputError, match=r"libx999.*install av"):
        write_mp4(walking(), tmp_path / "clip.mp4", SMALL)


@pytest.mark.parametrize("fault", [KeyboardInterrupt(), MemoryError("drawing")])
@pytest.mark.parametrize(("writer", "suffix"), WRITERS)
def test_a_fault_while_drawing_leaves_nothing_and_comes_out_whole(
    tmp_path, monkeypatch, writer, suffix, fault
):
    def frames(*_):
        yield from drawn(walking(frames=5), SMALL)
        raise fault

    monkeypatch.setattr(video, "draw_packed", frames)
    (tmp_path / f"clip.{suffix}").write_text("old")
    with nothing_left(tmp_path), pytest.raises(type(fault)) as caught:
        writer(walking(), tmp_path / f"clip.{suffix}", SMALL)
    assert caught.value is fault
    assert (tmp_path / f"clip.{suffix}").read_text() == "old"


def test_a_fault_of_the_encoder_is_told(tmp_path, monkeypatch):
    # sides that H.264 cannot have: the encoder itself refuses
    kind = FilmKind(container="mp4", encoder="libx264", even=False, threads=1, encoding={})
    monkeypatch.setattr(video, "MP4", kind)
    odd = replace(SMALL, width=97)
    with nothing_left(tmp_path), pytest.raises(OutputError, match=r"clip\.mp4: .*libx264"):
        write_mp4(walking(), tmp_path / "clip.mp4", odd)


@pytest.mark.slow
def test_an_interrupt_leaves_nothing(tmp_path):
    """Ctrl-C in the middle of a long film, in a process of its own."""
    code = (
        "import sys\nfrom pathlib import Path\n"
        "from stickgen_model.export.video import write_mp4\n"
        "from stickgen_model.render.config import RenderConfig\n"
        "from tests.stickgen_model.export.scenes_for_files import walking\n"
        "print('ready', flush=True)\n"
        "write_mp4(walking(frames=3000), Path(sys.argv[1]) / 'clip.mp4', RenderConfig())\n"
    )
    with subprocess.Popen(
        [sys.executable, "-c", code, str(tmp_path)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdout.readline() == "ready\n"
        end = time.monotonic() + 30
        while not any(path.stat().st_size for path in tmp_path.iterdir()):
            assert time.monotonic() < end
            time.sleep(0.02)
        process.send_signal(signal.SIGINT)
        _, told = process.communicate(timeout=30)
    assert told.rstrip().endswith("KeyboardInterrupt")
    assert list(tmp_path.iterdir()) == []
