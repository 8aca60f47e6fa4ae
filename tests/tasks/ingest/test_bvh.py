"""The bvh reader on folders: what is found, what it is called, what is said about it."""

from __future__ import annotations

import os
from pathlib import Path

import numpy as np
import pytest

from datasets_spec.errors import ConfigError, RejectError
from datasets_spec.rejection import RejectReason as Why
from datasets_spec.skeleton import BODY_POINTS, body_index
from tasks.config import SourceConfig
from tasks.ingest.bvh import BvhReader
from tasks.ingest.contract import SourceItem
from tests.tasks.ingest.bvh_writer import Joint, bvh_text, human_ik, num_columns, random_values

TEXT = bvh_text(human_ik(), random_values(human_ik(), 5))


def reader(root: Path, **options: str) -> BvhReader:
    return BvhReader(SourceConfig(name="bvh", path=str(root), **options))


def put(root: Path, path: str, text: str = TEXT) -> Path:
    file = root / path
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text)
    return file


def cmu_text() -> str:
    rig = human_ik(unit=17.7)
    left, right = rig.children[1], rig.children[2]
    rig.children[1:] = [
        Joint("LHipJoint", (0, 0, 0), children=[left]),
        Joint("RHipJoint", (0, 0, 0), children=[right]),
    ]
    return bvh_text(rig, np.zeros((5, num_columns(rig))), frame_time=".0083333")


def test_finds_sorted_items_and_counts_decoys(tmp_path: Path) -> None:
    for path in ("b/two.BVH", "a b/one.bvh", "._b.bvh", "__MACOSX/b/._two.bvh", ".git/x.bvh"):
        put(tmp_path, path)
    put(tmp_path, "notes.txt")
    (tmp_path / "folder.bvh").mkdir()
    found = reader(tmp_path).discover(tmp_path)
    assert [item.key for item in found.items] == ["a_b/one", "b/two"]
    assert [item.paths for item in found.items] == [("a b/one.bvh",), ("b/two.BVH",)]
    assert {reject.reason for reject in found.rejects} == {Why.DECOY}
    assert len(found.rejects) == 3


def test_names_that_become_equal_stay_apart(tmp_path: Path) -> None:
    for path in ("a b.bvh", "a_b.bvh", "a_b.BVH", "\u00e9.bvh", "\u00e8.bvh"):
        put(tmp_path, path)
    items = reader(tmp_path).discover(tmp_path).items
    assert len({item.key.casefold() for item in items}) == len(items) == 5


def test_links_do_not_leave_the_folder_or_loop(tmp_path: Path) -> None:
    root = tmp_path / "root"
    outside = put(tmp_path, "outside.bvh")
    inside = put(root, "a/in.bvh")
    (root / "loop").symlink_to(root)
    (root / "out.bvh").symlink_to(outside)
    (root / "same.bvh").symlink_to(inside)
    (root / "broken.bvh").symlink_to(root / "none.bvh")
    os.mkfifo(root / "pipe.bvh")
    found = reader(root).discover(root)
    assert [item.key for item in found.items] == ["a/in", "same"]
    assert {(reject.path, reject.reason) for reject in found.rejects} == {
        ("broken.bvh", Why.UNREADABLE),
        ("out.bvh", Why.UNSAFE),
        ("pipe.bvh", Why.UNREADABLE),
    }
    assert "loop" in found.warnings[0]


def test_an_empty_folder_is_a_warning_and_an_absent_one_an_error(tmp_path: Path) -> None:
    found = reader(tmp_path).discover(tmp_path)
    assert found.items == ()
    assert found.warnings
    with pytest.raises(ConfigError, match="none"):
        reader(tmp_path / "none").discover(tmp_path / "none")


def test_reads_points_names_and_provenance(tmp_path: Path) -> None:
    put(tmp_path, "jane/wave hello_01.bvh")
    read = reader(tmp_path)
    (item,) = read.discover(tmp_path).items
    (sequence,) = read.read(tmp_path, item)
    assert sequence.sequence_id == sequence.performance_id == "jane/wave_hello_01"
    assert sequence.actors[0].subject_id == "jane"
    assert sequence.actors[0].points.shape == (5, len(BODY_POINTS), 3)
    assert sequence.fps == 30.0
    assert sequence.origin.path == "jane/wave hello_01.bvh"
    assert len(sequence.origin.sha256) == 64
    assert [label.caption_source for label in sequence.labels] == ["filename"]
    assert read.spec.licence == "user-supplied"


