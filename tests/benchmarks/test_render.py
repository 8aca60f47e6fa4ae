"""The benchmark of pictures: its rows, its table, its scene."""

from __future__ import annotations

from argparse import Namespace

import numpy as np
import pytest

from benchmarks.render import Row, line_of, measure, rows_of, walking_scene
from stickgen_model.animation import MAX_SCENE_ACTORS
from stickgen_model.render.looks import LOOK_NAMES


@pytest.mark.parametrize("what", ["draw", "mp4", "svg"])
def test_a_row_is_measured(what):
    result = measure(Row(what=what, width=64, height=64, frames=4, repeat=2))
    assert len(result["times"]) == 2
    assert all(one["wall"] > 0.0 for one in result["times"])
    assert result["peak_mb"] > 50.0
    assert (result["bytes"] > 100) == (what != "draw")


def test_lines_compare_with_the_original():
    result = {
        "times": [{"wall": 0.4, "cpu": 0.6}, {"wall": 0.5, "cpu": 0.7}],
        "peak_mb": 200.0,
        "bytes": 1_500_000,
    }
    line = line_of(Row(what="mp4"), result)
    assert line == (
        "mp4 ink 512x512 | 250 | 0.400 (0.450) | 0.600 | 1.60 | 1.50 | 200 | 4.99 | 12.5x | "
        "0.5 | yes"
    )
    result["bytes"] = 0
    line = line_of(Row(what="draw", camera="orbit", people=4), result)
    assert line.startswith("draw ink 512x512 orbit 4 people | 250")
    assert line.endswith("| - | 200 | - | - | - | -")
    assert line_of(Row(what="mp4", frames=12), result).endswith("- | - | - | -")


def test_rows_hold_every_look_and_file():
    rows = list(rows_of(Namespace(quick=False, repeat=3, model=None)))
    assert {row.look for row in rows if row.what == "draw"} == set(LOOK_NAMES)
    assert {row.what for row in rows} == {"draw", "mp4", "webm", "gif", "svg", "html"}
    assert max(row.people for row in rows) == MAX_SCENE_ACTORS
    assert {row.frames for row in rows} == {250}
    rows = list(rows_of(Namespace(quick=True, repeat=1, model="run")))
    assert max(row.frames for row in rows) < 250
    assert rows[-1].what == "prompt"


def test_the_scene_is_a_walk():
    scene = walking_scene(2)
    assert scene.joints.shape == (2, 250, 10, 2)
    assert scene.joints[..., 1].min() >= 0.0
    # half a step is 12.5 frames: 25 frames are a whole one
    assert scene.joints[:, 25:] == pytest.approx(scene.joints[:, :-25], abs=1e-5)
    assert np.abs(scene.joints[:, 19] - scene.joints[:, 6]).max() > 0.3
    away = scene.joints[1, :, :, 0] - scene.joints[0, :, :, 0]
    assert away.mean() == pytest.approx(0.4, abs=1e-3)
