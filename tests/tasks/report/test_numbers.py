"""Numbers as text, comparisons by interval, and names for a tracked run."""

from __future__ import annotations

import math
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from mlflow.utils.validation import _validate_metric_name

from stickgen_model.evaluate.evaluation import Judge, Measured, Row
from stickgen_model.evaluate.metrics import METRICS, metric
from tasks.report.comparison import champion_verdicts, compare_values
from tasks.report.metric_values import evaluation_metrics
from tasks.report.numbers import metric_lines, ordered_rows, told_interval, told_number, told_score
from tests.tasks.report.factory import HOSTILE, make_evaluation, measured

ONCE = Measured(mean=0.5, low=0.5, high=0.5, repeats=1)


@given(st.floats(allow_nan=False, allow_infinity=False, width=32), st.integers(0, 5))
def test_a_number_keeps_what_counts(value, digits):
    text = told_number(value, digits)
    found = float(text.replace(",", ""))
    assert not text.startswith("-") or found < 0.0
    assert math.isclose(found, value, rel_tol=0.051, abs_tol=0.51 * 10.0**-digits)
    assert (found == 0.0) == (abs(value) <= 1e-9)


def test_scores_of_judges_and_their_counts_are_told_apart():
    assert [told_score(v) for v in (0.4631, 1.0, 600.0, 7416.0, 12.5)] == [
        "0.463", "1.000", "600", "7,416", "12.500",
    ]  # fmt: skip


def test_the_model_comes_first_then_the_champion_and_metrics_as_in_their_table():
    evaluation = make_evaluation()
    turned = replace(evaluation, rows=evaluation.rows[::-1])
    assert [row.name for row in ordered_rows(turned)][:2] == ["model", "champion"]
    assert [line.spec.name for line in metric_lines(turned)] == [spec.name for spec in METRICS]


def test_a_metric_of_a_later_version_is_shown_by_its_name():
    row = Row(name="model", kind="model", told="", metrics={"wobble": ONCE, "fid": ONCE})
    lines = metric_lines(replace(make_evaluation(), rows=(row,)))
    assert [line.spec.name for line in lines] == ["fid", "wobble"]
    assert told_interval(lines[1].values[0], 2) == ""


@pytest.mark.parametrize(
    ("name", "value", "other", "real", "expected"),
    [
        ("fid", 1.0, 2.0, None, "better"),
        ("fid", 2.0, 1.0, None, "worse"),
        ("action_accuracy", 0.9, 0.5, None, "better"),
        ("action_accuracy", 0.5, 0.505, None, "same"),
        ("foot_skating", 0.06, 0.2, 0.05, "better"),
        ("foot_skating", 0.0, 0.06, 0.05, "worse"),  # a figure that stands still does not win
        ("foot_skating", 0.06, 0.2, None, ""),
        ("foot_skating", 0.06, 0.2, 0.0, ""),
    ],
)
def test_better_is_said_beyond_the_intervals_alone(name, value, other, real, expected):
    beside = None if real is None else measured(real, 0.0)
    said = compare_values(metric(name), measured(value), measured(other), real=beside)
    assert said == expected
    back = compare_values(metric(name), measured(other), measured(value), real=beside)
    assert back == {"better": "worse", "worse": "better"}.get(expected, expected)


def test_an_interval_around_real_is_not_worse_than_real():
    around = Measured(mean=0.06, low=0.04, high=0.08, repeats=20)
    real = measured(0.05, 0.0)
    assert compare_values(metric("foot_skating"), around, real, real=real) == "same"


def test_without_a_champion_nothing_is_compared():
    evaluation = make_evaluation()
    assert champion_verdicts(evaluation)["fid"] == "worse"
    alone = replace(evaluation, rows=tuple(r for r in evaluation.rows if r.kind != "champion"))
    assert champion_verdicts(alone) == {}


def test_mlflow_takes_every_name_and_no_name_is_the_folder_of_another():
    evaluation = make_evaluation(hostile=True)
    found = evaluation_metrics(evaluation)
    for name in found:
        _validate_metric_name(name)
    assert not [a for a in found for b in found if b.startswith(f"{a}/")]
    assert found["eval/model/fid"] == evaluation.row().metrics["fid"].mean
    assert found["eval/nearest_text/fid_high"] == evaluation.row("nearest text").metrics["fid"].high
    assert found["robustness/typos"] == 0.71
    assert found["robustness/total"] == 0.674
    assert found["judge/action_classifier/top1"] == 0.823
    assert found["seconds/generate"] == 412.5


@given(st.lists(st.text(), min_size=1, max_size=6))
def test_names_from_anywhere_lose_no_value(names):
    judges = tuple(
        Judge(name=name, digest="", version="", told="", held_out={HOSTILE: float(n)})
        for n, name in enumerate(names)
    )
    found = evaluation_metrics(replace(make_evaluation(), judges=judges))
    values = [value for name, value in found.items() if name.startswith("judge/")]
    assert sorted(values) == list(range(len(names)))
    for name in found:
        _validate_metric_name(name)


def test_what_was_measured_once_has_no_ends():
    row = Row(name="model", kind="model", told="", metrics={"fid": ONCE})
    bare = replace(make_evaluation(suites=False), rows=(row,), judges=(), seconds={})
    assert evaluation_metrics(bare) == {"eval/model/fid": 0.5}
