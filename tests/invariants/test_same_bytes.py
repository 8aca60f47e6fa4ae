"""Equal inputs give equal bytes: in any order, with any number of workers, after any interrupt."""

from __future__ import annotations

import errno
import multiprocessing
import os
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from datasets_spec.errors import StickgenError
from tasks.config import SourceConfig
from tasks.store import records, shard
from tests.invariants.pipeline import build, contents, in_order, pooled, shuffled

WRITES: tuple[tuple[Any, str], ...] = (
    (pq, "write_table"),
    (pq.ParquetWriter, "write_table"),
    (records.RecordWriter, "__init__"),
    (shard, "_fsync"),
    (Path, "mkdir"),
    (Path, "rename"),
    (Path, "write_text"),
)
"""Every way in which a build writes; each call is a moment at which it can be stopped."""


@pytest.fixture(scope="module")
def sources(sample_tree) -> list[SourceConfig]:
    return [sample_tree.sources[name] for name in ("interhuman", "bvh")]


@pytest.fixture(scope="module")
def reference(sources, tmp_path_factory) -> dict[str, bytes]:
    """A build in one go."""
    out = tmp_path_factory.mktemp("reference") / "data"
    assert build(sources, out) == {"ingest": 0, "retarget": 0, "score": 0}
    return contents(out)


def count_writes(monkeypatch, act: Callable[[int], None]) -> None:
    """Call `act` with the number of each write before it happens."""
    seen = 0

    def counted(usual: Callable[..., Any]) -> Callable[..., Any]:
        def write(*args: Any, **kwargs: Any) -> Any:
            nonlocal seen
            seen += 1
            act(seen)
            return usual(*args, **kwargs)

        return write

    for owner, name in WRITES:
        monkeypatch.setattr(owner, name, counted(getattr(owner, name)))


def num_writes(sources: list[SourceConfig], out: Path) -> int:
    total = 0

    def note(number: int) -> None:
        nonlocal total
        total = number

    with pytest.MonkeyPatch.context() as patch:
        count_writes(patch, note)
        build(sources, out)
    return total


def stopped(
    sources: list[SourceConfig], out: Path, *, at: int, error: BaseException
) -> BaseException | None:
    """Build, and fail at one write; what came out of it."""

    def fail(number: int) -> None:
        if number == at:
            raise error

    with pytest.MonkeyPatch.context() as patch:
        count_writes(patch, fail)
        try:
            build(sources, out)
        except (KeyboardInterrupt, StickgenError, OSError) as came:
            return came
    return None


def same(one: dict[str, bytes], other: dict[str, bytes]) -> bool:
    assert list(one) == list(other)
    assert [name for name in one if one[name] != other[name]] == []
    return True


@pytest.mark.parametrize("seed", range(1))
def test_order_of_shards(seed, sources, reference, tmp_path):
    build(sources, tmp_path / "data", run=shuffled(seed))
    assert same(contents(tmp_path / "data"), reference)


def test_order_of_sources(sources, reference, tmp_path):
    build(sources[::-1], tmp_path / "data")
    got = contents(tmp_path / "data")
    # only the record of what was asked for may tell
    differ = {name for name in reference if got.get(name) != reference[name]}
    assert got.keys() == reference.keys()
    assert differ <= {"config.json", "manifest.json", "README.md"}


@pytest.mark.slow
def test_one_and_two_workers(sources, reference, tmp_path):
    spawned = multiprocessing.get_context("spawn")
    # the reference is the work of one
    with ProcessPoolExecutor(2, mp_context=spawned) as pool:
        build(sources, tmp_path / "data", run=pooled(pool))
    assert same(contents(tmp_path / "data"), reference)


def test_a_second_run_does_no_work_and_changes_nothing(sources, reference, tmp_path):
    out = tmp_path / "data"
    build(sources, out)
    kept = build(sources, out)
    assert len(set(kept.values())) == 1
    assert kept["ingest"] > 4
    assert same(contents(out), reference)


@pytest.mark.parametrize("share", [0.02, 0.55, 0.9, 1.0])
def test_an_interrupted_build_resumes(share, sources, reference, tmp_path):
    out = tmp_path / "data"
    total = _total(sources, tmp_path)
    at = max(1, round(share * total))
    assert isinstance(stopped(sources, out, at=at, error=KeyboardInterrupt()), KeyboardInterrupt)
    assert not out.exists() or same(contents(out), reference)
    build(sources, out)
    assert same(contents(out), reference)
    assert _leftovers(tmp_path) == []


@pytest.mark.parametrize("share", [0.3, 0.95])
def test_a_full_disk_is_told_and_the_build_resumes(share, sources, reference, tmp_path):
    out = tmp_path / "data"
    at = round(share * _total(sources, tmp_path))
    full = OSError(errno.ENOSPC, "No space left on device")
    came = stopped(sources, out, at=at, error=full)
    assert isinstance(came, StickgenError), came
    assert "No space left" in str(came) or "full" in str(came)
    build(sources, out)
    assert same(contents(out), reference)


def test_interrupted_again_and_again(sources, reference, tmp_path):
    out = tmp_path / "data"
    allowed = 0
    while True:
        allowed += 11
        if stopped(sources, out, at=allowed, error=KeyboardInterrupt()) is None:
            break
        assert not out.exists() or same(contents(out), reference)
        assert allowed < 2000
    assert same(contents(out), reference)


@pytest.mark.parametrize("share", [0.85, 0.97])
def test_the_last_good_dataset_stays_whole(share, sources, reference, tmp_path):
    out = tmp_path / "data"
    build(sources[:1], out)
    old = contents(out)
    at = max(1, round(share * _total(sources, tmp_path)))
    stopped(sources, out, at=at, error=KeyboardInterrupt())
    assert contents(out) in (old, reference)
    build(sources, out)
    assert same(contents(out), reference)


@pytest.mark.slow
def test_a_killed_build_resumes(sources, reference, tmp_path):
    out = tmp_path / "data"
    process = multiprocessing.get_context("spawn").Process(
        target=_build_and_die, args=(sources, out, round(0.55 * _total(sources, tmp_path)))
    )
    process.start()
    process.join(timeout=120)
    assert process.exitcode == 9
    build(sources, out, run=in_order)
    assert same(contents(out), reference)
    assert _leftovers(tmp_path) == []


def _build_and_die(sources: list[SourceConfig], out: Path, at: int) -> None:
    def die(number: int) -> None:
        if number == at:
            os._exit(9)  # nothing is cleaned up, as after a kill or a power cut

    with pytest.MonkeyPatch.context() as patch:
        count_writes(patch, die)
        build(sources, out)


_TOTALS: dict[str, int] = {}


def _total(sources: list[SourceConfig], folder: Path) -> int:
    key = sources[0].path
    if key not in _TOTALS:
        _TOTALS[key] = num_writes(sources, folder / "counted" / "data")
    return _TOTALS[key]


def _leftovers(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.rglob("*.tmp*"))
