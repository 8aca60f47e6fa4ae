from __future__ import annotations

import zipfile
from pathlib import Path

import pytest

from datasets_spec.errors import ConfigError
from tasks.label.humanml3d import HumanML3DIndex

HEADER = "source_path,start_frame,end_frame,new_name\n"


def _folder(tmp_path: Path, rows: str, texts: dict[str, bytes], *, zipped: bool = False) -> Path:
    (tmp_path / "index.csv").write_text(HEADER + rows, encoding="utf-8")
    if zipped:
        with zipfile.ZipFile(tmp_path / "texts.zip", "w") as archive:
            for name, raw in texts.items():
                archive.writestr(f"texts/{name}.txt", raw)
            archive.writestr("../../escape.txt", b"no")
            archive.writestr("__MACOSX/texts/._000000.txt", b"\x00\x05")
    else:
        (tmp_path / "texts").mkdir(exist_ok=True)
        for name, raw in texts.items():
            (tmp_path / "texts" / f"{name}.txt").write_bytes(raw)
    return tmp_path


@pytest.mark.parametrize("zipped", [False, True])
def test_whole_and_part(tmp_path: Path, *, zipped: bool) -> None:
    raw = b"a man kicks.#a/DET man/NOUN#0.0#0.0\nhe turns#he/PRON#1.0#2.5\n\n"
    row = "./pose_data/KIT/3/kick_high_left02_poses.npy,20,117,000000.npy\n"
    index = HumanML3DIndex.load(_folder(tmp_path, row, {"000000": raw}, zipped=zipped))
    assert index.keys == ("KIT/3/kick_high_left02",)
    first, second = index.labels("KIT/3/kick_high_left02", fps=100.0)
    assert (first.text, first.caption_source, first.vocabulary) == ("a man kicks.", "human", "text")
    assert (first.start_s, first.end_s) == (pytest.approx(1.0), pytest.approx(117 / 20))
    assert (second.start_s, second.end_s) == (pytest.approx(2.0), pytest.approx(3.5))
    assert index.labels("KIT/3/other", fps=100.0) == ()
    assert index.warnings == ()


@pytest.mark.parametrize(
    ("subset", "fps", "start", "end"),
    [
        ("CMU", 120.00004577636719, 1.0, 2.0),
        ("CMU", 119.99999, 1.0, 2.0),
        ("CMU", 60.0, 1.0, 2.0),
        ("MPI_HDM05", 120.0, 4.0, 5.0),
        ("TotalCapture", 60.0, 2.0, 3.0),
        ("MPI_Limits", 120.0, 2.0, 3.0),
        ("Transitions_mocap", 120.0, 1.5, 2.5),
        ("Eyes_Japan_Dataset", 250.0, 80 * 12 / 250, 100 * 12 / 250),
        ("TCD_handMocap", 150.0, 20 * 7 / 150, 40 * 7 / 150),
    ],
)
def test_time_rules(tmp_path: Path, subset: str, fps: float, start: float, end: float) -> None:
    row = f"./pose_data/{subset}/s/clip_poses.npy,20,40,000001.npy\n"
    index = HumanML3DIndex.load(_folder(tmp_path, row, {"000001": b"walks#w/VERB#0.0#0.0"}))
    (key,) = index.keys
    (label,) = index.labels(key, fps=fps)
    assert (label.start_s, label.end_s) == (pytest.approx(start), pytest.approx(end))


@pytest.mark.parametrize(
    ("line", "start", "end"),
    [
        (b"x#t/N#nan#nan", 0.0, 2.0),
        (b"x#t/N#1.5#0.5", 0.5, 1.5),
        (b"x#t/N#1.0#1.0", 0.0, 2.0),
        (b"x#t/N#0.0#9.0", 0.0, 2.0),
        (b"x#t/N#5.0#9.0", 0.0, 2.0),
        (b"x#t/N#-1#inf", 0.0, 2.0),
        (b"x#t/N#a#b", 0.0, 2.0),
        (b"x", 0.0, 2.0),
        (b"x#t/N", 0.0, 2.0),
        (b"\xef\xbb\xbfx#t/N#0.0#0.0", 0.0, 2.0),
        (b"x#t/N#0.0#0.0\r\n", 0.0, 2.0),
    ],
)
def test_odd_times(tmp_path: Path, line: bytes, start: float, end: float) -> None:
    index = HumanML3DIndex.load(_folder(tmp_path, "A/b/c.npy,0,40,1.npy\n", {"1": line}))
    (label,) = index.labels("A/b/c", fps=20.0)
    assert (label.text, label.start_s, label.end_s) == (
        "x",
        pytest.approx(start),
        pytest.approx(end),
    )


def test_what_is_left_out(tmp_path: Path) -> None:
    rows = (
        "./pose_data/humanact12/humanact12/P01.npy,0,-1,000002.npy\n"
        "./pose_data/CMU/1/a_poses.npy,0,10,M000003.npy\n"
        "./pose_data/CMU/1/a_poses.npy,0,10,../../etc/passwd\n"
        "./pose_data/CMU/1/a_poses.npy,x,10,000004.npy\n"
        "./pose_data/CMU/1/a_poses.npy,10,10,000005.npy\n"
        "./pose_data/CMU/1/a_poses.npy,0,10,000006.npy\n"
        "./pose_data/CMU/1/b_poses.npy,0,-1,000007.npy\n"
        "short\n"
    )
    texts = {"000002": b"x", "M000003": b"x", "000005": b"x", "000007": b"caf\xe9 #1#t/N#0.0#0.0"}
    index = HumanML3DIndex.load(_folder(tmp_path, rows, texts))
    assert index.keys == ("CMU/1/b",)
    (label,) = index.labels("CMU/1/b", fps=120.0)
    assert (label.text, label.end_s) == ("caf\u00e9 #1", None)
    text = "\n".join(index.warnings)
    assert "000006.txt" in text
    assert "1252" in text
    assert len(index.warnings) == 6


def test_faults_of_the_folder(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"index\.csv"):
        HumanML3DIndex.load(tmp_path / "absent")
    (tmp_path / "index.csv").write_text(HEADER)
    with pytest.raises(ConfigError, match="texts"):
        HumanML3DIndex.load(tmp_path)
    (tmp_path / "texts.zip").write_bytes(b"no zip")
    with pytest.raises(ConfigError, match=r"texts\.zip"):
        HumanML3DIndex.load(tmp_path)
    (tmp_path / "index.csv").write_text("a,b\n1,2\n")
    with pytest.raises(ConfigError, match="source_path"):
        HumanML3DIndex.load(tmp_path)


@pytest.mark.parametrize("fps", [0.0, -1.0, float("nan"), float("inf")])
def test_bad_rate(tmp_path: Path, fps: float) -> None:
    index = HumanML3DIndex.load(_folder(tmp_path, "A/b/c.npy,0,40,1.npy\n", {"1": b"x"}))
    with pytest.raises(ValueError, match="frames per second"):
        index.labels("A/b/c", fps=fps)
