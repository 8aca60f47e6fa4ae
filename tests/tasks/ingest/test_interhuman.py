from __future__ import annotations

import hashlib
import pickle
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from datasets_spec.errors import ConfigError, RejectError
from datasets_spec.motion import MotionSequence
from datasets_spec.rejection import RejectReason
from datasets_spec.skeleton import BODY_POINTS
from stickgen_model.motion.kinematics import forward_kinematics
from stickgen_model.motion.rotations import axis_angle_to_matrix
from tasks.config import SourceConfig
from tasks.ingest.body_model import GENERIC_BODY
from tasks.ingest.contract import Discovery
from tasks.ingest.interhuman import InterHumanReader
from tasks.ingest.smpl_points import SMPL_PARENTS


def _parameters(num_frames: int, x: float, seed: int) -> tuple[np.ndarray, np.ndarray]:
    poses = np.cumsum(np.random.default_rng(seed).normal(0, 0.01, (num_frames, 66)), axis=0)
    poses[:, :3] = (np.pi / 2, 0, 0)
    return poses, np.tile([x, 0.5, 0.9], (num_frames, 1))


def _joints(num_frames: int, x: float, seed: int) -> np.ndarray:
    """Joints (T, 492) of a person, z up, as in the processed files."""
    poses, trans = _parameters(num_frames, x, seed)
    offsets = GENERIC_BODY.template.copy()
    offsets[1:] -= GENERIC_BODY.template[list(SMPL_PARENTS[1:])]
    turns = axis_angle_to_matrix(poses.reshape(-1, 22, 3))
    positions = forward_kinematics(turns, offsets, SMPL_PARENTS)[0] + trans[:, None]
    array = np.zeros((num_frames, 492), dtype=np.float32)
    array[:, :66] = positions.reshape(num_frames, 66)
    return array


def _person(num_frames: int, x: float, seed: int, **changes: Any) -> dict[str, Any]:
    poses, trans = _parameters(num_frames, x, seed)
    person = {
        "trans": trans,
        "root_orient": poses[:, :3],
        "pose_body": poses[:, 3:],
        "betas": np.zeros(10),
        "gender": "neutral",
    }
    return {key: value for key, value in (person | changes).items() if value is not None}


def _write_pair(root: Path, clip: str = "1000", lengths: tuple[int, int] = (81, 81)) -> None:
    for number, num_frames in enumerate(lengths, start=1):
        folder = root / "motions_processed" / f"person{number}"
        folder.mkdir(parents=True, exist_ok=True)
        np.save(folder / f"{clip}.npy", _joints(num_frames, float(number), number))


def _write_pickle(root: Path, clip: str = "1000", **changes: Any) -> None:
    content = {
        "frames": 160,
        "mocap_framerate": 59.94,
        "person1": _person(160, 1.0, 1),
        "person2": _person(160, 2.0, 2),
    } | changes
    (root / "motions").mkdir(parents=True, exist_ok=True)
    kept = {key: value for key, value in content.items() if value is not None}
    (root / "motions" / f"{clip}.pkl").write_bytes(pickle.dumps(kept))


def _write_captions(root: Path, data: bytes, clip: str = "1000") -> None:
    (root / "annots").mkdir(exist_ok=True)
    (root / "annots" / f"{clip}.txt").write_bytes(data)


def _reader(root: Path, **options: Any) -> InterHumanReader:
    return InterHumanReader(SourceConfig(name="interhuman", path=str(root), **options))


def _discover(root: Path, **options: Any) -> Discovery:
    return _reader(root, **options).discover(root)


def _read(root: Path, clip: str = "1000", **options: Any) -> MotionSequence:
    reader = _reader(root, **options)
    (item,) = (item for item in reader.discover(root).items if item.key == clip)
    (sequence,) = reader.read(root, item)
    return sequence


def _reason(root: Path, **options: Any) -> RejectReason:
    with pytest.raises(RejectError) as caught:
        _read(root, **options)
    assert caught.value.detail.count("motions") == 1  # names the file, once
    return caught.value.reason


