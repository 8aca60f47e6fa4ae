"""What a submission tells of itself, and which evaluations it takes."""

from __future__ import annotations

from dataclasses import replace

import pytest

from datasets_spec.errors import ConfigError
from stickgen_model.evaluate.evaluation import Evaluation, Judge, Measured, Row
from tasks.register.promotion import Decision, PromotionRules
from tasks.register.submission import (
    champion_fault,
    check_same_model,
    decision_tags,
    described,
    evaluation_digest,
    is_decided,
    submission_tags,
    submitted,
)
from tasks.registry.facts import VersionFacts

VALUE = Measured(mean=1.0, low=0.9, high=1.1, repeats=20)
ROW = Row(name="model", kind="model", told="", metrics={"fid": VALUE})
EVALUATION = Evaluation(
    model={"path": "/here", "digest": "a" * 64},
    data={"path": "/data", "fingerprint": "f" * 64},
    settings={"seed": 1, "champion_digest": "c" * 64},
    judges=(Judge(name="classifier", digest="d" * 64, version="", told="", held_out={}),),
    rows=(ROW,),
    robustness=VALUE,
)


def with_champion(digest="c" * 64):
    rows = (ROW, replace(ROW, name="champion"))
    return replace(EVALUATION, rows=rows, settings={"champion_digest": digest})


def champion(digest="c" * 64):
    return VersionFacts(name="stickgen", version=7, aliases=(), tags={"digest": digest})


def test_times_and_places_are_not_what_was_measured():
    first = evaluation_digest(EVALUATION)
    moved = replace(
        EVALUATION,
        model={**EVALUATION.model, "path": "/there"},
        data={**EVALUATION.data, "path": "/elsewhere"},
        seconds={"all": 7.0},
    )
    assert evaluation_digest(moved) == first
    for changed in (
        replace(EVALUATION, settings={"seed": 2}),
        replace(EVALUATION, model={"path": "/here", "digest": "b" * 64}),
        replace(EVALUATION, rows=(replace(ROW, metrics={"fid": replace(VALUE, mean=1.01)}),)),
        replace(EVALUATION, robustness=None),
        with_champion(),
    ):
        assert evaluation_digest(changed) != first


def test_it_lasts_through_a_file(tmp_path):
    EVALUATION.save(tmp_path / "e.json")
    assert evaluation_digest(Evaluation.load(tmp_path / "e.json")) == evaluation_digest(EVALUATION)


@pytest.mark.parametrize("model", [{"digest": "b" * 64, "path": "/other"}, {}, {"digest": None}])
def test_an_evaluation_of_another_model(model):
    check_same_model(EVALUATION, "a" * 64, where="here")
    with pytest.raises(ConfigError, match="here: expected an evaluation of this model"):
        check_same_model(replace(EVALUATION, model=model), "a" * 64, where="here")


def test_only_the_champion_of_today_decides():
    assert champion_fault(EVALUATION, None) is None
    assert champion_fault(with_champion(), None) is None
    assert champion_fault(with_champion(), champion()) is None
    told = champion_fault(EVALUATION, champion())
    assert (
        told == "models:/stickgen/7 is the champion, but was not measured; evaluate again beside it"
    )
    told = champion_fault(with_champion("e" * 64), champion())
    assert told is not None
    assert "another model was measured as such, digest eeeeeeeeeeee;" in told


def test_tags():
    tags = submission_tags(EVALUATION)
    assert tags["metric.fid"] == tags["metric.robustness"] == "1 [0.9, 1.1]"
    assert tags["evaluated_on"] == "f" * 64
    assert tags["judges"] == "classifier dddddddddddd"
    assert submission_tags(replace(EVALUATION, rows=()))["evaluation"]


@pytest.mark.parametrize("promote", [True, False])
def test_a_decision_is_read_back(promote):
    tags = decision_tags(Decision(promote=promote, reasons=("one", "two")), PromotionRules())
    assert list(tags)[-1] == "decision"  # it says that all before it was done
    facts = VersionFacts(name="a", version=3, aliases=(), tags=tags)
    found = submitted(facts, known=True, tracking_uri="x")
    assert (found.version, found.promoted, found.reasons) == ("3", promote, ("one", "two"))
    assert (found.uri, found.known) == ("models:/a/3", True)


def test_reasons_fit_into_a_tag():
    tags = decision_tags(Decision(promote=False, reasons=("x" * 3000,) * 4), PromotionRules())
    assert len(tags["reason"]) <= 4000


def test_other_rules_decide_anew_but_depose_nobody():
    rules, other = PromotionRules(), PromotionRules(repeats=7)
    tags = decision_tags(Decision(promote=False, reasons=("one",)), rules)
    facts = VersionFacts(name="a", version=3, aliases=("candidate",), tags=tags)
    assert is_decided(facts, rules)
    assert not is_decided(facts, other)
    assert is_decided(replace(facts, aliases=("champion",)), other)
    assert not is_decided(replace(facts, tags={"rules": tags["rules"]}), rules)


def test_the_page_of_a_version():
    reasons = ("fid 2 [1, 3] is worse", "row '<b>*x*' is missing")
    text = described(Decision(promote=False, reasons=reasons))
    assert text == (
        "Not promoted:\n\n- fid 2 \\[1, 3\\] is worse\n- row '&lt;b&gt;\\*x\\*' is missing"
    )
    assert described(Decision(promote=True, reasons=("better",))) == "Promoted:\n\n- better"
