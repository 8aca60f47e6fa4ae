"""The report of an evaluation: one page, nothing to load and nobody to ask."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from markupsafe import Markup

from stickgen_model.export.page import page_policy, read_template, script_json
from stickgen_model.export.whole_file import whole_file
from tasks.gallery.player import page_environment, player_script, player_style
from tasks.report.charts import metric_chart, robustness_chart, row_colour
from tasks.report.comparison import champion_row, champion_verdicts
from tasks.report.numbers import (
    DIRECTIONS,
    metric_lines,
    ordered_rows,
    shown_name,
    shown_text,
    told_interval,
    told_number,
    told_score,
    told_value,
)
from tasks.report.page_data import examples_data

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from stickgen_model.evaluate.evaluation import Evaluation, Suite
    from stickgen_model.evaluate.examples import Example
    from tasks.report.numbers import MetricLine

__all__ = ["render_report", "write_report"]

_TEMPLATES: Final = "tasks.report.templates"
_HEADLINES: Final = (
    "r_precision_3",
    "action_accuracy",
    "fid",
    "temporal_consistency",
    "foot_skating",
    "robustness",
    "quality",
    "copy_share",
)
_MOST_EXAMPLES: Final = 6
"""Changed prompts that are shown of a suite."""


def write_report(evaluation: Evaluation, examples: Sequence[Example], path: Path) -> None:
    """Write the page of an evaluation.

    Args:
        evaluation: What was measured.
        examples: Prompts with clips of some rows, to be played side by side; may be empty.
        path: The file; an existing one is replaced, whole or not at all.

    Raises:
        ConfigError: If the examples are too long for a page.
        OutputError: If the file cannot be written.
    """
    text = render_report(evaluation, examples)
    with whole_file(path) as part:
        part.write_text(text, encoding="ascii", newline="\n")


def render_report(evaluation: Evaluation, examples: Sequence[Example]) -> str:
    """Make the page; the same evaluation and examples give the same bytes.

    Returns:
        The whole page, plain ASCII, no reference to anything outside it.

    Raises:
        ConfigError: If the examples are too long for a page.
    """
    script = player_script()
    style = player_style() + read_template(_TEMPLATES, "report.css")
    template = page_environment().from_string(read_template(_TEMPLATES, "report.html"))
    rows, lines = ordered_rows(evaluation), metric_lines(evaluation)
    data = script_json(examples_data(evaluation, examples))
    page = template.render(
        policy=page_policy(scripts=(script,), styles=(style,)),
        style=Markup(style),  # noqa: S704 - our own files
        script=Markup(script),  # noqa: S704 - our own files
        data=Markup(data),  # noqa: S704 - escaped for a script element
        lead=_lead(evaluation),
        tiles=_tiles(evaluation, lines),
        columns=[
            {"label": shown_name(r.name), "told": shown_text(r.told), "kind": r.kind,
             "colour": row_colour(rows, n)}
            for n, r in enumerate(rows)
        ],
        lines=[_table_line(evaluation, line) for line in lines],
        note=_note(evaluation),
        num_examples=len(examples),
        charts=[(_heading(line), Markup(metric_chart(line, rows))) for line in lines],  # noqa: S704
        robustness=Markup(robustness_chart(evaluation)),  # noqa: S704 - names are escaped
        suites=[_suite(suite) for suite in evaluation.suites],
        judges=_judges(evaluation),
        facts=_facts(evaluation),
        specs=[line.spec for line in lines if line.spec.definition],
        directions=DIRECTIONS,
    )  # fmt: skip
    return page.encode("ascii", "xmlcharrefreplace").decode("ascii")


def _lead(evaluation: Evaluation) -> str:
    model, data, asked = evaluation.model, evaluation.data, evaluation.settings
    named = [shown_text(model[key]) for key in ("variant", "stage") if key in model]
    parts = [" ".join(["Model", *named])]
    if isinstance(model.get("parameters"), int):
        parts.append(f"{model['parameters']:,} parameters")
    if "step" in model:
        parts.append(f"step {shown_text(model['step'])}")
    if "split" in data:
        parts.append(f"measured on split {shown_text(data['split'])}")
    if "repeats" in asked:
        parts.append(f"{shown_text(asked['repeats'])} repeats")
    return ", ".join(parts) + "."


def _note(evaluation: Evaluation) -> str:
    told = "Means over the repeats, below them the 95 % interval; a dash where nothing applies."
    if champion_row(evaluation) is None:
        return told
    return (
        f"{told} Better and worse compare the model with the champion: said only where the "
        "intervals do not overlap."
    )


def _heading(line: MetricLine) -> dict[str, str]:
    return {
        "title": shown_text(line.spec.title),
        "unit": "" if line.spec.unit == "1" else shown_text(line.spec.unit),
        "meaning": shown_text(line.spec.definition),
        "direction": DIRECTIONS.get(line.spec.better, "") if line.spec.definition else "",
    }


def _table_line(evaluation: Evaluation, line: MetricLine) -> dict[str, Any]:
    verdict = champion_verdicts(evaluation).get(line.spec.name, "")
    cells = [
        {
            "text": told_value(value, line.digits),
            "interval": told_interval(value, line.digits),
            "verdict": "" if number else verdict,
        }
        for number, value in enumerate(line.values)
    ]
    return _heading(line) | {"cells": cells}


def _tiles(evaluation: Evaluation, lines: Sequence[MetricLine]) -> list[dict[str, Any]]:
    """A few values of the model with those of real motion and of the champion."""
    rows, by_name = ordered_rows(evaluation), {line.spec.name: line for line in lines}
    tiles = []
    for name in _HEADLINES:
        line = by_name.get(name)
        if line is None or line.values[0] is None:
            continue
        beside = [
            f"{'real' if row.name == 'real' else 'champion'} {told_value(value, line.digits)}"
            for row, value in zip(rows[1:], line.values[1:], strict=True)
            if value is not None and (row.name == "real" or row.kind == "champion")
        ]
        tiles.append(
            _heading(line)
            | {
                "text": told_value(line.values[0], line.digits),
                "interval": told_interval(line.values[0], line.digits),
                "beside": beside,
            }
        )
    return tiles


def _suite(suite: Suite) -> dict[str, Any]:
    shared = [name for name in suite.clean if name in suite.changed]
    return {
        "name": shown_name(suite.name),
        "told": shown_text(suite.told),
        "prompts": f"{suite.prompts:,}",
        "ratio": told_number(suite.ratio.mean, 3),
        "interval": told_interval(suite.ratio, 3),
        "numbers": [
            (shown_name(n), told_number(suite.clean[n], 3), told_number(suite.changed[n], 3))
            for n in shared
        ],
        "examples": [
            (shown_text(before) or "(no words)", shown_text(after) or "(no words)")
            for before, after in suite.examples[:_MOST_EXAMPLES]
        ],
    }


def _judges(evaluation: Evaluation) -> list[dict[str, Any]]:
    return [
        {
            "name": shown_text(judge.name),
            "told": shown_text(judge.told),
            "version": shown_text(judge.version) or "in a folder only",
            "digest": shown_text(judge.digest),
            "held_out": [(shown_name(k), told_score(v)) for k, v in judge.held_out.items()],
        }
        for judge in evaluation.judges
    ]


def _facts(evaluation: Evaluation) -> list[tuple[str, list[tuple[str, str]]]]:
    """Everything else that the evaluation says, as it says it."""
    seconds = {name: round(value, 1) for name, value in evaluation.seconds.items()}
    parts = (
        ("Model", evaluation.model),
        ("Data", evaluation.data),
        ("Settings", evaluation.settings),
        ("Time, s", seconds),
    )
    return [(title, _pairs(values)) for title, values in parts if values]


def _pairs(values: Mapping[str, Any]) -> list[tuple[str, str]]:
    return [(shown_name(key), _plain(value)) for key, value in values.items()]


def _plain(value: object) -> str:
    """A value in words: of lists and mappings, all of them in one line."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int | float):
        return f"{value:,}"
    if isinstance(value, dict):
        return shown_text("; ".join(f"{key} {_plain(part)}" for key, part in value.items()))
    if isinstance(value, list | tuple):
        return shown_text("; ".join(_plain(part) for part in value))
    return "none" if value is None else shown_text(value)
