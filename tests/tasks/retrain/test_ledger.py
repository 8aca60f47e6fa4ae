"""What is done stays written down, whatever kills the program."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tasks.retrain.ledger import Ledger, LedgerError

NAMES = st.sampled_from(["build", "embed", "pretrain"])
KEYS = st.sampled_from(["aa", "bb", "cc"])
WORDS = st.text(max_size=30)


def begin(ledger, stage="pretrain", key="aa", **plan):
    return ledger.begin(stage, key, inputs={"x": 1}, plan=plan)


def test_an_absent_ledger_is_empty(tmp_path):
    ledger = Ledger(tmp_path / "ledger.json")
    assert ledger.entries == ()
    assert ledger.find("build", "aa") is None
    assert not (tmp_path / "ledger.json").exists()


@given(st.lists(st.tuples(NAMES, KEYS, st.sampled_from(["leave", "fail", "finish"]), WORDS)))
def test_the_file_says_what_the_program_knows(tmp_path_factory, moves):
    path = tmp_path_factory.mktemp("ledger") / "ledger.json"
    ledger = Ledger(path)
    known = {}
    for stage, key, end, word in moves:
        entry = begin(ledger, stage, key, start=word)
        known[stage, key] = "begun"
        if end == "fail":
            ledger.fail(entry, word, seconds=1.0)
            known[stage, key] = "failed"
        elif end == "finish":
            ledger.finish(entry, {"told": word}, seconds=1.0)
            known[stage, key] = "done"
    again = Ledger(path)
    assert again.entries == ledger.entries
    assert {(e.stage, e.key): e.state for e in again.entries} == known
    numbers = [entry.number for entry in again.entries]
    assert numbers == sorted(set(numbers))


def test_the_plan_of_an_unfinished_stage_stays(tmp_path):
    ledger = Ledger(tmp_path / "ledger.json")
    entry = begin(ledger, start="first")
    ledger.fail(entry, "no room", seconds=1.0)
    entry = begin(ledger, start="second")
    assert (entry.plan, entry.attempts, entry.why) == ({"start": "first"}, 2, "")
    ledger.finish(entry, {}, seconds=1.0)
    # a new beginning after the end is a new decision
    assert begin(ledger, start="third").plan == {"start": "third"}


def test_the_newest_that_fits(tmp_path):
    ledger = Ledger(tmp_path / "ledger.json")
    for key, size in [("aa", "small"), ("bb", "large"), ("cc", "small")]:
        entry = ledger.begin("pretrain", key, inputs={"size": size}, plan={})
        if key != "cc":
            ledger.finish(entry, {}, seconds=0.0)
    found = ledger.last_done("pretrain", lambda entry: entry.inputs["size"] == "small")
    assert found.key == "aa"  # cc is not done
    assert ledger.last_done("sft", lambda _: True) is None


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[]",
        '{"format": "other"}',
        '{"format": "stickgen-ledger-1"}',
        '{"format": "stickgen-ledger-1", "entries": [{"stage": "x"}]}',
        '{"format": "stickgen-ledger-1", "entries": [{"stage": "x", "key": "y", "number": 1,'
        ' "state": "odd", "inputs": {}}]}',
        "[" * 100_000,
    ],
)
def test_what_is_no_ledger_is_told(tmp_path, text):
    path = tmp_path / "ledger.json"
    path.write_text(text)
    with pytest.raises(LedgerError, match=r"ledger\.json: expected a ledger"):
        Ledger(path)
    assert path.read_text() == text


def test_a_full_disk_is_told_and_the_last_state_stays(tmp_path, monkeypatch):
    ledger = Ledger(tmp_path / "ledger.json")
    entry = begin(ledger)
    before = (tmp_path / "ledger.json").read_bytes()

    def full(_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("tasks.retrain.ledger.os.fsync", full)
    with pytest.raises(LedgerError, match="No space left"):
        ledger.finish(entry, {}, seconds=1.0)
    assert (tmp_path / "ledger.json").read_bytes() == before


def test_a_killed_program_leaves_a_whole_ledger(tmp_path):
    code = (
        "import sys; from pathlib import Path; from tasks.retrain.ledger import Ledger\n"
        "ledger = Ledger(Path(sys.argv[1])); print('ready', flush=True)\n"
        "for n in range(100000):\n"
        "    entry = ledger.begin('build', str(n % 50), inputs={'n': n}, plan={})\n"
        "    ledger.finish(entry, {'n': n}, seconds=0.0)\n"
    )
    path = tmp_path / "ledger.json"
    with subprocess.Popen(
        [sys.executable, "-c", code, str(path)], stdout=subprocess.PIPE, env=dict(os.environ)
    ) as child:
        assert child.stdout.readline() == b"ready\n"
        while not path.exists():
            pass
        child.send_signal(signal.SIGKILL)
    entries = Ledger(path).entries
    assert json.loads(path.read_text())["format"] == "stickgen-ledger-1"
    assert all(entry.state in ("begun", "done") for entry in entries)
    assert all(entry.result == entry.inputs for entry in entries if entry.state == "done")
