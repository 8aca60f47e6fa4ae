"""What retargeting must not change, whoever moves, wherever, at whatever rate."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from datasets_spec.schema import CLIP_FPS
from datasets_spec.skeleton import BODY_MIRROR, MIRROR
from stickgen_model.motion.resampling import resample, resampled_length
from tasks.retarget.body import bone_lengths, root_of
from tasks.retarget.windows import cut_windows
from tasks.sample.scripts import SCRIPTS
from tests.invariants.played import DUOS, clips_of, mirrored, points_of, points_of_two, turned

NAMES = st.sampled_from([*SCRIPTS, *DUOS])
YAWS = st.floats(-3.14, 3.14)
MOVES = st.tuples(st.floats(-5, 5), st.floats(-1, 1), st.floats(-5, 5))
POINTS = arrays(np.float64, (7, 15, 3), elements=st.floats(-10, 10))


def bodies_of(name: str, fps: float) -> tuple[np.ndarray, ...]:
    return points_of_two(name, fps) if name in DUOS else (points_of(name, fps),)


@pytest.mark.parametrize("name", SCRIPTS)
@pytest.mark.parametrize("fps", [25.0, 30.0, 120.0])
def test_bone_lengths_are_those_of_the_source(name, fps):
    body = points_of(name, fps)
    true = bone_lengths(body)
    for clip in clips_of(body, fps=fps, num_views=2):
        lengths = bone_lengths(clip.points.astype(float)) * clip.body_height_m
        assert np.median(lengths, axis=0) == pytest.approx(np.median(true, axis=0), rel=2e-3)
        # only what is faster than the filter lets pass may bend a bone for a moment
        allowed = 1e-5 if fps == CLIP_FPS else 0.06 if name == "cartwheel" else 0.03
        assert np.abs(lengths / np.median(true, axis=0) - 1).max() < allowed


@given(POINTS)
def test_mirroring_twice_is_the_identity(points):
    assert (mirrored(mirrored(points)) == points).all()
    assert (BODY_MIRROR[BODY_MIRROR] == np.arange(len(BODY_MIRROR))).all()
    assert (MIRROR[MIRROR] == np.arange(len(MIRROR))).all()


@settings(max_examples=25)
@given(name=NAMES, yaw=YAWS)
def test_the_mirror_image_of_the_motion_gives_the_mirror_image_of_the_figure(name, yaw):
    bodies = bodies_of(name, 60.0)
    image = [turned(mirrored(body), yaw, (1.0, 0.0, -2.0)) for body in bodies]
    # of a pair the first stands left in both: the image is seen from behind
    x, z = (1, -1) if len(bodies) == 2 else (-1, 1)
    found = zip(clips_of(*bodies, fps=60.0), clips_of(*image, fps=60.0), strict=True)
    for clip, other in found:
        assert other.joints[:, MIRROR] * [x, 1] == pytest.approx(clip.joints, abs=1e-4)
        assert other.depth[:, MIRROR] * z == pytest.approx(clip.depth, abs=1e-4)


@given(points=POINTS, fps=st.floats(5, 240))
def test_resampling_to_the_own_rate_is_the_identity(points, fps):
    assert resample(points, fps_in=fps, fps_out=fps).tobytes() == points.tobytes()


@given(points=POINTS, fps=st.sampled_from([25.0, 30.0, 50.0, 60.0, 120.0]), times=st.integers(2, 4))
def test_resampling_up_and_back_is_the_identity(points, fps, times):
    up = resample(points, fps_in=fps, fps_out=times * fps)
    assert len(up) == times * (len(points) - 1) + 1
    back = resample(up, fps_in=times * fps, fps_out=fps)
    assert back == pytest.approx(points, abs=1e-9)


@given(frames=st.integers(1, 5000), fps=st.floats(5, 1000))
def test_time_is_kept(frames, fps):
    length = resampled_length(frames, fps_in=fps, fps_out=CLIP_FPS)
    lost_s = (frames - 1) / fps - (length - 1) / CLIP_FPS
    assert -1e-6 <= lost_s < 1 / CLIP_FPS + 1e-6


@pytest.mark.parametrize("name", ["walk", "cartwheel", "lie_down", "punch"])
def test_a_source_at_the_clips_rate_is_not_touched(name):
    body = points_of(name, 25.0)
    (clip,) = clips_of(body, fps=25.0)
    assert clip.points.shape[0] == body.shape[0]
    # all distances between points, of any two frames, survive: nothing but a rigid motion
    for frame in (0, 10, body.shape[0] - 1):
        got = np.linalg.norm(clip.points - clip.points[frame, :1], axis=-1) * clip.body_height_m
        want = np.linalg.norm(body - body[frame, :1], axis=-1)
        assert got == pytest.approx(want, abs=2e-5)


@settings(max_examples=40)
@given(name=NAMES, yaw=YAWS, move=MOVES)
def test_a_rigid_motion_of_the_world_changes_nothing(name, yaw, move):
    bodies = bodies_of(name, 60.0)
    moved = [turned(body, yaw, move) for body in bodies]
    for clip, other in zip(clips_of(*bodies, fps=60.0), clips_of(*moved, fps=60.0), strict=True):
        assert other.view_azimuth_deg == pytest.approx(clip.view_azimuth_deg, abs=1e-3)
        assert other.body_height_m == pytest.approx(clip.body_height_m, abs=1e-5)
        for field in ("joints", "depth", "points"):
            assert getattr(other, field) == pytest.approx(getattr(clip, field), abs=1e-4)
        assert other.physics == pytest.approx(clip.physics, abs=5e-3)
        assert other.camera == pytest.approx(clip.camera, abs=1e-4)


@settings(max_examples=20)
@given(
    name=st.sampled_from(DUOS),
    fps=st.sampled_from([25.0, 30.0, 60.0]),
    yaw=YAWS,
    apart=st.floats(-2, 2),
)
def test_pair_distances_are_kept(name, fps, yaw, apart):
    one, two = (turned(body, yaw, (0.0, 0.0, 0.0)) for body in points_of_two(name, fps))
    two = two + np.array([apart, 0.0, 0.0])
    clips = clips_of(one, two, fps=fps, num_views=2)
    gap = resample(root_of(one) - root_of(two), fps_in=fps, fps_out=CLIP_FPS)
    for first, second in zip(clips[::2], clips[1::2], strict=True):
        assert first.partner_clip_id == second.clip_id
        assert second.partner_clip_id == first.clip_id
        assert first.scene_id == second.scene_id
        assert first.body_height_m == second.body_height_m
        between = root_of(first.points.astype(float)) - root_of(second.points.astype(float))
        true_m = np.linalg.norm(gap, axis=1)
        got_m = np.linalg.norm(between, axis=1) * first.body_height_m
        assert got_m == pytest.approx(true_m, abs=1e-5 if fps == CLIP_FPS else 5e-3)
        # the figure says the same: x, y and depth of the pelvis
        both = [np.concatenate([c.joints[:, 1], c.depth[:, 1:2]], axis=1) for c in (first, second)]
        drawn = np.linalg.norm(both[0] - both[1], axis=1) * first.body_height_m
        assert drawn == pytest.approx(got_m, abs=1e-5)


@given(
    frames=st.integers(1, 3000),
    borders=st.lists(st.integers(0, 3000), max_size=12),
    longest=st.integers(50, 250),
)
def test_windows_hold_every_frame_once(frames, borders, longest):
    windows = cut_windows(frames, borders=borders, max_frames=longest, min_frames=10)
    assert [w.start for w in windows] == [0, *(w.stop for w in windows[:-1])]
    assert windows[-1].stop == frames
    assert all(0 < w.num_frames <= longest for w in windows)