def test_both_people_stand_in_one_world(tmp_path: Path) -> None:
    _write_pair(tmp_path)
    _write_captions(tmp_path, b"Two people bow.\nOne person bows to the other.\n\nThey greet.\n\n")
    sequence = _read(tmp_path)
    assert (sequence.sequence_id, sequence.performance_id, sequence.fps) == ("1000", "1000", 30.0)
    assert [actor.subject_id for actor in sequence.actors] == ["pair-1000-1", "pair-1000-2"]
    assert sequence.body_model == "joints"
    assert sequence.warnings == ()
    first, second = (actor.points.astype(float) for actor in sequence.actors)
    assert first.shape == second.shape == (81, 15, 3)
    head, foot = BODY_POINTS.index("head"), BODY_POINTS.index("l_foot")
    for person in (first, second):
        assert (person[:, head, 1] - person[:, foot, 1] > 1.3).all()
    hip = BODY_POINTS.index("l_hip")
    np.testing.assert_allclose((second - first)[0, hip], [1, 0, 0], atol=0.05)
    texts = [label.text for label in sequence.labels]
    assert texts == ["Two people bow.", "One person bows to the other.", "They greet."]
    assert {(label.actor, label.end_s, label.caption_source) for label in sequence.labels} == {
        (None, None, "human")
    }
    data = [(tmp_path / path).read_bytes() for path in _discover(tmp_path).items[0].paths]
    assert sequence.origin.sha256 == hashlib.sha256(b"".join(data)).hexdigest()


def test_pickles_and_joint_files_agree(tmp_path: Path) -> None:
    _write_pair(tmp_path / "a", lengths=(160, 160))
    _write_pickle(tmp_path / "b")
    joints, raw = _read(tmp_path / "a"), _read(tmp_path / "b", read_pickles=True)
    assert raw.fps == pytest.approx(60000 / 1001)
    assert raw.body_model == "generic"
    for one, other in zip(joints.actors, raw.actors, strict=True):
        np.testing.assert_allclose(one.points, other.points, atol=1e-5)


def test_joint_files_come_first_and_pickles_only_on_request(tmp_path: Path) -> None:
    _write_pair(tmp_path)
    _write_pickle(tmp_path)
    _write_pickle(tmp_path, "7")
    found = _discover(tmp_path)
    assert [item.key for item in found.items] == ["1000"]
    assert any("read_pickles" in warning for warning in found.warnings)
    both = _discover(tmp_path, read_pickles=True)
    assert [(item.key, len(item.paths)) for item in both.items] == [("1000", 2), ("7", 1)]
    (tmp_path / "raw").mkdir()
    _write_pickle(tmp_path / "raw")
    with pytest.raises(ConfigError, match="read_pickles"):
        _discover(tmp_path / "raw")


def test_a_folder_around_and_the_folder_inside(tmp_path: Path) -> None:
    _write_pair(tmp_path / "InterHuman")
    _write_captions(tmp_path / "InterHuman", b"They dance.")
    assert _read(tmp_path).labels[0].text == "They dance."
    inside = tmp_path / "InterHuman" / "motions_processed"
    assert len(_read(inside).actors) == 2
    assert any("annots" in warning for warning in _discover(inside).warnings)


def test_a_missing_partner_is_a_reject(tmp_path: Path) -> None:
    _write_pair(tmp_path)
    _write_pair(tmp_path, "2")
    _write_pair(tmp_path, "3")
    (tmp_path / "motions_processed" / "person2" / "2.npy").unlink()
    (tmp_path / "motions_processed" / "person1" / "3.npy").unlink()
    (tmp_path / "motions_processed" / "person1" / "._1000.npy").write_bytes(b"x")
    (tmp_path / "motions_processed" / "person1" / "a b.npy").write_bytes(b"x")
    found = _discover(tmp_path)
    assert [item.key for item in found.items] == ["1000"]
    assert [(reject.path.split("/", 1)[1], reject.reason.value) for reject in found.rejects] == [
        ("person1/._1000.npy", "decoy"),
        ("person1/2.npy", "missing_partner"),
        ("person1/a b.npy", "malformed"),
        ("person2/3.npy", "missing_partner"),
    ]


@pytest.mark.parametrize("place", ["", "split"])
@pytest.mark.parametrize("end", ["", "\n", "\r\n\r\n"])
def test_lists_in_both_places(tmp_path: Path, place: str, end: str) -> None:
    for clip in ("9", "10", "1000"):
        _write_pair(tmp_path, clip)
    folder = tmp_path / place
    folder.mkdir(exist_ok=True)
    (folder / "ignore_list.txt").write_text(f"77\n10{end}", newline="")
    (folder / "train.txt").write_text(f"9\n1000\n4106{end}", newline="")
    found = _discover(tmp_path)
    assert [item.key for item in found.items] == ["1000", "9"]
    assert [reject.reason for reject in found.rejects] == [RejectReason.LISTED_BAD]
    assert any("1 ids" in warning and "4106" in warning for warning in found.warnings)


