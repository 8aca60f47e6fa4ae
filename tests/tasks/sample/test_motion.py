"""The generated motion is physically sound: rigid bones, still feet, nothing under the floor."""

from __future__ import annotations

from functools import cache

import numpy as np
import pytest

from datasets_spec.skeleton import BODY_BONES, body_index
from datasets_spec.vocabulary import ACTIONS
from tasks.sample.duets import DUETS, duet
from tasks.sample.motion import Motion
from tasks.sample.scripts import SCRIPTS, perform
from tasks.synthesize.engine.body import BODY_JOINTS, PARENTS, make_body
from tasks.synthesize.engine.limbs import bend_arm, bend_leg
from tasks.synthesize.engine.timing import clock, keyed, wobble

FPS = 60.0


@cache
def played(name: str) -> Motion:
    return perform(name, make_body(stature=1.66, limbs=1.02, tempo=1.03), seed=(3,), fps=FPS)


@cache
def both(name: str) -> tuple[Motion, Motion]:
    bodies = (make_body(stature=1.78), make_body(stature=1.62, limbs=0.98))
    return duet(name, bodies, seed=(3,), fps=FPS, duration_s=5.0)


def all_motions() -> list[tuple[str, Motion]]:
    return [(n, played(n)) for n in SCRIPTS] + [(n, m) for n in DUETS for m in both(n)]


def stance_slides(motion: Motion, row: str, height: float) -> list[float]:
    """Largest way of a point over the floor in each spell at its resting height, on one's feet."""
    place = motion.points[:, body_index(row)].astype(float)
    # heels of somebody who lies down may slide
    upright = motion.pelvis[:, 1] > 0.6 * motion.body.hip_height
    low = (np.abs(place[:, 1] - height) < 0.003) & upright
    edges = np.flatnonzero(np.diff(np.concatenate([[0], low.astype(int), [0]])))
    ways = []
    for start, stop in zip(edges[::2], edges[1::2], strict=True):
        flat = place[start:stop, [0, 2]]
        ways.append(float(np.linalg.norm(flat - flat[0], axis=-1).max()))
    return ways


@pytest.mark.parametrize("name", SCRIPTS)
def test_spans_name_actions_inside_the_clip(name):
    motion = played(name)
    end = len(motion.pelvis) / FPS + 0.05
    assert motion.spans
    for span in motion.spans:
        assert span.action in ACTIONS
        assert 0.0 <= span.start_s < span.end_s <= end
    assert motion.caption.startswith("a person ")


def test_bones_are_rigid():
    for name, motion in all_motions():
        points = motion.points.astype(float)
        for one, two in BODY_BONES:
            bone = points[:, body_index(one)] - points[:, body_index(two)]
            length = np.linalg.norm(bone, axis=-1)
            assert np.ptp(length) < 1e-5, (name, one, two)


def test_rotations_are_proper():
    for name, motion in all_motions():
        turns = motion.rotations
        np.testing.assert_allclose(
            turns @ np.swapaxes(turns, -1, -2),
            np.broadcast_to(np.eye(3), turns.shape),
            atol=1e-9,
            err_msg=name,
        )
        assert np.linalg.det(turns).min() > 0.999, name


def test_nothing_is_under_the_floor():
    for name, motion in all_motions():
        assert motion.points[..., 1].min() > -0.01, name
        feet = motion.points[:, [body_index("l_foot"), body_index("r_foot")], 1]
        assert feet.min() > motion.body.ankle_height - 0.01, name


def test_standing_feet_do_not_slide():
    for name, motion in all_motions():
        for foot in ("l_foot", "r_foot"):
            slides = stance_slides(motion, foot, motion.body.ankle_height)
            assert slides or name == "run", (name, foot)
            assert max(slides, default=0.0) < 0.01, (name, foot, max(slides))


def test_speeds_are_human():
    for name, motion in all_motions():
        speed = np.linalg.norm(np.diff(motion.points, axis=0), axis=-1) * FPS
        assert speed.max() < (13.0 if name == "cartwheel" else 10.0), (name, speed.max())


def test_knees_bend_forward():
    for name, motion in all_motions():
        # a rotation about the knee's own x axis, heel towards the seat: never the other way
        for row in (4, 5):
            knee = motion.rotations[:, row]
            assert np.arctan2(knee[:, 2, 1], knee[:, 1, 1]).min() > -0.02, (name, row)


def test_walk_has_natural_speed_and_cadence():
    motion = perform("walk", make_body(), seed=(1,), fps=FPS)
    way = np.linalg.norm(np.diff(motion.pelvis[:, [0, 2]], axis=0), axis=-1).sum()
    assert 1.2 < way / SCRIPTS["walk"].duration_s < 1.5
    apart = motion.points[:, body_index("l_foot")] - motion.points[:, body_index("r_foot")]
    ahead = apart[:, [0, 2]] @ np.array([0.0, 1.0])
    steps = np.flatnonzero(np.diff(np.sign(ahead))).size / SCRIPTS["walk"].duration_s
    assert 1.6 < steps < 2.1


