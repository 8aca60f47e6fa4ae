"""Compiled stories: true of grammar stories and of the wildest ones that are valid."""

from __future__ import annotations

import functools
import itertools

import numpy as np
import pytest

from datasets_spec.skeleton import BODY_POINTS
from tasks.synthesize.actions.registry import action_spec
from tasks.synthesize.scenes.meetings import MEETINGS
from tasks.synthesize.scenes.perform_scene import perform_scene
from tasks.synthesize.story.compile import compile_story, num_scenes, story_identity
from tasks.synthesize.story.crosscheck import stage_by_beat
from tasks.synthesize.story.grammar.backend import GrammarBackend
from tasks.synthesize.story.prompts import story_request
from tasks.synthesize.story.reply import parse_reply
from tests.tasks.synthesize.story.tales import act, beat, character, meet, told
from tests.tasks.synthesize.story.wild import wild_story

_HIPS = [BODY_POINTS.index("l_hip"), BODY_POINTS.index("r_hip")]
_FPS = 25.0


@functools.cache
def grammar_story(number):
    return parse_reply(GrammarBackend().tell(story_request(number, seed=11, theme="")))


def stories():
    return [*(grammar_story(k) for k in range(14)), *(wild_story(k) for k in range(14))]


def hips_of(performance):
    return performance.points[:, _HIPS].mean(axis=1)[:, [0, 2]]


def scenes_of(*beats, **more):
    story = parse_reply(told(0, beats=list(beats), **more))
    return compile_story(story)


CAST = [character("a"), character("b", noun="guard"), character("c", noun="cook")]


@functools.cache
def performed():
    found = []
    for story in stories():
        for scene, one in zip(compile_story(story), story.beats, strict=True):
            found.append((scene, one, perform_scene(scene.plan)))
    return found


def num_told():
    return sum(len(grammar_story(k).beats) for k in range(14))


def test_every_beat_is_a_scene_with_everybody_on_the_stage():
    for story in stories():
        scenes = compile_story(story)
        assert len(scenes) == num_scenes(story) == len(story.beats)
        for scene, ids in zip(scenes, stage_by_beat(story), strict=True):
            subjects = [actor.subject for actor in scene.plan.actors]
            assert subjects == [f"{story_identity(story)}-{one}" for one in ids]
            assert len(scene.voices) == len(subjects)


def test_scenes_keep_the_limits_of_clips():
    sensible = [scene for scene, _, _ in performed()[: num_told()]]
    for scene, one, performances in performed():
        assert 2.0 <= scene.plan.duration_s < 10.0
        assert scene.plan.duration_s >= min(one.seconds, 9.9)
        for performance in performances:
            assert abs(performance.points.shape[0] - scene.plan.duration_s * _FPS) <= 1.0
            assert np.isfinite(performance.points).all()
            # a drunkard who hops in deep water may slip through; sensible stories do not
            if any(scene is one for one in sensible):
                assert performance.points[..., 1].min() > -0.05
        for shot in scene.shots:
            assert 0.0 <= shot.start_s < shot.end_s <= scene.plan.duration_s + 1e-9
        for start, end, _ in itertools.chain.from_iterable(scene.voices):
            assert 0.0 <= start < end <= 10.0


def test_nobody_walks_through_anybody():
    close = []
    for scene, _, performances in performed():
        met = {
            frozenset(p) for m in scene.plan.meetings for p in itertools.permutations(m.actors, 2)
        }
        for one, two in itertools.combinations(range(len(performances)), 2):
            apart = hips_of(performances[one]) - hips_of(performances[two])
            if frozenset((one, two)) not in met:
                close.append(float(np.linalg.norm(apart, axis=-1).min()))
    assert min(close) > 0.2
    assert np.mean(np.array(close) < 0.45) < 0.03


def test_acts_of_the_grammar_are_played():
    wanted = played = 0
    for scene, one, performances in performed()[: num_told()]:
        ends = [actor.subject[-1] for actor in scene.plan.actors]
        for each in one.acts:
            deeds = performances[ends.index(each.character)].deeds
            wanted += 1
            played += any(
                deed.action == each.action
                and deed.end_s > 0.2
                and deed.start_s < scene.plan.duration_s - 0.2
                for deed in deeds
            )
    assert played >= 0.97 * wanted


