"""The parts of a model card in words, with every number taken from the facts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from datasets_spec.schema import CLIP_FPS
from datasets_spec.skeleton import JOINTS
from datasets_spec.vocabulary import UNLABELLED_NAME
from tasks.publish.markdown import code_span, escape_markdown, markdown_table
from tasks.report.comparison import compare_values, real_row
from tasks.report.numbers import metric_lines, shown_name, told_number, told_value

if TYPE_CHECKING:
    from stickgen_model.evaluate.evaluation import Evaluation
    from tasks.report.card_facts import CardFacts

__all__ = ["limits_section", "sizes_section", "summary_section", "use_section"]

_USE: Final = """\
```
stickgen generate "a man waves" --model path/to/this/folder -o wave.mp4
```

```python
from pathlib import Path
from stickgen_model.generate import StickGen

model = StickGen.from_pretrained(Path("path/to/this/folder"))
clips = model.generate(["a man waves", "she walks away slowly"], seconds=4, seed=7)
clips.joints    # scenes, actors, frames, joints, x and y in body heights
```"""
_WEAKEST: Final = 3
"""Suites and actions that are named."""
_LIMITS: Final = (
    "Sentences are English; names of people, places and things mean nothing to the model.",
    "Ten joints show no fingers, no feet and no rotation of the head; depth is not generated.",
    "Figures move on a flat floor at height 0. Objects, furniture and contacts between people are "
    "not modelled.",
    "Captions and performers of the training data are few and do not represent how all people "
    "move; what the data lacks, the model lacks.",
    "It draws stick figures: it cannot be used to identify or to imitate a person's looks, and "
    "must not be used to judge how somebody moves.",
)


def summary_section(evaluation: Evaluation, facts: CardFacts) -> str:
    """What it is, and its values in short."""
    model, info = facts.info.model, facts.info
    kind = "a diffusion transformer" if info.diffusion else "a transformer of one step"
    name = escape_markdown(model.variant)
    lead = (
        f"Animates a stick figure from a sentence: {kind} of size {name} with "
        f"{facts.parameters:,} parameters, last stage {info.stage}, step {info.step:,}. It makes "
        f"{len(JOINTS)} joints at {CLIP_FPS} frames a second."
    )
    return f"{lead}\n\n{_headlines(evaluation)}"


def _headlines(evaluation: Evaluation) -> str:
    """Values of the model beside real motion, where both are there."""
    real = real_row(evaluation)
    lines = []
    for line in metric_lines(evaluation):
        own = line.values[0]
        if own is None or line.spec.name not in _SHOWN:
            continue
        beside = None if real is None else real.metrics.get(line.spec.name)
        told = f"{escape_markdown(line.spec.title)} {told_value(own, line.digits)}"
        lines.append(f"{told} (real {told_value(beside, line.digits)})" if beside else told)
    return f"Measured: {', '.join(lines)}." if lines else ""


_SHOWN: Final = ("r_precision_3", "action_accuracy", "fid", "temporal_consistency", "robustness")


def use_section(facts: CardFacts) -> str:
    """Commands, and what they need."""
    encoder = facts.info.encoder
    longest = facts.info.max_frames
    told = f"Sentences are encoded by {code_span(encoder.name)} ({encoder.dim} numbers)."
    if longest:
        told += (
            f" It was trained on clips of at most {longest} frames ({longest / CLIP_FPS:g} s); "
            "longer ones are made of windows."
        )
    adapter = facts.info.adapter
    if adapter:
        told += f" It carries the adapter {code_span(adapter)}."
    return f"{_USE}\n\n{told}"


def sizes_section(facts: CardFacts) -> str:
    """Numbers of the network and bytes of its files."""
    model = facts.info.model
    rows: list[tuple[str, object]] = [
        ("parameters", facts.parameters),
        ("width", model.d_model),
        ("layers", model.layers),
        ("heads", model.heads),
        ("actions", model.num_actions),
        ("weights", escape_markdown(facts.weights)),
        ("noise schedule", escape_markdown(facts.info.schedule)),
    ]
    rows += [(f"`{name}`", f"{size:,} bytes") for name, size in facts.files.items()]
    rows.append(("digest (sha256)", f"`{facts.digest}`"))
    return markdown_table(("", "value"), rows)


def limits_section(evaluation: Evaluation, facts: CardFacts) -> str:
    """What it cannot do: what was measured first, then what it never can."""
    lines = [*_measured_limits(evaluation), *_rare_actions(facts), *_LIMITS]
    return "\n".join(f"- {line}" for line in lines)


def _measured_limits(evaluation: Evaluation) -> list[str]:
    weakest = sorted(evaluation.suites, key=lambda suite: suite.ratio.mean)[:_WEAKEST]
    lines = []
    if weakest:
        told = ", ".join(
            f"{escape_markdown(shown_name(s.name))} ({told_number(s.ratio.mean, 2)})"
            for s in weakest
        )
        lines.append(f"Prompts that it bears least, with what is left of its value: {told}.")
    real = real_row(evaluation)
    own = evaluation.row().metrics
    worse = [
        escape_markdown(line.spec.title)
        for line in metric_lines(evaluation)
        if real is not None
        and line.spec.name in own
        and (beside := real.metrics.get(line.spec.name)) is not None
        and compare_values(line.spec, own[line.spec.name], beside, real=beside) == "worse"
    ]
    if worse:
        lines.append(f"Worse than real motion beyond the intervals: {', '.join(worse)}.")
    return lines


def _rare_actions(facts: CardFacts) -> list[str]:
    lines = []
    for dataset in facts.datasets:
        actions = {
            name: int(part["clips"])
            for name, part in dataset.statistics.get("actions", {}).items()
            if name != UNLABELLED_NAME
        }
        rare = sorted(actions.items(), key=lambda item: (item[1], item[0]))[:_WEAKEST]
        if rare:
            told = ", ".join(f"{escape_markdown(name)} ({count:,} clips)" for name, count in rare)
            name = escape_markdown(dataset.name)
            lines.append(f"Rarest actions of the dataset {name}: {told}.")
    return lines
