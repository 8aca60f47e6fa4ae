"""Gate rules as plain data: what must hold of a stage's index tables before the next begins."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Final, Literal

from datasets_spec.quality import QUALITY_SCORE
from datasets_spec.schema import MAX_FRAMES, SPLITS

__all__ = ["GATE_STAGES", "GATE_SUITES", "RuleSpec"]

Kind = Literal["between", "in_set", "unique", "not_null", "row_count"]


@dataclass(frozen=True, kw_only=True, slots=True)
class RuleSpec:
    """One rule. Every rule is critical: a rule that may be broken says so by `mostly`."""

    rule_id: str
    """Unique in its stage; named by errors and data docs."""
    table: str
    kind: Kind
    meaning: str
    """What must hold and why, as one sentence."""
    column: str = ""
    """Empty for rules about a whole table."""
    params: dict[str, Any] = field(default_factory=dict)
    """between, row_count: min_value, max_value; in_set: value_set."""
    mostly: float = 1.0
    """Share of rows that must obey."""


def _rule(
    rule_id: str, table: str, column: str, kind: Kind, meaning: str, **params: Any
) -> RuleSpec:
    mostly = params.pop("mostly", 1.0)
    return RuleSpec(
        rule_id=rule_id,
        table=table,
        column=column,
        kind=kind,
        meaning=meaning,
        params=params,
        mostly=mostly,
    )


_INGEST: Final = (
    _rule("some-sequences", "sequences", "", "row_count", "a build needs a sequence", min_value=1),
    _rule(
        "most-files-readable",
        "files",
        "accepted_share",
        "between",
        "at least half of a source's motion files can be read; else the folder is the wrong one, "
        "or its format changed",
        min_value=0.5,
    ),
    _rule("sequence-ids-unique", "sequences", "sequence_key", "unique", "a sequence has one id"),
    *(
        _rule(
            f"{column.replace('_', '-')}-known",
            "sequences",
            column,
            "not_null",
            f"{column} is a number: limits do not see missing values",
        )
        for column in ("fps", "height_m", "max_extent_m", "upright_share")
    ),
    _rule(
        "frame-rate-plausible",
        "sequences",
        "fps",
        "between",
        "capture runs at 10 to 1000 frames a second",
        min_value=10.0,
        max_value=1000.0,
    ),
    _rule(
        "height-human",
        "sequences",
        "height_m",
        "between",
        "bodies measure 0.9 to 2.3 m along the chain from ankle to head: the unit is right",
        min_value=0.9,
        max_value=2.3,
        mostly=0.95,
    ),
    _rule(
        "stays-near",
        "sequences",
        "max_extent_m",
        "between",
        "nobody leaves a circle of 200 m around the start: the unit is right",
        max_value=200.0,
        mostly=0.99,
    ),
    _rule(
        "source-upright",
        "sources",
        "upright_share",
        "between",
        "over a whole source people are upright in most frames: the vertical axis is right",
        min_value=0.5,
    ),
)

_RETARGET: Final = (
    _rule("some-clips", "clips", "", "row_count", "a build needs a clip", min_value=1),
    _rule("clip-ids-unique", "clips", "clip_id", "unique", "a clip has one id"),
    *(
        _rule(
            f"{column.replace('_', '-')}-known",
            "clips",
            column,
            "not_null",
            f"{column} is a number: limits do not see missing values",
        )
        for column in ("height_extent_h", "pelvis_max_h", "peak_speed_hps", "first_root_x_h")
    ),
    _rule(
        "num-frames",
        "clips",
        "num_frames",
        "between",
        "clips have 10 to 250 frames",
        min_value=10,
        max_value=MAX_FRAMES,
    ),
    _rule(
        "finite",
        "clips",
        "finite",
        "in_set",
        "every coordinate is a finite number",
        value_set=[True],
    ),
    _rule(
        "faces-valid",
        "clips",
        "faces_valid",
        "in_set",
        "every expression and speech id has a meaning",
        value_set=[True],
    ),
    _rule(
        "pelvis-height",
        "clips",
        "pelvis_max_h",
        "between",
        "the pelvis stays below 2.5 body heights: no clip hangs in the sky",
        max_value=2.5,
        mostly=0.98,
    ),
    _rule(
        "peak-speed",
        "clips",
        "peak_speed_hps",
        "between",
        "no joint is faster than 25 body heights a second",
        max_value=25.0,
    ),
    _rule(
        "starts-at-origin",
        "clips",
        "first_root_x_h",
        "between",
        "a clip starts at x = 0 (a pair around it, at most 3 body heights away)",
        min_value=-3.0,
        max_value=3.0,
        mostly=0.98,
    ),
    _rule(
        "source-side-on",
        "sources",
        "height_extent_h",
        "between",
        "the median figure of a source is 0.6 to 1.4 body heights tall: no top views",
        min_value=0.6,
        max_value=1.4,
    ),
    _rule(
        "source-head-up",
        "sources",
        "head_above_feet_share",
        "between",
        "over a whole source the head is above the feet in most frames",
        min_value=0.5,
    ),
)

_SCORE: Final = (
    _rule("some-clips", "clips", "", "row_count", "a build needs a clip", min_value=1),
    _rule("clip-ids-unique", "clips", "clip_id", "unique", "a clip has one id"),
    _rule(
        "score-range",
        "clips",
        QUALITY_SCORE,
        "between",
        "scores lie in 0..1",
        min_value=0.0,
        max_value=1.0,
    ),
    _rule("score-known", "clips", QUALITY_SCORE, "not_null", "every clip has a score"),
    _rule(
        "source-score",
        "sources",
        "median_score",
        "between",
        "half of a source's clips score at least 0.1: below, reader and source do not fit",
        min_value=0.1,
    ),
)

_CURATE: Final = (
    _rule("some-kept", "clips", "", "row_count", "a build needs a clip to publish", min_value=1),
    _rule("clip-ids-unique", "clips", "clip_id", "unique", "a clip is assigned once"),
    _rule(
        "split-known", "clips", "split", "in_set", "every clip has a split", value_set=list(SPLITS)
    ),
    _rule(
        "performance-in-one-split",
        "performances",
        "num_splits",
        "between",
        "a performance never straddles splits: test clips must be unseen",
        max_value=1,
    ),
    _rule(
        "subject-in-one-split",
        "subjects",
        "num_splits",
        "between",
        "a performer never straddles splits, unless the source has only one",
        max_value=1,
    ),
    _rule(
        "pairs-whole",
        "scenes",
        "num_splits",
        "between",
        "the people of a scene share split and set",
        max_value=1,
    ),
    _rule(
        "action-caps",
        "sft_actions",
        "share_over_cap",
        "between",
        "no action exceeds its share of the fine-tuning set",
        max_value=1e-9,
    ),
    _rule(
        "source-caps",
        "sft_sources",
        "share_over_cap",
        "between",
        "no source exceeds its share of the fine-tuning set",
        max_value=1e-9,
    ),
    _rule(
        "sft-quality",
        "sft_clips",
        "score_over_minimum",
        "between",
        "fine-tuning clips reach the wanted score",
        min_value=0.0,
    ),
)

GATE_SUITES: Final[dict[str, tuple[RuleSpec, ...]]] = {
    "ingest": _INGEST,
    "retarget": _RETARGET,
    "score": _SCORE,
    "curate": _CURATE,
}
"""Rules by stage."""

GATE_STAGES: Final = tuple(GATE_SUITES)
