"""Whether a candidate becomes the champion: decided by rules, from one evaluation of both."""

from __future__ import annotations

from dataclasses import asdict, dataclass, replace
from typing import TYPE_CHECKING, Any, Final, Literal

from stickgen_model.evaluate.evaluation import MODEL_ROW
from stickgen_model.evaluate.metrics import metric
from tasks.register.rules import REAL_ROW, Gate, PromotionRules

if TYPE_CHECKING:
    from collections.abc import Mapping

    from stickgen_model.evaluate.evaluation import Evaluation, Measured, Row

__all__ = [
    "CHAMPION_ROW",
    "REAL_ROW",
    "Comparison",
    "Decision",
    "Gate",
    "PromotionRules",
    "decide",
    "rows_of",
]

CHAMPION_ROW: Final = "champion"
_NOTHING: Final = 1e-9
"""A value of real motion that no other can be put in proportion to."""
_ROBUSTNESS: Final = "robustness"
_TOLD: Final = {
    "lower": "lower is better",
    "higher": "higher is better",
    "real": "nearest to real motion is better",
}
Verdict = Literal["better", "same", "worse", "missing"]


@dataclass(frozen=True, kw_only=True, slots=True)
class Comparison:
    """One metric of candidate and champion.

    Attributes:
        metric: Name in METRICS.
        better: Direction: higher, lower or real.
        agreed: True if it must be beaten, False if it must only be kept.
        verdict: Of the candidate, beyond the intervals; missing = a row does not have it.
        candidate: Its value, None if missing.
        champion: Its value, None if missing.
    """

    metric: str
    better: str
    agreed: bool
    verdict: Verdict
    candidate: Measured | None
    champion: Measured | None


@dataclass(frozen=True, kw_only=True, slots=True)
class Decision:
    """What the rules say.

    Attributes:
        promote: Whether the candidate becomes the champion.
        reasons: Why not, one line each; why, if it does.
        comparisons: With the champion; empty without one.
    """

    promote: bool
    reasons: tuple[str, ...]
    comparisons: tuple[Comparison, ...] = ()

    def refused(self, reason: str) -> Decision:
        """The same, but refused for one more reason."""
        reasons = () if self.promote else self.reasons
        return replace(self, promote=False, reasons=(reason, *reasons))

    def to_dict(self) -> dict[str, Any]:
        """As plain values, for JSON."""
        return asdict(self)


def decide(evaluation: Evaluation, rules: PromotionRules) -> Decision:
    """Judge the model of an evaluation by the champion of the same evaluation.

    Both were measured by the same judges on the same data with the same seeds. Without a row of a
    champion the model is the first, and the gates alone decide.

    Args:
        evaluation: With a row `model`, and `champion` where there is one.
        rules: What has to be so.
    """
    rows = rows_of(evaluation)
    faults = [
        f"row {name!r} is missing; evaluate with every reference"
        for name in (MODEL_ROW, *rules.rows)
        if name not in rows
    ]
    if MODEL_ROW not in rows:
        return Decision(promote=False, reasons=tuple(faults))
    model = rows[MODEL_ROW]
    faults += [fault for gate in rules.gates for fault in _gate_faults(gate, model, rows)]
    faults += _repeat_faults(rules, model)
    if CHAMPION_ROW not in rows:
        first = "there is no champion, and every gate is passed"
        return Decision(promote=not faults, reasons=tuple(faults) or (first,))
    found = tuple(
        _compared(name, rules, rows) for name in dict.fromkeys((*rules.agreed, *rules.kept))
    )
    faults += _comparison_faults(found, rows)
    beaten = [_told(one) for one in found if one.agreed and one.verdict == "better"]
    return Decision(promote=not faults, reasons=tuple(faults) or tuple(beaten), comparisons=found)


def rows_of(evaluation: Evaluation) -> dict[str, Row]:
    """By name; the model's has the robustness, which is measured of the model alone."""
    rows = {row.name: row for row in evaluation.rows}
    if MODEL_ROW in rows and evaluation.robustness is not None:
        model = rows[MODEL_ROW]
        metrics = {_ROBUSTNESS: evaluation.robustness} | model.metrics
        rows[MODEL_ROW] = replace(model, metrics=metrics)
    return rows


def _comparison_faults(found: tuple[Comparison, ...], rows: Mapping[str, Row]) -> list[str]:
    faults = []
    for one in found:
        kept = one.verdict in {"better", "same"}
        if not kept or (one.agreed and one.verdict == "same" and not _as_real(one, rows)):
            faults.append(_told(one))
    if not faults and not any(one.agreed and one.verdict == "better" for one in found):
        names = ", ".join(one.metric for one in found if one.agreed)
        faults.append(f"nothing to beat: {names} of the champion are as good as of real motion")
    return faults


