"""Stances: any to any, on the floor and not under it, back to the very base they came from."""

from __future__ import annotations

from dataclasses import replace
from itertools import permutations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from datasets_spec.skeleton import body_index
from tasks.synthesize.engine.base import lay_base
from tasks.synthesize.engine.body import make_body
from tasks.synthesize.engine.manner import Manner
from tasks.synthesize.engine.setting import EARTH_GRAVITY, MOON_GRAVITY, Setting
from tasks.synthesize.engine.solve import solve_points
from tasks.synthesize.engine.stances import (
    fall_seconds,
    lay_stances,
    stance_name,
    stance_seconds,
)
from tasks.synthesize.engine.take import StanceKey, Take
from tasks.synthesize.engine.timing import clock

STANCES = (
    ("sit", "chair"),
    ("sit", "stool"),
    ("sit", "floor"),
    ("sit", "cross-legged"),
    ("sit", "legs"),
    ("crouch", "deep"),
    ("crouch", "low"),
    ("kneel", "one"),
    ("kneel", "both"),
    ("kneel", "heels"),
    ("lie", "back"),
    ("lie", "front"),
    ("lie", "side"),
    ("all_fours", ""),
)
PAIRS = tuple(permutations(STANCES, 2))


def empty_take(seconds, *, seed=0, stature=1.7, limbs=1.0, setting=None):
    t = clock(seconds, 25.0)
    body, manner = make_body(stature=stature, limbs=limbs), Manner()
    setting = setting or Setting()
    rng = np.random.default_rng(seed)
    posture = lay_base(t, body, manner, setting, rng, legs=[])
    return Take(t=t, body=body, manner=manner, setting=setting, rng=rng, posture=posture)


def resting(stance, variant, **how):
    """A body that has been in a stance since before the clip."""
    take = empty_take(2.0, **how)
    take.stances = (StanceKey(start_s=-3.0, end_s=-1.0, stance=stance, variant=variant),)
    lay_stances(take)
    return take, solve_points(take.body, take.posture).astype(float)


def through(stances, *, seed=0, **how):
    """From standing through stances at their natural pace, and up again."""
    keys, at, now = [], 0.4, "stand"
    for stance, variant in (*stances, ("stand", "")):
        key = StanceKey(start_s=at, end_s=at + 9.0, stance=stance, variant=variant)
        name = stance_name(key)
        keys.append(replace(key, end_s=at + stance_seconds(now, name)))
        at, now = keys[-1].end_s + 0.4, name
    take = empty_take(at, seed=seed, **how)
    base = empty_take(at, seed=seed, **how).posture
    take.stances = tuple(keys)
    lay_stances(take)
    return take, base, solve_points(take.body, take.posture).astype(float)


def place(points, name):
    return points[:, body_index(name)]


@settings(max_examples=25, deadline=None)
@given(
    pair=st.sampled_from(PAIRS),
    seed=st.integers(0, 50),
    stature=st.floats(1.3, 1.95),
    limbs=st.floats(0.93, 1.07),
)
def test_any_stance_to_any_other(pair, seed, stature, limbs):
    take, base, points = through(pair, seed=seed, stature=stature, limbs=limbs)
    assert np.isfinite(points).all()
    assert points[..., 1].min() > -0.01
    speed = np.linalg.norm(np.diff(points, axis=0), axis=-1) * 25.0
    assert speed.max() < 8.0
    # it stands again exactly as the base has it
    after = take.t > take.stances[-1].end_s + 0.04
    for field in ("hips", "turn", "trunk", "ankles", "feet", "arms"):
        np.testing.assert_allclose(
            getattr(take.posture, field)[after], getattr(base, field)[after], atol=1e-9
        )


@pytest.mark.parametrize(("stance", "variant"), STANCES)
def test_a_bearing_hand_does_not_slide(stance, variant):
    take, _, points = through(((stance, variant),), limbs=0.95)
    for side, name in ((0, "l_hand"), (1, "r_hand")):
        holds = take.posture.hold_weight[:, side] > 0.9999
        still = holds[1:] & holds[:-1]
        goal = np.linalg.norm(np.diff(take.posture.hold[:, side], axis=0), axis=-1)
        moved = np.linalg.norm(np.diff(place(points, name), axis=0), axis=-1)
        assert (moved[still & (goal < 1e-6)] < 0.008).all()


@pytest.mark.parametrize("variant", ["deep", "low"])
def test_crouching_feet_stay_where_they_stood(variant):
    take, base, points = through((("crouch", variant),))
    ball = take.body.offsets[10]
    for side, name in ((0, "l_toe"), (1, "r_toe")):
        stood = base.ankles[:, side] + base.feet[:, side] @ ball
        np.testing.assert_allclose(place(points, name), stood, atol=2e-3)


@pytest.mark.parametrize("stature", [1.3, 1.7, 1.9])
def test_lying_flat_on_the_back(stature):
    _, points = resting("lie", "back", stature=stature)
    hips = (place(points, "l_hip") + place(points, "r_hip")) / 2
    shoulders = (place(points, "l_shoulder") + place(points, "r_shoulder")) / 2
    assert np.abs(hips[:, 1] - 0.1 * stature / 1.7).max() < 0.02
    assert np.abs(shoulders[:, 1] - hips[:, 1]).max() < 0.04 * stature
    # the chest faces up: from the left to the right shoulder, crossed with the way to the head
    left = place(points, "l_shoulder") - place(points, "r_shoulder")
    front = np.cross(left, shoulders - hips)
    assert (front[:, 1] / np.linalg.norm(front, axis=-1) > 0.95).all()


