"""Sources whose world is z up come out standing, the right way round."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.spatial.transform import Rotation

from datasets_spec.skeleton import BODY_POINTS, joint_index
from tasks.config import RetargetConfig, SourceConfig
from tasks.ingest.registry import make_reader
from tasks.retarget.clip import StickClip
from tasks.retarget.retarget import retarget_sequence
from tasks.sample.motion import Motion
from tasks.synthesize.engine.body import make_body
from tests.invariants.played import points_of, sequence_of

TO_Z_UP = Rotation.from_euler("x", 90, degrees=True)
FRAMES = 40
PLACES = st.tuples(st.floats(-4, 4), st.floats(-4, 4))
YAWS = st.floats(-180, 180)


def front_views(clips: tuple[StickClip, ...]) -> list[StickClip]:
    return [clip for clip in clips if abs(clip.view_azimuth_deg) < 80]


def check_standing(clips: tuple[StickClip, ...]) -> None:
    """Head up, feet down, as tall as a body, in whatever view."""
    for clip in clips:
        head, pelvis = clip.joints[:, joint_index("head")], clip.joints[:, joint_index("pelvis")]
        feet = clip.joints[:, [joint_index("l_foot"), joint_index("r_foot")]]
        assert (head[:, 1] > pelvis[:, 1] + 0.3).all()
        assert (pelvis[:, 1] > feet[..., 1].max(axis=1) + 0.3).all()
        # head centre over ankles: the rest of H is below the ankle
        assert np.ptp(clip.joints[..., 1], axis=1) == pytest.approx(0.95, abs=0.08)
        assert clip.joints[..., 1].min() == pytest.approx(0.0, abs=0.06)
        # from above, the trunk would have no length in the picture
        assert np.abs(head[:, 0] - pelvis[:, 0]).max() < 0.15


def check_sides(clips: tuple[StickClip, ...]) -> None:
    """Seen from the front, the left hand of a T-pose is at +x, far from the right one."""
    assert front_views(clips)
    for clip in front_views(clips):
        left, right = (clip.joints[:, joint_index(f"{side}_hand"), 0] for side in "lr")
        across = 2 * np.cos(np.radians(clip.view_azimuth_deg)) * 0.4
        assert (left - right > 0.7 * across).all()
        level = clip.joints[:, [joint_index("l_hand"), joint_index("r_hand")], 1]
        assert np.abs(level[:, 0] - level[:, 1]).max() < 0.02
    for clip in clips:
        toes = [BODY_POINTS.index(f"{side}_toe") for side in "lr"]
        ankles = [BODY_POINTS.index(f"{side}_foot") for side in "lr"]
        ahead = (clip.points[:, toes] - clip.points[:, ankles]).mean(axis=1)
        # the front is towards the viewer at azimuth 0, and to +x at 90 degrees
        phi = np.radians(clip.view_azimuth_deg)
        forward = np.array([np.sin(phi), 0.0, np.cos(phi)])
        assert (ahead @ forward > 0.02).all()


def read_clips(config: SourceConfig, *, num_views: int = 2) -> tuple[StickClip, ...]:
    reader = make_reader(config, "")
    make_reader.cache_clear()
    (item,) = reader.discover(Path(config.path)).items
    (sequence,) = reader.read(Path(config.path), item)
    result = retarget_sequence(sequence, RetargetConfig(num_views=num_views), licence="x")
    assert not result.rejects, result.rejects
    return result.clips


def write_amass(path: Path, root: Rotation, *, place, columns: int, split: bool) -> None:
    poses = np.zeros((FRAMES, columns))
    poses[:, :3] = root.as_rotvec()
    arrays = {
        "trans": np.tile([*place, 1.2], (FRAMES, 1)),
        "betas": np.zeros(16),
        "gender": np.array("neutral"),
        "mocap_frame_rate" if split else "mocap_framerate": np.array(60.0),
    }
    if split:
        arrays |= {"root_orient": poses[:, :3], "pose_body": poses[:, 3:66]}
    else:
        arrays["poses"] = poses
    path.parent.mkdir(parents=True, exist_ok=True)
    np.savez(path, **arrays)


@settings(max_examples=12)
@given(
    yaw=YAWS,
    place=PLACES,
    columns=st.sampled_from([72, 156, 165]),
    split=st.booleans(),
)
def test_amass(yaw, place, columns, split, tmp_path_factory):
    folder = tmp_path_factory.mktemp("amass")
    root = Rotation.from_euler("z", yaw, degrees=True) * TO_Z_UP
    name = "T_stageii.npz" if split else "T_poses.npz"
    write_amass(folder / "Set/s1" / name, root, place=place, columns=columns, split=split)
    clips = read_clips(SourceConfig(name="amass", path=str(folder)))
    check_standing(clips)
    check_sides(clips)


@settings(max_examples=5)
@given(yaw=YAWS)
def test_amass_without_the_upright_turn_lies(yaw, tmp_path_factory):
    folder = tmp_path_factory.mktemp("amass")
    # the body's own axes are y up: in a world with z up it lies on its back
    root = Rotation.from_euler("z", yaw, degrees=True)
    write_amass(folder / "Set/s1/L_poses.npz", root, place=(0, 0), columns=156, split=False)
    for clip in read_clips(SourceConfig(name="amass", path=str(folder)), num_views=1):
        assert np.ptp(clip.joints[..., 1], axis=1).max() < 0.3
        assert np.ptp(clip.joints[..., 0], axis=1).min() > 0.7


def t_pose() -> np.ndarray:
    """The 22 joints, shape (22, 3), metres, y up, facing +z."""
    body = make_body()
    still = Motion(
        body=body,
        fps=30.0,
        rotations=np.tile(np.eye(3), (1, 22, 1, 1)),
        pelvis=np.array([[0.0, body.hip_height, 0.0]]),
        spans=(),
        caption="",
    )
    return np.asarray(still.joints[0])


@settings(max_examples=12)
@given(
    yaws=st.tuples(YAWS, YAWS),
    places=st.tuples(PLACES, PLACES),
    columns=st.sampled_from([492, 66, 192]),
)
def test_interhuman(yaws, places, columns, tmp_path_factory):
    folder = tmp_path_factory.mktemp("interhuman")
    (folder / "annots").mkdir()
    (folder / "annots/7.txt").write_text("Two people stand.\n")
    for person, yaw, place in zip((1, 2), yaws, places, strict=True):
        turn = Rotation.from_euler("z", yaw, degrees=True) * TO_Z_UP
        joints = turn.apply(t_pose()) + np.array([*place, 0.0])
        table = np.zeros((FRAMES, columns), dtype=np.float32)
        table[:, :66] = joints.ravel()
        target = folder / f"motions_processed/person{person}/7.npy"
        target.parent.mkdir(parents=True)
        np.save(target, table)
    clips = read_clips(SourceConfig(name="interhuman", path=str(folder)))
    assert len(clips) == 4
    check_standing(clips)
    apart_m = np.hypot(*np.subtract(*places))
    for first, second in zip(clips[::2], clips[1::2], strict=True):
        gap = first.points[:, 7:9].mean(axis=1) - second.points[:, 7:9].mean(axis=1)
        got = np.linalg.norm(gap, axis=1) * first.body_height_m
        assert got == pytest.approx(apart_m, abs=1e-4)
    if apart_m > 0.35:
        # the first person stands left
        roots = [clip.joints[0, joint_index("pelvis"), 0] for clip in clips[:2]]
        assert roots[0] < roots[1]
    check_sides_of_anyone(clips)


def check_sides_of_anyone(clips: tuple[StickClip, ...]) -> None:
    """The left is left of the way the toes point: no body was turned inside out."""
    for clip in clips:
        part = {name: clip.points[:, row] for row, name in enumerate(BODY_POINTS)}
        ahead = part["l_toe"] - part["l_foot"] + part["r_toe"] - part["r_foot"]
        left = part["l_shoulder"] - part["r_shoulder"] + part["l_hip"] - part["r_hip"]
        agree = (np.cross([0.0, 1.0, 0.0], ahead) * left).sum(axis=1) > 0
        assert agree.mean() > 0.95


def test_every_source_of_the_sample_stands(sample_tree):
    """All formats at once: who stands in the truth stands in the figure."""
    for name, config in sample_tree.sources.items():
        reader = make_reader(config, "")
        items = {item.paths[0]: item for item in reader.discover(Path(config.path)).items}
        truth = next(t for t in sample_tree.truths if t.source == name)
        (sequence,) = reader.read(Path(config.path), items[truth.path])
        clips = retarget_sequence(sequence, RetargetConfig(), licence="x").clips
        assert clips
        for clip in clips:
            over = clip.joints[:, joint_index("head"), 1] - clip.joints[..., 1].min(axis=1)
            assert np.median(over) == pytest.approx(0.95, abs=0.1), name
        check_sides_of_anyone(clips)


def test_played_motion_faces_the_viewer_in_a_front_view():
    sequence = sequence_of(points_of("celebrate"), fps=60.0)
    result = retarget_sequence(sequence, RetargetConfig(num_views=4), licence="x")
    for clip in front_views(result.clips):
        shoulders = [BODY_POINTS.index("l_shoulder"), BODY_POINTS.index("r_shoulder")]
        left, right = (clip.points[:, row, 0] for row in shoulders)
        assert (left > right).mean() > 0.95
