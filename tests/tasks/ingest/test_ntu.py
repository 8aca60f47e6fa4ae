"""The NTU RGB+D reader over folders written for the purpose."""

from __future__ import annotations

import hashlib
import os
import shutil

import numpy as np
import pytest

from datasets_spec.errors import ConfigError, RejectError
from datasets_spec.rejection import RejectReason
from tasks.config import SourceConfig
from tasks.ingest.contract import SourceItem
from tasks.ingest.ntu import NtuReader
from tests.tasks.ingest.ntu_writer import frames_of, person, skeleton_bytes, write_skeleton

NAME = "S001C001P001R001A001"
PAIR = "S018C002P045R002A106"
LISTED = "S001C002P005R002A008"


def reader(root, **options) -> NtuReader:
    return NtuReader(SourceConfig(name="ntu", path=str(root), **options))


def reasons(found):
    return {reject.path: reject.reason for reject in found.rejects}


@pytest.fixture
def root(tmp_path):
    folder = tmp_path / "ntu"
    write_skeleton(folder / "nturgb+d_skeletons" / f"{NAME}.skeleton", frames_of((7, person(40))))
    write_skeleton(
        folder / "nturgb+d_skeletons120" / f"{PAIR}.skeleton",
        frames_of((7, person(40)), (8, person(40, x=1.0))),
    )
    return folder


def test_both_folders_are_one_source(root):
    found = reader(root).discover(root)
    assert [item.key for item in found.items] == [NAME, PAIR]
    assert found.items[1].paths == (f"nturgb+d_skeletons120/{PAIR}.skeleton",)
    assert found.items[0].size_bytes == (root / found.items[0].paths[0]).stat().st_size
    assert found.rejects == ()


@pytest.mark.parametrize("sub", ["nturgb+d_skeletons", "nturgb+d_skeletons120"])
def test_each_folder_alone(root, sub):
    assert len(reader(root / sub).discover(root / sub).items) == 1


def test_what_a_single_sample_says(root):
    source = reader(root)
    item = source.discover(root).items[0]
    (sequence,) = source.read(root, item)
    assert sequence.source == "ntu"
    assert sequence.sequence_id == NAME
    assert sequence.performance_id == "S001P001R001A001"
    assert sequence.fps == 30.0
    assert sequence.num_frames == 40
    assert sequence.body_model == "sensor"
    assert sequence.approximate_vertical
    assert [actor.subject_id for actor in sequence.actors] == ["P001"]
    data = (root / item.paths[0]).read_bytes()
    assert sequence.origin.sha256 == hashlib.sha256(data).hexdigest()
    assert sequence.origin.path == item.paths[0]
    (label,) = sequence.labels
    assert (label.text, label.categories, label.vocabulary) == ("drink water", ("A001",), "ntu")
    assert (label.caption_source, label.start_s, label.end_s) == ("catalogue", 0.0, None)


def test_what_a_pair_says(root):
    source = reader(root)
    (sequence,) = source.read(root, source.discover(root).items[1])
    assert [actor.subject_id for actor in sequence.actors] == ["P045", "P045-partner"]
    assert sequence.performance_id == "S018P045R002A106"
    gap = sequence.actors[1].points - sequence.actors[0].points
    np.testing.assert_allclose(gap[..., 0], 1.0, atol=1e-5)
    assert sequence.warnings == ()


def test_cameras_share_a_performance_and_performers_a_subject(tmp_path):
    names = ["S002C001P003R001A010", "S002C003P003R001A010", "S009C001P003R001A011"]
    for name in names:
        write_skeleton(tmp_path / f"{name}.skeleton", frames_of((7, person(20))))
    source = reader(tmp_path)
    found = [source.read(tmp_path, item)[0] for item in source.discover(tmp_path).items]
    assert found[0].performance_id == found[1].performance_id != found[2].performance_id
    assert {s.actors[0].subject_id for s in found} == {"P003"}


