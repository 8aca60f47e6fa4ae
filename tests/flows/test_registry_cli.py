"""`stickgen register --evaluation`, `promote`, `rollback` and `models`."""

from __future__ import annotations

import json

import pytest
import torch

from flows.cli import main
from stickgen_model.codec import MotionCodec
from stickgen_model.config import variant_config
from stickgen_model.evaluate.evaluation import Evaluation, Measured, Row
from stickgen_model.model.multimodal import build_model
from stickgen_model.text.encoder import identity_of
from stickgen_model.text.hashing import HashEncoder
from stickgen_model.training.checkpoint import (
    CheckpointInfo,
    write_folder,
    write_inference_files,
)
from tasks.register.digest import model_digest

pytestmark = pytest.mark.filterwarnings("ignore")  # of mlflow


def write_checkpoint(folder, seed):
    torch.manual_seed(seed)
    info = CheckpointInfo(
        model=variant_config("tiny"),
        encoder=identity_of(HashEncoder(64)),
        schedule="cosine",
        diffusion=True,
        stage="sft",
        step=seed,
    )
    weights = build_model(info.model).state_dict()
    codec = MotionCodec(torch.zeros(20), torch.full((20,), 0.05))
    write_folder(
        folder, lambda part: write_inference_files(part, info, weights=weights, codec=codec)
    )
    return folder


@pytest.fixture
def place(tmp_path, monkeypatch):
    """A working directory without a store, with the rules of a small trial."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("MLFLOW_TRACKING_URI", raising=False)
    (tmp_path / "rules.yaml").write_text("agreed: [fid]\nkept: []\ngates: []\nrows: []\n")
    return tmp_path


def run(capsys, *arguments):
    capsys.readouterr()
    status = main([str(argument) for argument in arguments])
    out, error = capsys.readouterr()
    return status, out, " ".join(error.split())


def write_evaluation(path, model, fid, champion=None, champion_fid=None):
    def row(name, mean):
        value = Measured(mean=mean, low=mean - 0.1, high=mean + 0.1, repeats=20)
        return Row(name=name, kind=name, told="", metrics={"fid": value})

    rows, settings = [row("model", fid)], {}
    if champion is not None:
        rows.append(row("champion", champion_fid))
        settings["champion_digest"] = model_digest(champion)
    facts = {"path": str(model), "digest": model_digest(model)}
    Evaluation(model=facts, data={}, settings=settings, judges=(), rows=tuple(rows)).save(path)
    return path


@pytest.mark.slow
def test_the_whole_way(capsys, place):
    one, two = write_checkpoint(place / "one", 1), write_checkpoint(place / "two", 2)
    rules = ("--rules", place / "rules.yaml")
    first = write_evaluation(place / "first.json", one, 3.0)
    status, out, _ = run(capsys, "register", "--model", one, "--evaluation", first, *rules)
    assert status == 0
    assert out == (
        f"stickgen, version 1, in sqlite:///{place}/mlflow.db\npromoted to champion\n"
        "- there is no champion, and every gate is passed\n"
    )
    worse = write_evaluation(place / "worse.json", two, 4.0, one, 3.0)
    status, out, _ = run(capsys, "register", "--model", two, "--evaluation", worse, *rules)
    assert status == 0
    assert out.splitlines()[1] == "not promoted"
    assert "fid 4 [3.9, 4.1] is worse than the champion's 3 [2.9, 3.1]" in out
    status, out, _ = run(capsys, "register", "--model", two, "--evaluation", worse, *rules)
    assert out.startswith("stickgen, version 2, which was there before, in sqlite")
    status, out, _ = run(capsys, "models")
    lines = out.splitlines()
    assert lines[1].split() == ["2", "candidate", "tiny", "sft", "2", "4", "refused"]
    assert lines[2].split() == ["1", "champion", "tiny", "sft", "1", "3", "promoted"]
    assert "version 2 refused: fid 4 [3.9, 4.1] is worse than" in out
    status, _, error = run(capsys, "promote", "stickgen/2")
    assert status == 2
    assert "--force promotes it all the same" in error
    status, out, _ = run(capsys, "promote", "models:/stickgen/2", "--force")
    told = "stickgen: version 2 is the champion (before: 1); models:/stickgen@champion\n"
    assert (status, out) == (0, told)
    assert "is the champion already" in run(capsys, "promote", "stickgen/2", "--force")[1]
    quick = ("--seconds", "0.4", "--steps", "1")
    asked = ("generate", "x", *quick, "--model", "models:/stickgen@champion")
    assert run(capsys, *asked, "-o", "a.motion")[0] == 0
    status, out, _ = run(capsys, "rollback")
    told = "stickgen: version 1 is the champion (before: 2); models:/stickgen@champion\n"
    assert (status, out) == (0, told)
    assert run(capsys, *asked, "-o", "b.motion")[0] == 0
    assert run(capsys, "generate", "x", *quick, "--model", one, "-o", "c.motion")[0] == 0
    assert (place / "b.motion").read_bytes() == (place / "c.motion").read_bytes()
    assert (place / "a.motion").read_bytes() != (place / "b.motion").read_bytes()
    assert "version 2 rolled back to version 1" in run(capsys, "models")[1]
    assert run(capsys, "rollback")[0] == 2


@pytest.mark.parametrize(
    ("flags", "told"),
    [
        (("promote", "stickgen"), "expected NAME/VERSION"),
        (("promote", "stickgen/x"), "expected NAME/VERSION"),
        (("promote", "/3"), "expected NAME/VERSION"),
        (("promote", "stickgen/[red]"), "got 'stickgen/[red]'"),
        (("promote", "stickgen/1"), "found no such file"),
        (("rollback",), "found no such file"),
        (("models", "[b]x"), "[b]x: expected a registry in"),
        (("register", "--model", "m", "--rules", "r"), "add --evaluation FILE"),
        (("register", "--model", "m", "--card", "r"), "add --evaluation FILE"),
        (("register", "--model", "m", "--evaluation", "e", "--alias", "a"), "--alias is for"),
    ],
)
def test_wrong_usage_makes_no_store(capsys, place, flags, told):
    status, out, error = run(capsys, *flags)
    assert (status, out) == (2, "")
    assert told in error
    assert [path.name for path in place.iterdir()] == ["rules.yaml"]


@pytest.mark.parametrize(
    ("text", "told"),
    [(None, "No such file"), ("{", "expected an evaluation"), ("[]", "expected format")],
)
def test_files_that_are_no_evaluation(capsys, place, text, told):
    if text is not None:
        (place / "e.json").write_text(text)
    status, _, error = run(capsys, "register", "--model", "m", "--evaluation", "e.json")
    assert status == 1
    assert told in error


def test_an_evaluation_of_another_model(capsys, place):
    one, two = write_checkpoint(place / "one", 1), write_checkpoint(place / "two", 2)
    file = write_evaluation(place / "e.json", one, 3.0)
    status, _, error = run(capsys, "register", "--model", two, "--evaluation", file)
    assert status == 2
    assert "expected an evaluation of this model" in error
    assert not (place / "mlflow.db").exists()
    (place / "bad.json").write_text(json.dumps({"agreed": ["beauty"]}))
    flags = ("--evaluation", file, "--rules", "bad.json")
    status, _, error = run(capsys, "register", "--model", one, *flags)
    assert status == 2
    assert "got 'beauty'" in error
