"""The flow evaluate, from a checkpoint and a dataset without judges to its files."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
import torch
from mlflow import MlflowClient

from flows.evaluation import evaluate
from stickgen_model.codec import MotionCodec
from stickgen_model.config import variant_config
from stickgen_model.evaluate.evaluation import Evaluation
from stickgen_model.model.multimodal import build_model
from stickgen_model.text.encoder import identity_of
from stickgen_model.text.hashing import HashEncoder
from stickgen_model.training.checkpoint import CheckpointInfo, write_folder, write_inference_files
from tasks.evaluate.job import EvaluateJob
from tasks.evaluate.settings import EvaluationSettings
from tests.stickgen_model.evaluate.captioned import captioned_rows
from tests.tasks.judge.conftest import make_dataset

pytestmark = [pytest.mark.prefect, pytest.mark.slow, pytest.mark.filterwarnings("ignore")]

SETTINGS = EvaluationSettings(
    prompts=8, repeats=3, again=0, scripts=0, copies=0, suite_prompts=0, steps=1
)


def _checkpoint(folder, *, step):
    torch.manual_seed(step)
    info = CheckpointInfo(
        model=variant_config("tiny"),
        encoder=identity_of(HashEncoder(64)),
        schedule="cosine",
        diffusion=True,
        stage="sft",
        step=step,
    )
    codec = MotionCodec(torch.zeros(20), torch.full((20,), 0.05))
    weights = build_model(info.model).state_dict()
    write_folder(
        folder, lambda part: write_inference_files(part, info, weights=weights, codec=codec)
    )
    return folder


@pytest.fixture
def data(tmp_path):
    rows = captioned_rows(train=12, held_out=6)
    folder = make_dataset(tmp_path / "set", rows)
    free = {"clips": len(rows), "licences": ["CC0-1.0"]}
    statistics = {
        "totals": {"clips": len(rows), "hours": 0.1},
        "splits": {"test": {"clips": 24}},
        "licences": {"CC0-1.0": {"clips": len(rows), "sources": ["procedural"]}},
        "sources": {"procedural": free},
    }
    (folder / "statistics.json").write_text(json.dumps(statistics))
    return folder


def test_a_model_beside_a_champion(server, data, tmp_path, monkeypatch):
    monkeypatch.setenv("MLFLOW_TRACKING_URI", f"sqlite:///{tmp_path}/mlflow.db")
    monkeypatch.chdir(tmp_path)
    job = EvaluateJob(
        model=str(_checkpoint(tmp_path / "a", step=1)),
        champion=str(_checkpoint(tmp_path / "b", step=2)),
        data=str(data),
        judge_steps=12,
        out=str(tmp_path / "out"),
        card_gaps=True,
        settings=SETTINGS,
    )
    found = evaluate(job)
    evaluation = Evaluation.load(tmp_path / "out" / "evaluation.json")
    assert [row.name for row in evaluation.rows][:3] == ["model", "champion", "real"]
    assert {path.name for path in (tmp_path / "out").iterdir()} == {
        "README.md", "evaluation.json", "examples.npz", "report.html",
    }  # fmt: skip
    assert (tmp_path / "set.judges" / "judges.json").is_file()
    client = MlflowClient(tracking_uri=found["tracking_uri"])
    assert client.get_run(found["run_id"]).info.status == "FINISHED"
    # the second time the judges are there; the same is measured
    again = evaluate(replace(job, out=str(tmp_path / "again")))
    second = Evaluation.load(tmp_path / "again" / "evaluation.json")
    assert again["run_id"] != found["run_id"]
    assert (second.rows, second.judges[0].digest) == (evaluation.rows, evaluation.judges[0].digest)
