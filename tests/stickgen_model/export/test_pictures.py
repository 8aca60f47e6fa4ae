"""Stills, frames and sprite sheets against Pillow."""

from __future__ import annotations

import json
import zipfile
from dataclasses import replace

import numpy as np
import pytest
from PIL import Image

from datasets_spec.errors import ConfigError
from stickgen_model.export import pictures
from stickgen_model.export.pictures import write_png, write_png_sequence
from stickgen_model.export.sprites import MAX_SHEET_SIDE, sheet_columns, write_sprite_sheet
from stickgen_model.export.whole_file import OutputError
from tests.stickgen_model.export.films import CLEAR, SMALL, drawn, nothing_left
from tests.stickgen_model.export.scenes_for_files import HOSTILE, walking


def pixels(path):
    with Image.open(path) as image:
        return image.mode, np.array(image.convert("RGBA"))


@pytest.mark.parametrize(("config", "mode"), [(SMALL, "RGB"), (CLEAR, "RGBA")])
def test_a_still_is_the_frame_at_its_time(tmp_path, config, mode):
    scene, path = walking(2), tmp_path / "still.png"
    frames = drawn(scene, config)
    for time, number in ((None, 20), (0.0, 0), (1.0, 25), (scene.seconds, 39)):
        write_png(scene, path, config, time_s=time)
        found, picture = pixels(path)
        assert found == mode
        np.testing.assert_array_equal(picture, frames[number])


@pytest.mark.parametrize("time", [-0.1, 1.61, float("nan"), float("inf")])
def test_a_still_outside_its_scene_is_refused(tmp_path, time):
    with nothing_left(tmp_path), pytest.raises(ConfigError, match=r"within 0\.\.1\.6 s"):
        write_png(walking(), tmp_path / "still.png", SMALL, time_s=time)


def test_titles_of_stills(tmp_path):
    for title in ("walks \u4f60\u597d", HOSTILE, "walk " * 10_000, ""):
        write_png(walking(title=title), tmp_path / "a.png", SMALL)
        with Image.open(tmp_path / "a.png") as image:
            told = image.text.get("Title", "")
        assert len(told) <= 200
        assert told.isprintable()
        assert bool(told) == bool(title)


@pytest.mark.parametrize("config", [SMALL, CLEAR])
def test_every_frame_in_a_folder_and_in_an_archive(tmp_path, config):
    scene = walking()
    frames = drawn(scene, config)
    write_png_sequence(scene, tmp_path / "frames", config)
    write_png_sequence(scene, tmp_path / "frames.zip", config)
    names = [f"frame_{number:05d}.png" for number in range(40)]
    assert sorted(path.name for path in (tmp_path / "frames").iterdir()) == names
    with zipfile.ZipFile(tmp_path / "frames.zip") as archive:
        assert archive.testzip() is None
        assert archive.namelist() == names
        for name, frame in zip(names, frames, strict=True):
            np.testing.assert_array_equal(pixels(tmp_path / "frames" / name)[1], frame)
            assert archive.read(name) == (tmp_path / "frames" / name).read_bytes()


def test_the_same_archive_twice(tmp_path):
    for name in "ab":
        write_png_sequence(walking(frames=3), tmp_path / f"{name}.zip", SMALL)
    assert (tmp_path / "a.zip").read_bytes() == (tmp_path / "b.zip").read_bytes()


def test_a_folder_is_new_or_empty(tmp_path):
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "mine.txt").write_text("mine")
    (tmp_path / "file").write_text("mine")
    (tmp_path / "empty").mkdir()
    scene = walking(frames=2)
    for name, told in (("full", "new or empty"), ("file", "got a file"), ("no/a", "existing")):
        with nothing_left(tmp_path), pytest.raises(OutputError, match=told):
            write_png_sequence(scene, tmp_path / name, SMALL)
    write_png_sequence(scene, tmp_path / "empty", SMALL)
    assert len(list((tmp_path / "empty").iterdir())) == 2


@pytest.mark.parametrize("name", ["frames", "frames.zip"])
@pytest.mark.parametrize("fault", [KeyboardInterrupt(), RuntimeError("drawing")])
def test_a_fault_leaves_no_frames(tmp_path, monkeypatch, name, fault):
    def frames(*_):
        yield from drawn(walking(frames=4), SMALL)
        raise fault

    monkeypatch.setattr(pictures, "draw_frames", frames)
    with nothing_left(tmp_path), pytest.raises(type(fault)):
        write_png_sequence(walking(), tmp_path / name, SMALL)


@pytest.mark.parametrize("config", [SMALL, CLEAR, replace(SMALL, width=40, fps=30.0)])
def test_a_sheet_holds_every_frame_where_its_atlas_says(tmp_path, config):
    scene = walking(2)
    written = write_sprite_sheet(scene, tmp_path / "walk.sheet.png", config)
    assert [path.name for path in written] == ["walk.sheet.png", "walk.sheet.json"]
    _, sheet = pixels(written[0])
    atlas = json.loads(written[1].read_text())
    assert atlas["meta"]["image"] == "walk.sheet.png"
    assert atlas["meta"]["size"] == {"w": sheet.shape[1], "h": sheet.shape[0]}
    frames = drawn(scene, config)
    assert len(atlas["frames"]) == len(frames)
    assert atlas["animations"]["scene"] == list(atlas["frames"])
    for entry, frame in zip(atlas["frames"].values(), frames, strict=True):
        x, y, width, height = (entry["frame"][key] for key in "xywh")
        np.testing.assert_array_equal(sheet[y : y + height, x : x + width], frame)
        assert entry["sourceSize"] == {"w": config.width, "h": config.height}
    assert sum(entry["duration"] for entry in atlas["frames"].values()) == 1600


def test_sheets_are_nearly_square_and_not_too_large(tmp_path):
    assert sheet_columns(1, 512, 512) == 1
    assert sheet_columns(100, 512, 512) == 10
    assert sheet_columns(8, 100, 400) == 6
    assert sheet_columns(3, 10, 1000) == 3
    large = replace(SMALL, width=1024, height=1024)
    with (
        nothing_left(tmp_path),
        pytest.raises(ConfigError, match=f"fit on {MAX_SHEET_SIDE} x .* got 80 of 1024 x 1024"),
    ):
        write_sprite_sheet(walking(frames=80), tmp_path / "a.png", large)
    with nothing_left(tmp_path), pytest.raises(ConfigError, match=r"such as walk\.sheet\.png"):
        write_sprite_sheet(walking(), tmp_path / "a.json", SMALL)
