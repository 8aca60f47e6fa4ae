"""The table of metrics, and how values are compared."""

from __future__ import annotations

import math

import pytest

from stickgen_model.evaluate.copies import COPY_H
from stickgen_model.evaluate.metrics import METRICS, metric

NAMES = [
    "pose_mse",
    "temporal_consistency",
    "action_accuracy",
    "action_accuracy_top3",
    "robustness",
    "fid",
    "kid",
    "r_precision_1",
    "r_precision_2",
    "r_precision_3",
    "retrieval_1",
    "retrieval_2",
    "retrieval_3",
    "mm_distance",
    "diversity",
    "multimodality",
    "foot_skating",
    "jitter",
    "switch_jerk",
    "bone_variation",
    "floor_penetration",
    "copy_distance",
    "copy_share",
    "quality",
]


def test_the_table_is_whole():
    assert [spec.name for spec in METRICS] == NAMES
    assert len({spec.title for spec in METRICS}) == len(METRICS)
    for spec in METRICS:
        assert spec.better in ("higher", "lower", "real")
        assert spec.definition.isascii()
        assert spec.definition.endswith(".")
        assert "\n" not in spec.definition
        assert all((spec.unit, spec.source, spec.title))
        assert metric(spec.name) is spec
    with pytest.raises(KeyError, match=r"expected one of pose_mse.*got 'fdi'"):
        metric("fdi")


def test_figures_in_definitions_are_those_of_the_code():
    assert f"{COPY_H} H" in metric("copy_share").definition


def test_of_two_values_the_better_one_has_the_lesser_loss():
    assert metric("action_accuracy").loss(0.9) < metric("action_accuracy").loss(0.8)
    assert metric("fid").loss(1.0) < metric("fid").loss(2.0)
    jitter = metric("jitter")
    assert jitter.loss(30.0, 30.0) == 0.0
    assert jitter.loss(60.0, 30.0) == pytest.approx(math.log(60.3 / 30.3))
    # half and double are about equally far
    assert jitter.loss(15.0, 30.0) == pytest.approx(jitter.loss(60.0, 30.0), rel=0.03)


@pytest.mark.parametrize("name", [s.name for s in METRICS if s.better == "real"])
def test_standing_still_is_worse_than_moving_three_times_as_much(name):
    assert metric(name).loss(0.0, 0.05) > metric(name).loss(0.15, 0.05)


@pytest.mark.parametrize(("value", "real"), [(1.0, None), (1.0, 0.0), (-1.0, 1.0), (1.0, math.nan)])
def test_nearness_needs_a_real_value(value, real):
    with pytest.raises(ValueError, match="jitter: expected a value of 0 or more and a real one"):
        metric("jitter").loss(value, real)
