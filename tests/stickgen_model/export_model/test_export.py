"""Exports: what is written, what is refused, and that nothing is left half done."""

from __future__ import annotations

import hashlib
import json

import numpy as np
import pytest
import torch
from safetensors.torch import load_file

from datasets_spec.errors import ConfigError
from stickgen_model.config import variant_config
from stickgen_model.export.whole_file import OutputError
from stickgen_model.export_model import parity as parity_module
from stickgen_model.export_model.export import ExportConfig, export_model
from stickgen_model.export_model.parity import Parity, ParityError, check_parity
from stickgen_model.generate import StickGen
from stickgen_model.lora import inject_lora_adapters, save_lora_file
from stickgen_model.model.multimodal import build_model
from stickgen_model.training.checkpoint import CheckpointError

EVERY = [(to, p) for to in ("onnx", "safetensors") for p in ("fp32", "fp16", "int8")]
ONE_STEP = {"method": "one_step", "seconds": 1.0, "seed": 5}


@pytest.mark.parametrize(("to", "precision"), EVERY)
def test_the_manifest_is_true(exported, to, precision):
    report = exported(to, precision)
    manifest = json.loads((report.folder / "export.json").read_text())
    assert (manifest["to"], manifest["precision"]) == (to, precision)
    files = {path.name for path in report.folder.iterdir()}
    assert set(manifest["files"]) == files - {"export.json"}
    for name, told in manifest["files"].items():
        content = (report.folder / name).read_bytes()
        assert told == {"sha256": hashlib.sha256(content).hexdigest(), "bytes": len(content)}
    assert manifest["parity"] == report.parity.to_dict()
    assert report.num_bytes == report.file.stat().st_size


@pytest.mark.parametrize(("to", "precision"), EVERY)
def test_an_export_is_a_model_like_any_other(exported, checkpoint, to, precision):
    own, other = (
        StickGen.from_pretrained(path).generate(["a walk", "a wave"], **ONE_STEP).joints
        for path in (checkpoint, exported(to, precision).folder)
    )
    # relative to the pelvis: a sum of steps adds up what each is off
    far = np.abs((own - own[..., 1:2, :]) - (other - other[..., 1:2, :])).max()
    assert far <= {"fp32": 1e-5, "fp16": 5e-3, "int8": 0.2}[precision]


@pytest.mark.parametrize(("to", "precision"), [("onnx", "int8"), ("safetensors", "int8")])
def test_the_same_model_gives_the_same_bytes(exported, checkpoint, tmp_path, to, precision):
    report = exported(to, precision)
    export_model(checkpoint, tmp_path / "again", to=to, precision=precision)
    for path in report.folder.iterdir():
        assert (tmp_path / "again" / path.name).read_bytes() == path.read_bytes(), path.name


@pytest.mark.parametrize("to", ["onnx", "safetensors"])
def test_fewer_bits_are_fewer_bytes(exported, to):
    fp32, fp16, int8 = (exported(to, name) for name in ("fp32", "fp16", "int8"))
    assert fp16.num_bytes < 0.6 * fp32.num_bytes
    assert int8.num_bytes < 0.4 * fp32.num_bytes
    assert fp32.parity.relative_rms < 1e-5
    assert fp32.parity.relative_rms <= fp16.parity.relative_rms < int8.parity.relative_rms


def test_safetensors_in_fp32_are_the_weights(exported, checkpoint):
    own, other = (
        load_file(folder / "model.safetensors")
        for folder in (checkpoint, exported("safetensors", "fp32").folder)
    )
    assert set(own) == set(other)
    assert all(torch.equal(own[key], other[key]) for key in own)


def test_adapters_are_folded_in(save_checkpoint, checkpoint, tmp_path):
    network = build_model(variant_config("tiny"))
    network.load_state_dict(
        {k: v for k, v in load_file(checkpoint / "model.safetensors").items() if k[:5] != "codec"}
    )
    inject_lora_adapters(network, rank=2, alpha=4.0)
    torch.manual_seed(3)
    for name, parameter in network.named_parameters():
        if "lora_B" in name:
            torch.nn.init.normal_(parameter, std=0.3)
    save_lora_file(network, tmp_path / "zombie.safetensors")
    adapted = StickGen.from_pretrained(checkpoint, adapter=tmp_path / "zombie.safetensors")
    report = export_model(checkpoint, tmp_path / "out", adapter=tmp_path / "zombie.safetensors")
    plain, own, other = (
        model.generate(["a walk"], **ONE_STEP).joints
        for model in (
            StickGen.from_pretrained(checkpoint),
            adapted,
            StickGen.from_pretrained(report.folder),
        )
    )
    assert np.abs(own - other).max() < 1e-4
    assert np.abs(own - plain).max() > 1e-2


