"""What goes into the registry."""

from __future__ import annotations

import json
import subprocess
import sys
from importlib.metadata import version
from pathlib import Path

import pytest
import torch

from stickgen_model.codec import MotionCodec
from stickgen_model.config import variant_config
from stickgen_model.export_model.export import export_model
from stickgen_model.generate import StickGen
from stickgen_model.model.multimodal import build_model
from stickgen_model.text.encoder import identity_of
from stickgen_model.text.hashing import HashEncoder
from stickgen_model.training.checkpoint import (
    CheckpointError,
    CheckpointInfo,
    write_folder,
    write_inference_files,
)
from tasks.register.package import (
    TrainedBy,
    find_model,
    requirements,
    stage_code,
    stage_model,
)


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    """The folder of a run with one checkpoint, and what it needs to go on."""
    root = tmp_path_factory.mktemp("run")
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
    codec = MotionCodec(torch.zeros(20), torch.full((20,), 0.1))

    def fill(part):
        write_inference_files(part, info, weights=weights, codec=codec)
        (part / "optimiser.pt").write_bytes(b"large")

    write_folder(root / "checkpoints" / "step-00000003", fill)
    (root / "mlflow.json").write_text(json.dumps({"uri": "sqlite:///x.db", "run_id": "abc"}))
    return root


def test_facts_of_a_run(run):
    package = find_model(run)
    assert package.folder.name == "step-00000003"
    assert package.trained_by == TrainedBy(uri="sqlite:///x.db", run_id="abc")
    count = sum(p.numel() for p in build_model(variant_config("tiny")).parameters())
    assert package.tags == {
        "variant": "tiny",
        "parameters": str(count),
        "encoder": "hash-64",
        "stage": "sft",
        "step": "3",
        "schedule": "cosine",
        "diffusion": "true",
        "multimodal": "false",
        "weights": "safetensors fp32",
    }


@pytest.mark.parametrize("content", [None, "", "[]", '{"uri": "x"}'])
def test_a_checkpoint_whose_run_is_not_known(run, tmp_path, content):
    folder = tmp_path / "checkpoints" / "step-00000003"
    stage_parent(run, folder)
    if content is not None:
        (tmp_path / "mlflow.json").write_text(content)
    assert find_model(tmp_path).trained_by is None


def stage_parent(run, folder):
    folder.parent.mkdir(parents=True)
    stage_model(find_model(run), folder)


def test_only_what_generates_is_kept(run, tmp_path):
    stage_model(find_model(run), tmp_path / "checkpoint")
    names = {path.name for path in (tmp_path / "checkpoint").iterdir()}
    assert names == {"config.json", "model.safetensors"}
    StickGen.from_pretrained(tmp_path / "checkpoint")


@pytest.mark.parametrize("as_file", [False, True])
def test_exports_can_be_registered(run, tmp_path, as_file):
    report = export_model(run, tmp_path / "out", precision="int8")
    package = find_model(report.file if as_file else report.folder)
    assert package.tags["weights"] == "onnx int8"
    assert package.tags["step"] == "3"
    stage_model(package, tmp_path / "checkpoint")
    StickGen.from_pretrained(tmp_path / "checkpoint")
    small = export_model(run, tmp_path / "half", to="safetensors", precision="fp16")
    assert find_model(small.folder).tags["weights"] == "safetensors fp16"


def test_nothing_there_is_told(tmp_path):
    with pytest.raises(CheckpointError, match=r"config\.json"):
        find_model(tmp_path)


def test_requirements_are_what_is_installed():
    lines = requirements()
    assert f"mlflow=={version('mlflow')}" in lines
    assert f"torch=={version('torch').split('+')[0]}" in lines
    assert all("==" in line for line in lines)


@pytest.mark.slow
def test_the_copied_code_serves_by_itself(tmp_path):
    """No module of it is taken from elsewhere."""
    paths = stage_code(tmp_path / "code")
    assert [Path(path).name for path in paths] == ["datasets_spec", "stickgen_model", "tasks"]
    code = f"""
import sys
root = {str(tmp_path)!r}
sys.path.insert(0, root + "/code")
import tasks.serve.task
ours = [
    module.__file__ for name, module in sys.modules.items()
    if name.partition(".")[0] in ("tasks", "stickgen_model", "datasets_spec", "flows")
]
assert ours and all(file.startswith(root) for file in ours), ours
"""
    subprocess.run([sys.executable, "-c", code], check=True, cwd=tmp_path, timeout=120)
