"""Drawings of an evaluation inside its page: made of our own numbers and of escaped names."""

from __future__ import annotations

import html
import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from tasks.report.numbers import shown_name, shown_text, told_number

if TYPE_CHECKING:
    from collections.abc import Sequence

    from stickgen_model.evaluate.evaluation import Evaluation, Measured, Row
    from tasks.report.numbers import MetricLine

__all__ = ["metric_chart", "robustness_chart", "row_colour"]

_WIDTH: Final = 340
_LEFT, _RIGHT, _TOP, _BOTTOM = 116, 16, 6, 22
_STEP: Final = 17
_BAR_LEFT: Final = 132
_BAR_WIDTH: Final = 450
_BAR_STEP: Final = 24
_NAME_CHARS: Final = 17
_SPREAD: Final = 20.0
"""Largest over middle value from which on the axis is compressed."""
_COLOURS: Final = 8


def row_colour(rows: Sequence[Row], number: int) -> str:
    """Class of the colour of a row: real motion is grey, the others have one each."""
    return "real" if rows[number].name == "real" else f"c{number % _COLOURS}"


def metric_chart(line: MetricLine, rows: Sequence[Row]) -> str:
    """Values of one metric with their intervals, a line a row; real motion as an upright line.

    Returns:
        An `svg` element; colours are classes of the page.
    """
    shown = [(n, value) for n, value in enumerate(line.values) if value is not None]
    axis = _axis([value for _, value in shown], share=line.spec.better == "higher")
    height = _TOP + _STEP * len(shown) + _BOTTOM
    parts = [_ticks(axis, height, digits=line.digits)]
    real = next((value for n, value in shown if rows[n].name == "real"), None)
    if real is not None:
        x = axis.place(real.mean)
        parts.append(f'<path class="near real" d="M{x:.1f} {_TOP}V{height - _BOTTOM}"/>')
    for place, (number, value) in enumerate(shown):
        y = _TOP + _STEP * (place + 0.5)
        parts.append(_label(rows[number].name, y=y, x=_LEFT - 8, strong=number == 0))
        parts.append(_whisker(axis, value, y=y, colour=row_colour(rows, number)))
    told = html.escape(shown_text(line.spec.title))
    return _svg("".join(parts), size=(_WIDTH, height), label=f"{told} by row")


def robustness_chart(evaluation: Evaluation) -> str:
    """A bar a suite with its interval, and the total; empty if it was not measured."""
    if not evaluation.suites:
        return ""
    bars = [(suite.name, suite.ratio) for suite in evaluation.suites]
    if evaluation.robustness is not None:
        bars.append(("total", evaluation.robustness))
    width, height = _BAR_WIDTH - _BAR_LEFT - 60, _TOP + _BAR_STEP * len(bars) + _BOTTOM
    parts = []
    for share in (0.0, 0.25, 0.5, 0.75, 1.0):
        x = _BAR_LEFT + width * share
        parts.append(f'<path class="grid" d="M{x:.1f} {_TOP}V{height - _BOTTOM}"/>')
        parts.append(f'<text class="x" x="{x:.1f}" y="{height - 6}">{share:g}</text>')
    for place, (name, ratio) in enumerate(bars):
        y = _TOP + _BAR_STEP * (place + 0.5)
        total = place == len(evaluation.suites)
        ends = [_BAR_LEFT + width * min(max(v, 0.0), 1.0) for v in (ratio.low, ratio.high)]
        top = _BAR_LEFT + width * min(max(ratio.mean, 0.0), 1.0)
        colour = "c0" if total else "c2"
        parts += [
            _label(name, y=y, x=_BAR_LEFT - 8, strong=total),
            f'<path class="bar-of {colour}" d="M{_BAR_LEFT} {y:.1f}H{top:.1f}"/>',
            f'<path class="whisker" d="M{ends[0]:.1f} {y:.1f}H{ends[1]:.1f}"/>',
            f'<text class="v" x="{_BAR_LEFT + width + 10}" y="{y + 4:.1f}">'
            f"{told_number(ratio.mean, 3)}</text>",
        ]
    return _svg("".join(parts), size=(_BAR_WIDTH, height), label="Robustness by suite")


