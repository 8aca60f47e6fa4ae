"""The gates of training pass good data and results, and name the rule that does not hold."""

from __future__ import annotations

import math

import polars as pl
import pytest

from datasets_spec.errors import GateError
from datasets_spec.training_expectations import TRAINING_SUITES
from tasks.gate.tables import ROW_KEYS
from tasks.gate.task import check_stage
from tasks.gate.training_tables import data_tables, result_tables, text_tables
from tasks.train.job import GateFloors

FLOORS = GateFloors(min_clips=20, min_actions=2)


def clips(**changed):
    rows = [
        {
            "clip_id": f"c{n}",
            "source": "bvh",
            "subject_id": f"{'v' if n >= 30 else 't'}{n % 3}",
            "action": ("walk", "run")[n % 2],
            "split": "val" if n >= 30 else "train",
            "num_captions": 2,
            "quality_score": 0.8,
        }
        for n in range(34)
    ]
    for name, value in changed.items():
        rows[33][name] = value
    return pl.DataFrame(rows)


def data(table=None, floors=FLOORS, files_true=True, chosen=None):
    table = clips() if table is None else table
    ids = table["clip_id"].to_list() if chosen is None else chosen
    return data_tables(table, floors, chosen=ids, files_true=files_true)


def generated(**changed):
    row = {
        "prompt": "a man waves",
        "finite": True,
        "quality_score": 0.7,
        "bone_variation": 0.1,
        "motion_energy": 0.3,
    }
    rows = [{**row, "prompt": f"p{n}"} for n in range(20)]
    for name, values in changed.items():
        for own, value in zip(rows, values, strict=False):
            own[name] = value
    return rows


def result(loss=("val/total", 1.0, 0.5), floors=FLOORS, **changed):
    return result_tables(loss, generated(**changed), floors)


def test_every_rule_can_be_looked_up():
    for rules in TRAINING_SUITES.values():
        assert {rule.table for rule in rules} <= set(ROW_KEYS)
        assert len({rule.rule_id for rule in rules}) == len(rules)


def test_what_is_good_passes(tmp_path):
    assert check_stage("training-data", data(), tmp_path).passed
    texts = text_tables(encoder="a", wanted="a", missing=0)
    assert check_stage("training-texts", texts, None).passed
    assert check_stage("training-result", result(), None).passed
    assert "training-data: " in (tmp_path / "index.html").read_text()


@pytest.mark.parametrize(
    ("tables", "rule"),
    [
        (data(floors=GateFloors(min_clips=31, min_actions=2)), "enough-clips"),
        (data(chosen=["c0", "c1"]), "enough-clips"),
        (data(clips().filter(pl.col("split") == "train")), "enough-clips"),
        (data(floors=GateFloors(min_clips=2, min_actions=3)), "enough-actions"),
        (data(clips().with_columns(num_captions=pl.lit(0))), "enough-captions"),
        (data(files_true=False), "files-as-written"),
        (data(clips(quality_score=1.5)), "score-known"),
        (data(clips(quality_score=math.nan)), "score-there"),
        (data(clips(clip_id="c32")), "clip-ids-unique"),
        (data(clips(subject_id="t1")), "subject-in-one-split"),
    ],
)
def test_bad_data_is_stopped(tables, rule):
    with pytest.raises(GateError, match=f"nothing was trained:(.|\n)*rule {rule} "):
        check_stage("training-data", tables, None)


def test_the_only_performer_may_be_in_both_sets():
    lonely = clips().with_columns(subject_id=pl.lit("x"))
    assert check_stage("training-data", data(lonely), None).passed


@pytest.mark.parametrize(
    ("tables", "rule"),
    [
        (text_tables(encoder="a", wanted="b", missing=0), "encoder-wanted"),
        (text_tables(encoder="a", wanted="a", missing=2), "no-sentence-missing"),
        (text_tables(encoder=None, wanted="a", missing=0), "encoder-named"),
    ],
)
def test_bad_texts_are_stopped(tables, rule):
    with pytest.raises(GateError, match=f"rule {rule} "):
        check_stage("training-texts", tables, None)


@pytest.mark.parametrize(
    ("tables", "rule"),
    [
        (result(loss=None), "some-losses"),
        (result(loss=("val/total", 1.0, math.nan)), "losses-finite"),
        (result(loss=("val/total", 1.0, 1.1)), "loss-falls"),
        (result(finite=[False]), "clips-finite"),
        (result(motion_energy=[0.0, 0.01, 0.02]), "clips-move"),
        (result(quality_score=[0.2] * 11), "score-reached"),
        (result(bone_variation=[0.5] * 11), "bones-keep"),
        (result(bone_variation=[math.inf] * 11), "bones-keep"),
    ],
)
def test_a_bad_result_is_stopped(tables, rule):
    with pytest.raises(GateError, match=f"the checkpoints are kept:(.|\n)*rule {rule} "):
        check_stage("training-result", tables, None)


def test_few_bad_clips_do_not_stop_a_good_model():
    few = result(motion_energy=[0.0, 0.01], quality_score=[0.0] * 9, bone_variation=[1.0] * 9)
    assert check_stage("training-result", few, None).passed


def test_floors_are_those_of_the_job():
    easy = GateFloors(max_loss_ratio=1.2, min_score=0.1, max_bone_variation=0.9)
    worse = result(
        loss=("val/total", 1.0, 1.1),
        floors=easy,
        quality_score=[0.2] * 20,
        bone_variation=[0.5] * 20,
    )
    assert check_stage("training-result", worse, None).passed
