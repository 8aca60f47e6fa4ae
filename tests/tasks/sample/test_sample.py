"""The written folders have the exact forms of their datasets, and the same bytes in every run."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import pickle
import time
import warnings
from pathlib import Path

import numpy as np
import pytest
from scipy.spatial.transform import Rotation

from datasets_spec.skeleton import body_index
from tasks.sample.sample import sample_bodies, sample_sources, write_sample
from tasks.sample.truth import SampleTruth
from tasks.sample.write_amass import AMASS_STATURE_M, REST_PELVIS
from tasks.sample.write_bvh import CMU_UNIT_M
from tasks.sample.write_style100 import write_style100
from tasks.synthesize.engine.body import PARENTS, make_body


@pytest.fixture(scope="module")
def sample(tmp_path_factory) -> tuple[Path, tuple[SampleTruth, ...]]:
    root = tmp_path_factory.mktemp("sample")
    return root, sample_bodies(root, seed=0)


def digests(root: Path) -> dict[str, str]:
    files = sorted(path for path in root.rglob("*") if path.is_file())
    return {str(p.relative_to(root)): hashlib.sha256(p.read_bytes()).hexdigest() for p in files}


def of(truths, source):
    return [truth for truth in truths if truth.source == source]


def test_same_seed_same_bytes(sample, tmp_path):
    root, _ = sample
    start = time.perf_counter()
    sources = write_sample(tmp_path, seed=0)
    assert time.perf_counter() - start < 60
    assert digests(tmp_path) == digests(root)
    assert sources == sample_sources(tmp_path)
    assert [source.name for source in sources] == ["amass", "100style", "interhuman", "ntu", "bvh"]


def test_another_seed_other_motion(sample, tmp_path):
    root, _ = sample
    write_style100(tmp_path / "100STYLE", seed=1)
    mine, other = digests(root), digests(tmp_path)
    assert other.keys() == {name for name in mine if name.startswith("100STYLE/")}
    walk = "100STYLE/Neutral/Neutral_FW.bvh"
    assert mine[walk] != other[walk]


def test_size(sample):
    root, truths = sample
    assert sum(path.stat().st_size for path in root.rglob("*") if path.is_file()) < 25e6
    assert 30 <= len(truths) <= 60
    for truth in truths:
        assert all(points.dtype == np.float32 for points in truth.points)
        assert all(points.shape[1:] == (15, 3) for points in truth.points)
        assert all(np.isfinite(points).all() for points in truth.points)


def test_amass_keys_and_shapes(sample):
    root, truths = sample
    genders, rates = set(), set()
    for truth in of(truths, "amass"):
        with np.load(root / "amass" / truth.path, allow_pickle=False) as data:
            num_frames = len(truth.points[0])
            if truth.path.endswith("_stageii.npz"):
                assert data["poses"].shape == (num_frames, 165)
                assert data["root_orient"].shape == (num_frames, 3)
                assert data["pose_body"].shape == (num_frames, 63)
                assert float(data["mocap_frame_rate"]) == truth.fps
                assert "mocap_framerate" not in data
            else:
                assert data["poses"].shape == (num_frames, 156)
                assert float(data["mocap_framerate"]) == truth.fps
            assert data["betas"].shape == (16,)
            assert data["trans"].dtype == np.float64
            genders.add(data["gender"].dtype.kind)
            rates.add(truth.fps)
    assert genders == {"S", "U"}
    assert rates == {120.00004577636719, 120.0, 100.0, 60.0}
    assert list((root / "amass").rglob("shape.npz"))
    assert list((root / "amass").rglob("neutral_stagei.npz"))
    assert list((root / "amass").rglob("._*"))
    assert any(" " in truth.path for truth in of(truths, "amass"))


def test_amass_stands_upright_and_gives_back_the_points(sample):
    root, truths = sample
    body = make_body(stature=AMASS_STATURE_M)
    truth = of(truths, "amass")[0]
    with np.load(root / "amass" / truth.path) as data:
        vectors = data["poses"][:, :66].reshape(-1, 22, 3)
        pelvis = data["trans"] + np.array(REST_PELVIS)
    turns = Rotation.from_rotvec(vectors.reshape(-1, 3)).as_matrix().reshape(-1, 22, 3, 3)
    places = np.zeros((len(turns), 22, 3))
    world = turns.copy()
    places[:, 0] = pelvis
    for joint in range(1, 22):
        parent = PARENTS[joint]
        world[:, joint] = world[:, parent] @ turns[:, joint]
        places[:, joint] = places[:, parent] + world[:, parent] @ body.offsets[joint]
    y_up = places[..., [0, 2, 1]] * np.array([1.0, 1.0, -1.0])
    wrists = truth.points[0][:, [body_index("l_hand"), body_index("r_hand")]]
    np.testing.assert_allclose(y_up[:, [20, 21]], wrists, atol=2e-5)
    assert 0.7 < places[:, 0, 2].mean() < 1.1


def test_babel_and_humanml3d_point_at_files(sample):
    root, truths = sample
    stems = {Path(truth.path).stem.replace("_stageii", "_poses") for truth in of(truths, "amass")}
    seen = 0
    for name in ("train", "val", "extra_train"):
        table = json.loads((root / "babel" / f"{name}.json").read_text())
        for sid, entry in table.items():
            assert entry["babel_sid"] == int(sid)
            assert Path(entry["feat_p"]).stem in stems
            plural = "seq_anns" in entry
            assert plural == (name == "extra_train")
            labels = entry["seq_anns"][0] if plural else entry["seq_ann"]
            assert labels["labels"][0]["act_cat"]
            seen += 1
    assert seen >= 5
    rows = list(csv.DictReader(io.StringIO((root / "humanml3d/index.csv").read_text())))
    assert list(rows[0]) == ["source_path", "start_frame", "end_frame", "new_name"]
    for row in rows[:-1]:
        assert Path(row["source_path"]).stem in stems
        text = root / "humanml3d/texts" / row["new_name"].replace(".npy", ".txt")
        for line in text.read_text().splitlines():
            assert len(line.split("#")) == 4


@pytest.mark.parametrize("style", ["Neutral", "ArmsAboveHead", "Depressed"])
def test_100style_columns_and_cuts(sample, style):
    root, _ = sample
    with (root / "100STYLE/Frame_Cuts.csv").open(encoding="utf-8-sig") as file:
        table = {row["STYLE_NAME"]: row for row in csv.DictReader(file)}
    assert len(table[style]) == 21
    assert "N/A" in table[style].values()
    for path in sorted((root / "100STYLE" / style).glob(f"{style}_*.bvh")):
        text = path.read_text()
        lines = text.splitlines()
        assert text.count("JOINT ") == 22
        assert text.count("End Site") == 5
        at = lines.index("MOTION")
        num_frames = int(lines[at + 1].split()[1])
        assert lines[at + 2] == "Frame Time: 0.016667"
        assert len(lines) - at - 3 == num_frames
        assert {len(line.split()) for line in lines[at + 3 :]} == {72}
        gait = path.stem.rsplit("_", 1)[1]
        start, stop = int(table[style][f"{gait}_START"]), int(table[style][f"{gait}_STOP"])
        assert 0 < start < stop < num_frames
        rest = [float(word) for word in lines[at + 3].split()]
        assert not any(rest[3:]), "the first frame is a T-pose"


def test_style_descriptions_hold_commas(sample):
    root, _ = sample
    with (root / "100STYLE/Dataset_List.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    assert set(rows[0]) == {"Style Name", "Description", "Stochastic", "Symmetric"}
    assert any("," in row["Description"] for row in rows)


def bvhio_places(path: Path, names: list[str], frames: list[int], tmp_path: Path) -> np.ndarray:
    """World places of joints as an independent reader sees them, (F, N, 3)."""
    with warnings.catch_warnings():
        # the package imports its vector library by a name that is going away
        warnings.simplefilter("ignore")
        import bvhio
    lines = path.read_text().splitlines()
    at = lines.index("MOTION")
    # the reader is slow: hand it only the frames that are looked at
    rows = [lines[at + 3 + frame] for frame in frames]
    head = [*lines[: at + 1], f"Frames: {len(rows)}", lines[at + 2]]
    few = tmp_path / path.name
    few.write_text("\n".join([*head, *rows]) + "\n")
    tree = bvhio.readAsHierarchy(str(few))
    joints = {joint.Name: joint for joint, _, _ in tree.layout()}
    out = []
    for frame in range(len(rows)):
        tree.loadPose(frame)
        out.append([tuple(joints[name].PositionWorld) for name in names])
    return np.array(out, dtype=float)


@pytest.mark.parametrize(
    ("source", "folder", "index", "names", "unit"),
    [
        ("100style", "100STYLE", 1, ["LeftWrist", "RightAnkle", "LeftKnee"], 0.01),
        ("bvh", "bvh", 0, ["LeftHand", "RightFoot", "LeftLeg"], CMU_UNIT_M),
        ("bvh", "bvh", 6, ["lHand", "rFoot", "lShin"], 0.01),
    ],
)
def test_bvh_gives_back_the_points(sample, source, folder, index, names, unit, tmp_path):
    root, truths = sample
    truth = of(truths, source)[index]
    frames = [0, 7, len(truth.points[0]) - 1]
    places = bvhio_places(
        root / folder / truth.path, names, [frame + truth.first_frame for frame in frames], tmp_path
    )
    rows = [body_index("l_hand"), body_index("r_foot"), body_index("l_knee")]
    np.testing.assert_allclose(places * unit, truth.points[0][frames][:, rows], atol=5e-4)


def test_bvh_rigs(sample):
    root, _ = sample
    cmu = (root / "bvh/cmu/80/80_01.bvh").read_text()
    assert cmu.count("JOINT ") + 1 == 31
    daz = (root / "bvh/daz/80/80_01.bvh").read_bytes()
    assert daz.count(b"JOINT ") + 1 == 43
    assert b"\r\n" in daz
    assert (root / "bvh/faulty/empty.bvh").stat().st_size == 0
    rows = (root / "bvh/captions.csv").read_text().splitlines()
    assert rows[0] == "motion_id,description"


def test_cmu_first_frame_is_a_t_pose(sample, tmp_path):
    root, _ = sample
    path = root / "bvh/cmu/80/80_01.bvh"
    names = ["LeftArm", "LeftHand", "RightHand", "LeftFoot", "LeftUpLeg"]
    arm, left, right, foot, hip = bvhio_places(path, names, [0, 1], tmp_path)[0]
    assert left[1] == pytest.approx(arm[1], abs=0.01)
    assert left[0] > 0 > right[0] or left[0] - right[0] > 15
    assert foot[0] == pytest.approx(hip[0], abs=0.05)


def test_interhuman_arrays(sample):
    root, truths = sample
    folder = root / "interhuman"
    for truth in of(truths, "interhuman"):
        if truth.path.endswith(".pkl"):
            continue
        for person in (1, 2):
            name = Path(truth.path).name
            data = np.load(folder / f"motions_processed/person{person}" / name)
            assert data.dtype == np.float32
            assert data.shape == (len(truth.points[0]), 492)
            joints = data[:, :66].reshape(-1, 22, 3)
            y_up = joints[..., [0, 2, 1]] * np.array([1.0, 1.0, -1.0])
            np.testing.assert_allclose(
                y_up[:, 20], truth.points[person - 1][:, body_index("l_hand")], atol=1e-5
            )
    captions = (folder / "annots/1000.txt").read_text()
    assert len([line for line in captions.splitlines() if line.strip()]) == 3
    assert (folder / "split/train.txt").read_text().endswith("\n")
    assert not (folder / "split/test.txt").read_text().endswith("\n")


def test_interhuman_pickles(sample):
    root, _ = sample
    good = pickle.loads((root / "interhuman/motions/1007.pkl").read_bytes())
    assert good["mocap_framerate"] == 59.94
    assert good["person1"]["pose_body"].shape == (good["frames"], 63)
    bad = pickle.loads((root / "interhuman/motions/1008.pkl").read_bytes())
    assert bad["person2"]["trans"].size == 0


def read_skeleton(path: Path) -> list[list[tuple[int, np.ndarray]]]:
    lines = path.read_text().splitlines()
    at, frames = 1, []
    for _ in range(int(lines[0])):
        bodies = []
        count, at = int(lines[at]), at + 1
        for _ in range(count):
            head = lines[at].split()
            assert len(head) == 10
            assert lines[at + 1] == "25"
            rows = [line.split() for line in lines[at + 2 : at + 27]]
            assert {len(row) for row in rows} == {12}
            bodies.append((int(head[0]), np.array(rows, dtype=float)))
            at += 27
        frames.append(bodies)
    assert at == len(lines)
    return frames


def test_ntu_grammar_and_geometry(sample):
    root, truths = sample
    faces = {}
    for truth in of(truths, "ntu"):
        frames = read_skeleton(root / "ntu" / truth.path)
        assert len(frames) == len(truth.points[0])
        ids = {body[0] for frame in frames for body in frame}
        assert min(ids) > 2**53
        if len(truth.points) == 2:
            assert max(ids) - min(ids) == 1
        else:
            wrist = np.array(
                [frame[0][1][6, :3] if frame else np.full(3, np.nan) for frame in frames]
            )
            error = wrist - truth.points[0][:, body_index("l_hand")]
            assert np.nanmean(np.abs(error)) < 0.02
        points = truth.points[0]
        assert 2.5 < points[..., 2].mean() < 4.5
        assert points[..., 1].min() == pytest.approx(-1.0, abs=0.1)
        faces[truth.path[-20:-16]] = points
    front = next(t for t in of(truths, "ntu") if "S001C002P003R002A023" in t.path).points[0]
    # a subject who faces the sensor has his left at smaller x, and his toes nearer
    assert (front[:, body_index("l_shoulder"), 0] < front[:, body_index("r_shoulder"), 0]).all()
    assert (front[:, body_index("l_toe"), 2] < front[:, body_index("l_foot"), 2]).all()


def test_ntu_faults(sample):
    root, _ = sample
    home = root / "ntu/nturgb+d_skeletons"
    counts = [len(frame) for frame in read_skeleton(home / "S001C002P002R001A010.skeleton")]
    assert counts[20] == 0
    counts = [len(frame) for frame in read_skeleton(home / "S001C002P001R001A001.skeleton")]
    assert counts.count(2) == 5
    switched = read_skeleton(home / "S018C002P008R001A080.skeleton")
    assert len({frame[0][0] for frame in switched}) == 2
    assert len(list(home.glob("S001C00?P003R002A023.skeleton"))) == 3
    with pytest.raises((IndexError, ValueError, AssertionError)):
        read_skeleton(home / "S001C001P003R001A031.skeleton")
