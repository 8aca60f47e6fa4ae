"""The documents name what the spec holds; tables made from it are not out of date."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from datasets_spec.rejection import RejectReason
from datasets_spec.schema import CLIP_COLUMNS
from datasets_spec.skeleton import BODY_POINTS, JOINTS
from datasets_spec.sources.rigs import RIG_PRESETS
from flows.cli import main
from tasks.ingest.rig_file import load_rig
from tests.docs.make_tables import DATA_DOC, with_tables

DOCS = DATA_DOC.parent


def read(name: str) -> str:
    return (DOCS / name).read_text("utf-8")


def test_the_tables_are_what_the_spec_makes() -> None:
    text = read("data.md")
    assert text == with_tables(text), "run `python -m tests.docs.make_tables`"


def test_a_column_that_is_missing_from_the_table_is_noticed() -> None:
    text = read("data.md")
    line = next(row for row in text.splitlines() if row.startswith(f"| `{CLIP_COLUMNS[-1].name}`"))
    assert with_tables(text.replace(f"{line}\n", "")) == text


def test_a_lost_marker_is_an_error() -> None:
    with pytest.raises(ValueError, match="columns:begin"):
        with_tables(read("data.md").replace("<!-- columns:begin -->", ""))


def test_every_joint_rig_and_reason_is_told() -> None:
    data, sources = read("data.md"), read("sources.md")
    assert [name for name in JOINTS if f"`{name}`" not in data] == []
    assert [preset.name for preset in RIG_PRESETS if f"`{preset.name}`" not in sources] == []
    assert [reason.value for reason in RejectReason if f"`{reason.value}`" not in sources] == []


@pytest.mark.parametrize(
    "name", ["README.md", "docs/sources.md", "docs/data.md", "docs/operations.md"]
)
def test_links_lead_somewhere(name: str) -> None:
    page = DOCS.parent / name
    text = page.read_text("utf-8")
    assert text.isascii()
    links = re.findall(r"\]\(([^)#\s]+)(?:#[^)]*)?\)", text)
    local = [link for link in links if "://" not in link]
    assert [link for link in local if not (page.parent / Path(link)).exists()] == []


def test_the_example_of_a_rig_file_is_read(tmp_path) -> None:
    (example,) = re.findall(r"```yaml\n(name: puppet\n.*?)```", read("sources.md"), re.DOTALL)
    path = tmp_path / "puppet.yaml"
    path.write_text(example)
    rig = load_rig(path)
    assert (rig.name, rig.unit_m, rig.up) == ("puppet", 0.01, "y")
    assert set(rig.points) == set(BODY_POINTS)
    assert (rig.points["head"][0].joint, rig.points["head"][0].tip_share) == ("Kopf", 0.5)


def test_every_side_file_flag_is_told(capsys) -> None:
    with pytest.raises(SystemExit):
        main(["build", "--help"])
    flags = set(re.findall(r"--[a-z0-9-]+", capsys.readouterr().out))
    general = {"--help", "--source", "--out", "--work", "--config", "--jobs", "--seed", "--views"}
    text = read("sources.md")
    assert [flag for flag in sorted(flags - general) if flag not in text] == []
