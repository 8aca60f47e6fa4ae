"""What is drawn, what stands beside it, how it is asked."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from datasets_spec.errors import ConfigError
from stickgen_model.evaluate.held_out import HeldOut, HeldOutSet
from stickgen_model.evaluate.training_motion import NearestText, pose_moments
from tasks.evaluate.generation import generate_clips
from tasks.evaluate.job import EvaluateJob
from tasks.evaluate.references import REFERENCES, reference_clips, shuffled_rows, still_scripts
from tasks.evaluate.settings import EvaluationSettings
from tasks.evaluate.trial import choose_trial
from tests.stickgen_model.evaluate.acted import act
from tests.tasks.evaluate.actors import make_candidate, obey


def _item(text, *, group="", frames=30, word="walk", seed=0):
    joints = act(word, frames, seed=seed)
    return HeldOut(
        texts=(text,), action=word, joints=joints, group=group or f"{text}{seed}", source="bvh"
    )


def _set(items):
    return HeldOutSet(clips=tuple(items), scripts=(), whole=())


@given(st.lists(st.tuples(st.text(), st.integers(0, 5)), min_size=4, max_size=40))
def test_items_and_what_they_are_compared_with_are_apart(told):
    items = [_item(text, group=f"g{group}", seed=n) for n, (text, group) in enumerate(told)]
    trial = choose_trial(_set(items), EvaluationSettings(prompts=10))
    assert len(trial.items) == min(10, len(items) // 2)
    chosen = {id(item.joints) for item in trial.items}
    assert len(chosen) == len(trial.items)
    assert not chosen & {id(item.joints) for item in trial.pool}
    assert len(trial.pool) + len(trial.items) == len(items)
    groups = {item.group for item in items}
    # a second item of a recording only after one of each
    assert len({item.group for item in trial.items}) == min(len(groups), len(trial.items))


def test_the_same_seed_draws_the_same_and_others_others():
    items = [_item(f"t{n}", seed=n) for n in range(60)]
    drawn = [
        [item.text for item in choose_trial(_set(items), EvaluationSettings(seed=s)).items]
        for s in (0, 0, 1)
    ]
    assert drawn[0] == drawn[1] != drawn[2]


def test_twins_and_namesakes():
    items = [_item("a walk", seed=n, frames=30 + n, word="walk") for n in range(8)]
    items += [_item("one hop", seed=9, word="hop")]
    trial = choose_trial(_set(items), EvaluationSettings(prompts=4, again=3, each=3))
    for item, twin in zip(trial.items, trial.twins, strict=True):
        if item.action == "hop":
            assert twin is None
        else:
            assert twin is not None
            assert all(twin is not other.joints for other in trial.items)
    (names,) = trial.namesakes
    assert len(names) == 3


def test_too_few_are_refused():
    with pytest.raises(ConfigError, match="at least 4 captioned clips"):
        choose_trial(_set([_item("a")] * 3), EvaluationSettings())


@given(st.lists(st.sampled_from("abcd"), min_size=2, max_size=30), st.integers(0, 99))
def test_shuffled_sentences_are_others_where_that_can_be(texts, seed):
    items = [_item(text) for text in texts]
    rows = shuffled_rows(items, seed=seed)
    assert sorted(rows) == list(range(len(items)))
    same = sum(texts[row] == texts[other] for row, other in enumerate(rows))
    most = max(texts.count(text) for text in texts)
    # with more than half of one kind some have to meet their own
    assert same <= max(0, 2 * most - len(texts))


def test_references_are_as_long_as_the_items():
    items = [_item(f"t{n}", frames=26 + n, seed=n) for n in range(6)]
    moments = pose_moments([item.joints for item in items])
    nearest = NearestText([_item("t1", frames=80), _item("t2", frames=20)])
    found = reference_clips(items, moments=moments, nearest=nearest, seed=0)
    assert [row.name for row in found] == list(REFERENCES)
    by_name = {row.name: row.clips for row in found}
    for name in set(by_name) - {"nearest_text", "shuffled_text"}:
        assert [len(clip) for clip in by_name[name]] == [len(item.joints) for item in items]
    for still in ("mean_pose", "static_pose"):
        assert all(np.ptp(clip, axis=0).max() == 0.0 for clip in by_name[still])
    noise = np.concatenate(by_name["noise"])
    np.testing.assert_allclose(noise.mean(axis=0), moments.mean, atol=0.1)
    np.testing.assert_allclose(noise.std(axis=0), moments.std, rtol=0.25, atol=1e-3)
    scripts = still_scripts([items[0].joints], moments=moments, seed=0)
    assert set(scripts) == {"real", "mean_pose", "static_pose", "noise"}


def test_clips_come_back_in_the_order_of_the_items():
    items = [_item("a person walks ahead.", frames=n, seed=n) for n in (60, 30, 45)]
    clips = generate_clips(make_candidate(obey), items, EvaluationSettings())
    assert [len(clip) for clip in clips] == [60, 30, 45]
    assert generate_clips(make_candidate(obey), [], EvaluationSettings()) == []


def test_jobs():
    assert EvaluateJob(data="a/b").judges_folder.as_posix() == "a/b.judges"
    assert EvaluateJob(data="a/b/").judges_folder.as_posix() == "a/b.judges"
    assert EvaluateJob(judges="c").judges_folder.as_posix() == "c"
    with pytest.raises(ConfigError, match="judge_steps"):
        EvaluateJob(judge_steps=-1)
    quick = EvaluationSettings.quick(repeats=3)
    assert (quick.repeats, quick.copies) == (3, 0)
