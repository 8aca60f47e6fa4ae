from __future__ import annotations

import errno
import os
from pathlib import Path

import pytest

from datasets_spec.errors import ConfigError, StickgenError
from tasks.publish import swap
from tasks.publish.lock import build_lock
from tasks.publish.swap import check_target, recover, swap_in


def make_folder(path: Path, text: str) -> Path:
    (path / "clips").mkdir(parents=True)
    (path / "manifest.json").write_text(text)
    (path / "clips" / "x").write_text(text)
    return path


@pytest.fixture
def places(tmp_path) -> tuple[Path, Path, Path]:
    out, work = tmp_path / "data", tmp_path / ".data.work"
    check_target(out, work)
    return out, work, make_folder(work / "staging", "new")


@pytest.mark.parametrize("exchange", [True, False])
@pytest.mark.parametrize("before", ["absent", "empty", "old"])
def test_the_new_folder_takes_the_place(places, monkeypatch, exchange, before) -> None:
    out, work, staging = places
    if not exchange:
        monkeypatch.setattr(swap, "_exchange", lambda *_: False)
    if before == "empty":
        out.mkdir()
    elif before == "old":
        make_folder(out, "old")
        (out / "leftover").touch()
    swap_in(staging, out, work)
    assert (out / "clips" / "x").read_text() == "new"
    assert not (out / "leftover").exists()
    assert list(work.iterdir()) == []


@pytest.mark.parametrize("crash_at", [0, 1])
def test_a_crash_between_the_two_renames_is_recovered(places, monkeypatch, crash_at) -> None:
    out, work, staging = places
    make_folder(out, "old")
    monkeypatch.setattr(swap, "_exchange", lambda *_: False)
    real, calls = Path.rename, []

    def rename(self: Path, target: Path) -> Path:
        calls.append(target)
        if len(calls) == crash_at + 1:
            raise KeyboardInterrupt
        return real(self, target)

    monkeypatch.setattr(Path, "rename", rename)
    with pytest.raises(KeyboardInterrupt):
        swap_in(staging, out, work)
    monkeypatch.setattr(Path, "rename", real)
    assert out.exists() is (crash_at == 0)
    said = recover(out, work)
    assert ("put the last dataset back" in said) is (crash_at == 1)
    assert (out / "manifest.json").read_text() == "old"
    assert list(work.iterdir()) == []
    assert recover(out, work) == ""


def test_a_crash_after_the_swap_leaves_the_new_one(places) -> None:
    out, work, staging = places
    make_folder(out, "new")
    make_folder(work / "previous", "old")
    assert "removed the dataset" in recover(out, work)
    assert (out / "manifest.json").read_text() == "new"
    assert not staging.exists()


def test_a_failing_second_rename_puts_the_old_one_back(places, monkeypatch) -> None:
    out, work, staging = places
    make_folder(out, "old")
    monkeypatch.setattr(swap, "_exchange", lambda *_: False)
    real = Path.rename

    def rename(self: Path, target: Path) -> Path:
        if self == staging:
            raise OSError(errno.EIO, "broken", str(target))
        return real(self, target)

    monkeypatch.setattr(Path, "rename", rename)
    with pytest.raises(OSError, match="broken"):
        swap_in(staging, out, work)
    assert (out / "manifest.json").read_text() == "old"


def test_foreign_places_are_refused(tmp_path) -> None:
    work = tmp_path / "work"
    foreign = tmp_path / "home"
    foreign.mkdir()
    (foreign / "thesis.tex").touch()
    with pytest.raises(ConfigError, match=r"holds no manifest.json"):
        check_target(foreign, work)
    with pytest.raises(ConfigError, match="is a file"):
        check_target(foreign / "thesis.tex", work)
    (tmp_path / "link").symlink_to(foreign)
    with pytest.raises(ConfigError, match="symbolic link"):
        check_target(tmp_path / "link", work)
    for out, inner in ((work, work), (work, work / "in"), (work / "in", work)):
        with pytest.raises(ConfigError, match="side by side"):
            check_target(out, inner)
    with pytest.raises(ConfigError, match="cannot make the folders"):
        check_target(foreign / "thesis.tex" / "data", work)
    assert (foreign / "thesis.tex").exists()


def test_an_unwritable_parent_is_refused(tmp_path, monkeypatch) -> None:
    monkeypatch.setattr(os, "access", lambda path, mode: False)
    with pytest.raises(ConfigError, match="cannot write to"):
        check_target(tmp_path / "data", tmp_path / "work")


def test_a_folder_that_turned_foreign_during_the_build_is_not_replaced(places) -> None:
    out, work, staging = places
    out.mkdir()
    (out / "mine.txt").touch()
    with pytest.raises(ConfigError, match="refused to replace"):
        swap_in(staging, out, work)
    assert (out / "mine.txt").exists()


def test_the_lock_names_the_other_process(tmp_path) -> None:
    refused = pytest.raises(StickgenError, match=f"process {os.getpid()}")
    with build_lock(tmp_path), refused, build_lock(tmp_path):
        pass
    with build_lock(tmp_path):
        pass
    with pytest.raises(ConfigError, match="cannot make"), build_lock(tmp_path / "absent"):
        pass
