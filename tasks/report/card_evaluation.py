"""The part of a model card that tells how good the model is."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from tasks.publish.markdown import code_span, escape_markdown, markdown_table
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

if TYPE_CHECKING:
    from stickgen_model.evaluate.evaluation import Evaluation
    from tasks.report.card_facts import CardFacts

__all__ = ["evaluation_section", "portable_text"]

_FOLDERS: Final = re.compile(r"(?<![\w:/.])~?/(?:[^/\s,;]+/)+")
_NAMED: Final = ("path", "split", "name", "fingerprint")
"""Facts of the data that the first line tells, or that say nothing to others."""


def evaluation_section(evaluation: Evaluation, facts: CardFacts) -> str:
    """What was measured and how, the table with references, robustness, judges, definitions."""
    parts = [
        _how(evaluation, facts),
        f"### Values beside their references\n\n{_values(evaluation)}",
        f"### Robustness\n\n{_robustness(evaluation)}" if evaluation.suites else "",
        f"### Judges\n\n{_judges(evaluation)}",
        f"### Definitions\n\n{_definitions(evaluation)}",
    ]
    return "\n\n".join(part for part in parts if part)


def _how(evaluation: Evaluation, facts: CardFacts) -> str:
    data = evaluation.data
    lines = [
        f"On split {_code(data['split'])} of the dataset {_code(data['name'])}, fingerprint "
        f"{_code(data['fingerprint'])}. {_apart(evaluation, facts)}"
    ]
    known = {**data, **evaluation.settings}
    told = [
        f"{escape_markdown(shown_name(key))} {escape_markdown(portable_text(value))}"
        for key, value in known.items()
        if isinstance(value, bool | int | float | str) and key not in _NAMED
    ]
    seconds = sum(evaluation.seconds.values())
    lines.append(f"Asked and drawn: {', '.join(told)}." if told else "")
    lines.append(f"It took {seconds:,.0f} s." if seconds else "")
    return "\n\n".join(line for line in lines if line)


def _apart(evaluation: Evaluation, facts: CardFacts) -> str:
    """Whether what was measured on is known to be apart from what was trained on."""
    known = {dataset.fingerprint for dataset in facts.datasets}
    if facts.gaps or facts.notes or known != {evaluation.data["fingerprint"]}:
        return (
            "Not all training is known to have used this dataset: that none of the motion here was "
            "trained on is not certain."
        )
    if evaluation.data["split"] == "train":
        return "**This is the training split: the model has seen this motion.**"
    return (
        "The model was trained on the training split of the same dataset; splits go by performer "
        "and performance."
    )


def portable_text(value: object) -> str:
    """Text without the folders of this machine."""
    return _FOLDERS.sub("", shown_text(value))


def _code(value: object) -> str:
    return code_span(shown_text(value))


def _values(evaluation: Evaluation) -> str:
    rows = ordered_rows(evaluation)
    table = []
    for line in metric_lines(evaluation):
        own = line.values[0]
        interval = told_interval(own, line.digits)
        first = told_value(own, line.digits) + (f" ({interval})" if interval else "")
        unit = "" if line.spec.unit in ("", "1") else f", {line.spec.unit}"
        table.append(
            (
                escape_markdown(shown_text(f"{line.spec.title}{unit}")),
                DIRECTIONS[line.spec.better],
                f"**{escape_markdown(first)}**",
                *(escape_markdown(told_value(v, line.digits)) for v in line.values[1:]),
            )
        )
    names = [escape_markdown(shown_name(row.name)) for row in rows]
    rowwise = "\n".join(
        f"- **{name}**: {escape_markdown(portable_text(row.told))}"
        for name, row in zip(names, rows, strict=True)
    )
    lead = "Means over the repeats; in brackets the 95 % interval."
    return f"{lead}\n\n{markdown_table(('metric', '', *names), table)}\n\n{rowwise}"


def _robustness(evaluation: Evaluation) -> str:
    rows = [
        (
            escape_markdown(shown_name(suite.name)),
            told_number(suite.ratio.mean, 3),
            told_interval(suite.ratio, 3) or "-",
            suite.prompts,
            escape_markdown(shown_text(suite.told)),
        )
        for suite in evaluation.suites
    ]
    total = evaluation.robustness
    if total is not None:
        whole = sum(suite.prompts for suite in evaluation.suites)
        rows.append(
            ("**all**", told_number(total.mean, 3), told_interval(total, 3) or "-", whole, "")
        )
    lead = (
        "Value with changed prompts over the value with the same prompts unchanged, same seeds; "
        "1 = nothing is lost."
    )
    header = ("suite", "ratio", "95 % interval", "prompts", "what is changed")
    return f"{lead}\n\n{markdown_table(header, rows)}"


def _judges(evaluation: Evaluation) -> str:
    rows = [
        (
            escape_markdown(shown_text(judge.name)),
            escape_markdown(shown_text(judge.version)) or "-",
            code_span(judge.digest[:16]),
            ", ".join(
                f"{escape_markdown(shown_name(name))} {told_score(value)}"
                for name, value in judge.held_out.items()
            )
            or "-",
            escape_markdown(shown_text(judge.told)),
        )
        for judge in evaluation.judges
    ]
    header = ("judge", "version", "digest", "its own held-out scores", "what it is")
    return markdown_table(header, rows) if rows else "None."


def _definitions(evaluation: Evaluation) -> str:
    return "\n".join(
        f"- **{escape_markdown(spec.title)}** (`{spec.name}`, unit {escape_markdown(spec.unit)}, "
        f"{DIRECTIONS[spec.better]}): {escape_markdown(spec.definition)} "
        f"Source: {escape_markdown(spec.source)}."
        for spec in (line.spec for line in metric_lines(evaluation))
        if spec.definition
    )