def test_unequal_lengths_are_cut(tmp_path: Path) -> None:
    _write_pair(tmp_path, lengths=(81, 60))
    _write_captions(tmp_path, b"They dance.")
    sequence = _read(tmp_path)
    assert sequence.num_frames == 60
    assert sequence.warnings == ("the people have 81 and 60 frames: cut to 60",)


@pytest.mark.parametrize("shape", [(81, 66), (81, 22, 3), (81, 62, 3), (81, 100)])
def test_re_exports_of_the_joints(tmp_path: Path, shape: tuple[int, ...]) -> None:
    _write_pair(tmp_path)
    want = _read(tmp_path).actors[0].points
    for number in (1, 2):
        path = tmp_path / "motions_processed" / f"person{number}" / "1000.npy"
        columns = np.load(path)[:, : int(np.prod(shape[1:]))]
        np.save(path, np.asfortranarray(columns.reshape(shape).astype(np.float64)))
    np.testing.assert_array_equal(_read(tmp_path).actors[0].points, want)


@pytest.mark.parametrize(
    ("array", "reason"),
    [
        (np.zeros((0, 492)), RejectReason.EMPTY),
        (np.zeros((1, 492)), RejectReason.TOO_SHORT),
        (np.zeros((81, 60)), RejectReason.SHAPE_MISMATCH),
        (np.zeros(492), RejectReason.SHAPE_MISMATCH),
        (np.zeros((81, 24, 2)), RejectReason.SHAPE_MISMATCH),
        (np.zeros((81, 21, 3)), RejectReason.MISSING_JOINTS),
        (np.float64(3), RejectReason.SHAPE_MISMATCH),
        (np.full((81, 492), np.nan), RejectReason.NON_FINITE),
        (np.full((81, 492), 1e30), RejectReason.MALFORMED),
        (np.full((81, 492), "a"), RejectReason.MALFORMED),
        (np.array([{}] * 3, dtype=object), RejectReason.UNSAFE),
    ],
)
def test_bad_joint_files(tmp_path: Path, array: np.ndarray, reason: RejectReason) -> None:
    _write_pair(tmp_path)
    np.save(tmp_path / "motions_processed" / "person2" / "1000.npy", array)
    assert _reason(tmp_path) is reason


def test_damaged_joint_files(tmp_path: Path) -> None:
    _write_pair(tmp_path)
    path = tmp_path / "motions_processed" / "person1" / "1000.npy"
    data = path.read_bytes()
    for content, reason in (
        (b"", RejectReason.EMPTY),
        (b"1,2,3\n", RejectReason.MALFORMED),
        (data[:-7], RejectReason.TRUNCATED),
        (data[:50], RejectReason.TRUNCATED),
    ):
        path.write_bytes(content)
        assert _reason(tmp_path) is reason


class _Bomb:
    def __reduce__(self) -> Any:
        return (open, ("made", "w"))


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"person2": None}, RejectReason.MISSING_PARTNER),
        ({"person1": None, "person2": None}, RejectReason.MISSING_FIELD),
        ({"person1": _person(160, 0, 1, trans=np.zeros((0, 3)))}, RejectReason.EMPTY),
        ({"person1": _person(160, 0, 1, trans=np.zeros(0))}, RejectReason.EMPTY),
        ({"person1": _person(160, 0, 1, trans=None)}, RejectReason.MISSING_FIELD),
        ({"person1": _person(160, 0, 1, trans=np.zeros((159, 3)))}, RejectReason.SHAPE_MISMATCH),
        ({"person1": _person(160, 0, 1, trans=np.zeros(160))}, RejectReason.SHAPE_MISMATCH),
        (
            {"person1": _person(160, 0, 1, pose_body=np.zeros((160, 60)))},
            RejectReason.SHAPE_MISMATCH,
        ),
        ({"person1": _person(160, 0, 1, trans=np.full((160, 3), np.nan))}, RejectReason.NON_FINITE),
        ({"person1": _person(160, 0, 1, trans="far")}, RejectReason.MALFORMED),
        ({"person1": _person(1, 0, 1)}, RejectReason.TOO_SHORT),
        ({"mocap_framerate": 0.0}, RejectReason.BAD_FRAME_RATE),
        ({"mocap_framerate": float("nan")}, RejectReason.BAD_FRAME_RATE),
        ({"mocap_framerate": [30, 60]}, RejectReason.BAD_FRAME_RATE),
        ({"person1": _Bomb()}, RejectReason.UNSAFE),
    ],
)
def test_bad_pickles(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, changes: dict[str, Any], reason: RejectReason
) -> None:
    monkeypatch.chdir(tmp_path)
    _write_pickle(tmp_path, **changes)
    assert _reason(tmp_path, read_pickles=True) is reason
    assert not (tmp_path / "made").exists()


