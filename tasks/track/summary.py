"""The summary of a build: one row a source, as printed, logged and shown in Prefect."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

    import polars as pl

__all__ = ["BuildSummary", "SourceRow", "summarise"]


@dataclass(frozen=True, kw_only=True, slots=True)
class SourceRow:
    """What became of one source."""

    source: str
    files: int
    sequences: int
    clips: int
    """Published."""
    frames: int
    """Of the published clips, at 25 fps."""
    rejected: dict[str, int]
    """Rejects by reason, over all stages."""
    seconds: float
    """Work done on its shards, summed over workers; kept shards count what they took once."""


@dataclass(frozen=True, kw_only=True, slots=True)
class BuildSummary:
    """What a build did, and where to look."""

    out: str
    docs: str
    fingerprint: str
    """Of the published bytes."""
    rows: tuple[SourceRow, ...]
    shards: int
    shards_reused: int
    seconds: float
    tracking_uri: str
    run_id: str
    warnings: tuple[str, ...] = ()
    """What a user should know that cost no item: of the folders, then of recordings by kind."""

    def as_json(self) -> dict[str, Any]:
        """Plain values."""
        return asdict(self)


def summarise(
    *,
    files: pl.DataFrame,
    sequences: pl.DataFrame,
    clips: pl.DataFrame,
    rejects: pl.DataFrame,
    seconds: Mapping[str, float],
) -> tuple[SourceRow, ...]:
    """Count per source.

    Args:
        files: Columns source, found.
        sequences: The ingest index, column source.
        clips: The published clips, columns source, num_frames.
        rejects: The rejects table.
        seconds: Seconds of work by source.
    """
    rows = []
    for source, found in files.select("source", "found").iter_rows():
        mine = clips.filter(clips["source"] == source)
        lost = rejects.filter(rejects["source"] == source)
        reasons = lost["reason"].value_counts().sort("reason") if lost.height else None
        rows.append(
            SourceRow(
                source=source,
                files=found,
                sequences=int((sequences["source"] == source).sum()) if sequences.height else 0,
                clips=mine.height,
                frames=int(mine["num_frames"].sum()) if mine.height else 0,
                rejected=dict(reasons.iter_rows()) if reasons is not None else {},
                seconds=round(seconds.get(source, 0.0), 2),
            )
        )
    return tuple(rows)
