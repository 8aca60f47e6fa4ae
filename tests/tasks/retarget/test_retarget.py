from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from datasets_spec.motion import Label
from datasets_spec.skeleton import BODY_MIRROR, MIRROR, body_index, joint_index
from datasets_spec.stage_index import INGEST_COLUMNS, RETARGET_COLUMNS
from tasks.config import RetargetConfig
from tasks.retarget.body import bone_lengths, root_of
from tasks.retarget.facts import clip_facts, sequence_facts
from tasks.retarget.retarget import retarget_sequence
from tests.tasks.retarget.made_up import HEIGHT, rolled, sequence_of, stander, turned, walker

REFLECT = np.array([-1.0, 1.0, 1.0])


def run(sequence, **config):
    return retarget_sequence(sequence, RetargetConfig(**config), licence="CC0")


def clips(sequence, **config):
    result = run(sequence, **config)
    assert not result.rejects, result.rejects
    return result.clips


def test_a_walk_is_seen_from_the_side_and_stands_on_the_floor():
    (clip,) = clips(sequence_of(walker(seconds=4.0)))
    assert clip.clip_id == "bvh/made/up/w00/a0/v0"
    assert clip.subject_id == "bvh:s0"
    assert clip.partner_clip_id is None
    assert clip.joints.shape == (101, 10, 2)
    assert (clip.origin_first_frame, clip.origin_last_frame) == (3, 3 + 480)
    assert 60 <= clip.view_azimuth_deg <= 75
    assert clip.body_height_m == pytest.approx(HEIGHT, rel=0.01)
    pelvis = clip.joints[:, joint_index("pelvis")]
    assert pelvis[0, 0] == pytest.approx(0, abs=1e-6)
    assert pelvis[-1, 0] > 1.5
    feet = clip.joints[:, [joint_index("l_foot"), joint_index("r_foot")], 1].min(axis=1)
    assert np.abs(feet).max() < 0.02
    assert np.median(clip.joints[:, joint_index("head"), 1]) == pytest.approx(0.95, abs=0.05)
    assert clip.camera.shape == (101, 3)
    assert np.ptp(clip.camera, axis=0).max() == 0


def test_front_view_has_the_left_hand_at_plus_x():
    side_to_side = stander(swing=0.0, sway=0.1)
    (clip,) = clips(sequence_of(side_to_side))
    assert abs(clip.view_azimuth_deg) == pytest.approx(20)
    joints = clip.joints.mean(axis=0)
    assert joints[joint_index("l_hand"), 0] > joints[joint_index("r_hand"), 0] + 0.2
    assert clip.depth[0, joint_index("l_knee")] == pytest.approx(clip.points[0, 9, 2], abs=1e-6)


@given(
    angle=st.floats(-3.1, 3.1),
    x=st.floats(-5, 5),
    z=st.floats(-5, 5),
    y=st.floats(-1, 1),
    stride=st.sampled_from([0.0, 0.4, 0.8]),
    phase=st.floats(0.05, 0.95),
)
def test_rigid_motion_changes_nothing(angle, x, y, z, stride, phase):
    body = walker(seconds=1.5, fps=60.0, stride=stride, phase=phase)
    (one,) = clips(sequence_of(body, fps=60.0))
    (other,) = clips(sequence_of(turned(body, angle, (x, y, z)), fps=60.0))
    assert other.view_azimuth_deg == pytest.approx(one.view_azimuth_deg, abs=0.02)
    for name in ("joints", "depth", "points"):
        assert getattr(other, name) == pytest.approx(getattr(one, name), abs=5e-4)
    assert other.physics == pytest.approx(one.physics, abs=0.02)


