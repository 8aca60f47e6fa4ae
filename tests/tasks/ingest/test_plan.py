"""Shards are the same every time, and a new file disturbs only the shard it falls in."""

from __future__ import annotations

import os

from hypothesis import given
from hypothesis import strategies as st

from datasets_spec.rejection import RejectReason
from tasks.config import SourceConfig
from tasks.ingest.contract import Discovery, FoundReject, SourceItem
from tasks.ingest.plan import MAX_ITEMS, plan_source


def items(keys, size=10):
    return tuple(SourceItem(key=k, paths=(f"{k}.bvh",), size_bytes=size) for k in keys)


def plan(keys, *, path="/nowhere", taken=None, size=10):
    config = SourceConfig(name="bvh", path=path)
    discovery = Discovery(items=items(keys, size), rejects=())
    return plan_source(config, discovery, set() if taken is None else taken)


@given(st.lists(st.text("abc/01", min_size=1, max_size=8), unique=True, max_size=300))
def test_every_item_once_in_order(keys):
    result = plan(keys)
    planned = [item.key for shard in result.shards for item in shard.items]
    assert planned == sorted(keys)
    assert result.found == len(keys)
    assert all(0 < len(shard.items) <= MAX_ITEMS for shard in result.shards)
    assert len({shard.shard_id for shard in result.shards}) == len(result.shards)


def test_one_more_file_changes_one_shard():
    keys = [f"{n:05d}" for n in range(2000)]
    before = {shard.fingerprint for shard in plan(keys, size=1 << 20).shards}
    after = {shard.fingerprint for shard in plan([*keys, "00777b"], size=1 << 20).shards}
    assert 30 <= len(before) <= 130
    # a shard that was full may push its tail on until the next boundary: few, never all
    assert len(after - before) <= 3


def test_large_files_fill_a_shard():
    assert len(plan(["a", "b", "c"], size=200 << 20).shards) == 3


def test_a_small_source_feeds_several_workers():
    assert 4 <= len(plan([f"{n:03d}" for n in range(83)], size=1 << 20).shards) <= 12


def test_a_taken_name_gets_its_folder_in_front():
    taken = set()
    plan(["a", "b"], taken=taken, path="/x/one")
    second = plan(["b", "c"], taken=taken, path="/y/two folders")
    assert [i.key for shard in second.shards for i in shard.items] == ["c", "two_folders/b"]
    assert second.rejects == ()


def test_a_taken_key_is_a_reject():
    taken = set()
    for _ in range(2):
        plan(["a", "b"], taken=taken)
    (a, b) = plan(["a", "b", "c"], taken=taken).rejects
    assert (a.reason, b.reason) == (RejectReason.DUPLICATE_ID, RejectReason.DUPLICATE_ID)
    config = SourceConfig(name="ntu", path="/nowhere")
    taken = {"S1"}
    result = plan_source(config, Discovery(items=items(["S1", "S2"]), rejects=()), taken)
    (reject,) = result.rejects
    assert reject.path == "S1.bvh"
    assert result.found == 2


def test_rejects_of_discovery_are_found_too():
    config = SourceConfig(name="bvh", path="/nowhere")
    decoy = FoundReject(path="._a.bvh", reason=RejectReason.DECOY, detail="a fork")
    result = plan_source(config, Discovery(items=items(["a"]), rejects=(decoy,)), set())
    assert result.found == 2
    assert result.rejects == (decoy,)


def test_an_edited_file_is_read_again(tmp_path):
    (tmp_path / "a.bvh").write_text("1")
    (tmp_path / "notes.txt").write_text("1")
    first = plan(["a"], path=str(tmp_path)).shards[0]
    assert plan(["a"], path=str(tmp_path)).shards[0] == first
    os.utime(tmp_path / "a.bvh", ns=(1, 1))
    second = plan(["a"], path=str(tmp_path)).shards[0]
    assert second.fingerprint != first.fingerprint
    (tmp_path / "notes.txt").write_text("22")
    third = plan(["a"], path=str(tmp_path)).shards[0]
    assert third.fingerprint != second.fingerprint
    assert third.shard_id == first.shard_id
