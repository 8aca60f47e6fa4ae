"""Counts and distributions of a finished dataset, read from its own files."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np
import polars as pl

from datasets_spec.quality import QUALITY_MEASURES, QUALITY_SCORE, quality_column
from datasets_spec.schema import CLIP_FPS, MAX_FRAMES, SCHEMA_VERSION, SPLITS
from datasets_spec.vocabulary import ACTIONS, UNLABELLED, UNLABELLED_NAME
from tasks.publish.clip_index import iter_clip_tables, read_clip_index, read_rejects

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from numpy.typing import NDArray

__all__ = ["dataset_statistics", "headline_counts", "quality_columns"]

_DIGITS: Final = 6
_SCORE_EDGES: Final = tuple(n / 20 for n in range(21))
_SECONDS_EDGES: Final = tuple(range(MAX_FRAMES // CLIP_FPS + 1))
_NUM_BINS: Final = 20
_WORDS: Final = (
    "clip_id",
    "source",
    "sequence_id",
    "performance_id",
    "subject_id",
    "scene_id",
    "partner_clip_id",
    "num_frames",
    "body_model",
    "captions",
    "caption_source",
    "style",
    "action",
    "split",
    "sft",
    "licence",
)


def quality_columns() -> tuple[str, ...]:
    """The score, then the columns of its measures."""
    return (QUALITY_SCORE, *(quality_column(m.name) for m in QUALITY_MEASURES))


def dataset_statistics(folder: Path, extra: Mapping[str, Any]) -> dict[str, Any]:
    """Count everything that the card and the manifest speak of.

    Args:
        folder: A dataset folder with its clips and rejects in place.
        extra: Sections only the build knows, such as `accounting` and `curation`.

    Returns:
        JSON values: totals, splits, sources, actions, styles, caption_sources, body_models,
        licences, durations_s, quality, rejects, and the sections of `extra`.

    Raises:
        ValueError: If a section of `extra` has the name of one made here.
    """
    clips = read_clip_index(folder, [*_WORDS, *quality_columns()])
    found = {
        "schema_version": SCHEMA_VERSION,
        "totals": _totals(clips),
        "splits": {s: _totals(part) for s in SPLITS if (part := _only(clips, "split", s)).height},
        "sources": _sources(clips),
        "actions": _actions(clips, _action_frames(folder)),
        "styles": _tally(clips, "style"),
        "caption_sources": _tally(clips, "caption_source"),
        "body_models": _tally(clips, "body_model"),
        "licences": _licences(clips),
        "durations_s": _durations(clips),
        "quality": {name: _quality(clips, name) for name in quality_columns()},
        "rejects": _rejects(read_rejects(folder)),
    }
    clash = sorted(set(found) & set(extra))
    if clash:
        msg = f"expected sections other than {sorted(found)}, got {clash} again"
        raise ValueError(msg)
    return {**found, **extra}


def headline_counts(statistics: Mapping[str, Any]) -> dict[str, Any]:
    """The few numbers that go into the manifest."""
    return {
        **statistics["totals"],
        "rejects": statistics["rejects"]["total"],
        "by_split": {name: part["clips"] for name, part in statistics["splits"].items()},
        "by_source": {name: part["clips"] for name, part in statistics["sources"].items()},
    }


def _only(clips: pl.DataFrame, column: str, value: str) -> pl.DataFrame:
    return clips.filter(pl.col(column) == value)


def _totals(clips: pl.DataFrame) -> dict[str, Any]:
    frames = int(clips["num_frames"].cast(pl.Int64).sum())
    texts = clips["captions"].explode(empty_as_null=False).drop_nulls()
    return {
        "clips": clips.height,
        "scenes": clips["scene_id"].n_unique(),
        "clips_with_partner": clips["partner_clip_id"].count(),
        "frames": frames,
        "hours": round(frames / CLIP_FPS / 3600, _DIGITS),
        "sequences": clips.select(pl.struct("source", "sequence_id").n_unique()).item(),
        "performances": clips.select(pl.struct("source", "performance_id").n_unique()).item(),
        "subjects": clips["subject_id"].n_unique(),
        "captioned_clips": int((clips["captions"].list.len() > 0).sum()),
        "captions": len(texts),
        "distinct_captions": texts.n_unique(),
        "fine_tuning_clips": int(clips["sft"].sum()),
    }


def _sources(clips: pl.DataFrame) -> dict[str, Any]:
    sources = {}
    for name in sorted(clips["source"].unique().to_list()):
        part = _only(clips, "source", name)
        sources[name] = {
            **_totals(part),
            "by_split": _tally(part, "split"),
            "licences": sorted(part["licence"].unique().to_list()),
        }
    return sources


def _tally(clips: pl.DataFrame, column: str) -> dict[str, int]:
    return dict(clips[column].value_counts(name="num").sort(column).iter_rows())


def _action_frames(folder: Path) -> NDArray[np.int64]:
    counts = np.zeros(UNLABELLED + 1, dtype=np.int64)
    for table in iter_clip_tables(folder, ["actions"]):
        for chunk in table.column("actions").chunks:
            counts += np.bincount(chunk.flatten().to_numpy(), minlength=len(counts))
    return counts


def _actions(clips: pl.DataFrame, frames: NDArray[np.int64]) -> dict[str, Any]:
    dominant, tuned = _tally(clips, "action"), _tally(clips.filter("sft"), "action")
    numbers = {**{name: n for n, name in enumerate(ACTIONS)}, UNLABELLED_NAME: UNLABELLED}
    return {
        name: {
            "clips": dominant.get(name, 0),
            "frames": int(frames[number]),
            "fine_tuning_clips": tuned.get(name, 0),
        }
        for name, number in numbers.items()
        if dominant.get(name, 0) or frames[number]
    }


def _licences(clips: pl.DataFrame) -> dict[str, Any]:
    names = sorted(clips["licence"].unique().to_list())
    parts = {name: _only(clips, "licence", name) for name in names}
    return {
        name: {"clips": part.height, "sources": sorted(part["source"].unique().to_list())}
        for name, part in parts.items()
    }


def _durations(clips: pl.DataFrame) -> dict[str, Any]:
    seconds = clips["num_frames"].to_numpy().astype(np.float64) / CLIP_FPS
    return _distribution(seconds, np.array(_SECONDS_EDGES, dtype=np.float64))


def _quality(clips: pl.DataFrame, name: str) -> dict[str, Any]:
    values = clips[name].to_numpy().astype(np.float64)
    if name == QUALITY_SCORE:
        return _distribution(values, np.array(_SCORE_EDGES))
    finite = values[np.isfinite(values)]
    top = float(finite.max()) if finite.size else 1.0
    low = min(float(finite.min()) if finite.size else 0.0, 0.0)
    return _distribution(values, np.linspace(low, top if top > low else low + 1.0, _NUM_BINS + 1))


def _distribution(values: NDArray[np.float64], edges: NDArray[np.float64]) -> dict[str, Any]:
    """Order statistics and a histogram; values outside the edges count in the end bins."""
    finite = values[np.isfinite(values)]
    counts, _ = np.histogram(np.clip(finite, edges[0], edges[-1]), bins=edges)
    names = ("min", "p05", "median", "p95", "max")
    points = np.quantile(finite, (0, 0.05, 0.5, 0.95, 1)) if finite.size else [None] * 5
    return {
        **{
            k: None if v is None else round(float(v), _DIGITS)
            for k, v in zip(names, points, strict=True)
        },
        "mean": round(float(finite.mean()), _DIGITS) if finite.size else None,
        "not_finite": int(values.size - finite.size),
        "edges": [round(float(edge), _DIGITS) for edge in edges],
        "counts": [int(n) for n in counts],
    }


def _rejects(rejects: pl.DataFrame) -> dict[str, Any]:
    def nested(rows: pl.DataFrame, keys: tuple[str, ...]) -> dict[str, Any]:
        if len(keys) == 1:
            return _tally(rows, keys[0])
        values = sorted(rows[keys[0]].unique().to_list())
        return {value: nested(_only(rows, keys[0], value), keys[1:]) for value in values}

    return {
        "total": rejects.height,
        "by_stage": nested(rejects, ("stage", "reason")),
        "by_source": nested(rejects, ("source", "stage", "reason")),
    }
