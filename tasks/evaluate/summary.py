"""An evaluation in a few lines of Markdown."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from stickgen_model.evaluate.metrics import METRICS
from tasks.publish.markdown import escape_markdown

if TYPE_CHECKING:
    from stickgen_model.evaluate.evaluation import Evaluation, Measured

__all__ = ["evaluation_markdown"]

_ABSENT: Final = "-"


def evaluation_markdown(evaluation: Evaluation) -> str:
    """A table of all rows, and a line a suite."""
    names = [row.name for row in evaluation.rows]
    lines = [
        "| metric | " + " | ".join(map(escape_markdown, names)) + " |",
        "|" + "---|" * (len(names) + 1),
    ]
    for spec in METRICS:
        values = [row.metrics.get(spec.name) for row in evaluation.rows]
        if any(value is not None for value in values):
            cells = " | ".join(map(_told, values))
            lines.append(f"| {spec.title} ({spec.better}) | {cells} |")
    if evaluation.suites:
        lines += ["", "| changed prompts | left of what was right |", "|---|---|"]
        lines += [f"| {suite.name} | {_told(suite.ratio)} |" for suite in evaluation.suites]
    return "\n".join(lines) + "\n"


def _told(value: Measured | None) -> str:
    if value is None:
        return _ABSENT
    if value.repeats < 2:
        return f"{value.mean:.4g}"
    return f"{value.mean:.4g} ({value.low:.4g} .. {value.high:.4g})"
