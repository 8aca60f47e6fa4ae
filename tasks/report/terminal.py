"""An evaluation in the terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from rich.table import Table
from rich.text import Text

from tasks.report.comparison import champion_row, champion_verdicts
from tasks.report.numbers import (
    metric_lines,
    ordered_rows,
    shown_name,
    shown_text,
    told_number,
    told_score,
    told_value,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rich.console import Console

    from stickgen_model.evaluate.evaluation import Evaluation, Judge, Measured
    from tasks.report.numbers import MetricLine

__all__ = ["judge_lines", "print_evaluation", "suites_table", "terminal_table"]

_ARROWS: Final = {"higher": "+", "lower": "-", "real": "~"}
_MARKS: Final = {"better": "green", "worse": "red"}
_TITLE_WIDTH: Final = 31
_VALUE_WIDTH: Final = 17
_UNBOUNDED: Final = 10_000
_MAX_NAME: Final = 24


def print_evaluation(evaluation: Evaluation, console: Console) -> None:
    """Judges, values beside their references in as many tables as fit, and robustness."""
    for line in judge_lines(evaluation):
        console.print(line, soft_wrap=True)
    for number, names in enumerate(_parts(evaluation, console)):
        table = terminal_table(evaluation, rows=names)
        table.title = None if number else table.title
        console.print(table)
    console.print(_legend(evaluation))
    suites = suites_table(evaluation)
    if suites is not None:
        console.print(suites)


def _parts(evaluation: Evaluation, console: Console) -> list[list[str]]:
    """Names of rows that fit side by side, table by table."""
    first = _width(evaluation, console, rows=[])
    parts: list[list[str]] = [[]]
    used = first
    for row in ordered_rows(evaluation):
        more = _width(evaluation, console, rows=[row.name]) - first
        if parts[-1] and used + more > console.width:
            parts.append([])
            used = first
        parts[-1].append(row.name)
        used += more
    return parts


def _width(evaluation: Evaluation, console: Console, *, rows: Sequence[str]) -> int:
    table = terminal_table(evaluation, rows=rows)
    table.title = None
    free = console.options.update(width=_UNBOUNDED)
    return console.measure(table, options=free).maximum


def terminal_table(evaluation: Evaluation, *, rows: Sequence[str] | None = None) -> Table:
    """One line a metric: the model and the champion with their intervals, and the references.

    Args:
        evaluation: What was measured.
        rows: Names of the rows to show; None = all.
    """
    known = ordered_rows(evaluation)
    wanted = [n for n, row in enumerate(known) if rows is None or row.name in rows]
    table = Table(title=Text(_title(evaluation)), title_justify="left", box=None, pad_edge=False)
    table.add_column("metric", overflow="fold", max_width=_TITLE_WIDTH)
    for number in wanted:
        name = Text(_short(known[number].name), style="" if number else "bold")
        table.add_column(name, justify="right", overflow="fold", max_width=_VALUE_WIDTH)
    verdicts = champion_verdicts(evaluation)
    for line in metric_lines(evaluation):
        cells = []
        for number in wanted:
            value, reference = line.values[number], known[number].kind == "reference"
            text = told_value(value, line.digits) if reference else _with_half(value, line.digits)
            style = "" if number else _MARKS.get(verdicts.get(line.spec.name, ""), "")
            cells.append(Text(text, style=style))
        table.add_row(_metric_title(line), *cells)
    return table


def _title(evaluation: Evaluation) -> str:
    model, data = evaluation.model, evaluation.data
    told = [shown_text(model[key]) for key in ("variant", "stage", "step") if key in model]
    where = f"split {shown_text(data['split'])}" if "split" in data else "a dataset"
    return f"Evaluation of {' '.join(told) or 'a model'} on {where}"


def _metric_title(line: MetricLine) -> Text:
    spec = line.spec
    unit = f", {shown_text(spec.unit)}" if spec.unit not in ("", "1") else ""
    return Text(f"{_ARROWS.get(spec.better, ' ')} {shown_text(spec.title)}{unit}")


def _with_half(value: Measured | None, digits: int) -> str:
    told = told_value(value, digits)
    if value is None or value.repeats < 2:
        return told
    return f"{told} +-{told_number((value.high - value.low) / 2, digits)}"


def _legend(evaluation: Evaluation) -> Text:
    told = "+ higher is better, - lower is better, ~ best near real; +- half of the 95 % interval"
    if champion_row(evaluation) is not None:
        told += "; green and red: better and worse than the champion beyond the intervals"
    return Text(told, style="dim")


def suites_table(evaluation: Evaluation) -> Table | None:
    """One line a way of changing the prompts; None if it was not measured."""
    if not evaluation.suites:
        return None
    table = Table(
        title="Robustness: value with changed prompts over value with the same prompts unchanged",
        title_justify="left",
        box=None,
        pad_edge=False,
    )
    table.add_column("suite", no_wrap=True)
    table.add_column("ratio", justify="right", no_wrap=True)
    table.add_column("prompts", justify="right", no_wrap=True)
    table.add_column("changed", overflow="fold")
    for suite in evaluation.suites:
        table.add_row(
            Text(_short(suite.name)),
            Text(_with_half(suite.ratio, 3)),
            str(suite.prompts),
            Text(shown_text(suite.told)),
        )
    if evaluation.robustness is not None:
        table.add_row("total", Text(_with_half(evaluation.robustness, 3)), "", "", style="bold")
    return table


def judge_lines(evaluation: Evaluation) -> list[Text]:
    """One line a judge: what it is, which version, and how good it is itself."""
    return [Text(_judge(judge)) for judge in evaluation.judges]


def _judge(judge: Judge) -> str:
    version = f"version {judge.version}, " if judge.version else ""
    scores = ", ".join(f"{shown_name(name)} {told_score(v)}" for name, v in judge.held_out.items())
    return shown_text(
        f"judge: {judge.name} ({version}{judge.digest[:12]}), held out: {scores or 'not measured'}"
    )


def _short(name: str) -> str:
    text = shown_name(name)
    return text if len(text) <= _MAX_NAME else text[: _MAX_NAME - 3] + "..."
