"""Energy, mood and age are seen in how people move."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from datasets_spec.skeleton import body_index
from datasets_spec.vocabulary import EXPRESSIONS
from tasks.synthesize.engine.manner import Manner
from tasks.synthesize.people.dress import dress_manner
from tasks.synthesize.people.person import random_body
from tasks.synthesize.people.styles import STYLES
from tasks.synthesize.scenes.perform import perform_actor
from tasks.synthesize.scenes.solo import solo_plan

HANDS = [body_index("l_hand"), body_index("r_hand")]
HIPS = [body_index("l_hip"), body_index("r_hip")]
SHOULDERS = [body_index("l_shoulder"), body_index("r_shoulder")]


def perform(action, seed, *, body=None, **manner):
    plan = solo_plan(action, seed)
    actor = plan.actors[0]
    actor = replace(actor, manner=Manner(**manner), body=body or actor.body)
    return perform_actor(actor, duration_s=plan.duration_s, setting=plan.setting)


def hand_speed(action, **manner):
    speeds = []
    for seed in range(6):
        hands = perform(action, seed, **manner).points[:, HANDS]
        speeds.append(np.linalg.norm(np.diff(hands, axis=0), axis=-1).max(axis=1).mean())
    return float(np.mean(speeds))


def stoop(**manner):
    points = perform("walk", 3, **manner).points
    spine = points[:, SHOULDERS].mean(axis=1) - points[:, HIPS].mean(axis=1)
    return float(np.arctan2(spine[:, 2], spine[:, 1]).mean())


@pytest.mark.parametrize("action", ["wave", "talk", "clap", "sing", "dodge", "throw"])
def test_energy_and_mood_act_on_gestures(action):
    assert hand_speed(action, energy=1.0) > 1.1 * hand_speed(action, energy=0.0)
    assert hand_speed(action, mood="excited") > 1.05 * hand_speed(action, mood="sad")


def test_sad_tired_and_old_people_stoop():
    usual = stoop()
    assert stoop(mood="sad") > usual + 0.08
    assert stoop(energy=0.0) > usual + 0.05
    assert stoop(age="old") > usual + 0.1
    assert stoop(mood="surprised") < usual


def test_old_people_are_slow_and_children_quick_for_their_size():
    bodies = [random_body(np.random.default_rng(2), age=age) for age in ("old", "adult", "child")]
    paces = [
        perform("walk", 3, age=age, tempo=tempo, body=body).deeds[0].speed_mps / body.leg
        for age, tempo, body in zip(
            ("old", "adult", "child"), (0.85, 1.0, 1.08), bodies, strict=True
        )
    ]
    assert paces[0] < 0.9 * paces[1]
    assert paces[2] > paces[1]


def test_asymmetry_makes_one_side_larger():
    def swings(asymmetry):
        points = perform("walk", 5, asymmetry=asymmetry).points
        hands = points[:, HANDS, 2] - points[:, SHOULDERS, 2]
        return np.ptp(hands, axis=0)

    left, even, right = swings(1.0), swings(0.0), swings(-1.0)
    assert left[0] / left[1] > 1.1 * even[0] / even[1]
    assert right[0] / right[1] < even[0] / even[1] / 1.1


def test_usual_people_are_as_they_are():
    manner = Manner(tempo=1.1, amplitude=0.9)
    assert dress_manner(manner) == manner


@pytest.mark.parametrize("mood", EXPRESSIONS)
def test_tempo_and_size_stay_human(mood):
    for tempo in (0.6, 1.5):
        for energy in (0.0, 1.0):
            for style in ("", *STYLES):
                dressed = dress_manner(
                    Manner(
                        tempo=tempo, amplitude=1.4 * tempo / 1.5, energy=energy, mood=mood,
                        age="old", style=style,
                    )
                )  # fmt: skip
                assert 0.4 < dressed.tempo < 1.5
                assert 0.5 < dressed.amplitude < 1.5
