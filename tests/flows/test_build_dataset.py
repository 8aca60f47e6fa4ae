"""Whole builds: what comes out, that it comes out the same again, and what stops it."""

from __future__ import annotations

import dataclasses
import hashlib
import json

import polars as pl
import pytest
from mlflow import MlflowClient

from datasets_spec import expectations
from datasets_spec.errors import ConfigError, GateError, StickgenError
from flows.build_dataset import build_dataset
from tasks.config import BuildConfig, SourceConfig
from tasks.publish.manifest import verify_manifest
from tasks.publish.swap import swap_in
from tasks.track.progress import watch_progress

pytestmark = [pytest.mark.prefect, pytest.mark.filterwarnings("ignore")]


def hashes(folder):
    return {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


def rebuilt(config, out, **changes):
    return build_dataset(dataclasses.replace(config, out=str(out), **changes))


def test_the_folder_is_whole(built):
    home, _, summary = built
    folder = home / "set"
    assert verify_manifest(folder) == []
    clips = pl.read_parquet(folder / "clips" / "*.parquet")
    rejects = pl.read_parquet(folder / "rejects.parquet")
    assert clips.height == sum(row.clips for row in summary.rows) > 10
    assert set(clips["source"]) == {"bvh", "ntu"}
    assert clips["clip_id"].is_unique().all()
    assert {"empty", "unknown_rig", "truncated", "listed_bad", "decoy"} <= set(rejects["reason"])
    assert clips["num_frames"].is_between(10, 250).all()
    assert (clips["joints"].list.len() == clips["num_frames"]).all()


def test_nothing_is_lost(built):
    home, _, summary = built
    accounting = json.loads((home / "set" / "statistics.json").read_text())["accounting"]
    files = accounting["files"]
    assert files["found"] == files["accepted"] + files["decoys"] + files["rejected"]
    score, retarget = accounting["score"], accounting["retarget"]
    assert retarget["clips"] == score["read"] == score["clips"] + score["rejected"]
    rejects = pl.read_parquet(home / "set" / "rejects.parquet")
    curated = rejects.filter(pl.col("stage") == "curate").height
    assert sum(row.clips for row in summary.rows) == score["clips"] - curated
    assert sum(sum(row.rejected.values()) for row in summary.rows) == rejects.height


def test_every_gate_passed_and_is_documented(built):
    home, _, summary = built
    gates = json.loads((home / "set" / "gates.json").read_text())
    assert sorted(gates) == sorted(expectations.GATE_STAGES)
    assert all(gate["passed"] for gate in gates.values())
    front = home / ".set.work" / "data_docs" / "index.html"
    assert str(front.parent) == summary.docs
    assert all(stage in front.read_text() for stage in expectations.GATE_STAGES)


def test_the_run_is_tracked(built):
    _, _, summary = built
    client = MlflowClient(summary.tracking_uri)
    run = client.get_run(summary.run_id)
    assert run.info.status == "FINISHED"
    assert run.data.metrics["clips"] == sum(row.clips for row in summary.rows)
    assert run.data.params["sources.0.name"] == "bvh"
    assert run.data.tags["dataset.fingerprint"] == summary.fingerprint
    assert run.inputs.dataset_inputs[0].dataset.digest == summary.fingerprint[:36]
    assert {f.path for f in client.list_artifacts(summary.run_id)} == {
        "dataset",
        "data_docs",
        "plots",
    }


def test_again_does_no_work_and_gives_the_same_bytes(built, monkeypatch):
    home, config, _ = built
    monkeypatch.chdir(home)
    before = hashes(home / "set")
    again = build_dataset(config)
    assert again.shards_reused == again.shards > 0
    assert hashes(home / "set") == before


@pytest.mark.slow
def test_elsewhere_gives_the_same_bytes(built, tmp_path, monkeypatch):
    home, config, _ = built
    monkeypatch.chdir(home)
    fresh = rebuilt(config, tmp_path / "other", work=str(tmp_path / "w"), jobs=3)
    assert fresh.shards_reused == 0
    assert hashes(tmp_path / "other") == hashes(home / "set")


@pytest.mark.slow
def test_two_processes_give_the_same_bytes(built, tmp_path, monkeypatch):
    home, config, _ = built
    monkeypatch.chdir(home)
    rebuilt(config, tmp_path / "other", runner="process", jobs=2)
    assert hashes(tmp_path / "other") == hashes(home / "set")


@pytest.mark.slow
def test_an_interrupted_build_goes_on(built, tmp_path, monkeypatch):
    home, config, _ = built
    monkeypatch.chdir(home)

    class Stop:
        def update(self, stage, done, total):
            if stage == "score" and done == 1:
                raise KeyboardInterrupt

    with watch_progress(Stop()), pytest.raises(KeyboardInterrupt):
        rebuilt(config, tmp_path / "other")
    assert not (tmp_path / "other").exists()
    summary = rebuilt(config, tmp_path / "other")
    assert summary.shards_reused >= 1
    assert hashes(tmp_path / "other") == hashes(home / "set")


def test_a_failing_gate_publishes_nothing(copy_of_built, monkeypatch):
    home, config = copy_of_built
    before = hashes(home / "set")
    rule = dataclasses.replace(
        expectations.GATE_SUITES["score"][-1], rule_id="too-good", params={"min_value": 1.01}
    )
    monkeypatch.setitem(expectations.GATE_SUITES, "score", (rule,))
    with pytest.raises(GateError, match=r"score gate failed.*\n.*too-good"):
        rebuilt(config, home / "set", seed=5)
    assert hashes(home / "set") == before
    assert "failed" in (home / ".set.work" / "data_docs" / "index.html").read_text()
    (run,) = MlflowClient(f"sqlite:///{home}/mlflow.db").search_runs(
        ["1"], "status = 'FAILED'", max_results=1
    )
    assert "too-good" in run.data.tags["failure"]


@pytest.mark.slow
def test_a_fault_while_publishing_leaves_the_last_dataset(copy_of_built, monkeypatch):
    home, config = copy_of_built
    before = hashes(home / "set")

    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("tasks.publish.publish.swap_in", full)
    with pytest.raises(StickgenError, match="the disk is full"):
        rebuilt(config, home / "set", seed=5)
    assert hashes(home / "set") == before
    monkeypatch.setattr("tasks.publish.publish.swap_in", swap_in)
    rebuilt(config, home / "set", seed=5)
    assert verify_manifest(home / "set") == []


def test_a_wrong_folder_stops_before_any_work(server, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    config = BuildConfig(
        sources=(SourceConfig(name="bvh", path=str(tmp_path / "absent")),),
        out=str(tmp_path / "set"),
        runner="thread",
    )
    with pytest.raises(ConfigError, match="absent"):
        build_dataset(config)
    assert not (tmp_path / "set").exists()


def test_somebody_elses_folder_is_not_overwritten(server, sources, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "thesis").mkdir()
    (tmp_path / "thesis" / "chapter1.tex").write_text("x")
    config = BuildConfig(sources=sources, out=str(tmp_path / "thesis"), runner="thread")
    with pytest.raises(ConfigError, match="thesis"):
        build_dataset(config)
    assert (tmp_path / "thesis" / "chapter1.tex").read_text() == "x"
