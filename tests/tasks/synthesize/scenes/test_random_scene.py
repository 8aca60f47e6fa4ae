"""Scenes of a build: what is in them, who is, and that they depend on their number only."""

from __future__ import annotations

from collections import Counter, defaultdict

import numpy as np
import pytest

from datasets_spec.vocabulary import ACTIONS
from tasks.synthesize.actions.registry import action_spec
from tasks.synthesize.scenes.random_scene import SceneShares, random_scene, scene_action
from tasks.synthesize.scenes.random_setting import TRAVEL_ONLY

SEED, TOTAL = 3, 1280
SHARES = SceneShares()


@pytest.fixture(scope="module")
def plans():
    return [random_scene(SEED, number, total=TOTAL, shares=SHARES) for number in range(384)]


def shape(plan):
    return (
        plan.duration_s,
        plan.setting,
        plan.meetings,
        [(a.subject, a.beats, a.manner, a.placement, a.seed, a.noun) for a in plan.actors],
    )


def test_every_action_comes_up_once_in_64_scenes():
    for block in range(4):
        numbers = range(64 * block, 64 * block + 64)
        assert sorted(scene_action(SEED, n) for n in numbers) == sorted(ACTIONS)
    orders = {tuple(scene_action(seed, n) for n in range(64)) for seed in range(5)}
    assert len(orders) == 5


def test_the_action_of_a_number_is_in_its_scene(plans):
    for number, plan in enumerate(plans):
        word = scene_action(SEED, number)
        if not plan.meetings:
            assert word in {beat.action for beat in plan.actors[0].beats}
        elif action_spec(word).kind == "pair":
            assert plan.meetings[0].kind == word


def test_scenes_depend_on_their_number_only(plans):
    for number in (200, 7, 63, 380, 64):
        again = random_scene(SEED, number, total=TOTAL, shares=SHARES)
        assert shape(again) == shape(plans[number])
    other = random_scene(SEED + 1, 7, total=TOTAL, shares=SHARES)
    assert shape(other) != shape(plans[7])


def test_troupes_never_mix(plans):
    friends = defaultdict(set)
    for plan in plans:
        people = [actor.subject for actor in plan.actors]
        assert len(set(people)) == len(people)
        for one in people:
            friends[one] |= set(people)
    for people in friends.values():
        assert len({int(one[1:]) // 6 for one in people}) == 1


def test_a_person_has_one_body(plans):
    bodies = defaultdict(set)
    for plan in plans:
        for actor in plan.actors:
            bodies[actor.subject].add((actor.body.stature, actor.manner.handed, actor.manner.age))
    assert all(len(seen) == 1 for seen in bodies.values())
    assert len(bodies) > 40


def test_clips_have_natural_lengths(plans):
    lengths = np.array([plan.duration_s for plan in plans])
    assert lengths.min() >= 2.0
    assert lengths.max() <= 10.0
    # short ones, long ones, and no heap at either end
    counts = np.histogram(lengths, bins=[2, 4, 6, 8, 10.01])[0] / len(lengths)
    assert counts.min() > 0.05
    assert np.mean(lengths > 9.8) < 0.15


def test_shares_are_about_what_is_asked(plans):
    alone = [plan for plan in plans if len(plan.actors) == 1]
    assert 0.15 < 1 - len(alone) / len(plans) < 0.35
    assert 0.25 < np.mean([len(plan.actors[0].beats) > 1 for plan in alone]) < 0.65
    styled = [plan.actors[0].manner.style for plan in alone if plan.actors[0].manner.style]
    assert 0.02 < len(styled) / len(alone) < 0.25
    none = SceneShares(sequence=0.0, together=0.0, style=0.0, setting=0.0)
    for number in range(64):
        plan = random_scene(SEED, number, total=TOTAL, shares=none)
        if plan.meetings:
            assert action_spec(scene_action(SEED, number)).kind == "pair"
            continue
        names = Counter(beat.action for beat in plan.actors[0].beats)
        assert names[scene_action(SEED, number)] == 1
        assert not plan.actors[0].manner.style
        assert plan.setting.ground == "floor"


def test_stairs_and_slopes_are_only_walked_straight():
    steep = SceneShares(setting=1.0, together=0.0)
    seen = set()
    for number in range(512):
        plan = random_scene(SEED, number, total=TOTAL, shares=steep)
        if plan.setting.ground not in TRAVEL_ONLY:
            continue
        seen.add(plan.setting.ground)
        beats = plan.actors[0].beats
        assert {beat.action for beat in beats if action_spec(beat.action).kind == "travel"} <= {
            "walk",
            "run",
            "limp",
        }
        assert {beat.style for beat in beats if beat.action == "walk"} <= {"", "straight"}
    assert len(seen) >= 3


def test_styles_are_worn_where_they_show():
    often = SceneShares(style=0.3, together=0.0)
    quiet = {"swim", "lie_down", "sit", "climb", "crawl", "eat", "clap"}
    worn = 0
    for number in range(256):
        plan = random_scene(SEED, number, total=TOTAL, shares=often)
        actor = plan.actors[0]
        if actor.manner.style:
            worn += 1
            names = [beat.action for beat in actor.beats]
            assert not set(names) <= quiet, names
    assert worn > 10
