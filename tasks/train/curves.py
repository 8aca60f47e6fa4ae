"""The numbers of a run: a file of them, and losses drawn."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
import polars as pl
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["cut_metrics", "draw_curves", "first_and_last", "read_metrics"]

SCHEMA: Final = {"step": pl.Int64, "name": pl.String, "value": pl.Float64}
_SMOOTH: Final = 50
"""Points of the smoothed curve."""
_END_SHARE: Final = 0.1
"""Share of steps whose mean is the start or end of a curve that was never validated."""


def read_metrics(path: Path) -> pl.DataFrame:
    """Columns step, name, value; a last line that was cut off is left out."""
    if not path.is_file():
        return pl.DataFrame(schema=SCHEMA)
    lines = path.read_text(encoding="utf-8").splitlines()[1:]
    rows = [line.split(",") for line in lines if line.count(",") == 2]
    return pl.DataFrame(
        [(int(step), name, float(value)) for step, name, value in rows if value],
        schema=SCHEMA,
        orient="row",
    )


def cut_metrics(path: Path, *, step: int) -> None:
    """Leave out what came after a step: a run goes on from there."""
    kept = read_metrics(path).filter(pl.col("step") <= step)
    part = path.with_name(f".{path.name}.tmp")
    rows = "".join(f"{s},{name},{value!r}\n" for s, name, value in kept.iter_rows())
    part.write_text(f"step,name,value\n{rows}", encoding="utf-8")
    part.replace(path)


def first_and_last(metrics: pl.DataFrame) -> tuple[str, float, float] | None:
    """Where the loss began and where it ended: validation if measured twice, else training.

    Returns:
        Name, first and last value; None without steps.
    """
    for name in ("val/total", "train/total"):
        values = metrics.filter(pl.col("name") == name).sort("step")["value"].to_numpy()
        if name == "val/total" and len(values) >= 2:
            return name, float(values[0]), float(values[-1])
        if name == "train/total" and len(values):
            few = max(1, int(len(values) * _END_SHARE))
            return name, float(values[:few].mean()), float(values[-few:].mean())
    return None


def draw_curves(metrics: pl.DataFrame, path: Path) -> bool:
    """Draw training and validation losses over steps.

    Returns:
        Whether there was anything to draw.
    """
    parts = sorted(
        {name.split("/")[1] for name in metrics["name"].unique() if name.startswith("val/")}
    )
    shown = ["total", *(part for part in parts if part != "total")]
    if metrics.is_empty():
        return False
    columns = 4
    figure = Figure(
        figsize=(4 * columns, 2.6 * -(-len(shown) // columns)), dpi=100, layout="constrained"
    )
    grid = figure.subplots(-(-len(shown) // columns), columns, squeeze=False).ravel()
    for axes, part in zip(grid, shown, strict=False):
        for kind, colour in (("train", "0.55"), ("val", "tab:red")):
            rows = metrics.filter(pl.col("name") == f"{kind}/{part}").sort("step")
            steps, values = rows["step"].to_numpy(), rows["value"].to_numpy()
            if len(values) > 2 * _SMOOTH:
                groups = np.array_split(np.arange(len(values)), _SMOOTH)
                steps = np.array([steps[g].mean() for g in groups])
                values = np.array([values[g].mean() for g in groups])
            axes.plot(steps, values, color=colour, label=kind, marker="." if kind == "val" else "")
        axes.set(title=part, xlabel="step")
    grid[0].legend(frameon=False)
    for axes in grid[len(shown) :]:
        axes.set_visible(False)
    FigureCanvasAgg(figure).print_png(str(path), metadata={"Software": None})
    return True
