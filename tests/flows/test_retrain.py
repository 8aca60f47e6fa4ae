"""Retraining as a whole: only what changed is done, and what fails or is killed goes on."""

from __future__ import annotations

import dataclasses
import hashlib
import json
import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from datasets_spec.errors import ConfigError, StickgenError
from flows.retrain import retrain
from flows.training import TrainingInterruptedError
from tasks.champion.task import champion_of
from tasks.config import BuildConfig
from tasks.evaluate.settings import EvaluationSettings
from tasks.register.rules import PromotionRules
from tasks.retrain.config import NotifyConfig, RetrainConfig, TrainPart
from tasks.retrain.ledger import Ledger
from tasks.retrain.signals import watch_stages
from tasks.retrain.stage import RetrainError
from tasks.train.job import GateFloors, SampleConfig
from tasks.train.signals import STOP, watch_steps
from tests.stickgen_model.evaluate.captioned import captioned_rows
from tests.tasks.judge.conftest import QUICK, make_dataset

pytestmark = [pytest.mark.slow, pytest.mark.prefect, pytest.mark.filterwarnings("ignore")]

EASY = GateFloors(
    min_clips=8,
    min_actions=2,
    max_loss_ratio=9.0,
    min_score=0.0,
    max_bone_variation=1e6,
    min_energy=0.0,
)
PART = TrainPart(
    preset="laptop",
    settings={"max_steps": 4, "batch_size": 4, "validate_every": 2, "precision": "fp32"},
    samples=SampleConfig(every=0, seconds=0.5, steps=1, prompts=("one walks",), gallery=False),
    gate=EASY,
)
ALL = ("embed", "pretrain", "sft", "judges", "evaluate", "register")


def whole_row(number, row):
    frames = row["num_frames"]
    more = {
        "clip_id": f"made/{number}",
        "sft": row["split"] == "train",
        "subject_id": row["split"],
        "performance_id": row["sequence_id"],
        "partner_clip_id": None,
        "fps": 25.0,
        "depth": [[0.0] * 10] * frames,
        "physics": [[0.0] * 6] * frames,
        "camera": [[0.0, 0.5, 1.0]] * frames,
        "environment": None,
        "style": "",
        "symmetric": True,
    }
    return {**row, **more}


def write_set(folder, *, train=8):
    made = captioned_rows(train=train, held_out=9)
    rows = [whole_row(number, row) for number, row in enumerate(made)]
    clips = {"clips": len(rows)}
    splits = {split: {"clips": 36} for split in ("val", "test")} | {"train": {"clips": 4 * train}}
    statistics = {
        "totals": clips,
        "splits": splits,
        "licences": {"CC0-1.0": clips},
        "sources": {"bvh": clips},
    }
    folder.mkdir()
    (folder / "statistics.json").write_text(json.dumps(statistics))
    make_dataset(folder, rows)


def config_of(home, **changed):
    values = {
        "data": str(home / "set"),
        "work": str(home / "retrain"),
        "variant": "tiny",
        "encoder": "hash-64",
        "device": "cpu",
        "pretrain": PART,
        "sft": PART,
        "judges": QUICK,
        "evaluation": EvaluationSettings(
            prompts=4, repeats=3, steps=1, again=0, suite_prompts=0, scripts=0, examples=1
        ),
        "promotion": PromotionRules(agreed=("fid",), kept=(), gates=()),
    }
    return RetrainConfig(**{**values, **changed})


