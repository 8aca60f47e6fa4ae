"""The commands `stickgen export-model` and `stickgen register`."""

from __future__ import annotations

import json

import pytest
import torch

from flows.cli import main
from stickgen_model.codec import MotionCodec
from stickgen_model.config import variant_config
from stickgen_model.model.multimodal import build_model
from stickgen_model.text.encoder import identity_of
from stickgen_model.text.hashing import HashEncoder
from stickgen_model.training.checkpoint import CheckpointInfo, write_folder, write_inference_files


@pytest.fixture(scope="module")
def checkpoint(tmp_path_factory):
    torch.manual_seed(0)
    info = CheckpointInfo(
        model=variant_config("tiny"),
        encoder=identity_of(HashEncoder(64)),
        schedule="cosine",
        diffusion=True,
        stage="pretrain",
        step=3,
    )
    weights = build_model(info.model).state_dict()
    codec = MotionCodec(torch.zeros(20), torch.full((20,), 0.05))
    folder = tmp_path_factory.mktemp("models") / "step-00000003"
    write_folder(folder, lambda p: write_inference_files(p, info, weights=weights, codec=codec))
    return str(folder)


def run(capsys, *arguments):
    status = main([str(one) for one in arguments])
    captured = capsys.readouterr()
    return status, captured.out, " ".join(captured.err.split())


@pytest.mark.parametrize(("to", "file"), [("onnx", "model.onnx"), ("safetensors", "config.json")])
def test_an_export_is_told_and_there(capsys, checkpoint, tmp_path, to, file):
    flags = ("--to", to, "--precision", "int8", "--out", tmp_path / "out")
    status, out, error = run(capsys, "export-model", "--model", checkpoint, *flags)
    assert (status, error) == (0, "")
    assert "MB, int8; answers differ by" in out
    assert (tmp_path / "out" / file).is_file()
    told = json.loads((tmp_path / "out" / "export.json").read_text())
    assert (told["to"], told["precision"]) == (to, "int8")


@pytest.mark.parametrize(
    ("flags", "status", "match"),
    [
        (("--to", "tf"), 2, "to: expected one of onnx, safetensors; got 'tf'"),
        (("--precision", "int4"), 2, "precision: expected one of fp32, fp16, int8; got 'int4'"),
        (("--model", "/nowhere"), 2, "/nowhere"),
        (("--adapter", "/nowhere.safetensors"), 1, "expected a safetensors file"),
        (("--out", "/proc/none/out"), 1, "cannot be written"),
    ],
)
def test_what_cannot_be_exported_is_one_clear_line(
    capsys, checkpoint, tmp_path, flags, status, match
):
    given = {"--model": checkpoint, "--out": tmp_path / "out", "--to": "safetensors"}
    given |= dict([flags])
    found, out, error = run(capsys, "export-model", *[w for pair in given.items() for w in pair])
    assert (found, out) == (status, "")
    assert match in error
    assert not (tmp_path / "out").exists()


@pytest.mark.filterwarnings("ignore")  # of mlflow, when it is imported
def test_what_cannot_be_registered_is_one_clear_line(capsys, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    status, out, error = run(capsys, "register", "--model", tmp_path / "absent")
    assert (status, out) == (1, "")
    assert "expected a checkpoint folder" in error
    assert list(tmp_path.iterdir()) == []


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore")
def test_a_registered_model_is_told_how_to_be_served(capsys, checkpoint, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("MLFLOW_TRACKING_URI", raising=False)
    flags = ("--name", "figures", "--alias", "candidate")
    status, out, _ = run(capsys, "register", "--model", checkpoint, *flags)
    assert status == 0
    assert out.startswith(f"figures, version 1, in sqlite:///{tmp_path}/mlflow.db\n")
    assert "mlflow models serve -m models:/figures@candidate --env-manager local" in out