def test_lying_on_the_front_faces_down():
    _, points = resting("lie", "front")
    hips = (place(points, "l_hip") + place(points, "r_hip")) / 2
    shoulders = (place(points, "l_shoulder") + place(points, "r_shoulder")) / 2
    left = place(points, "l_shoulder") - place(points, "r_shoulder")
    front = np.cross(left, shoulders - hips)
    assert (front[:, 1] / np.linalg.norm(front, axis=-1) < -0.95).all()


@pytest.mark.parametrize(("side", "low", "high"), [("left", "l_", "r_"), ("right", "r_", "l_")])
def test_lying_on_a_side(side, low, high):
    _, points = resting("lie", f"side {side}")
    for part in ("hip", "shoulder"):
        assert (place(points, high + part)[:, 1] > place(points, low + part)[:, 1] + 0.1).all()


def test_seated_on_a_chair_thighs_are_level_and_shins_upright():
    _, points = resting("sit", "chair")
    thigh = place(points, "l_knee") - place(points, "l_hip")
    shin = place(points, "l_knee") - place(points, "l_foot")
    assert (np.abs(thigh[:, 1]) / np.linalg.norm(thigh, axis=-1) < 0.2).all()
    assert (shin[:, 1] / np.linalg.norm(shin, axis=-1) > 0.95).all()


@pytest.mark.parametrize(
    ("variant", "down"), [("one left", 1), ("one right", 1), ("both", 2), ("heels", 2)]
)
def test_kneeling_knees_are_on_the_floor(variant, down):
    _, points = resting("kneel", variant)
    heights = [place(points, name)[:, 1].max() for name in ("l_knee", "r_knee")]
    assert sum(height < 0.09 for height in heights) == down
    if down == 1:
        assert (heights[0] < heights[1]) == (variant == "one left")


def test_on_all_fours_hands_and_knees_bear():
    _, points = resting("all_fours", "")
    for name in ("l_hand", "r_hand", "l_knee", "r_knee"):
        assert place(points, name)[:, 1].max() < 0.09


@pytest.mark.parametrize(("stance", "variant"), STANCES)
def test_a_resting_body_is_alive(stance, variant):
    _, points = resting(stance, variant)
    moved = np.linalg.norm(np.diff(place(points, "head"), axis=0), axis=-1)
    assert (moved > 1e-5).mean() > 0.95
    assert moved.max() * 25.0 < 0.5


@pytest.mark.parametrize(
    ("direction", "towards"),
    [("forward", (0, 1)), ("backward", (0, -1)), ("left", (1, 0)), ("right", (-1, 0))],
)
def test_a_fall_goes_its_way(direction, towards):
    take = empty_take(4.0)
    take.stances = (StanceKey(start_s=0.5, end_s=3.0, stance="lie", variant=f"fall {direction}"),)
    lay_stances(take)
    head = place(solve_points(take.body, take.posture).astype(float), "head")
    moved = (head[-1] - head[0])[[0, 2]]
    assert moved @ np.array(towards) > 0.8 * np.linalg.norm(moved)
    assert head[0, 1] > 1.4
    assert head[-1, 1] < 0.35


def test_a_fall_takes_longer_on_the_moon():
    """Free fall: time goes with one over the root of gravity."""
    times = []
    for gravity in (EARTH_GRAVITY, MOON_GRAVITY):
        take = empty_take(8.0, setting=Setting(gravity_mps2=gravity))
        take.stances = (StanceKey(start_s=0.0, end_s=7.5, stance="lie", variant="fall backward"),)
        lay_stances(take)
        low = np.interp(-0.3, -take.posture.hips[:, 1], take.t)
        times.append(float(low))
    ratio = np.sqrt(EARTH_GRAVITY / MOON_GRAVITY)
    assert times[1] / times[0] == pytest.approx(ratio, rel=0.05)
    assert fall_seconds(MOON_GRAVITY) / fall_seconds(EARTH_GRAVITY) == pytest.approx(ratio)


def test_open_variants_are_chosen_and_told():
    seen = set()
    for seed in range(30):
        take = empty_take(3.0, seed=seed)
        take.stances = (StanceKey(start_s=-9.0, end_s=-1.0, stance="sit"),)
        lay_stances(take)
        seen.add(take.stances[0].variant)
    assert len(seen) >= 4
    assert "" not in seen


def test_what_there_is_no_time_for_is_not_chosen():
    for seed in range(20):
        take = empty_take(3.0, seed=seed)
        take.stances = (StanceKey(start_s=0.5, end_s=2.1, stance="sit"),)
        lay_stances(take)
        assert take.stances[0].variant in ("chair", "stool")


def test_nothing_changes_without_stances():
    take = empty_take(2.0)
    before = take.rng.bit_generator.state
    lay_stances(take)
    assert take.rng.bit_generator.state == before


def test_an_unknown_stance_is_refused():
    with pytest.raises(ValueError, match="expected a stance"):
        stance_name(StanceKey(start_s=0.0, end_s=1.0, stance="float"))
