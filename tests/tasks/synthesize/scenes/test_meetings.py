"""Meetings against geometry: hands that meet, partners in time, nobody through anybody."""

from __future__ import annotations

import functools
from dataclasses import replace

import numpy as np
import pytest

from datasets_spec.skeleton import BODY_POINTS, body_index
from datasets_spec.vocabulary import action_id
from tasks.synthesize.engine.setting import MOON_GRAVITY, Setting
from tasks.synthesize.scenes.meetings import MEETINGS, meeting_spec
from tasks.synthesize.scenes.meetings_throw import flight_time
from tasks.synthesize.scenes.perform_scene import perform_scene
from tasks.synthesize.scenes.together import random_together

FPS = 25
PALM = 0.08
SEEDS = (1, 2, 3)
PAIRS = [(kind, seed) for kind in MEETINGS for seed in SEEDS]


@functools.cache
def scene(kind, seed, style=""):
    plan = random_together(seed, kind)
    if style:
        plan = replace(plan, meetings=(replace(plan.meetings[0], style=style),))
    performances = perform_scene(plan)
    return plan, performances, [one.points.astype(float) for one in performances]


def palm(points, side):
    name = "lr"[side] + "_"
    hand, elbow = points[:, body_index(name + "hand")], points[:, body_index(name + "elbow")]
    fore = hand - elbow
    return hand + PALM * fore / np.linalg.norm(fore, axis=-1, keepdims=True)


def hips(points):
    return (points[:, body_index("l_hip")] + points[:, body_index("r_hip")]) / 2


def deed_of(performance, action):
    return next(deed for deed in performance.deeds if deed.action == action)


@pytest.mark.parametrize("kind", ["handshake", "high_five"])
@pytest.mark.parametrize("seed", range(6))
def test_palms_meet_within_5_cm(kind, seed):
    plan, performances, points = scene(kind, seed)
    meeting = plan.meetings[0]
    deed = deed_of(performances[0], kind)
    sides = {"right": (1,), "both": (0, 1)}[deed.side]
    inside = slice(int(meeting.start_s * FPS), int(meeting.end_s * FPS) + 1)
    for side in sides:
        # across: the right hand of one meets the right of the other, both hands meet straight
        other = side if len(sides) == 1 else 1 - side
        gap = np.linalg.norm(palm(points[0], side) - palm(points[1], other), axis=-1)[inside]
        assert gap.min() < 0.05
        wrist, wrist_there = body_index("lr"[side] + "_hand"), body_index("lr"[other] + "_hand")
        apart = np.linalg.norm(points[0][:, wrist] - points[1][:, wrist_there], axis=-1)[inside]
        assert 0.04 < apart[gap.argmin()] < 0.22


@pytest.mark.parametrize("seed", range(4))
def test_a_handshake_shakes_as_often_as_it_says(seed):
    _, performances, points = scene("handshake", seed)
    deed = deed_of(performances[0], "handshake")
    assert deed.partner == 1
    assert deed_of(performances[1], "handshake").partner == 0
    assert deed_of(performances[1], "handshake").count == deed.count
    one, two = (palm(p, 1) for p in points)
    held = np.flatnonzero(np.linalg.norm(one - two, axis=-1) < 0.03)
    height = (one + two)[held[0] : held[-1] + 1, 1] / 2
    level = height - np.median(height)
    lows = (level[1:-1] < level[:-2]) & (level[1:-1] <= level[2:]) & (level[1:-1] < -0.01)
    assert lows.sum() == deed.count


@pytest.mark.parametrize("seed", range(4))
def test_in_a_hug_hands_are_on_the_others_back(seed):
    plan, _, points = scene("hug", seed)
    middle = int((plan.meetings[0].start_s + plan.meetings[0].end_s) / 2 * FPS)
    for one, other in ((0, 1), (1, 0)):
        to_me = hips(points[one])[middle] - hips(points[other])[middle]
        to_me /= np.linalg.norm(to_me)
        chest = (points[other][middle, 1] + points[other][middle, 2]) / 2
        behind = []
        for name in ("l_hand", "r_hand"):
            hand = points[one][middle, body_index(name)]
            spine = hips(points[other])[middle] + 0.7 * (chest - hips(points[other])[middle])
            behind.append(-(hand - spine) @ to_me)
            assert np.linalg.norm(hand - spine) < 0.42
        # short arms come no further than round the sides
        assert max(behind) > 0.0


