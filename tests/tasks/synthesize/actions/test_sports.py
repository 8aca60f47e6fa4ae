"""Sports and dances: facts of the deeds against the motion, and physics."""

from __future__ import annotations

import numpy as np
import pytest

from datasets_spec.skeleton import body_index
from tasks.synthesize.actions.registry import action_spec
from tasks.synthesize.scenes.perform import perform_actor
from tasks.synthesize.scenes.solo import solo_plan

ACTIONS = ("swing_bat", "dribble", "kick", "punch", "dance")
STYLES = [(name, style) for name in ACTIONS for style in action_spec(name).styles]
FPS = 25.0
BONES = (
    ("l_shoulder", "l_elbow"),
    ("l_elbow", "l_hand"),
    ("l_hip", "l_knee"),
    ("l_knee", "l_foot"),
    ("r_foot", "r_toe"),
    ("r_knee", "r_foot"),
)


def _perform(name, seed, **wishes):
    plan = solo_plan(name, seed, **wishes)
    actor = plan.actors[0]
    made = perform_actor(actor, duration_s=plan.duration_s, setting=plan.setting)
    return np.asarray(made.points, dtype=float), made.deeds[0], actor


def _at(points, name):
    return points[:, body_index(name)]


def _speed(points, name):
    return np.linalg.norm(np.diff(_at(points, name), axis=0), axis=-1) * FPS


def _runs(mask):
    """Number of unbroken runs of True."""
    return int(mask[0]) + int((mask[1:] & ~mask[:-1]).sum())


@pytest.mark.parametrize(("name", "style"), STYLES)
def test_bodies_hold_together_and_stay_human(name, style):
    for seed in (1, 2):
        points, deed, _ = _perform(name, seed, style=style)
        assert np.isfinite(points).all()
        assert deed.action == name
        assert deed.style == style
        for one, other in BONES:
            length = np.linalg.norm(_at(points, one) - _at(points, other), axis=-1)
            assert length.std() < 1e-4
        assert points[..., 1].min() > -0.01
        for part in ("l_hand", "r_hand"):
            assert _speed(points, part).max() < 12.5
        jolt = np.linalg.norm(np.diff(points, n=2, axis=0), axis=-1) * FPS**2
        assert jolt.max() < 450.0
        # nothing freezes
        assert np.linalg.norm(np.diff(points, axis=0), axis=-1).max(axis=1).min() > 1e-5


@pytest.mark.parametrize(
    ("name", "style"), [pair for pair in STYLES if pair[0] not in ("dribble",)]
)
def test_the_body_is_given_back_as_it_was_found(name, style):
    points, _, _ = _perform(name, 5, style=style)
    for part in ("l_foot", "r_foot"):
        track = _at(points, part)
        assert np.linalg.norm(track[-1] - track[0]) < 0.005


@pytest.mark.parametrize("style", ["front", "side", "roundhouse", "high"])
@pytest.mark.parametrize("side", [0, 1])
def test_kicks_are_counted_sided_and_stand_on_the_other_leg(style, side):
    points, deed, actor = _perform("kick", 11, style=style, side=side, count=2)
    kicking, standing = ("r_foot", "l_foot") if side else ("l_foot", "r_foot")
    assert deed.side == ("right" if side else "left")
    high = _at(points, kicking)[:, 1] > 0.30 * actor.body.hip_height
    assert _runs(high) == deed.count
    planted = _at(points, standing)
    assert np.linalg.norm(planted - planted[0], axis=-1).max() < 0.01
    assert 4.0 < _speed(points, kicking).max() < 15.0


def test_a_ball_is_kicked_low_to_high_after_a_run_up():
    points, deed, _ = _perform("kick", 4, style="soccer", side=1, count=1)
    assert (deed.thing, deed.count) == ("ball", 1)
    standing = _at(points, "l_foot")
    assert np.linalg.norm(standing - standing[0], axis=-1).max() > 0.2


