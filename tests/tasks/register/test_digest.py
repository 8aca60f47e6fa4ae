"""The digest of a model: of the bytes that generate, and of nothing else."""

from __future__ import annotations

import hashlib
import shutil

import pytest
import torch

from stickgen_model.codec import MotionCodec
from stickgen_model.config import variant_config
from stickgen_model.export_model.export import export_model
from stickgen_model.model.multimodal import build_model
from stickgen_model.text.encoder import identity_of
from stickgen_model.text.hashing import HashEncoder
from stickgen_model.training.checkpoint import (
    CheckpointError,
    CheckpointInfo,
    write_folder,
    write_inference_files,
)
from tasks.register.digest import folder_digest, model_digest
from tasks.register.package import find_model, stage_model


@pytest.fixture(scope="module")
def run(tmp_path_factory):
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
    return root


def test_by_hand(run):
    folder = run / "checkpoints" / "step-00000003"
    lines = [
        f"{name} {hashlib.sha256((folder / name).read_bytes()).hexdigest()}\n"
        for name in ("config.json", "model.safetensors")
    ]
    assert model_digest(run) == hashlib.sha256("".join(lines).encode()).hexdigest()


def test_the_same_model_wherever_it_lies(run, tmp_path):
    first = model_digest(run)
    assert model_digest(run / "checkpoints" / "step-00000003") == first
    stage_model(find_model(run), tmp_path / "registered")
    assert model_digest(tmp_path / "registered") == first
    shutil.copytree(run / "checkpoints" / "step-00000003", tmp_path / "copy")
    (tmp_path / "copy" / "optimiser.pt").unlink()
    assert model_digest(tmp_path / "copy") == first


def test_one_other_byte_is_another_model(run, tmp_path):
    folder = tmp_path / "copy"
    shutil.copytree(run / "checkpoints" / "step-00000003", folder)
    content = bytearray((folder / "model.safetensors").read_bytes())
    content[-1] ^= 1
    (folder / "model.safetensors").write_bytes(content)
    assert folder_digest(folder) != model_digest(run)


def test_exports(run, tmp_path):
    report = export_model(run, tmp_path / "out", precision="int8")
    assert model_digest(report.folder) != model_digest(run)
    stage_model(find_model(report.file), tmp_path / "registered")
    assert folder_digest(tmp_path / "registered") == model_digest(report.file)


def test_nothing_there(tmp_path):
    with pytest.raises(CheckpointError):
        model_digest(tmp_path)
