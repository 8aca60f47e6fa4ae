"""Judges of a dataset, and an evaluation from a checkpoint to its files and tracked numbers."""

from __future__ import annotations

from dataclasses import replace

import pytest
import torch
from mlflow import MlflowClient

from stickgen_model.codec import MotionCodec
from stickgen_model.config import variant_config
from stickgen_model.evaluate.evaluation import Evaluation
from stickgen_model.evaluate.examples import load_examples
from stickgen_model.model.multimodal import build_model
from stickgen_model.text.encoder import identity_of
from stickgen_model.text.hashing import HashEncoder
from stickgen_model.training.checkpoint import CheckpointInfo, write_folder, write_inference_files
from tasks.evaluate.job import EvaluateJob
from tasks.evaluate.task import find_judges, measure_model
from tasks.judge.judges import JudgesError
from tasks.register.digest import model_digest
from tests.tasks.evaluate.actors import make_judges
from tests.tasks.evaluate.conftest import SMALL

TINY = replace(SMALL, prompts=8, repeats=3, again=0, scripts=0, copies=0, suite_prompts=0, steps=1)


@pytest.fixture(scope="module")
def checkpoint(tmp_path_factory):
    torch.manual_seed(0)
    encoder = identity_of(HashEncoder(64))
    info = CheckpointInfo(
        model=variant_config("tiny"),
        encoder=encoder,
        schedule="cosine",
        diffusion=True,
        stage="sft",
        step=3,
    )
    codec = MotionCodec(torch.zeros(20), torch.full((20,), 0.05))
    weights = build_model(info.model).state_dict()
    folder = tmp_path_factory.mktemp("run") / "checkpoints" / "step-00000003"
    write_folder(
        folder, lambda part: write_inference_files(part, info, weights=weights, codec=codec)
    )
    return folder


def test_named_judges_are_looked_at(data, tmp_path):
    job = EvaluateJob(data=str(data), judges=str(tmp_path / "none"))
    with pytest.raises(JudgesError, match=r"no judges\.json; make one with: stickgen judges"):
        find_judges.fn(job)


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore")
def test_judges_are_made_once_and_again_for_other_data(data, tmp_path, monkeypatch):
    monkeypatch.setenv("MLFLOW_TRACKING_URI", f"sqlite:///{tmp_path}/mlflow.db")
    monkeypatch.chdir(tmp_path)
    link = tmp_path / "set"
    link.symlink_to(data)
    told = []
    job = EvaluateJob(data=str(link), judge_steps=12)
    first = find_judges.fn(job, tell=told.append)
    assert job.judges_folder.is_dir()
    assert find_judges.fn(job, tell=told.append).digest == first.digest
    assert len(told) == 1
    file = job.judges_folder / "judges.json"
    file.write_text(file.read_text().replace(first.fingerprint, "0" * 64))
    named = replace(job, judges=str(job.judges_folder))
    with pytest.raises(JudgesError, match="fingerprint"):
        find_judges.fn(named)
    assert find_judges.fn(job, tell=told.append).fingerprint == first.fingerprint
    assert len(told) == 2


@pytest.mark.filterwarnings("ignore")
def test_files_and_tracked_numbers(data, checkpoint, tmp_path, monkeypatch):
    monkeypatch.setenv("MLFLOW_TRACKING_URI", f"sqlite:///{tmp_path}/mlflow.db")
    monkeypatch.chdir(tmp_path)
    out = tmp_path / "out"
    job = EvaluateJob(data=str(data), out=str(out), settings=TINY)
    found = measure_model.fn(job, make_judges(), model=checkpoint)
    assert Evaluation.load(out / "evaluation.json") == found.evaluation
    assert found.evaluation.model["digest"] == model_digest(checkpoint)
    assert found.evaluation.model["parameters"] > 0
    assert len(load_examples(out / "examples.npz")) == 3
    assert (out / "report.html").stat().st_size > 10_000
    # this checkpoint tells nothing of its training: no card, and that is said
    assert found.card_fault
    assert not (out / "README.md").exists()
    measure_model.fn(replace(job, card_gaps=True), make_judges(), model=checkpoint)
    assert "TBD" not in (out / "README.md").read_text()
    run = MlflowClient(tracking_uri=found.tracking_uri).get_run(found.run_id)
    assert run.info.status == "FINISHED"
    fid = found.evaluation.row().metrics["fid"]
    assert run.data.metrics["eval/model/fid"] == pytest.approx(fid.mean)
    assert run.data.tags["model.digest"] == model_digest(checkpoint)
