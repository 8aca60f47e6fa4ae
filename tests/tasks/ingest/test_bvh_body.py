"""Rigs and forward kinematics against a plain recursion, closed forms and bvhio."""

from __future__ import annotations

import re
import warnings
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.spatial.transform import Rotation

from datasets_spec.errors import RejectError
from datasets_spec.rejection import RejectReason as Why
from datasets_spec.skeleton import BODY_POINTS, body_index
from datasets_spec.sources.rig import CMU_UNIT_M
from datasets_spec.sources.rigs import RIG_PRESETS
from tasks.ingest.bvh_body import BodyMotion, place_body
from tasks.ingest.bvh_file import parse_bvh
from tasks.ingest.bvh_frame import body_height
from tasks.ingest.bvh_rig import PlacedRig, match_rig
from tests.tasks.ingest.bvh_writer import (
    Joint,
    bvh_text,
    human_ik,
    num_columns,
    plain_joints,
    random_values,
    xsens,
)

XSENS_NAMES = {
    **{
        f"{s[0].lower()}_{p}": f"{s}{n}"
        for s in ("Left", "Right")
        for p, n in (
            ("shoulder", "Shoulder"),
            ("elbow", "Elbow"),
            ("hand", "Wrist"),
            ("hip", "Hip"),
            ("knee", "Knee"),
            ("foot", "Ankle"),
            ("toe", "Toe"),
        )
    },
}


def place(text: str) -> tuple[PlacedRig, BodyMotion]:
    file = parse_bvh(text.encode())
    rig = match_rig(file.skeleton)
    return rig, place_body(file, rig)


def rest(rig: Joint, num_frames: int = 5) -> np.ndarray:
    return np.zeros((num_frames, num_columns(rig)))


@pytest.mark.parametrize("order", ["YXZ", "ZXY", "ZYX", "XYZ", "Z", "YX"])
def test_points_are_those_of_a_plain_recursion(order: str) -> None:
    rig = xsens(tuple(f"{axis}rotation" for axis in order))
    values = random_values(rig, 7)
    _, body = place(bvh_text(rig, values))
    for frame, row in enumerate(values):
        joints = plain_joints(rig, row)
        for point, joint in XSENS_NAMES.items():
            want = joints[joint][0] / 100.0
            assert np.allclose(body.points[frame, body_index(point)], want, atol=1e-6)
        at, turn = joints["Head"]
        want = (at + turn @ [0, 8.6, 0]) / 100.0
        assert np.allclose(body.points[frame, body_index("head")], want, atol=1e-6)


def test_every_joint_may_have_its_own_order_and_positions() -> None:
    rig = xsens()
    for number, joint in enumerate(rig.walk()):
        if number % 3 == 1:
            joint.channels = ("Xposition", "Yposition", "Zposition", "Xrotation", "Zrotation")
        elif number % 3 == 2:
            joint.channels = ("Zrotation", "Yposition", "Xrotation")
    values = random_values(rig, 4, degrees=25.0)
    _, body = place(bvh_text(rig, values))
    for frame, row in enumerate(values):
        joints = plain_joints(rig, row)
        got = body.points[frame] / body.unit_m
        for point, joint in XSENS_NAMES.items():
            assert np.allclose(got[body_index(point)], joints[joint][0], atol=1e-3)


def test_equals_bvhio(tmp_path: Path) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        bvhio = pytest.importorskip("bvhio")
    rig = human_ik(unit=100.0)
    values = random_values(rig, 3)
    path = tmp_path / "a.bvh"
    path.write_text(bvh_text(rig, values))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        tree = bvhio.readAsHierarchy(str(path))
    _, body = place(path.read_text())
    for frame in range(3):
        tree.loadPose(frame)
        for point, joint in (
            ("l_hand", "LeftHand"),
            ("r_foot", "RightFoot"),
            ("l_toe", "LeftToeBase"),
        ):
            node = next(node for node, _, _ in tree.layout() if node.Name == joint)
            want = np.array(list(node.PositionWorld)) * body.unit_m
            assert np.allclose(body.points[frame, body_index(point)], want, atol=1e-4)