def test_a_checkpoint_with_an_adapter_becomes_a_plain_one(save_checkpoint, checkpoint, tmp_path):
    network = build_model(variant_config("tiny"))
    folder = save_checkpoint(tmp_path / "step-00000001", network, stage="lora", adapter="zombie")
    inject_lora_adapters(network, rank=2, alpha=4.0)
    torch.manual_seed(3)
    for name, parameter in network.named_parameters():
        if "lora_B" in name:
            torch.nn.init.normal_(parameter, std=0.3)
    save_lora_file(network, folder / "adapter.safetensors")
    export_model(folder, tmp_path / "out", to="safetensors")
    assert not (tmp_path / "out" / "adapter.safetensors").exists()
    own, other = (
        StickGen.from_pretrained(path).generate(["a walk"], **ONE_STEP).joints
        for path in (folder, tmp_path / "out")
    )
    assert np.abs(own - other).max() < 1e-4


def test_a_run_stands_for_its_best(save_checkpoint, tmp_path):
    for step in (1, 2):
        torch.manual_seed(step)
        network = build_model(variant_config("tiny"))
        save_checkpoint(tmp_path / "run" / "checkpoints" / f"step-{step:08d}", network, step=step)
    (tmp_path / "run" / "checkpoints" / "best.json").write_text('{"checkpoint": "step-00000001"}')
    export_model(tmp_path / "run", tmp_path / "out", to="safetensors")
    manifest = json.loads((tmp_path / "out" / "export.json").read_text())
    assert manifest["checkpoint"]["step"] == 1


def test_an_export_is_replaced(checkpoint, tmp_path):
    export_model(checkpoint, tmp_path / "out", to="safetensors")
    export_model(checkpoint, tmp_path / "out", to="onnx")
    assert {path.name for path in (tmp_path / "out").iterdir()} == {"model.onnx", "export.json"}


def test_other_folders_are_not_replaced(checkpoint, tmp_path):
    (tmp_path / "thesis.txt").write_text("years of work")
    with pytest.raises(ConfigError, match="expected a new folder or an export"):
        export_model(checkpoint, tmp_path)
    with pytest.raises(ConfigError, match="expected a folder, got a file"):
        export_model(checkpoint, tmp_path / "thesis.txt")
    with pytest.raises(ConfigError, match="expected a new folder or an export"):
        export_model(checkpoint, checkpoint, to="safetensors")
    assert (tmp_path / "thesis.txt").read_text() == "years of work"


def test_a_place_that_cannot_be_written(checkpoint, tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(OutputError, match="cannot be written"):
        export_model(checkpoint, tmp_path / "file" / "out", to="safetensors")


@pytest.mark.parametrize("to", ["onnx", "safetensors"])
def test_an_export_that_answers_differently_is_refused(checkpoint, tmp_path, monkeypatch, to):
    monkeypatch.setitem(parity_module.BOUNDS, "int8", 1e-4)
    with pytest.raises(ParityError, match=r"int8 export differs .* by 0\.\d+ .* at most 0.0001"):
        export_model(checkpoint, tmp_path / "out", to=to, precision="int8")
    assert list(tmp_path.iterdir()) == []


def test_what_is_no_number_is_refused():
    nan = Parity(max_abs=float("nan"), relative_rms=float("nan"), cases=1, clips=1)
    with pytest.raises(ParityError):
        check_parity(nan, "int8", where="x")


def test_what_cannot_be_exported(checkpoint, exported, tmp_path):
    with pytest.raises(CheckpointError, match=r"config\.json"):
        export_model(tmp_path / "nowhere", tmp_path / "out")
    with pytest.raises(ConfigError, match="got an ONNX export"):
        export_model(exported("onnx", "fp32").folder, tmp_path / "out")
    with pytest.raises(ConfigError, match=r"to: expected.*'tf'; precision: expected.*'int4'"):
        ExportConfig(to="tf", precision="int4")
    assert list(tmp_path.iterdir()) == []
