"""What a gate found, and how it is told."""

from __future__ import annotations

import html
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Sequence

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
    lines = [f"the {report.stage} gate failed, so nothing was published:"]
    for result in report.results:
        if result.passed:
            continue
        place = f"{result.table}.{result.column}" if result.column else result.table
        lines.append(f"  rule {result.rule_id} ({place}): expected that {result.meaning}")
        lines.append(f"    {result.offending} of {result.rows} rows do not obey")
        lines += [f"    {example}" for example in result.examples]
    lines.append(f"  the data docs tell more: {docs}")
    return "\n".join(lines)


def render_index(stages: Sequence[tuple[str, bool]]) -> str:
    """A page that leads to the data docs of each stage.

    Args:
        stages: Name and result of the gates that ran, in order.
    """
    rows = "\n".join(
        f'<li><a href="{html.escape(stage)}/index.html">{html.escape(stage)}</a>: '
        f"{'passed' if passed else '<b>failed</b>'}</li>"
        for stage, passed in stages
    )
    return (
        "<!doctype html>\n<html lang=en><meta charset=utf-8><title>StickGen data gates</title>\n"
        "<style>body{font:16px/1.6 system-ui;margin:3rem auto;max-width:40rem}"
        "b{color:#b00}</style>\n"
        f"<h1>Data gates of the last build</h1>\n<ol>\n{rows}\n</ol>\n</html>\n"
    )
