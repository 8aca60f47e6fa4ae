"""What a build leaves behind: the accounting, and what goes into the tracked run."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any, Final

import polars as pl
import pyarrow as pa

from datasets_spec.errors import StickgenError
from datasets_spec.layout import CARD_FILE, GATES_FILE, MANIFEST_FILE, PREVIEW_FILE, STATISTICS_FILE
from datasets_spec.quality import QUALITY_MEASURES, QUALITY_SCORE, quality_column
from datasets_spec.schema import rejects_schema
from datasets_spec.sources.amass import AMASS
from datasets_spec.sources.bvh import BVH
from datasets_spec.sources.interhuman import INTERHUMAN
from datasets_spec.sources.ntu import NTU
from datasets_spec.sources.procedural import PROCEDURAL
from datasets_spec.sources.stories import STORIES
from datasets_spec.sources.style100 import STYLE100
from tasks.publish.clip_index import read_clip_index, read_rejects
from tasks.track.plots import save_plots

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from datasets_spec.sources.spec import SourceSpec
    from tasks.publish.publish import PublishedDataset
    from tasks.store.shard import ShardMarker
    from tasks.store.workspace import Workspace
    from tasks.track.task import BuildTracker

__all__ = ["account", "log_outcome", "rejects_table", "source_spec", "source_specs"]

_SPECS: Final = {
    spec.name: spec for spec in (AMASS, STYLE100, INTERHUMAN, NTU, BVH, PROCEDURAL, STORIES)
}
_FILES: Final = (CARD_FILE, MANIFEST_FILE, STATISTICS_FILE, GATES_FILE, PREVIEW_FILE)


def source_spec(name: str) -> SourceSpec:
    """Facts of a source by its name."""
    return _SPECS[name]


def source_specs(names: Iterable[str]) -> list[SourceSpec]:
    """Facts of several sources, in the order given."""
    return [_SPECS[name] for name in names]


def account(files: pl.DataFrame, markers: Mapping[str, Sequence[ShardMarker]]) -> dict[str, Any]:
    """Check that nothing was lost between the stages, and say so in numbers.

    Args:
        files: Columns found, accepted, decoys, rejected by source.
        markers: Finished shards by stage.

    Returns:
        JSON values: counts of files and of each stage.

    Raises:
        StickgenError: If what a stage read is not what it passed on plus what it rejected.
    """
    total = {name: int(files[name].sum()) for name in files.columns if name != "source"}
    counts = {stage: _sum(made) for stage, made in markers.items()}
    ingest, retarget, score = counts["ingest"], counts["retarget"], counts["score"]
    pairs = (
        ("files found", total["found"], total["accepted"] + total["decoys"] + total["rejected"]),
        ("items read", ingest["items"], ingest["accepted"] + ingest["rejected"]),
        ("sequences", ingest["sequences"], retarget["sequences"]),
        ("clips to score", retarget["clips"], score["read"]),
        ("clips scored", score["read"], score["clips"] + score["rejected"]),
    )
    wrong = [f"{name}: {left} in, {right} out" for name, left, right in pairs if left != right]
    if wrong:
        msg = f"items were lost, which must not happen: {'; '.join(wrong)}; nothing was published"
        raise StickgenError(msg)
    return {"files": total, **counts}


def _sum(markers: Sequence[ShardMarker]) -> dict[str, int]:
    total: dict[str, int] = {}
    for marker in markers:
        for name, count in marker.counts.items():
            total[name] = total.get(name, 0) + count
    names = ("items", "accepted", "rejected", "sequences", "clips", "read")
    return {name: total.get(name, 0) for name in (*names, *sorted(set(total) - set(names)))}


def rejects_table(removed: pl.DataFrame, scored: pl.DataFrame) -> pa.Table:
    """Rows of the rejects table for what curation removed.

    Args:
        removed: Columns clip_id, reason, detail.
        scored: Columns clip_id, source, origin of all scored clips.
    """
    rows = removed.join(scored.select("clip_id", "source", "origin"), on="clip_id").select(
        pl.col("source"),
        pl.col("clip_id").alias("item"),
        pl.col("origin").struct.field("path").alias("origin_path"),
        pl.lit("curate").alias("stage"),
        pl.lit("clip").alias("level"),
        pl.col("reason"),
        pl.col("detail"),
    )
    return pa.Table.from_pylist(rows.to_dicts(), schema=rejects_schema())


def log_outcome(
    tracker: BuildTracker,
    workspace: Workspace,
    published: PublishedDataset,
    *,
    seconds: Mapping[str, float],
    more: Mapping[str, float],
) -> tuple[pl.DataFrame, pl.DataFrame]:
    """Log counts, times, plots, card, preview and data docs of a published dataset.

    Args:
        tracker: The run.
        workspace: For the data docs, and a place for plots.
        published: The dataset.
        seconds: Work by stage, summed over workers.
        more: Further numbers.

    Returns:
        Index of the published clips, and their rejects.
    """
    measures = [QUALITY_SCORE, *(quality_column(measure.name) for measure in QUALITY_MEASURES)]
    index = read_clip_index(
        published.folder, ["source", "action", "split", "sft", "num_frames", *measures]
    )
    rejects = read_rejects(published.folder)
    metrics: dict[str, float] = {
        "clips": index.height,
        "frames": int(index["num_frames"].cast(pl.Int64).sum()),
        "sft_clips": int(index["sft"].sum()),
        "rejects": rejects.height,
    }
    metrics |= more
    metrics |= {f"seconds/{stage}": value for stage, value in seconds.items()}
    for column in ("source", "split"):
        metrics |= {f"clips/{k}": n for k, n in index[column].value_counts().iter_rows()}
    metrics |= {f"rejects/{k}": n for k, n in rejects["reason"].value_counts().iter_rows()}
    for name in measures if index.height else ():
        metrics[f"median/{name}"] = float(index[name].median())  # type: ignore[arg-type]
    tracker.log_metrics(metrics, time_ms=time.time_ns() // 1_000_000)
    fingerprint = str(published.manifest["fingerprint"])
    tracker.log_tags({"dataset.fingerprint": fingerprint, "dataset.folder": str(published.folder)})
    tracker.log_dataset(
        published.folder, name=published.folder.name, digest=fingerprint, context="build"
    )
    tracker.log_files([published.folder / name for name in _FILES], "dataset")
    tracker.log_files(save_plots(index, workspace.root / "plots"), "plots")
    tracker.log_files([workspace.docs], "data_docs")
    return index, rejects
