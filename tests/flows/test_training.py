"""Pretraining and fine-tuning as whole flows: tracked, gated, gone on with."""

from __future__ import annotations

import dataclasses
import json
import runpy
import signal
from pathlib import Path

import pytest
from mlflow import MlflowClient
from prefect.client.orchestration import get_client
from prefect.client.schemas.filters import ArtifactFilter, ArtifactFilterKey

from datasets_spec.errors import ConfigError, GateError
from flows.finetune import finetune
from flows.pretrain import pretrain
from flows.train_terminal import stop_after_step
from flows.training import TrainingInterruptedError
from tasks.train.job import GateFloors, SampleConfig, TrainJob
from tasks.train.signals import STOP, watch_steps

MADE = runpy.run_path(str(Path(__file__).parents[1] / "tasks" / "train" / "conftest.py"))
EASY = GateFloors(
    min_clips=8,
    min_actions=2,
    max_loss_ratio=9.0,
    min_score=0.0,
    max_bone_variation=1e6,
    min_energy=0.0,
)


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    home = tmp_path_factory.mktemp("train")
    rows = [MADE["make_row"](n, "train") for n in range(24)]
    MADE["write_dataset"](home / "set", rows + [MADE["make_row"](n, "val") for n in range(4)])
    return home


@pytest.fixture(autouse=True)
def _at_home(home, monkeypatch):
    monkeypatch.chdir(home)
    monkeypatch.delenv("MLFLOW_TRACKING_URI", raising=False)
    yield
    STOP.clear()


def job_of(home, **changed):
    job = TrainJob(
        preset="laptop",
        variant="tiny",
        data=str(home / "set"),
        out=str(home / "run"),
        encoder="hash-64",
        device="cpu",
        settings={"max_steps": 4, "batch_size": 4, "validate_every": 2, "precision": "fp32"},
        samples=SampleConfig(every=2, seconds=0.5, steps=1, prompts=("one walks",)),
        gate=EASY,
    )
    return dataclasses.replace(job, **changed)


@pytest.fixture(scope="module")
def pretrained(server, home):
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(home)
        patch.delenv("MLFLOW_TRACKING_URI", raising=False)
        yield pretrain(job_of(home))


@pytest.mark.prefect
@pytest.mark.filterwarnings("ignore")
def test_the_run_is_tracked(pretrained):
    client = MlflowClient(pretrained.tracking_uri)
    run = client.get_run(pretrained.run_id)
    assert run.info.status == "FINISHED"
    assert run.data.params["training.variant"] == "tiny"
    assert run.data.params["training.optim.learning_rate"] == "0.002"
    manifest = json.loads((Path(run.data.params["job.data"]) / "manifest.json").read_text())
    assert run.data.tags["dataset.fingerprint"] == manifest["fingerprint"]
    losses = client.get_metric_history(pretrained.run_id, "train/total")
    assert [entry.step for entry in losses] == [1, 4]
    assert {"system/clips_per_s", "system/peak_rss", "result/quality_score"} <= set(
        run.data.metrics
    )
    kept = {f.path for f in client.list_artifacts(pretrained.run_id)}
    assert {"samples", "checkpoint", "gates", "curves.png", "metrics.csv", "report.json"} <= kept
    names = {f.path for f in client.list_artifacts(pretrained.run_id, "checkpoint")}
    assert names == {"checkpoint/config.json", "checkpoint/model.safetensors"}
    sheets = [f.path for f in client.list_artifacts(pretrained.run_id, "samples")]
    assert sheets == ["samples/step-00000002.png", "samples/step-00000004.png"]
    # the page of its checkpoints lies in the folder, in MLflow and behind a link in Prefect
    assert "gallery.html" in kept
    page = Path(pretrained.gallery)
    assert page == Path(pretrained.out) / "gallery.html"
    text = page.read_text()
    assert "one walks" in text
    assert "step 4" in text
    assert ">real<" in text
    with get_client(sync_client=True) as prefect:
        links = prefect.read_artifacts(
            artifact_filter=ArtifactFilter(key=ArtifactFilterKey(any_=["pretrain-gallery"]))
        )
    assert page.as_uri() in links[0].data


