"""Who is promoted: by hand-made evaluations, and by what must hold for all."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from datasets_spec.errors import ConfigError
from stickgen_model.evaluate.evaluation import Evaluation, Measured, Row
from stickgen_model.evaluate.metrics import METRICS
from tasks.register.promotion import CHAMPION_ROW, Gate, PromotionRules, decide

BETTER = {spec.name: spec.better for spec in METRICS}
PLAIN = PromotionRules(agreed=("fid", "r_precision_3"), kept=("jitter",), gates=())


def measured(mean, width=0.01, repeats=20):
    return Measured(mean=mean, low=mean - width, high=mean + width, repeats=repeats)


def values(**changes):
    found = {"fid": 1.0, "r_precision_3": 0.5, "jitter": 30.0} | changes
    return {
        name: value if isinstance(value, Measured) else measured(value)
        for name, value in found.items()
        if value is not None
    }


def row(name, metrics):
    return Row(name=name, kind=name, told=name, metrics=metrics)


def evaluation(model, champion=None, real=None, **rows):
    real = real or values(fid=0.05, r_precision_3=0.9, jitter=30.0)
    found = [row("model", model), row("real", real)]
    found += [row(name, metrics) for name, metrics in rows.items()]
    found += [row(CHAMPION_ROW, champion)] if champion is not None else []
    return Evaluation(model={}, data={}, settings={}, judges=(), rows=tuple(found))


def test_the_first_one_needs_no_champion():
    decision = decide(evaluation(values()), PLAIN)
    assert decision.promote
    assert decision.comparisons == ()


def test_better_in_all_that_is_agreed():
    decision = decide(evaluation(values(fid=0.8, r_precision_3=0.6), values()), PLAIN)
    assert decision.promote
    assert [one.split()[0] for one in decision.reasons] == ["fid", "r_precision_3"]
    assert "0.8 [0.79, 0.81] is better than the champion's 1 [0.99, 1.01]" in decision.reasons[0]
    assert [one.verdict for one in decision.comparisons] == ["better", "better", "same"]
    json.dumps(decision.to_dict(), allow_nan=False)


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"fid": 1.2, "r_precision_3": 0.6}, "fid 1.2 [1.19, 1.21] is worse than"),
        ({"fid": 0.985, "r_precision_3": 0.6}, "fid 0.985 [0.975, 0.995] is not better beyond"),
        ({"fid": 0.8}, "r_precision_3 0.5 [0.49, 0.51] is not better beyond"),
        ({"fid": 0.8, "r_precision_3": 0.4}, "r_precision_3 0.4 [0.39, 0.41] is worse"),
        ({"fid": 0.8, "r_precision_3": 0.6, "jitter": 35.0}, "jitter 35 [34.99, 35.01] is worse"),
        ({"fid": 0.8, "r_precision_3": 0.6, "jitter": 0.0}, "jitter 0 [-0.01, 0.01] is worse"),
        ({"fid": 0.8, "r_precision_3": 0.6, "jitter": None}, "jitter was not measured of model"),
        ({"fid": None, "r_precision_3": 0.6}, "fid was not measured of model"),
    ],
)
def test_otherwise_it_stays(changes, told):
    decision = decide(evaluation(values(**changes), values()), PLAIN)
    assert not decision.promote
    assert any(reason.startswith(told) for reason in decision.reasons), decision.reasons


def test_a_champion_without_a_value_cannot_be_beaten_in_it():
    decision = decide(evaluation(values(fid=0.8, r_precision_3=0.6), values(fid=None)), PLAIN)
    assert decision.reasons == ("fid was not measured of champion",)


def test_nearer_to_real_is_better_than_less():
    rules = PromotionRules(agreed=("foot_skating",), kept=(), gates=())
    real = {"foot_skating": measured(0.05, 0.001)}
    champion = {"foot_skating": measured(0.2, 0.001)}
    near, still = {"foot_skating": measured(0.07, 0.001)}, {"foot_skating": measured(0.0, 0.0)}
    assert decide(evaluation(near, champion, real), rules).promote
    assert not decide(evaluation(still, champion, real), rules).promote
    told = decide(evaluation(still, champion, real), rules).reasons[0]
    assert told.endswith("(nearest to real motion is better)")
    assert not decide(evaluation(near, champion, {"fid": measured(1.0)}), rules).promote


def test_a_champion_as_good_as_real_motion_must_only_be_kept_up_with():
    champion = values(r_precision_3=0.9)
    assert decide(evaluation(values(fid=0.8, r_precision_3=0.9), champion), PLAIN).promote
    assert not decide(evaluation(values(fid=0.8, r_precision_3=0.8), champion), PLAIN).promote
    perfect = values(fid=0.05, r_precision_3=0.9)
    decision = decide(evaluation(perfect, perfect), PLAIN)
    assert not decision.promote
    assert decision.reasons[0].startswith("nothing to beat: fid, r_precision_3")


def test_rows_that_must_be_there():
    without = replace(evaluation(values()), rows=(row("model", values()),))
    assert decide(without, PLAIN).reasons == (
        "row 'real' is missing; evaluate with every reference",
    )
    nothing = replace(evaluation(values()), rows=(row("real", values()),))
    assert "row 'model' is missing" in decide(nothing, PLAIN).reasons[0]


def test_one_measurement_is_no_interval():
    once = values(fid=measured(0.1, 0.0, 1), r_precision_3=measured(0.8, 0.0, 1))
    decision = decide(evaluation(once, values()), PLAIN)
    assert not decision.promote
    assert decision.reasons[0].startswith("measured 1 times, expected 3 at least")


@pytest.mark.parametrize(
    ("gate", "value", "told"),
    [
        (Gate(metric="quality", low=0.5), 0.52, None),
        (Gate(metric="quality", low=0.5), 0.505, "is not above its floor 0.5"),
        (Gate(metric="copy_share", high=0.1), 0.05, None),
        (Gate(metric="copy_share", high=0.1), 0.095, "is not below its ceiling 0.1"),
        (Gate(metric="quality", low=0.5), None, "quality was not measured"),
        (Gate(metric="kid", beats="noise"), 1.0, None),
        (Gate(metric="kid", beats="noise"), 2.0, "is not better than that of 'noise', 2 [1.99"),
        (Gate(metric="kid", beats="nobody"), 1.0, "row 'nobody' is missing"),
        (Gate(metric="retrieval_1", beats="noise"), 0.3, "'noise', which was not measured"),
    ],
)
@pytest.mark.parametrize("with_champion", [False, True])
def test_gates(gate, value, told, with_champion):
    rules = replace(PLAIN, gates=(gate,))
    model = values(fid=0.8, r_precision_3=0.6, **{gate.metric: value})
    champion = values() if with_champion else None
    decision = decide(evaluation(model, champion, noise={"kid": measured(2.0)}), rules)
    assert decision.promote == (told is None)
    assert told is None or told in decision.reasons[0]


def test_robustness_is_of_the_evaluation():
    rules = replace(PLAIN, gates=(Gate(metric="robustness", low=0.5),))
    bare = evaluation(values())
    assert decide(bare, rules).reasons == ("gate: robustness was not measured",)
    assert decide(replace(bare, robustness=measured(0.8)), rules).promote
    assert not decide(replace(bare, robustness=measured(0.3)), rules).promote


def test_one_more_fault_takes_the_reasons_for_it_away():
    decision = decide(evaluation(values()), PLAIN).refused("the champion is another one")
    assert (decision.promote, decision.reasons) == (False, ("the champion is another one",))
    assert decision.refused("more").reasons == ("more", "the champion is another one")


def test_the_defaults_are_metrics_that_are_measured():
    rules = PromotionRules()
    assert set(rules.agreed) | set(rules.kept) | {g.metric for g in rules.gates} <= set(BETTER)
    assert PromotionRules.from_dict(json.loads(json.dumps(rules.to_dict()))) == rules
    assert PromotionRules.from_dict({}) == rules


@pytest.mark.parametrize(
    ("given_", "told"),
    [
        ({"agreed": []}, "at least one agreed metric"),
        ({"agreed": ["beauty"]}, "expected a metric"),
        ({"kept": ["beauty"]}, "expected a metric"),
        ({"agreed": "fid"}, "expected agreed as a list of names, got 'fid'"),
        ({"rows": 3}, "expected rows as a list"),
        ({"repeats": 0}, "repeats of at least 1"),
        ({"repeats": "many"}, "promotion"),
        ({"beauty": 1}, "beauty"),
        ({"gates": [{"metric": "fid"}]}, "gate of fid"),
        ({"gates": [{"metric": "fid", "low": 2, "high": 1}]}, "gate of fid"),
        ({"gates": [{"metric": "fid", "high": float("nan")}]}, "gate of fid"),
        ({"gates": [{"metric": "fid", "ceiling": 1}]}, "ceiling"),
        ({"gates": ["fid"]}, "promotion"),
        ({"gates": 3}, "promotion"),
    ],
)
def test_rules_that_cannot_decide(given_, told):
    with pytest.raises(ConfigError, match=told):
        PromotionRules.from_dict(given_)


numbers = st.floats(0.0, 100.0, allow_nan=False)
intervals = st.builds(
    lambda mean, width: Measured(mean=mean, low=mean - width, high=mean + width, repeats=5),
    numbers,
    st.floats(0.0, 10.0),
)
names = st.sampled_from(sorted(BETTER))


@given(names, intervals, intervals)
def test_nobody_beats_himself(name, value, real):
    rules = PromotionRules(agreed=(name,), kept=(), gates=())
    decision = decide(evaluation({name: value}, {name: value}, {name: real}), rules)
    assert not decision.promote
    assert [one.verdict for one in decision.comparisons] == ["same"]


@given(names, intervals, intervals, intervals)
def test_two_never_beat_each_other(name, one, other, real):
    rules = PromotionRules(agreed=(name,), kept=(), gates=())
    there = decide(evaluation({name: one}, {name: other}, {name: real}), rules)
    back = decide(evaluation({name: other}, {name: one}, {name: real}), rules)
    assert not (there.promote and back.promote)
    turned = {"better": "worse", "worse": "better", "same": "same"}
    assert back.comparisons[0].verdict == turned[there.comparisons[0].verdict]


@given(st.sampled_from(sorted(n for n, b in BETTER.items() if b != "real")), intervals, intervals)
def test_promoted_only_beyond_the_intervals(name, one, other):
    rules = PromotionRules(agreed=(name,), kept=(), gates=(), rows=())
    found = Evaluation(
        model={},
        data={},
        settings={},
        judges=(),
        rows=(row("model", {name: one}), row(CHAMPION_ROW, {name: other})),
    )
    lower = BETTER[name] == "lower"
    beyond = one.high < other.low if lower else one.low > other.high
    assert decide(found, rules).promote == beyond
