"""What may be asked of a picture."""

from __future__ import annotations

import math

import pytest

from datasets_spec.errors import ConfigError
from stickgen_model.render.config import COLOURS, RenderConfig
from stickgen_model.render.looks import LOOK_NAMES, LOOKS


def test_all_faults_are_told_at_once():
    with pytest.raises(ConfigError) as told:
        RenderConfig(width=0, height=5000, fps=math.nan, look="oil", colours="red", thickness=-1.0)
    for part in ("width", "height", "fps", "ink, neon, chalk", "'oil'", "side, actor", "thickness"):
        assert part in str(told.value)


@pytest.mark.parametrize(
    "wrong",
    [
        {"width": 15},
        {"height": 4097},
        {"width": 512.0},
        {"width": 1000, "height": 99},
        {"fps": 0.5},
        {"fps": 121.0},
        {"fps": "30"},
        {"look": ""},
        {"look": "<script>" * 1000},
        {"thickness": math.inf},
    ],
)
def test_wrong_values_are_refused_in_one_line(wrong):
    with pytest.raises(ConfigError, match="expected") as told:
        RenderConfig(**wrong)
    assert len(str(told.value)) < 200


@pytest.mark.parametrize("look", LOOK_NAMES)
@pytest.mark.parametrize("colours", COLOURS)
def test_looks_by_name(look, colours):
    config = RenderConfig(look=look, colours=colours, width=640, height=360)
    assert config.look_spec is LOOKS[look]
    assert config.aspect == pytest.approx(16 / 9)


def test_defaults():
    config = RenderConfig()
    assert (config.width, config.height, config.fps, config.look) == (512, 512, 30.0, "ink")


def test_inks_are_told_from_the_page():
    for look in LOOKS.values():
        for ink in (look.left, look.right, look.trunk, look.plain, look.text, *look.actors):
            assert sum(abs(a - b) for a, b in zip(ink, look.page, strict=True)) > 150
        assert len(set(look.actors)) == len(look.actors) == 8
