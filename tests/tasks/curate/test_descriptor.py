from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from datasets_spec.skeleton import BODY_MIRROR, BODY_POINTS, JOINTS
from tasks.curate.descriptor import DESCRIPTOR_DIM, clip_descriptor, movement_h

BASE = {
    "head": (0, 0.95, 0),
    "shoulder": (0.115, 0.82, 0),
    "elbow": (0.14, 0.63, 0),
    "hand": (0.14, 0.49, 0.05),
    "hip": (0.055, 0.53, 0),
    "knee": (0.055, 0.285, 0.02),
    "foot": (0.055, 0.04, 0),
    "toe": (0.055, 0.0, 0.1),
}


def person() -> np.ndarray:
    rows = []
    for name in BODY_POINTS:
        x, y, z = BASE[name.split("_")[-1]]
        rows.append((-x if name.startswith("r_") else x, y, z))
    return np.array(rows)


def motion(seed: int, num_frames: int, fps: float = 25.0, amplitude: float = 0.1) -> np.ndarray:
    """Smooth band-limited motion as a function of time, so any frame rate may sample it."""
    rng = np.random.default_rng(seed)
    time = np.arange(num_frames) / fps
    points = np.tile(person(), (num_frames, 1, 1))
    for hz in (0.3, 0.7, 1.1):
        size = rng.normal(size=(15, 3)) * amplitude / 3
        phase = rng.uniform(0, 6.28, size=(15, 3))
        points = points + size * np.sin(2 * np.pi * hz * time[:, None, None] + phase)
    points[..., 2] += time[:, None] * rng.uniform(0, 0.5)
    return points.astype(np.float32)


def figure(points: np.ndarray) -> np.ndarray:
    rows = []
    for name in JOINTS:
        if name == "pelvis":
            hips = [BODY_POINTS.index("l_hip"), BODY_POINTS.index("r_hip")]
            rows.append(points[:, hips].mean(axis=1))
        else:
            rows.append(points[:, BODY_POINTS.index(name)])
    return np.stack(rows, axis=1)


def turned(points: np.ndarray, angle: float) -> np.ndarray:
    c, s = np.cos(angle), np.sin(angle)
    rotation = np.array([[c, 0, s], [0, 1, 0], [-s, 0, c]])
    return (points @ rotation.T).astype(np.float32)


def distance(a: np.ndarray, b: np.ndarray) -> float:
    return float(np.linalg.norm(clip_descriptor(a) - clip_descriptor(b)))


@given(
    st.integers(0, 10_000),
    st.floats(-7, 7),
    st.floats(-20, 20),
    st.floats(-20, 20),
    st.integers(10, 250),
)
def test_place_and_heading_do_not_matter(
    seed: int, angle: float, x: float, z: float, num_frames: int
) -> None:
    clip = motion(seed, num_frames)
    moved = turned(clip, angle) + np.array([x, 0, z], dtype=np.float32)
    assert distance(clip, moved) < 1e-4


def test_another_frame_rate_is_near() -> None:
    for seed in range(10):
        slow = motion(seed, 101, fps=25)
        fine = motion(seed, 481, fps=120)  # the same four seconds
        again = np.stack([fine[round(i * 120 / 25)] for i in range(101)])
        assert distance(slow, again) < 0.01
        assert distance(slow, slow[:-1]) < 0.02


def test_height_above_the_floor_matters() -> None:
    clip = motion(1, 50)
    lifted = clip + np.array([0, 0.3, 0], dtype=np.float32)
    assert distance(clip, lifted) == pytest.approx(0.3, abs=1e-4)


def test_distance_is_that_of_the_joints() -> None:
    ratios = []
    for seed in range(40):
        clip = motion(seed, 120)
        other = clip.copy()
        rng = np.random.default_rng(seed)
        # the trunk stays, so that place and heading are the same in both
        limbs = [i for i, name in enumerate(BODY_POINTS) if name[2:] in {"elbow", "hand", "knee"}]
        wave = np.sin(np.arange(120) / 25 * 2 * np.pi * rng.uniform(0.3, 1.5))
        push = rng.normal(size=(len(limbs), 3)) * 0.05
        push -= push.mean(axis=0)
        other[:, limbs] += (wave[:, None, None] * push).astype(np.float32)
        gap = np.linalg.norm(figure(clip) - figure(other), axis=2)
        ratios.append(distance(clip, other) / np.sqrt((gap**2).mean()))
    assert np.mean(ratios) == pytest.approx(1.0, abs=0.06)
    assert min(ratios) > 0.6
    assert max(ratios) < 1.4


def test_different_motion_mirror_and_length_are_far() -> None:
    clip = motion(3, 100)
    mirrored = (clip * np.array([-1, 1, 1]))[:, BODY_MIRROR].astype(np.float32)
    assert distance(clip, motion(4, 100)) > 0.05
    assert distance(clip, mirrored) > 0.05
    assert distance(clip, motion(3, 112)) > 0.04
    assert distance(clip, clip[::-1]) > 0.05


def test_heading_survives_a_full_turn() -> None:
    spin = np.stack([turned(person(), a) for a in np.linspace(0, 2 * np.pi, 100)])
    assert distance(spin, turned(spin, 1.0)) < 1e-4
    noisy = spin + np.random.default_rng(0).normal(size=spin.shape).astype(np.float32) * 0.002
    assert distance(spin, noisy) < 0.02


def test_movement() -> None:
    still = np.tile(person(), (60, 1, 1)).astype(np.float32)
    moving = motion(0, 60)
    both = np.stack([clip_descriptor(still), clip_descriptor(moving)])
    statue, dancer = movement_h(both)
    assert statue < 1e-6
    joints = figure(moving)
    true = np.sqrt((np.linalg.norm(joints - joints.mean(axis=0), axis=2) ** 2).mean())
    assert dancer == pytest.approx(true, rel=0.3)


def test_shape_and_dtype() -> None:
    for num_frames in (1, 2, 10, 250):
        vector = clip_descriptor(motion(0, num_frames))
        assert vector.shape == (DESCRIPTOR_DIM,)
        assert vector.dtype == np.float32
    assert DESCRIPTOR_DIM <= 200
    assert np.isfinite(clip_descriptor(np.zeros((10, 15, 3), dtype=np.float32))).all()


def test_bad_points_are_refused() -> None:
    with pytest.raises(ValueError, match="expected shape"):
        clip_descriptor(np.zeros((10, 10, 3), dtype=np.float32))
    with pytest.raises(ValueError, match="at least 1 frame"):
        clip_descriptor(np.zeros((0, 15, 3), dtype=np.float32))
    with pytest.raises(ValueError, match="finite"):
        clip_descriptor(np.full((10, 15, 3), np.nan, dtype=np.float32))