def test_damaged_pickles(tmp_path: Path) -> None:
    _write_pickle(tmp_path)
    path = tmp_path / "motions" / "1000.pkl"
    data = path.read_bytes()
    for content, reason in (
        (b"", RejectReason.EMPTY),
        (b"text", RejectReason.MALFORMED),
        (data[: len(data) // 2], RejectReason.TRUNCATED),
        (pickle.dumps([1, 2]), RejectReason.MALFORMED),
    ):
        path.write_bytes(content)
        assert _reason(tmp_path, read_pickles=True) is reason


def test_pickles_with_odd_but_usable_parts(tmp_path: Path) -> None:
    _write_captions(tmp_path, b"They dance.")
    first = _person(160, 0, 1, betas=np.zeros((1, 10)), gender=np.array("male"))
    _write_pickle(tmp_path, person1=first, person2=_person(150, 0, 1, betas=None, gender=None))
    sequence = _read(tmp_path, read_pickles=True)
    assert sequence.num_frames == 150
    assert len(sequence.warnings) == 1
    _write_pickle(tmp_path, mocap_framerate=None)
    sequence = _read(tmp_path, read_pickles=True)
    assert sequence.fps == pytest.approx(59.94, abs=1e-3)
    assert sequence.warnings == ("no mocap_framerate: took 59.94",)


@pytest.mark.parametrize(
    ("data", "texts", "num_warnings"),
    [
        (b"", [], 1),
        (b"\n \n\t\n", [], 1),
        ("\ufeffThey hug.\r\nThey hug.\r\nThey part.".encode(), ["They hug.", "They part."], 0),
        ("They hug.\n".encode("utf-16"), ["They hug."], 1),
        (b"They caf\xe9.\n", ["They caf\u00e9."], 1),
        (b"They\x00 hug\x1b.\n", ["They hug ."], 0),
        (b"\n".join(b"They hug %d times." % n for n in range(99)), None, 1),
    ],
)
def test_captions(tmp_path: Path, data: bytes, texts: list[str] | None, num_warnings: int) -> None:
    _write_pair(tmp_path)
    _write_captions(tmp_path, data)
    sequence = _read(tmp_path)
    if texts is None:
        assert len(sequence.labels) == 16
    else:
        assert [label.text for label in sequence.labels] == texts
    assert len(sequence.warnings) == num_warnings


def test_captions_that_are_absent_or_outside(tmp_path: Path) -> None:
    root = tmp_path / "InterHuman"
    _write_pair(root)
    assert "no captions" in _read(root).warnings[0]
    (tmp_path / "secret.txt").write_text("secret")
    (root / "annots").mkdir()
    (root / "annots" / "1000.txt").symlink_to(tmp_path / "secret.txt")
    sequence = _read(root)
    assert sequence.labels == ()
    assert "left out" in sequence.warnings[0]


def test_a_swap_of_sides_would_break_some_captions(tmp_path: Path) -> None:
    _write_pair(tmp_path)
    _write_captions(tmp_path, b"One raises the left hand.\n")
    assert not _read(tmp_path).symmetric
    _write_captions(tmp_path, b"Both turn counterclockwise.\n")
    assert not _read(tmp_path).symmetric
    _write_captions(tmp_path, b"They stand upright and right after that bow.\n")
    assert _read(tmp_path).symmetric


def test_folders_without_a_clip(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="nothing"):
        _discover(tmp_path)
    with pytest.raises(ConfigError, match="readable folder"):
        _discover(tmp_path / "absent")
    (tmp_path / "a.npz").write_bytes(b"")
    with pytest.raises(ConfigError, match=r"a\.npz"):
        _discover(tmp_path)