@pytest.mark.slow
@pytest.mark.prefect
@pytest.mark.filterwarnings("ignore")
def test_an_adapter_is_trained_on_the_run(pretrained, home):
    job = job_of(home, stage="lora", init_from=pretrained.out, out=str(home / "lora"))
    summary = finetune(job)
    assert (Path(summary.checkpoint) / "adapter.safetensors").is_file()
    run = MlflowClient(summary.tracking_uri).get_run(summary.run_id)
    assert run.data.tags["run.start"] == pretrained.checkpoint
    assert ">base<" in Path(summary.gallery).read_text()


@pytest.mark.slow
@pytest.mark.prefect
@pytest.mark.filterwarnings("ignore")
def test_a_stopped_run_is_gone_on_with_as_one_tracked_run(pretrained, home):
    job = job_of(home, out=str(home / "stopped"))

    class StopAtTwo:
        def step(self, news):
            if news.step == 2:
                STOP.set()

        def saved(self, checkpoint):
            self.checkpoint = checkpoint

    stopper = StopAtTwo()
    with watch_steps(stopper), pytest.raises(TrainingInterruptedError):
        pretrain(job)
    assert stopper.checkpoint.endswith("step-00000002")
    tracked = json.loads((home / "stopped" / "mlflow.json").read_text())
    client = MlflowClient(tracked["uri"])
    assert client.get_run(tracked["run_id"]).info.status == "KILLED"
    STOP.clear()
    summary = pretrain(job)
    assert summary.run_id == tracked["run_id"]
    assert (summary.step, client.get_run(summary.run_id).info.status) == (4, "FINISHED")


@pytest.mark.slow
@pytest.mark.prefect
@pytest.mark.filterwarnings("ignore")
def test_a_result_below_the_floor_fails_and_is_kept(pretrained, home):
    without = dataclasses.replace(job_of(home).samples, gallery=False)
    page = home / "run" / "gallery.html"
    written = page.stat().st_mtime_ns
    job = job_of(home, samples=without, gate=dataclasses.replace(EASY, min_score=1.0))
    with pytest.raises(GateError, match="rule score-reached"):
        pretrain(job)  # the run is finished: only its result is judged again
    assert page.stat().st_mtime_ns == written
    assert (home / "run" / "checkpoints" / "step-00000004").is_dir()
    tracked = json.loads((home / "run" / "mlflow.json").read_text())
    run = MlflowClient(tracked["uri"]).get_run(tracked["run_id"])
    assert run.info.status == "FAILED"
    assert "score-reached" in run.data.tags["failure"]


@pytest.mark.prefect
@pytest.mark.filterwarnings("ignore")
def test_too_little_data_is_not_trained_on(server, home):
    job = job_of(home, out=str(home / "few"), gate=dataclasses.replace(EASY, min_clips=999))
    with pytest.raises(GateError, match="nothing was trained"):
        pretrain(job)
    assert not (home / "few" / "checkpoints").exists()


def test_flows_refuse_the_other_s_stages():
    with pytest.raises(ConfigError, match="run the flow finetune"):
        pretrain.fn(TrainJob(stage="sft"))
    with pytest.raises(ConfigError, match="run the flow pretrain"):
        finetune.fn(TrainJob())


def test_the_first_interrupt_asks_and_the_second_ends(monkeypatch):
    told, ended = [], []
    monkeypatch.setattr("flows.train_terminal.end_soon", ended.append)
    monkeypatch.setattr("flows.train_terminal.logging.disable", lambda level: None)
    before = signal.getsignal(signal.SIGINT)
    with stop_after_step(told.append):
        signal.raise_signal(signal.SIGINT)
        assert STOP.is_set()
        assert not ended
        with pytest.raises(KeyboardInterrupt):
            signal.raise_signal(signal.SIGTERM)
    assert ended == [130]
    assert "saving after this step" in told[0]
    assert signal.getsignal(signal.SIGINT) is before
