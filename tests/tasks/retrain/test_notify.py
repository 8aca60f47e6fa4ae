"""Who is told how a retraining ended, and what."""

from __future__ import annotations

import json
import sys
from dataclasses import asdict

import pytest

from datasets_spec.errors import ConfigError
from tasks.retrain.config import NotifyConfig, RetrainConfig
from tasks.retrain.notify import NotifyError, notify_config, retrain_news, run_command
from tasks.retrain.outcome import RetrainSummary
from tasks.retrain.stage import RetrainError, StageOutcome

FAILED = RetrainError("sft", "the disk is full\nreally", "run it again")


def summary(**changed):
    stages = (
        StageOutcome(name="build", key="a", skipped=True, seconds=0.1, told="old"),
        StageOutcome(name="sft", key="b", skipped=False, seconds=9.0, told="a | b\nc"),
    )
    values = {
        "work": "/w",
        "data": "/d",
        "fingerprint": "f" * 64,
        "model": "/w/runs/x",
        "stages": stages,
        "seconds": 9.1,
    }
    return RetrainSummary(**{**values, **changed})


def test_a_failure_says_stage_reason_and_remedy():
    news = retrain_news("red-fox", FAILED, message="ignored")
    assert news.event == "failure"
    assert news.subject == "retrain red-fox: stage sft failed: the disk is full"
    assert (news.stage, news.resume) == ("sft", "run it again")
    assert "really" in news.body


@pytest.mark.parametrize(
    ("promoted", "ends"),
    [(True, "sft; new champion"), (False, "sft; champion kept"), (None, "fox: sft")],
)
def test_a_completion_says_what_was_done(promoted, ends):
    news = retrain_news("red-fox", summary(promoted=promoted), message="")
    assert (news.event, news.promoted) == ("completion", promoted)
    assert news.subject.endswith(ends)
    row = next(line for line in news.body.splitlines() if line.startswith("| sft"))
    assert row.count("|") - row.count(r"\|") == 5  # hostile text stays in its cell


@pytest.mark.parametrize("message", ["", "Killed by SIGTERM", "\n"])
def test_a_run_of_which_nothing_is_known(message):
    news = retrain_news("red-fox", None, message=message)
    assert news.event == "failure"
    assert "goes on where it stopped" in news.body
    assert news.subject.strip()


def test_parameters_come_as_values_or_as_plain_ones():
    wanted = NotifyConfig(on=("failure",), command=("a", "b"))
    config = RetrainConfig(data="x", notify=wanted)
    plain = json.loads(json.dumps(asdict(config)))
    assert notify_config({"config": config}) == wanted
    assert notify_config({"config": plain}) == wanted
    assert notify_config({}) == NotifyConfig()
    with pytest.raises(ConfigError):
        notify_config({"config": {"notify": {"on": ["never"]}}})


def test_a_program_gets_one_line_of_json(tmp_path):
    code = "import sys,pathlib; pathlib.Path(sys.argv[1]).write_text(sys.stdin.read())"
    out = tmp_path / "news"
    news = retrain_news("red-fox", FAILED, message="")
    run_command(NotifyConfig(command=(sys.executable, "-c", code, str(out))), news)
    text = out.read_text()
    assert "\n" not in text
    assert json.loads(text)["why"] == "the disk is full\nreally"
    assert json.loads(text)["flow"] == "retrain"


@pytest.mark.parametrize(
    ("command", "told"),
    [
        (("/no/such/program",), "cannot be run"),
        (("/bin/sh", "-c", "echo sorry >&2; exit 3"), "ended with 3: sorry"),
        (("/bin/sh", "-c", "sleep 5"), "within 1 s"),
        (("a\0b",), "cannot be run"),
    ],
)
def test_a_program_that_fails_is_told(command, told):
    news = retrain_news("red-fox", FAILED, message="")
    with pytest.raises(NotifyError, match=told):
        run_command(NotifyConfig(command=command, timeout_s=1.0), news)
