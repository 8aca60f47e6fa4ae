"""The evaluation in terminals of any width."""

from __future__ import annotations

import io

import pytest
from rich.console import Console

from stickgen_model.evaluate.metrics import METRICS
from tasks.report.terminal import judge_lines, print_evaluation, suites_table, terminal_table
from tests.tasks.report.factory import ROWS, SUITES, make_evaluation, many_rows


def printed(evaluation, width):
    console = Console(file=io.StringIO(), width=width, highlight=False)
    print_evaluation(evaluation, console)
    return console.file.getvalue()


@pytest.mark.parametrize("width", [50, 80, 120, 200])
def test_every_row_and_every_value_is_there_in_any_width(width):
    text = printed(make_evaluation(), width)
    heads = [line for line in text.splitlines() if line.startswith("metric ")]
    shown = "  ".join(heads)
    assert all(shown.count(f" {name}") >= 1 for name, _, _ in ROWS)
    assert len(heads) == {50: 8, 80: 3, 120: 2, 200: 1}[width]
    assert all(len(line.rstrip()) <= width for line in text.splitlines() if "judge:" not in line)
    fid = [line for line in text.splitlines() if line.startswith("- FID")]
    assert "2.41 +-0.05" in fid[0]
    assert "310.00" in " ".join(fid)
    assert text.count("robustness") == 0  # its title, not its name
    for name, _, ratio in SUITES:
        assert name.replace("_", " ") in text
        assert f" {ratio:.3f}" in text
    assert "judge: action classifier (343434343434), held out: top1 0.823, top3 0.951" in text


def test_one_line_a_metric_and_the_model_first():
    table = terminal_table(make_evaluation())
    assert table.row_count == len(METRICS)
    assert [str(column.header) for column in table.columns][:3] == ["metric", "model", "champion"]


def test_hostile_words_are_words(capsys):
    evaluation = make_evaluation(hostile=True, rows=many_rows(30))
    text = printed(evaluation, 100)
    assert "\x1b" not in text
    assert "\u202e" not in text
    assert "[red]&amp;" in text
    assert "reference 26" in text


def test_nothing_is_told_of_what_was_not_measured():
    least = make_evaluation(rows=ROWS[:1], suites=False, judges=(), model={}, data={}, settings={})
    assert suites_table(least) is None
    assert judge_lines(least) == []
    assert "Evaluation of a model on a dataset" in printed(least, 80)
