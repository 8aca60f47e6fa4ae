"""Estimated depth against figures whose depth is known."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from benchmarks.depth import bones_after_turn, measure
from benchmarks.depth_by_bones import lift_by_bones
from benchmarks.depth_clips import DepthClips
from benchmarks.depth_training import scaled_bodies, train
from datasets_spec.skeleton import GENERIC_LENGTHS, JOINTS, MIRROR
from stickgen_model.animation import Animation
from stickgen_model.render.camera_plan import camera_plan, camera_views
from stickgen_model.render.depth import scene_depth
from stickgen_model.render.figure import LIMBS, with_neck
from stickgen_model.render.framing import see_from
from stickgen_model.render.lift import lift, lift_with, network_inputs

G = GENERIC_LENGTHS
FPS = 25.0
THIGH, SHIN, ARM, FOREARM = G["thigh"], G["shin"], G["upper_arm"], G["forearm"]


def walker(azimuth, *, frames=75, speed=0.75, fps=FPS):
    """A body that walks, by formulas: ahead is z, its left x, then turned. Shape (T, 10, 3)."""
    t = np.arange(frames) / fps
    phase = 2 * np.pi * t
    points = np.zeros((frames, 10, 3))
    at = dict(zip(JOINTS, points.transpose(1, 0, 2), strict=True))
    hips = 0.5 * G["hip_width"]
    pelvis = np.stack([0 * t, 0.52 + 0.01 * np.cos(2 * phase), speed * t], axis=1)
    at["pelvis"][:] = pelvis
    at["head"][:] = pelvis + np.array([0.0, G["torso"] + G["neck_head"], 0.02])
    for side, sign, turn in (("l", 1.0, 0.0), ("r", -1.0, np.pi)):
        swing = 0.42 * np.sin(phase + turn)
        bend = 0.15 + 0.45 * (0.5 + 0.5 * np.cos(phase + turn))
        hip = pelvis + np.array([sign * 0.5 * hips, 0.0, 0.0])
        knee = hip + THIGH * np.stack([0 * t, -np.cos(swing), np.sin(swing)], axis=1)
        lower = swing - bend
        foot = knee + SHIN * np.stack([0 * t, -np.cos(lower), np.sin(lower)], axis=1)
        shoulder = pelvis + np.array([sign * 0.5 * G["shoulder_width"], G["torso"], 0.0])
        arm = -0.4 * np.sin(phase + turn)
        elbow = shoulder + ARM * np.stack([0 * t, -np.cos(arm), np.sin(arm)], axis=1)
        hand = elbow + FOREARM * np.stack([0 * t, -np.cos(arm + 0.4), np.sin(arm + 0.4)], axis=1)
        for name, place in (("knee", knee), ("foot", foot), ("elbow", elbow), ("hand", hand)):
            at[f"{side}_{name}"][:] = place
    angle = np.radians(azimuth)
    x, z = points[..., 0].copy(), points[..., 2].copy()
    points[..., 0] = x * np.cos(angle) + z * np.sin(angle)
    points[..., 2] = z * np.cos(angle) - x * np.sin(angle)
    return points


def scene_of(points, **more):
    joints = points[None, ..., :2].astype(np.float32)
    return Animation(joints=joints, fps=FPS, **more)


def from_pelvis(depth):
    return depth - depth[..., 1:2]


@pytest.mark.parametrize("azimuth", [-70, -45, -20, 20, 45, 70, 110, 160])
def test_the_depth_of_a_body_that_walks_is_found(azimuth):
    points = walker(azimuth)
    depth = scene_depth(scene_of(points))[0]
    true = from_pelvis(points[..., 2])
    error = np.abs(from_pelvis(depth) - true).mean()
    # well below that of no depth at all, and the right way round
    assert error < 0.6 * np.abs(true).mean()
    assert error < 0.05


@pytest.mark.parametrize("azimuth", [-70, -30, 30, 70])
def test_a_walker_comes_nearer_as_far_as_he_does(azimuth):
    points = walker(azimuth)
    depth = scene_depth(scene_of(points))[0]
    true = np.ptp(points[:, 1, 2])
    assert depth[-1, 1] - depth[0, 1] == pytest.approx(true, rel=0.45)
    assert depth[0, 1] == 0.0


def test_estimated_depth_is_nearer_to_the_truth_than_none_or_that_of_bones_alone():
    found = {}
    for name, way in (
        ("flat", lambda joints: np.zeros(joints.shape[:2])),
        ("bones", lambda joints: lift_by_bones(joints, fps=FPS)),
        ("network", lambda joints: lift(joints[None], fps=FPS)[0].astype(float)),
    ):
        errors = [
            measure(walker(azimuth), way(walker(azimuth)[..., :2])) for azimuth in (-60, -25, 40)
        ]
        found[name] = np.mean(errors, axis=0)
    # a body that walks by the book is what bones alone are good at
    error, bones, course, _ = found["network"]
    assert error < found["bones"][0]
    assert course < 0.6 * found["bones"][2]
    assert bones < 0.5 * found["flat"][1]


def test_depth_that_is_stored_is_used_as_it_is_and_bones_keep_their_length_in_an_orbit():
    points = walker(40)
    stored = scene_of(points, depth=points[None, ..., 2].astype(np.float32))
    depth = scene_depth(stored)
    assert depth is stored.depth
    times = np.arange(75) / FPS
    plan = camera_plan("orbit 90deg", stored.seconds)
    views = camera_views(stored, depth, plan, times, 1.0)
    seen = with_neck(see_from(views, points))
    bones = [
        np.linalg.norm(p[:, LIMBS[:, 1]] - p[:, LIMBS[:, 0]], axis=-1)
        for p in (seen, with_neck(points))
    ]
    assert bones[0] == pytest.approx(bones[1], abs=1e-9)


def test_the_mirror_image_has_nearly_the_mirrored_depth():
    points = walker(35)
    image = points[:, MIRROR, :2] * [-1.0, 1.0]
    depth = from_pelvis(lift(points[None, ..., :2], fps=FPS)[0])
    mirrored = from_pelvis(lift(image[None], fps=FPS)[0])
    assert np.abs(mirrored[:, MIRROR] - depth).mean() < 0.02


@pytest.mark.parametrize("fps", [12.5, 50.0])
def test_depth_is_that_of_the_motion_at_any_frame_rate(fps):
    usual = lift(walker(45)[None, ..., :2], fps=FPS)[0]
    frames = round(75 * fps / FPS)
    other = lift(walker(45, frames=frames, fps=fps)[None, ..., :2], fps=fps)[0]
    times = np.arange(75) / FPS
    at = np.stack([np.interp(times, np.arange(frames) / fps, column) for column in other.T], 1)
    assert np.abs(from_pelvis(at) - from_pelvis(usual)).mean() < 0.02


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 10_000), st.integers(1, 40), st.floats(0.0, 3.0))
def test_depth_of_anything_is_bounded_and_steady(seed, frames, size):
    rng = np.random.default_rng(seed)
    joints = (size * rng.normal(size=(2, frames, 10, 2))).astype(np.float32)
    depth = scene_depth(Animation(joints=joints))
    assert depth.shape == (2, frames, 10)
    assert depth.dtype == np.float32
    assert np.abs(from_pelvis(depth)).max() <= 0.8 + 1e-5
    # 4 H a second, and what a long scene forgets
    assert np.abs(np.diff(depth[..., 1], axis=1)).max(initial=0.0) <= 4.0 / 25.0 + 0.01


def test_the_same_figure_has_the_same_depth_wherever_it_is_and_whoever_is_beside_it():
    points = walker(45)[None, ..., :2]
    depth = lift(points, fps=FPS)
    moved = lift(points + np.array([3.0, 0.0]), fps=FPS)
    assert moved == pytest.approx(depth, abs=1e-4)
    pair = lift(np.concatenate([points[:, :, MIRROR], points]), fps=FPS)
    assert pair[1].tobytes() == depth[0].tobytes()


def test_the_network_computes_what_torch_does():
    torch = pytest.importorskip("torch")
    from stickgen_model.render import lift as module

    weights = module._weights()
    told = np.random.default_rng(0).normal(0.3, 0.3, (5, 140)).astype(np.float32)
    values = torch.from_numpy((told - weights["mean"]) / weights["spread"])
    for layer in (1, 2, 3):
        matrix = torch.from_numpy(weights[f"weight_{layer}"].T.copy())
        values = torch.nn.functional.linear(
            values, matrix, torch.from_numpy(weights[f"bias_{layer}"])
        )
        if layer < 3:
            values = torch.nn.functional.gelu(values, approximate="tanh")
    assert module._network(weights, told) == pytest.approx(values.numpy(), abs=1e-4)


def clips():
    bodies = [walker(azimuth, frames=40) for azimuth in (-60, -30, 30, 60)]
    edges = np.arange(5) * 40
    return DepthClips(np.concatenate(bodies).astype(np.float32), edges, ("procedural",) * 4)


@pytest.mark.slow
def test_training_learns_and_makes_the_same_weights_again(capsys):
    first, again = (train(clips(), steps=60) for _ in range(2))
    assert {n: w.tobytes() for n, w in first.items()} == {n: w.tobytes() for n, w in again.items()}
    points = walker(45)
    bare = train(clips(), steps=1)
    errors = [
        measure(
            points,
            lift_with(
                {name: value.astype(np.float32) for name, value in weights.items()},
                points[None, ..., :2],
                fps=FPS,
            )[0].astype(float),
        )[0]
        for weights in (bare, first)
    ]
    assert errors[1] < 0.7 * errors[0]
    assert "step 0" in capsys.readouterr().out


def test_bodies_of_other_proportions_keep_their_directions():
    points = walker(45)[None, :5]
    factors = np.array([[1.1, 0.9, 1.2, 0.8, 1.3]])
    other = with_neck(scaled_bodies(points, factors))
    before, after = (
        p[..., LIMBS[:, 1], :] - p[..., LIMBS[:, 0], :] for p in (with_neck(points), other)
    )
    ratio = np.linalg.norm(after, axis=-1) / np.linalg.norm(before, axis=-1)
    wanted = [1.1, 0.9, 1.2, 0.9, 1.2, 0.8, 1.3, 0.8, 1.3]
    assert ratio == pytest.approx(np.broadcast_to(wanted, ratio.shape))
    cosine = (
        (before * after).sum(-1) / np.linalg.norm(before, axis=-1) / np.linalg.norm(after, axis=-1)
    )
    assert cosine == pytest.approx(np.ones_like(cosine))


def test_measures_of_the_truth_are_zero_and_a_reverse_counts_as_the_truth():
    points = walker(30)
    assert measure(points, points[..., 2])[:3] == pytest.approx((0.0, 0.0, 0.0), abs=1e-12)
    assert measure(points, -points[..., 2])[0] == pytest.approx(0.0, abs=1e-12)
    assert network_inputs(points[None, :7, :, :2]).shape == (1, 140)
    side = bones_after_turn(points, np.pi / 2)
    assert side[0, 0] == pytest.approx(
        np.hypot(G["torso"] + G["neck_head"], 0.02 * np.cos(np.radians(30)))
    )
