from __future__ import annotations

import json

import pytest

from tasks.publish.clip_index import clip_files
from tasks.publish.statistics import dataset_statistics


@pytest.fixture(scope="module")
def statistics(published) -> dict:
    return json.loads((published / "statistics.json").read_text())


def test_counts_agree_with_the_clips(statistics, factory) -> None:
    clips = factory.make_dataset_clips(24)
    frames = sum(len(c.joints) for c in clips)
    totals = statistics["totals"]
    assert totals["clips"] == len(clips) == 28
    assert totals["frames"] == frames
    assert totals["scenes"] == totals["sequences"] == 24
    assert totals["clips_with_partner"] == 8
    for section in ("splits", "sources"):
        assert sum(p["clips"] for p in statistics[section].values()) == len(clips)
        assert sum(p["frames"] for p in statistics[section].values()) == frames
    assert sum(p["frames"] for p in statistics["actions"].values()) == frames
    for section in ("styles", "caption_sources", "body_models"):
        assert sum(statistics[section].values()) == len(clips)
    assert sum(p["clips"] for p in statistics["licences"].values()) == len(clips)


def test_histograms_hold_every_clip(statistics) -> None:
    parts = [statistics["durations_s"], *statistics["quality"].values()]
    for part in parts:
        assert sum(part["counts"]) + part["not_finite"] == 28
        assert len(part["edges"]) == len(part["counts"]) + 1
        assert part["min"] <= part["p05"] <= part["median"] <= part["p95"] <= part["max"]


def test_rejects_and_the_sections_of_the_build_are_kept(statistics) -> None:
    assert statistics["rejects"]["total"] == 3
    assert statistics["rejects"]["by_stage"] == {
        "ingest": {"truncated": 2},
        "score": {"low_score": 1},
    }
    assert statistics["accounting"] == {"bvh": {"read": 28}}


def test_a_section_cannot_be_overwritten(published) -> None:
    with pytest.raises(ValueError, match="totals"):
        dataset_statistics(published, {"totals": {}})
    assert clip_files(published)
