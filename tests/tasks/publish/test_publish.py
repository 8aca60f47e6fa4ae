from __future__ import annotations

import dataclasses
import errno
import json
import warnings
from pathlib import Path

import numpy as np
import polars as pl
import pyarrow.dataset as pad
import pytest

from datasets_spec.errors import ConfigError, StickgenError
from datasets_spec.schema import clips_schema
from tasks.publish import publish, shards
from tasks.publish.inspect import inspect_dataset
from tasks.publish.manifest import verify_manifest
from tasks.publish.publish import publish_dataset


def bytes_of(folder: Path) -> dict[str, bytes]:
    return {
        p.relative_to(folder).as_posix(): p.read_bytes() for p in folder.rglob("*") if p.is_file()
    }


def test_everything_is_there_and_as_the_manifest_says(published) -> None:
    top = {p.name for p in published.iterdir()}
    assert top == {
        "README.md",
        "clips",
        "config.json",
        "gates.json",
        "manifest.json",
        "preview.html",
        "rejects.parquet",
        "statistics.json",
    }
    assert verify_manifest(published) == []
    assert not (published.parent / ".data.work" / "staging").exists()


def test_polars_and_pyarrow_read_the_same_rows(published, factory) -> None:
    clips = {c.clip_id: c for c in factory.make_dataset_clips(24)}
    frame = pl.scan_parquet(published / "clips" / "*.parquet").collect()
    table = pad.dataset(published / "clips").to_table()
    assert table.schema.equals(clips_schema())
    assert sorted(frame["clip_id"]) == sorted(table.column("clip_id").to_pylist()) == sorted(clips)
    for row in frame.iter_rows(named=True):
        joints = np.array(row["joints"], dtype=np.float32).reshape(-1, 10, 2)
        np.testing.assert_array_equal(joints, clips[row["clip_id"]].joints)


@pytest.mark.filterwarnings("ignore::DeprecationWarning", "ignore::FutureWarning")
def test_datasets_opens_the_folder(published, factory, tmp_path) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import datasets

    loaded = datasets.load_dataset(str(published), cache_dir=str(tmp_path / "cache"))
    wanted = pl.read_parquet(published / "clips" / "*.parquet")["split"].value_counts()
    names = {"train": "train", "val": "validation", "test": "test"}
    counts = {names[split]: count for split, count in wanted.iter_rows()}
    assert {name: len(part) for name, part in loaded.items()} == counts
    clips = {c.clip_id: c for c in factory.make_dataset_clips(24)}
    row = loaded["train"][0]
    np.testing.assert_array_equal(
        np.array(row["joints"], dtype=np.float32).reshape(-1, 10, 2), clips[row["clip_id"]].joints
    )


def test_a_dataset_without_a_clip_is_whole(make_inputs, tmp_path) -> None:
    inputs = make_inputs(tmp_path)
    none = inputs.assignments.with_columns(keep=pl.lit(value=False))
    done = publish_dataset(dataclasses.replace(inputs, assignments=none))
    assert verify_manifest(done.folder) == []
    assert done.counts["clips"] == 0
    frame = pl.read_parquet(done.folder / "clips" / "*.parquet")
    assert frame.columns == clips_schema().names
    assert frame.height == pad.dataset(done.folder / "clips").count_rows() == 0
    assert "0 clips" in inspect_dataset(done.folder)


def test_equal_inputs_give_equal_bytes_wherever_and_however_they_lie(make_inputs, tmp_path) -> None:
    one = publish_dataset(make_inputs(tmp_path / "one"))
    two = publish_dataset(make_inputs(tmp_path / "elsewhere", cut=20, rows=3))
    assert bytes_of(one.folder) == bytes_of(two.folder)
    assert one.manifest["fingerprint"] == two.manifest["fingerprint"]
    assert one.counts["clips"] == 28


def test_publishing_again_replaces_the_folder(make_inputs, tmp_path) -> None:
    inputs = make_inputs(tmp_path)
    first = publish_dataset(inputs)
    before = bytes_of(first.folder)
    (first.folder / "stray.txt").touch()
    publish_dataset(inputs)
    assert bytes_of(first.folder) == before
    assert list(inputs.work.iterdir()) == []


@pytest.mark.parametrize("code", [errno.ENOSPC, errno.EIO])
@pytest.mark.parametrize("place", ["write_rejects", "build_manifest", "swap_in"])
def test_a_failing_disk_leaves_the_last_dataset(
    make_inputs, tmp_path, monkeypatch, code, place
) -> None:
    inputs = make_inputs(tmp_path)
    folder = publish_dataset(inputs).folder
    before = bytes_of(folder)

    def fail(*_: object, **__: object) -> None:
        raise OSError(code, "No space left on device" if code == errno.ENOSPC else "I/O", "file")

    monkeypatch.setattr(publish, place, fail)
    words = "the disk is full" if code == errno.ENOSPC else "cannot write the dataset"
    with pytest.raises(StickgenError, match=f"{words}.*untouched"):
        publish_dataset(inputs)
    assert bytes_of(folder) == before
    assert list(inputs.work.iterdir()) == []


def test_a_disk_that_fills_inside_a_parquet_file(make_inputs, tmp_path, monkeypatch) -> None:
    inputs = make_inputs(tmp_path)

    class Writer(shards.pq.ParquetWriter):  # type: ignore[misc]
        def write_table(self, *_: object, **__: object) -> None:
            msg = "[Errno 28] Error writing bytes to file: No space left on device"
            raise OSError(msg)

    monkeypatch.setattr(shards.pq, "ParquetWriter", Writer)
    with pytest.raises(StickgenError, match="the disk is full"):
        publish_dataset(inputs)
    assert not inputs.out.exists()
    assert list(inputs.work.iterdir()) == []


def test_an_interrupt_leaves_nothing_half_done(make_inputs, tmp_path, monkeypatch) -> None:
    inputs = make_inputs(tmp_path)

    def stop(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(publish, "build_manifest", stop)
        with pytest.raises(KeyboardInterrupt):
            publish_dataset(inputs)
    assert not inputs.out.exists()
    publish_dataset(inputs)
    assert verify_manifest(inputs.out) == []


def test_a_foreign_folder_is_refused_before_any_work(make_inputs, tmp_path) -> None:
    inputs = make_inputs(tmp_path)
    inputs.out.mkdir()
    (inputs.out / "photo.jpg").touch()
    with pytest.raises(ConfigError, match="refused to replace"):
        publish_dataset(inputs)
    assert [p.name for p in inputs.out.iterdir()] == ["photo.jpg"]


def test_the_config_in_the_folder_is_free_of_this_machine(published) -> None:
    config = json.loads((published / "config.json").read_text())
    assert config == {"seed": 0, "sources": [{"path": "CMU"}]}
    for name in ("config.json", "manifest.json", "statistics.json", "README.md", "preview.html"):
        assert str(published.parent) not in (published / name).read_text()
