from __future__ import annotations

import copy
import json

import pytest
import yaml
from huggingface_hub import DatasetCard
from hypothesis import given
from hypothesis import strategies as st

from datasets_spec.schema import CLIP_COLUMNS
from tasks.publish.card import card_header, render_card
from tasks.publish.markdown import escape_markdown, markdown_table, plain_text


@pytest.fixture(scope="module")
def statistics(published) -> dict:
    return json.loads((published / "statistics.json").read_text())


def test_the_header_is_what_the_hub_reads(published) -> None:
    text = (published / "README.md").read_text()
    header = yaml.safe_load(text.split("---\n")[1])
    assert header["license"] == "other"
    assert header["size_categories"] == ["n<1K"]
    assert header["configs"][0]["config_name"] == "default"
    splits = {f["split"]: f["path"] for f in header["configs"][0]["data_files"]}
    assert splits["train"] == "clips/train-*.parquet"
    assert set(splits) <= {"train", "validation", "test"}
    for pattern in splits.values():
        assert list(published.glob(pattern))


def test_absent_splits_are_left_out_and_one_licence_keeps_its_word(statistics) -> None:
    one = copy.deepcopy(statistics)
    one["splits"] = {"val": one["splits"]["val"]}
    one["licences"] = {"CC BY 4.0": {}}
    header = card_header(one)
    assert header["license"] == "cc-by-4.0"
    assert header["configs"][0]["data_files"] == [
        {"split": "validation", "path": "clips/val-*.parquet"}
    ]
    one["licences"] = {"House rules!": {}}
    assert card_header(one)["license_name"] == "house-rules"
    one["totals"]["clips"] = 10_000
    assert card_header(one)["size_categories"] == ["10K<n<100K"]


def test_the_card_says_what_is_inside_and_what_is_forbidden(published, factory) -> None:
    text = (published / "README.md").read_text()
    for column in CLIP_COLUMNS:
        assert f"| `{column.name}` |" in text
    assert "**Do not publish this folder.**" in text
    assert "**must not be redistributed**" in text
    assert all(spec.citation.split(",")[0] in text for spec in factory.SPECS)
    assert "built-in sample" not in text
    assert "<script>" not in text
    assert "<b>" not in text


def test_only_free_sources_give_no_warning_and_the_sample_is_named(statistics, factory) -> None:
    free = copy.deepcopy(statistics)
    del free["sources"]["amass"]
    gates = {"score": {"success": False, "rules": [1]}, "ingest": {}}
    text = render_card(free, factory.SPECS, config={"sample": True}, gates=gates)
    assert "Do not publish" not in text
    assert "built-in sample" in text
    assert "| score | **failed**, 1 rules |" in text
    assert "AMASS: Mahmood" not in text


def test_the_hub_takes_the_card(published) -> None:
    card = DatasetCard((published / "README.md").read_text())
    assert card.data.license == "other"
    assert card.data.language == ["en"]
    assert card.data.configs[0]["config_name"] == "default"


def test_sources_that_forbid_something_are_named_first(statistics, factory) -> None:
    mixed = copy.deepcopy(statistics)
    mixed["sources"] = {
        name: {**statistics["sources"]["bvh"], "clips": clips}
        for name, clips in (("amass", 30), ("bvh", 10), ("procedural", 60), ("x|<b>", 100))
    }
    text = render_card(mixed, factory.SPECS, config={}, gates={}).split("## Use")[0]
    assert "derived from it: AMASS." in text
    assert "**No commercial use.** Sources that forbid it: AMASS." in text
    assert "**Sources without known terms:** procedural, x\\|&lt;b&gt;." in text
    assert "140 clips (70.0%) come from recordings" in text
    assert "60 (30.0%) are made by the project" in text


@given(st.text())
def test_no_text_leaves_its_cell(text) -> None:
    escaped = escape_markdown(text)
    assert "\n" not in escaped
    assert "<" not in escaped
    bare = escaped.replace("\\\\", "").replace("\\|", "").replace("\\`", "")
    assert "|" not in bare
    assert "`" not in bare


def test_direction_overrides_and_controls_are_removed() -> None:
    assert plain_text("a\u202eb\x1b[31m\u0000\n c") == "ab[31m c"
    emoji = "\U0001f468\u200d\U0001f469"
    assert plain_text(emoji) == emoji


def test_numbers_are_grouped_and_right_aligned() -> None:
    table = markdown_table(("a", "b"), [("x", 12345), ("y", 0.25)])
    assert table.splitlines()[1:] == ["| --- | ---: |", "| x | 12,345 |", "| y | 0.25 |"]
