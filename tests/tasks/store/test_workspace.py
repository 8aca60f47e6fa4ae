"""The working folder lies beside the dataset and never swallows other files."""

from __future__ import annotations

import errno

import pytest

from datasets_spec.errors import ConfigError, StickgenError
from tasks.store.workspace import explained_disk, open_workspace


def test_default_is_a_hidden_sibling(tmp_path):
    workspace = open_workspace(str(tmp_path / "set"), "")
    assert workspace.root == tmp_path / ".set.work"
    assert open_workspace(str(tmp_path / "set"), "") == workspace


@pytest.mark.parametrize("work", ["set", "set/inside", ""])
def test_nested_folders_are_refused(tmp_path, work):
    place = tmp_path / work if work else tmp_path
    with pytest.raises(ConfigError, match="beside the dataset"):
        open_workspace(str(tmp_path / "set"), str(place))


def test_foreign_folder_is_refused(tmp_path):
    (tmp_path / "w").mkdir()
    (tmp_path / "w" / "thesis.tex").write_text("x")
    with pytest.raises(ConfigError, match="found other files"):
        open_workspace(str(tmp_path / "set"), str(tmp_path / "w"))
    assert (tmp_path / "w" / "thesis.tex").exists()


def test_a_file_in_the_way(tmp_path):
    (tmp_path / "w").write_text("x")
    with pytest.raises(ConfigError, match="cannot make the working folder"):
        open_workspace(str(tmp_path / "set"), str(tmp_path / "w"))


def test_prune_and_clear(tmp_path):
    workspace = open_workspace(str(tmp_path / "set"), "")
    for name, done in (("keep", True), ("old", True), ("half", False), ("a.tmp-1", True)):
        folder = workspace.shard("ingest", name)
        folder.mkdir(parents=True)
        if done:
            (folder / "_SUCCESS").touch()
    workspace.clear_unfinished()
    assert not workspace.shard("ingest", "a.tmp-1").exists()
    assert workspace.prune("ingest", {"keep"}) == 1
    assert [p.name for p in (workspace.root / "ingest").iterdir()] == ["keep"]
    assert workspace.prune("retarget", set()) == 0


def test_a_full_disk_is_explained(tmp_path):
    workspace = open_workspace(str(tmp_path / "set"), "")
    with (
        pytest.raises(StickgenError, match=r"the disk is full.*shards are kept"),
        explained_disk(workspace),
    ):
        raise OSError(errno.ENOSPC, "No space left on device")
    with pytest.raises(StickgenError, match="x/y: Permission denied"), explained_disk(workspace):
        raise OSError(errno.EACCES, "Permission denied", "x/y")
