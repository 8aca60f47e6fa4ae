"""The page of a gallery: one file, nothing to load and nobody to ask."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from markupsafe import Markup

from stickgen_model.export.page import page_policy, script_json
from tasks.gallery.facts import config_differences
from tasks.gallery.loss_chart import loss_chart, run_curves
from tasks.gallery.measures import GATE_SCORE, METRICS, MetricSpec, best_columns
from tasks.gallery.page_data import page_data, short_text
from tasks.gallery.player import page_environment, player_script, player_style

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tasks.gallery.build import Gallery
    from tasks.gallery.generate import ModelColumn

__all__ = ["render_gallery"]

_COLOURS: Final = 8
_TIME: Final = MetricSpec(
    key="seconds_a_clip",
    label="Time a clip",
    meaning="Wall time of generating, all prompts at once, on the machine that made this page.",
    better="lower",
    unit="s",
)
_VALIDATION: Final = MetricSpec(
    key="val/total",
    label="Validation loss",
    meaning="Measured last before the checkpoint.",
    better="lower",
    digits=4,
)


def render_gallery(gallery: Gallery, *, timing: bool = False) -> str:
    """Make the page.

    Args:
        gallery: What to show.
        timing: Show how long generating took; such pages differ from run to run.

    Returns:
        The whole page, plain ASCII, no reference to anything outside it.
    """
    script, style = player_script(), player_style()
    curves = run_curves(
        [(c.facts.run, c.facts.info.step, n) for n, c in enumerate(gallery.columns) if c.facts]
    )
    page = (
        page_environment()
        .get_template("gallery.html")
        .render(
            policy=page_policy(scripts=(script,), styles=(style,)),
            style=Markup(style),  # noqa: S704 - our own file
            script=Markup(script),  # noqa: S704 - our own files
            data=Markup(script_json(page_data(gallery))),  # noqa: S704 - escaped for a script element
            chart=Markup(loss_chart(curves)),  # noqa: S704 - made of our own numbers alone
            legend=[
                (
                    short_text(_run_name(gallery.columns[curve.colour])),
                    f"c{curve.colour % _COLOURS}",
                )
                for curve in curves
            ],
            lead=_lead(gallery),
            note=_note(gallery),
            num_models=len(gallery.columns),
            faults=[(short_text(c.label), short_text(c.fault)) for c in gallery.failed],
            columns=_heads(gallery),
            metrics=_metric_rows(gallery, timing=timing),
            details=[(title, rows) for title, rows in _details(gallery) if rows],
        )
    )
    return page.encode("ascii", "xmlcharrefreplace").decode("ascii")


def _lead(gallery: Gallery) -> str:
    prompts, models, config = len(gallery.prompts), len(gallery.columns), gallery.config
    return (
        f"{prompts} prompt{'s' * (prompts != 1)} by {models} model{'s' * (models != 1)}: the same "
        f"words, the same random numbers (seed {config.seed}), {config.seconds:g} s, "
        f"{config.steps} steps of the sampler."
    )


def _note(gallery: Gallery) -> str:
    parts = [f"Medians over the prompts; the gate asks for a score of {GATE_SCORE:g}."]
    if gallery.real is not None:
        parts.append("The real column is of clips of the dataset, evenly chosen.")
        parts.append("Where motion can be too calm as well as too wild, nearest to real is best.")
    shown = "The best is marked" if len(gallery.columns) > 1 else ""
    change = "small numbers are the difference to the first model" * bool(shown)
    return " ".join([*parts, f"{shown}, {change}." if shown else ""]).strip()


def _heads(gallery: Gallery) -> list[dict[str, str]]:
    heads = []
    for number, column in enumerate(gallery.columns):
        info = column.facts.info if column.facts else None
        about = "" if info is None else f"{info.model.variant}, {info.stage}, step {info.step:,}"
        heads.append(
            {
                "label": short_text(column.label),
                "about": "failed" if column.fault else about,
                "colour": f"c{number % _COLOURS}",
            }
        )
    if gallery.real is not None:
        heads.append({"label": gallery.real.label, "about": "from the dataset", "colour": "real"})
    return heads


def _metric_rows(gallery: Gallery, *, timing: bool) -> list[dict[str, Any]]:
    def beside(key: str) -> list[float | None]:
        return [] if gallery.real is None else [gallery.real.values.get(key)]

    rows = []
    for spec in METRICS:
        values = [known.get(spec.key) for known in gallery.values]
        if any(value is not None for value in values):
            rows.append(_number_row(spec, values, real=beside(spec.key)))
    losses = [_loss(column, _VALIDATION.key) for column in gallery.columns]
    if any(loss is not None for loss in losses):
        rows.append(_number_row(_VALIDATION, losses, real=beside("")))
    sizes = [f"{c.num_parameters:,}" if c.num_parameters else "" for c in gallery.columns]
    rows.append(_text_row("Parameters", [*sizes, *([""] if gallery.real else [])]))
    if timing:
        times = [None if c.fault else c.seconds_a_clip for c in gallery.columns]
        rows.append(_number_row(_TIME, times, real=beside("")))
    return rows


def _loss(column: ModelColumn, name: str) -> float | None:
    return column.facts.validation.get(name) if column.facts else None


def _number_row(
    spec: MetricSpec,
    values: Sequence[float | None],
    *,
    real: Sequence[float | None] = (),
) -> dict[str, Any]:
    best = best_columns(spec, values, real[0] if real else None)
    first = next((n for n, value in enumerate(values) if value is not None), 0)
    cells = []
    for number, value in enumerate(values):
        change = ""
        base = values[first]
        if number != first and value is not None and base is not None:
            gap = round(value, spec.digits) - round(base, spec.digits)
            change = f"{gap:+.{spec.digits}f}" if round(gap, spec.digits) else ""
        cells.append(_cell(_number(value, spec.digits), best=number in best, change=change))
    cells += [_cell(_number(value, spec.digits)) for value in real]
    return {"label": spec.label, "unit": spec.unit, "meaning": spec.meaning, "cells": cells}


def _number(value: float | None, digits: int) -> str:
    return "-" if value is None else f"{value:.{digits}f}"


def _cell(text: str, *, best: bool = False, change: str = "") -> dict[str, Any]:
    return {"text": text, "best": best, "change": change}


def _text_row(label: str, texts: Sequence[str]) -> dict[str, Any]:
    cells = [_cell(short_text(text) or "-") for text in texts]
    return {"label": short_text(label), "unit": "", "meaning": "", "cells": cells}


def _details(gallery: Gallery) -> list[tuple[str, list[dict[str, Any]]]]:
    return [
        ("Checkpoints", _checkpoint_rows(gallery)),
        ("Validation losses by part", _loss_rows(gallery)),
        ("Settings that differ", _setting_rows(gallery)),
    ]


def _checkpoint_rows(gallery: Gallery) -> list[dict[str, Any]]:
    """What the checkpoints are: sizes, stages, encoder, data."""
    rows: dict[str, list[str]] = {}
    for column in gallery.columns:
        for name, value in _told(column).items():
            rows.setdefault(name, []).append(value)
    return [_text_row(name, texts) for name, texts in rows.items()]


def _told(column: ModelColumn) -> dict[str, str]:
    facts = column.facts
    names = ("Size", "Stage", "Step", "Text encoder", "Trained for", "Adapter", "Run", "Data")
    if facts is None:
        return dict.fromkeys(names, "")
    info = facts.info
    clips, _, digest = facts.data.partition(", sha256 ")
    values = (
        info.model.variant,
        info.stage,
        f"{info.step:,}",
        info.encoder.name,
        f"diffusion, {info.schedule}" if info.diffusion else "one step",
        info.adapter or "none",
        facts.run_name,
        f"{clips}, {digest[:12]}" if digest else clips,
    )
    return dict(zip(names, values, strict=True))


def _loss_rows(gallery: Gallery) -> list[dict[str, Any]]:
    known = {name for c in gallery.columns if c.facts for name in c.facts.validation}
    rows = []
    for name in sorted(known - {_VALIDATION.key}):
        spec = MetricSpec(
            key=name, label=name.partition("/")[2], meaning="", better="lower", digits=4
        )
        rows.append(_number_row(spec, [_loss(c, name) for c in gallery.columns]))
    return rows


def _setting_rows(gallery: Gallery) -> list[dict[str, Any]]:
    configs = [column.facts.config if column.facts else {} for column in gallery.columns]
    return [_text_row(name, texts) for name, texts in config_differences(configs)]


def _run_name(column: ModelColumn) -> str:
    return (column.facts.run_name if column.facts else "") or column.label
