"""The benchmark of the model: its rows, its table, its count of operations."""

from __future__ import annotations

from argparse import Namespace

import pytest

from benchmarks.model import generation_line, peak_tflops, rows_of, training_line
from benchmarks.model_work import WAYS, Row, forward_gflop, measure, measure_sizes_of
from stickgen_model.config import variant_config


@pytest.mark.parametrize(("variant", "gflop"), [("small", 3.8), ("medium", 10.8), ("large", 23.4)])
def test_operations_of_a_forward_are_the_known_ones(variant, gflop):
    assert forward_gflop(variant_config(variant)) == pytest.approx(gflop, rel=0.05)


@pytest.mark.parametrize("way", WAYS)
def test_a_row_is_measured(way):
    result = measure(Row(way=way, variant="tiny", batch=2, repeat=2, frames=12))
    assert len(result["times"]) == 2
    assert all(one["wall"] > 0.0 for one in result["times"])
    assert result["peak_mb"] > 50.0
    assert (result["loss"] > 0.0) == (way == "train")


def test_training_in_bf16_starts_at_the_loss_of_fp32():
    one, two = (
        measure(Row(way="train", variant="tiny", batch=2, repeat=1, frames=12, precision=p))["loss"]
        for p in ("fp32", "bf16")
    )
    assert one != two
    assert two == pytest.approx(one, rel=0.01)


def test_lines_compare_with_the_original():
    result = {"times": [{"wall": 0.5, "cpu": 0.9}, {"wall": 0.6, "cpu": 0.8}], "peak_mb": 100.0}
    cells = training_line(Row(way="train", variant="small", batch=4), result).split(" | ")
    # 4 clips in 0.5 s are 16 in 2 s
    assert cells[1:5] == ["4 (x4)", "2.000 (2.200)", "3.200", "8.0"]
    assert cells[6:10] == ["2.36", "1.18x", "1.2", "no"]
    assert "16 | 0.500 (0.550)" in training_line(Row(way="train", variant="small"), result)
    line = generation_line(Row(way="one_step", variant="small", batch=1), result)
    assert line.endswith("500.0 | 100 | 4.54 | 9.08x | 0.1 | no")
    line = generation_line(Row(way="forward", variant="large", batch=16), result)
    assert line.endswith("31.2 | 100 | - | - | - | -")


def test_rows_say_what_is_scaled():
    chosen = Namespace(variants=["small"], quick=True, repeat=1, device="cpu")
    assert {row.batch for row in rows_of(chosen, training=True)} == {4}
    assert {row.batch for row in rows_of(chosen, training=False)} == {1}
    chosen.quick = False
    assert next(iter(rows_of(chosen, training=True))).batch == 16


def test_sizes_are_those_of_the_files():
    sizes = measure_sizes_of("tiny")
    assert sizes["fp32"] == pytest.approx(4e-6 * sizes["parameters"], rel=0.1)
    assert sizes["fp16"] == pytest.approx(2e-6 * sizes["parameters"], rel=0.15)


def test_unknown_devices_have_no_peak():
    assert peak_tflops("NVIDIA H200") == 989.0
    assert peak_tflops("something else") is None
