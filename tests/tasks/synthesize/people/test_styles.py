"""Every style word changes what is seen."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from datasets_spec.skeleton import body_index
from tasks.synthesize.people.styles import STYLES
from tasks.synthesize.scenes.perform import perform_actor
from tasks.synthesize.scenes.solo import solo_plan

HIPS = [body_index("l_hip"), body_index("r_hip")]
STANDING = sorted(name for name, style in STYLES.items() if not style.going)


def about_hips(action, style, seed=4):
    """Points about the mid-hips over the floor, (T, 15, 3), metres."""
    plan = solo_plan(action, seed)
    manner = replace(plan.actors[0].manner, style=style)
    actor = replace(plan.actors[0], manner=manner)
    points = perform_actor(actor, duration_s=4.0, setting=plan.setting).points.astype(float)
    points[..., [0, 2]] -= points[:, HIPS].mean(axis=1)[:, None, [0, 2]]
    return points


def change(action, style):
    """How much a style changes mean pose, range of motion (metres) and speed (factor)."""
    plain, styled = about_hips(action, ""), about_hips(action, style)
    pose = np.linalg.norm(plain.mean(axis=0) - styled.mean(axis=0), axis=-1).max()
    ranges = [np.ptp(one, axis=0) for one in (plain, styled)]
    speeds = [np.abs(np.diff(one, axis=0)).mean() for one in (plain, styled)]
    return pose, np.abs(ranges[1] - ranges[0]).max(), abs(np.log(speeds[1] / speeds[0]))


@pytest.mark.parametrize("style", sorted(STYLES))
def test_styles_are_seen_in_a_walk_and_a_run(style):
    pose, size, pace = change("walk", style)
    assert pose > 0.08 or size > 0.15 or pace > 0.2, (pose, size, pace)
    pose, size, pace = change("run", style)
    assert pose > 0.06 or size > 0.1 or pace > 0.15, (pose, size, pace)


@pytest.mark.parametrize("style", STANDING)
def test_styles_are_seen_in_who_stands(style):
    pose, size, _ = change("idle", style)
    assert pose > 0.06 or size > 0.1


@pytest.mark.parametrize("style", sorted(STYLES))
def test_nobody_in_a_style_sinks_into_the_floor_or_jerks(style):
    for action in ("walk", "run", "idle", "turn"):
        points = about_hips(action, style)
        assert points[..., 1].min() > -0.02
        assert np.abs(np.diff(points, 2, axis=0)).max() * 625.0 < 260.0


def test_styles_differ_from_one_another():
    walks = {name: about_hips("walk", name)[:90] for name in STYLES}
    names = sorted(walks)
    for number, one in enumerate(names):
        for other in names[number + 1 :]:
            apart = np.linalg.norm(walks[one] - walks[other], axis=-1).max()
            assert apart > 0.06, (one, other)


def test_styles_are_said_in_words_of_their_own():
    phrases = [phrase for style in STYLES.values() for phrase in style.phrases]
    assert len(set(phrases)) == len(phrases)
    assert all(style.phrases for style in STYLES.values())
