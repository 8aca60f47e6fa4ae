from __future__ import annotations

import pickle
import sys
import types
import warnings
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from scipy import sparse
from scipy.spatial.transform import Rotation

from datasets_spec.errors import ConfigError, RejectError
from datasets_spec.skeleton import BODY_POINTS, GENERIC_LENGTHS
from tasks.ingest.body_model import GENERIC_BODY, pose_points, reduce_model
from tasks.ingest.model_files import BodyLibrary
from tasks.ingest.smpl_points import SMPL_JOINTS, SMPL_PARENTS

_JOINTS = {"smpl": 24, "smplh": 52, "smplx": 55}


def _parents(family: str) -> list[int]:
    parents = list(SMPL_PARENTS)
    while len(parents) < _JOINTS[family]:
        finger = len(parents) - _JOINTS[family] + 30
        if family == "smpl" or finger < 0:
            parents.append(15 if family == "smplx" else len(parents) - 2)
        elif finger % 3:
            parents.append(len(parents) - 1)
        else:
            parents.append(20 if finger < 15 else 21)
    return parents


def _model(
    family: str, *, num_vertices: int = 60, num_betas: int = 16, seed: int = 0
) -> dict[str, Any]:
    """Arrays of a model whose first vertices are its joints."""
    count = _JOINTS[family]
    rng = np.random.default_rng(seed)
    rest = np.concatenate([GENERIC_BODY.template, rng.normal(0, 0.3, (count - 22, 3))])
    vertices = np.zeros((num_vertices, 3), np.float32)
    vertices[:count] = rest + rng.normal(0, 0.02, (count, 3))
    directions = np.zeros((num_vertices, 3, num_betas), np.float32)
    directions[:count] = rng.normal(0, 0.01, (count, 3, num_betas))
    weights = np.zeros((num_vertices, count), np.float32)
    weights[:, 0] = 1
    parents = np.array(_parents(family), dtype=np.int64)
    tree = np.stack([parents, np.arange(count)]).astype(np.uint32)
    return {
        "v_template": vertices,
        "shapedirs": directions,
        "posedirs": rng.normal(0, 0.1, (num_vertices, 3, 9 * (count - 1))).astype(np.float32),
        "J_regressor": np.eye(count, num_vertices, dtype=np.float32),
        "kintree_table": tree,
        "weights": weights,
        "f": np.zeros((1, 3), np.uint32),
        "hands_componentsl": np.eye(45),
        "hands_componentsr": np.eye(45),
        "hands_meanl": np.zeros(45),
        "hands_meanr": np.zeros(45),
    }


def _write(path: Path, family: str, **options: Any) -> dict[str, Any]:
    path.parent.mkdir(parents=True, exist_ok=True)
    arrays = _model(family, **options)
    np.savez_compressed(path, **arrays)
    return arrays


def _row(name: str) -> int:
    return BODY_POINTS.index(name)