def hashes(folder):
    return {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


@pytest.fixture(scope="module")
def first(server, tmp_path_factory):
    """A finished retraining: its home and its summary."""
    home = tmp_path_factory.mktemp("retrain")
    write_set(home / "set")
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(home)
        patch.delenv("MLFLOW_TRACKING_URI", raising=False)
        yield home, retrain(config_of(home))


@pytest.fixture
def home(first, tmp_path, monkeypatch):
    """The finished retraining again, to be changed; ledger and store are copies."""
    shutil.copytree(first[0], tmp_path / "home")
    for name in ("retrain/ledger.json",):  # it names its runs by their full paths
        path = tmp_path / "home" / name
        path.write_text(path.read_text().replace(str(first[0]), str(tmp_path / "home")))
    monkeypatch.chdir(tmp_path / "home")
    monkeypatch.delenv("MLFLOW_TRACKING_URI", raising=False)
    yield tmp_path / "home"
    STOP.clear()


def test_the_first_run_does_everything(first):
    home, summary = first
    assert summary.done == ALL
    assert summary.promoted is True
    assert Path(summary.report).is_file()
    entries = Ledger(home / "retrain" / "ledger.json").entries
    assert [(entry.stage, entry.state) for entry in entries] == [(name, "done") for name in ALL]
    sft = next(entry for entry in entries if entry.stage == "sft")
    pretrained = next(entry for entry in entries if entry.stage == "pretrain")
    assert sft.result["start"] == pretrained.result["checkpoint"]


def test_again_does_nothing(home):
    before = hashes(home / "retrain")
    summary = retrain(config_of(home))
    assert summary.done == ()
    assert summary.promoted is None
    assert champion_of("stickgen") == "models:/stickgen/1"
    after = hashes(home / "retrain")
    assert {name for name in after if after[name] != before.get(name)} <= {"build.lock"}


def test_what_changed_is_done_and_the_pretraining_is_gone_on_with(home):
    old = Ledger(home / "retrain" / "ledger.json").last_done("pretrain", lambda _: True)
    shutil.rmtree(home / "set")
    write_set(home / "set", train=9)
    summary = retrain(config_of(home))
    assert summary.done == ALL
    new = Ledger(home / "retrain" / "ledger.json").last_done("pretrain", lambda _: True)
    assert new.result["start"] == old.result["checkpoint"]
    evaluated = json.loads((Path(summary.report).parent / "evaluation.json").read_text())
    assert [row["name"] for row in evaluated["rows"]][:2] == ["model", "champion"]
    # back to the first data: its results are still there, nothing is done
    shutil.rmtree(home / "set")
    write_set(home / "set")
    assert retrain(config_of(home)).done == ()


def test_other_settings_do_what_depends_on_them(home):
    other = dataclasses.replace(PART, settings={**PART.settings, "learning_rate": 1e-4})
    assert retrain(config_of(home, sft=other)).done == ("sft", "evaluate", "register")
    strict = PromotionRules(agreed=("fid",), kept=(), gates=(), repeats=2)
    assert retrain(config_of(home, promotion=strict)).done == ("register",)


def test_a_model_that_is_no_better_is_not_promoted(home):
    summary = retrain(config_of(home, again=("sft",), sft=dataclasses.replace(PART, log_every=5)))
    assert summary.done == ("sft",)  # the same bytes again: nothing to judge
    worse = dataclasses.replace(PART, settings={**PART.settings, "learning_rate": 3e-5})
    summary = retrain(config_of(home, sft=worse))
    assert summary.promoted is False
    assert champion_of("stickgen") == "models:/stickgen/1"
    assert any("fid" in line for line in summary.decision)


def test_a_result_that_is_gone_is_made_again(home):
    shutil.rmtree(next((home / "retrain" / "runs").glob("sft-*")))
    assert retrain(config_of(home)).done == ("sft",)  # the same bytes: all else holds
    shutil.rmtree(home / "retrain" / "evaluations")
    assert "evaluate" in retrain(config_of(home)).done


def test_a_failing_stage_leaves_dataset_and_champion(home, tmp_path):
    data = hashes(home / "set")
    out = tmp_path / "news.jsonl"
    strict = dataclasses.replace(
        PART,
        settings={**PART.settings, "learning_rate": 1e-4},
        gate=dataclasses.replace(EASY, min_score=1.0),
    )
    notify = NotifyConfig(command=("/bin/sh", "-c", f"cat >> {out}"))
    with pytest.raises(RetrainError) as caught:
        retrain(config_of(home, sft=strict, notify=notify))
    text = str(caught.value)
    assert text.startswith("stage sft failed:")
    assert "score-reached" in text
    assert "the champion is models:/stickgen/1" in text
    assert "goes on with stage sft (embed, pretrain need not be done again)" in text
    assert hashes(home / "set") == data
    assert champion_of("stickgen") == "models:/stickgen/1"
    news = json.loads(out.read_text())
    assert (news["event"], news["stage"]) == ("failure", "sft")
    assert "run the same command again" in news["resume"]
    # a lower floor judges the trained model again, and does not train another
    runs = {path.name for path in (home / "retrain" / "runs").iterdir()}
    easy = dataclasses.replace(strict, gate=EASY)
    assert retrain(config_of(home, sft=easy)).done == ("sft", "evaluate", "register")
    assert {path.name for path in (home / "retrain" / "runs").iterdir()} == runs


def test_a_stopped_training_goes_on(home):
    other = dataclasses.replace(PART, settings={**PART.settings, "learning_rate": 2e-4})

    class StopAtTwo:
        def step(self, news):
            if news.step == 2:
                STOP.set()

        def saved(self, checkpoint):
            self.checkpoint = checkpoint

    stopper = StopAtTwo()
    with watch_steps(stopper), pytest.raises(TrainingInterruptedError):
        retrain(config_of(home, sft=other))
    STOP.clear()
    steps = []

    class Steps:
        def step(self, news):
            steps.append(news.step)

        def saved(self, checkpoint):
            raise AssertionError(checkpoint)

    with watch_steps(Steps()):
        summary = retrain(config_of(home, sft=other))
    assert summary.done == ("sft", "evaluate", "register")
    assert steps == [3, 4]
    entry = Ledger(home / "retrain" / "ledger.json").last_done("sft", lambda _: True)
    assert entry.attempts == 2


def test_a_dataset_that_is_replaced_meanwhile_is_not_mixed(home):
    class Replace:
        def stage_news(self, stage, text):
            if stage == "sft" and "begins" in text:
                shutil.rmtree(home / "set")
                write_set(home / "set", train=10)

    other = dataclasses.replace(PART, settings={**PART.settings, "learning_rate": 4e-4})
    with watch_stages(Replace()), pytest.raises(StickgenError, match="replaced during stage sft"):
        retrain(config_of(home, sft=other))
    assert champion_of("stickgen") == "models:/stickgen/1"


@pytest.mark.parametrize("place", ["set/retrain", "."])
def test_a_folder_of_others_is_refused(home, place):
    (home / "thesis").mkdir()
    with pytest.raises(ConfigError):
        retrain(config_of(home, work=str(home / place)))


def test_two_at_once_are_refused(home):
    class Inside:
        told = ""

        def stage_news(self, stage, text):
            if not self.told:
                with pytest.raises(StickgenError) as caught:
                    retrain(config_of(home))
                self.told = str(caught.value)

    inside = Inside()
    with watch_stages(inside):
        retrain(config_of(home))
    assert "another retraining is at work" in inside.told


def test_a_killed_retraining_goes_on(built, tmp_path, monkeypatch):
    """From raw motion, in a program of its own that is killed in the middle of a training."""
    _, config, _ = built
    monkeypatch.chdir(tmp_path)
    long = {**PART.settings, "max_steps": 400, "save_every": 2, "validate_every": 200}
    values = {
        "build": dataclasses.asdict(
            BuildConfig(sources=config.sources, out=str(tmp_path / "set"), runner="thread")
        ),
        "work": str(tmp_path / "retrain"),
        "variant": "tiny",
        "encoder": "hash-64",
        "device": "cpu",
        "pretrain": {**dataclasses.asdict(PART), "settings": long},
        "sft": None,
    }
    (tmp_path / "c.yaml").write_text(json.dumps(values))
    command = [sys.executable, "-m", "flows.cli", "retrain", "--config", "c.yaml"]
    runs = tmp_path / "retrain" / "runs"
    with subprocess.Popen(command, start_new_session=True, env=dict(os.environ)) as child:
        deadline = time.monotonic() + 300
        while not list(runs.glob("*/checkpoints/step-*/config.json")):
            assert child.poll() is None, "it ended before it could be killed"
            assert time.monotonic() < deadline
            time.sleep(0.05)
        os.killpg(child.pid, signal.SIGKILL)
    ledger = Ledger(tmp_path / "retrain" / "ledger.json")
    assert [(e.stage, e.state) for e in ledger.entries] == [
        ("build", "done"),
        ("embed", "done"),
        ("pretrain", "begun"),
    ]
    killed = max(int(p.name.partition("-")[2]) for p in runs.glob("*/checkpoints/step-*"))
    data = hashes(tmp_path / "set")
    steps = []

    class Stop:
        def step(self, news):
            steps.append(news.step)
            STOP.set()

        def saved(self, checkpoint):
            self.checkpoint = checkpoint

    from flows.config_file import check_fields

    with watch_steps(Stop()), pytest.raises(TrainingInterruptedError):
        retrain(check_fields(RetrainConfig, values, where="here"))
    STOP.clear()
    assert steps == [killed + 1]
    assert hashes(tmp_path / "set") == data