def test_long_gaps_make_parts_with_true_first_frames(tmp_path):
    points = person(80)
    points[30:50] = np.nan
    write_skeleton(tmp_path / f"{NAME}.skeleton", frames_of((7, points)))
    source = reader(tmp_path)
    parts = source.read(tmp_path, source.discover(tmp_path).items[0])
    assert [p.sequence_id for p in parts] == [f"{NAME}/p1", f"{NAME}/p2"]
    assert [(p.origin.first_frame, p.num_frames) for p in parts] == [(0, 30), (50, 30)]
    assert len({p.performance_id for p in parts}) == 1


def test_decoys_and_wrong_names(root):
    sub = root / "nturgb+d_skeletons"
    good = (sub / f"{NAME}.skeleton").read_bytes()
    for name in [
        f"._{NAME}.skeleton",
        "notes.skeleton",
        "S001C001P001R001A121.skeleton",
        "S001C001P001R001A000.skeleton",
        "S001C001P001R001A1.skeleton",
        f"{NAME}.SKELETON",
        f"x{NAME}.skeleton",
        f"{NAME} (1).skeleton",
        f"{LISTED}.skeleton",
        "readme.txt",
        f"{NAME}.skeleton.zip",
    ]:
        (sub / name).write_bytes(good)
    found = reader(root).discover(root)
    assert [item.key for item in found.items] == [NAME, PAIR]
    got = {path.rsplit("/", 1)[-1]: reason for path, reason in reasons(found).items()}
    assert got.pop(f"._{NAME}.skeleton") == RejectReason.DECOY
    assert got.pop(f"{LISTED}.skeleton") == RejectReason.LISTED_BAD
    assert len(got) == 7
    assert set(got.values()) == {RejectReason.MALFORMED}


def test_one_sample_in_two_folders_counts_once(root):
    first = f"nturgb+d_skeletons/{NAME}.skeleton"
    second = f"nturgb+d_skeletons120/{NAME}.skeleton"
    shutil.copy(root / first, root / second)
    found = reader(root).discover(root)
    assert found.items[0].paths == (first,)
    assert reasons(found) == {second: RejectReason.DUPLICATE_ID}


def test_links_out_of_the_folder_and_broken_ones(root, tmp_path):
    write_skeleton(tmp_path / "elsewhere.skeleton", frames_of((7, person(20))))
    (root / "S003C001P001R001A001.skeleton").symlink_to(tmp_path / "elsewhere.skeleton")
    (root / "S003C002P001R001A001.skeleton").symlink_to(tmp_path / "nowhere")
    (root / "S003C003P001R001A001.skeleton").symlink_to(
        root / f"nturgb+d_skeletons/{NAME}.skeleton"
    )
    os.mkfifo(root / "S004C001P001R001A001.skeleton")
    found = reader(root).discover(root)
    assert [item.key for item in found.items] == [NAME, "S003C003P001R001A001", PAIR]
    assert list(reasons(found).values()) == [
        RejectReason.UNSAFE,
        RejectReason.UNSAFE,
        RejectReason.UNREADABLE,
    ]


def test_a_link_to_a_folder_is_not_followed_but_told(root, tmp_path):
    write_skeleton(tmp_path / "more" / "S003C001P001R001A001.skeleton", frames_of((7, person(20))))
    (root / "linked").symlink_to(tmp_path / "more")
    found = reader(root).discover(root)
    assert len(found.items) == 2
    assert "linked" in found.warnings[0]


def test_names_that_are_no_utf8(root):
    name = os.fsdecode(b"S001C001P001R001A0\xff1.skeleton")
    (root / name).write_bytes(b"0\n")
    (reject,) = reader(root).discover(root).rejects
    assert reject.reason == RejectReason.MALFORMED
    reject.path.encode("utf-8")


