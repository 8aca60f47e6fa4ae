from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from scipy.spatial.transform import Rotation

from datasets_spec.errors import ConfigError, RejectError
from datasets_spec.motion import MotionSequence
from datasets_spec.rejection import RejectReason
from datasets_spec.skeleton import BODY_POINTS
from tasks.config import SourceConfig
from tasks.ingest.amass import AmassReader
from tasks.ingest.amass_folder import performance_of
from tasks.ingest.contract import SourceItem
from tasks.ingest.sided_words import labels_are_symmetric

_UPRIGHT = (np.pi / 2, 0.0, 0.0)
"""Root rotation that stands the y-up rest body into a z-up world."""


def _poses(num_frames: int = 40, width: int = 156, seed: int = 0) -> np.ndarray:
    rng = np.random.default_rng(seed)
    poses = np.zeros((num_frames, width))
    poses[:, 3:66] = np.cumsum(rng.normal(0, 0.01, (num_frames, 63)), axis=0)
    poses[:, :3] = _UPRIGHT
    return poses


def _arrays(num_frames: int = 40, width: int = 156, **changes: Any) -> dict[str, Any]:
    """Arrays of a clip; a change to None leaves a key out."""
    trans = np.zeros((num_frames, 3))
    trans[:, 0] = np.linspace(0, 1, num_frames)
    trans[:, 2] = 0.9
    arrays = {
        "poses": _poses(num_frames, width),
        "trans": trans,
        "betas": np.zeros(16),
        "dmpls": np.zeros((num_frames, 8)),
        "gender": np.array("male"),
        "mocap_framerate": np.array(120.0),
    }
    arrays.update(changes)
    return {key: value for key, value in arrays.items() if value is not None}


def _write(path: Path, **arrays: Any) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    np.savez(path, **(arrays or _arrays()))
    return path


def _reader(root: Path, **options: Any) -> AmassReader:
    return AmassReader(SourceConfig(name="amass", path=str(root), **options))


def _read_all(root: Path, **options: Any) -> list[MotionSequence]:
    reader = _reader(root, **options)
    return [seq for item in reader.discover(root).items for seq in reader.read(root, item)]


def _read_one(root: Path, **options: Any) -> MotionSequence:
    (sequence,) = _read_all(root, **options)
    return sequence


def _reject(root: Path, **options: Any) -> RejectError:
    reader = _reader(root, **options)
    (item,) = reader.discover(root).items
    with pytest.raises(RejectError) as caught:
        reader.read(root, item)
    return caught.value


def _split_form(num_frames: int = 40, **changes: Any) -> dict[str, Any]:
    poses = _poses(num_frames, 165)
    extra = {
        "mocap_framerate": None,
        "mocap_frame_rate": np.array(120.0),
        "poses": poses,
        "root_orient": poses[:, :3],
        "pose_body": poses[:, 3:66],
        "pose_hand": poses[:, 75:],
        "pose_jaw": poses[:, 66:69],
        "pose_eye": poses[:, 69:75],
        "surface_model_type": np.array("smplx"),
        "latent_labels": np.array(["a", None], dtype=object),
        "num_betas": np.array(16),
    }
    return _arrays(num_frames, 165, **(extra | changes))


@pytest.mark.parametrize(
    "arrays",
    [
        _arrays(),
        _arrays(width=72),
        _arrays(width=162),
        _arrays(width=66),
        _arrays(gender=np.array(b"female"), mocap_framerate=np.array(120.00004577636719)),
        _arrays(gender=np.array(["neutral"], dtype=object), betas=np.zeros((1, 16))),
        _arrays(gender=None, betas=None, dmpls=None),
        _arrays(betas=np.zeros((40, 16)), fps=np.array([120]), mocap_framerate=None),
        _arrays(mocap_framerate=None, fps=np.array(120, dtype=np.int16)),
        _arrays(poses=_poses().astype(np.float32), trans=_arrays()["trans"].astype(">f4")),
        _arrays(poses=np.asfortranarray(_poses())),
        _arrays(poses=_poses().reshape(40, 52, 3)),
        _split_form(),
        _split_form(poses=None),
        _split_form(surface_model_type=np.array(["smplx"], dtype=object), betas=np.zeros(10)),
    ],
)
def test_every_variant_gives_the_same_motion(tmp_path: Path, arrays: dict[str, Any]) -> None:
    _write(tmp_path / "want" / "CMU" / "01" / "01_01_poses.npz")
    _write(tmp_path / "got" / "CMU" / "01" / "01_01_poses.npz", **arrays)
    want, got = _read_one(tmp_path / "want"), _read_one(tmp_path / "got")
    assert got.fps == 120.0
    assert got.body_model == "generic"
    np.testing.assert_allclose(got.actors[0].points, want.actors[0].points, atol=2e-5)