@pytest.mark.parametrize(("kind", "seed"), PAIRS)
def test_nobody_walks_through_anybody(kind, seed):
    plan, _, points = scene(kind, seed)
    least = 0.25
    for one in range(len(points)):
        for other in range(one):
            gap = (hips(points[one]) - hips(points[other]))[:, [0, 2]]
            assert np.linalg.norm(gap, axis=-1).min() > least, (kind, seed, plan.meetings)


@pytest.mark.parametrize(("kind", "seed"), PAIRS)
def test_bodies_hold(kind, seed):
    plan, _, points = scene(kind, seed)
    frames = {len(one) for one in points}
    assert len(frames) == 1
    assert frames.pop() == int(np.floor(plan.duration_s * FPS + 1e-6)) + 1
    assert 3.9 <= plan.duration_s <= 10.0
    bones = [("l_shoulder", "l_elbow"), ("r_elbow", "r_hand"), ("l_hip", "l_knee")]
    bones += [("r_knee", "r_foot"), ("l_elbow", "l_hand"), ("l_knee", "l_foot")]
    for one in points:
        assert np.isfinite(one).all()
        assert one[..., 1].min() > -0.012
        for high, low in bones:
            length = np.linalg.norm(one[:, body_index(high)] - one[:, body_index(low)], axis=-1)
            assert np.ptp(length) < 1e-4
        speed = np.linalg.norm(np.diff(one, axis=0), axis=-1) * FPS
        assert speed[:, [body_index(name) for name in ("l_hand", "r_hand")]].max() < 12.5


@pytest.mark.parametrize(("kind", "seed"), PAIRS)
def test_deeds_are_inside_and_name_the_partner(kind, seed):
    plan, performances, _ = scene(kind, seed)
    meeting = plan.meetings[0]
    for number in meeting.actors:
        for deed in performances[number].deeds:
            action_id(deed.action)
            assert deed.start_s < deed.end_s
            if deed.partner is not None:
                assert deed.partner in meeting.actors
                assert deed.partner != number
                assert deed.start_s >= meeting.start_s - 0.6
                assert deed.end_s <= meeting.end_s + 0.6
    labels = meeting_spec(kind).labels
    for number in meeting.actors:
        label = labels[min(number, 1)]
        done = {deed.action for one in performances for deed in one.deeds}
        assert label == "unlabelled" or label in done


def test_partners_are_different_people_and_plans_are_repeatable():
    plan, _, points = scene("handshake", 1)
    assert plan.actors[0].body.stature != plan.actors[1].body.stature
    again = perform_scene(random_together(1, "handshake"))
    for one, other in zip(points, again, strict=True):
        np.testing.assert_array_equal(one.astype(np.float32), other.points)
    _, _, others = scene("handshake", 2)
    assert len(others[0]) != len(points[0]) or np.abs(others[0] - points[0]).max() > 0.05


@pytest.mark.parametrize("style", ["high", "low", "double"])
def test_a_high_five_is_high_or_low(style):
    plan, _, points = scene("high_five", 4, style)
    meeting = plan.meetings[0]
    inside = slice(int(meeting.start_s * FPS), int(meeting.end_s * FPS) + 1)
    gap = np.linalg.norm(
        palm(points[0], 1) - palm(points[1], 0 if style == "double" else 1), axis=-1
    )
    hit = inside.start + int(gap[inside].argmin())
    heads = [one[hit, 0, 1] for one in points]
    belly = [hips(one)[hit, 1] for one in points]
    height = palm(points[0], 1)[hit, 1]
    if style == "low":
        assert height < min(belly) + 0.25
    else:
        assert height > max(belly) + 0.25
    if style == "high":
        assert height > min(heads) - 0.15


@pytest.mark.parametrize("seed", range(4))
def test_blows_land_near_the_other(seed):
    plan, performances, points = scene("fight", seed)
    meeting = plan.meetings[0]
    inside = slice(int(meeting.start_s * FPS), int(meeting.end_s * FPS))
    counts = [deed_of(one, "fight").count for one in performances]
    assert sum(counts) >= 3
    near = []
    for one, other in ((0, 1), (1, 0)):
        target = np.stack(
            [points[other][:, 0], 0.6 * points[other][:, 0] + 0.4 * hips(points[other])]
        )
        feet = [points[one][:, body_index(name)] for name in ("l_foot", "r_foot")]
        tips = (palm(points[one], 0), palm(points[one], 1), *feet)
        near += [np.linalg.norm(tip - target, axis=-1)[:, inside].min() for tip in tips]
    assert min(near) < 0.30


