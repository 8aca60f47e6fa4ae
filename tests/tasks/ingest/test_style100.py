"""The 100STYLE reader on a small folder in the form of the release."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from datasets_spec.errors import ConfigError, RejectError
from datasets_spec.motion import MotionSequence
from datasets_spec.rejection import RejectReason as Why
from tasks.config import SourceConfig
from tasks.ingest.style100 import Style100Reader
from tests.tasks.ingest.bvh_writer import bvh_text, human_ik, random_values, xsens

GAITS = ("BR", "BW", "FR", "FW", "ID", "SR", "SW", "TR1", "TR2", "TR3")
VALUES = random_values(xsens(), 200, degrees=5.0)
TEXT = bvh_text(xsens(), VALUES, frame_time="0.016667")


def cuts_csv(rows: dict[str, dict[str, tuple[object, object]]]) -> str:
    lines = ["STYLE_NAME," + ",".join(f"{gait}_START,{gait}_STOP" for gait in GAITS)]
    for style, cuts in rows.items():
        cells = [str(cell) for gait in GAITS for cell in cuts.get(gait, ("N/A", "N/A"))]
        lines.append(",".join([style, *cells]))
    return "\ufeff" + "\r\n".join(lines) + "\r\n"


STYLES = (
    "Style Name,Description,Stochastic,Symmetric\n"
    '"Big Steps","Long strides, slow \u2013 heavy",No,Yes\n'
    "DragLeftLeg,Left leg dragged,No,No\n"
)


@pytest.fixture
def root(tmp_path: Path) -> Path:
    for name in ("BigSteps/BigSteps_FW", "BigSteps/BigSteps_TR1", "DragLeftLeg/DragLeftLeg_ID"):
        file = tmp_path / "100STYLE" / f"{name}.bvh"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(TEXT)
        (file.parent / f"._{file.name}").write_bytes(b"\0\5\x16\7")
    cuts = {"bigsteps": {"FW": (50, 150), "TR1": (10, 9999)}, "DragLeftLeg": {"FW": (0, 5)}}
    (tmp_path / "100STYLE" / "Frame_Cuts.csv").write_text(cuts_csv(cuts), encoding="utf-8")
    (tmp_path / "100STYLE" / "Dataset_List.csv").write_text(STYLES, encoding="utf-8")
    return tmp_path


def read_all(root: Path) -> dict[str, MotionSequence]:
    reader = Style100Reader(SourceConfig(name="100style", path=str(root)))
    found = reader.discover(root)
    return {item.key: reader.read(root, item)[0] for item in found.items}


def test_the_folder_and_its_parent_give_the_same_ids(root: Path) -> None:
    inner = read_all(root / "100STYLE")
    assert list(inner) == list(read_all(root))
    assert list(inner) == [
        "BigSteps/BigSteps_FW",
        "BigSteps/BigSteps_TR1",
        "DragLeftLeg/DragLeftLeg_ID",
    ]


def test_resource_forks_are_decoys(root: Path) -> None:
    found = Style100Reader(SourceConfig(name="100style", path=str(root))).discover(root)
    assert [reject.reason for reject in found.rejects] == [Why.DECOY] * 3


def test_cuts_keep_half_a_second_on_either_side(root: Path) -> None:
    sequence = read_all(root)["BigSteps/BigSteps_FW"]
    assert sequence.fps == 60.0
    assert sequence.margin_frames == (30, 30)
    assert sequence.num_frames == 100
    assert sequence.origin.first_frame == 50
    hips = VALUES[20:180, :3] / 100.0
    middle = sequence.actors[0].points[:, 7:9].mean(axis=1)
    assert np.allclose(middle, hips, atol=1e-3)


def test_a_stop_beyond_the_end_is_clipped(root: Path) -> None:
    sequence = read_all(root)["BigSteps/BigSteps_TR1"]
    assert sequence.num_frames == 190
    assert sequence.margin_frames == (10, 0)


def test_a_gait_without_a_cut_is_kept_whole_with_a_warning(root: Path) -> None:
    sequence = read_all(root)["DragLeftLeg/DragLeftLeg_ID"]
    assert sequence.num_frames == 200
    assert sequence.margin_frames == (0, 0)
    assert "DragLeftLeg_ID" in sequence.warnings[0]


def test_labels_say_style_and_gait(root: Path) -> None:
    sequences = read_all(root)
    walk, stand = sequences["BigSteps/BigSteps_FW"], sequences["DragLeftLeg/DragLeftLeg_ID"]
    assert walk.labels[0].text.endswith(", walking forward")
    assert walk.labels[0].text.startswith("Long strides, slow")
    assert walk.labels[0].categories == ("FW", "BigSteps")
    assert walk.labels[0].vocabulary == "100style"
    assert walk.labels[0].caption_source == "catalogue"
    assert (walk.style, walk.symmetric, walk.locomotion) == ("BigSteps", True, True)
    assert (stand.style, stand.symmetric, stand.locomotion) == ("DragLeftLeg", False, False)
    assert sequences["BigSteps/BigSteps_TR1"].locomotion is None
    assert "changes of gait" in sequences["BigSteps/BigSteps_TR1"].labels[0].text
    assert walk.actors[0].subject_id == stand.actors[0].subject_id
    assert walk.performance_id != stand.performance_id


def test_plain_tr_is_a_transition(root: Path) -> None:
    (root / "100STYLE/BigSteps/BigSteps_TR1.bvh").rename(root / "100STYLE/BigSteps/BigSteps_TR.bvh")
    assert read_all(root)["BigSteps/BigSteps_TR"].num_frames == 190


@pytest.mark.parametrize("cut", [(100, 50), (50, 50), (-5, 50), (300, 400), ("x", 5), (5, "N/A")])
def test_a_cut_that_leaves_nothing_is_refused(root: Path, cut: tuple[object, object]) -> None:
    text = cuts_csv({"BigSteps": {"FW": cut}})
    (root / "100STYLE" / "Frame_Cuts.csv").write_text(text, encoding="utf-8")
    with pytest.raises(RejectError, match="malformed"):
        read_all(root)


def test_cuts_of_a_repack_at_another_rate_are_scaled(root: Path) -> None:
    file = root / "100STYLE/BigSteps/BigSteps_FW.bvh"
    file.write_text(TEXT.replace("0.016667", "0.033333"))
    sequence = read_all(root)["BigSteps/BigSteps_FW"]
    assert (sequence.fps, sequence.num_frames, sequence.origin.first_frame) == (30.0, 50, 25)


def test_without_the_lists_all_is_kept_and_said(root: Path) -> None:
    for name in ("Frame_Cuts.csv", "Dataset_List.csv"):
        (root / "100STYLE" / name).unlink()
    reader = Style100Reader(SourceConfig(name="100style", path=str(root)))
    found = reader.discover(root)
    assert len(found.warnings) == 2
    (sequence,) = reader.read(root, found.items[0])
    assert sequence.num_frames == 200
    assert sequence.labels[0].text == "big steps style, walking forward"
    assert not sequence.symmetric


def test_styles_that_a_list_lacks_are_named(root: Path) -> None:
    file = root / "100STYLE/Odd/Odd_FW.bvh"
    file.parent.mkdir()
    file.write_text(TEXT)
    reader = Style100Reader(SourceConfig(name="100style", path=str(root)))
    assert all("Odd" in warning for warning in reader.discover(root).warnings)


@pytest.mark.parametrize("name", ["Frame_Cuts.csv", "Dataset_List.csv"])
@pytest.mark.parametrize("content", [b"", b"a,b\n1,2\n", b"\xff\xfe\x00x", b'STYLE_NAME\n"x'])
def test_a_broken_list_is_an_error(root: Path, name: str, content: bytes) -> None:
    (root / "100STYLE" / name).write_bytes(content)
    with pytest.raises(ConfigError, match=name):
        read_all(root)


def test_other_bvh_files_are_refused_as_another_dataset(tmp_path: Path) -> None:
    (tmp_path / "01_01.bvh").write_text(bvh_text(human_ik(), random_values(human_ik(), 3)))
    reader = Style100Reader(SourceConfig(name="100style", path=str(tmp_path)))
    with pytest.raises(ConfigError, match="--source bvh="):
        reader.discover(tmp_path)


def test_a_missing_joint_is_an_error_not_zeros(root: Path) -> None:
    file = root / "100STYLE/BigSteps/BigSteps_FW.bvh"
    file.write_text(TEXT.replace("JOINT LeftWrist", "JOINT LeftPalm"))
    with pytest.raises(RejectError, match="LeftWrist"):
        read_all(root)
