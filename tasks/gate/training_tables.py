"""The tables on which the gates of training work."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

import polars as pl

from datasets_spec.quality import QUALITY_SCORE
from tasks.score.figure import BONE_VARIATION, MOTION_ENERGY

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence

    from tasks.train.job import GateFloors

__all__ = ["data_tables", "result_tables", "text_tables"]

_ONE_PERFORMER = 1


def data_tables(
    clips: pl.DataFrame, floors: GateFloors, *, chosen: Collection[str], files_true: bool
) -> dict[str, pl.DataFrame]:
    """Tables of the gate before training.

    Args:
        clips: Clips of train and val: clip_id, source, subject_id, action, split, num_captions,
            quality_score.
        floors: What the run asks for.
        chosen: Ids of the clips to train on.
        files_true: Whether the files are those of the manifest.
    """
    used = clips.filter(pl.col("clip_id").is_in(list(chosen)) | (pl.col("split") == "val"))
    train = used.filter(pl.col("split") == "train")
    bare = 0.0
    if train.height:
        bare = float((train["num_captions"] == 0).sum()) / train.height
    rows = [
        {
            "set": "train",
            "clips_over_floor": train.height - floors.min_clips,
            "actions_over_floor": train["action"].n_unique() - floors.min_actions,
            "uncaptioned_under_limit": floors.max_uncaptioned - bare,
            "files_true": files_true,
        },
        {
            "set": "val",
            "clips_over_floor": used.height - train.height - 1,
            "actions_over_floor": 0,
            "uncaptioned_under_limit": 0.0,
            "files_true": files_true,
        },
    ]
    return {
        "training_set": pl.DataFrame(rows),
        "training_clips": used.select("clip_id", "source", "split", QUALITY_SCORE).fill_nan(None),
        "training_subjects": _subjects(used),
    }


def _subjects(used: pl.DataFrame) -> pl.DataFrame:
    several = used.with_columns(
        performers=pl.col("subject_id").n_unique().over("source"),
        subject=pl.concat_str("source", "subject_id", separator="/"),
    ).filter((pl.col("performers") > _ONE_PERFORMER) & (pl.col("subject_id") != ""))
    return several.group_by("subject").agg(num_splits=pl.col("split").n_unique()).sort("subject")


def text_tables(*, encoder: str | None, wanted: str, missing: int) -> dict[str, pl.DataFrame]:
    """Tables of the gate of text vectors: one row."""
    row = {"encoder": encoder, "wanted": encoder == wanted, "missing": missing}
    return {"training_texts": pl.DataFrame([row], schema_overrides={"encoder": pl.String})}


def result_tables(
    loss: tuple[str, float, float] | None,
    generated: Sequence[Mapping[str, Any]],
    floors: GateFloors,
) -> dict[str, pl.DataFrame]:
    """Tables of the gate after training.

    Args:
        loss: Name, first and last value; None where no step was taken.
        generated: Rows of `measure_generated`.
        floors: What the run asks for.
    """
    losses = [] if loss is None else [_loss_row(loss, floors)]
    table = pl.DataFrame(
        [
            {
                "prompt": row["prompt"],
                "finite": row["finite"],
                QUALITY_SCORE: float(row[QUALITY_SCORE]),
                "energy_over_floor": float(row[MOTION_ENERGY]) - floors.min_energy,
            }
            for row in generated
        ]
    )
    median_score = pl.Series([row[QUALITY_SCORE] for row in generated]).median()
    variation = pl.Series([float(row[BONE_VARIATION]) for row in generated]).median()
    whole = {
        "set": "generated",
        "score_over_floor": float(median_score) - floors.min_score,  # type: ignore[arg-type]
        "bone_variation_under_limit": floors.max_bone_variation - float(variation),  # type: ignore[arg-type]
    }
    schema = {"loss": pl.String, "finite": pl.Boolean, "ratio_under_limit": pl.Float64}
    return {
        "losses": pl.DataFrame(losses, schema=schema),
        "generated": table,
        "generated_set": pl.DataFrame([whole]),
    }


def _loss_row(loss: tuple[str, float, float], floors: GateFloors) -> dict[str, Any]:
    name, first, last = loss
    finite = math.isfinite(first) and math.isfinite(last)
    under = floors.max_loss_ratio * first - last if finite else -1.0
    return {"loss": name, "finite": finite, "ratio_under_limit": under}
