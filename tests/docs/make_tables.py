"""Tables of the docs, made from the code. `python -m tests.docs.make_tables` rewrites them."""

from __future__ import annotations

from collections import Counter
from pathlib import Path
from typing import Final

import pyarrow as pa

from datasets_spec.environment import ENVIRONMENT_FEATURES
from datasets_spec.expectations import GATE_SUITES, RuleSpec
from datasets_spec.quality import QUALITY_MEASURES, MeasureSpec
from datasets_spec.schema import CLIP_COLUMNS
from datasets_spec.vocabulary import ACTIONS, NUM_ACTIONS
from stickgen_model.evaluate.metrics import METRICS
from stickgen_model.evaluate.prompt_suites import SUITES
from tasks.publish.markdown import markdown_table
from tasks.register.rules import PromotionRules

DATA_DOC: Final = Path(__file__).parents[2] / "docs" / "data.md"
EVALUATION_DOC: Final = DATA_DOC.with_name("evaluation.md")
_ACTIONS_A_ROW: Final = 8


def with_tables(text: str) -> str:
    """The document with every table between its markers made anew."""
    tables = {
        "actions": _actions(),
        "columns": _columns(),
        "environment": _environment(),
        "quality": _quality(),
        "gates": _gates(),
    }
    return _filled(text, tables, where="docs/data.md")


def with_metrics(text: str) -> str:
    """The guide to evaluation with its tables made anew."""
    tables = {"metrics": _metrics(), "suites": _suites(), "promotion": _promotion()}
    return _filled(text, tables, where="docs/evaluation.md")


def _filled(text: str, tables: dict[str, str], *, where: str) -> str:
    for name, table in tables.items():
        begin, end = f"<!-- {name}:begin -->", f"<!-- {name}:end -->"
        if text.count(begin) != 1 or text.count(end) != 1:
            msg = f"{where}: expected the markers {begin} and {end} once each"
            raise ValueError(msg)
        before, _, rest = text.partition(begin)
        _, _, after = rest.partition(end)
        text = f"{before}{begin}\n{table}\n{end}{after}"
    return text


def _metrics() -> str:
    rows = [
        [f"`{m.name}`", m.title, _text(m.definition), m.unit, m.better, _text(m.source)]
        for m in METRICS
    ]
    return markdown_table(["metric", "name", "what it says", "unit", "better", "source"], rows)


def _suites() -> str:
    return markdown_table(
        ["suite", "what is changed"], [[f"`{s.name}`", _text(s.told)] for s in SUITES]
    )


def _promotion() -> str:
    rules = PromotionRules()
    rows = [["agreed", ", ".join(f"`{name}`" for name in rules.agreed)]]
    rows.append(["kept", ", ".join(f"`{name}`" for name in rules.kept)])
    for gate in rules.gates:
        bounds = [
            f"{sign} {value:g}"
            for sign, value in ((">=", gate.low), ("<=", gate.high))
            if value is not None
        ]
        bounds += [f"better than the row `{gate.beats}`"] * bool(gate.beats)
        rows.append(["gate", f"`{gate.metric}` {' and '.join(bounds)}"])
    return markdown_table(["rule", "of"], rows)


def _actions() -> str:
    header = [f"+{number}" for number in range(_ACTIONS_A_ROW)]
    rows = [
        [f"**{first}**", *(f"`{name}`" for name in ACTIONS[first : first + _ACTIONS_A_ROW])]
        for first in range(0, NUM_ACTIONS, _ACTIONS_A_ROW)
    ]
    return markdown_table(["id", *header], rows)


def _columns() -> str:
    rows = [
        [
            f"`{c.name}`",
            _type(c.dtype) + (", nullable" * c.nullable),
            c.unit or "-",
            _text(c.meaning),
        ]
        for c in CLIP_COLUMNS
    ]
    return markdown_table(["column", "type", "unit", "meaning"], rows)


def _environment() -> str:
    rows = [
        [f"`{f.name}`", f.unit, f"{f.low:g} .. {f.high:g}", _text(f.meaning)]
        for f in ENVIRONMENT_FEATURES
    ]
    return markdown_table(["number", "unit", "range", "meaning"], rows)


def _type(dtype: pa.DataType) -> str:
    if pa.types.is_fixed_size_list(dtype):
        return f"{_type(dtype.value_type)} x {dtype.list_size}"
    if pa.types.is_list(dtype):
        return f"list of {_type(dtype.value_type)}"
    if pa.types.is_struct(dtype):
        return "struct of " + ", ".join(f"`{f.name}` {_type(f.type)}" for f in dtype)
    return str(dtype)


def _quality() -> str:
    # what most measures were calibrated on is told once
    openings = Counter(m.source.partition("; ")[0] for m in QUALITY_MEASURES)
    shared = openings.most_common(1)[0][0]
    rows = [
        [
            f"`{m.name}`",
            m.unit,
            _text(m.meaning),
            *_thresholds(m),
            _text(m.source.replace(f"{shared}; ", "(1) ")),
        ]
        for m in QUALITY_MEASURES
    ]
    header = ["measure", "unit", "what it measures", "good", "bad", "source of the thresholds"]
    return f"{markdown_table(header, rows)}\n\n(1) {_text(shared)}."


def _thresholds(measure: MeasureSpec) -> tuple[str, str]:
    sensor = measure.sensor or (measure.good, measure.bad)
    pairs = zip((measure.good, measure.bad), sensor, strict=True)
    good, bad = (f"{a:g}" if a == b else f"{a:g} (sensor {b:g})" for a, b in pairs)
    return good, bad


def _gates() -> str:
    parts = []
    for stage, rules in GATE_SUITES.items():
        rows = [
            [f"`{rule.rule_id}`", _place(rule), _limits(rule), _text(rule.meaning)]
            for rule in rules
        ]
        table = markdown_table(["rule", "checks", "must be", "why"], rows)
        parts.append(f"**{stage}**\n\n{table}")
    return "\n\n".join(parts)


def _place(rule: RuleSpec) -> str:
    return f"`{rule.table}.{rule.column}`" if rule.column else f"rows of `{rule.table}`"


def _limits(rule: RuleSpec) -> str:
    params = rule.params
    words = {"unique": "unique", "not_null": "present"}.get(rule.kind, "")
    if rule.kind == "in_set":
        words = "one of " + ", ".join(map(str, params["value_set"]))
    elif not words:
        low, high = params.get("min_value"), params.get("max_value")
        bounds = [
            f"{sign} {value:g}" for sign, value in ((">=", low), ("<=", high)) if value is not None
        ]
        words = " and ".join(bounds)
    return words if rule.mostly == 1.0 else f"{words}, in {rule.mostly:.0%} of the rows"


def _text(words: str) -> str:
    return words.replace("|", "\\|").replace("<", "&lt;")


if __name__ == "__main__":
    DATA_DOC.write_text(with_tables(DATA_DOC.read_text("utf-8")), encoding="utf-8")
    EVALUATION_DOC.write_text(with_metrics(EVALUATION_DOC.read_text("utf-8")), encoding="utf-8")
