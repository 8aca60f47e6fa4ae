"""Numbers of clips and columns, real clips beside them, and the drawn losses."""

from __future__ import annotations

from xml.etree import ElementTree

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from stickgen_model.evaluate.motion_statistics import bone_variation, foot_skating, mean_jerk
from tasks.gallery.loss_chart import RunCurve, loss_chart, run_curves
from tasks.gallery.measures import (
    METRICS,
    MetricSpec,
    best_columns,
    column_values,
    measure_clip,
    motion_gap,
)
from tasks.gallery.prompts import GalleryPrompt
from tasks.gallery.real import open_real, real_column
from tasks.score.figure import score_figure


def clip_of(seed, frames=20):
    rng = np.random.default_rng(seed)
    return (rng.normal(size=(frames, 10, 2)).cumsum(axis=0) * 0.01).astype(np.float32)


def test_a_clip_is_measured_like_data():
    clip = clip_of(0)
    found = measure_clip(clip)
    assert found["quality_score"] == score_figure(clip)["quality_score"]
    assert found["jerk"] == pytest.approx(float(mean_jerk(clip[None])[0]))
    assert found["skating"] == float(foot_skating(clip[None])[0])
    assert found["bone_variation"] != float(bone_variation(clip[None])[0])  # that of the gate
    clip[3, 2, 1] = np.inf
    assert measure_clip(clip) == {"quality_score": 0.0}


def test_a_column_is_the_median_of_its_clips():
    rows = [{"quality_score": s, "jerk": j} for s, j in ((0.2, 1.0), (0.6, 5.0), (1.0, 3.0))]
    rows.append({"quality_score": 0.0})
    values = column_values(rows, right=[True, False, True, True])
    assert values == {
        "quality_score": pytest.approx(0.4),
        "mean_quality": pytest.approx(0.45),
        "jerk": 3.0,
        "below_gate": 50.0,
        "accuracy": 75.0,
    }
    assert column_values([]) == {}
    assert set(values) <= {spec.key for spec in METRICS}


def test_the_best_is_what_better_says():
    higher, lower, real = (MetricSpec(key="k", label="k", meaning="", better=b)
                           for b in ("higher", "lower", "real"))  # fmt: skip
    assert best_columns(higher, [0.1, None, 0.9, 0.9], None) == [2, 3]
    assert best_columns(lower, [0.1, None, 0.9], None) == [0]
    assert best_columns(real, [0.1, 0.5, 0.9], 0.45) == [1]
    assert best_columns(real, [0.1, 0.5], None) == []
    assert best_columns(higher, [0.5, 0.5004], None) == []  # shown as the same
    assert best_columns(higher, [0.5], None) == []


@given(st.integers(0, 99), st.floats(-2, 2), st.floats(-2, 2))
def test_the_gap_of_a_shift_is_its_length(seed, x, y):
    clip = clip_of(seed)
    moved = clip + np.array([x, y], dtype=np.float32)
    assert motion_gap(clip, moved[:15]) == pytest.approx(np.hypot(x, y), abs=1e-5)
    assert motion_gap(clip, clip) == 0.0
    assert motion_gap(clip, np.full_like(clip, np.nan)) is None


def test_real_clips_do_the_same_in_the_same_words(dataset):
    store = open_real(dataset)
    assert all(name.startswith("made/val") for name in store.clip_ids)
    prompts = [
        GalleryPrompt(text="number 5 jogs", action="run"),
        GalleryPrompt(text="a person can jump"),
        GalleryPrompt(text="zzz qqq"),
        GalleryPrompt(text="anything", action="swim"),
        GalleryPrompt(text="zzz", action="wave"),
    ]
    column = real_column(store, prompts, frames=15, label="real")
    captions = [clip and clip.caption for clip in column.clips]
    assert captions[:4] == ["number 5 likes to run", "a person can jump", None, None]
    assert captions[4].endswith("wave")  # no word is shared: the action decides
    first = column.clips[0]
    assert first.joints.shape == (15, 10, 2)
    assert first.depth.shape == (15, 10)
    assert first.joints[0, 1, 0] == 0.0
    assert column.values["quality_score"] > 0.0


def test_losses_are_drawn(run):
    columns = [(run, step, n) for n, step in enumerate((5, 10))]
    (curve,) = run_curves(columns)
    assert curve.val == ((5.0, 0.5), (10.0, 0.25))
    assert curve.marks == (5, 10)
    assert len(curve.train) == 10
    drawn = ElementTree.fromstring(loss_chart([curve]))
    dots = [(float(dot.get("cx")), float(dot.get("cy"))) for dot in drawn.iter("circle")]
    assert dots[0][0] < dots[1][0]
    assert dots[0][1] < dots[1][1]  # a lower loss lies lower
    assert run_curves([(run / "absent", 1, 0)]) == []
    assert loss_chart([]) == ""


@given(
    st.lists(st.tuples(st.integers(1, 10**6), st.floats(1e-6, 1e6)), min_size=1, max_size=30),
    st.integers(0, 30),
)
def test_any_losses_stay_in_the_drawing(points, colour):
    line = tuple(sorted((float(step), value) for step, value in points))
    marks = (int(line[-1][0]),)
    text = loss_chart([RunCurve(colour=colour, train=line, val=line[:1], marks=marks)])
    for node in ElementTree.fromstring(text):
        if node.tag == "circle":
            assert 0 <= float(node.get("cx")) <= 560
            assert 0 <= float(node.get("cy")) <= 290
        elif node.tag == "text":
            assert 0 <= float(node.get("x")) <= 560