@given(phase=st.floats(0.05, 0.95), stride=st.sampled_from([0.0, 0.4, 0.8]), num=st.integers(1, 3))
def test_the_mirror_image_gives_the_mirror_image(phase, stride, num):
    body = walker(seconds=1.5, fps=60.0, stride=stride, phase=phase)
    # a walk straight ahead is nearly its own mirror image: nothing would decide the side
    body[..., 0] += 0.1 * np.arange(body.shape[0])[:, None] / 60.0
    body = turned(body, 0.3)
    straight = clips(sequence_of(body, fps=60.0), num_views=num)
    mirrored = clips(sequence_of(body[:, BODY_MIRROR] * REFLECT, fps=60.0), num_views=num)
    for one, other in zip(straight, mirrored, strict=True):
        # 180 and -180 are one view
        turn = np.radians(other.view_azimuth_deg + one.view_azimuth_deg)
        assert abs(np.sin(turn / 2)) < 1e-4
        assert other.joints[:, MIRROR] * [-1, 1] == pytest.approx(one.joints, abs=2e-4)
        assert other.depth[:, MIRROR] == pytest.approx(one.depth, abs=2e-4)


def test_the_mirror_image_of_a_pair_is_seen_from_behind():
    first, second = walker(seconds=2.0, stride=0.3), turned(stander(seconds=2.0), 3.0, (1.0, 0, 1))
    pair = clips(sequence_of(first, second))
    image = [body[:, BODY_MIRROR] * REFLECT for body in (first, second)]
    for one, other in zip(pair, clips(sequence_of(*image)), strict=True):
        assert other.joints[:, MIRROR] == pytest.approx(one.joints, abs=1e-4)
        assert other.depth[:, MIRROR] == pytest.approx(-one.depth, abs=1e-4)


@pytest.mark.parametrize("fps", [25.0, 30.0, 60.0, 119.88, 120.0, 250.0])
def test_time_is_never_stretched(fps):
    body = walker(seconds=2.0, fps=fps)
    (clip,) = clips(sequence_of(body, fps=fps))
    assert clip.joints.shape[0] in (50, 51)
    speed = np.diff(clip.points[:, 7, 2]).mean() * 25 * clip.body_height_m
    forward = np.sin(np.radians(clip.view_azimuth_deg))
    side = np.diff(clip.points[:, 7, 0]).mean() * 25 * clip.body_height_m
    assert np.hypot(speed, side) == pytest.approx(0.8 * 0.8, rel=0.05)
    assert forward > 0.8


def test_own_rate_is_the_identity():
    body = walker(seconds=2.0, fps=25.0)
    (clip,) = clips(sequence_of(body, fps=25.0))
    lengths = bone_lengths(clip.points) * clip.body_height_m
    assert lengths == pytest.approx(bone_lengths(body.astype(np.float32)), abs=1e-5)
    for row in range(15):
        away = np.linalg.norm(clip.points[:, row] - clip.points[:, 0], axis=1)
        true = np.linalg.norm(body[:, row] - body[:, 0], axis=1)
        assert away * clip.body_height_m == pytest.approx(true, abs=1e-5)


@pytest.mark.parametrize("fps", [30.0, 60.0, 120.0])
def test_bone_lengths_hold(fps):
    (clip,) = clips(sequence_of(walker(seconds=3.0, fps=fps, pace=0.5), fps=fps))
    lengths = bone_lengths(clip.points)
    assert np.abs(lengths / np.median(lengths, axis=0) - 1).max() < 0.01


def test_lying_stays_lying_and_is_seen_from_the_side():
    body = stander(seconds=3.0)
    lying = rolled(body, np.full(body.shape[0], np.pi / 2))
    lying[..., 1] += 0.1 - lying[..., 1].min()
    (clip,) = clips(sequence_of(turned(lying, 0.7)))
    assert np.ptp(clip.joints[..., 1], axis=1).max() < 0.5
    assert np.ptp(clip.joints[..., 0], axis=1).min() > 0.8
    assert clip.joints[..., 1].max() < 0.5