@dataclass(frozen=True, kw_only=True, slots=True)
class _Axis:
    """From values to places; `bend` > 0 compresses what is much larger than it."""

    low: float
    high: float
    bend: float

    def place(self, value: float) -> float:
        """Of a value, in units of the drawing."""
        low, high = self.bent(self.low), self.bent(self.high)
        share = (self.bent(value) - low) / (high - low)
        return _LEFT + (_WIDTH - _LEFT - _RIGHT) * min(max(share, 0.0), 1.0)

    def bent(self, value: float) -> float:
        """The value as the axis counts it."""
        return math.asinh(value / self.bend) if self.bend else value


def _axis(values: Sequence[Measured], *, share: bool) -> _Axis:
    """Ends of an axis; that of shares is never compressed."""
    low, high = min(v.low for v in values), max(v.high for v in values)
    sizes = sorted(abs(v.mean) for v in values if v.mean)
    far = bool(sizes) and not share and sizes[-1] > _SPREAD * sizes[len(sizes) // 3]
    if not far:
        low = min(low, 0.0) if low < 0.4 * high or low < 0.0 else low
        margin = 0.05 * (high - low) or max(abs(high), 1.0) * 0.1
        return _Axis(low=low - (margin if low else 0.0), high=high + margin, bend=0.0)
    bend = max(sizes[len(sizes) // 4], sizes[-1] * 1e-6)
    return _Axis(low=min(low, 0.0), high=high * 1.05, bend=bend)


def _ticks(axis: _Axis, height: int, *, digits: int) -> str:
    parts = []
    last = -math.inf
    for value in _round_values(axis):
        x = axis.place(value)
        text = f"{value:g}" if abs(value) < 1e5 else told_number(value, digits)
        if x - last < 7.0 * len(text) + 8.0:
            continue
        last = x
        parts.append(f'<path class="grid" d="M{x:.1f} {_TOP}V{height - _BOTTOM}"/>')
        parts.append(f'<text class="x" x="{x:.1f}" y="{height - 6}">{text}</text>')
    return "".join(parts)


def _round_values(axis: _Axis) -> list[float]:
    """Round numbers between the ends of an axis, in order."""
    if axis.bend:
        first = math.floor(math.log10(axis.bend))
        last = math.ceil(math.log10(max(abs(axis.low), abs(axis.high), axis.bend)))
        found = [0.0, *(10.0**power for power in range(first, last + 1))]
        return [value for value in found if axis.low <= value <= axis.high]
    size = 10.0 ** math.floor(math.log10(axis.high - axis.low))
    step = next(size * share for share in (0.2, 0.25, 0.5, 1.0, 2.0)
                if (axis.high - axis.low) / (size * share) <= 5)  # fmt: skip
    numbers = range(math.ceil(axis.low / step), math.floor(axis.high / step) + 1)
    return [float(f"{number * step:.6g}") for number in numbers]


def _whisker(axis: _Axis, value: Measured, *, y: float, colour: str) -> str:
    low, mean, high = (axis.place(v) for v in (value.low, value.mean, value.high))
    line = f'<path class="{colour} span" d="M{low:.1f} {y:.1f}H{high:.1f}"/>' if high > low else ""
    return f'{line}<circle class="{colour}" cx="{mean:.1f}" cy="{y:.1f}" r="4"/>'


def _label(name: str, *, y: float, x: float, strong: bool) -> str:
    text = shown_name(name)
    text = text if len(text) <= _NAME_CHARS else text[: _NAME_CHARS - 2] + ".."
    weight = " strong" if strong else ""
    return f'<text class="y{weight}" x="{x}" y="{y + 4:.1f}">{html.escape(text)}</text>'


def _svg(inner: str, *, size: tuple[int, int], label: str) -> str:
    return f'<svg viewBox="0 0 {size[0]} {size[1]}" role="img" aria-label="{label}">{inner}</svg>'