def test_xsens_shoulder_is_the_shoulder_and_humanik_shoulder_the_clavicle() -> None:
    rig, body = place(bvh_text(xsens(), rest(xsens())))
    assert rig.preset.name == "xsens"
    assert body.points[0, body_index("l_shoulder")] == pytest.approx([0.172, 0.483, -0.011])
    ik = human_ik()
    _, body = place(bvh_text(ik, rest(ik)))
    assert body.points[0, body_index("l_shoulder")] == pytest.approx([0.18, 0.45, 0.0])
    assert body.points[0, body_index("l_hip")] == pytest.approx([0.09, -0.05, 0.0])
    assert body.points[0, body_index("head")] == pytest.approx([0.0, 0.7, 0.0])


@pytest.mark.parametrize(
    ("rig", "name"),
    [
        (human_ik(toe="Toe"), "lafan1"),
        (human_ik(), "mixamo"),
        (human_ik(prefix="mixamorig:"), "mixamo"),
        (human_ik(prefix="mixamorig9:"), "mixamo"),
        (human_ik(prefix="Character1_"), "mixamo"),
        (human_ik(prefix="scene|actor:"), "mixamo"),
        (xsens(), "xsens"),
    ],
)
def test_presets_are_told_apart(rig: Joint, name: str) -> None:
    assert place(bvh_text(rig, rest(rig)))[0].preset.name == name


@pytest.mark.parametrize(
    "change", [str.lower, str.upper, lambda text: text.replace("Left", "Left_")]
)
def test_case_and_separators_do_not_matter(change) -> None:
    text = bvh_text(human_ik(), rest(human_ik()))
    assert (
        place(re.sub("(?<=JOINT ).*", lambda name: change(name[0]), text))[1].points.shape[0] == 5
    )


@pytest.mark.parametrize("unit_m", [1.0, 0.01, 0.001, 0.0254, CMU_UNIT_M])
def test_unit_is_found_from_the_size_of_the_body(unit_m: float) -> None:
    rig = human_ik(unit=1.0 / unit_m)
    _, body = place(bvh_text(rig, rest(rig)))
    assert body_height(body.points) == pytest.approx(0.84 + 0.5 + 0.25, rel=1e-5)
    assert body.unit_m == unit_m


def test_a_size_that_no_unit_explains_is_scaled_and_said() -> None:
    rig = human_ik(unit=1e6)
    _, body = place(bvh_text(rig, rest(rig)))
    assert body_height(body.points) == pytest.approx(1.56)
    assert "unit" in body.warnings[0]


def test_a_body_without_size_is_refused() -> None:
    rig = human_ik(unit=0.0)
    with pytest.raises(RejectError, match="implausible_scale"):
        place(bvh_text(rig, rest(rig)))


def z_up(values: np.ndarray, height: float) -> np.ndarray:
    """Root of a y-up rig turned so that it stands along z."""
    turned = values.copy()
    turned[:, 2] += height
    turned[:, 5] += 90.0
    return turned


def test_a_rig_whose_rest_pose_stands_along_z_is_turned() -> None:
    rig = human_ik()
    for joint in rig.walk():
        x, y, z = joint.offset
        joint.offset = (x, -z, y)
        joint.end = joint.end and (joint.end[0], -joint.end[2], joint.end[1])
    _, body = place(bvh_text(rig, rest(rig)))
    plain = human_ik()
    want = place(bvh_text(plain, rest(plain)))[1].points
    assert body.up == "z"
    assert np.allclose(body.points, want, atol=1e-6)


def test_a_y_up_rig_that_stands_on_the_z_plane_is_turned() -> None:
    rig = human_ik()
    values = z_up(rest(rig, 20), 0.95)
    values[:, 1] = np.linspace(-2, 2, 20)  # walks along y
    _, body = place(bvh_text(rig, values))
    assert body.up == "z"
    assert (
        body.points[:, body_index("head"), 1] > body.points[:, body_index("l_foot"), 1] + 1
    ).all()


