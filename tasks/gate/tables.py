"""The tables on which each gate's rules work, made from the stages' index tables."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import polars as pl

from datasets_spec.quality import QUALITY_SCORE

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tasks.config import CurateConfig

__all__ = [
    "MIN_SOURCE_ROWS",
    "ROW_KEYS",
    "curate_tables",
    "ingest_tables",
    "retarget_tables",
    "score_tables",
]

ROW_KEYS: Final = {
    "sequences": "sequence_key",
    "files": "source",
    "sources": "source",
    "clips": "clip_id",
    "performances": "performance",
    "subjects": "subject_id",
    "scenes": "scene_id",
    "sft_actions": "action",
    "sft_sources": "source",
    "sft_clips": "clip_id",
    "training_set": "set",
    "training_clips": "clip_id",
    "training_subjects": "subject",
    "training_texts": "encoder",
    "losses": "loss",
    "generated": "prompt",
    "generated_set": "set",
}
"""Column that names a row of each table in errors and data docs."""

MIN_SOURCE_ROWS: Final = 5
"""Rules about a whole source need at least this many rows of it: a folder with one recording of
somebody who lies is no fault."""


def ingest_tables(sequences: pl.DataFrame, files: pl.DataFrame) -> dict[str, pl.DataFrame]:
    """Tables of the ingest gate.

    Args:
        sequences: Columns of stage_index.INGEST_COLUMNS, repeats left out.
        files: Columns of stage_index.FILE_COUNT_COLUMNS.
    """
    readable = pl.col("found") - pl.col("decoys")
    sequences = sequences.fill_nan(None)
    return {
        "sequences": sequences.with_columns(
            sequence_key=pl.concat_str("source", "sequence_id", separator="/")
        ),
        "files": files.filter(readable > 0).with_columns(
            accepted_share=pl.col("accepted") / readable
        ),
        "sources": sequences.filter(_enough())
        .group_by("source")
        .agg(
            upright_share=(pl.col("upright_share") * pl.col("duration_s")).sum()
            / pl.col("duration_s").sum()
        )
        .sort("source"),
    }


def retarget_tables(clips: pl.DataFrame) -> dict[str, pl.DataFrame]:
    """Tables of the retarget gate, from columns of stage_index.RETARGET_COLUMNS."""
    clips = clips.fill_nan(None)
    sources = (
        clips.filter(_enough())
        .group_by("source")
        .agg(pl.col("height_extent_h").median(), pl.col("head_above_feet_share").mean())
    )
    return {"clips": clips, "sources": sources.sort("source")}


def score_tables(clips: pl.DataFrame) -> dict[str, pl.DataFrame]:
    """Tables of the score gate, from columns clip_id, source and quality_*."""
    clips = clips.fill_nan(None)
    sources = (
        clips.filter(_enough()).group_by("source").agg(median_score=pl.col(QUALITY_SCORE).median())
    )
    return {"clips": clips, "sources": sources.sort("source")}


def curate_tables(
    index: pl.DataFrame,
    config: CurateConfig,
    caps: Mapping[str, float],
    single_subject_sources: list[str],
) -> dict[str, pl.DataFrame]:
    """Tables of the curate gate.

    Args:
        index: Kept clips: clip_id, source, action, split, sft, quality_score, performance_id,
            subject_id, scene_id.
        config: The curation.
        caps: The shares that were promised: action and source (relaxed ones if they had to be).
        single_subject_sources: Sources whose only performer may be in several splits.
    """
    sft = index.filter(pl.col("sft"))
    subjects = index.filter(~pl.col("source").is_in(single_subject_sources))
    return {
        "clips": index,
        "performances": _spread(
            index.with_columns(
                performance=pl.concat_str("source", "performance_id", separator="/")
            ),
            "performance",
        ),
        "subjects": _spread(subjects, "subject_id"),
        "scenes": _spread(
            index.with_columns(split=pl.concat_str("split", pl.col("sft").cast(pl.String))),
            "scene_id",
        ),
        "sft_actions": _shares(sft, "action", caps["action"]),
        "sft_sources": _shares(sft, "source", caps["source"]),
        "sft_clips": sft.with_columns(
            score_over_minimum=pl.col(QUALITY_SCORE).cast(pl.Float64)
            - pl.lit(config.sft_min_score, pl.Float32).cast(pl.Float64)
        ),
    }


def _enough() -> pl.Expr:
    return pl.len().over("source") >= MIN_SOURCE_ROWS


def _spread(index: pl.DataFrame, key: str) -> pl.DataFrame:
    return index.group_by(key).agg(num_splits=pl.col("split").n_unique()).sort(key)


def _shares(sft: pl.DataFrame, key: str, cap: float) -> pl.DataFrame:
    counts = sft.group_by(key).len().sort(key)
    share = pl.col("len") / max(sft.height, 1)
    return counts.with_columns(share=share, share_over_cap=share - cap)
