"""How many numbers a model has, part by part, and whether that is what is said of it."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

import torch

from stickgen_model.config import (
    FUSIONS,
    IMAGE_ENCODERS,
    PUBLIC_VARIANTS,
    TEXT_DIM,
    variant_config,
)
from stickgen_model.model.fusion import make_fusion
from stickgen_model.model.image import make_image_encoder
from stickgen_model.model.multimodal import build_model

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from torch import nn

    from stickgen_model.config import ModelConfig

__all__ = [
    "EXPECTED_PARTS",
    "EXPECTED_TOTALS",
    "SizeReport",
    "SizeRow",
    "count_parameters",
    "measure_sizes",
    "part_sizes",
    "render_sizes",
]

EXPECTED_TOTALS: Final[Mapping[tuple[str, int], tuple[int, int]]] = MappingProxyType(
    {
        ("small", 64): (7_248_894, 11_718_184),
        ("medium", 64): (20_595_646, 25_064_936),
        ("large", 64): (44_619_646, 71_284_158),
        ("small", 60): (7_248_122, 11_717_412),
        ("medium", 60): (20_594_618, 25_063_908),
        ("large", 60): (44_618_362, 71_282_874),
    }
)
"""Motion-only and multimodal totals by variant and number of actions, as quoted publicly."""

EXPECTED_PARTS: Final[Mapping[str, tuple[int, int]]] = MappingProxyType(
    {
        "lightweight_cnn": (2_100_768, 2_100_768),
        "resnet": (11_703_872, 11_703_872),
        "mini_vit": (4_000_000, 5_000_000),
        "gated": (2_368_522, 2_368_522),
        "cross_attention": (14_960_640, 14_960_640),
        "concat": (2_050_000, 2_149_999),
        "film": (2_150_000, 2_249_999),
    }
)
"""Least and most numbers of image encoders and fusions at 1024-d."""


@dataclass(frozen=True, kw_only=True, slots=True)
class SizeRow:
    """One checked count; `low` and `high` are None where nothing is said of it."""

    name: str
    count: int
    low: int | None = None
    high: int | None = None

    @property
    def ok(self) -> bool:
        """Whether the count is as said, or nothing is said."""
        return self.low is None or self.high is None or self.low <= self.count <= self.high


@dataclass(frozen=True, kw_only=True, slots=True)
class SizeReport:
    """Counts of some variants.

    Attributes:
        num_actions: Actions of the models.
        parts: By variant, the parts of the multimodal model; its motion part is all but the last
            two.
        checks: Totals and exchangeable parts.
    """

    num_actions: int
    parts: Mapping[str, Mapping[str, int]]
    checks: tuple[SizeRow, ...]

    @property
    def ok(self) -> bool:
        """Whether every count is as said."""
        return all(row.ok for row in self.checks)


def count_parameters(module: nn.Module) -> int:
    """Trainable and frozen numbers of a module; running statistics are not counted."""
    return sum(parameter.numel() for parameter in module.parameters())


def part_sizes(config: ModelConfig) -> dict[str, int]:
    """Numbers of each named part of a configured model; needs no memory for weights."""
    with torch.device("meta"):
        model = build_model(config)
    return {name: count_parameters(part) for name, part in model.named_children()}


def measure_sizes(
    variants: Sequence[str] = PUBLIC_VARIANTS, *, num_actions: int = 64
) -> SizeReport:
    """Count the named variants and the exchangeable parts.

    Raises:
        ConfigError: If there is no such variant.
    """
    parts: dict[str, dict[str, int]] = {}
    checks: list[SizeRow] = []
    for name in variants:
        config = variant_config(name, multimodal=True, num_actions=num_actions)
        parts[name] = part_sizes(config)
        motion = sum(part_sizes(variant_config(name, num_actions=num_actions)).values())
        totals = (motion, sum(parts[name].values()))
        expected = EXPECTED_TOTALS.get((name, num_actions), (None, None))
        for kind, count, want in zip(("motion-only", "multimodal"), totals, expected, strict=True):
            checks.append(SizeRow(name=f"{name} {kind}", count=count, low=want, high=want))
    return SizeReport(
        num_actions=num_actions, parts=parts, checks=(*checks, *_exchangeable_parts())
    )


def _exchangeable_parts() -> list[SizeRow]:
    with torch.device("meta"):
        modules = {name: make_image_encoder(name, TEXT_DIM) for name in IMAGE_ENCODERS}
        modules |= {name: make_fusion(name, TEXT_DIM) for name in FUSIONS}
    rows = []
    for name, module in modules.items():
        low, high = EXPECTED_PARTS[name]
        rows.append(SizeRow(name=name, count=count_parameters(module), low=low, high=high))
    return rows


def render_sizes(report: SizeReport, *, style: str = "text") -> str:
    """The report as `text`, `json` or `markdown`, ending in a newline.

    Raises:
        ValueError: If the style is another.
    """
    if style == "json":
        rows = [{**asdict(row), "ok": row.ok} for row in report.checks]
        document = {
            "num_actions": report.num_actions,
            "ok": report.ok,
            "parts": {name: dict(parts) for name, parts in report.parts.items()},
            "checks": rows,
        }
        return json.dumps(document, indent=2) + "\n"
    if style not in {"text", "markdown"}:
        msg = f"expected a style of text, json, markdown; got {style!r}"
        raise ValueError(msg)
    tables = (_part_table(report), _check_table(report))
    draw = _markdown_table if style == "markdown" else _text_table
    return f"{report.num_actions} actions\n\n" + "\n".join(draw(table) for table in tables)


def _part_table(report: SizeReport) -> list[list[str]]:
    names = list(dict.fromkeys(name for parts in report.parts.values() for name in parts))
    rows = [
        [name, *(f"{parts.get(name, 0):,}" for parts in report.parts.values())] for name in names
    ]
    return [["part", *report.parts], *rows]


def _check_table(report: SizeReport) -> list[list[str]]:
    rows = [["count of", "numbers", "expected", "check"]]
    for row in report.checks:
        if row.low is None:
            expected, verdict = "-", "-"
        else:
            expected = f"{row.low:,}" if row.low == row.high else f"{row.low:,} - {row.high:,}"
            verdict = "ok" if row.ok else "DIFFERS"
        rows.append([row.name, f"{row.count:,}", expected, verdict])
    return rows


def _text_table(table: list[list[str]]) -> str:
    widths = [max(len(row[column]) for row in table) for column in range(len(table[0]))]
    lines = (
        "  ".join(
            cell.ljust(width) if column == 0 else cell.rjust(width)
            for column, (cell, width) in enumerate(zip(row, widths, strict=True))
        )
        for row in table
    )
    return "".join(f"{line.rstrip()}\n" for line in lines)


def _markdown_table(table: list[list[str]]) -> str:
    head, *rows = table
    rule = ["---", *["---:"] * (len(head) - 1)]
    return "".join(f"| {' | '.join(row)} |\n" for row in (head, rule, *rows))
