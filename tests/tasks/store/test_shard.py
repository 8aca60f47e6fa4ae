"""A shard is whole or absent, and kept exactly as long as its marker matches."""

from __future__ import annotations

import errno

import pytest

from datasets_spec.errors import StickgenError
from tasks.store.shard import MARKER_FILE, fingerprint, load_marker, write_shard


def make(folder, wanted="w1", text="hello", calls=None):
    def fill(temporary):
        if calls is not None:
            calls.append(1)
        (temporary / "data.txt").write_text(text)
        return {"rows": 3}

    return write_shard(folder, wanted=wanted, fill=fill, clock=lambda: 0.0)


def test_written_once(tmp_path):
    calls = []
    first = make(tmp_path / "s", calls=calls)
    second = make(tmp_path / "s", calls=calls)
    assert calls == [1]
    assert first.files == second.files
    assert (first.reused, second.reused) == (False, True)
    assert first.counts == {"rows": 3}
    assert sorted(p.name for p in tmp_path.iterdir()) == ["s"]


def test_other_fingerprint_replaces(tmp_path):
    first = make(tmp_path / "s")
    second = make(tmp_path / "s", wanted="w2", text="new")
    assert (tmp_path / "s" / "data.txt").read_text() == "new"
    assert first.content != second.content


def test_same_content_has_same_content_fingerprint(tmp_path):
    assert make(tmp_path / "a").content == make(tmp_path / "b", wanted="other").content


@pytest.mark.parametrize("damage", ["", "{", "[]", '{"shard_id": 1}'])
def test_damaged_marker_means_again(tmp_path, damage):
    calls = []
    make(tmp_path / "s")
    (tmp_path / "s" / MARKER_FILE).write_text(damage)
    assert load_marker(tmp_path / "s") is None
    make(tmp_path / "s", calls=calls)
    assert calls == [1]


def test_missing_file_means_again(tmp_path):
    make(tmp_path / "s")
    (tmp_path / "s" / "data.txt").unlink()
    assert load_marker(tmp_path / "s", wanted="w1") is None


def test_failure_leaves_the_old_shard(tmp_path):
    make(tmp_path / "s")

    def broken(temporary):
        (temporary / "half").write_text("x")
        msg = "stop"
        raise KeyboardInterrupt(msg)

    with pytest.raises(KeyboardInterrupt):
        write_shard(tmp_path / "s", wanted="w2", fill=broken, clock=lambda: 0.0)
    assert load_marker(tmp_path / "s", wanted="w1") is not None
    assert sorted(p.name for p in tmp_path.iterdir()) == ["s"]


def test_full_disk_is_explained(tmp_path):
    def full(temporary):
        raise OSError(errno.ENOSPC, "No space left on device")

    with pytest.raises(StickgenError, match=r"No space left.*run the same command again"):
        write_shard(tmp_path / "s", wanted="w", fill=full, clock=lambda: 0.0)
    assert list(tmp_path.iterdir()) == []


def test_fingerprint_ignores_dict_order():
    assert fingerprint({"a": 1, "b": 2}) == fingerprint({"b": 2, "a": 1})
    assert fingerprint("ab", "c") != fingerprint("a", "bc")
