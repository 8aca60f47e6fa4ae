"""Parameter counts: the public totals, and the report that prints them."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from flows.cli import main
from stickgen_model.model.sizes import (
    EXPECTED_TOTALS,
    SizeReport,
    SizeRow,
    measure_sizes,
    render_sizes,
)

TABLE = {
    64: (7_248_894, 11_718_184, 20_595_646, 25_064_936, 44_619_646, 71_284_158),
    60: (7_248_122, 11_717_412, 20_594_618, 25_063_908, 44_618_362, 71_282_874),
}
PARTS = {
    "lightweight_cnn": 2_100_768,
    "resnet": 11_703_872,
    "gated": 2_368_522,
    "cross_attention": 14_960_640,
}


@pytest.fixture(scope="module", params=[64, 60])
def report(request):
    return measure_sizes(num_actions=request.param)


def test_totals_are_the_public_ones(report):
    assert tuple(row.count for row in report.checks[:6]) == TABLE[report.num_actions]
    counts = {row.name: row.count for row in report.checks}
    assert {name: counts[name] for name in PARTS} == PARTS
    assert 4e6 < counts["mini_vit"] < 5e6
    assert round(counts["concat"] / 1e6, 1) == 2.1
    assert round(counts["film"] / 1e6, 1) == 2.2
    assert report.ok
    assert {n for _, n in EXPECTED_TOTALS} == set(TABLE)


def test_parts_add_up(report):
    for variant, parts in report.parts.items():
        total = next(r.count for r in report.checks if r.name == f"{variant} multimodal")
        assert sum(parts.values()) == total
        assert list(parts)[-2:] == ["image_encoder", "fusion"]


def test_a_wrong_count_is_told():
    wrong = SizeReport(
        num_actions=64, parts={}, checks=(SizeRow(name="x", count=5, low=4, high=4),)
    )
    wrong = replace(wrong, parts={"tiny": {"x": 5}})
    assert not wrong.ok
    assert "DIFFERS" in render_sizes(wrong)
    assert json.loads(render_sizes(wrong, style="json"))["ok"] is False
    with pytest.raises(ValueError, match="expected a style"):
        render_sizes(wrong, style="xml")


def test_the_command(capsys):
    assert main(["params", "--json"]) == 0
    document = json.loads(capsys.readouterr().out)
    assert document["ok"]
    assert document["parts"]["small"]["action_embedding"] == 64 * 64
    assert main(["params", "--variant", "tiny", "--markdown"]) == 0
    assert "| tiny motion-only |" in capsys.readouterr().out
    assert main(["params", "--variant", "huge"]) == 2
    assert "expected a variant" in capsys.readouterr().err
    with pytest.raises(SystemExit):
        main(["params", "--num-actions", "61"])


def test_the_command_fails_on_a_wrong_count(monkeypatch, capsys):
    wrong = {**EXPECTED_TOTALS, ("small", 64): (1, 1)}
    monkeypatch.setattr("stickgen_model.model.sizes.EXPECTED_TOTALS", wrong)
    assert main(["params", "--variant", "small"]) == 1
    assert "DIFFERS" in capsys.readouterr().out
