"""The tables of NTU RGB+D: classes and the list of bad samples."""

from __future__ import annotations

import csv
import re

import pytest

from datasets_spec.sources.ntu import NTU, ntu_missing_skeletons
from datasets_spec.sources.ntu_actions import NTU_CLASSES, ntu_class


def test_classes():
    assert [c.code for c in NTU_CLASSES.values()] == [f"A{n:03d}" for n in range(1, 121)]
    assert len({c.text for c in NTU_CLASSES.values()}) == 120
    assert all(c.text.isascii() and c.text == c.text.strip() for c in NTU_CLASSES.values())
    pairs = [int(c.code[1:]) for c in NTU_CLASSES.values() if c.two_person]
    assert pairs == [*range(50, 61), *range(106, 121)]
    assert ntu_class(43).text == "fall down"
    assert ntu_class(120).text == "play rock-paper-scissors"


@pytest.mark.parametrize("number", [0, 121, -1])
def test_no_such_class(number):
    with pytest.raises(ValueError, match="class number"):
        ntu_class(number)


def test_missing_skeletons():
    ids = ntu_missing_skeletons()
    assert len(ids) == 535
    assert all(re.fullmatch(r"S\d{3}C\d{3}P\d{3}R\d{3}A\d{3}", name) for name in ids)
    assert "S001C002P005R002A008" in ids
    # counts of the published list
    assert sum(int(name[1:4]) <= 17 for name in ids) == 302
    assert sum(name.endswith("A055") for name in ids) == 42
    assert sum(name.startswith("S029") for name in ids) == 57


def test_not_for_publication():
    assert not NTU.redistributable
    assert not NTU.commercial


@pytest.mark.real_data
def test_against_the_published_tables(real_data):
    with (real_data / "specs" / "ntu120_action_names.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    assert [(r["action_id"], r["two_person"] == "1") for r in rows] == [
        (c.code, c.two_person) for c in NTU_CLASSES.values()
    ]
    # the names are worded anew, but most share a stem with the published ones
    alike = sum(
        any(word[:4] in c.text for word in re.findall("[a-z]{3,}", r["name"]))
        for r, c in zip(rows, NTU_CLASSES.values(), strict=True)
    )
    assert alike >= 112
    listed = (real_data / "specs" / "NTU_RGBD120_samples_with_missing_skeletons.txt").read_text()
    assert set(listed.split()) == ntu_missing_skeletons()
