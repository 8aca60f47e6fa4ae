"""The gates: Great Expectations over the index tables of a stage, with data docs as HTML."""

from __future__ import annotations

import json
import logging
import os
import shutil
import warnings
from typing import TYPE_CHECKING, Any, Final

# read when great_expectations is first imported: the product never phones home by default
os.environ.setdefault("GX_ANALYTICS_ENABLED", "false")
with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # deprecations inside the library
    import great_expectations as gx
    import great_expectations.expectations as gxe

from prefect import task
from prefect.cache_policies import NO_CACHE

from datasets_spec.errors import GateError
from datasets_spec.expectations import GATE_STAGES, GATE_SUITES
from datasets_spec.training_expectations import TRAINING_STAGES, TRAINING_SUITES
from tasks.gate.report import MAX_ROWS_NAMED, GateReport, RuleResult, explain_failure, render_index
from tasks.gate.tables import ROW_KEYS

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    import polars as pl

    from datasets_spec.expectations import RuleSpec

__all__ = ["check_stage", "run_gate"]

_REPORT: Final = "report.json"
"""File in a stage's docs that says how its gate ended, for the front page."""


@task(name="gate", task_run_name="gate-{stage}", cache_policy=NO_CACHE)
def run_gate(stage: str, tables: dict[str, Any], docs: Any) -> GateReport:
    """Check a stage and stop the flow if a rule does not hold.

    Raises:
        GateError: If a rule fails; the text names it and the offending rows.
    """
    return check_stage(stage, tables, docs)


def check_stage(stage: str, tables: Mapping[str, pl.DataFrame], docs: Path | None) -> GateReport:
    """Check every rule of a stage.

    Args:
        stage: A key of GATE_SUITES or TRAINING_SUITES.
        tables: The stage's tables, by the names its rules use.
        docs: Folder of the data docs, the stage's are replaced; None: write none (they take
            seconds).

    Returns:
        The report, if all rules hold.

    Raises:
        GateError: If one does not.
        KeyError: If the stage or a table is unknown.
    """
    rules = TRAINING_SUITES[stage] if stage in TRAINING_SUITES else GATE_SUITES[stage]
    results: list[RuleResult] = []
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for noisy in ("great_expectations", "great_expectations.data_context.types.base"):
            logging.getLogger(noisy).setLevel(logging.WARNING)
        context = gx.get_context(mode="ephemeral")
        context.variables.progress_bars = {"globally": False}
        for name in sorted({rule.table for rule in rules}):
            mine = [rule for rule in rules if rule.table == name]
            results += _check_table(context, f"{stage}-{name}", mine, tables[name])
    order = {(rule.table, rule.rule_id): number for number, rule in enumerate(rules)}
    results.sort(key=lambda result: order[result.table, result.rule_id])
    report = GateReport(stage=stage, results=tuple(results))
    if docs is not None:
        _write_docs(context, docs, report)
    if not report.passed:
        where = "none were asked for" if docs is None else str(docs / "index.html")
        raise GateError(explain_failure(report, docs=where))
    return report


def _write_docs(context: Any, docs: Path, report: GateReport) -> None:
    place = docs / report.stage
    shutil.rmtree(place, ignore_errors=True)
    place.mkdir(parents=True)
    for site in list(context.variables.config.data_docs_sites or {}):
        context.delete_data_docs_site(site)
    context.add_data_docs_site(
        "local",
        {
            "class_name": "SiteBuilder",
            "show_how_to_buttons": False,
            "store_backend": {
                "class_name": "TupleFilesystemStoreBackend",
                "base_directory": str(place.absolute()),
            },
            "site_index_builder": {"class_name": "DefaultSiteIndexBuilder"},
        },
    )
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        context.build_data_docs()
    (place / _REPORT).write_text(json.dumps(report.as_json()), encoding="utf-8")
    _write_front_page(docs)


def _check_table(
    context: Any, name: str, rules: list[RuleSpec], table: pl.DataFrame
) -> list[RuleResult]:
    frame = _plain(table).to_pandas()
    source = context.data_sources.add_pandas(name)
    batch = source.add_dataframe_asset(name).add_batch_definition_whole_dataframe("all")
    suite = gx.ExpectationSuite(name=name, expectations=[_expectation(rule) for rule in rules])
    definition = gx.ValidationDefinition(name=name, data=batch, suite=context.suites.add(suite))
    checkpoint = gx.Checkpoint(
        name=name,
        validation_definitions=[context.validation_definitions.add(definition)],
        result_format={
            "result_format": "COMPLETE",
            "unexpected_index_column_names": [ROW_KEYS[rules[0].table]],
        },
    )
    outcome = context.checkpoints.add(checkpoint).run(batch_parameters={"dataframe": frame})
    (validation,) = outcome.run_results.values()
    found = {entry.expectation_config.meta["rule_id"]: entry for entry in validation.results}
    return [_result(rule, found[rule.rule_id], table.height) for rule in rules]


def _plain(table: pl.DataFrame) -> pl.DataFrame:
    """Only columns of plain values: the frames of a clip are nobody's business here."""
    return table.select(name for name, kind in table.schema.items() if not kind.is_nested())


def _expectation(rule: RuleSpec) -> Any:
    common: dict[str, Any] = {
        "meta": {"rule_id": rule.rule_id},
        "notes": f"{rule.rule_id}: {rule.meaning}",
    }
    if rule.kind == "row_count":
        return gxe.ExpectTableRowCountToBeBetween(**rule.params, **common)
    kinds = {
        "between": gxe.ExpectColumnValuesToBeBetween,
        "in_set": gxe.ExpectColumnValuesToBeInSet,
        "unique": gxe.ExpectColumnValuesToBeUnique,
        "not_null": gxe.ExpectColumnValuesToNotBeNull,
    }
    return kinds[rule.kind](column=rule.column, mostly=rule.mostly, **rule.params, **common)


def _result(rule: RuleSpec, entry: Any, rows: int) -> RuleResult:
    raised = [
        info["exception_message"]
        for info in _exceptions(entry.exception_info or {})
        if info.get("raised_exception")
    ]
    outcome = entry.result or {}
    key = ROW_KEYS[rule.table]
    examples = [
        f"{row.get(key)}: {rule.column} = {row.get(rule.column)}"
        for row in (outcome.get("unexpected_index_list") or [])[:MAX_ROWS_NAMED]
    ]
    if rule.kind == "row_count" and not entry.success:
        examples = [f"the table has {outcome.get('observed_value')} rows"]
    return RuleResult(
        rule_id=rule.rule_id,
        table=rule.table,
        column=rule.column,
        meaning=rule.meaning,
        passed=bool(entry.success),
        rows=rows,
        offending=int(outcome.get("unexpected_count") or 0),
        examples=(*raised, *examples),
    )


def _exceptions(info: dict[str, Any]) -> list[dict[str, Any]]:
    """GX gives one such record, or one a metric."""
    return [info] if "raised_exception" in info else [v for v in info.values() if v]


def _write_front_page(docs: Path) -> None:
    found = [docs / stage / _REPORT for stage in (*GATE_STAGES, *TRAINING_STAGES)]
    reports = [json.loads(path.read_text(encoding="utf-8")) for path in found if path.is_file()]
    (docs / "index.html").write_text(render_index(reports), encoding="utf-8")
