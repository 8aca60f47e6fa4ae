"""Shards of synthesis: all scenes and stories once, fingerprints that follow what decides."""

from __future__ import annotations

import itertools

import polars as pl
import pytest

from datasets_spec.errors import StickgenError
from datasets_spec.rejection import RejectReason
from tasks.config import SynthesisConfig
from tasks.synthesize.convert import fill_story_shard
from tasks.synthesize.shards import plan_scenes, plan_stories
from tasks.synthesize.story.book import write_book
from tasks.synthesize.story.gather import StoryHarvest, StoryReject, ToldStory
from tasks.synthesize.story.reply import parse_reply
from tests.tasks.synthesize.story.tales import told


def book_of(folder, count, *, rejects=0, wanted=0):
    harvest = StoryHarvest(
        stories=tuple(
            ToldStory(number=k, digest="x", story=parse_reply(told(k)), repaired=k == 0)
            for k in range(count)
        ),
        rejects=tuple(
            StoryReject(number=k, reason=RejectReason.INVALID_STORY, detail="no")
            for k in range(rejects)
        ),
        calls=count,
        cached=0,
        repaired=1,
    )
    return write_book(folder / "stories.jsonl", harvest, wanted=wanted or count)


def test_every_scene_is_in_one_shard():
    (plan,) = plan_scenes(SynthesisConfig(procedural=4500), seed=1)
    numbers = [range(s.first, s.first + s.count) for s in plan.shards]
    assert list(itertools.chain(*numbers)) == list(range(4500)) == list(range(plan.num_items))
    assert plan_scenes(SynthesisConfig(stories=1), seed=1) == []


def test_every_story_is_in_one_shard(tmp_path):
    (plan,) = plan_stories(book_of(tmp_path, 120), seed=1)
    numbers = [range(s.first, s.first + s.count) for s in plan.shards]
    assert list(itertools.chain(*numbers)) == list(range(120))
    assert sum(shard.num_scenes for shard in plan.shards) == plan.num_items == 240
    assert len({shard.fingerprint for shard in plan.shards}) == len(plan.shards) == 3


def test_a_new_story_changes_only_its_shard(tmp_path):
    (few,) = plan_stories(book_of(tmp_path, 60), seed=1)
    (more,) = plan_stories(book_of(tmp_path, 61), seed=1)
    assert few.shards[0].fingerprint == more.shards[0].fingerprint
    assert few.shards[1].fingerprint != more.shards[1].fingerprint
    (other,) = plan_stories(book_of(tmp_path, 60), seed=2)
    assert other.shards[0].fingerprint != few.shards[0].fingerprint


def test_what_failed_is_counted_and_told(tmp_path):
    (plan,) = plan_stories(book_of(tmp_path, 2, rejects=3, wanted=4), seed=1)
    assert plan.found == 4 + 3
    assert {reject.stage for reject in plan.rejects} == {"story"}
    assert "2 of the 4 wanted" in plan.warnings[0]
    assert "1 of 2 were valid only after" in plan.warnings[1]


def test_no_story_at_all_is_an_error(tmp_path):
    with pytest.raises(StickgenError, match="none of 2 replies was usable; the first: no"):
        book_of(tmp_path, 0, rejects=2, wanted=3)


def test_a_scene_that_cannot_be_played_is_a_reject(tmp_path, monkeypatch):
    (plan,) = plan_stories(book_of(tmp_path, 2), seed=1)
    calls = itertools.count()
    real = fill_story_shard.__globals__["scene_sequence"]

    def picky(scene, options):
        if next(calls) == 1:
            msg = "too far apart"
            raise ValueError(msg)
        return real(scene, options)

    monkeypatch.setitem(fill_story_shard.__globals__, "scene_sequence", picky)
    counts = fill_story_shard(tmp_path, plan.shards[0])
    assert (counts["items"], counts["accepted"], counts["rejected"]) == (4, 3, 1)
    (row,) = pl.read_parquet(tmp_path / "rejects.parquet").to_dicts()
    assert row["reason"] == "unplayable"
    assert "scene 2 of 2: too far apart" in row["detail"]
    index = pl.read_parquet(tmp_path / "index.parquet")
    assert index["sequence_id"].str.ends_with("/s00").sum() == 2