def test_a_cmu_trial_in_two_rigs_is_one_performance(tmp_path: Path) -> None:
    put(tmp_path, "one/05/05_06.bvh", cmu_text())
    put(tmp_path, "two/5_6.bvh", cmu_text())
    put(tmp_path, "three/05_06.bvh")
    read = reader(tmp_path)
    sequences = [read.read(tmp_path, item)[0] for item in read.discover(tmp_path).items]
    performances = {sequence.sequence_id: sequence.performance_id for sequence in sequences}
    assert performances["one/05/05_06"] == performances["two/5_6"] == "cmu/05_06"
    assert performances["three/05_06"] != "cmu/05_06"
    assert {sequence.actors[0].subject_id for sequence in sequences} == {"cmu/05", "05"}


def test_captions_of_the_folder_beat_the_file_name(tmp_path: Path) -> None:
    put(tmp_path, "x/Wave_01.bvh")
    put(tmp_path, "x/Jump_01.bvh")
    put(tmp_path, "x/12_34.bvh")
    put(tmp_path, "captions.csv", "motion_id,description\nwave_01,a man waves\n")
    read = reader(tmp_path)
    items = read.discover(tmp_path).items
    labels = {item.key: read.read(tmp_path, item)[0].labels for item in items}
    assert labels["x/12_34"] == ()
    assert labels["x/Wave_01"][0].text == "a man waves"
    assert labels["x/Wave_01"][0].caption_source == "human"
    assert labels["x/Jump_01"][0].caption_source == "filename"


def test_captions_that_name_no_file_are_a_warning(tmp_path: Path) -> None:
    put(tmp_path, "a.bvh")
    csv = put(tmp_path, "other.csv", "motion_id,description\nb,text\n")
    assert "other.csv" in reader(tmp_path, captions=str(csv)).discover(tmp_path).warnings[0]
    with pytest.raises(ConfigError):
        reader(tmp_path, captions=str(tmp_path / "none.csv"))
    with pytest.raises(ConfigError):
        reader(tmp_path, rig=str(tmp_path / "none.yaml"))


def test_a_bad_file_is_refused_with_its_path(tmp_path: Path) -> None:
    put(tmp_path, "bad.bvh", TEXT[: len(TEXT) // 2])
    read = reader(tmp_path)
    (item,) = read.discover(tmp_path).items
    with pytest.raises(RejectError, match=r"bad\.bvh"):
        read.read(tmp_path, item)


@pytest.mark.parametrize("path", ["../x.bvh", "/etc/passwd", "none.bvh"])
def test_items_cannot_lead_out_of_the_folder(tmp_path: Path, path: str) -> None:
    root = tmp_path / "root"
    root.mkdir()
    put(tmp_path, "x.bvh")
    with pytest.raises(RejectError) as caught:
        reader(root).read(root, SourceItem(key="x", paths=(path,), size_bytes=1))
    assert caught.value.reason in {Why.UNSAFE, Why.UNREADABLE, Why.DECOY}


@pytest.mark.real_data
def test_real_files_stand_and_face_forward(real_data: Path) -> None:
    """One file a rig: upright, knees bend forward, toes ahead of the ankles, human height."""
    paths = [
        "cmu_bvh_motionviewer/02/02_01.bvh",
        "cmu_bvh_daz_przestr/02/02_01.bvh",
        "cmu_bvh_tmoco/02_01.bvh",
        "cmu_bvh_daz_przestr/16/16_01.bvh",
        "reactidle/genuine/003_genuine.bvh",
        "animateddrawings/cmu1/jumping_jacks.bvh",
        "animateddrawings/fair1/dab.bvh",
        "animateddrawings/rokoko/jesse_dance.bvh",
    ]
    read = reader(real_data)
    for path in paths:
        item = SourceItem(key=path[:-4], paths=(path,), size_bytes=1)
        (sequence,) = read.read(real_data, item)
        points = sequence.actors[0].points.astype(float)
        part = {name: points[:, body_index(name)] for name in BODY_POINTS}
        assert (part["head"][:, 1] > part["l_foot"][:, 1] + 0.3).all(), path
        across = part["r_hip"] - part["l_hip"] + part["r_shoulder"] - part["l_shoulder"]
        facing = np.cross([0.0, 1.0, 0.0], across)
        toes = part["l_toe"] - part["l_foot"] + part["r_toe"] - part["r_foot"]
        assert ((facing * toes).sum(axis=1) > 0).mean() > 0.95, path


@pytest.mark.real_data
def test_the_added_t_pose_of_real_cmu_files_is_dropped(real_data: Path) -> None:
    read = reader(real_data)
    path = "cmu_bvh_motionviewer/02/02_01.bvh"
    (sequence,) = read.read(real_data, SourceItem(key="a", paths=(path,), size_bytes=1))
    assert (sequence.num_frames, sequence.origin.first_frame) == (343, 1)
    assert sequence.fps == 120.0
