"""Metrics of an evaluation in the order in which they are told, and their numbers as text."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from stickgen_model.evaluate.metrics import METRICS, MetricSpec
from stickgen_model.text.plain import plain_text

if TYPE_CHECKING:
    from collections.abc import Sequence

    from stickgen_model.evaluate.evaluation import Evaluation, Measured, Row

__all__ = [
    "DIRECTIONS",
    "MetricLine",
    "metric_lines",
    "ordered_rows",
    "shown_name",
    "shown_text",
    "told_interval",
    "told_number",
    "told_score",
    "told_value",
]

DIRECTIONS: Final = {
    "higher": "higher is better",
    "lower": "lower is better",
    "real": "best near real motion",
}
_KINDS: Final = ("model", "champion", "reference")
_MAX_CHARS: Final = 400
_MOST_DIGITS: Final = 5
_MANY: Final = 1000.0
_NOTHING: Final = 1e-9
"""What is not farther from 0 is shown as 0."""


@dataclass(frozen=True, kw_only=True, slots=True)
class MetricLine:
    """A metric and its values in the rows of an evaluation.

    Attributes:
        spec: What it is.
        values: By row, in the order of `ordered_rows`; None where it does not apply.
        digits: After the point, the same for all rows.
    """

    spec: MetricSpec
    values: tuple[Measured | None, ...]
    digits: int


def ordered_rows(evaluation: Evaluation) -> tuple[Row, ...]:
    """The model, the champion, then the references in their own order."""
    place = {kind: number for number, kind in enumerate(_KINDS)}
    return tuple(sorted(evaluation.rows, key=lambda row: place.get(row.kind, len(place))))


def metric_lines(evaluation: Evaluation) -> tuple[MetricLine, ...]:
    """Metrics that any row has, in the order of the table of metrics.

    A metric that the table does not know (of a later version) comes last, by its name.
    """
    rows = ordered_rows(evaluation)
    known = {spec.name: spec for spec in METRICS}
    found = {name for row in rows for name in row.metrics}
    names = [*(name for name in known if name in found), *sorted(found - set(known))]
    lines = []
    for name in names:
        values = tuple(row.metrics.get(name) for row in rows)
        spec = known.get(name) or _unknown(name)
        lines.append(MetricLine(spec=spec, values=values, digits=_digits(values)))
    return tuple(lines)


def _unknown(name: str) -> MetricSpec:
    return MetricSpec(
        name=name, title=name, definition="", unit="", source="", better="real"
    )  # fmt: skip


def _digits(values: Sequence[Measured | None]) -> int:
    """Three digits that count, of the model's value; where that is none or 0, of a typical one."""
    sizes = sorted(abs(value.mean) for value in values if value is not None and value.mean)
    if not sizes:
        return 2
    own = values[0]
    typical = sizes[len(sizes) // 2] if own is None or not own.mean else abs(own.mean)
    return min(max(2 - math.floor(math.log10(typical)), 0), _MOST_DIGITS)


def told_number(value: float, digits: int) -> str:
    """A number in as many digits as its line has; tiny and huge ones keep what counts."""
    if abs(value) >= _MANY:
        return f"{value:,.0f}"
    text = f"{value:.{digits}f}"
    if abs(value) > _NOTHING and not float(text):
        return f"{value:.1e}"
    return text[1:] if text.startswith("-") and not float(text) else text


def told_score(value: float) -> str:
    """A score of a judge, or how many things it was measured on."""
    return f"{value:,.0f}" if value >= 2.0 and value == int(value) else told_number(value, 3)


def told_value(value: Measured | None, digits: int) -> str:
    """The mean, or a dash where there is none."""
    return "-" if value is None else told_number(value.mean, digits)


def told_interval(value: Measured | None, digits: int) -> str:
    """The 95 % interval; empty where nothing was repeated."""
    if value is None or value.repeats < 2:
        return ""
    return f"{told_number(value.low, digits)} to {told_number(value.high, digits)}"


def shown_text(text: object) -> str:
    """One line that can be shown, cut where it is very long."""
    plain = plain_text(str(text))
    return plain if len(plain) <= _MAX_CHARS else plain[: _MAX_CHARS - 3] + "..."


def shown_name(name: object) -> str:
    """The name of a row, a suite or a fact as words."""
    return shown_text(str(name).replace("_", " "))
