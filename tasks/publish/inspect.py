"""What a dataset folder holds, as text for a terminal."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any, Final

from rich.box import ASCII, SIMPLE_HEAD
from rich.console import Console, Group, RenderableType
from rich.table import Table
from rich.text import Text

from datasets_spec.errors import StickgenError
from datasets_spec.quality import QUALITY_SCORE
from datasets_spec.schema import SCHEMA_VERSION
from tasks.publish.clip_index import check_footers
from tasks.publish.manifest import read_manifest, verify_manifest
from tasks.publish.markdown import plain_text
from tasks.publish.statistics import dataset_statistics

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from pathlib import Path

__all__ = ["inspect_dataset"]

_BAR_CELLS: Final = 32
_EIGHTHS: Final = " \u258f\u258e\u258d\u258c\u258b\u258a\u2589"
_FULL: Final = "\u2588"
_MAX_FAULTS: Final = 20
_DAMAGE: Final = "the folder differs from its manifest"


def inspect_dataset(
    folder: Path, *, width: int = 100, colour: bool = False, ascii_only: bool = False
) -> str:
    """Describe a dataset folder, and compare it with its manifest byte for byte.

    Args:
        folder: The dataset folder.
        width: Cells a line.
        colour: Whether to use terminal colours.
        ascii_only: For terminals that cannot show block characters.

    Returns:
        The report; it ends with a line break.

    Raises:
        ConfigError: If the folder is absent or no StickGen dataset.
        SchemaVersionError: If it was written under another schema version.
        StickgenError: If a Parquet file is absent or damaged.
    """
    manifest = read_manifest(folder)
    faults = verify_manifest(folder)
    _refuse_damaged_tables(folder, faults)
    statistics = dataset_statistics(folder, {})
    report = _Report(ascii_only=ascii_only)
    parts = [
        report.title(folder, manifest),
        report.check(manifest, faults),
        report.totals(statistics),
        report.sources(statistics),
        report.splits(statistics),
        report.actions(statistics),
        report.histogram("Seconds a clip", statistics["durations_s"], ".0f"),
        report.histogram("Quality score", statistics["quality"][QUALITY_SCORE], ".2f"),
        report.measures(statistics),
        report.licences(statistics),
        report.rejects(statistics),
    ]
    stream = io.StringIO()
    console = Console(
        file=stream,
        width=width,
        force_terminal=colour,
        color_system="standard" if colour else None,
        highlight=False,
        markup=False,
        emoji=False,
        legacy_windows=False,
    )
    console.print(Group(*parts))
    lines = [line.rstrip() for line in stream.getvalue().splitlines()]
    kept = [line for n, line in enumerate(lines) if line or (n and lines[n - 1])]
    return "\n".join(kept).rstrip() + "\n"


def _refuse_damaged_tables(folder: Path, faults: Sequence[str]) -> None:
    """Numbers from a table that is not the published one would mislead; native readers may die."""
    tables = [fault for fault in faults if ".parquet: " in fault]
    if not tables:
        return
    check_footers(folder)
    shown = "; ".join(plain_text(fault) for fault in tables[:_MAX_FAULTS])
    msg = f"{folder}: {_DAMAGE}: {shown}; build again, or copy the folder anew"
    raise StickgenError(msg)


class _Report:
    """Makes the parts; every text from the data goes in as plain text, never as markup."""

    def __init__(self, *, ascii_only: bool) -> None:
        self._ascii = ascii_only

    def title(self, folder: Path, manifest: Mapping[str, Any]) -> RenderableType:
        text = Text(f"StickGen dataset {folder}\n", style="bold")
        text.append(f"schema version {SCHEMA_VERSION}, fingerprint ", style="not bold")
        text.append(plain_text(str(manifest.get("fingerprint", "none")))[:16], style="not bold")
        return text

    def check(self, manifest: Mapping[str, Any], faults: Sequence[str]) -> RenderableType:
        if not faults:
            num_files = len(manifest["files"])
            return Text(f"manifest: all {num_files} files as written\n", style="green")
        text = Text(f"manifest: {_DAMAGE} in {len(faults)} places; build again\n", style="red")
        for fault in faults[:_MAX_FAULTS]:
            text.append(f"  {plain_text(fault)}\n")
        if len(faults) > _MAX_FAULTS:
            text.append(f"  and {len(faults) - _MAX_FAULTS} more\n")
        return text

    def totals(self, statistics: Mapping[str, Any]) -> RenderableType:
        totals = statistics["totals"]
        return Text(
            f"{totals['clips']:,} clips, {totals['frames']:,} frames, {totals['hours']:.2f} hours; "
            f"{totals['subjects']:,} people, {totals['performances']:,} performances, "
            f"{totals['clips_with_partner']:,} clips with a partner; "
            f"{totals['captions']:,} captions, {totals['distinct_captions']:,} different\n"
        )

    def sources(self, statistics: Mapping[str, Any]) -> RenderableType:
        rows = [
            (name, p["sequences"], p["clips"], p["frames"], p["hours"], p["captioned_clips"])
            for name, p in statistics["sources"].items()
        ]
        return self._table("Source", "recordings clips frames hours captioned", rows)

    def splits(self, statistics: Mapping[str, Any]) -> RenderableType:
        rows = [
            (name, p["clips"], p["hours"], p["subjects"], p["performances"], p["fine_tuning_clips"])
            for name, p in statistics["splits"].items()
        ]
        return self._table("Split", "clips hours people performances fine-tuning", rows)

    def actions(self, statistics: Mapping[str, Any]) -> RenderableType:
        found = statistics["actions"].items()
        order = sorted(found, key=lambda item: (-item[1]["frames"], item[0]))
        top = max((part["frames"] for _, part in order), default=0)
        rows = [
            (name, p["clips"], p["frames"], p["fine_tuning_clips"], self._bar(p["frames"], top))
            for name, p in order
        ]
        return self._table("Action", "clips frames fine-tuning share", rows)

    def histogram(self, name: str, part: Mapping[str, Any], form: str) -> RenderableType:
        top = max(part["counts"], default=0)
        edges = part["edges"]
        rows = [
            (f"{low:{form}} - {high:{form}}", count, self._bar(count, top))
            for low, high, count in zip(edges[:-1], edges[1:], part["counts"], strict=True)
        ]
        points = ", ".join(
            f"{key} {part[key]:.3g}" for key in ("min", "median", "max") if part[key] is not None
        )
        return Group(
            self._table(name, "clips share", rows), Text(f"  {points}\n" if points else "")
        )

    def measures(self, statistics: Mapping[str, Any]) -> RenderableType:
        keys = ("p05", "median", "p95")
        rows = [
            (name, *(("-" if p[k] is None else f"{p[k]:.3g}") for k in keys))
            for name, p in statistics["quality"].items()
        ]
        return self._table("Quality", " ".join(keys), rows)

    def licences(self, statistics: Mapping[str, Any]) -> RenderableType:
        rows = [
            (name, part["clips"], ", ".join(part["sources"]))
            for name, part in statistics["licences"].items()
        ]
        return self._table("Licence", "clips sources", rows)

    def rejects(self, statistics: Mapping[str, Any]) -> RenderableType:
        rows = [
            (source, stage, reason, count)
            for source, stages in statistics["rejects"]["by_source"].items()
            for stage, reasons in stages.items()
            for reason, count in reasons.items()
        ]
        return self._table("Rejected from", "stage reason items", rows)

    def _table(self, first: str, header: str, rows: Iterable[Sequence[Any]]) -> RenderableType:
        table = Table(box=ASCII if self._ascii else SIMPLE_HEAD, pad_edge=False)
        body = [list(row) for row in rows]
        table.add_column(first, overflow="fold")
        for number, name in enumerate(header.split(), start=1):
            numeric = all(isinstance(row[number], int | float) for row in body)
            table.add_column(name, justify="right" if numeric else "left", overflow="fold")
        for row in body:
            table.add_row(*(Text(_cell(value)) for value in row))
        if not body:
            return Text(f"{first}: none\n")
        return table

    def _bar(self, value: int, top: int) -> str:
        """A bar of at most _BAR_CELLS cells; anything above zero shows."""
        if top <= 0 or value <= 0:
            return ""
        eighths = max(1, round(value / top * _BAR_CELLS * 8))
        if self._ascii:
            return "#" * max(1, eighths // 8)
        return _FULL * (eighths // 8) + _EIGHTHS[eighths % 8].strip()


def _cell(value: Any) -> str:
    if isinstance(value, bool | str):
        return plain_text(str(value))
    return f"{value:,.2f}" if isinstance(value, float) else f"{value:,}"
