"""An evaluation as metrics of a tracked run: a name and a number each."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from tasks.report.numbers import ordered_rows

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from stickgen_model.evaluate.evaluation import Evaluation, Measured

__all__ = ["evaluation_metrics"]

_TOTAL: Final = "total"
_LONGEST: Final = 60
"""Characters of a part of a name; MLflow allows 250 in all."""


def evaluation_metrics(evaluation: Evaluation) -> dict[str, float]:
    """Every number of an evaluation by a name that MLflow allows.

    Values of a row stand under `eval/<row>/` (the model's under `eval/model/`), robustness under
    `robustness/`, held-out scores of the judges under `judge/<judge>/` and times under
    `seconds/`. The ends of an interval end in `_low` and `_high`.

    Returns:
        The same names for the same rows and suites; no name is the folder of another.
    """
    found: dict[str, float] = {}
    rows = ordered_rows(evaluation)
    heads = [f"eval/{part}" for part in _parts(row.name for row in rows)]
    for head, row in zip(heads, rows, strict=True):
        for name, value in zip(_parts(row.metrics), row.metrics.values(), strict=True):
            found |= _ends(f"{head}/{name}", value)
    names = _parts((suite.name for suite in evaluation.suites), taken=(_TOTAL,))
    for name, suite in zip(names, evaluation.suites, strict=True):
        found |= _ends(f"robustness/{name}", suite.ratio)
    if evaluation.robustness is not None:
        found |= _ends(f"robustness/{_TOTAL}", evaluation.robustness)
    judges = _parts(judge.name for judge in evaluation.judges)
    for head, judge in zip(judges, evaluation.judges, strict=True):
        scores = zip(_parts(judge.held_out), judge.held_out.values(), strict=True)
        found |= {f"judge/{head}/{name}": value for name, value in scores}
    times = zip(_parts(evaluation.seconds), evaluation.seconds.values(), strict=True)
    return found | {f"seconds/{name}": value for name, value in times}


def _ends(name: str, value: Measured) -> dict[str, float]:
    if value.repeats < 2:
        return {name: value.mean}
    return {name: value.mean, f"{name}_low": value.low, f"{name}_high": value.high}


def _parts(names: Iterable[str], *, taken: Sequence[str] = ()) -> list[str]:
    """Words for names: plain letters, no two the same, none of those that are taken."""
    words: list[str] = []
    for name in names:
        word = re.sub(r"[^a-z0-9_.]+", "_", name.lower()).strip("._")[:_LONGEST] or "unnamed"
        number, free = 2, word
        while free in words or free in taken:
            free, number = f"{word}_{number}", number + 1
        words.append(free)
    return words
