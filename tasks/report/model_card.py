"""The model card: README.md with the header that the Hugging Face hub reads.

Every number of it comes from the evaluation, the checkpoint, its runs and its datasets.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import yaml

from stickgen_model.evaluate.metrics import METRICS
from stickgen_model.export.whole_file import whole_file
from stickgen_model.text.plain import plain_text
from tasks.report.card_error import CardError
from tasks.report.card_evaluation import evaluation_section
from tasks.report.card_header import card_header, model_name
from tasks.report.card_training import data_section, training_section, warnings_section
from tasks.report.card_words import limits_section, sizes_section, summary_section, use_section
from tasks.report.comparison import real_row
from tasks.report.energy import PowerAssumptions

if TYPE_CHECKING:
    from pathlib import Path

    from stickgen_model.evaluate.evaluation import Evaluation
    from tasks.report.card_facts import CardFacts

__all__ = ["render_model_card", "write_model_card"]

_OF_DATA: Final = ("name", "split", "fingerprint")


def write_model_card(
    evaluation: Evaluation,
    facts: CardFacts,
    path: Path,
    *,
    power: PowerAssumptions | None = None,
    allow_gaps: bool = False,
) -> None:
    """Write the card of a model.

    Args:
        evaluation: Of the same model.
        facts: As `card_facts.read_card_facts` reads them.
        path: The file; an existing one is replaced, whole or not at all.
        power: What is assumed for the estimate of energy; None = the defaults.
        allow_gaps: Tell what is missing in the card, in place of refusing.

    Raises:
        CardError: If the evaluation is of another model, or something is missing.
        OutputError: If the file cannot be written.
    """
    text = render_model_card(evaluation, facts, power=power, allow_gaps=allow_gaps)
    with whole_file(path) as part:
        part.write_text(text, encoding="utf-8", newline="\n")


def render_model_card(
    evaluation: Evaluation,
    facts: CardFacts,
    *,
    power: PowerAssumptions | None = None,
    allow_gaps: bool = False,
) -> str:
    """The text of a card: a YAML header, then Markdown; see `write_model_card`.

    Raises:
        CardError: If the evaluation is of another model, or something is missing.
    """
    _check(evaluation, facts)
    gaps = _gaps(evaluation, facts)
    if gaps and not allow_gaps:
        msg = f"model card: {len(gaps)} things are missing: {'; '.join(gaps)}"
        raise CardError(msg)
    header = yaml.safe_dump(card_header(evaluation, facts), sort_keys=False, allow_unicode=False)
    sections = [
        f"---\n{header}---",
        f"# {model_name(facts)}",
        summary_section(evaluation, facts),
        warnings_section(facts, gaps),
        f"## Use\n\n{use_section(facts)}",
        f"## Sizes\n\n{sizes_section(facts)}",
        f"## Evaluation\n\n{evaluation_section(evaluation, facts)}",
        f"## Training\n\n{training_section(facts, power or PowerAssumptions())}",
        f"## Training data\n\n{data_section(facts)}",
        f"## Limits\n\n{limits_section(evaluation, facts)}",
    ]
    return "\n\n".join(section for section in sections if section) + "\n"


def _check(evaluation: Evaluation, facts: CardFacts) -> None:
    """Refuse an evaluation of another model, and one that does not say on what it was made."""
    digest = evaluation.model.get("digest")
    if digest != facts.digest:
        msg = (
            f"model card: expected an evaluation of the model with digest {facts.digest[:16]}, "
            f"got one of {str(digest)[:16]!r}; evaluate this model"
        )
        raise CardError(msg)
    absent = [key for key in _OF_DATA if not evaluation.data.get(key)]
    if absent:
        msg = f"model card: the evaluation does not say of its data: {', '.join(absent)}"
        raise CardError(msg)


def _gaps(evaluation: Evaluation, facts: CardFacts) -> list[str]:
    """Everything that the card should tell and cannot, in words."""
    own = evaluation.row().metrics
    gaps = [f"{spec.title} was not measured" for spec in METRICS if spec.name not in own]
    once = [spec.title for spec in METRICS if spec.name in own and own[spec.name].repeats < 2]
    if once:
        gaps.append(f"no interval, since measured once: {', '.join(once)}")
    if real_row(evaluation) is None:
        gaps.append("the evaluation has no row of real motion")
    gaps += [] if evaluation.suites else ["robustness was not measured"]
    gaps += [f"judge {j.name} has no held-out scores" for j in evaluation.judges if not j.held_out]
    gaps += [] if evaluation.judges else ["the evaluation names no judges"]
    return [plain_text(gap) for gap in (*gaps, *facts.gaps)]
