from __future__ import annotations

import dataclasses
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from datasets_spec.quality import QUALITY_MEASURES, QUALITY_SCORE, quality_column
from datasets_spec.skeleton import BODY_MIRROR
from tasks.config import RetargetConfig
from tasks.retarget.retarget import retarget_sequence
from tasks.score.score import score_clip
from tests.tasks.retarget.made_up import rolled, sequence_of, stander, walker


def clip_of(body, fps=120.0, **changes):
    result = retarget_sequence(sequence_of(body, fps=fps, **changes), RetargetConfig(), licence="")
    assert not result.rejects, result.rejects
    return result.clips[0]


def score(body, fps=120.0, **changes):
    return score_clip(clip_of(body, fps, **changes))[QUALITY_SCORE]


def noisy(body, sigma, seed=0):
    return body + np.random.default_rng(seed).normal(scale=sigma, size=body.shape)


def held(body, share, seed=0):
    body = body.copy()
    for k in np.flatnonzero(np.random.default_rng(seed).random(len(body)) < share):
        body[k] = body[max(k - 1, 0)]
    return body


def skipped(body, share, seed=0):
    return body[np.random.default_rng(seed).random(len(body)) >= share]


def descends(values):
    return all(a > b for a, b in pairwise(values))


def test_every_measure_is_there():
    row = score_clip(clip_of(walker(seconds=2.0)))
    assert list(row) == [*(quality_column(m.name) for m in QUALITY_MEASURES), QUALITY_SCORE]
    assert all(isinstance(value, float) and np.isfinite(value) for value in row.values())
    for measure in QUALITY_MEASURES:
        assert measure.part(measure.good) == 1.0
        assert measure.part(measure.bad) == pytest.approx(0.1)
        assert measure.part(float("nan")) == 0.0
        assert measure.part(float("inf")) == 0.0


@pytest.mark.parametrize("fps", [24.0, 30.0, 60.0, 120.0])
@pytest.mark.parametrize("stride", [0.0, 0.8])
def test_more_noise_at_the_source_is_lower(fps, stride):
    body = walker(seconds=6.0, fps=fps, stride=stride)
    scores = [score(noisy(body, s) if s else body, fps) for s in (0, 0.005, 0.01, 0.02, 0.04)]
    assert scores[0] > 0.9
    assert descends(scores)


@given(st.integers(0, 99), st.sampled_from(["points", "joints", "both"]))
def test_more_noise_in_the_clip_is_lower(seed, what):
    clip = clip_of(walker(seconds=2.0))
    scores = []
    for sigma in (0.0, 0.003, 0.006, 0.012, 0.025):
        g = np.random.default_rng(seed)
        changed = {}
        if what != "joints":
            changed["points"] = clip.points + sigma * g.normal(size=clip.points.shape)
        if what != "points":
            changed["joints"] = clip.joints + sigma * g.normal(size=clip.joints.shape)
        scores.append(score_clip(dataclasses.replace(clip, **changed))[QUALITY_SCORE])
    assert descends(scores)


@pytest.mark.parametrize("fps", [24.0, 30.0, 120.0])
@pytest.mark.parametrize("stride", [0.0, 0.8])
@pytest.mark.parametrize("drop", [held, skipped])
def test_lost_frames_are_lower(fps, stride, drop):
    body = walker(seconds=8.0, fps=fps, stride=stride)
    scores = [score(drop(body, share), fps) for share in (0.0, 0.06, 0.12, 0.3)]
    assert descends(scores)


def test_lost_frames_in_the_clip_are_lower():
    clip = clip_of(walker(seconds=8.0))

    def with_lost(share):
        points = held(clip.points, share, seed=1)
        return score_clip(dataclasses.replace(clip, points=points))[QUALITY_SCORE]

    assert descends([with_lost(share) for share in (0.0, 0.06, 0.12, 0.3)])


def test_white_noise_is_near_zero():
    clip = clip_of(walker(seconds=4.0))
    g = np.random.default_rng(0)
    for scale in (0.1, 0.3, 1.0):
        points = g.normal(scale=scale, size=clip.points.shape)
        joints = g.normal(scale=scale, size=clip.joints.shape)
        for changed in (
            {"points": points},
            {"joints": joints},
            {"points": points, "joints": joints},
        ):
            assert score_clip(dataclasses.replace(clip, **changed))[QUALITY_SCORE] < 0.01


def test_frozen_is_low_and_idle_is_not():
    idle = stander(seconds=6.0, fps=24.0, pace=0.1, sway=0.004, swing=0.02)
    assert score(idle, 24.0) > 0.9
    frozen = np.repeat(idle[:1], len(idle), axis=0)
    assert score(frozen, 24.0) < 0.3
    clip = clip_of(idle, 24.0)
    still = np.repeat(clip.points[:1], len(clip.points), axis=0)
    assert score_clip(dataclasses.replace(clip, points=still))[QUALITY_SCORE] < 0.3


def test_exchanged_sides_are_lower():
    body = walker(seconds=4.0)
    swapped = body.copy()
    swapped[200:220] = swapped[200:220][:, BODY_MIRROR]
    assert score(swapped) < 0.5 * score(body)


def test_honest_motion_scores_well():
    assert score(walker(seconds=4.0, pace=0.2, stride=0.8)) > 0.9  # slow motion
    assert score(walker(seconds=4.0, pace=1.6, stride=0.8, swing=0.9)) > 0.75
    body = stander(seconds=4.0)
    lying = rolled(body, np.full(len(body), np.pi / 2))
    assert score(lying) > 0.75
    assert score(rolled(body, np.interp(np.arange(len(body)), [120, 240], [0, 2 * np.pi]))) > 0.75


def test_gaps_lower_the_score():
    body = walker(seconds=4.0, fps=30.0)
    tracked = np.ones(body.shape[:2], dtype=bool)
    tracked[40:70] = False
    gaps = score(body, 30.0, tracked=tracked, body_model="sensor")
    assert gaps < score(body, 30.0, body_model="sensor")


def test_what_is_not_finite_scores_nothing():
    clip = clip_of(walker(seconds=2.0))
    points = clip.points.copy()
    points[3, 3] = np.nan
    row = score_clip(dataclasses.replace(clip, points=points))
    assert row[QUALITY_SCORE] == 0.0
