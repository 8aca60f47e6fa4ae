"""A whole evaluation with judges that never err and models whose worth is known."""

from __future__ import annotations

import json
from dataclasses import replace

import numpy as np
import pytest

from datasets_spec.errors import ConfigError, StickgenError
from stickgen_model.evaluate.evaluation import Evaluation
from stickgen_model.evaluate.metrics import METRICS
from stickgen_model.scenes import GenerateConfig
from tasks.evaluate.evaluate import evaluate_model
from tasks.evaluate.references import REFERENCES
from tests.stickgen_model.evaluate.captioned import SAID
from tests.tasks.evaluate.actors import deaf, make_candidate, make_judges, obey, shake, stand
from tests.tasks.evaluate.conftest import SMALL

LIGHT = replace(SMALL, again=0, scripts=0, copies=0, suite_prompts=0)


def _run(data, clip, **more):
    settings = more.pop("settings", SMALL)
    return evaluate_model(make_candidate(clip), data, make_judges(), settings, **more)


@pytest.fixture(scope="module")
def obeyed(data):
    return _run(data, obey, champion=make_candidate(shake, digest="2" * 64))


def test_rows_and_what_they_say(obeyed):
    evaluation, _ = obeyed
    assert [row.name for row in evaluation.rows] == ["model", "champion", *REFERENCES]
    assert evaluation.settings["champion_digest"] == "2" * 64
    assert evaluation.model["digest"] == "1" * 64
    values = {row.name: {n: m.mean for n, m in row.metrics.items()} for row in evaluation.rows}
    assert values["model"]["action_accuracy"] == values["real"]["action_accuracy"] == 1.0
    assert values["champion"]["action_accuracy"] == 0.0
    assert max(values[n]["action_accuracy"] for n in ("shuffled_text", "noise")) < 0.6
    assert values["model"]["retrieval_3"] > values["shuffled_text"]["retrieval_3"]
    assert values["real"]["fid"] < values["mean_pose"]["fid"] < values["noise"]["fid"]
    assert values["model"]["fid"] < values["champion"]["fid"]
    for still in ("mean_pose", "static_pose"):
        assert values[still]["jitter"] == values[still]["switch_jerk"] == 0.0
        assert values[still]["temporal_consistency"] < 0.3
    assert values["nearest_text"]["copy_distance"] == pytest.approx(0.0, abs=1e-4)
    assert values["nearest_text"]["copy_share"] == 1.0
    assert values["champion"]["copy_share"] == 0.0


def test_every_metric_of_the_table_is_measured_where_sentences_suffice(obeyed):
    evaluation, _ = obeyed
    ways = {f"r_precision_{k}" for k in (1, 2, 3)}  # this dataset has eight sentences
    assert set(evaluation.row().metrics) == {spec.name for spec in METRICS} - ways
    assert evaluation.row().metrics["robustness"] == evaluation.robustness


def test_it_is_kept_and_the_same_again(obeyed, data, tmp_path):
    evaluation, examples = obeyed
    evaluation.save(tmp_path / "evaluation.json")
    assert Evaluation.load(tmp_path / "evaluation.json") == evaluation
    again, others = _run(data, obey, champion=make_candidate(shake, digest="2" * 64))
    plain = [json.dumps(replace(one, seconds={}).to_dict()) for one in (evaluation, again)]
    assert plain[0] == plain[1]
    assert evaluation.seconds.keys() == again.seconds.keys()
    for one, other in zip(examples, others, strict=True):
        assert set(one.clips) == {"model", "champion", "real", "nearest_text"}
        assert all(np.array_equal(one.clips[n], other.clips[n]) for n in one.clips)
    assert len(examples) == 3
    assert len({one.action for one in examples}) == 3


def test_intervals_tell_apart_what_differs(data):
    good, bad = (
        _run(data, clip, settings=LIGHT)[0].row().metrics["action_accuracy"]
        for clip in (obey, deaf)
    )
    assert bad.high < good.low
    assert bad.low < 0.25 < bad.high  # one of four by chance
    assert (good.repeats, bad.repeats) == (6, 6)


def test_robustness_uses_the_same_random_numbers(data):
    # who does not listen loses nothing by another sentence, if all else is the same
    evaluation, _ = _run(data, deaf, settings=replace(LIGHT, suite_prompts=8))
    for suite in evaluation.suites:
        if suite.clean.get("action_accuracy", 1.0) > 0:
            assert suite.changed == suite.clean
    changed = {suite.name: suite for suite in evaluation.suites}
    assert set(changed["empty"].clean) == {"quality"}
    assert changed["typos"].examples
    assert all(before != after for s in evaluation.suites for before, after in s.examples)


def test_robustness_of_one_who_knows_single_sentences(data):
    known = {text for said in SAID.values() for text in said} | {"one walks.", "one waves."}

    def strict(text, frames, seed):
        return obey(text, frames, seed) if text in known else shake(text, frames, seed)

    evaluation, _ = _run(data, strict, settings=replace(LIGHT, suite_prompts=8))
    found = {suite.name: suite for suite in evaluation.suites}
    for name in ("long", "negation", "adversarial"):
        assert found[name].clean["action_accuracy"] == 1.0
        assert found[name].changed["action_accuracy"] == 0.0
        assert found[name].ratio.mean < 0.5
    assert evaluation.robustness.mean < 0.9


def test_a_model_that_breaks_is_refused(data):
    def broken(text, frames, seed):
        return np.full_like(stand(text, frames, seed), np.nan)

    with pytest.raises(StickgenError, match=r"finite joints, got NaN or infinity in 24 of 24"):
        _run(data, broken)


def test_asked_for_as_in_the_data(data):
    candidate = make_candidate(obey)
    settings = replace(SMALL, steps=1, guidance=1.5, seed=9, name_action=True, suite_prompts=0)
    evaluation, _ = evaluate_model(candidate, data, make_judges(), settings)
    first, again = candidate.generator.calls
    assert evaluation.robustness is None
    assert "robustness" not in evaluation.row().metrics
    assert first["config"] == GenerateConfig(
        method="one_step", steps=1, guidance=1.5, seed=9, batch_size=32
    )
    assert again["config"].seed == 10
    assert first["lengths"] == sorted(first["lengths"])
    assert set(first["lengths"]) <= {26 + 3 * n for n in range(9)} | {30}
    assert set(first["actions"]) <= {"idle", "walk", "hop", "wave"}
    assert len(again["prompts"]) == 12
    assert len(set(again["prompts"])) <= 4


def test_facts_of_the_data(obeyed, data):
    facts = obeyed[0].data
    manifest = json.loads((data / "manifest.json").read_text())
    assert facts["fingerprint"] == manifest["fingerprint"]
    assert (facts["split"], facts["prompts"], facts["held_out"]) == ("test", 24, 54)
    assert facts["licences"] == {"CC0-1.0": 147}
    assert facts["prompts_of_recorded_motion"] > 0


def test_less_of_everything(data):
    settings = replace(LIGHT, repeats=1, examples=0)
    evaluation, examples = _run(data, obey, settings=settings)
    assert examples == ()
    absent = {"multimodality", "switch_jerk", "copy_distance", "copy_share", "robustness"}
    assert not absent & set(evaluation.row().metrics)
    assert evaluation.row().metrics["fid"].repeats == 1


def test_data_that_cannot_be_used(data, tmp_path):
    with pytest.raises(ConfigError, match="val"):
        _run(tmp_path, obey, settings=replace(SMALL, split="val"))
    with pytest.raises(ConfigError, match=r"repeats >= 1.*split of"):
        replace(SMALL, repeats=0, split="some")
