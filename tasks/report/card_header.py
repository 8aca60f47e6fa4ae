"""The header of a model card, as the hub reads it: facts, and every value in `model-index`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from stickgen_model.text.plain import plain_text
from tasks.publish.card import hub_licence
from tasks.report.comparison import real_row
from tasks.report.numbers import metric_lines

if TYPE_CHECKING:
    from stickgen_model.evaluate.evaluation import Evaluation, Measured
    from tasks.report.card_facts import CardFacts

__all__ = ["card_header", "model_name"]

_TASK: Final = {"type": "text-to-motion", "name": "Text to motion"}
_TAGS: Final = (
    "text-to-motion",
    "motion-generation",
    "human-motion",
    "stick-figure",
    "2d-pose",
    "animation",
    "diffusion",
)
_DIGITS: Final = 6


def model_name(facts: CardFacts) -> str:
    """How the model is called: its size and its last training."""
    variant = "".join(c if c.isalnum() else "-" for c in facts.info.model.variant.lower())
    return f"stickgen-{variant.strip('-') or 'model'}-{facts.info.stage}"


def card_header(evaluation: Evaluation, facts: CardFacts) -> dict[str, Any]:
    """YAML values of a model card."""
    licences = sorted({name for d in facts.datasets for name in d.statistics["licences"]})
    free = all(spec.redistributable and spec.commercial
               for d in facts.datasets for spec in d.specs.values())  # fmt: skip
    known = all(set(d.specs) == set(d.statistics["sources"]) for d in facts.datasets)
    licence = hub_licence(licences)
    if not (free and known and facts.datasets) or facts.gaps:
        licence = {"license": "other", "license_name": "see-training-data"}
    tags = [tag for tag in _TAGS if tag != "diffusion" or facts.info.diffusion]
    return {
        **licence,
        "language": ["en"],
        "library_name": "stickgen",
        "tags": tags,
        "metrics": [line.spec.name for line in metric_lines(evaluation) if line.values[0]],
        "model-index": [{"name": model_name(facts), "results": _results(evaluation)}],
    }


def _results(evaluation: Evaluation) -> list[dict[str, Any]]:
    real = real_row(evaluation)
    metrics = []
    for line in metric_lines(evaluation):
        value = line.values[0]
        if value is None:
            continue
        beside = None if real is None else real.metrics.get(line.spec.name)
        told: dict[str, Any] = {"unit": line.spec.unit, "better": line.spec.better}
        told |= {} if beside is None else {"real": _short(beside.mean)}
        metrics.append(_metric(line.spec.name, plain_text(line.spec.title), value, told))
    results = [{"task": dict(_TASK), "dataset": _dataset(evaluation), "metrics": metrics}]
    for suite in evaluation.suites:
        extra = {"unit": "1", "better": "higher", "prompts": suite.prompts}
        name = plain_text(suite.name)
        ratio = _metric("robustness", f"Robustness, {name}", suite.ratio, extra)
        dataset = _dataset(evaluation) | {"config": name}
        results.append({"task": dict(_TASK), "dataset": dataset, "metrics": [ratio]})
    return results


def _metric(name: str, title: str, value: Measured, told: dict[str, Any]) -> dict[str, Any]:
    interval = {
        "confidence": 0.95,
        "low": _short(value.low),
        "high": _short(value.high),
        "repeats": value.repeats,
    }
    return {"type": name, "name": title, "value": _short(value.mean), "args": interval | told}


def _dataset(evaluation: Evaluation) -> dict[str, Any]:
    data, asked = evaluation.data, evaluation.settings
    shown = ("prompts", "held_out", "actions", "mean_seconds")
    args = {key: data[key] for key in shown if isinstance(data.get(key), int | float)}
    args |= {key: asked[key] for key in ("seed", "steps", "guidance")
             if isinstance(asked.get(key), int | float)}  # fmt: skip
    return {
        "type": "stickgen",
        "name": plain_text(str(data["name"])),
        "split": plain_text(str(data["split"])),
        "revision": plain_text(str(data["fingerprint"])),
        "args": args,
    }


def _short(value: float) -> float:
    return float(f"{value:.{_DIGITS}g}")
