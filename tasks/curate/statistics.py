"""What curation did, in numbers for people."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import polars as pl

from datasets_spec.schema import SPLITS
from tasks.curate.splits import single_subject_sources

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tasks.config import CurateConfig

__all__ = ["curation_statistics"]

_DIGITS: Final = 6


def curation_statistics(
    table: pl.DataFrame, config: CurateConfig, *, caps: Mapping[str, float], note: str
) -> dict[str, Any]:
    """Count what each rule removed and what each set consists of.

    Args:
        table: The index with keep, split, sft, eligible (for fine-tuning) and group.
        config: What was asked for.
        caps: The shares that hold for `action` and `source` in the fine-tuning set.
        note: What had to be raised, or empty.

    Returns:
        JSON values, keys sorted within each count.
    """
    kept, removed = table.filter("keep"), table.filter(~pl.col("keep"))
    train = kept.filter(pl.col("split") == "train")
    good = table.filter("eligible")
    chosen = table.filter("sft")
    weak = kept.height and train.height - good.height
    return {
        "clips": {"read": table.height, "kept": kept.height, "removed": removed.height},
        "near_duplicates": {
            "distance_h": config.duplicate_distance_h,
            "removed": removed.height,
            "by_source": _tally(removed, "source"),
            "by_action": _tally(removed, "action"),
        },
        "splits": {
            **_splits(kept, config),
            "split_by_performance": single_subject_sources(table) if table.height else [],
            "groups": kept["group"].n_unique(),
            "largest_group_share": _largest(kept),
        },
        "fine_tuning": {
            "clips": chosen.height,
            "train_clips": train.height,
            "below_score_or_partner_below": weak,
            "min_score": config.sft_min_score,
            "left_out_by_caps": {
                "clips": good.height - chosen.height,
                "by_action": _tally(good.filter(~pl.col("sft")), "action"),
                "by_source": _tally(good.filter(~pl.col("sft")), "source"),
            },
            "caps": {
                name: {"asked": asked, "held": caps[name]}
                for name, asked in (
                    ("action", config.sft_max_action_share),
                    ("source", config.sft_max_source_share),
                )
            },
            "note": note,
            "shares": {
                column: {"train": _shares(train, column), "fine_tuning": _shares(chosen, column)}
                for column in ("action", "source")
            },
        },
    }


def _tally(table: pl.DataFrame, column: str) -> dict[str, int]:
    return dict(table[column].value_counts(name="num").sort(column).iter_rows())


def _shares(table: pl.DataFrame, column: str) -> dict[str, float]:
    return {
        name: round(count / table.height, _DIGITS) for name, count in _tally(table, column).items()
    }


def _splits(kept: pl.DataFrame, config: CurateConfig) -> dict[str, Any]:
    asked = {
        "train": 1 - config.val_share - config.test_share,
        "val": config.val_share,
        "test": config.test_share,
    }
    frames = int(kept["num_frames"].cast(pl.Int64).sum())
    result: dict[str, Any] = {}
    for name in SPLITS:
        part = kept.filter(pl.col("split") == name)
        own = int(part["num_frames"].cast(pl.Int64).sum())
        result[name] = {
            "clips": part.height,
            "frames": own,
            "share_of_frames": round(own / frames, _DIGITS) if frames else 0.0,
            "asked": round(asked[name], _DIGITS),
            "subjects": part["subject_id"].n_unique(),
            "by_source": _tally(part, "source"),
        }
    return result


def _largest(kept: pl.DataFrame) -> float:
    """Share of the frames in the largest group that must stay together."""
    frames = kept.select("group", pl.col("num_frames").cast(pl.Int64))
    sizes = frames.group_by("group").agg(pl.col("num_frames").sum())["num_frames"]
    return round(int(sizes.max()) / int(sizes.sum()), _DIGITS) if len(sizes) else 0.0  # type: ignore[arg-type]
