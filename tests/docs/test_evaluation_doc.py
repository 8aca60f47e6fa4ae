"""The guide to evaluation says what the code does."""

from __future__ import annotations

import re

import pytest

from flows.cli import main
from stickgen_model.evaluate.metrics import METRICS
from tests.docs.make_tables import DATA_DOC, EVALUATION_DOC, with_metrics

TEXT = EVALUATION_DOC.read_text("utf-8")


def test_the_tables_are_what_the_code_makes() -> None:
    assert with_metrics(TEXT) == TEXT, "run `python -m tests.docs.make_tables`"
    assert [m.name for m in METRICS if f"| `{m.name}` |" not in TEXT] == []


def test_a_lost_marker_is_an_error() -> None:
    with pytest.raises(ValueError, match="metrics:begin"):
        with_metrics(TEXT.replace("<!-- metrics:begin -->", ""))


def test_it_is_plain_and_its_links_lead_somewhere() -> None:
    assert TEXT.isascii()
    links = re.findall(r"\]\(([^)#\s]+)(?:#[^)]*)?\)", TEXT)
    local = [link for link in links if "://" not in link]
    assert [link for link in local if not (EVALUATION_DOC.parent / link).exists()] == []


@pytest.mark.parametrize("command", ["judges", "evaluate", "register", "rollback", "publish"])
def test_flags_that_are_told_are_there(capsys, command) -> None:
    with pytest.raises(SystemExit):
        main([command, "--help"])
    known = set(re.findall(r"--[a-z0-9-]+", capsys.readouterr().out))
    told = re.findall(rf"stickgen {command} ([^`\n#]*)", TEXT)
    flags = {flag for line in told for flag in re.findall(r"--[a-z0-9-]+", line)}
    assert flags - known == set()


def test_the_example_of_a_retraining_is_read(tmp_path, capsys, monkeypatch) -> None:
    (example,) = re.findall(r"```yaml\n(build: .*?)```", TEXT, re.DOTALL)
    monkeypatch.chdir(tmp_path)
    (tmp_path / "retrain.yaml").write_text(example)
    assert main(["retrain", "--config", "retrain.yaml", "--status"]) == 0
    assert "ledger.json" in capsys.readouterr().out


def test_other_pages_lead_here() -> None:
    readme = (DATA_DOC.parents[1] / "README.md").read_text("utf-8")
    assert "docs/evaluation.md" in readme
