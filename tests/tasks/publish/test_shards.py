from __future__ import annotations

import dataclasses
from pathlib import Path

import polars as pl
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from datasets_spec.errors import SchemaVersionError, StickgenError
from datasets_spec.schema import clips_schema, rejects_schema
from tasks.publish.shards import ROWS_PER_GROUP, write_clip_shards, write_rejects


def bytes_of(folder: Path) -> dict[str, bytes]:
    return {p.name: p.read_bytes() for p in sorted((folder / "clips").iterdir())}


@settings(max_examples=12)
@given(data=st.data())
def test_every_kept_row_comes_out_once_in_order(factory, tmp_path_factory, data) -> None:
    root = tmp_path_factory.mktemp("gather")
    numbers = data.draw(st.permutations(range(data.draw(st.integers(1, 14)))))
    clips = [factory.make_clip(f"s{n:02d}/t", num_frames=10 + n) for n in numbers]
    cut = data.draw(st.integers(0, len(clips)))
    rows = data.draw(st.integers(1, 4))
    tables = [
        factory.write_work_table(part, root / f"{n}.parquet", rows=rows)
        for n, part in enumerate([clips[:cut], clips[cut:]])
    ]
    keep = data.draw(st.lists(st.booleans(), min_size=len(clips), max_size=len(clips)))
    assignments = factory.make_assignments(clips).with_columns(pl.Series("keep", keep))
    most = data.draw(st.integers(1, 5))
    files = write_clip_shards(tables, assignments, root, rows_per_shard=most)
    found = {}
    for split in ("train", "val", "test"):
        parts = [pq.read_table(f.path) for f in files if f.split == split]
        assert all(p.num_rows <= most for p in parts)
        ids = [i for p in parts for i in p.column("clip_id").to_pylist()]
        assert ids == sorted(ids)
        for part in parts:
            found |= {row["clip_id"]: row for row in part.to_pylist()}
        wanted = assignments.filter(pl.col("keep") & (pl.col("split") == split))
        assert ids == sorted(wanted["clip_id"].to_list())
    for clip in clips:
        if clip.clip_id in found:
            row = found[clip.clip_id]
            assert row["num_frames"] == len(row["joints"]) == len(clip.joints)
            assert row["joints"][3] == clip.joints[3].ravel().tolist()


def test_bytes_do_not_depend_on_how_the_working_tables_are_cut(factory, tmp_path) -> None:
    clips = [factory.make_clip(f"s{n:04d}/t", num_frames=12) for n in range(300)]
    assignments = factory.make_assignments(clips)
    results = []
    for cut, rows in ((7, 5), (250, 256)):
        folder = tmp_path / str(cut)
        folder.mkdir()
        tables = [
            factory.write_work_table(part, folder / f"{n}.parquet", rows=rows)
            for n, part in enumerate([clips[cut:], clips[:cut]])
        ]
        write_clip_shards(tables, assignments.sample(fraction=1, shuffle=True, seed=cut), folder)
        results.append(bytes_of(folder))
    assert results[0] == results[1]


def test_row_groups_are_full_and_of_the_schema(factory, tmp_path) -> None:
    clips = [factory.make_clip(f"s{n:04d}/t", num_frames=10) for n in range(ROWS_PER_GROUP + 40)]
    table = factory.write_work_table(clips, tmp_path / "a.parquet", rows=100)
    assignments = factory.make_assignments(clips).with_columns(split=pl.lit("val"))
    (file,) = write_clip_shards([table], assignments, tmp_path)
    with pq.ParquetFile(file.path) as parquet:
        sizes = [parquet.metadata.row_group(g).num_rows for g in range(parquet.num_row_groups)]
        # Parquet calls the items of a list `element`, which only a check of metadata would see
        assert parquet.schema_arrow.equals(clips_schema())
        assert parquet.schema_arrow.metadata == clips_schema().metadata
        assert {parquet.metadata.row_group(0).column(0).compression} == {"ZSTD"}
    assert sizes == [ROWS_PER_GROUP, 40]
    assert file.path.name == "val-00000-of-00001.parquet"