@pytest.mark.parametrize("what", ["absent", "a file", "empty", "other"])
def test_folders_that_are_not_this_dataset(tmp_path, what):
    place = tmp_path / "x"
    if what == "a file":
        place.write_text("1\n")
    elif what != "absent":
        place.mkdir()
    if what == "other":
        (place / "walk.bvh").write_text("HIERARCHY")
    with pytest.raises(ConfigError, match="expected"):
        reader(place).discover(place)


def test_own_list_of_bad_samples(root, tmp_path):
    listing = tmp_path / "bad.txt"
    listing.write_bytes(f"These are bad:\r\n----\r\n\r\n{NAME}.skeleton\r\n".encode())
    found = reader(root, missing_list=str(listing)).discover(root)
    assert [item.key for item in found.items] == [PAIR]
    assert list(reasons(found).values()) == [RejectReason.LISTED_BAD]


@pytest.mark.parametrize("content", [None, b"", b"no ids here\n", b"\xff\xfe\x00", "folder"])
def test_own_list_that_is_none(tmp_path, content):
    listing = tmp_path / "bad.txt"
    if content == "folder":
        listing.mkdir()
    elif content is not None:
        listing.write_bytes(content)
    with pytest.raises(ConfigError, match=r"bad\.txt"):
        reader(tmp_path, missing_list=str(listing))


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", RejectReason.EMPTY),
        (b"40\n0\n", RejectReason.TRUNCATED),
        (b"2\n0\n0\n", RejectReason.NO_BODY),
        (skeleton_bytes(frames_of((7, person(5)))), RejectReason.TOO_SHORT),
        (skeleton_bytes(frames_of((7, person(20))))[:-400], RejectReason.TRUNCATED),
        (skeleton_bytes(frames_of((7, person(20)))).decode().encode("utf-16"), "wrong_encoding"),
        (b"\x00\x01\x02" * 100, RejectReason.WRONG_ENCODING),
    ],
)
def test_bad_files_say_where(root, data, reason):
    place = root / "nturgb+d_skeletons" / f"{NAME}.skeleton"
    place.write_bytes(data)
    source = reader(root)
    with pytest.raises(RejectError, match=NAME) as caught:
        source.read(root, source.discover(root).items[0])
    assert caught.value.reason == reason


@pytest.mark.parametrize(
    ("path", "reason"),
    [
        ("../outside.skeleton", RejectReason.UNSAFE),
        ("/etc/passwd", RejectReason.UNSAFE),
        ("gone.skeleton", RejectReason.UNREADABLE),
        ("nturgb+d_skeletons", RejectReason.UNREADABLE),
    ],
)
def test_items_that_lead_astray(root, path, reason):
    item = SourceItem(key=NAME, paths=(path,), size_bytes=1)
    with pytest.raises(RejectError) as caught:
        reader(root).read(root, item)
    assert caught.value.reason == reason


def test_a_name_that_is_none(root):
    item = SourceItem(key="x", paths=("x.skeleton",), size_bytes=1)
    with pytest.raises(RejectError) as caught:
        reader(root).read(root, item)
    assert caught.value.reason == RejectReason.MALFORMED


def test_two_person_class_with_one_body_is_kept_with_a_warning(tmp_path):
    write_skeleton(tmp_path / f"{PAIR}.skeleton", frames_of((7, person(40))))
    source = reader(tmp_path)
    (sequence,) = source.read(tmp_path, source.discover(tmp_path).items[0])
    assert len(sequence.actors) == 1
    assert "two-person" in sequence.warnings[0]


def test_discovery_does_not_depend_on_the_order_of_writing(tmp_path):
    names = [f"S001C00{c}P00{p}R001A0{a}1" for c in (3, 1, 2) for p in (2, 1) for a in (5, 0, 2)]
    for name in names:
        write_skeleton(tmp_path / f"{name}.skeleton", frames_of((7, person(1))))
    assert [i.key for i in reader(tmp_path).discover(tmp_path).items] == sorted(names)
