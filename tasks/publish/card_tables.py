"""The tables of the card, made from the schema, the specs and the counts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from datasets_spec.quality import QUALITY_MEASURES, QUALITY_SCORE, quality_column
from datasets_spec.schema import CLIP_COLUMNS
from tasks.publish.markdown import escape_markdown, markdown_table

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from datasets_spec.sources.spec import SourceSpec

__all__ = [
    "actions_table",
    "columns_table",
    "duration_line",
    "examples_table",
    "gates_table",
    "measures_table",
    "rejects_table",
    "sources_table",
    "splits_table",
]

_MAX_CAPTION: Final = 160
_NONE: Final = "None."


def sources_table(statistics: Mapping[str, Any], specs: Sequence[SourceSpec]) -> str:
    """One row a source that gave clips."""
    titles = {spec.name: spec.title for spec in specs}
    rows = [
        (
            f"`{name}`",
            escape_markdown(titles.get(name, name)),
            part["sequences"],
            part["subjects"],
            part["clips"],
            part["hours"],
            part["captions"],
        )
        for name, part in statistics["sources"].items()
    ]
    header = ("source", "title", "recordings", "people", "clips", "hours", "captions")
    return markdown_table(header, rows) if rows else _NONE


def splits_table(statistics: Mapping[str, Any]) -> str:
    """One row a split."""
    keys = ("clips", "hours", "performances", "subjects", "fine_tuning_clips")
    rows = [(name, *(part[k] for k in keys)) for name, part in statistics["splits"].items()]
    header = ("split", "clips", "hours", "performances", "people", "fine-tuning clips")
    return markdown_table(header, rows) if rows else _NONE


def actions_table(statistics: Mapping[str, Any]) -> str:
    """One row an action, the most frequent first."""
    order = sorted(statistics["actions"].items(), key=lambda item: (-item[1]["frames"], item[0]))
    rows = [
        (f"`{name}`", part["clips"], part["frames"], part["fine_tuning_clips"])
        for name, part in order
    ]
    header = ("action", "clips (action of most frames)", "frames", "fine-tuning clips")
    return markdown_table(header, rows) if rows else _NONE


def columns_table() -> str:
    """One row a column of the clips table."""
    rows = [
        (
            f"`{column.name}`",
            f"`{_short_type(str(column.dtype))}`",
            escape_markdown(column.unit) or "-",
            escape_markdown(column.meaning) + (" (may be null)" if column.nullable else ""),
        )
        for column in CLIP_COLUMNS
    ]
    return markdown_table(("column", "type", "unit", "meaning"), rows)


def _short_type(dtype: str) -> str:
    return dtype.replace("item: ", "").replace("element: ", "").replace(" not null", "")


def measures_table(statistics: Mapping[str, Any]) -> str:
    """The score and its measures: thresholds, and what this dataset shows."""
    quality = statistics["quality"]
    rows: list[Sequence[object]] = [
        (
            f"`{QUALITY_SCORE}`",
            "1",
            "the measures together",
            "1",
            "0",
            *_spread(quality[QUALITY_SCORE]),
        )
    ]
    rows += [
        (
            f"`{quality_column(measure.name)}`",
            escape_markdown(measure.unit),
            escape_markdown(f"{measure.meaning} (thresholds: {measure.source})"),
            f"{measure.good:g}",
            f"{measure.bad:g}",
            *_spread(quality[quality_column(measure.name)]),
        )
        for measure in QUALITY_MEASURES
    ]
    header = ("column", "unit", "meaning", "good", "bad", "p05", "median", "p95")
    lead = "Each measure counts in full up to `good` and not at all from `bad` on.\n\n"
    return lead + markdown_table(header, rows)


def _spread(part: Mapping[str, Any]) -> tuple[str, ...]:
    points = (part["p05"], part["median"], part["p95"])
    return tuple("-" if v is None else f"{v:.3g}" for v in points)


def duration_line(statistics: Mapping[str, Any]) -> str:
    """Seconds a clip, in a sentence."""
    part = statistics["durations_s"]
    if part["median"] is None:
        return _NONE
    return (
        f"A clip lasts {part['min']:.2f} to {part['max']:.2f} s, {part['median']:.2f} s in the "
        f"median and {part['mean']:.2f} s in the mean."
    )


def examples_table(examples: Sequence[Mapping[str, Any]]) -> str:
    """A few clips with their first caption."""
    rows = [
        (
            f"`{example['source']}`",
            f"`{example['action']}`",
            f"{float(example['quality_score']):.2f}",
            escape_markdown(_first_caption(example["captions"])) or "-",
        )
        for example in examples
    ]
    return markdown_table(("source", "action", "score", "caption"), rows)


def _first_caption(captions: Sequence[str]) -> str:
    text = captions[0] if captions else ""
    return text if len(text) <= _MAX_CAPTION else text[: _MAX_CAPTION - 3] + "..."


def gates_table(gates: Mapping[str, Any]) -> str:
    """One row a gate, where the results have the usual form; the file has everything."""
    rows = [
        (escape_markdown(str(name)), _verdict(part))
        for name, part in sorted(gates.items())
        if isinstance(part, dict)
    ]
    lead = (
        "Each stage was checked against written rules before the next one began; a failed rule "
        "stops the build before anything is published. Full results: `gates.json`."
    )
    return f"{lead}\n\n{markdown_table(('stage', 'result'), rows)}" if rows else lead


def _verdict(part: Mapping[str, Any]) -> str:
    passed = part.get("success", part.get("passed"))
    rules = part.get("rules", part.get("results"))
    words = "passed" if passed is True else "see file" if passed is None else "**failed**"
    return f"{words}, {len(rules)} rules" if isinstance(rules, list | tuple | dict) else words


def rejects_table(statistics: Mapping[str, Any]) -> str:
    """One row a source, stage and reason."""
    rows = [
        (f"`{source}`", stage, f"`{reason}`", count)
        for source, stages in statistics["rejects"]["by_source"].items()
        for stage, reasons in stages.items()
        for reason, count in reasons.items()
    ]
    lead = (
        f"{statistics['rejects']['total']:,} files, recordings or clips were not used. Each is a "
        "row of `rejects.parquet`, with the reason in words."
    )
    return (
        f"{lead}\n\n{markdown_table(('source', 'stage', 'reason', 'items'), rows)}"
        if rows
        else lead
    )