@pytest.mark.filterwarnings("ignore")
def test_joints_agree_with_smplx(tmp_path: Path) -> None:
    """The reference computes the whole mesh; the joints must be the same."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import smplx
        import torch
    path = tmp_path / "smplh" / "SMPLH_FEMALE.npz"
    _write(path, "smplh", num_betas=10)
    rng = np.random.default_rng(5)
    num_frames = 20
    poses = rng.normal(0, 0.8, (num_frames, 156)).astype(np.float32)
    poses[3] = 0
    trans = rng.normal(0, 2, (num_frames, 3)).astype(np.float32)
    betas = rng.normal(0, 1, 10).astype(np.float32)
    face_and_toes = (
        "nose reye leye rear lear rthumb rindex rmiddle rring rpinky lthumb lindex lmiddle "
        "lring lpinky LBigToe LSmallToe LHeel RBigToe RSmallToe RHeel"
    )
    points_of_vertices = dict.fromkeys(face_and_toes.split(" "), 0)
    model = smplx.SMPLH(
        str(path),
        ext="npz",
        num_betas=10,
        use_pca=False,
        flat_hand_mean=True,
        vertex_ids=points_of_vertices,
        batch_size=num_frames,
    )
    tensor = torch.from_numpy
    with torch.no_grad():
        wanted = model(
            betas=tensor(np.tile(betas, (num_frames, 1))),
            global_orient=tensor(poses[:, :3]),
            body_pose=tensor(poses[:, 3:66]),
            left_hand_pose=tensor(poses[:, 66:111]),
            right_hand_pose=tensor(poses[:, 111:]),
            transl=tensor(trans),
        ).joints.numpy()[:, :22]
    chosen = BodyLibrary.open(tmp_path).choose("smplh", "female")
    assert chosen.warnings == ()
    assert chosen.body.name == "smplh_female"
    points = pose_points(poses[:, :66], trans, chosen.body.joints(betas), where="x")
    y_up = np.stack([wanted[..., 0], wanted[..., 2], -wanted[..., 1]], axis=-1)
    for name, joint in (("hand", "wrist"), ("elbow", "elbow"), ("foot", "ankle"), ("toe", "foot")):
        for side in "lr":
            index = SMPL_JOINTS.index(f"{side}_{joint}")
            error = np.abs(points[:, _row(f"{side}_{name}")] - y_up[:, index]).max()
            assert error < 1e-5
    head, neck = y_up[:, SMPL_JOINTS.index("head")], y_up[:, SMPL_JOINTS.index("neck")]
    along = (head - neck) / np.linalg.norm(head - neck, axis=1, keepdims=True)
    np.testing.assert_allclose(points[:, 0], head + 0.1 * along, atol=1e-5)


def test_the_generic_body_has_the_proportions_of_the_table() -> None:
    turned = np.zeros((2, 66))
    turned[:, 0] = np.pi / 2  # y up to z up, as in every file
    points = pose_points(turned, np.zeros((2, 3)), GENERIC_BODY.template, where="x")[0]
    at = {name: points[_row(name)].astype(float) for name in BODY_POINTS}

    def share(first: str, second: str) -> float:
        return float(np.linalg.norm(at[first] - at[second])) / 1.70

    for segment, ends in {
        "thigh": ("l_hip", "l_knee"),
        "shin": ("r_knee", "r_foot"),
        "upper_arm": ("l_shoulder", "l_elbow"),
        "forearm": ("r_elbow", "r_hand"),
        "shoulder_width": ("l_shoulder", "r_shoulder"),
        "hip_width": ("l_hip", "r_hip"),
    }.items():
        assert share(*ends) == pytest.approx(GENERIC_LENGTHS[segment], abs=2e-3)
    hips = (at["l_hip"] + at["r_hip"]) / 2
    shoulders = (at["l_shoulder"] + at["r_shoulder"]) / 2
    assert (shoulders - hips)[1] / 1.70 == pytest.approx(GENERIC_LENGTHS["torso"], abs=2e-3)
    reach = (at["head"] - shoulders)[1] / 1.70
    assert reach == pytest.approx(GENERIC_LENGTHS["neck_head"], abs=2e-3)
    # upright, left is +x, and it faces +z as the toes do
    assert at["head"][1] > shoulders[1] > hips[1] > at["l_foot"][1] > at["l_toe"][1]
    assert at["l_hand"][0] > at["l_elbow"][0] > 0 > at["r_elbow"][0] > at["r_hand"][0]
    assert at["l_toe"][2] > at["l_foot"][2]


def test_kinematics_is_rigid_motion_of_the_root() -> None:
    rng = np.random.default_rng(2)
    poses = rng.normal(0, 0.5, (700, 66))  # more than one block
    rest = GENERIC_BODY.template
    still = pose_points(poses, np.zeros((700, 3)), rest, where="x")
    yaw = Rotation.from_rotvec([0, 0, 1.1])
    turned = poses.copy()
    turned[:, :3] = (yaw * Rotation.from_rotvec(poses[:, :3])).as_rotvec()
    moved = pose_points(turned, np.tile([1.0, 2.0, 3.0], (700, 1)), rest, where="x")
    about = np.array([rest[0, 0], rest[0, 2], -rest[0, 1]])
    spin = Rotation.from_rotvec([0, 1.1, 0])
    wanted = spin.apply((still - about).reshape(-1, 3)).reshape(still.shape) + about + [1, 3, -2]
    np.testing.assert_allclose(moved, wanted, atol=1e-5)


@pytest.mark.parametrize(
    ("value", "what"),
    [(np.nan, "non_finite.*frame 3"), (-np.inf, "non_finite"), (1e30, "malformed")],
)
@pytest.mark.parametrize("which", ["rotations", "translation"])
def test_bad_numbers_are_rejects(value: float, what: str, which: str) -> None:
    poses, trans = np.zeros((5, 66)), np.zeros((5, 3))
    (poses if which == "rotations" else trans)[3, 1] = value
    with pytest.raises(RejectError, match=what) as caught:
        pose_points(poses, trans, GENERIC_BODY.template, where="x")
    assert which in caught.value.detail


@pytest.mark.parametrize(
    ("files", "family", "gender", "name"),
    [
        (["smplh/male/model.npz", "smplh/neutral/model.npz"], "smplh", "male", "smplh_male"),
        (["male/model.npz", "female/model.npz"], "smplh", "female", "smplh_female"),
        (["smplx/SMPLX_NEUTRAL.npz"], "smplx", "neutral", "smplx_neutral"),
        (["models_lockedhead/smplx/SMPLX_FEMALE.npz"], "smplx", "female", "smplx_female"),
        (["SMPLX_MALE.npz", "SMPLH_MALE.npz"], "smplh", "male", "smplh_male"),
        (["smplh/male/model.npz", "dmpls/female/model.npz"], "smplh", "male", "smplh_male"),
        (["mano/MANO_LEFT.npz", "smpl/SMPL_FEMALE.npz"], "smpl", "female", "smpl_female"),
        (["basicmodel_m_lbs_10_207_0_v1.1.0.npz"], "smpl", "male", "smpl_male"),
        (["basicModel_neutral_lbs_10_207_0_v1.0.0.npz"], "smpl", "neutral", "smpl_neutral"),
        (["basicModel_f_lbs_10_207_0_v1.0.0.npz"], "smpl", "female", "smpl_female"),
    ],
)
def test_every_folder_shape(
    tmp_path: Path, files: list[str], family: str, gender: str, name: str
) -> None:
    for file in files:
        known = [word for word in ("smplx", "smplh") if word in file.lower()]
        kind = known[0] if known else ("smplh" if "model.npz" in file else "smpl")
        _write(tmp_path / "bodies" / file, kind)
    library = BodyLibrary.open(tmp_path / "bodies")
    library.load_all()
    chosen = library.choose(family, gender)
    assert (chosen.body.name, chosen.warnings, chosen.uses_betas) == (name, (), True)


def test_the_nearest_body_is_used_and_named(tmp_path: Path) -> None:
    _write(tmp_path / "smplh" / "SMPLH_MALE.npz", "smplh")
    library = BodyLibrary.open(tmp_path)
    for family, gender, betas in (
        ("smplh", "neutral", True),
        ("smplh", "female", True),
        ("smpl", "male", True),
        ("smplx", "male", False),  # another shape space
    ):
        chosen = library.choose(family, gender)
        assert chosen.body.name == "smplh_male"
        assert chosen.uses_betas is betas
        assert len(chosen.warnings) == 1
    assert BodyLibrary.open(None).choose("smplh", "male").body.name == "generic"


def test_a_model_file_may_be_named_itself(tmp_path: Path) -> None:
    path = tmp_path / "SMPLH_NEUTRAL.npz"
    _write(path, "smplh")
    assert BodyLibrary.open(path).choose("smplh", "neutral").body.name == "smplh_neutral"


def _chumpy() -> types.ModuleType:
    module = types.ModuleType("chumpy.ch")

    class Ch:
        def __init__(self, x: Any) -> None:
            self.x = x

    Ch.__module__, Ch.__qualname__ = "chumpy.ch", "Ch"
    module.Ch = Ch  # type: ignore[attr-defined]
    return module


@pytest.mark.parametrize("protocol", [0, 2])
def test_old_pickles_with_chumpy_and_sparse_arrays(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, protocol: int
) -> None:
    arrays = _model("smpl")
    module = _chumpy()
    stored = dict(arrays, J_regressor=sparse.csc_matrix(arrays["J_regressor"]))
    stored["shapedirs"] = module.Ch(arrays["shapedirs"])
    stored["bs_style"] = "lbs"
    with monkeypatch.context() as patch:
        patch.setitem(sys.modules, "chumpy", types.ModuleType("chumpy"))
        patch.setitem(sys.modules, "chumpy.ch", module)
        data = pickle.dumps(stored, protocol=protocol)
    (tmp_path / "smpl").mkdir()
    (tmp_path / "smpl" / "SMPL_MALE.pkl").write_bytes(data)
    chosen = BodyLibrary.open(tmp_path).choose("smpl", "male")
    betas = np.linspace(-1, 1, 10)
    wanted = arrays["v_template"][:22] + arrays["shapedirs"][:22, :, :10] @ betas
    np.testing.assert_allclose(chosen.body.joints(betas), wanted, atol=1e-6)


def test_more_or_fewer_betas_than_the_model(tmp_path: Path) -> None:
    arrays = _write(tmp_path / "SMPLH_MALE.npz", "smplh", num_betas=16)
    body = BodyLibrary.open(tmp_path).choose("smplh", "male").body
    long = np.arange(300.0) / 100
    np.testing.assert_allclose(
        body.joints(long),
        arrays["v_template"][:22] + arrays["shapedirs"][:22] @ long[:16],
        atol=1e-6,
    )
    np.testing.assert_allclose(body.joints(None), arrays["v_template"][:22], atol=1e-6)


def test_bad_model_folders_stop_the_build(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="No such file"):
        BodyLibrary.open(tmp_path / "absent")
    with pytest.raises(ConfigError, match="expected model files"):
        BodyLibrary.open(tmp_path)
    path = tmp_path / "smplh" / "male" / "model.npz"
    arrays = _write(path, "smplh")
    np.savez(path, **{key: arrays[key] for key in arrays if key != "shapedirs"})
    with pytest.raises(ConfigError, match=r"model\.npz.*shapedirs"):
        BodyLibrary.open(tmp_path).load_all()
    path.write_bytes(b"not a model")
    with pytest.raises(ConfigError, match=r"model\.npz.*expected an npz"):
        BodyLibrary.open(tmp_path).load_all()
    _write(path, "smplx")
    with pytest.raises(ConfigError, match="expected 52 joints of smplh, got 55"):
        BodyLibrary.open(tmp_path).load_all()


@pytest.mark.parametrize(
    ("key", "value", "reason"),
    [
        ("v_template", np.zeros((60, 2)), "shape_mismatch"),
        ("shapedirs", np.zeros((59, 3, 10)), "shape_mismatch"),
        ("J_regressor", np.zeros(60), "shape_mismatch"),
        ("kintree_table", np.zeros((2, 10)), "shape_mismatch"),
        ("kintree_table", np.full((2, 52), np.nan), "missing_joints"),
        ("v_template", np.full((60, 3), np.nan), "non_finite"),
    ],
)
def test_models_that_disagree_with_themselves(key: str, value: Any, reason: str) -> None:
    arrays = _model("smplh") | {key: value}
    with pytest.raises(RejectError, match=reason):
        reduce_model(arrays, name="smplh_male")
