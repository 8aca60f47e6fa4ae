"""Losses of runs as a small drawing inside the page."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
import polars as pl

from tasks.gallery.facts import run_metrics

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

__all__ = ["RunCurve", "loss_chart", "run_curves"]

_WIDTH: Final = 560
_HEIGHT: Final = 290
_LEFT, _RIGHT, _TOP, _BOTTOM = 46, 24, 10, 26
_SMOOTH: Final = 80
"""Points of a smoothed curve."""
_LOSS: Final = "total"


@dataclass(frozen=True, kw_only=True, slots=True)
class RunCurve:
    """Losses of one run.

    Attributes:
        colour: Number of the colour: that of its first column.
        train: Steps and smoothed training losses.
        val: Steps and validation losses.
        marks: Steps of the checkpoints that are shown.
    """

    colour: int
    train: tuple[tuple[float, float], ...]
    val: tuple[tuple[float, float], ...]
    marks: tuple[int, ...] = ()


def run_curves(columns: Sequence[tuple[Path, int, int]]) -> list[RunCurve]:
    """Losses of the runs of columns, each run once; a run without numbers is left out.

    Args:
        columns: Folder of the run, step of the checkpoint, number of the column.
    """
    marks: dict[Path, list[int]] = {}
    colours: dict[Path, int] = {}
    for run, step, column in columns:
        marks.setdefault(run, []).append(step)
        colours.setdefault(run, column)
    curves = []
    for run, steps in marks.items():
        metrics = run_metrics(run)
        train, val = (_points(metrics, f"{kind}/{_LOSS}") for kind in ("train", "val"))
        if train or val:
            curve = RunCurve(
                colour=colours[run], train=_smooth(train), val=val, marks=tuple(sorted(steps))
            )
            curves.append(curve)
    return curves


def _points(metrics: pl.DataFrame, name: str) -> tuple[tuple[float, float], ...]:
    rows = metrics.filter(pl.col("name") == name).sort("step").select("step", "value")
    return tuple((float(s), v) for s, v in rows.iter_rows() if math.isfinite(v) and v > 0.0)


def _smooth(points: Sequence[tuple[float, float]]) -> tuple[tuple[float, float], ...]:
    if len(points) <= _SMOOTH:
        return tuple(points)
    parts = np.array_split(np.array(points), _SMOOTH)
    return tuple((float(part[:, 0].mean()), float(part[:, 1].mean())) for part in parts)


def loss_chart(curves: Sequence[RunCurve]) -> str:
    """Draw losses over steps; the losses' axis is logarithmic.

    Returns:
        An `svg` element of our own numbers alone, without a text of others; empty without curves.
        Colours are classes `c0`, `c1`, ... of the page.
    """
    points = [point for curve in curves for point in (*curve.train, *curve.val)]
    if not points:
        return ""
    low, high = min(v for _, v in points), max(v for _, v in points)
    low, high = low / 1.06, max(high, low * 1.2) * 1.06
    last = max(1.0, *(s for s, _ in points))
    frame = _Frame(last=last, low=math.log(low), high=math.log(high))
    parts = [_axes(frame, low=low, high=high)]
    for curve in curves:
        colour = f"c{curve.colour}"
        if curve.train:
            parts.append(f'<path class="train {colour}" d="{frame.path(curve.train)}"/>')
        if curve.val:
            parts.append(f'<path class="val {colour}" d="{frame.path(curve.val)}"/>')
            parts += [
                f'<circle class="dot {colour}" cx="{x:.1f}" cy="{y:.1f}" r="3"/>'
                for x, y in (frame.place(*point) for point in curve.val)
            ]
        for step in curve.marks:
            x = frame.place(step, math.exp(frame.low))[0]
            bottom = _HEIGHT - _BOTTOM
            parts.append(f'<path class="mark {colour}" d="M{x:.1f} {bottom}v-7"/>')
    inner = "".join(parts)
    return (
        f'<svg viewBox="0 0 {_WIDTH} {_HEIGHT}" role="img" aria-label="Losses over steps">'
        f"{inner}</svg>"
    )


@dataclass(frozen=True, kw_only=True, slots=True)
class _Frame:
    last: float
    low: float
    high: float

    def place(self, step: float, value: float) -> tuple[float, float]:
        """Of a point, in units of the drawing."""
        x = _LEFT + (_WIDTH - _LEFT - _RIGHT) * min(step / self.last, 1.0)
        share = (math.log(value) - self.low) / (self.high - self.low)
        return x, _HEIGHT - _BOTTOM - (_HEIGHT - _TOP - _BOTTOM) * share

    def path(self, points: Sequence[tuple[float, float]]) -> str:
        """Of a line."""
        places = (self.place(*point) for point in points)
        return "M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in places)


def _axes(frame: _Frame, *, low: float, high: float) -> str:
    parts = []
    for value in _ticks(low, high):
        y = frame.place(0.0, value)[1]
        parts.append(f'<path class="grid" d="M{_LEFT} {y:.1f}H{_WIDTH - _RIGHT}"/>')
        parts.append(f'<text x="{_LEFT - 6}" y="{y + 4:.1f}" class="y">{value:g}</text>')
    step = _round_step(frame.last)
    for number in range(int(frame.last / step) + 1):
        x = frame.place(number * step, math.exp(frame.low))[0]
        label = f"{number * step:,.0f}"
        parts.append(f'<text x="{x:.1f}" y="{_HEIGHT - 8}" class="x">{label}</text>')
    return "".join(parts)


def _ticks(low: float, high: float) -> list[float]:
    """Few round numbers between two, for a logarithmic axis."""
    found: list[float] = []
    for leading in ((1,), (1, 3), (1, 2, 5), (1, 1.5, 2, 3, 5, 7), tuple(range(10, 100, 2))):
        decades = range(math.floor(math.log10(low)) - 2, math.ceil(math.log10(high)) + 1)
        found = [n * 10.0**d for d in decades for n in leading if low <= n * 10.0**d <= high]
        if len(found) >= 3:
            break
    return [float(f"{value:.3g}") for value in dict.fromkeys(found)][:: max(1, len(found) // 6)]


def _round_step(last: float) -> float:
    """Distance of four to eight marks on the axis of steps."""
    size: float = 10.0 ** math.floor(math.log10(last))
    for share in (0.1, 0.2, 0.25, 0.5, 1.0):
        if last / (size * share) <= 8:
            return max(1.0, size * share)
    return size