def _as_real(one: Comparison, rows: Mapping[str, Row]) -> bool:
    """Whether the champion is as good as real motion: no model can beat that beyond an interval."""
    real = _real(one.metric, rows)
    if real is None or one.champion is None:
        return False
    return _losses(one.metric, one.champion, real)[0] <= _losses(one.metric, real, real)[1]


def _compared(name: str, rules: PromotionRules, rows: Mapping[str, Row]) -> Comparison:
    candidate = rows[MODEL_ROW].metrics.get(name)
    champion = rows[CHAMPION_ROW].metrics.get(name)
    return Comparison(
        metric=name,
        better=metric(name).better,
        agreed=name in rules.agreed,
        verdict=_verdict(name, candidate, champion, _real(name, rows)),
        candidate=candidate,
        champion=champion,
    )


def _verdict(
    name: str, one: Measured | None, other: Measured | None, real: Measured | None
) -> Verdict:
    """How the one stands to the other, beyond both intervals."""
    if one is None or other is None or (metric(name).better == "real" and real is None):
        return "missing"
    own, its = _losses(name, one, real), _losses(name, other, real)
    if own[1] < its[0]:
        return "better"
    return "worse" if own[0] > its[1] else "same"


def _losses(name: str, value: Measured, real: Measured | None) -> tuple[float, float]:
    """The interval turned so that less is better."""
    spec = metric(name)
    if spec.better == "lower":
        return value.low, value.high
    if spec.better == "higher":
        return -value.high, -value.low
    assert real is not None  # seen to by the callers
    low, high = max(value.low, 0.0), max(value.high, 0.0)
    if real.mean > _NOTHING:
        ends = sorted((spec.loss(low, real.mean), spec.loss(high, real.mean)))
    else:  # there is no ratio to nothing
        ends = [low, high]
    return (0.0 if low <= real.mean <= high else ends[0]), ends[1]


def _real(name: str, rows: Mapping[str, Row]) -> Measured | None:
    return rows[REAL_ROW].metrics.get(name) if REAL_ROW in rows else None


def _gate_faults(gate: Gate, model: Row, rows: Mapping[str, Row]) -> list[str]:
    value = model.metrics.get(gate.metric)
    if value is None:
        return [f"gate: {gate.metric} was not measured"]
    shown = f"gate: {gate.metric} {_shown(value)}"
    faults = []
    if gate.low is not None and value.low < gate.low:
        faults.append(f"{shown} is not above its floor {gate.low:g}")
    if gate.high is not None and value.high > gate.high:
        faults.append(f"{shown} is not below its ceiling {gate.high:g}")
    if gate.beats:
        faults += _reference_faults(gate, value, rows, shown)
    return faults


def _reference_faults(
    gate: Gate, value: Measured, rows: Mapping[str, Row], shown: str
) -> list[str]:
    if gate.beats not in rows:
        return [f"row {gate.beats!r} is missing; evaluate with every reference"]
    other = rows[gate.beats].metrics.get(gate.metric)
    if _verdict(gate.metric, value, other, _real(gate.metric, rows)) == "better":
        return []
    its = "which was not measured" if other is None else _shown(other)
    told = _TOLD[metric(gate.metric).better]
    return [f"{shown} is not better than that of {gate.beats!r}, {its} ({told})"]


def _repeat_faults(rules: PromotionRules, model: Row) -> list[str]:
    found = [model.metrics[name].repeats for name in rules.agreed if name in model.metrics]
    if not found or min(found) >= rules.repeats:
        return []
    return [
        f"measured {min(found)} times, expected {rules.repeats} at least: repeats make intervals"
    ]


def _told(one: Comparison) -> str:
    if one.candidate is None or one.champion is None:
        rows = [MODEL_ROW] * (one.candidate is None) + [CHAMPION_ROW] * (one.champion is None)
        return f"{one.metric} was not measured of {' and '.join(rows)}"
    if one.verdict == "missing":
        return f"{one.metric} was not measured of {REAL_ROW}"
    how = {"better": "is better than", "worse": "is worse than"}.get(
        one.verdict, "is not better beyond the intervals than"
    )
    return (
        f"{one.metric} {_shown(one.candidate)} {how} the champion's {_shown(one.champion)} "
        f"({_TOLD[one.better]})"
    )


def _shown(value: Measured) -> str:
    return f"{value.mean:.4g} [{value.low:.4g}, {value.high:.4g}]"
