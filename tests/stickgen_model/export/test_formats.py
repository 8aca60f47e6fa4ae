"""Scenes as JSON, arrays and tables: what other programs see, and what comes back."""

from __future__ import annotations

import json
import tempfile
import zipfile
from contextlib import suppress
from pathlib import Path

import numpy as np
import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

from datasets_spec.errors import SchemaVersionError, StickgenError
from datasets_spec.schema import clips_schema
from datasets_spec.skeleton import JOINTS
from stickgen_model.animation import Animation
from stickgen_model.export.array_file import read_npz, write_npz
from stickgen_model.export.clip_table import read_parquet, write_parquet
from stickgen_model.export.document import FormatError
from stickgen_model.export.json_file import read_json, write_json
from stickgen_model.export.motion_file import write_motion
from stickgen_model.export.read import READERS, read_animation
from stickgen_model.export.whole_file import OutputError
from tests.stickgen_model.export.scenes_for_files import HOSTILE, check_words, scenes, walking

WRITERS = {
    ".motion": write_motion,
    ".json": write_json,
    ".npz": write_npz,
    ".parquet": write_parquet,
}


def test_every_format_has_a_reader():
    assert set(READERS) == set(WRITERS)


@given(scenes(), st.sampled_from([".json", ".npz", ".parquet"]))
def test_round_trip(animation, suffix):
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / f"a{suffix}"
        WRITERS[suffix](animation, file)
        again = read_animation(file)
        assert [p.name for p in Path(folder).iterdir()] == [file.name]
    check_words(animation, again)
    for name in ("joints", "depth", "camera"):
        one, two = getattr(animation, name), getattr(again, name)
        if one is not None and suffix == ".json":
            np.testing.assert_allclose(one, two, rtol=1e-7, atol=5.1e-7)
        elif one is not None:
            np.testing.assert_array_equal(one, two)


@pytest.mark.parametrize("suffix", WRITERS)
def test_same_scene_same_bytes(tmp_path, suffix):
    for name in ("a", "b"):
        WRITERS[suffix](walking(2, title=HOSTILE), tmp_path / f"{name}{suffix}")
    data = (tmp_path / f"a{suffix}").read_bytes()
    assert data == (tmp_path / f"b{suffix}").read_bytes()
    again = read_animation(tmp_path / f"a{suffix}")
    assert again.title == HOSTILE
    assert again.captions[1].text == HOSTILE


@pytest.mark.parametrize("suffix", WRITERS)
def test_any_part_of_a_file_is_refused(tmp_path, suffix):
    file = tmp_path / f"a{suffix}"
    WRITERS[suffix](walking(1, 6), file)
    data = file.read_bytes()
    rng = np.random.default_rng(0)
    for size in [0, 1, 4, *rng.integers(0, len(data) - 2, 40)]:
        file.write_bytes(data[:size])
        with pytest.raises(FormatError, match=f"a{suffix}"):
            read_animation(file)


@pytest.mark.parametrize("suffix", [".npz", ".parquet"])
def test_damaged_files_never_end_in_a_traceback(tmp_path, suffix):
    file = tmp_path / f"a{suffix}"
    WRITERS[suffix](walking(1, 6), file)
    data = bytearray(file.read_bytes())
    rng = np.random.default_rng(1)
    for place in rng.integers(0, len(data), 80):
        damaged = bytearray(data)
        damaged[place] ^= int(rng.integers(1, 256))
        file.write_bytes(damaged)
        # a flip may hit a number: then a scene comes back
        with suppress(StickgenError):
            read_animation(file)


def test_unknown_suffix(tmp_path):
    with pytest.raises(FormatError, match=r"\.motion, \.json, \.npz, \.parquet, got '\.gif'"):
        read_animation(tmp_path / "a.gif")


def test_json_can_be_read_by_eye_and_by_anybody(tmp_path):
    animation = walking(2)
    write_json(animation, tmp_path / "a.json")
    text = (tmp_path / "a.json").read_text()
    assert '"joint_names": ["head","pelvis"' in text.splitlines()[6]
    data = json.loads(text)
    hand = data["joint_names"].index("l_hand")
    assert data["joints"][1][7][hand] == pytest.approx(animation.joints[1, 7, 3].tolist(), abs=1e-6)


@pytest.mark.parametrize(
    ("field", "value", "told"),
    [
        ("version", 2, "version: expected a whole number 1..1, got 2"),
        ("joints", [[[[0, 0]] * 9]], "joints: expected numbers in nested arrays of n x n x 10 x 2"),
        ("joints", [[[[0, 0]] * 10, [[0]] * 10]], "joints"),
        ("joints", [[[["a", 0]] * 10]], "joints"),
        ("joints", [], "joints"),
        ("joints", [[[[1e300, 0]] * 10]], "joints"),
        ("depth", [[0]], "depth: expected numbers in nested arrays of 2 x 5 x 10"),
        ("actions", [[[0, "walk"]]], "actions: expected an array of 2..2"),
        ("camera", [[0, 0]], "camera"),
        ("format", "x", "stickgen-json"),
        ("joint_names", ["head"], "joint_names"),
    ],
)
def test_faults_of_json_name_the_field(tmp_path, field, value, told):
    file = tmp_path / "a.json"
    write_json(walking(2, 5), file)
    file.write_text(json.dumps(json.loads(file.read_text()) | {field: value}))
    with pytest.raises(FormatError, match=told):
        read_json(file)


