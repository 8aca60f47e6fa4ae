"""What a gate found, and how it is told."""

from __future__ import annotations

import html
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any, Final

from datasets_spec.training_expectations import GATE_OUTCOMES

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

__all__ = ["MAX_ROWS_NAMED", "GateReport", "RuleResult", "explain_failure", "render_index"]

MAX_ROWS_NAMED: Final = 10


@dataclass(frozen=True, kw_only=True, slots=True)
class RuleResult:
    """One rule on one table."""

    rule_id: str
    table: str
    column: str
    meaning: str
    passed: bool
    rows: int
    """Rows of the table."""
    offending: int
    """Rows that break the rule (0 for rules about a whole table)."""
    examples: tuple[str, ...]
    """Up to MAX_ROWS_NAMED offending rows: key and value."""


@dataclass(frozen=True, kw_only=True, slots=True)
class GateReport:
    """All rules of a stage; free of times, so that it can be published."""

    stage: str
    results: tuple[RuleResult, ...]

    @property
    def passed(self) -> bool:
        """True if every rule holds."""
        return all(result.passed for result in self.results)

    def as_json(self) -> dict[str, Any]:
        """Plain values."""
        return {
            "stage": self.stage,
            "passed": self.passed,
            "rules": list(map(asdict, self.results)),
        }


def explain_failure(report: GateReport, *, docs: str) -> str:
    """The text of the error: rules, numbers, offending rows, where to read on."""
    outcome = GATE_OUTCOMES.get(report.stage, "so nothing was published")
    lines = [f"the {report.stage} gate failed, {outcome}:"]
    for result in report.results:
        if result.passed:
            continue
        place = f"{result.table}.{result.column}" if result.column else result.table
        lines.append(f"  rule {result.rule_id} ({place}): expected that {result.meaning}")
        lines.append(f"    {result.offending} of {result.rows} rows do not obey")
        lines += [f"    {example}" for example in result.examples]
    lines.append(f"  the data docs tell more: {docs}")
    return "\n".join(lines)


def render_index(reports: Sequence[Mapping[str, Any]]) -> str:
    """A page, readable without a network, with every rule and a way to the stage's data docs.

    Args:
        reports: `GateReport.as_json()` of the gates that ran, in order.
    """
    sections = "\n".join(_section(report) for report in reports)
    return (
        "<!doctype html>\n<html lang=en><meta charset=utf-8><title>StickGen data gates</title>\n"
        f"<style>{_STYLE}</style>\n<h1>Data gates of the last build</h1>\n{sections}\n</html>\n"
    )


_STYLE: Final = (
    "body{font:15px/1.5 system-ui,sans-serif;margin:3rem auto;max-width:60rem;padding:0 1rem}"
    "table{border-collapse:collapse;width:100%}td,th{text-align:left;padding:.3rem .6rem;"
    "border-bottom:1px solid #ddd;vertical-align:top}.no{color:#b00;font-weight:600}"
    ".yes{color:#070}code{font-size:.9em}"
)


def _section(report: Mapping[str, Any]) -> str:
    stage = html.escape(report["stage"])
    rows = "\n".join(_row(rule) for rule in report["rules"])
    return (
        f"<h2>{stage}: {_verdict(report['passed'])}</h2>\n"
        f'<p><a href="{stage}/index.html">Data docs of this stage</a></p>\n'
        "<table><tr><th>rule<th>table<th>what must hold<th>rows<th>offending<th></tr>\n"
        f"{rows}\n</table>"
    )


def _row(rule: Mapping[str, Any]) -> str:
    place = f"{rule['table']}.{rule['column']}" if rule["column"] else rule["table"]
    examples = "".join(f"<br><code>{html.escape(example)}</code>" for example in rule["examples"])
    return (
        f"<tr><td><code>{html.escape(rule['rule_id'])}</code><td><code>{html.escape(place)}</code>"
        f"<td>{html.escape(rule['meaning'])}{examples}<td>{rule['rows']}<td>{rule['offending']}"
        f"<td>{_verdict(rule['passed'])}</tr>"
    )


def _verdict(passed: object) -> str:
    return '<span class="yes">passed</span>' if passed else '<span class="no">failed</span>'