def test_a_throw_flies_as_long_as_gravity_has_it():
    angle, way, rise, gravity = 0.7, 3.0, 0.2, 9.81
    time = flight_time(way, rise, angle_rad=angle, gravity_mps2=gravity)
    speed = way / (np.cos(angle) * time)
    fallen = speed * np.sin(angle) * time - 0.5 * gravity * time**2
    assert fallen == pytest.approx(rise)
    assert flight_time(way, rise, angle_rad=angle, gravity_mps2=MOON_GRAVITY) > 2 * time


@pytest.mark.parametrize("seed", range(3))
def test_a_catch_follows_its_throw(seed):
    _, performances, _ = scene("throw_and_catch", seed)
    deeds = [(deed, number) for number, one in enumerate(performances) for deed in one.deeds]
    throws = [(d, n) for d, n in deeds if d.action == "throw"]
    catches = [(d, n) for d, n in deeds if d.action == "catch"]
    assert len(throws) == len(catches) >= 1
    for (throw, thrower), (catch, catcher) in zip(
        sorted(throws, key=lambda one: one[0].start_s),
        sorted(catches, key=lambda one: one[0].start_s),
        strict=True,
    ):
        assert thrower != catcher
        assert throw.start_s < catch.end_s - 0.5
        assert throw.thing == catch.thing


@pytest.mark.parametrize("kind", ["walk_together", "follow", "lead_by_hand"])
@pytest.mark.parametrize("seed", range(4))
def test_those_who_go_together_stay_together(kind, seed):
    plan, _, points = scene(kind, seed)
    gap = np.linalg.norm((hips(points[0]) - hips(points[1]))[:, [0, 2]], axis=-1)
    moving = slice(int(max(plan.meetings[0].start_s, 0) * FPS) + 30, len(gap) - 40)
    assert np.ptp(gap[moving]) < 0.40


def test_hands_joined_stay_joined():
    plan, _, points = scene("lead_by_hand", 2)
    low = int(max(plan.meetings[0].start_s + 0.8, 0.0) * FPS)
    high = int(min(plan.meetings[0].end_s - 0.8, plan.duration_s) * FPS)
    gap = np.linalg.norm(palm(points[0], 1) - palm(points[1], 0), axis=-1)[low:high]
    assert np.quantile(gap, 0.9) < 0.05


def test_surroundings_reach_the_meeting():
    setting = Setting(place="on the moon", gravity_mps2=MOON_GRAVITY)
    plan = random_together(3, "handshake", setting=setting)
    assert plan.setting is setting
    perform_scene(plan)


def test_unknown_kinds_and_wrong_casts_are_refused():
    with pytest.raises(ValueError, match="expected a kind of meeting"):
        meeting_spec("tango")
    with pytest.raises(ValueError, match="expected 2"):
        random_together(1, "handshake", num_actors=1)
    plan = random_together(1, "handshake")
    bad = replace(plan, meetings=(replace(plan.meetings[0], actors=(0, 0)),))
    with pytest.raises(ValueError, match="different actors"):
        perform_scene(bad)
    style = replace(plan, meetings=(replace(plan.meetings[0], style="odd"),))
    with pytest.raises(ValueError, match="expected a style"):
        perform_scene(style)
    short = replace(plan.meetings[0], end_s=plan.meetings[0].start_s + 0.1)
    with pytest.raises(ValueError, match="expected at least"):
        perform_scene(replace(plan, meetings=(short,)))
    far = replace(plan.actors[1].placement, x=9.0)
    actors = (plan.actors[0], replace(plan.actors[1], placement=far))
    with pytest.raises(ValueError, match="m apart"):
        perform_scene(replace(plan, actors=actors))
    with pytest.raises(ValueError, match=r"1\.\.8 actors"):
        perform_scene(replace(plan, actors=()))


def test_a_third_person_watches_from_a_distance():
    plan = random_together(5, "handshake", num_actors=3)
    points = [one.points.astype(float) for one in perform_scene(plan)]
    assert len(points) == 3
    for one in (0, 1):
        gap = np.linalg.norm((hips(points[2]) - hips(points[one]))[:, [0, 2]], axis=-1)
        assert gap.min() > 0.8
    assert len(BODY_POINTS) == points[0].shape[1]