def test_jump_falls_with_gravity():
    motion = played("jump")
    hips = motion.points[:, [body_index("l_hip"), body_index("r_hip")], 1].mean(axis=1)
    top = int(hips[: int(2.5 * FPS)].argmax())
    near = hips[top - 4 : top + 5].astype(float)
    curve = np.polyfit(np.arange(-4, 5) / FPS, near, 2)[0] * 2
    assert curve == pytest.approx(-9.81, rel=0.08)


def test_cartwheel_turns_over_and_lying_lies():
    wheel = played("cartwheel").points
    assert (wheel[:, 0, 1] < wheel[:, body_index("l_foot"), 1] - 0.8).any()
    lying = played("lie_down").points
    middle = lying[len(lying) // 2]
    assert middle[:, 1].max() < 0.5
    assert abs(middle[0, 1] - middle[body_index("l_hip"), 1]) < 0.15


@pytest.mark.parametrize("name", ["dance", "walk", "run", "sit", "punch", "fall"])
def test_the_same_performance_at_two_rates(name):
    slow = perform(name, make_body(), seed=(5,), fps=30.0)
    fast = perform(name, make_body(), seed=(5,), fps=120.0)
    assert [span.action for span in slow.spans] == [span.action for span in fast.spans]
    gap = np.linalg.norm(fast.points[::4] - slow.points, axis=-1)
    assert gap.mean() < 0.01


def test_pairs_touch():
    one, two = both("handshake")
    hands = one.points[:, body_index("r_hand")] - two.points[:, body_index("r_hand")]
    assert np.linalg.norm(hands, axis=-1).min() < 0.18
    one, two = both("meet")
    gap = np.linalg.norm(one.pelvis - two.pelvis, axis=-1)
    assert gap[0] > gap[-1] + 1.0
    assert gap[-1] == pytest.approx(1.0, abs=0.15)


def test_who_has_lain_down_lies_until_he_gets_up():
    lying, rising = played("lie_down").spans
    assert (lying.action, rising.action) == ("lie_down", "get_up")
    assert lying.end_s == pytest.approx(rising.start_s, abs=0.04)


def test_captions_of_pairs():
    for scene in DUETS.values():
        assert len(set(scene.captions)) == 3


def test_body_proportions():
    body = make_body(stature=1.70)
    assert len(BODY_JOINTS) == len(PARENTS) == 22
    assert body.hip_height == pytest.approx(0.53 * 1.70, rel=0.001)
    assert body.offsets[1, 0] > 0 > body.offsets[2, 0]
    motion = perform("idle", body, seed=(0,), fps=30.0)
    shoulder = (
        motion.points[:, body_index("l_shoulder")] - motion.points[:, body_index("r_shoulder")]
    )
    np.testing.assert_allclose(np.linalg.norm(shoulder, axis=-1), 0.23 * 1.70, rtol=1e-3)


def test_limbs_reach_their_targets():
    rng = np.random.default_rng(0)
    target = rng.normal(size=(50, 3))
    target *= rng.uniform(0.2, 0.7, (50, 1)) / np.linalg.norm(target, axis=-1, keepdims=True)
    pole = rng.normal(size=(50, 3))
    thigh, shin = bend_leg(target, pole, lengths=(0.4, 0.41))
    np.testing.assert_allclose(-0.4 * thigh[..., 1] - 0.41 * shin[..., 1], target, atol=1e-9)
    for sign in (1.0, -1.0):
        upper, fore = bend_arm(target * 0.7, pole, lengths=(0.3, 0.25), sign=sign)
        end = sign * (0.3 * upper[..., 0] + 0.25 * fore[..., 0])
        np.testing.assert_allclose(end, target * 0.7, atol=1e-9)


def test_keys_hold_and_meet_their_values():
    t = clock(3.0, 10.0)
    curve = keyed(t, (1.0, 2.0), (5.0, 7.0))
    assert curve[0] == 5.0
    assert curve[10] == 5.0
    assert curve[-1] == 7.0
    assert (np.diff(curve) >= 0).all()


def test_noise_does_not_depend_on_the_rate():
    slow = wobble(clock(2.0, 30.0), np.random.default_rng(1), (2,))
    fast = wobble(clock(2.0, 60.0), np.random.default_rng(1), (2,))
    np.testing.assert_allclose(fast[::2], slow)


def test_stopping_brings_the_feet_together():
    points = played("walk_wave").points
    for frame in (0, -1):
        feet = points[frame, body_index("l_foot")] - points[frame, body_index("r_foot")]
        assert abs(feet[2]) < 0.02
        assert 0.1 < feet[0] < 0.25
