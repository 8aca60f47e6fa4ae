"""A registered model: what the store tells of it, and how MLflow's own server answers."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import mlflow
import pytest
import torch
from mlflow import MlflowClient
from starlette.testclient import TestClient

from datasets_spec.errors import ConfigError, StickgenError
from stickgen_model.codec import MotionCodec
from stickgen_model.config import variant_config
from stickgen_model.model.multimodal import build_model
from stickgen_model.text.encoder import identity_of
from stickgen_model.text.hashing import HashEncoder
from stickgen_model.training.checkpoint import (
    CheckpointInfo,
    write_folder,
    write_inference_files,
)
from tasks.track.task import track_build

pytestmark = [pytest.mark.slow, pytest.mark.filterwarnings("ignore")]


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    """A folder with a default store, a run that is tracked in it, and its checkpoint."""
    root = tmp_path_factory.mktemp("register")
    torch.manual_seed(0)
    info = CheckpointInfo(
        model=variant_config("tiny"),
        encoder=identity_of(HashEncoder(64)),
        schedule="cosine",
        diffusion=True,
        stage="sft",
        step=3,
    )
    weights = build_model(info.model).state_dict()
    mean = torch.zeros(20)
    mean[3] = 0.55
    codec = MotionCodec(mean, torch.full((20,), 0.05))
    write_folder(
        root / "run" / "checkpoints" / "step-00000003",
        lambda part: write_inference_files(part, info, weights=weights, codec=codec),
    )
    before = list(sys.path)
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(root)
        patch.delenv("MLFLOW_TRACKING_URI", raising=False)
        patch.setenv("_MLFLOW_IS_IN_SERVING_ENVIRONMENT", "false")
        with track_build("training", params={}) as tracker:
            tracker.log_dataset(root, name="data", digest="f" * 64, context="train")
        told = {"uri": tracker.uri, "run_id": tracker.run_id}
        (root / "run" / "mlflow.json").write_text(json.dumps(told))
        yield root
    sys.path[:] = before


@pytest.fixture(scope="module")
def register_model():
    # mlflow.pyfunc warns when it is imported, of hints of its own
    from tasks.register.task import register_model

    return register_model


@pytest.fixture(scope="module")
def registered(home, register_model):
    return register_model(home / "run", name="stickgen", alias="candidate")


@pytest.fixture(scope="module")
def server(registered):
    from mlflow.pyfunc import scoring_server

    before = mlflow.get_tracking_uri()
    mlflow.set_tracking_uri(registered.tracking_uri)
    model = mlflow.pyfunc.load_model(registered.uri)
    mlflow.set_tracking_uri(before)
    with TestClient(scoring_server.init(model)) as client:
        yield client


def ask(server, rows, **params):
    body = {"dataframe_records": rows, "params": {"steps": 1, **params}}
    answer = server.post("/invocations", json=body)
    assert answer.status_code == 200, answer.text
    return answer.json()["predictions"]


def test_the_version_is_found_with_its_facts(registered):
    assert (registered.name, registered.version) == ("stickgen", "1")
    assert registered.uri == "models:/stickgen@candidate"
    client = MlflowClient(registered.tracking_uri)
    version = client.get_model_version_by_alias("stickgen", "candidate")
    assert version.version == 1 or version.version == "1"
    assert version.tags["encoder"] == "hash-64"
    assert version.tags["data"] == "f" * 36
    assert int(version.tags["parameters"]) > 100_000
    run = client.get_run(version.run_id)
    assert run.info.status == "FINISHED"
    assert version.tags["trained_by"] != version.run_id


def test_the_checkpoint_lies_under_its_name(registered):
    before = mlflow.get_tracking_uri()
    mlflow.set_tracking_uri(registered.tracking_uri)
    try:
        folder = mlflow.artifacts.download_artifacts(f"{registered.uri}/artifacts/checkpoint")
        signature = mlflow.models.get_model_info(registered.uri).signature
    finally:
        mlflow.set_tracking_uri(before)
    assert (Path(folder) / "config.json").is_file()
    names = {column.name: column.required for column in signature.inputs.inputs}
    assert names["prompt"] is True
    assert {"seconds", "seed", "format"} <= {n for n, required in names.items() if not required}
    assert [param.name for param in signature.params.params] == ["steps", "guidance"]


def test_joints_and_svg(server):
    rows = [
        {"prompt": "a man waves", "seconds": 0.6, "seed": 3},
        {"prompt": "a man waves", "seconds": 0.6, "format": "svg"},
    ]
    joints, svg = ask(server, rows)
    assert [len(joints["joints"]), len(joints["joints"][0])] == [1, 15]
    assert (joints["fps"], joints["seed"], joints["error"]) == (25.0, 3, None)
    assert svg["text"].startswith("<svg ")
    assert svg["joints"] is None
    assert ask(server, rows) == [joints, svg]


def test_bad_rows_get_errors_of_their_own(server):
    found = ask(
        server,
        [
            {"prompt": "a", "seconds": 900},
            {"prompt": "a", "seconds": 0.6},
            {"prompt": None},
            {"prompt": "a", "format": "gif"},
        ],
    )
    assert [one["error"] is None for one in found] == [False, True, False, False]
    assert found[0]["error"].startswith("seconds: expected 0.4..30, got 900")


@pytest.mark.parametrize(
    "body",
    [
        "nonsense",
        '{"a": 1}',
        '{"dataframe_records": [{"text": "a wave"}]}',
        '{"dataframe_records": [{"prompt": "a", "seconds": "long"}]}',
        '{"dataframe_records": [{"prompt": "a"}], "params": {"steps": 9000}}',
        json.dumps({"dataframe_records": [{"prompt": "a"}] * 33}),
    ],
)
def test_malformed_requests_are_bad_requests(server, body):
    headers = {"content-type": "application/json"}
    answer = server.post("/invocations", content=body, headers=headers)
    assert answer.status_code == 400
    assert "Traceback" not in answer.text


@pytest.mark.parametrize(
    "body",
    [
        {"inputs": [{"prompt": "a man waves", "seconds": 1, "seed": 3}]},
        {"instances": [{"prompt": "a man waves", "seconds": 1, "seed": 3}]},
        {"inputs": {"prompt": ["a man waves"], "seconds": [1], "seed": [3]}},
        {
            "dataframe_split": {
                "columns": ["prompt", "seconds", "seed"],
                "data": [["a man waves", 1, 3]],
            }
        },
    ],
)
def test_every_form_of_request_that_mlflow_knows(server, body):
    answer = server.post("/invocations", json={**body, "params": {"steps": 1}})
    assert answer.status_code == 200, answer.text
    (own,) = ask(server, [{"prompt": "a man waves", "seconds": 1, "seed": 3}])
    assert answer.json()["predictions"] == [own]


def test_a_fault_of_ours_is_told_without_its_inside(server, monkeypatch):
    def fail(*_):
        msg = "secret path /home/x"
        raise RuntimeError(msg)

    monkeypatch.setattr("tasks.serve.answers.Answerer.answer", fail)
    answer = server.post("/invocations", json={"dataframe_records": [{"prompt": "a"}]})
    assert answer.status_code == 500
    assert "secret" not in answer.text
    assert "Traceback" not in answer.text


def test_a_second_version(registered, home, register_model):
    step = home / "run" / "checkpoints" / "step-00000003"
    again = register_model(step, name="stickgen")
    assert again.version == "2"
    assert again.uri == "models:/stickgen/2"
    client = MlflowClient(registered.tracking_uri)
    assert str(client.get_model_version_by_alias("stickgen", "candidate").version) == "1"


def test_the_callers_store_is_left_alone(registered):
    assert mlflow.active_run() is None


@pytest.mark.parametrize(("name", "alias"), [("", None), ("a/b:c", None), ("fine", "v1")])
def test_names_that_mlflow_refuses(home, name, alias, register_model):
    with pytest.raises(ConfigError, match="allows no model"):
        register_model(home / "run", name=name, alias=alias)


def test_no_model_no_run(home, tmp_path, register_model):
    with pytest.raises(StickgenError, match=r"config\.json"):
        register_model(tmp_path, name="stickgen")
