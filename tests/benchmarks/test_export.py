"""The table of what smaller weights cost, with a tiny model."""

from __future__ import annotations

import pytest
import torch

from benchmarks.export import EXPORTS, ExportRow, Trial, as_markdown, compare, main
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
        diffusion=False,
        stage="pretrain",
        step=3,
    )
    weights = build_model(info.model).state_dict()
    codec = MotionCodec(torch.zeros(20), torch.full((20,), 0.05))
    folder = tmp_path_factory.mktemp("export") / "step-00000003"
    write_folder(folder, lambda p: write_inference_files(p, info, weights=weights, codec=codec))
    return folder


@pytest.mark.slow
def test_rows_of_all_exports(checkpoint, tmp_path):
    trial = Trial(prompts=["a", "b"], truth=["walk", "run"], classifier=None, seconds=0.6, repeat=1)
    rows = compare(checkpoint, trial, scratch=tmp_path)
    assert [row.name for row in rows] == [f"{to} {precision}" for to, precision in EXPORTS]
    by_name = {row.name: row for row in rows}
    assert by_name["safetensors fp32"].worst == 0.0
    assert by_name["onnx fp32"].worst < 1e-3
    assert by_name["safetensors fp16"].mean < by_name["safetensors int8"].mean
    assert all(row.milliseconds > 0 and row.top1 is row.same is None for row in rows)


def test_the_table():
    row = ExportRow(
        name="onnx int8",
        sampler="one step",
        megabytes=7.69,
        milliseconds=12.3,
        mean=0.00631,
        worst=0.05,
        quality=0.987,
        top1=0.5,
        same=None,
    )
    trial = Trial(prompts=["a"], truth=["walk"], classifier=None)
    table = as_markdown([row], trial)
    assert "| onnx int8 | one step | 7.7 | 12 | 0.0063 | 0.05 | 0.987 | 0.500 | - |" in table
    assert "1 prompts, 4 s each, seed 0" in table


def test_wrong_usage(capsys):
    with pytest.raises(SystemExit):
        main([])
    assert "--model" in capsys.readouterr().err
