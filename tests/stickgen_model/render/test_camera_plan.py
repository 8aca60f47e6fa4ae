"""Cameras in space: what each move keeps and changes, and that nobody leaves the picture."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from datasets_spec.errors import ConfigError
from datasets_spec.shot import EASINGS, Shot
from datasets_spec.vocabulary import CAMERA_MOVES
from stickgen_model.animation import Animation
from stickgen_model.render.camera_plan import CAMERAS, CameraPlan, camera_plan, camera_views
from stickgen_model.render.depth import scene_depth
from stickgen_model.render.easing import ease
from stickgen_model.render.viewpoint import Camera

STANDING = np.array(
    [
        *((0.02, 0.93), (0.0, 0.53), (0.17, 0.68), (0.30, 0.60), (-0.14, 0.66)),
        *((-0.22, 0.52), (0.10, 0.29), (0.12, 0.04), (-0.08, 0.28), (-0.16, 0.05)),
    ]
)
ASPECTS = (9 / 16, 1.0, 16 / 9)


def scene(seed=0, *, actors=1, frames=60, speed=0.5, fps=25.0):
    """People who walk about and flail smoothly, with depth."""
    rng = np.random.default_rng(seed)
    t = np.arange(frames) / fps
    shape = (actors, 1, 10, 1)
    swing = rng.uniform(0.0, 0.2, (actors, 1, 10, 3)) * np.sin(
        rng.uniform(1.0, 6.0, (actors, 1, 10, 3)) * t[None, :, None, None]
        + rng.uniform(0, 6, shape)
    )
    course = rng.uniform(-speed, speed, (actors, 1, 1, 3)) * t[None, :, None, None]
    course[..., 1] = 0.0
    start = rng.uniform(-1.5, 1.5, (actors, 1, 1, 3)) * [1.0, 0.0, 0.6]
    points = np.zeros((actors, frames, 10, 3))
    points[..., :2] += STANDING
    points += swing + course + start
    points[..., 1] = np.maximum(points[..., 1], 0.0)
    return Animation(
        joints=points[..., :2].astype(np.float32),
        depth=points[..., 2].astype(np.float32),
        fps=fps,
    )


def views_of(animation, camera, *, aspect=1.0, times=None, **more):
    plan = camera_plan(camera, animation.seconds, **more) if isinstance(camera, str) else camera
    at = np.linspace(0.0, animation.seconds, 121) if times is None else times
    return at, camera_views(animation, scene_depth(animation), plan, at, aspect)


def places(animation, views, times, aspect, *, follow=None):
    """Joints in the picture by one pinhole camera at a time, -1..1, shape (F, N, 10, 2)."""
    kept = slice(None) if follow is None else slice(follow, follow + 1)
    grid = np.arange(animation.num_frames) / animation.fps
    points = np.concatenate([animation.joints, animation.depth[..., None]], axis=-1)
    found = []
    for view, time in zip(views, times, strict=True):
        frame = min(np.searchsorted(grid, time, side="right") - 1, len(grid) - 1)
        after = min(frame + 1, len(grid) - 1)
        share = min(max((time - grid[frame]) * animation.fps, 0.0), 1.0)
        camera = Camera.from_viewpoint(view)
        seen = camera.see((1 - share) * points[:, frame] + share * points[:, after])
        assert np.linalg.norm(seen, axis=-1).min() > 0.3
        assert (seen[kept, :, 2] > 0.3).all()
        found.append((camera.project(seen[kept], size=2) - 1.0) / [aspect, 1.0])
    return np.stack(found)


def distances(views):
    return np.linalg.norm(views[:, :3] - views[:, 3:6], axis=1)


def turns(views):
    away = views[:, :3] - views[:, 3:6]
    return np.unwrap(np.arctan2(away[:, 0], away[:, 2]))


def test_an_unknown_camera_is_told_with_all_that_are_known():
    with pytest.raises(ConfigError) as told:
        camera_plan("<b>zooom</b>", 2.0)
    assert all(name in str(told.value) for name in CAMERAS)


@pytest.mark.parametrize("amount", [math.pi / 2, -1.0, 2 * math.pi, 9.0])
def test_an_orbit_keeps_its_distance_and_turns_by_the_angle_asked(amount):
    _, views = views_of(scene(3), "orbit", amount=amount)
    assert distances(views) == pytest.approx(distances(views)[0])
    assert turns(views)[-1] - turns(views)[0] == pytest.approx(amount)
    assert views[:, 6] == pytest.approx(views[0, 6])


@pytest.mark.parametrize("amount", [1.8, 0.5])
def test_a_dolly_changes_the_distance_and_not_the_field(amount):
    _, views = views_of(scene(1), "dolly", amount=amount)
    assert views[:, 6] == pytest.approx(views[0, 6])
    assert distances(views)[0] / distances(views)[-1] == pytest.approx(amount, rel=1e-6)


@pytest.mark.parametrize("amount", [1.8, 0.5])
def test_a_zoom_changes_the_field_and_not_the_place(amount):
    _, views = views_of(scene(1), "zoom", amount=amount)
    assert views[:, :6] == pytest.approx(np.broadcast_to(views[0, :6], (len(views), 6)))
    tangents = np.tan(views[:, 6] / 2)
    assert tangents[0] / tangents[-1] == pytest.approx(amount)


def test_a_pan_turns_on_the_spot_past_as_much_as_asked():
    _, views = views_of(scene(1), "pan", amount=0.9)
    assert views[:, :3] == pytest.approx(np.broadcast_to(views[0, :3], (len(views), 3)))
    assert views[-1, 3:6] - views[0, 3:6] == pytest.approx([0.9, 0.0, 0.0])


def test_a_pan_to_one_of_two_begins_at_the_other():
    two = scene(0, actors=2, speed=0.0)
    apart = two.changed(joints=two.joints + np.array([[-2.0], [2.0]], np.float32)[:, None, :, None])
    _, views = views_of(apart, "pan", follow=1)
    first, last = apart.joints[..., 0].mean(axis=(1, 2))
    assert views[0, 3] == pytest.approx(first, abs=0.3)
    assert views[-1, 3] == pytest.approx(last, abs=0.3)


def test_a_pan_ends_where_whom_it_follows_has_gone():
    two = scene(0, actors=2, frames=100, speed=0.0)
    joints = two.joints.copy()
    joints[1, :, :, 0] += np.linspace(0.5, 4.0, 100, dtype=np.float32)[:, None]
    _, views = views_of(two.changed(joints=joints), "pan", follow=1)
    assert views[-1, 3] == pytest.approx(joints[1, 75:, :, 0].mean(), abs=0.3)


def test_a_crane_rises_by_as_much_as_asked_and_looks_at_one_place():
    _, views = views_of(scene(1), "crane", amount=1.5)
    assert views[-1, 1] - views[0, 1] == pytest.approx(1.5)
    assert views[:, 3:6] == pytest.approx(np.broadcast_to(views[0, 3:6], (len(views), 3)))
    _, down = views_of(scene(1), "crane", amount=-1.5)
    assert down[:, 1] == pytest.approx(views[::-1, 1])


def test_a_tracking_camera_comes_after_whom_it_follows():
    t = np.arange(150) / 25.0
    joints = np.zeros((1, 150, 10, 2), np.float32) + STANDING.astype(np.float32)
    joints[..., 0] += t[None, :, None].astype(np.float32)
    walker = Animation(joints=joints, depth=np.zeros((1, 150, 10), np.float32))
    _, views = views_of(walker, "track", amount=0.4, times=t)
    # 1 H a second for long: behind by its lag times that speed, as every first-order lag is
    middle = 0.5 * (joints[0, :, :, 0].min(axis=1) + joints[0, :, :, 0].max(axis=1))
    behind = (middle - middle[0]) - (views[:, 0] - views[0, 0])
    assert behind[100] == pytest.approx(0.4, abs=0.05)
    assert views[:, 2] == pytest.approx(views[0, 2])


def test_a_static_camera_stands_still():
    _, views = views_of(scene(2, actors=3), "static")
    assert (views == views[0]).all()


moves = st.sampled_from(CAMERA_MOVES)


@settings(max_examples=30, deadline=None)
@given(
    st.integers(0, 10_000), moves, st.sampled_from(ASPECTS), st.integers(1, 3), st.integers(0, 3)
)
def test_nobody_leaves_the_picture_and_no_camera_the_air(seed, move, aspect, actors, easing):
    clip = scene(seed, actors=actors, frames=30, speed=1.0)
    follow = seed % actors if actors > 1 and seed % 2 and move != "pan" else None
    shot = Shot(move=move, start_s=0.0, end_s=clip.seconds, easing=EASINGS[easing], follow=follow)
    at, views = views_of(clip, CameraPlan(shots=(shot,)), aspect=aspect, times=np.arange(9) / 7)
    assert np.abs(places(clip, views, at, aspect, follow=follow)).max() < 0.97
    assert views[:, 1].min() >= 0.12


@settings(max_examples=20, deadline=None)
@given(st.integers(0, 10_000), moves, st.sampled_from(EASINGS))
def test_inside_a_shot_nothing_jumps(seed, move, easing):
    """Halving the time step halves the steps of velocity: it is continuous."""
    clip = scene(seed, frames=50)
    shot = Shot(move=move, start_s=0.0, end_s=clip.seconds, easing=easing)
    plan = CameraPlan(shots=(shot,))
    steps = []
    for count in (400, 1600):
        # the last pose stands for one frame more, in which only the move goes on
        at = np.linspace(0.05, clip.seconds - 0.05, count)
        _, views = views_of(clip, plan, times=at)
        steps.append(np.abs(np.diff(views, n=2, axis=0)).max() / (at[1] - at[0]))
    assert steps[1] < 0.5 * steps[0] + 1e-6


def test_a_viewpoint_depends_on_its_time_alone():
    clip = scene(5, actors=2)
    plan = camera_plan("orbit 1s; track 0.7s @1; zoom", clip.seconds)
    at, views = views_of(clip, plan)
    order = np.random.default_rng(0).permutation(len(at))[:17]
    _, some = views_of(clip, plan, times=at[order])
    assert some == pytest.approx(views[order], abs=1e-12)


def test_shots_cut_where_they_meet_and_stand_still_in_gaps():
    clip = scene(4, frames=100)
    plan = CameraPlan(
        shots=(
            Shot(move="orbit", start_s=0.0, end_s=1.0, easing="linear"),
            Shot(move="zoom", start_s=2.0, end_s=3.0),
        )
    )
    assert plan.cuts == (0.0, 1.0, 2.0, 3.0)
    _, views = views_of(clip, plan, times=np.arange(0.0, 4.0, 0.02))
    jumps = np.abs(np.diff(views, axis=0)).max(axis=1)
    assert set(np.flatnonzero(jumps > 0.2)) == {49, 99, 149}
    assert jumps[50:99].max() == jumps[150:].max() == 0.0


def test_of_shots_that_overlap_the_later_rules():
    clip = scene(4, frames=100)
    over = (
        Shot(move="static", start_s=0.0, end_s=4.0),
        Shot(move="crane", start_s=1.0, end_s=2.0),
    )
    _, views = views_of(clip, CameraPlan(shots=over), times=np.arange(0.0, 4.0, 0.1))
    moving = np.ptp(views[10:20], axis=0).max() > 0.1
    assert moving
    assert (views[:10] == views[0]).all()
    assert (views[20:] == views[20]).all()


def test_a_stored_camera_shows_what_it_was_stored_to_show():
    clip = scene(6)
    low, high = clip.joints.min(axis=(0, 1, 2)), clip.joints.max(axis=(0, 1, 2))
    track = np.empty((60, 3), np.float32)
    track[:, :2], track[:, 2] = (low + high) / 2, 2.0 / (float((high - low).max()) + 0.4)
    stored = clip.changed(camera=track)
    for aspect in ASPECTS:
        at = np.arange(60) / 25.0
        _, views = views_of(stored, "stored", aspect=aspect, times=at)
        assert np.abs(places(stored, views, at, aspect)).max() < 1.0
        assert views[:, 3:5] == pytest.approx(track[:, :2], abs=1e-6)
    with pytest.raises(ConfigError, match="own camera"):
        views_of(clip, "stored")


def test_the_same_twice_and_one_frame_is_enough():
    clip = scene(7, frames=1)
    for camera in CAMERA_MOVES:
        _, first = views_of(clip, camera)
        _, second = views_of(clip, camera)
        assert first.tobytes() == second.tobytes()
        assert np.isfinite(first).all()


@pytest.mark.parametrize(
    ("shot", "told"),
    [
        ({"move": "zoom", "amount": 50.0}, "0.1..10"),
        ({"move": "dolly", "amount": -1.0}, "0.1..10"),
        ({"move": "orbit", "amount": 1e9}, "at most"),
        ({"move": "track", "amount": -0.1}, "lag"),
        ({"move": "static", "follow": -1}, "actor"),
        ({"move": "pan", "amount": math.nan}, "finite"),
    ],
)
def test_what_no_camera_can_do_is_refused(shot, told):
    with pytest.raises(ConfigError, match=told):
        CameraPlan(shots=(Shot(start_s=0.0, end_s=1.0, **shot),))


def test_an_actor_who_is_not_there_cannot_be_followed():
    with pytest.raises(ConfigError, match=r"actor 0\.\.1, got 2"):
        views_of(scene(0, actors=2), "track", follow=2)
    with pytest.raises(ConfigError, match="width by height"):
        views_of(scene(0), "static", aspect=0.0)
    with pytest.raises(ConfigError, match="longer than 0 s"):
        camera_plan("orbit", 0.0)


def test_text_makes_the_shots_it_says():
    plan = camera_plan("static 2s; ORBIT 180deg linear; zoom 1s 1.6x @1", 8.0)
    assert plan.shots == (
        Shot(move="static", start_s=0.0, end_s=2.0),
        Shot(move="orbit", start_s=2.0, end_s=7.0, amount=math.pi, easing="linear"),
        Shot(move="zoom", start_s=7.0, end_s=8.0, amount=1.6, follow=1),
    )
    assert [shot.follow for shot in camera_plan("pan 1s; zoom @1", 3.0, follow=0).shots] == [0, 1]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("zoon 2s; pan", "expected one of static"),
        ("orbit 2s 1.5x", "1deg or 1rad"),
        ("static 2s 1h", "takes none"),
        ("orbit 0deg", "'0deg'"),
        ("orbit 9s; zoom", "without seconds"),
        (" ; ;", "expected shots like"),
        ("orbit 1s;" * 300, "at most 200 shots"),
        ("orbit \x00 <script> \U0001f600", "shot 1"),
        ("orbit 0s", "'0s'"),
    ],
)
def test_text_that_says_no_shots_is_told_why(text, told):
    with pytest.raises(ConfigError, match=told):
        camera_plan(text, 4.0)


def test_amounts_beside_a_text_are_refused():
    with pytest.raises(ConfigError, match="in the text"):
        camera_plan("pan 1s; zoom", 4.0, amount=2.0)


@given(st.text(max_size=60))
def test_any_text_is_a_plan_or_a_clear_error(text):
    try:
        plan = camera_plan(text, 4.0)
    except ConfigError:
        return
    assert plan.shots or plan.stored


@pytest.mark.parametrize("easing", EASINGS)
def test_easings_run_from_0_to_1_without_turning_back(easing):
    values = ease(np.linspace(-0.5, 1.5, 400), easing)
    assert values[0] == 0.0
    assert values[-1] == 1.0
    assert (np.diff(values) >= 0.0).all()
    flat = {"linear": (), "ease_in": (0,), "ease_out": (1,), "ease_in_out": (0, 1)}[easing]
    for end in flat:
        step = float(np.abs(ease(abs(end - 1e-4), easing) - end))
        assert step < 1e-6
    with pytest.raises(ConfigError, match="linear"):
        ease(0.5, "bouncy")
