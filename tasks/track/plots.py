"""Plots of a dataset's quality, as PNG files for the tracked run."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from datasets_spec.quality import QUALITY_MEASURES, QUALITY_SCORE, quality_column

if TYPE_CHECKING:
    from pathlib import Path

    import polars as pl

__all__ = ["save_plots"]

_DPI: Final = 110
_MAX_ACTIONS: Final = 40


def save_plots(index: pl.DataFrame, folder: Path) -> list[Path]:
    """Draw score by source, every measure with its thresholds, and clips by action.

    Args:
        index: One row a clip: source, action, quality_score and the measures' columns.
        folder: Where the PNG files go; made if absent.

    Returns:
        The files, in a fixed order; none for a dataset without clips.
    """
    if index.is_empty():
        return []
    folder.mkdir(parents=True, exist_ok=True)
    figures = {
        "score_by_source": _scores(index),
        "measures": _measures(index),
        "clips_by_action": _actions(index),
    }
    paths = []
    for name, figure in figures.items():
        path = folder / f"{name}.png"
        FigureCanvasAgg(figure).print_png(str(path), metadata={"Software": None})
        paths.append(path)
    return paths


def _scores(index: pl.DataFrame) -> Figure:
    figure = Figure(figsize=(7, 4), dpi=_DPI, layout="constrained")
    axes = figure.subplots()
    edges = np.linspace(0.0, 1.0, 21)
    bottom = np.zeros(20)
    for source in sorted(index["source"].unique()):
        scores = index.filter(index["source"] == source)[QUALITY_SCORE].to_numpy()
        counts, _ = np.histogram(scores, bins=edges)
        axes.bar(edges[:-1], counts, 0.05, bottom, align="edge", label=f"{source} ({len(scores)})")
        bottom += counts
    axes.set(xlabel="quality score", ylabel="clips", xlim=(0, 1))
    axes.legend(frameon=False)
    return figure


def _measures(index: pl.DataFrame) -> Figure:
    columns = 3
    rows = max(1, -(-len(QUALITY_MEASURES) // columns))
    figure = Figure(figsize=(4 * columns, 2.6 * rows), dpi=_DPI, layout="constrained")
    grid = figure.subplots(rows, columns, squeeze=False).ravel()
    for axes, measure in zip(grid, QUALITY_MEASURES, strict=False):
        axes.hist(index[quality_column(measure.name)].to_numpy(), bins=40, color="0.45")
        axes.axvline(measure.good, color="tab:green", label="good")
        axes.axvline(measure.bad, color="tab:red", label="bad")
        axes.set(xlabel=f"{measure.name} [{measure.unit}]", ylabel="clips")
    for axes in grid[len(QUALITY_MEASURES) :]:
        axes.set_visible(False)
    return figure


def _actions(index: pl.DataFrame) -> Figure:
    counts = index["action"].value_counts().sort(["count", "action"], descending=[True, False])
    counts = counts.head(_MAX_ACTIONS)
    figure = Figure(figsize=(7, 0.8 + 0.22 * counts.height), dpi=_DPI, layout="constrained")
    axes = figure.subplots()
    axes.barh(counts["action"].to_list()[::-1], counts["count"].to_list()[::-1], color="0.45")
    axes.set(xlabel="clips")
    return figure