def test_beats_of_the_body_do_not_overlap():
    for scene, _, _ in performed():
        for actor in scene.plan.actors:
            rows = [b for b in actor.beats if action_spec(b.action).kind != "upper"]
            for one, two in itertools.pairwise(sorted(rows, key=lambda b: b.start_s)):
                assert one.end_s <= two.start_s + 0.3, (one, two)


@pytest.mark.parametrize("kind", sorted(MEETINGS))
def test_every_interaction_is_met(kind):
    size = MEETINGS[kind].num_actors[1]
    (scene, _) = scenes_of(
        beat(interactions=[meet(kind, *"abc"[:size])], seconds=5.0),
        beat(act("a", "wave"), act("b", "wave"), act("c", "wave")),
        characters=CAST,
    )
    (meeting,) = scene.plan.meetings
    assert meeting.kind == kind
    assert len(perform_scene(scene.plan)) == 3


def test_who_enters_comes_from_outside_and_who_leaves_goes():
    come, go = scenes_of(
        beat(act("a", "walk", enter=True), act("b", "idle"), seconds=4.0),
        beat(act("a", "walk", leave=True), act("b", "idle"), seconds=4.0),
        characters=CAST[:2],
    )
    for scene, ways in ((come, (1, 0)), (go, (0, 1))):
        a, b = (hips_of(one) for one in perform_scene(scene.plan))
        far = np.linalg.norm(a - b, axis=-1)
        assert far[-1 if ways[1] else 0] > far[0 if ways[1] else -1] + 0.7
        assert np.ptp(b, axis=0).max() < 0.5


def test_a_way_to_somebody_ends_beside_him():
    scene, _ = scenes_of(
        beat(act("a", "walk", target="b"), act("b", "idle"), seconds=4.0),
        beat(act("a", "wave", target="b"), act("b", "nod")),
        characters=CAST[:2],
    )
    a, b = (hips_of(one) for one in perform_scene(scene.plan))
    far = np.linalg.norm(a - b, axis=-1)
    assert far[0] > 2.0
    assert 0.6 < far[-1] < 1.3


def test_partners_look_at_each_other():
    scene, _ = scenes_of(
        beat(act("a", "talk", target="b", speech="talk", line="Hello."), act("b", "nod")),
        beat(act("a", "wave"), act("b", "nod")),
        characters=CAST[:2],
    )
    a, b = (one.placement for one in scene.plan.actors)
    assert np.sign(np.sin(a.yaw)) == np.sign(b.x - a.x)
    assert np.sign(np.sin(b.yaw)) == np.sign(a.x - b.x)
    ((start, end, kind),) = scene.voices[0]
    assert kind == "talk"
    assert 0.0 < start < end


def test_stances_go_on_from_scene_to_scene():
    _, second, third = scenes_of(
        beat(act("a", "sit_down"), act("b", "idle"), seconds=3.0),
        beat(act("a", "read", thing="book"), act("b", "idle"), seconds=3.5),
        beat(act("a", "walk"), act("b", "idle"), seconds=4.0),
        characters=CAST[:2],
    )
    knees = [BODY_POINTS.index("l_knee"), BODY_POINTS.index("r_knee")]
    points = perform_scene(second.plan)[0].points
    high = points[:, _HIPS, 1].mean() - points[:, knees, 1].mean()
    assert high < 0.15
    deeds = [beat.action for beat in third.plan.actors[0].beats]
    assert deeds.index("stand_up") < deeds.index("walk")


def test_the_same_story_gives_the_same_scenes():
    story = grammar_story(3)
    again = parse_reply(GrammarBackend().tell(story_request(3, seed=11, theme="")))
    for one, two in zip(compile_story(story), compile_story(again), strict=True):
        for a, b in zip(perform_scene(one.plan), perform_scene(two.plan), strict=True):
            np.testing.assert_array_equal(a.points, b.points)
