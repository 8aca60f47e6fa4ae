"""A user's rig file: read in JSON and YAML, all faults at once."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
import yaml

from datasets_spec.errors import ConfigError, RejectError
from tasks.ingest.bvh_body import place_body
from tasks.ingest.bvh_file import parse_bvh
from tasks.ingest.bvh_rig import match_rig
from tasks.ingest.rig_file import load_rig
from tests.tasks.ingest.bvh_writer import bvh_text, human_ik, num_columns

POINTS = {
    "head": {"joint": "b_Head", "toward_end": 0.5},
    **{
        f"{side[0].lower()}_{point}": f"b_{side}{joint}"
        for side in ("Left", "Right")
        for point, joint in (
            ("shoulder", "Arm"),
            ("elbow", "ForeArm"),
            ("hand", "Hand"),
            ("hip", "UpLeg"),
            ("knee", "Leg"),
            ("foot", "Foot"),
        )
    },
}
RIG = {"name": "mine", "unit_m": 0.02, "up": "y", "points": POINTS}


def write(folder: Path, data: object, *, as_json: bool = True) -> Path:
    path = folder / "rig.yaml"
    path.write_text(json.dumps(data) if as_json else yaml.safe_dump(data), encoding="utf-8")
    return path


@pytest.mark.parametrize("as_json", [True, False])
def test_maps_an_unknown_rig(tmp_path: Path, *, as_json: bool) -> None:
    rig = human_ik(unit=50.0)
    for joint in rig.walk():
        joint.name = "b_" + {"Hips": "Root", "Neck": "N1"}.get(joint.name, joint.name) + "Q"
    text = bvh_text(rig, np.zeros((2, num_columns(rig))))
    points = {
        k: v + "Q" if isinstance(v, str) else {**v, "joint": "b_HeadQ"} for k, v in POINTS.items()
    }
    user = load_rig(write(tmp_path, {**RIG, "points": points}, as_json=as_json))
    file = parse_bvh(text.encode())
    placed = match_rig(file.skeleton, user)
    body = place_body(file, placed)
    assert placed.preset.name == "mine"
    assert body.unit_m == 0.02
    assert body.points[0, 0] == pytest.approx([0, 0.7, 0], abs=1e-6)
    # toes were left out: a joint without an end of its own is the foot
    assert body.points[0, -1, 1] <= body.points[0, -3, 1]


def test_goes_before_presets_where_it_fits_only(tmp_path: Path) -> None:
    user = load_rig(write(tmp_path, {**RIG, "points": {**POINTS, "l_hand": "b_LeftToeBase"}}))
    rig = human_ik(prefix="b_")
    file = parse_bvh(bvh_text(rig, np.zeros((1, num_columns(rig)))).encode())
    assert match_rig(file.skeleton, user).preset.name == "mine"
    rig = human_ik()
    file = parse_bvh(bvh_text(rig, np.zeros((1, num_columns(rig)))).encode())
    assert match_rig(file.skeleton, user).preset.name == "mixamo"


def test_a_rig_that_lacks_a_joint_names_it(tmp_path: Path) -> None:
    user = load_rig(write(tmp_path, {**RIG, "points": {**POINTS, "l_hand": "b_Palm"}}))
    rig = human_ik(prefix="b_")
    for joint in rig.walk():
        joint.name = joint.name.replace("RightLeg", "RightShank").replace("LeftHand", "LeftPaw")
    file = parse_bvh(bvh_text(rig, np.zeros((1, num_columns(rig)))).encode())
    with pytest.raises(RejectError, match="rig file mine lacks b_Palm, b_RightLeg"):
        match_rig(file.skeleton, user)


def test_all_faults_are_listed_at_once(tmp_path: Path) -> None:
    bad = {
        "unit_m": -1,
        "up": "x",
        "colour": "red",
        "points": {"head": 3, "tail": "T", "l_hand": {"joint": "H", "toward_end": "far"}},
    }
    with pytest.raises(ConfigError) as caught:
        load_rig(write(tmp_path, bad))
    for word in ("unit_m", "up:", "colour", "head", "tail", "l_hand", "r_foot is missing"):
        assert word in str(caught.value)


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"- a\n- b\n",
        b"a: [",
        b"\xff\xfe\x00",
        b"!!python/object/apply:os.system ['true']",
        b"[" * 400,
    ],
)
def test_other_content_is_refused(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "rig.yaml"
    path.write_bytes(content)
    with pytest.raises(ConfigError, match=r"rig\.yaml"):
        load_rig(path)


def test_an_absent_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="cannot be read"):
        load_rig(tmp_path / "none.yaml")