def test_arrays_load_without_pickle_and_tell_no_time(tmp_path):
    animation = walking(2)
    write_npz(animation, tmp_path / "a.npz")
    with np.load(tmp_path / "a.npz", allow_pickle=False) as arrays:
        np.testing.assert_array_equal(arrays["joints"], animation.joints)
        assert arrays["joint_names"].tolist() == list(JOINTS)
        assert arrays["action_names"][28] == "wave"
        assert float(arrays["fps"]) == 25.0
        assert json.loads(str(arrays["info"]))["title"] == animation.title
    with zipfile.ZipFile(tmp_path / "a.npz") as archive:
        assert {m.date_time for m in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}


def test_faults_of_arrays(tmp_path):
    file = tmp_path / "a.npz"

    def refused(told, **changed):
        good = {
            "joints": np.zeros((1, 3, 10, 2), np.float32),
            "actions": np.zeros((1, 3), np.uint8),
        }
        info = {"format": "stickgen-npz", "version": 1, "title": "", "captions": [], "facts": {}}
        good |= {"fps": np.array(25.0), "info": np.array(json.dumps(info))} | changed
        np.savez(file, **{k: v for k, v in good.items() if v is not None})
        with pytest.raises(FormatError, match=told):
            read_npz(file)

    refused("expected the arrays joints", joints=None)
    refused("joints: expected float32", joints=np.zeros((1, 3, 10, 2)))
    refused("joints: expected finite", joints=np.full((1, 3, 10, 2), np.nan, np.float32))
    refused("speech: expected uint8", speech=np.zeros((1, 2), np.uint8))
    refused("fps: expected one number", fps=np.zeros(3))
    refused("1..1000 frames a second, got nan", fps=np.array(np.nan))
    refused("info: expected one text", info=np.zeros(3))
    refused("info.*expected JSON", info=np.array("{"))
    refused(
        "info: version",
        info=np.array('{"format":"stickgen-npz","version":2,"title":"","captions":[],"facts":{}}'),
    )
    refused("depth: expected an array", depth=np.array([{}], dtype=object))


def test_a_header_that_promises_too_much(tmp_path):
    file = tmp_path / "a.npz"
    write_npz(walking(), file)
    with zipfile.ZipFile(file) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    shape = b"(1, 40, 10, 2)"
    assert shape in parts["joints.npy"]
    parts["joints.npy"] = parts["joints.npy"].replace(shape, b"(1, 9999999, )")
    with zipfile.ZipFile(file, "w") as archive:
        for name, data in parts.items():
            archive.writestr(name, data)
    with pytest.raises(FormatError, match="joints: expected an array"):
        read_npz(file)


def test_a_table_has_the_columns_of_a_dataset(tmp_path):
    animation = walking(2)
    write_parquet(animation, tmp_path / "a.parquet")
    schema, whole = pq.read_schema(tmp_path / "a.parquet"), clips_schema()
    for field in schema:
        assert field.equals(whole.field(field.name))
    frame = pl.read_parquet(tmp_path / "a.parquet")
    assert frame["clip_id"].to_list() == ["scene/a0", "scene/a1"]
    assert frame["partner_clip_id"].to_list() == ["scene/a1", "scene/a0"]
    joints = np.array(frame["joints"].to_list()).reshape(animation.joints.shape)
    np.testing.assert_array_equal(joints.astype(np.float32), animation.joints)
    assert frame["body_height_m"][0] == pytest.approx(1.59)
    assert frame["num_frames"].to_list() == [40, 40]


def test_faults_of_tables(tmp_path, rows_of, write_clips):
    file = tmp_path / "a.parquet"
    with pytest.raises(OutputError, match="at most 65535 frames"):
        write_parquet(Animation(joints=np.zeros((1, 65_536, 10, 2), np.float32)), file)
    pq.write_table(pa.table({"x": [1]}), file)
    with pytest.raises(SchemaVersionError, match="expected schema version"):
        read_parquet(file)
    pq.write_table(
        pa.table({"x": [1]}, schema=pa.schema([("x", pa.int64())], clips_schema().metadata)), file
    )
    with pytest.raises(FormatError, match="columns joints and actions, got"):
        read_parquet(file)
    folder = write_clips(tmp_path / "set", [rows_of(f"c{i}") for i in range(20)])
    with pytest.raises(FormatError, match="of one scene, got many"):
        read_parquet(next(folder.glob("clips/*")))


def test_a_file_of_one_clip_is_a_scene(tmp_path, rows_of, write_clips):
    folder = write_clips(tmp_path / "set", [rows_of("c0", 15)])
    animation = read_parquet(next(folder.glob("clips/*")))
    assert (animation.num_frames, animation.fps, animation.title) == (15, 25.0, "")