def test_a_z_up_clip_stands_faces_and_walks_as_it_should(tmp_path: Path) -> None:
    _write(tmp_path / "CMU" / "01" / "01_01_poses.npz", **_arrays())
    points = _read_one(tmp_path).actors[0].points.astype(float)
    at = {name: points[:, row] for row, name in enumerate(BODY_POINTS)}
    height = at["head"][:, 1] - at["l_foot"][:, 1]
    assert ((height > 1.3) & (height < 1.6)).all()
    across = at["r_hip"] - at["l_hip"]
    forward = np.cross([0, 1, 0], across)
    toes = at["l_toe"] - at["l_foot"]
    assert ((forward * toes).sum(axis=1) > 0).all()
    # x of the file stays x, z of the file is y
    assert points[-1, :, 0].mean() - points[0, :, 0].mean() == pytest.approx(1.0, abs=0.2)
    # a turn about the vertical of the file is the same turn here, not a mirrored one
    arrays = _arrays(poses=_poses())
    turn = Rotation.from_rotvec([0, 0, 0.7])
    arrays["poses"][:, :3] = (turn * Rotation.from_rotvec(_UPRIGHT)).as_rotvec()
    _write(tmp_path / "turned" / "CMU" / "01" / "01_01_poses.npz", **arrays)
    turned = _read_one(tmp_path / "turned").actors[0].points.astype(float)
    span = points[0, 1] - points[0, 2]
    wanted = Rotation.from_rotvec([0, 0.7, 0]).apply(span)
    np.testing.assert_allclose(turned[0, 1] - turned[0, 2], wanted, atol=1e-5)


def test_ids_come_from_the_path(tmp_path: Path) -> None:
    root = tmp_path / "amass"
    _write(root / "ACCAD" / "ACCAD" / "Female1General_c3d" / "A1 - Stand_poses.npz")
    _write(root / "BioMotionLab_NTroje" / "rub055" / "0020_lifting_heavy2_poses.npz")
    _write(root / "KIT" / "3" / "b\u00fccken (x)_stageii.npz")
    by_id = {sequence.sequence_id: sequence for sequence in _read_all(root)}
    assert sorted(by_id) == [
        "ACCAD/Female1General_c3d/A1_-_Stand",
        "BMLrub/rub055/0020_lifting_heavy2",
        "KIT/3/b_cken__x_",
    ]
    lifting = by_id["BMLrub/rub055/0020_lifting_heavy2"]
    assert lifting.performance_id == lifting.sequence_id
    assert lifting.actors[0].subject_id == "BMLrub/rub055"
    assert [label.text for label in lifting.labels] == ["lifting heavy"]
    assert lifting.labels[0].caption_source == "filename"
    # the folder of one subset, and that of one subject
    for inner, sub in (("BioMotionLab_NTroje", ""), ("BioMotionLab_NTroje", "rub055")):
        assert _read_one(root / inner / sub).sequence_id == lifting.sequence_id
        assert _read_one(root / inner / sub).actors[0].subject_id == "BMLrub/rub055"


def test_a_flat_folder_is_read_with_a_warning(tmp_path: Path) -> None:
    _write(tmp_path / "clips" / "jump_poses.npz")
    assert _read_one(tmp_path / "clips").sequence_id == "jump"
    assert "own subject" in _reader(tmp_path).discover(tmp_path / "clips").warnings[0]


def test_one_copy_of_a_clip_is_kept_the_trusted_one(tmp_path: Path) -> None:
    _write(tmp_path / "a" / "ACCAD" / "S1" / "A1_-_Stand_stageii.npz", **_split_form())
    _write(tmp_path / "b" / "ACCAD" / "ACCAD" / "S1" / "A1 - Stand_poses.npz")
    found = _reader(tmp_path).discover(tmp_path)
    assert [item.paths[0] for item in found.items] == ["b/ACCAD/ACCAD/S1/A1 - Stand_poses.npz"]
    assert [reject.reason for reject in found.rejects] == [RejectReason.DUPLICATE_ID]


