"""Generated motion through the whole of retargeting and scoring: it stays what it is."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from datasets_spec.skeleton import joint_index
from tasks.sample.scripts import SCRIPTS
from tests.invariants.played import DUOS, clips_of, points_of, points_of_two, scores_of

HEAD, PELVIS = joint_index("head"), joint_index("pelvis")
FEET = [joint_index("l_foot"), joint_index("r_foot")]


def head_over_feet(clip) -> np.ndarray:
    return clip.joints[:, HEAD, 1] - clip.joints[:, FEET, 1].mean(axis=1)


def test_lying_stays_lying():
    (clip,) = clips_of(points_of("lie_down"), fps=60.0)
    middle = clip.joints[100:140]
    assert middle[..., 1].max() < 0.35
    assert abs(middle[:, HEAD, 1] - middle[:, PELVIS, 1]).max() < 0.15
    # the body is as long as before, most of it in the picture
    length = np.ptp(middle[..., 0], axis=1)
    assert length.min() > 0.6
    assert head_over_feet(clip)[0] > 0.7
    assert head_over_feet(clip)[-1] > 0.7


def test_a_fall_ends_on_the_floor_and_gets_up():
    (clip,) = clips_of(points_of("fall"), fps=60.0)
    height = clip.joints[:, HEAD, 1]
    assert height[0] > 0.8
    assert height.min() < 0.25
    assert height[-1] > 0.7


def test_a_cartwheel_turns_over():
    (clip,) = clips_of(points_of("cartwheel"), fps=60.0)
    over = head_over_feet(clip)
    assert over[0] > 0.7
    assert over.min() < -0.5
    assert over[-1] > 0.7
    axis = clip.joints[:, HEAD] - clip.joints[:, PELVIS]
    turn = np.unwrap(np.arctan2(axis[:, 1], axis[:, 0]))
    assert abs(turn[-1] - turn[0]) == pytest.approx(2 * np.pi, abs=0.5)


@pytest.mark.parametrize("name", [n for n in SCRIPTS if n not in ("lie_down", "fall", "cartwheel")])
def test_who_stands_is_not_tipped_over(name):
    for clip in clips_of(points_of(name), fps=60.0, num_views=3):
        upright = clip.joints[:, HEAD, 1] > clip.joints[:, PELVIS, 1]
        assert upright.mean() > (0.8 if name in ("bow", "pick_up") else 0.99)
        assert abs(np.percentile(clip.joints[:, HEAD, 1], 75) - 0.95) < 0.2
        assert clip.joints[:, FEET, 1].min() > -0.03


@settings(max_examples=30)
@given(
    name=st.sampled_from(["walk", "idle", "dance"]),
    fps=st.sampled_from([25.0, 30.0, 50.0, 59.94, 60.0, 100.0, 120.0, 240.0]),
    seconds=st.floats(1.0, 3.5),
)
def test_two_seconds_stay_two_seconds(name, fps, seconds):
    body = points_of(name, fps)[: round(seconds * fps) + 1]
    (clip,) = clips_of(body, fps=fps)
    true_s = (len(body) - 1) / fps
    assert (clip.joints.shape[0] - 1) / 25 == pytest.approx(true_s, abs=0.0401)


def test_speed_is_not_changed():
    for fps in (30.0, 120.0):
        body = points_of("walk", fps)
        (clip,) = clips_of(body, fps=fps)
        way = np.linalg.norm(np.diff(body[[0, -1], 7][:, [0, 2]], axis=0)) / (len(body) / fps)
        steps = np.diff(clip.points[[0, -1], 7][:, [0, 2]], axis=0)
        got = np.linalg.norm(steps) * clip.body_height_m / (clip.joints.shape[0] / 25)
        assert got == pytest.approx(way, rel=0.01)


def noisy(body: np.ndarray, size_m: float) -> np.ndarray:
    return body + np.random.default_rng(0).normal(0.0, size_m, body.shape)


def lost(body: np.ndarray, share: float) -> np.ndarray:
    """Frames are missing, and time closes over the gaps."""
    kept = np.random.default_rng(0).uniform(size=len(body)) >= share
    return body[kept]


@pytest.mark.parametrize("name", ["walk", "run", "dance", "sit", "wave", "kick"])
def test_noise_and_lost_frames_lower_the_score(name):
    for fps in (30.0, 120.0):
        body = points_of(name, fps)
        clean = min(scores_of(body, fps=fps))
        falling = [max(scores_of(noisy(body, size), fps=fps)) for size in (0.01, 0.03, 0.1)]
        assert clean > 0.8
        assert clean > falling[0] >= falling[1] >= falling[2]
        assert falling[1] < 0.5
        assert falling[2] < 0.05
        if name != "wave":
            assert max(scores_of(lost(body, 0.2), fps=fps)) < clean


@pytest.mark.parametrize("seed", range(3))
def test_white_noise_is_worth_nothing(seed):
    rng = np.random.default_rng(seed)
    for spread in (0.1, 0.5):
        noise = rng.normal(0.0, spread, (200, 15, 3)) + np.array([0.0, 1.0, 0.0])
        assert max(scores_of(noise, fps=60.0)) < 0.05
        about = points_of("idle")[:200] + rng.normal(0.0, spread, (200, 15, 3))
        assert max(scores_of(about, fps=60.0)) < 0.05


@pytest.mark.parametrize("name", ["walk", "sit", "dance"])
def test_frozen_is_low_and_standing_still_is_not(name):
    body = points_of(name)
    frozen = np.repeat(body[100:101], len(body), axis=0)
    assert max(scores_of(frozen, fps=60.0)) < 0.3
    half = body.copy()
    half[len(half) // 3 :] = half[len(half) // 3]
    assert max(scores_of(half, fps=60.0)) < min(scores_of(body, fps=60.0))
    assert min(scores_of(points_of("idle"), fps=60.0)) > 0.8


@pytest.mark.parametrize("name", [*SCRIPTS, *DUOS])
def test_sound_motion_is_kept(name):
    bodies = points_of_two(name, 30.0) if name in DUOS else (points_of(name, 30.0),)
    scores = scores_of(*bodies, fps=30.0)
    assert len(scores) == len(bodies)
    assert min(scores) > 0.5
