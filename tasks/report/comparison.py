"""How a row stands to another one, as far as their intervals allow to say."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from stickgen_model.evaluate.evaluation import MODEL_ROW
from stickgen_model.evaluate.metrics import METRICS

if TYPE_CHECKING:
    from stickgen_model.evaluate.evaluation import Evaluation, Measured, Row
    from stickgen_model.evaluate.metrics import MetricSpec

__all__ = ["REAL_ROW", "champion_row", "champion_verdicts", "compare_values", "real_row"]

REAL_ROW: Final = "real"
"""Name of the row of real motion."""


def champion_row(evaluation: Evaluation) -> Row | None:
    """The row of the model that is to be beaten, if there is one."""
    return next((row for row in evaluation.rows if row.kind == "champion"), None)


def real_row(evaluation: Evaluation) -> Row | None:
    """The row of real motion, if there is one."""
    found = (row for row in evaluation.rows if row.name == REAL_ROW and row.name != MODEL_ROW)
    return next(found, None)


def champion_verdicts(evaluation: Evaluation) -> dict[str, str]:
    """How the model stands to the champion, by metric; empty without a champion."""
    champion, real = champion_row(evaluation), real_row(evaluation)
    if champion is None:
        return {}
    known = {spec.name: spec for spec in METRICS}
    verdicts = {}
    for name, value in evaluation.row().metrics.items():
        if name in known and name in champion.metrics:
            near = None if real is None else real.metrics.get(name)
            other = champion.metrics[name]
            verdicts[name] = compare_values(known[name], value, other, real=near)
    return verdicts


def compare_values(
    spec: MetricSpec, value: Measured, other: Measured, *, real: Measured | None
) -> str:
    """Whether a value is better than another one.

    Args:
        spec: The metric.
        value: The one that is asked for.
        other: The one that it is held against.
        real: That of real motion; needed where nearest to real is best.

    Returns:
        `better`, `worse`, `same` where the intervals overlap, or empty where nothing can be said.
    """
    near = spec.better == "real"
    if near and (real is None or real.mean <= 0.0 or min(value.mean, other.mean) < 0.0):
        return ""
    (low, high), (other_low, other_high) = _losses(spec, value, real), _losses(spec, other, real)
    if high < other_low:
        return "better"
    return "worse" if low > other_high else "same"


def _losses(spec: MetricSpec, value: Measured, real: Measured | None) -> tuple[float, float]:
    """Ends of the interval of the loss."""
    mean = None if real is None else real.mean
    near = spec.better == "real"
    # such a metric is never below 0, though the end of an interval may be
    places = [max(end, 0.0) if near else end for end in (value.low, value.high)]
    ends = sorted(spec.loss(end, mean) for end in places)
    around = near and mean is not None and value.low <= mean <= value.high
    return (0.0 if around else ends[0]), ends[1]
