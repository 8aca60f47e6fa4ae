"""BVH against two other libraries and our own reader."""

from __future__ import annotations

import warnings

import numpy as np
import pytest
from bvh import Bvh

from datasets_spec.skeleton import BODY_POINTS, JOINTS, joint_index
from stickgen_model.export.bvh import USUAL_BODY_M, body_metres, bvh_paths, write_bvh
from stickgen_model.export.bvh_figure import JOINT_OF, TREE
from stickgen_model.export.whole_file import OutputError
from stickgen_model.render.figure import with_neck
from tasks.ingest.bvh_body import place_body
from tasks.ingest.bvh_file import parse_bvh
from tasks.ingest.bvh_rig import match_rig
from tests.stickgen_model.export.scenes_for_files import walking


def bvhio_places(path, frames):
    """Joints by name, centimetres, shape (len(frames), 3) each, and the end of the head."""
    with warnings.catch_warnings():
        # its glm is deprecated
        warnings.simplefilter("ignore", PendingDeprecationWarning)
        import bvhio
    root = bvhio.readAsHierarchy(str(path))
    joints = {node.Name: node for node, _, _ in root.layout()}
    places = {name: [] for name in joints}
    for frame in frames:
        root.loadPose(frame)
        for name, node in joints.items():
            places[name].append(np.array(node.PositionWorld))
    return {name: np.array(rows) for name, rows in places.items()}


def constant(points):
    """The figure with bones of median length that keep their directions, the plain way."""
    chain = [("head", "pelvis", "pelvis")]
    for side in "lr":
        chain += [
            (f"{side}_elbow", "neck", "neck"),
            (f"{side}_hand", f"{side}_elbow", f"{side}_elbow"),
        ]
        chain += [
            (f"{side}_knee", "pelvis", "pelvis"),
            (f"{side}_foot", f"{side}_knee", f"{side}_knee"),
        ]
    names = [*JOINTS, "neck"]
    real = {name: with_neck(points)[:, i] for i, name in enumerate(names)}
    made = {"pelvis": real["pelvis"]}
    for name, start, parent in chain:
        span = real[name] - real[start]
        size = np.linalg.norm(span, axis=-1, keepdims=True)
        made[name] = made[parent] + np.median(size) * span / size
        if name == "head":
            made["neck"] = made["pelvis"] + 0.7 * (made["head"] - made["pelvis"])
    return made


def points_of(animation, actor=0):
    joints, depth = animation.joints[actor], animation.depth[actor]
    return np.concatenate([joints, depth[..., None]], axis=-1).astype(np.float64)


@pytest.fixture
def wild():
    """Somebody whose limbs point anywhere."""
    rng = np.random.default_rng(5)
    still = walking(1, 50)
    steps = np.cumsum(rng.normal(0, 0.03, (1, 50, 10, 3)), axis=1).astype(np.float32)
    return still.changed(joints=still.joints + steps[..., :2], depth=still.depth + steps[..., 2])


def test_bvhio_finds_the_joints_of_the_figure(tmp_path, wild):
    for number, animation in enumerate((walking(1, 50), wild)):
        (path,) = write_bvh(animation, tmp_path / f"{number}.bvh")
        frames = range(0, 50, 7)
        found = bvhio_places(path, frames)
        want = constant(points_of(animation))
        for name, joint in JOINT_OF.items():
            np.testing.assert_allclose(found[joint], 159.0 * want[name][frames], atol=2e-3)
        np.testing.assert_allclose(found["Neck"], 159.0 * want["neck"][frames], atol=2e-3)


def test_places_of_a_figure_of_constant_bones_stay(tmp_path):
    animation = walking(1, 50)
    write_bvh(animation, tmp_path / "a.bvh")
    found = bvhio_places(tmp_path / "a.bvh", range(50))
    real = 159.0 * points_of(animation)
    for name, joint in JOINT_OF.items():
        gaps = np.linalg.norm(found[joint] - real[:, joint_index(name)], axis=-1)
        # legs and forearms of this scene keep their length, upper arms nearly
        assert gaps.max() < (0.1 if joint.endswith(("Leg", "Foot", "Hips")) else 8.0)


def test_a_second_library_reads_channels_and_times(tmp_path):
    animation = walking(1, 50, fps=30.0)
    (path,) = write_bvh(animation, tmp_path / "a.bvh")
    read = Bvh(path.read_text())
    assert (read.nframes, read.frame_time) == (50, pytest.approx(1 / 30, abs=1e-9))
    assert read.get_joints_names() == [bone.name for bone in TREE]
    assert read.joint_channels("Hips")[:3] == ["Xposition", "Yposition", "Zposition"]
    assert {tuple(read.joint_channels(b.name)) for b in TREE[1:]} == {
        ("Zrotation", "Xrotation", "Yrotation"),
        ("Zrotation", "Yrotation", "Xrotation"),
    }
    place = [read.frame_joint_channel(7, "Hips", f"{axis}position") for axis in "XYZ"]
    np.testing.assert_allclose(place, 159.0 * points_of(animation)[7, 1], atol=1e-4)
    # upright: the head is above the hips, along y
    assert read.joint_offset("Head")[1] > 5.0