@pytest.mark.parametrize("tables", [0, 1])
def test_no_kept_clip_leaves_one_empty_train_file(factory, tmp_path, tables) -> None:
    clips = [factory.make_clip()][:tables]
    paths = [factory.write_work_table(clips, tmp_path / "a.parquet")] if tables else []
    assignments = factory.make_assignments(clips).with_columns(keep=pl.lit(value=False))
    (file,) = write_clip_shards(paths, assignments, tmp_path)
    assert (file.path.name, file.num_rows) == ("train-00000-of-00001.parquet", 0)
    assert pq.read_table(file.path).num_rows == 0


def test_disagreements_are_refused(factory, tmp_path) -> None:
    clips = [factory.make_clip(f"s{n}/t") for n in range(3)]
    table = factory.write_work_table(clips, tmp_path / "a.parquet")
    good = factory.make_assignments(clips)
    with pytest.raises(StickgenError, match="1 clips have none"):
        write_clip_shards([table], good.head(2), tmp_path)
    more = pl.concat([good, good.head(1).with_columns(clip_id=pl.lit("ghost"))])
    with pytest.raises(StickgenError, match="ghost"):
        write_clip_shards([table], more, tmp_path)
    with pytest.raises(StickgenError, match="once in the assignments"):
        write_clip_shards([table], pl.concat([good, good.head(1)]), tmp_path)
    with pytest.raises(StickgenError, match="once in the working tables"):
        write_clip_shards([table, table], good, tmp_path)
    with pytest.raises(StickgenError, match="expected a split"):
        write_clip_shards([table], good.with_columns(split=pl.lit("dev")), tmp_path)


def test_a_torn_pair_is_refused(factory, tmp_path) -> None:
    clips = [factory.make_clip(actor=actor, pair=True) for actor in range(2)]
    table = factory.write_work_table(clips, tmp_path / "a.parquet")
    good = factory.make_assignments(clips)
    for change in ({"keep": [True, False]}, {"split": ["train", "val"]}):
        torn = good.with_columns(**{k: pl.Series(v) for k, v in change.items()})
        with pytest.raises(StickgenError, match="pairs stay whole"):
            write_clip_shards([table], torn, tmp_path)


def test_a_working_table_of_another_version_is_refused(factory, tmp_path) -> None:
    clips = [factory.make_clip()]
    path = factory.write_work_table(clips, tmp_path / "a.parquet")
    pq.write_table(pq.read_table(path).replace_schema_metadata({}), path)
    with pytest.raises(SchemaVersionError, match="stickgen build"):
        write_clip_shards([path], factory.make_assignments(clips), tmp_path)


def test_extra_columns_are_dropped_and_the_clip_survives(factory, tmp_path) -> None:
    clip = dataclasses.replace(factory.make_clip(), captions=("a", "b"))
    path = factory.write_work_table([clip], tmp_path / "a.parquet")
    (file,) = write_clip_shards([path], factory.make_assignments([clip]), tmp_path)
    table = pq.read_table(file.path)
    assert "view_index" not in table.schema.names
    assert table.column("captions").to_pylist() == [["a", "b"]]


def test_rejects_are_sorted_whatever_the_order_they_come_in(factory, tmp_path) -> None:
    table = factory.make_rejects(6)
    pq.write_table(table.slice(0, 2), tmp_path / "part.parquet")
    for name, parts in {"a": [table], "b": [table.slice(2), tmp_path / "part.parquet"]}.items():
        (tmp_path / name).mkdir()
        write_rejects(parts, tmp_path / name)
    assert (tmp_path / "a/rejects.parquet").read_bytes() == (
        tmp_path / "b/rejects.parquet"
    ).read_bytes()
    found = pq.read_table(tmp_path / "a/rejects.parquet")
    assert found.schema.equals(rejects_schema(), check_metadata=True)
    assert found.column("stage").to_pylist() == ["ingest"] * 3 + ["score"] * 3
    write_rejects([], tmp_path)
    assert pq.read_table(tmp_path / "rejects.parquet").num_rows == 0
