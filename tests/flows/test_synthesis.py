"""Builds of synthetic motion: what comes out, that it comes out the same, and what stops it."""

from __future__ import annotations

import dataclasses
import hashlib
import itertools
import json
import os
import signal
import subprocess
import sys
import threading
import time

import polars as pl
import pytest
from mlflow import MlflowClient

from flows.build_dataset import build_dataset
from flows.cli import _config, _parser, main
from tasks.config import BuildConfig, StoryConfig, SynthesisConfig
from tasks.synthesize.story.ollama_client import OllamaBackend
from tests.tasks.synthesize.story.story_server import drop, hang, ollama, status, story_server
from tests.tasks.synthesize.story.tales import told

pytestmark = [pytest.mark.prefect, pytest.mark.filterwarnings("ignore")]

NUM_SCENES = 6
_MAIN = "from flows.cli import main; raise SystemExit(main())"


def hashes(folder):
    return {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


@pytest.fixture
def quick(monkeypatch):
    """No pauses between attempts."""
    monkeypatch.setitem(OllamaBackend.__init__.__kwdefaults__, "sleep", lambda _: None)


@pytest.fixture(scope="module")
def made(server, tmp_path_factory):
    home = tmp_path_factory.mktemp("made")
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(home)
        patch.delenv("MLFLOW_TRACKING_URI", raising=False)
        config = BuildConfig(
            synthesis=SynthesisConfig(procedural=NUM_SCENES, stories=2),
            out=str(home / "set"),
            runner="thread",
            jobs=1,
        )
        yield home, config, build_dataset(config)


@pytest.mark.slow
def test_scenes_of_both_kinds_come_out(made):
    home, _, summary = made
    clips = pl.read_parquet(home / "set" / "clips" / "*.parquet")
    assert set(clips["source"]) == {"procedural", "stories"}
    assert clips["num_frames"].is_between(10, 250).all()
    assert clips["scene_id"].str.len_chars().min() > 0
    rows = {row.source: row for row in summary.rows}
    assert rows["procedural"].files == rows["procedural"].sequences == NUM_SCENES
    book = (home / ".set.work" / "stories.jsonl").read_text().splitlines()
    assert len(book) == 2
    beats = sum(len(json.loads(line)["beats"]) for line in book)
    assert rows["stories"].files == rows["stories"].sequences == beats


@pytest.mark.slow
def test_a_story_is_one_performance_on_one_side_of_the_split(made):
    home, _, _ = made
    clips = pl.read_parquet(home / "set" / "clips" / "*.parquet")
    stories = clips.filter(pl.col("source") == "stories")
    assert stories["performance_id"].n_unique() == 2
    sides = stories.group_by("performance_id").agg(pl.col("split").n_unique())
    assert (sides["split"] == 1).all()
    for performance, subject in stories.select("performance_id", "subject_id").rows():
        assert performance in subject


@pytest.mark.slow
def test_nothing_is_lost_and_the_run_knows_the_stories(made):
    home, _, summary = made
    accounting = json.loads((home / "set" / "statistics.json").read_text())["accounting"]
    files = accounting["files"]
    assert files["found"] == files["accepted"] + files["decoys"] + files["rejected"]
    run = MlflowClient(summary.tracking_uri).get_run(summary.run_id)
    assert run.data.metrics["stories/told"] == run.data.metrics["stories/wanted"] == 2
    assert run.data.metrics["stories/calls"] == 2
    assert run.data.params["synthesis.story.backend"] == "grammar"


@pytest.mark.slow
def test_again_asks_nobody_and_gives_the_same_bytes(made, monkeypatch):
    home, config, _ = made
    monkeypatch.chdir(home)
    before = hashes(home / "set")
    again = build_dataset(config)
    assert again.shards_reused == again.shards > 0
    assert hashes(home / "set") == before
    run = MlflowClient(again.tracking_uri).get_run(again.run_id)
    assert run.data.metrics["stories/calls"] == 0
    assert run.data.metrics["stories/cached"] == 2


@pytest.mark.slow
def test_elsewhere_gives_the_same_bytes(made, tmp_path, monkeypatch):
    home, config, _ = made
    monkeypatch.chdir(home)
    story = dataclasses.replace(config.synthesis.story, cache=str(tmp_path / "replies"))
    synthesis = dataclasses.replace(config.synthesis, story=story)
    build_dataset(
        dataclasses.replace(config, out=str(tmp_path / "set"), jobs=3, synthesis=synthesis)
    )
    assert hashes(tmp_path / "set") == hashes(home / "set")
    assert len(list((tmp_path / "replies").rglob("*.json"))) == 2


def build_at(home, url, *more, stories=2):
    flags = [
        "build", "--stories", str(stories), "--story-backend", "ollama", "--story-model", "m",
        "--story-host", url, "--story-cache", str(home / "replies"), "--out", str(home / "set"),
        "--jobs", "1", "--config", str(home / "c.json"), *more,
    ]  # fmt: skip
    (home / "c.json").write_text('{"runner": "thread", "synthesis": {"story": {"concurrency": 1}}}')
    return main(flags)


@pytest.mark.slow
def test_stories_of_a_server(server, tmp_path, monkeypatch, capsys, quick):
    """One dropped connection, then good replies."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("OLLAMA_API_KEY", "sk-very-secret")
    calls = {"n": 0}
    with story_server() as served:

        def turn(http):
            calls["n"] += 1
            (drop if calls["n"] == 1 else ollama(told(calls["n"])))(http)

        served.always = turn
        host = served.url.replace("//", "//user:pw-in-url@")
        assert build_at(tmp_path, host) == 0
        asked = len(served.bodies)
        before = hashes(tmp_path / "set")
        assert asked >= 3
        # kept replies: nobody is asked, the same bytes
        assert build_at(tmp_path, host) == 0
        assert len(served.bodies) == asked
    assert hashes(tmp_path / "set") == before
    # and without any server at all
    assert build_at(tmp_path, served.url) == 0
    assert hashes(tmp_path / "set") == before
    shown = capsys.readouterr()
    assert "sk-very-secret" not in shown.out + shown.err
    for path in [*tmp_path.rglob("*.json"), *tmp_path.rglob("*.md"), tmp_path / "mlflow.db"]:
        raw = path.read_bytes()
        assert b"sk-very-secret" not in raw, path
        assert b"pw-in-url" not in raw, path


@pytest.mark.slow
def test_replies_that_stay_wrong_are_counted(server, tmp_path, monkeypatch, quick, capsys):
    monkeypatch.chdir(tmp_path)
    with story_server() as served:
        numbers = itertools.count()

        def turn(http):
            number = next(numbers)
            # the first request, and its repair, stay wrong
            ollama('{"title": "x"}' if number < 2 else told(number))(http)

        served.always = turn
        assert build_at(tmp_path, served.url, "--procedural", "2") == 0
    rejects = pl.read_parquet(tmp_path / "set" / "rejects.parquet").filter(
        pl.col("stage") == "story"
    )
    assert rejects["reason"].to_list() == ["invalid_story"]
    assert "after one repair" in rejects["detail"][0]
    files = json.loads((tmp_path / "set" / "statistics.json").read_text())["accounting"]["files"]
    assert files["rejected"] == 1
    assert files["found"] == files["accepted"] + files["rejected"]


@pytest.mark.parametrize("kind", ["down", "no model"])
def test_a_server_that_cannot_be_used(server, tmp_path, monkeypatch, capsys, quick, kind):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "set").mkdir()
    with story_server() as served:
        if kind == "no model":
            served.always = status(404, b'{"error": "model \'m\' not found"}')
            assert build_at(tmp_path, served.url, "--procedural", "2") == 1
    if kind == "down":
        assert build_at(tmp_path, served.url, "--procedural", "2") == 1
    text = " ".join(capsys.readouterr().err.split())
    assert ("does not answer" if kind == "down" else "ollama pull m") in text
    assert "Traceback" not in text
    assert list((tmp_path / "set").iterdir()) == []
    (run,) = MlflowClient(f"sqlite:///{tmp_path}/mlflow.db").search_runs(["1"])
    assert run.info.status == "FAILED"


def test_a_service_without_its_key(tmp_path, monkeypatch, capsys, server):
    monkeypatch.chdir(tmp_path)
    for name in ("XAI_API_KEY", "GROK_API_KEY"):
        monkeypatch.delenv(name, raising=False)
    assert main(["build", "--stories", "1", "--story-backend", "grok", "--out", "set"]) == 1
    assert "set XAI_API_KEY" in capsys.readouterr().err
    assert not (tmp_path / "set").exists()


def test_an_address_that_cannot_be_one_stops_before_any_work(tmp_path, monkeypatch, capsys, server):
    monkeypatch.chdir(tmp_path)
    flags = ["build", "--stories", "1", "--story-backend", "grok", "--out", "set"]
    assert main([*flags, "--story-host", "http://far.example"]) == 2
    assert "https" in capsys.readouterr().err
    assert not (tmp_path / "mlflow.db").exists()


@pytest.mark.slow
def test_ctrl_c_while_a_story_is_told(tmp_path):
    with story_server() as served:
        served.always = hang(served)
        asked = threading.Event()
        inner = served.always

        def turn(http):
            asked.set()
            inner(http)

        served.always = turn
        command = [
            sys.executable, "-W", "ignore", "-c", _MAIN,
            "build", "--stories", "1", "--story-backend", "ollama", "--story-host", served.url,
            "--out", str(tmp_path / "set"),
        ]  # fmt: skip
        environ = {k: v for k, v in os.environ.items() if not k.startswith("PREFECT_")}
        build = subprocess.Popen(
            command, cwd=tmp_path, env=environ | {"PREFECT_HOME": str(tmp_path / "p")},
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
        )  # fmt: skip
        assert asked.wait(120.0)
        started = time.monotonic()
        build.send_signal(signal.SIGINT)
        said, _ = build.communicate(timeout=60)
        assert time.monotonic() - started < 20.0
    assert build.returncode == 130
    assert "run the same command again" in said
    assert "Traceback" not in said


def test_flags_make_the_configuration():
    flags = (
        "build --procedural 5 --stories 3 --synthetic 100 --story-backend ollama --story-model q "
        "--story-host http://h:1 --story-theme cats --story-cache c"
    )
    config = _config(_parser().parse_args(flags.split()))
    assert config.synthesis == SynthesisConfig(
        procedural=5,
        stories=3,
        synthetic=100,
        story=StoryConfig(backend="ollama", model="q", host="http://h:1", theme="cats", cache="c"),
    )
    assert config.synthesis.num_scenes == 85
    assert config.synthesis.num_stories == 7