def test_what_is_no_motion_is_a_decoy(tmp_path: Path) -> None:
    folder = tmp_path / "CMU" / "01"
    _write(folder / "01_01_poses.npz")
    _write(folder / "shape.npz", gender=np.array("male"), betas=np.zeros(16))
    _write(folder / "neutral_stagei.npz", betas=np.zeros(16), trans=np.zeros(3))
    _write(folder / "odd.npz", betas=np.zeros(16), gender=np.array("male"))
    _write(folder / "half.npz", poses=np.zeros((3, 156)))
    (folder / "._01_01_poses.npz").write_bytes(b"\0\5\26\7")
    (tmp_path / "__MACOSX").mkdir()
    (tmp_path / "__MACOSX" / "x.npz").write_bytes(b"")
    (folder / "notes.txt").write_text("no")
    reader = _reader(tmp_path)
    found = reader.discover(tmp_path)
    assert {reject.reason for reject in found.rejects} == {RejectReason.DECOY}
    assert len(found.rejects) == 4
    assert len(found.items) + len(found.rejects) == 7
    for item in found.items:
        if item.key.endswith("01_01"):
            continue
        with pytest.raises(RejectError, match="decoy"):
            reader.read(tmp_path, item)


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"trans": np.zeros((39, 3))}, RejectReason.SHAPE_MISMATCH),
        ({"trans": np.zeros((40, 4))}, RejectReason.SHAPE_MISMATCH),
        ({"trans": np.zeros((3, 40))}, RejectReason.SHAPE_MISMATCH),
        ({"poses": np.zeros((40, 63))}, RejectReason.SHAPE_MISMATCH),
        ({"poses": np.zeros(40 * 156)}, RejectReason.SHAPE_MISMATCH),
        ({"poses": np.float64(1)}, RejectReason.SHAPE_MISMATCH),
        ({"poses": np.zeros((0, 156)), "trans": np.zeros((0, 3))}, RejectReason.EMPTY),
        ({"poses": np.zeros((1, 156)), "trans": np.zeros((1, 3))}, RejectReason.TOO_SHORT),
        ({"poses": np.full((40, 156), np.nan)}, RejectReason.NON_FINITE),
        ({"trans": np.full((40, 3), np.inf)}, RejectReason.NON_FINITE),
        ({"poses": np.full((40, 156), 1e300)}, RejectReason.MALFORMED),
        ({"trans": np.full((40, 3), 1e9)}, RejectReason.MALFORMED),
        ({"poses": np.zeros((40, 156), dtype=complex)}, RejectReason.MALFORMED),
        ({"poses": np.full((40, 156), "a")}, RejectReason.MALFORMED),
        ({"poses": np.array([[None] * 156] * 40, dtype=object)}, RejectReason.UNSAFE),
        ({"mocap_framerate": None}, RejectReason.BAD_FRAME_RATE),
        ({"mocap_framerate": 0.0}, RejectReason.BAD_FRAME_RATE),
        ({"mocap_framerate": -120.0}, RejectReason.BAD_FRAME_RATE),
        ({"mocap_framerate": np.nan}, RejectReason.BAD_FRAME_RATE),
        ({"mocap_framerate": np.inf}, RejectReason.BAD_FRAME_RATE),
        ({"mocap_framerate": 1e6}, RejectReason.BAD_FRAME_RATE),
        ({"mocap_framerate": np.array("fast")}, RejectReason.BAD_FRAME_RATE),
        ({"mocap_framerate": np.array(None, dtype=object)}, RejectReason.BAD_FRAME_RATE),
        ({"mocap_framerate": np.zeros(0)}, RejectReason.BAD_FRAME_RATE),
        (
            {"root_orient": np.zeros((40, 3)), "pose_body": np.zeros((39, 63))},
            RejectReason.SHAPE_MISMATCH,
        ),
        (
            {"root_orient": np.zeros((40, 4)), "pose_body": np.zeros((40, 63))},
            RejectReason.SHAPE_MISMATCH,
        ),
    ],
)
def test_bad_contents(tmp_path: Path, changes: dict[str, Any], reason: RejectReason) -> None:
    _write(tmp_path / "CMU" / "01" / "01_01_poses.npz", **_arrays(**changes))
    error = _reject(tmp_path)
    assert error.reason is reason
    assert "CMU/01/01_01_poses.npz" in error.detail
    if reason is RejectReason.BAD_FRAME_RATE:
        assert "fps_overrides" in error.detail
        assert "CMU/01/01_01,<fps>" in error.detail


def test_the_second_spelling_of_the_rate_helps_out(tmp_path: Path) -> None:
    arrays = _arrays(mocap_framerate=np.nan, fps=np.float32(59.94))
    _write(tmp_path / "CMU" / "01" / "01_01_poses.npz", **arrays)
    assert _read_one(tmp_path).fps == pytest.approx(60000 / 1001)


