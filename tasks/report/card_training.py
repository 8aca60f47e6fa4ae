"""The parts of a model card that tell what the model learned from, how long and at what cost."""

from __future__ import annotations

from typing import TYPE_CHECKING

from datasets_spec.schema import SPLITS
from tasks.publish.card import safe_url
from tasks.publish.card_terms import origin_line, terms_lines
from tasks.publish.markdown import code_span, escape_markdown, markdown_table
from tasks.report.energy import energy_kwh, told_time

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tasks.report.card_facts import CardDataset, CardFacts
    from tasks.report.energy import PowerAssumptions
    from tasks.report.training_record import StageRecord

__all__ = ["data_section", "training_section", "warnings_section"]


def warnings_section(facts: CardFacts, gaps: Sequence[str]) -> str:
    """What nobody may overlook: closed sources, sources without known terms, and gaps."""
    parts = []
    for dataset in facts.datasets:
        specs = list(dataset.specs.values())
        told = terms_lines(dataset.statistics, specs, "this model")
        parts += [line for line in (f"> {part}" for part in told) if line not in parts]
    if any(d.sample for d in facts.datasets):
        parts.append(
            "> Part of the training data is the built-in sample: motion made by the project "
            "itself, no motion capture."
        )
    if gaps:
        lines = "\n".join(f"> - {escape_markdown(gap)}" for gap in gaps)
        parts.append(f"> **This card has gaps:**\n{lines}")
    return "\n\n".join(parts)


def data_section(facts: CardFacts) -> str:
    """Every dataset with the licence of every source in it."""
    if not facts.datasets:
        return "Not known."
    return "\n\n".join([*(_dataset(dataset) for dataset in facts.datasets), *facts.notes])


def _dataset(dataset: CardDataset) -> str:
    totals = dataset.statistics["totals"]
    rows = []
    for name, part in sorted(dataset.statistics["sources"].items()):
        spec = dataset.specs.get(name)
        licences = ", ".join(escape_markdown(word) for word in part["licences"])
        rows.append(
            (
                code_span(name),
                escape_markdown(spec.title) if spec else "not known",
                part["clips"],
                licences or "not known",
                _allowed(value=spec.redistributable if spec else None),
                _allowed(value=spec.commercial if spec else None),
                f"<{safe_url(spec.url)}>" if spec and spec.url else "-",
            )
        )
    header = ("source", "title", "clips", "licence", "may be passed on", "commercial use", "where")
    specs = [dataset.specs[name] for name in sorted(dataset.specs)]
    cited = "\n".join(
        f"- {escape_markdown(spec.title)}: {escape_markdown(spec.citation)}" for spec in specs
    )
    splits = ", ".join(
        f"{part['clips']:,} {escape_markdown(name)}"
        for name in SPLITS
        if (part := dataset.statistics["splits"].get(name)) is not None
    )
    return (
        f"Dataset {code_span(dataset.name)}, fingerprint `{dataset.fingerprint}`: "
        f"{totals['clips']:,} clips, {totals['hours']:.2f} hours ({splits}). Counts below are of "
        f"the whole dataset. {origin_line(dataset.statistics)}\n\n"
        f"{markdown_table(header, rows)}\n\nThe strictest licence rules. Please cite:\n\n{cited}"
    )


def _allowed(*, value: bool | None) -> str:
    if value is None:
        return "**not known**"
    return "yes" if value else "**no**"


def training_section(facts: CardFacts, power: PowerAssumptions) -> str:
    """A row a stage, then time and energy."""
    rows = [
        (
            stage.stage,
            f"{stage.steps:,}",
            _or_dash(stage.batch, "{:,}"),
            _or_dash(stage.learning_rate, "{:g}"),
            escape_markdown(_clips(stage)),
            told_time(stage.seconds) if stage.seconds is not None else "not known",
            _hours(stage.core_seconds),
            _hours(stage.gpu_seconds),
        )
        for stage in facts.stages
    ]
    header = ("stage", "steps", "clips a step", "learning rate", "trained on", "time",
              "core-hours", "GPU-hours")  # fmt: skip
    return f"{markdown_table(header, rows)}\n\n{_energy(facts.stages, power)}"


def _energy(stages: Sequence[StageRecord], power: PowerAssumptions) -> str:
    times = [stage.seconds for stage in stages if stage.seconds is not None]
    measured = [stage for stage in stages if stage.core_seconds is not None]
    whole = len(measured) == len(stages)
    least = "" if len(times) == len(stages) else "At least "
    told = f"{least}{told_time(sum(times))} of training in all." if times else "Time: not known."
    if not measured:
        return f"{told} Energy: not known, since no processor time was measured."
    assumed = f"{power.core_w:g} W a busy core with its share of memory"
    if any(stage.gpu_seconds for stage in measured):
        assumed += f", {power.gpu_w:g} W a busy GPU"
    assumed += f", overhead of cooling and supply x {power.overhead:g}"
    part = "" if whole else f" of {len(measured)} of {len(stages)} stages"
    return (
        f"{told} Estimated energy{part}: {energy_kwh(measured, power):.3g} kWh, from the processor "
        f"time that was measured; assumed, not measured: {assumed}. Data preparation and "
        "evaluation are not in it."
    )


def _clips(stage: StageRecord) -> str:
    clips, _, digest = stage.clips.partition(", sha256 ")
    return f"{clips}, {digest[:12]}" if digest else clips or "not known"


def _hours(seconds: float | None) -> str:
    return "not known" if seconds is None else f"{seconds / 3600.0:.3g}"


def _or_dash(value: float | None, form: str) -> str:
    return "-" if value is None else form.format(value)
