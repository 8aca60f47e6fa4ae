"""What the shards say together."""

from __future__ import annotations

import polars as pl

from tasks.config import SourceConfig
from tasks.ingest.collect import collect_warnings
from tasks.ingest.plan import SourcePlan


def plan(*warnings):
    config = SourceConfig(name="bvh", path="x")
    return SourcePlan(config=config, shards=(), rejects=(), num_items=0, warnings=warnings)


def index(*texts):
    names = [f"s{n}" for n in range(len(texts))]
    return pl.DataFrame({"source": "bvh", "sequence_id": names, "warnings": list(texts)})


def test_folders_first_then_kinds_by_number():
    tables = [index("", "unit is 1 cm", "short"), index("unit is 25 cm", "")]
    assert collect_warnings([plan("no captions"), plan()], tables) == (
        "no captions",
        "bvh: 2 recordings, first s1: unit is 1 cm",
        "bvh: 1 recordings, first s2: short",
    )


def test_many_kinds_are_cut():
    tables = [index(*(f"kind {'x' * n}" for n in range(1, 20)))]
    lines = collect_warnings([], tables)
    assert len(lines) == 9
    assert lines[-1] == "and 11 more kinds of warnings about recordings"
