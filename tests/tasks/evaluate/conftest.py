"""A dataset of figures that stand, walk, hop and wave."""

from __future__ import annotations

import json

import pytest

from tasks.evaluate.settings import EvaluationSettings
from tests.stickgen_model.evaluate.captioned import captioned_rows, scripted_row
from tests.tasks.judge.conftest import make_dataset

SMALL = EvaluationSettings(
    prompts=24, repeats=6, again=4, each=3, suite_prompts=8, scripts=2, copies=6, examples=3
)


@pytest.fixture(scope="session")
def data(tmp_path_factory):
    rows = captioned_rows(train=12, held_out=12)
    rows += [scripted_row(900 + n, split="test", clip_id=f"script-{n}") for n in range(3)]
    folder = make_dataset(tmp_path_factory.mktemp("evaluate") / "set", rows)
    free = ["CC0-1.0"]
    statistics = {
        "totals": {"clips": len(rows), "hours": 0.1},
        "splits": {"test": {"clips": 51}},
        "licences": {"CC0-1.0": {"clips": len(rows), "sources": ["procedural", "bvh"]}},
        "sources": {
            "procedural": {"clips": 100, "licences": free},
            "bvh": {"clips": 47, "licences": free},
        },
    }
    (folder / "statistics.json").write_text(json.dumps(statistics))
    return folder
