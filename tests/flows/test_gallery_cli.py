"""`stickgen gallery`: one page, and mistakes in one line."""

from __future__ import annotations

import runpy
from contextlib import ExitStack
from pathlib import Path

import pytest

from datasets_spec.errors import ConfigError
from flows.cli import _parser, main
from flows.gallery_cli import request_from

MADE = runpy.run_path(str(Path(__file__).parents[1] / "tasks" / "gallery" / "conftest.py"))


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    run = tmp_path_factory.mktemp("gallery") / "tiny"
    for seed, step in enumerate((5, 10)):
        MADE["save_checkpoint"](run / f"step-{step:08d}", step=step, seed=seed)
    return run


def asked(flags):
    with ExitStack() as stack:
        return request_from(_parser().parse_args(flags), stack)


def told_by(capsys):
    return " ".join(capsys.readouterr().err.split())


def test_a_page_of_two_checkpoints(run, tmp_path, capsys):
    out = tmp_path / "page.html"
    flags = ["--checkpoints", str(run), "--prompt", "one walks", "--seconds", "0.4"]
    assert main(["gallery", *flags, "--steps", "1", "--out", str(out)]) == 0
    told = capsys.readouterr()
    assert f"1 prompt, 2 models: {out}" in told.out
    assert "tiny 5: " in told.err
    page = out.read_bytes()
    assert main(["gallery", *flags, "--steps", "1", "--out", str(out)]) == 0
    assert out.read_bytes() == page
    assert [p.name for p in tmp_path.iterdir()] == ["page.html"]


def test_prompts_come_from_flags_and_files_or_are_our_own(run, tmp_path):
    path = tmp_path / "p.txt"
    path.write_text("two run\n\n")
    flags = ["gallery", "--model", str(run)]
    request = asked([*flags, "--prompt", "one", "--prompts", str(path)])
    assert [prompt.text for prompt in request.prompts] == ["one", "two run"]
    assert len(asked(flags).prompts) > 24
    path.write_text("\n \n")
    with pytest.raises(ConfigError, match="got 0"):
        asked([*flags, "--prompts", str(path)])


@pytest.mark.parametrize(
    ("flags", "status", "told"),
    [
        ("", 2, "expected a model: --model"),
        ("--model ABSENT", 2, "does not exist"),
        ("--model HERE", 2, "holds none"),
        ("--checkpoints ABSENT", 2, "does not exist"),
        ("--model RUN --prompts ABSENT", 2, "cannot read the sentences"),
        ("--model RUN --seconds 0", 2, "10..3000 frames"),
        ("--model RUN --seconds nan", 2, "finite number of seconds"),
        ("--model RUN --steps 0", 2, "steps"),
        ("--model RUN --seed -1", 2, "seed >= 0"),
        ("--model RUN --data ABSENT", 2, "expected a dataset folder"),
        ("--model RUN --classifier ABSENT", 1, "expected a checkpoint folder"),
        ("--model RUN --out ABSENT/x.html", 1, "expected an existing folder"),
        ("--model RUN --out HERE", 1, "expected the name of a file"),
        ("--model RUN --out /proc/x.html", 1, "cannot be written"),
    ],
)
def test_mistakes_are_told(run, tmp_path, capsys, monkeypatch, flags, status, told):
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("STICKGEN_MODEL", raising=False)
    monkeypatch.delenv("MLFLOW_TRACKING_URI", raising=False)
    names = {"ABSENT": str(tmp_path / "absent"), "HERE": str(tmp_path), "RUN": str(run)}
    for name, place in names.items():
        flags = flags.replace(name, place)
    assert main(["gallery", *flags.split()]) == status
    text = told_by(capsys)
    assert told in text
    assert "Traceback" not in text
    assert list(tmp_path.iterdir()) == []


def test_a_model_that_fails_is_told_beside_the_page(run, tmp_path, capsys):
    folder = MADE["save_checkpoint"](tmp_path / "step-00000001", step=1)
    (folder / "config.json").write_text("{}")
    out = tmp_path / "page.html"
    flags = ["--model", str(folder), "--model", str(run), "--prompt", "x", "--seconds", "0.4"]
    assert main(["gallery", *flags, "--steps", "1", "--out", str(out)]) == 0
    told = capsys.readouterr()
    assert "1 prompt, 2 models (1 failed)" in told.out
    assert "failed: " in told.err
    assert "expected a checkpoint of format" in out.read_text()


def test_without_a_flag_it_is_the_newest_run(run, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("MLFLOW_TRACKING_URI", raising=False)
    for name in ("variable", "run"):
        monkeypatch.setenv("STICKGEN_MODEL", str(run) if name == "variable" else "")
        (source,) = asked(["gallery"]).sources
        assert source.label == ("tiny 10" if name == "variable" else "mine 3")
        MADE["save_checkpoint"](tmp_path / "runs/mine/checkpoints/step-00000003", step=3)


def test_damaged_models_are_told_and_leave_nothing(run, tmp_path, capsys):
    folder = MADE["save_checkpoint"](tmp_path / "step-00000001", step=1)
    (folder / "model.safetensors").write_bytes(b"")
    out = tmp_path / "page.html"
    assert main(["gallery", "--model", str(folder), "--prompt", "x", "--out", str(out)]) == 1
    assert "none of 1 models could generate" in told_by(capsys)
    assert not out.exists()