def test_bad_files(tmp_path: Path) -> None:
    path = tmp_path / "CMU" / "01" / "01_01_poses.npz"
    data = _write(path).read_bytes()
    for content, reason in (
        (b"", RejectReason.EMPTY),
        (b"hello", RejectReason.MALFORMED),
        (data[: len(data) // 2], RejectReason.TRUNCATED),
    ):
        path.write_bytes(content)
        assert _reject(tmp_path).reason is reason


def test_files_that_vanish_escape_or_are_no_files(tmp_path: Path) -> None:
    root = tmp_path / "amass" / "CMU"
    _write(root / "01" / "01_01_poses.npz")
    outside = _write(tmp_path / "outside.npz")
    (root / "01" / "out_poses.npz").symlink_to(outside)
    (root / "01" / "gone_poses.npz").symlink_to(tmp_path / "nothing")
    os.mkfifo(root / "01" / "pipe_poses.npz")
    (root / "02").symlink_to(tmp_path)
    reader = _reader(root)
    found = reader.discover(root)
    assert [item.key for item in found.items] == ["CMU/01/01_01"]
    assert [reject.reason.value for reject in found.rejects] == [
        "unsafe",
        "unsafe",
        "unreadable",
    ]
    assert any("02" in warning for warning in found.warnings)
    for path in ("../outside.npz", str(outside), "01/absent.npz", "01"):
        with pytest.raises(RejectError, match=r"unsafe|unreadable"):
            reader.read(root, SourceItem(key="x", paths=(path,), size_bytes=1))


def test_folders_that_hold_no_clip(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="absent"):
        _reader(tmp_path).discover(tmp_path / "absent")
    with pytest.raises(ConfigError, match="nothing"):
        _reader(tmp_path).discover(tmp_path)
    (tmp_path / "walk.bvh").write_text("HIERARCHY")
    with pytest.raises(ConfigError, match=r"walk\.bvh"):
        _reader(tmp_path).discover(tmp_path)


def test_packs_of_several_trials(tmp_path: Path) -> None:
    pack = {f"{t}/{key}": v for t in ("one", "two") for key, v in _arrays().items()}
    _write(tmp_path / "MINE" / "s1" / "pack.npz", **pack)
    ids = [sequence.sequence_id for sequence in _read_all(tmp_path)]
    assert ids == ["MINE/s1/pack/one", "MINE/s1/pack/two"]


def test_rates_are_overridden_by_a_file(tmp_path: Path) -> None:
    root = tmp_path / "amass"
    _write(root / "SSM" / "s1" / "a b_poses.npz", **_arrays(mocap_framerate=None))
    table = tmp_path / "fps.csv"
    table.write_text("clip_key,fps\nSSM_synced/s1/a b_poses.npz,60\nCMU/1/none,120\n")
    assert _read_one(root, fps_overrides=str(table)).fps == 60.0
    warnings = _reader(root, fps_overrides=str(table)).discover(root).warnings
    assert any("CMU/1/none" in warning for warning in warnings)
    for text in ("clip,rate\n", "clip_key,fps\nx,fast\n", "clip_key,fps\nx,0\n"):
        table.write_text(text)
        with pytest.raises(ConfigError, match=r"fps\.csv"):
            _reader(root, fps_overrides=str(table))
    table.write_text("clip_key,fps\nx,60\nx,120\n")
    with pytest.raises(ConfigError, match="one rate"):
        _reader(root, fps_overrides=str(table))


def test_labels_come_from_babel_and_warn_of_a_doubtful_rate(tmp_path: Path) -> None:
    root, babel = tmp_path / "amass", tmp_path / "babel"
    _write(root / "CMU" / "01" / "01_01_poses.npz", **_arrays(120))
    label = {"raw_label": "kick with the left leg", "proc_label": "kick", "act_cat": ["kick"]}
    entry = {
        "babel_sid": 1,
        "feat_p": "CMU/CMU/01/01_01_poses.npz",
        "dur": 2.0,
        "seq_ann": {"mul_act": False, "labels": [label]},
        "frame_ann": None,
    }
    babel.mkdir()
    (babel / "train.json").write_text(json.dumps({"1": entry}))
    sequence = _read_one(root, babel=str(babel))
    assert [label.text for label in sequence.labels] == ["kick with the left leg"]
    assert not sequence.symmetric
    assert labels_are_symmetric(())
    assert "BABEL says 2.00 s" in sequence.warnings[0]
    entry["dur"] = 1.1
    (babel / "train.json").write_text(json.dumps({"1": entry}))
    assert _read_one(root, babel=str(babel)).warnings == ()


def _model(path: Path, shift: float) -> None:
    count = 52
    path.parent.mkdir(parents=True)
    tree = np.zeros((2, count))
    tree[0, :22] = [-1, 0, 0, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 9, 9, 12, 13, 14, 16, 17, 18, 19]
    directions = np.zeros((count, 3, 16))
    directions[1:, 1, 0] = 0.1
    vertices = np.zeros((count, 3))
    vertices[1:22, 1] = shift
    arrays = {"v_template": vertices, "shapedirs": directions}
    np.savez(path, J_regressor=np.eye(count), kintree_table=tree, **arrays)


def test_body_models_shapes_and_the_file_of_the_subject(tmp_path: Path) -> None:
    root, models = tmp_path / "amass", tmp_path / "models"
    _model(models / "smplh" / "male" / "model.npz", 0.2)
    _model(models / "smplh" / "female" / "model.npz", 0.3)
    still = np.zeros((5, 156))
    still[:, 0] = np.pi / 2
    common = {"poses": still, "trans": np.zeros((5, 3)), "fps": 60.0}
    _write(root / "CMU" / "1" / "a_poses.npz", gender=np.array("male"), **common)
    _write(root / "CMU" / "1" / "b_poses.npz", **common)
    _write(root / "CMU" / "1" / "shape.npz", gender=np.array(b"female"), betas=np.ones((1, 16)))
    _write(root / "CMU" / "2" / "c_poses.npz", betas=np.full(16, np.nan), **common)
    first, second, third = _read_all(root, body_model=str(models))
    names = (first.body_model, second.body_model, third.body_model)
    assert names == ("smplh_male", "smplh_female", "smplh_male")
    hips = [sequence.actors[0].points[0, 7, 1] for sequence in (first, second, third)]
    np.testing.assert_allclose(hips, [0.2 + 0.1, 0.3 + 0.1, 0.2], atol=1e-6)
    assert first.warnings == second.warnings == ()
    assert any("not finite" in text for text in third.warnings)
    assert any("no smplh neutral body model" in text for text in third.warnings)
    with pytest.raises(ConfigError, match="body models"):
        _reader(root, body_model=str(tmp_path / "absent"))


def test_the_origin_names_the_bytes(tmp_path: Path) -> None:
    import hashlib

    path = _write(tmp_path / "CMU" / "01" / "01_01_poses.npz")
    origin = _read_one(tmp_path).origin
    assert origin.path == "CMU/01/01_01_poses.npz"
    assert origin.sha256 == hashlib.sha256(path.read_bytes()).hexdigest()


@pytest.mark.real_data
def test_real_dancers_stand_upright_and_face_their_toes(real_data: Path, tmp_path: Path) -> None:
    to_z_up = Rotation.from_euler("x", 90, degrees=True)
    for path in sorted((real_data / "aistpp_segments").glob("*.npz"))[::7]:
        with np.load(path) as data:
            rows = data["rot6d"].astype(float).reshape(-1, 22, 3, 2)  # two columns of a matrix
            trans = data["trans"].astype(float)
        third = np.cross(rows[..., 0], rows[..., 1])
        turns = Rotation.from_matrix(np.concatenate([rows, third[..., None]], -1).reshape(-1, 3, 3))
        poses = turns.as_rotvec().reshape(-1, 66)
        poses[:, :3] = (to_z_up * Rotation.from_rotvec(poses[:, :3])).as_rotvec()
        arrays = _arrays(poses=poses, trans=to_z_up.apply(trans), fps=30.0, mocap_framerate=None)
        _write(tmp_path / "AIST" / "d" / path.name, **arrays)
    for sequence in _read_all(tmp_path):
        points = sequence.actors[0].points.astype(float)
        at = {name: points[:, row] for row, name in enumerate(BODY_POINTS)}
        assert (at["head"][:, 1] > at["l_knee"][:, 1]).all()
        assert 1.2 < np.median(at["head"][:, 1] - at["l_foot"][:, 1]) < 1.6
        forward = np.cross([0, 1, 0], at["r_hip"] - at["l_hip"])
        toes = at["l_toe"] + at["r_toe"] - at["l_foot"] - at["r_foot"]
        assert ((forward * toes).sum(axis=1) > 0).mean() > 0.95


def test_cmu_trials_are_one_performance_with_their_bvh_form():
    assert performance_of("CMU/05/05_01") == "cmu/05_01"
    assert performance_of("CMU/143/143_1") == "cmu/143_01"
    for other in ("KIT/3/kick_high_left02", "CMU/05/05_01/copy", "CMU/18_19_Justin/18_01_stand"):
        assert performance_of(other) == other
