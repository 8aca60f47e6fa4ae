"""Examples of an evaluation as the values that the player of its page reads."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np

from datasets_spec.errors import ConfigError
from datasets_spec.quality import QUALITY_SCORE
from datasets_spec.schema import CLIP_FPS
from stickgen_model.export.html_data import figure_values
from tasks.gallery.measures import CLIP_METRICS, GATE_SCORE, measure_clip
from tasks.gallery.page_data import scene_of
from tasks.gallery.player import page_looks
from tasks.report.numbers import ordered_rows, shown_name, shown_text

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from stickgen_model.evaluate.evaluation import Evaluation
    from stickgen_model.evaluate.examples import Example

__all__ = ["example_columns", "examples_data"]

_MAX_FRAMES: Final = 400_000
"""Frames of all figures together: 53 bytes each in the page, so at most 21 MB."""
_FIRST: Final = ("model", "champion", "real")
"""Columns that are shown; the others wait behind their chips."""
_MOST_OPEN: Final = 4


def example_columns(evaluation: Evaluation, examples: Sequence[Example]) -> list[str]:
    """Names of the rows that examples show: model, real, champion, then the other references."""
    there = {name for example in examples for name in example.clips}
    rows = [row.name for row in ordered_rows(evaluation)]
    known = [name for name in rows if name in there]
    return [*known, *sorted(there - set(known))]


def examples_data(evaluation: Evaluation, examples: Sequence[Example]) -> dict[str, Any]:
    """Prompts, columns and motion as JSON values, as the player of the gallery reads them.

    Args:
        evaluation: Gives the columns their order and kinds.
        examples: Prompts with their clips, each (T, 10, 2).

    Raises:
        ConfigError: If they hold more frames than a browser would like.
    """
    frames = sum(len(clip) for example in examples for clip in example.clips.values())
    if frames > _MAX_FRAMES:
        msg = (
            f"report: expected examples of at most {_MAX_FRAMES:,} frames in a page, "
            f"got {frames:,}; keep fewer of them"
        )
        raise ConfigError(msg)
    names = example_columns(evaluation, examples)
    return {
        "fps": CLIP_FPS,
        "figure": figure_values(),
        "looks": page_looks(),
        "gate": GATE_SCORE,
        "measures": [
            [m.key, "Quality score" if m.key == QUALITY_SCORE else m.label, m.unit, m.digits]
            for m in CLIP_METRICS
        ],
        "columns": _columns(evaluation, examples, names),
        "prompts": [
            {
                "text": shown_text(example.prompt) or "(no words)",
                "action": shown_text(example.action),
                "unseen": False,
                "differ": None,
            }
            for example in examples
        ],
        "cells": [[_cell(example.clips.get(name)) for name in names] for example in examples],
    }


def _columns(
    evaluation: Evaluation, examples: Sequence[Example], names: Sequence[str]
) -> list[dict[str, Any]]:
    kinds = {row.name: row.kind for row in evaluation.rows}
    columns = []
    for number, name in enumerate(names):
        whole = all(_cell_of(example.clips.get(name)) is not None for example in examples)
        # the player compares models with one another: such a column has no gaps
        model = kinds.get(name) in ("model", "champion") and whole
        kind = "model" if model else "real" if name == "real" else "reference"
        first = name in _FIRST or kinds.get(name) in _FIRST
        folded = not first and (number >= _MOST_OPEN or len(names) > _MOST_OPEN)
        columns.append({"label": shown_name(name), "kind": kind, "fault": "", "folded": folded})
    return columns


def _cell_of(clip: NDArray[np.float32] | None) -> NDArray[np.float32] | None:
    """A clip that can be measured and shown."""
    return clip if clip is not None and len(clip) > 1 else None


def _cell(clip: NDArray[np.float32] | None) -> dict[str, Any] | None:
    shown = _cell_of(clip)
    if shown is None:
        return None
    values = {k: round(v, 4) for k, v in measure_clip(shown).items() if np.isfinite(v)}
    return {
        "scene": scene_of(shown),
        "finite": bool(np.isfinite(shown).all()),
        "measures": {QUALITY_SCORE: 0.0, **values},
        "gap": None,
        "said": "",
    }
