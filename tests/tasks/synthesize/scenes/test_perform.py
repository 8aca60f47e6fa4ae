"""Performances: what surroundings and beats do to points."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from datasets_spec.skeleton import BODY_BONES, body_index
from tasks.synthesize.engine.base import Placement
from tasks.synthesize.engine.setting import MOON_GRAVITY, Setting
from tasks.synthesize.engine.take import Beat
from tasks.synthesize.scenes.perform import perform_actor
from tasks.synthesize.scenes.perform_scene import perform_scene
from tasks.synthesize.scenes.random_scene import SceneShares, random_scene
from tasks.synthesize.scenes.solo import solo_plan

HIPS = [body_index("l_hip"), body_index("r_hip")]
HANDS = [body_index("l_hand"), body_index("r_hand")]
SHOULDERS = [body_index("l_shoulder"), body_index("r_shoulder")]


def perform(action, seed=3, *, setting=None, **changes):
    plan = solo_plan(action, seed, setting=setting)
    actor = replace(plan.actors[0], **changes)
    return perform_actor(actor, duration_s=plan.duration_s, setting=plan.setting)


def test_random_scenes_are_sound():
    fastest = []
    for number in range(120):
        plan = random_scene(5, number, total=640, shares=SceneShares())
        for one, actor in zip(perform_scene(plan), plan.actors, strict=True):
            points = one.points.astype(np.float64)
            assert np.isfinite(points).all()
            if plan.setting.ground == "floor":
                assert points[..., 1].min() > -0.02
            for bone in BODY_BONES:
                first, last = (body_index(name) for name in bone)
                lengths = np.linalg.norm(points[:, first] - points[:, last], axis=-1)
                assert lengths.std() / lengths.mean() < 0.01, (number, bone)
            steps = np.diff(points, 2, axis=0) * 625.0
            fastest.append(np.linalg.norm(steps, axis=-1).max() / actor.body.stature)
            for deed in one.deeds:
                assert deed.end_s > deed.start_s
            for rest in one.rests:
                assert all(
                    rest.end_s <= d.start_s + 0.05 or rest.start_s >= d.end_s - 0.05
                    for d in one.deeds
                )
    # nothing pops from frame to frame
    assert np.percentile(fastest, 95) < 130.0
    assert max(fastest) < 260.0


def test_elbows_do_not_flip():
    elbows = [body_index("l_elbow"), body_index("r_elbow")]
    for seed in range(12):
        for style in ("overhead", "both_hands"):
            beats = (
                Beat(action="idle", start_s=0.0, end_s=4.0, style="fidget"),
                Beat(action="wave", start_s=0.5, end_s=3.5, style=style),
            )
            plan = solo_plan("idle", seed)
            actor = replace(plan.actors[0], beats=beats)
            points = perform_actor(actor, duration_s=4.0, setting=Setting()).points[:, elbows]
            sharpest = np.linalg.norm(np.diff(points, 2, axis=0), axis=-1).max() * 625.0
            assert sharpest < 150.0


def test_wind_is_leant_against_wherever_one_faces():
    leans = []
    for yaw in (0.0, np.pi / 2, np.pi):
        setting = Setting(place="in a strong wind", wind_mps=16.0, wind_yaw=yaw + np.pi)
        points = perform("walk", setting=setting, placement=Placement(yaw=yaw)).points
        middle = points[:, SHOULDERS].mean(axis=1) - points[:, HIPS].mean(axis=1)
        ahead = np.array([np.sin(yaw), 0.0, np.cos(yaw)])
        leans.append(float((middle @ ahead).mean()))
    assert np.ptp(leans) < 0.02
    calm = perform("walk").points
    usual = (calm[:, SHOULDERS].mean(axis=1) - calm[:, HIPS].mean(axis=1))[:, 2].mean()
    assert min(leans) > usual + 0.05


@pytest.mark.parametrize(
    ("setting", "slower"),
    [
        (Setting(ground="ice"), 0.8),
        (Setting(water_m=0.8), 0.85),
        (Setting(wind_mps=15.0, wind_yaw=np.pi), 0.9),
    ],
)
def test_surroundings_slow_those_who_walk(setting, slower):
    speeds = [perform("walk", setting=one).deeds[0].speed_mps for one in (None, setting)]
    assert speeds[1] < slower * speeds[0]


def test_wind_from_behind_slows_nobody():
    speeds = [
        perform("walk", setting=Setting(wind_mps=15.0, wind_yaw=yaw)).deeds[0].speed_mps
        for yaw in (0.0, np.pi)
    ]
    assert speeds[0] > 1.15 * speeds[1]


def test_jumps_on_the_moon_last():
    def air(setting):
        beat = Beat(action="jump", start_s=0.3, end_s=6.0, count=1, style="up")
        points = perform("jump", setting=setting, beats=(beat,)).points
        toes = points[:, [body_index("l_toe"), body_index("r_toe")], 1].min(axis=1)
        return int((toes > toes[0] + 0.03).sum())

    assert air(Setting(gravity_mps2=MOON_GRAVITY)) > 2 * air(Setting())


def test_stairs_lead_up_and_down():
    for ground, sign in (("stairs_up", 1.0), ("stairs_down", -1.0)):
        points = perform("walk", setting=Setting(ground=ground)).points
        rise = points[-1, HIPS, 1].mean() - points[0, HIPS, 1].mean()
        assert sign * rise > 0.5


def test_who_has_a_style_for_arms_keeps_it_while_standing():
    plan = solo_plan("idle", 3)
    manner = replace(plan.actors[0].manner, style="zombie")
    beats = (Beat(action="idle", start_s=0.0, end_s=3.0),)
    actor = replace(plan.actors[0], manner=manner, beats=beats)
    points = perform_actor(actor, duration_s=3.0, setting=Setting()).points
    ahead = points[:, HANDS, 2] - points[:, SHOULDERS, 2]
    assert ahead.min() > 0.3
