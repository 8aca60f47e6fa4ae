"""Gates pass good tables and stop at bad ones, naming rule and rows."""

from __future__ import annotations

import polars as pl
import pytest

from datasets_spec.errors import GateError
from datasets_spec.expectations import GATE_SUITES
from datasets_spec.stage_index import INGEST_COLUMNS
from tasks.config import CurateConfig
from tasks.gate.tables import curate_tables, ingest_tables, retarget_tables, score_tables
from tasks.gate.task import check_stage


def sequences(**changes):
    row = {
        "source": "bvh",
        "sequence_id": "walk",
        "performance_id": "walk",
        "num_actors": 1,
        "num_frames": 300,
        "fps": 120.0,
        "duration_s": 2.5,
        "height_m": 1.55,
        "upright_share": 1.0,
        "max_extent_m": 4.0,
        "tracked_share": 1.0,
        "num_labels": 1,
        "body_model": "rig",
    }
    assert set(row) == set(INGEST_COLUMNS)
    rows = [{**row, "sequence_id": f"walk{n}"} for n in range(40)]
    for name, value in changes.items():
        rows[7][name] = value
    return pl.DataFrame(rows)


def files(found=41, accepted=40, decoys=1, rejected=0):
    counts = {"found": found, "accepted": accepted, "decoys": decoys, "rejected": rejected}
    return pl.DataFrame([{"source": "bvh", **counts}])


def test_good_ingest(tmp_path):
    report = check_stage("ingest", ingest_tables(sequences(), files()), tmp_path)
    assert report.passed
    assert {r.rule_id for r in report.results} == {r.rule_id for r in GATE_SUITES["ingest"]}
    assert "passed" in (tmp_path / "index.html").read_text()
    assert list((tmp_path / "ingest").rglob("validations/**/*.html"))


def test_a_bad_row_is_named(tmp_path):
    tables = ingest_tables(sequences(fps=4.0), files())
    with pytest.raises(GateError) as failure:
        check_stage("ingest", tables, tmp_path)
    text = str(failure.value)
    assert "rule frame-rate-plausible (sequences.fps)" in text
    assert "bvh/walk7: fps = 4.0" in text
    assert "1 of 40 rows" in text
    assert "nothing was published" in text
    front = (tmp_path / "index.html").read_text()
    assert "failed" in front
    assert "frame-rate-plausible" in front
    assert "bvh/walk7: fps = 4.0" in front
    docs = "".join(p.read_text() for p in (tmp_path / "ingest").rglob("*.html"))
    assert "bvh/walk7" in docs
    assert "frame-rate-plausible" in docs


def test_one_recording_of_somebody_who_lies_is_no_fault(tmp_path):
    lying = sequences().head(1).with_columns(upright_share=pl.lit(0.0))
    assert check_stage("ingest", ingest_tables(lying, files(2, 1, 1)), None).passed


@pytest.mark.parametrize(
    ("tables", "rule"),
    [
        (ingest_tables(sequences(sequence_id="walk8"), files()), "sequence-ids-unique"),
        (ingest_tables(sequences(), files(accepted=10, rejected=30)), "most-files-readable"),
        (ingest_tables(sequences().clear(), files()), "some-sequences"),
        (ingest_tables(sequences(height_m=float("nan")), files()), "height-m-known"),
        (
            ingest_tables(sequences().with_columns(upright_share=pl.lit(0.2)), files()),
            "source-upright",
        ),
        (
            ingest_tables(sequences().with_columns(height_m=pl.lit(155.0)), files()),
            "height-human",
        ),
    ],
)
def test_ingest_faults(tables, rule):
    with pytest.raises(GateError, match=f"rule {rule} "):
        check_stage("ingest", tables, None)


def test_a_folder_of_decoys_alone_is_no_division_by_zero():
    tables = ingest_tables(sequences(), files(found=3, accepted=0, decoys=3))
    assert check_stage("ingest", tables, None).passed


def retargeted(**changes):
    row = {
        "clip_id": "bvh/walk/w00/a0/v0",
        "source": "bvh",
        "sequence_id": "walk",
        "num_frames": 50,
        "view_azimuth_deg": 70.0,
        "body_height_m": 1.5,
        "finite": True,
        "faces_valid": True,
        "height_extent_h": 1.0,
        "pelvis_min_h": 0.5,
        "pelvis_max_h": 0.6,
        "head_above_feet_share": 1.0,
        "peak_speed_hps": 3.0,
        "first_root_x_h": 0.0,
        "labelled_share": 1.0,
        "num_captions": 1,
    }
    rows = [{**row, "clip_id": f"bvh/walk/w{n:02d}/a0/v0", **changes} for n in range(6)]
    return pl.DataFrame(rows)


def test_top_views_are_stopped():
    assert check_stage("retarget", retarget_tables(retargeted()), None).passed
    with pytest.raises(GateError, match="source-side-on"):
        check_stage("retarget", retarget_tables(retargeted(height_extent_h=0.2)), None)
    with pytest.raises(GateError, match="rule finite "):
        check_stage("retarget", retarget_tables(retargeted(finite=False)), None)


def test_scores():
    scores = [0.9, 0.2, 0.5, 0.5, 0.5]
    clips = pl.DataFrame({"clip_id": list("abcde"), "source": "ntu", "quality_score": scores})
    assert check_stage("score", score_tables(clips), None).passed
    low = clips.with_columns(quality_score=pl.lit(0.05))
    with pytest.raises(GateError, match="source-score"):
        check_stage("score", score_tables(low), None)
    with pytest.raises(GateError, match="score-range"):
        check_stage("score", score_tables(clips.with_columns(quality_score=pl.lit(1.5))), None)


def curated(**changes):
    index = pl.DataFrame(
        {
            "clip_id": [f"c{n}" for n in range(8)],
            "source": ["bvh"] * 4 + ["ntu"] * 4,
            "action": ["walk", "run"] * 4,
            "split": ["train"] * 4 + ["train", "train", "val", "test"],
            "sft": [True, True, False, False, True, True, False, False],
            "quality_score": pl.Series([0.9] * 8, dtype=pl.Float32),
            "performance_id": [f"p{n}" for n in range(8)],
            "subject_id": ["bvh:1", "bvh:2", "bvh:3", "bvh:4", "n:1", "n:2", "n:3", "n:4"],
            "scene_id": [f"s{n}" for n in range(8)],
        }
    )
    for name, values in changes.items():
        index = index.with_columns(pl.Series(name, values).cast(index[name].dtype))
    return curate_tables(index, CurateConfig(), {"action": 0.5, "source": 0.6}, [])


def test_good_curation():
    assert check_stage("curate", curated(), None).passed


@pytest.mark.parametrize(
    ("changes", "rule"),
    [
        ({"clip_id": ["c0"] * 8}, "clip-ids-unique"),
        ({"split": ["dev"] * 8}, "split-known"),
        ({"performance_id": ["p"] * 8}, "performance-in-one-split"),
        ({"subject_id": ["ntu:1"] * 8}, "subject-in-one-split"),
        ({"scene_id": ["s"] * 8}, "pairs-whole"),
        ({"action": ["walk"] * 8}, "action-caps"),
        ({"source": ["bvh"] * 8}, "source-caps"),
        ({"quality_score": [0.2] * 8}, "sft-quality"),
    ],
)
def test_curation_faults(changes, rule):
    with pytest.raises(GateError, match=f"rule {rule} "):
        check_stage("curate", curated(**changes), None)
