"""The command stickgen evaluate: what flags ask for, and what is refused before any work."""

from __future__ import annotations

import json

import pytest

from datasets_spec.errors import ConfigError
from flows.cli import main
from flows.evaluate_cli import job_from


def _job(monkeypatch, *argv):
    seen = []
    monkeypatch.setattr(
        "flows.evaluate_cli._evaluate", lambda arguments: seen.append(arguments) or 0
    )
    assert main(["evaluate", *argv]) == 0
    return job_from(seen[0])


def test_flags_win_over_quick_and_file(monkeypatch, tmp_path):
    file = tmp_path / "job.yaml"
    file.write_text(json.dumps({"data": "d", "settings": {"prompts": 50, "repeats": 7}}))
    job = _job(monkeypatch, "--config", str(file), "--quick", "--repeats", "3", "--out", "o")
    assert (job.data, job.out, job.card) == ("d", "o", False)
    assert (job.settings.prompts, job.settings.repeats, job.settings.copies) == (50, 3, 0)


def test_defaults(monkeypatch):
    job = _job(monkeypatch)
    assert (job.data, job.out, job.model, job.champion, job.card) == (
        "data", "evaluation", "", "", True,
    )  # fmt: skip
    assert job.settings.repeats == 20
    assert not job.settings.name_action


@pytest.mark.parametrize(
    ("argv", "told"),
    [
        (["--repeats", "0"], "repeats >= 1"),
        (["--split", "tset"], "tset"),
        (["--guidance", "nan"], "finite guidance"),
        (["--data", "no-such"], "expected the folder of a dataset"),
        (["--config", "none.yaml"], "none.yaml"),
    ],
)
def test_what_cannot_be_is_told_at_once(argv, told, capsys, monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    assert main(["evaluate", *argv]) == 2
    assert told in " ".join(capsys.readouterr().err.split())


def test_unknown_settings_of_a_file(monkeypatch, tmp_path):
    file = tmp_path / "job.yaml"
    file.write_text(json.dumps({"settings": {"promts": 50}}))
    with pytest.raises(ConfigError, match="promts"):
        _job(monkeypatch, "--config", str(file))