def test_a_cartwheel_turns_over():
    body = stander(seconds=3.0, swing=0.1)
    hands = [body_index("l_hand"), body_index("r_hand")]
    for side, sign in (("l_", 1.0), ("r_", -1.0)):
        up = body[:, body_index(side + "shoulder")]
        body[:, body_index(side + "elbow")] = up + np.array([0.1 * sign, 0.28, 0])
        body[:, body_index(side + "hand")] = up + np.array([0.1 * sign, 0.54, 0])
    angles = np.interp(np.arange(body.shape[0]), [120, 240], [0.0, 2 * np.pi])
    wheel = rolled(body, angles)
    wheel[..., 0] += np.interp(np.arange(body.shape[0]), [120, 240], [0.0, 2.0])[:, None]
    (clip,) = clips(sequence_of(wheel))
    feet = [body_index("l_foot"), body_index("r_foot")]
    below = clip.points[:, hands, 1].max(axis=1) < clip.points[:, feet, 1].min(axis=1)
    assert 3 <= below.sum() < 30
    assert not below[:20].any()
    assert not below[-20:].any()
    assert clip.points[37, body_index("head"), 1] < clip.points[37, body_index("l_hip"), 1]


def test_pairs_keep_their_distance_and_the_first_stands_left():
    first, second = walker(seconds=2.0, stride=0.3), turned(stander(seconds=2.0), 3.0, (0.4, 0, 2))
    one, two = clips(sequence_of(first, second))
    assert (one.partner_clip_id, two.partner_clip_id) == (two.clip_id, one.clip_id)
    assert one.scene_id == two.scene_id
    assert one.body_height_m == two.body_height_m
    gap = np.linalg.norm(root_of(one.points) - root_of(two.points), axis=1)
    true = np.linalg.norm(root_of(first) - root_of(second), axis=1)[[0, 240]]
    assert gap[[0, -1]] * one.body_height_m == pytest.approx(true, abs=1e-3)
    pelvis = joint_index("pelvis")
    assert one.joints[:, pelvis, 0].mean() < two.joints[:, pelvis, 0].mean() - 0.5
    assert one.joints[0, pelvis, 0] + two.joints[0, pelvis, 0] == pytest.approx(0, abs=1e-6)
    assert np.array_equal(one.camera, two.camera)


def test_a_pair_is_rejected_whole():
    first, second = walker(seconds=2.0), turned(stander(seconds=2.0), 3.0, (0, 0, 2))
    second[100:, body_index("l_hand")] += 40.0
    result = run(sequence_of(first, second), num_views=2)
    assert not result.clips
    assert len(result.rejects) == 4
    assert {reject.reason for reject in result.rejects} == {"implausible_speed"}
    assert all("actor 1" in reject.detail for reject in result.rejects)


def test_views_are_spread():
    views = clips(sequence_of(walker(seconds=2.0)), num_views=4)
    angles = [clip.view_azimuth_deg for clip in views]
    assert [clip.view_index for clip in views] == [0, 1, 2, 3]
    gaps = np.mod(np.diff(angles), 180)
    assert gaps == pytest.approx(np.full(3, gaps[0]), abs=1e-6)
    assert min(gaps[0], 180 - gaps[0]) == pytest.approx(45)
    for clip in views:
        assert bone_lengths(clip.points) == pytest.approx(bone_lengths(views[0].points), abs=1e-5)


def test_windows_respect_labels_and_account_for_all_frames():
    labels = (
        Label(text="a person walks", start_s=0.0, end_s=7.0),
        Label(text="a person waves", start_s=7.0, end_s=13.0),
    )
    found = clips(sequence_of(walker(seconds=13.0, fps=50.0), fps=50.0, labels=labels))
    assert [clip.joints.shape[0] for clip in found] == [175, 151]
    assert found[0].captions == ("a person walks",)
    assert found[1].captions == ("a person waves",)
    assert [clip.origin_first_frame for clip in found] == [3, 3 + 350]
    assert [clip.origin_last_frame for clip in found] == [3 + 348, 3 + 650]


