"""Recordings that came twice are found; parts of one file are none."""

from __future__ import annotations

from datasets_spec.rejection import RejectReason
from tasks.ingest.duplicates import find_repeats


def row(sequence, *, path="p", sha="s", first=0, frames=10, source="bvh"):
    return {
        "source": source,
        "sequence_id": sequence,
        "origin_path": path,
        "origin_sha256": sha,
        "first_frame": first,
        "num_frames": frames,
    }


def test_nothing_repeats():
    rows = [row("a", path="1", sha="1"), row("b", path="2", sha="2")]
    assert find_repeats([("s1", rows)]) == []


def test_same_id_in_another_shard():
    shards = [("s1", [row("a", path="1", sha="1")]), ("s2", [row("a", path="2", sha="2")])]
    (repeat,) = find_repeats(shards)
    assert (repeat.shard_id, repeat.row, repeat.reason) == ("s2", 0, RejectReason.DUPLICATE_ID)
    assert "2: repeats 1" in repeat.detail


def test_same_bytes_under_another_name():
    rows = [row("a", path="1", sha="x"), row("b", path="2", sha="x"), row("c", path="3", sha="x")]
    found = find_repeats([("s", rows)])
    assert [(f.row, f.reason) for f in found] == [
        (1, RejectReason.DUPLICATE_FILE),
        (2, RejectReason.DUPLICATE_FILE),
    ]


def test_parts_of_one_file_are_kept():
    rows = [row("a/p0", path="1", sha="x"), row("a/p1", path="1", sha="x", first=40)]
    assert find_repeats([("s", rows)]) == []


def test_sources_do_not_meet():
    shards = [("s1", [row("a", sha="x")]), ("s2", [row("a", sha="x", source="ntu")])]
    assert find_repeats(shards) == []