@pytest.mark.parametrize("angle", [90.0, -90.0])
def test_lying_stays_lying(angle: float) -> None:
    rig = human_ik()
    values = rest(rig, 20)
    values[:, 1] = 0.1
    values[:, 5] = angle
    _, body = place(bvh_text(rig, values))
    assert body.up == "y"
    assert np.ptp(body.points[0, :, 1]) < 0.4


@given(st.floats(-180, 180), st.floats(-5, 5), st.floats(-5, 5))
def test_turning_the_root_turns_the_body_rigidly(yaw: float, x: float, z: float) -> None:
    rig = xsens()
    values = random_values(rig, 3)
    values[:, :6] = [0, 95, 0, 0, 0, 0]
    moved = values.copy()
    moved[:, [0, 2, 3]] = [100 * x, 100 * z, yaw]
    still, turned = (place(bvh_text(rig, rows))[1].points for rows in (values, moved))
    turn = Rotation.from_euler("Y", yaw, degrees=True).as_matrix()
    assert np.allclose(turned, still @ turn.T + [x, 0, z], atol=1e-4)


def t_pose_start(*, jump: bool, num_frames: int = 60) -> str:
    rig = human_ik()
    values = rest(rig, num_frames)
    names = [joint.name for joint in rig.walk()]
    column = dict(zip(names, np.cumsum([0, *(len(j.channels) for j in rig.walk())]), strict=False))
    ramp = np.linspace(0, 1, num_frames)
    lowered = np.where(np.arange(num_frames) > 0, 70.0, 0.0) if jump else 70.0 * ramp
    values[:, column["LeftArm"]] = -lowered - 3 * ramp
    values[:, column["RightArm"]] = lowered
    return bvh_text(rig, values, frame_time=".0083333")


def test_an_added_t_pose_is_dropped_and_a_performed_one_kept() -> None:
    _, body = place(t_pose_start(jump=True))
    assert (body.first_frame, body.points.shape[0]) == (1, 59)
    _, body = place(t_pose_start(jump=False))
    assert (body.first_frame, body.points.shape[0]) == (0, 60)
    file = parse_bvh(t_pose_start(jump=True).encode())
    assert place_body(file, match_rig(file.skeleton), keep_lead_in=True).first_frame == 0


def test_position_channels_that_are_shifts_are_added() -> None:
    rig = human_ik()
    for joint in rig.walk():
        joint.channels = rig.channels
    values = rest(rig)
    _, body = place(bvh_text(rig, values))
    plain = human_ik()
    assert np.allclose(body.points, place(bvh_text(plain, rest(plain)))[1].points, atol=1e-6)
    assert any("shifts" in warning for warning in body.warnings)


def refused(text: str) -> RejectError:
    with pytest.raises(RejectError) as caught:
        match_rig(parse_bvh(text.encode()).skeleton)
    return caught.value


def test_an_unknown_rig_lists_its_joints_and_the_way_out() -> None:
    rig = human_ik()
    for number, joint in enumerate(rig.walk()):
        joint.name = f"bone_{number}x"
    error = refused(bvh_text(rig, rest(rig)))
    assert error.reason is Why.UNKNOWN_RIG
    for word in ("bone_3x", "rig file", "toward_end", *BODY_POINTS):
        assert word in error.detail


@pytest.mark.parametrize("lost", ["LeftForeArm", "RightLeg", "Head", "LeftArm"])
def test_a_known_rig_without_a_joint_says_which(lost: str) -> None:
    rig = human_ik()
    text = re.sub(rf"(JOINT|ROOT) {lost}\n", r"\1 Other\n", bvh_text(rig, rest(rig)))
    error = refused(text)
    assert error.reason is Why.MISSING_JOINTS
    assert f"lacks {lost}" in error.detail


def test_a_needed_name_that_comes_twice_is_refused() -> None:
    error = refused(bvh_text(human_ik(), rest(human_ik())).replace("JOINT Spine", "JOINT Head"))
    assert error.reason is Why.MALFORMED


def test_every_preset_has_every_point_and_its_own_name() -> None:
    assert len({preset.name for preset in RIG_PRESETS}) == len(RIG_PRESETS)
    for preset in RIG_PRESETS:
        assert set(preset.points) == set(BODY_POINTS)