def test_margins_only_feed_the_filter():
    body = walker(seconds=4.0)
    (whole,) = clips(sequence_of(body))
    cut = sequence_of(body, margin_frames=(120, 120))
    (clip,) = clips(cut)
    assert clip.joints.shape[0] == 51
    inner = bone_lengths(whole.points[25:76]) * whole.body_height_m
    assert bone_lengths(clip.points) * clip.body_height_m == pytest.approx(inner, abs=1e-4)


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (lambda p: p * 0.0254 * 100 / 1.2, "implausible_scale"),
        (lambda p: p * 0.0, "implausible_scale"),
        (lambda p: np.where(np.arange(15)[:, None] == 4, np.nan, p), "non_finite"),
        (lambda p: p[:30], "too_short"),
        (lambda p: p[:1], "too_short"),
        (
            lambda p: p + 8.0 * (np.arange(p.shape[0])[:, None, None] // 100 % 2),
            "implausible_speed",
        ),
        (
            lambda p: (
                p
                + 0.25
                * np.sin(np.arange(p.shape[0]) / 40)[:, None, None]
                * (np.arange(15) == 5)[:, None]
            ),
            "unstable_bones",
        ),
    ],
)
def test_faults_are_named(change, reason):
    result = run(sequence_of(change(walker(seconds=4.0))))
    assert not result.clips
    assert [reject.reason for reject in result.rejects] == [reason]
    assert result.rejects[0].clip_id == "bvh/made/up/w00/a0/v0"


@pytest.mark.parametrize("fps", [0.5, 5000.0])
def test_absurd_rates_are_refused(fps):
    result = run(sequence_of(walker(seconds=2.0), fps=fps))
    assert [reject.reason for reject in result.rejects] == ["bad_frame_rate"]


def test_gaps():
    body = walker(seconds=2.0, fps=30.0)
    tracked = np.ones(body.shape[:2], dtype=bool)
    tracked[:, :9] = False
    result = run(sequence_of(body, fps=30.0, tracked=tracked, body_model="sensor"))
    assert [reject.reason for reject in result.rejects] == ["too_many_gaps"]
    tracked[:, :8] = True
    (clip,) = clips(sequence_of(body, fps=30.0, tracked=tracked, body_model="sensor"))
    assert clip.tracked_share == pytest.approx(np.full(clip.joints.shape[0], 14 / 15))


def test_physics_of_free_fall():
    body = np.repeat(stander(seconds=0.0), 61, axis=0)
    t = np.arange(61) / 60
    body[..., 1] += (4.9 * t - 0.5 * 9.81 * t**2)[:, None]
    (clip,) = clips(sequence_of(body, fps=60.0))
    inner = clip.physics[6:-6]
    assert inner[:, 3] == pytest.approx(np.full(len(inner), -9.81 / clip.body_height_m), rel=0.02)
    assert inner[:, 1] == pytest.approx(
        (4.9 - 9.81 * np.arange(26)[6:-6] / 25) / clip.body_height_m, abs=0.02
    )
    mass = inner[:, 5] / inner[:, 1]
    assert mass == pytest.approx(np.full(len(inner), mass[0]), rel=1e-3)
    assert 0.8 < mass[0] < 1.2


def test_facts_have_the_columns_of_the_gates():
    sequence = sequence_of(walker(seconds=2.0), labels=(Label(text="a person walks"),))
    (clip,) = clips(sequence)
    for row, columns in (
        (clip_facts(clip), RETARGET_COLUMNS),
        (sequence_facts(sequence), INGEST_COLUMNS),
    ):
        assert list(row) == list(columns)
        assert all(isinstance(row[name], kind) for name, kind in columns.items())
    facts = clip_facts(clip)
    assert facts["finite"]
    assert facts["height_extent_h"] == pytest.approx(1.0, abs=0.06)
    assert facts["head_above_feet_share"] == 1.0
    assert facts["num_captions"] == 1
    assert sequence_facts(sequence)["height_m"] == pytest.approx(HEIGHT, rel=0.01)


def test_three_actors_share_a_scene_without_partners():
    bodies = [turned(stander(seconds=1.0), 0.3, (k, 0, 0)) for k in range(3)]
    found = clips(sequence_of(*bodies))
    assert {clip.scene_id for clip in found} == {"bvh/made/up/w00/v0"}
    assert all(clip.partner_clip_id is None for clip in found)