def test_our_reader_knows_the_rig_and_finds_the_body(tmp_path):
    animation = walking(1, 50)
    (path,) = write_bvh(animation, tmp_path / "a.bvh")
    file = parse_bvh(path.read_bytes())
    rig = match_rig(file.skeleton)
    body = place_body(file, rig, keep_lead_in=True)
    assert (rig.preset.name, body.unit_m, body.up, body.warnings) == ("humanik", 0.01, "y", ())
    want = constant(points_of(animation))
    for name in ("head", "l_elbow", "r_hand", "l_knee", "r_foot"):
        found = body.points[:, BODY_POINTS.index(name)]
        np.testing.assert_allclose(found, 1.59 * want[name], atol=1e-4)


def test_angles_never_jump(tmp_path, wild):
    for animation in (walking(1, 50), wild):
        (path,) = write_bvh(animation, tmp_path / "a.bvh")
        rows = path.read_text().split("Frame Time")[1].splitlines()[1:]
        angles = np.array([row.split() for row in rows], dtype=float)[:, 3:]
        assert np.abs(np.diff(angles, axis=0)).max() < 120.0


def test_the_hips_face_where_the_figure_faces(tmp_path):
    def yaw(animation):
        (path,) = write_bvh(animation, tmp_path / "a.bvh")
        read = Bvh(path.read_text())
        return read.frame_joint_channel(20, "Hips", "Yrotation")

    # the left limbs are nearer to the viewer: he walks to +x, backwards
    walks = walking(1, 40)
    side = yaw(walks)
    front = walks.joints.copy()
    flat = np.zeros_like(walks.depth)
    front[..., 0] = 0.0
    for name, way in (("l", 1), ("r", -1)):
        for part in ("elbow", "hand", "knee", "foot"):
            front[:, :, joint_index(f"{name}_{part}"), 0] = 0.1 * way
    assert abs(yaw(walks.changed(joints=front, depth=flat))) < 5.0
    assert abs(side + 90.0) < 25.0


def test_a_file_a_person(tmp_path):
    paths = write_bvh(walking(3), tmp_path / "a b.bvh")
    assert [p.name for p in paths] == ["a b-a0.bvh", "a b-a1.bvh", "a b-a2.bvh"]
    assert paths == bvh_paths(tmp_path / "a b.bvh", 3)
    assert sorted(p.name for p in tmp_path.iterdir()) == [p.name for p in paths]
    starts = [Bvh(p.read_text()).frame_joint_channel(0, "Hips", "Xposition") for p in paths]
    np.testing.assert_allclose(np.diff(starts), 0.8 * 159.0, atol=1e-3)


def test_all_files_or_none(tmp_path):
    (tmp_path / "a-a1.bvh").mkdir()
    with pytest.raises(OutputError, match=r"a-a1\.bvh: expected the name of a file"):
        write_bvh(walking(2), tmp_path / "a.bvh")
    assert [p.name for p in tmp_path.iterdir()] == ["a-a1.bvh"]


def test_a_body_without_a_told_height_and_joints_in_one_place(tmp_path):
    for fact in ({}, {"body_height_m": "tall"}, {"body_height_m": 1e9}):
        assert body_metres(walking(facts=fact)) == USUAL_BODY_M
    lump = walking(1, 5)
    lump = lump.changed(joints=0 * lump.joints, depth=0 * lump.depth)
    (path,) = write_bvh(lump, tmp_path / "a.bvh")
    assert np.isfinite(parse_bvh(path.read_bytes()).values).all()
    (path,) = write_bvh(walking(1, 1), tmp_path / "b.bvh")
    assert parse_bvh(path.read_bytes()).values.shape == (1, 51)


def test_same_scene_same_bytes_and_no_minus_nothing(tmp_path):
    first, second = (write_bvh(walking(), tmp_path / f"{n}.bvh")[0] for n in "ab")
    assert first.read_bytes() == second.read_bytes()
    assert "-0.00000 " not in first.read_text()


def test_a_scene_without_depth_gets_one(tmp_path):
    (path,) = write_bvh(walking(depth=None), tmp_path / "a.bvh")
    assert np.isfinite(parse_bvh(path.read_bytes()).values).all()
