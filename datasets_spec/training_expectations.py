"""Gate rules of training as plain data: what clips, texts and the trained model must be.

Limits that a run may set for itself lie in the tables: a column `..._over_floor` holds how much
more there is than is wanted, `..._under_limit` how much less.
"""

from __future__ import annotations

from typing import Any, Final

from datasets_spec.expectations import RuleSpec
from datasets_spec.quality import QUALITY_SCORE

__all__ = ["GATE_OUTCOMES", "TRAINING_STAGES", "TRAINING_SUITES"]


def _least(rule_id: str, table: str, column: str, meaning: str, **params: Any) -> RuleSpec:
    mostly = params.pop("mostly", 1.0)
    limits = {"min_value": 0.0, **params}
    return RuleSpec(
        rule_id=rule_id,
        table=table,
        column=column,
        kind="between",
        meaning=meaning,
        params=limits,
        mostly=mostly,
    )


def _true(rule_id: str, table: str, column: str, meaning: str) -> RuleSpec:
    return RuleSpec(
        rule_id=rule_id,
        table=table,
        column=column,
        kind="in_set",
        meaning=meaning,
        params={"value_set": [True]},
    )


_DATA: Final = (
    _least(
        "enough-clips",
        "training_set",
        "clips_over_floor",
        "there are as many clips as the run asks for",
    ),
    _least(
        "enough-actions",
        "training_set",
        "actions_over_floor",
        "the clips to train on show as many actions as the run asks for",
    ),
    _least(
        "enough-captions",
        "training_set",
        "uncaptioned_under_limit",
        "not too many clips are without a sentence: a model learns words from them",
    ),
    _true(
        "files-as-written",
        "training_set",
        "files_true",
        "the dataset's files are those of its manifest, byte for byte",
    ),
    _least(
        "score-known",
        "training_clips",
        QUALITY_SCORE,
        "every clip has a score in 0..1",
        max_value=1.0,
    ),
    RuleSpec(
        rule_id="score-there",
        table="training_clips",
        column=QUALITY_SCORE,
        kind="not_null",
        meaning="every clip has a score: limits do not see missing values",
    ),
    RuleSpec(
        rule_id="clip-ids-unique",
        table="training_clips",
        column="clip_id",
        kind="unique",
        meaning="a clip is there once",
    ),
    _least(
        "subject-in-one-split",
        "training_subjects",
        "num_splits",
        "nobody is both trained on and measured on, unless the source has only one performer",
        max_value=1,
    ),
)

_TEXTS: Final = (
    RuleSpec(
        rule_id="encoder-named",
        table="training_texts",
        column="encoder",
        kind="not_null",
        meaning="the vectors say which encoder made them",
    ),
    _true(
        "encoder-wanted",
        "training_texts",
        "wanted",
        "the vectors are of the encoder that the run asks for",
    ),
    _least(
        "no-sentence-missing",
        "training_texts",
        "missing",
        "every sentence of the clips has a vector",
        max_value=0,
    ),
)

_RESULT: Final = (
    RuleSpec(
        rule_id="some-losses",
        table="losses",
        column="",
        kind="row_count",
        meaning="the run has taken a step",
        params={"min_value": 1},
    ),
    _true("losses-finite", "losses", "finite", "first and last loss are numbers"),
    _least(
        "loss-falls",
        "losses",
        "ratio_under_limit",
        "the last loss is not above the first times the ratio that the run allows",
    ),
    _true("clips-finite", "generated", "finite", "every generated coordinate is a number"),
    _least(
        "clips-move",
        "generated",
        "energy_over_floor",
        "generated figures move; a mean of many motions stands still",
        mostly=0.9,
    ),
    _least(
        "score-reached",
        "generated_set",
        "score_over_floor",
        "half of the generated clips score as much as the run asks for, measured like data",
    ),
    _least(
        "bones-keep",
        "generated_set",
        "bone_variation_under_limit",
        "drawn bones of half of the clips change their length no more than the run allows",
    ),
)

TRAINING_SUITES: Final[dict[str, tuple[RuleSpec, ...]]] = {
    "training-data": _DATA,
    "training-texts": _TEXTS,
    "training-result": _RESULT,
}
"""Rules by stage."""

TRAINING_STAGES: Final = tuple(TRAINING_SUITES)

GATE_OUTCOMES: Final = {
    "training-data": "so nothing was trained",
    "training-texts": "so nothing was trained",
    "training-result": "the checkpoints are kept",
}
"""What a failed gate means, where it is not that nothing was published."""
