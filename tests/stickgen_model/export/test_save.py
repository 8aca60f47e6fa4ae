"""Formats by the name of the file, and what all of them do when something is wrong."""

from __future__ import annotations

import os
import resource
import signal
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from datasets_spec.errors import ConfigError
from stickgen_model.export import film
from stickgen_model.export.save import FORMATS, FORMS, format_of, save_animation
from stickgen_model.export.whole_file import OutputError
from tests.stickgen_model.export.films import SMALL, nothing_left
from tests.stickgen_model.export.scenes_for_files import HOSTILE, walking

BEGINS = {
    "mp4": b"\0\0\0",
    "webm": b"\x1aE\xdf\xa3",
    "gif": b"GIF89a",
    "webp": b"RIFF",
    "png": b"\x89PNG\r\n",
    "zip": b"PK\x03\x04",
    "bvh": b"HIERARCHY",
    "npz": b"PK\x03\x04",
    "parquet": b"PAR1",
}
DRAWN = ("mp4", "webm", "gif", "webp", "png", "zip", "sheet.png")


@contextmanager
def small_disk(limit):
    """Files cannot grow beyond some bytes: as on a full disk, writing fails."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    assert signal.getsignal(signal.SIGXFSZ) == signal.SIG_IGN  # Python's own choice
    resource.setrlimit(resource.RLIMIT_FSIZE, (limit, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def test_the_table_is_what_was_promised():
    promised = "mp4 gif webm svg html png motion bvh json npz parquet"
    assert set(promised.split()) <= set(FORMATS)
    for entry in (*FORMATS.values(), *FORMS.values()):
        assert 10 < len(entry.help) < 80
        assert "\n" not in entry.help


@pytest.mark.parametrize("suffix", [*FORMATS, "sheet.png", "MP4"])
def test_every_format_by_its_suffix(tmp_path, suffix):
    path = tmp_path / f"clip.{suffix}"
    written = save_animation(walking(frames=6), path, SMALL)
    assert path in written
    assert sorted(written) == sorted(tmp_path.iterdir())
    assert all(file.stat().st_size > 100 for file in written)
    assert path.read_bytes().startswith(BEGINS.get(suffix.lower(), b""))


@pytest.mark.parametrize("form", [*FORMATS, *FORMS])
def test_a_named_format_goes_before_the_suffix(tmp_path, form):
    path = tmp_path / ("clip.png" if form == "sheet" else "clip.x")
    save_animation(walking(frames=3), path, SMALL, form)
    assert path.is_dir() if form in {"frames", "zip"} else path.is_file()


@pytest.mark.parametrize(
    "name", ["clip.mp5", "clip", "clip.", ".mp4", "clip." + 9000 * "x", HOSTILE]
)
def test_unknown_suffixes_are_told_with_all_known_ones(tmp_path, name):
    with nothing_left(tmp_path), pytest.raises(ConfigError) as caught:
        save_animation(walking(), Path(name), SMALL)
    assert all(known in str(caught.value) for known in FORMATS)
    assert len(str(caught.value)) < 500


def test_unknown_formats_are_told_with_what_may_be_meant():
    with pytest.raises(ConfigError, match="did you mean mp4") as caught:
        format_of(Path("clip.gif"), "mp5")
    assert all(known in str(caught.value) for known in (*FORMATS, *FORMS))
    assert format_of(Path("clip.gif"), "mp4") is FORMATS["mp4"]
    assert format_of(Path("A.SHEET.PNG")) is FORMS["sheet"]


@pytest.mark.parametrize("suffix", [*FORMATS, "sheet.png"])
def test_places_that_cannot_be_written(tmp_path, suffix):
    scene = walking(frames=3)
    (tmp_path / f"folder.{suffix}").mkdir()
    (tmp_path / "file").write_text("mine")
    for name in (f"folder.{suffix}", f"none/clip.{suffix}", f"file/clip.{suffix}"):
        with nothing_left(tmp_path), pytest.raises(OutputError, match=r"expected|cannot"):
            save_animation(scene, tmp_path / name, SMALL)
    long = tmp_path / f"{300 * 'n'}.{suffix}"
    with nothing_left(tmp_path), pytest.raises(OutputError, match="cannot be written"):
        save_animation(scene, long, SMALL)


@pytest.mark.parametrize("suffix", [*FORMATS, "sheet.png"])
def test_a_folder_where_nobody_may_write(suffix):
    path = Path("/proc") / f"clip.{suffix}"
    with pytest.raises(OutputError, match=r"clip.*cannot be written"):
        save_animation(walking(frames=3), path, SMALL)


@pytest.mark.parametrize("share", [0.0, 0.4, 0.999])
@pytest.mark.parametrize("suffix", [*FORMATS, "sheet.png"])
def test_a_full_disk_leaves_the_old_file_and_nothing_else(tmp_path, suffix, share):
    scene, path = walking(frames=8, title="x"), tmp_path / f"clip.{suffix}"
    config = replace(SMALL, width=256, height=256) if suffix in DRAWN else SMALL
    save_animation(scene, path, config)
    limit = int(share * path.stat().st_size)
    path.write_text("old")
    with (
        nothing_left(tmp_path),
        small_disk(limit),
        pytest.raises(OutputError, match=r"(?i)clip.*cannot be written: .*File too large"),
    ):
        save_animation(scene, path, config)
    assert path.read_text() == "old"


@pytest.mark.parametrize("suffix", ["mp4", "webm", "gif", "webp"])
@pytest.mark.parametrize("when", ["add", "finish"])
def test_a_disk_that_fills_up_on_the_way(tmp_path, monkeypatch, suffix, when):
    """A stand-in for the encoder, which fails with the error of a full disk."""
    honest = getattr(film._Encoder, when)
    calls = []

    def full(self, *frames):
        calls.append(1)
        if when == "finish" or len(calls) == 3:
            raise OSError(28, "No space left on device")
        honest(self, *frames)

    monkeypatch.setattr(film._Encoder, when, full)
    with (
        nothing_left(tmp_path),
        pytest.raises(OutputError, match=rf"clip\.{suffix}: cannot be written: No space left"),
    ):
        save_animation(walking(), tmp_path / f"clip.{suffix}", SMALL)
    assert len(calls) == (1 if when == "finish" else 3)


@pytest.mark.parametrize("suffix", [*FORMATS, "sheet.png"])
def test_hostile_titles(tmp_path, suffix):
    for title in (HOSTILE, "walk " * 10_000, ""):
        save_animation(walking(frames=2, title=title), tmp_path / f"clip.{suffix}", SMALL)


def test_encoders_are_loaded_only_when_needed():
    assert all("." not in entry.module for entry in FORMATS.values())
    code = (
        "import sys; import stickgen_model.export.save;"
        "sys.exit(sorted({'av', 'PIL', 'jinja2', 'pyarrow'} & set(sys.modules)) or 0)"
    )
    assert os.spawnl(os.P_WAIT, os.sys.executable, "python", "-c", code) == 0