@pytest.mark.parametrize("style", ["jab", "cross"])
def test_straight_punches_are_counted(style):
    points, deed, actor = _perform("punch", 7, style=style, count=3)
    hand = "r" if deed.side == "right" else "l"
    other = "l" if hand == "r" else "r"
    reach = np.linalg.norm(_at(points, f"{hand}_hand") - _at(points, f"{hand}_shoulder"), axis=-1)
    arm = actor.body.length("l_elbow") + actor.body.length("l_wrist")
    middle = slice(20, len(reach) - 20)
    assert _runs(reach[middle] > 0.85 * arm) == deed.count
    assert reach[middle].max() < 0.99 * arm
    chin = np.linalg.norm(_at(points, f"{other}_hand") - points[:, 0], axis=-1)[middle]
    # a guard may hang as low as the chest
    assert np.median(chin) < 0.36


@pytest.mark.parametrize("style", ["baseball", "golf", "cricket"])
@pytest.mark.parametrize("side", [0, 1])
def test_both_hands_stay_on_the_bat(style, side):
    points, deed, actor = _perform("swing_bat", 9, style=style, side=side, count=1)
    gap = np.linalg.norm(_at(points, "l_hand") - _at(points, "r_hand"), axis=-1)
    grip = 0.10 * actor.body.stature / 1.7
    hold = slice(26, len(gap) - 26)
    assert np.abs(gap[hold] - grip).max() < 0.015
    # a right-handed swing goes to the left, +x
    hands = _at(points, "l_hand")[hold, 0]
    fastest = int(np.abs(np.diff(hands)).argmax())
    assert np.sign(np.diff(hands)[fastest]) == (1.0 if side else -1.0)
    assert deed.direction == ("left" if side else "right")


@pytest.mark.parametrize("side", [0, 1])
@pytest.mark.parametrize("style", ["basketball", "low"])
def test_bounces_are_counted_in_the_right_hand(side, style):
    points, deed, _ = _perform("dribble", 6, style=style, side=side, count=6, amount=1.2)
    hand, shoulder = ("r_hand", "r_shoulder") if side else ("l_hand", "l_shoulder")
    height = (_at(points, hand) - _at(points, shoulder))[:, 1]
    middle = height[15:-15]
    assert deed.count == 6
    assert _runs(middle < (middle.min() + middle.max()) / 2) in (6, 7)
    assert deed.speed_mps > 0.0


def test_dances_are_all_different_and_on_their_feet():
    seen = []
    for style in action_spec("dance").styles:
        points, _, actor = _perform("dance", 8, style=style)
        hips = (_at(points, "l_hip") + _at(points, "r_hip")) / 2
        assert hips[:, 1].min() > 0.55 * actor.body.hip_height
        speed = np.linalg.norm(np.diff(points, axis=0), axis=-1).mean() * FPS
        assert speed > 0.15
        seen.append(points[60:85, :, 1].ravel())
    flat = np.array(seen)
    far = np.abs(flat[:, None] - flat[None]).max(axis=-1)
    assert far[~np.eye(len(far), dtype=bool)].min() > 0.05


def test_jumping_flies_on_parabolas():
    points, _, _ = _perform("dance", 3, style="jumping")
    feet = np.minimum(_at(points, "l_toe")[:, 1], _at(points, "r_toe")[:, 1])
    hips = (_at(points, "l_hip") + _at(points, "r_hip"))[:, 1] / 2
    bend = np.diff(hips, n=2) * FPS**2
    flying = (feet[1:-1] > feet.min() + 0.02) & (np.arange(len(bend)) > 30)
    flying &= np.arange(len(bend)) < len(bend) - 30
    assert flying.sum() > 10
    assert np.median(bend[flying]) == pytest.approx(-9.81, abs=1.5)


def test_same_seed_same_motion_and_other_seed_other_motion():
    one, _, _ = _perform("dance", 21)
    again, _, _ = _perform("dance", 21)
    assert np.array_equal(one, again)
    other, _, _ = _perform("dance", 22)
    num = min(len(one), len(other))
    assert np.abs(one[:num] - other[:num]).max() > 0.05
