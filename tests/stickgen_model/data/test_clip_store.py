"""What is in the folder is what comes out, and what cannot be used is named."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pytest

from datasets_spec.errors import ConfigError, SchemaVersionError, StickgenError
from datasets_spec.schema import clips_schema
from datasets_spec.vocabulary import UNLABELLED
from stickgen_model.data.clip_store import ClipStore


def test_clips_are_those_of_the_rows(tmp_path, rows_of, write_clips):
    rows = [rows_of(f"c{i}", 10 + i, captions=[f"one {i}", "both"][: 1 + i % 2]) for i in range(7)]
    rows[2]["split"] = "val"  # a row between others is left out
    store = ClipStore.open(write_clips(tmp_path / "set", rows, files=3))
    kept = [row for row in rows if row["split"] == "train"]
    assert store.clip_ids == tuple(row["clip_id"] for row in kept)
    assert store.lengths.tolist() == [row["num_frames"] for row in kept]
    for number, row in enumerate(kept):
        clip = store[number]
        for name in ("joints", "actions", "physics", "camera"):
            assert np.array_equal(
                getattr(clip, name), np.array(row[name], getattr(clip, name).dtype)
            )
        assert [store.sentences[word] for word in clip.sentences] == row["captions"]
        assert np.isnan(clip.environment).all()
    assert len(set(store.sentences)) == len(store.sentences)


def test_a_clip_costs_no_copy(mixed_store):
    one, two = mixed_store[0].joints, mixed_store[1].joints
    assert one.base is not None
    assert one.base is two.base or np.shares_memory(one.base, two.base)


def test_what_is_not_known_stays_unknown(mixed_store):
    rows = {name: mixed_store[row] for row, name in enumerate(mixed_store.clip_ids)}
    assert (rows["c5"].actions == UNLABELLED).all()
    assert rows["c6"].environment[0] == np.float32(9.8)
    assert np.isnan(rows["c6"].environment[1:]).all()
    assert len(rows["c4"].sentences) == 0
    assert not rows["c3"].symmetric


def test_partners_find_each_other(mixed_store):
    one, two = (mixed_store.clip_ids.index(name) for name in ("p0", "p1"))
    assert np.array_equal(mixed_store[one].partner, mixed_store[two].joints)
    assert np.array_equal(mixed_store[two].partner, mixed_store[one].joints)
    assert mixed_store[0].partner is None
    assert mixed_store.num_partners_elsewhere == 0


def test_a_partner_outside_the_set_is_counted(tmp_path, rows_of, write_clips):
    rows = [rows_of("a", partner_clip_id="b"), rows_of("b", partner_clip_id="a", split="val")]
    store = ClipStore.open(write_clips(tmp_path / "set", rows))
    assert store[0].partner is None
    assert store.num_partners_elsewhere == 1


def test_sets_are_those_of_the_columns(mixed_folder):
    assert ClipStore.open(mixed_folder, split="val").clip_ids == ("v0", "v1", "v2")
    assert ClipStore.open(mixed_folder, sft=True).clip_ids == ("p0", "p1")
    with pytest.raises(ConfigError, match="expected test clips, found none"):
        ClipStore.open(mixed_folder, split="test")
    with pytest.raises(ConfigError, match="expected a split of"):
        ClipStore.open(mixed_folder, split="all")


def test_a_folder_without_clips_is_refused(tmp_path):
    with pytest.raises(ConfigError, match="expected a dataset folder"):
        ClipStore.open(tmp_path)


def test_another_schema_version_is_refused(tmp_path, rows_of, write_clips):
    row = rows_of()
    schema = pa.schema([field for field in clips_schema() if field.name in row])
    with pytest.raises(SchemaVersionError, match="rebuild the folder"):
        ClipStore.open(write_clips(tmp_path / "set", [row], schema=schema))


def test_an_unknown_action_is_named_with_its_clip(tmp_path, rows_of, write_clips):
    rows = [rows_of("good"), rows_of("bad", actions=[1] * 10 + [60] + [UNLABELLED] * 9)]
    folder = write_clips(tmp_path / "set", rows)
    ClipStore.open(folder, num_actions=61)
    with pytest.raises(StickgenError, match=r"bad: expected action ids 0..59 or 255, got 60"):
        ClipStore.open(folder, num_actions=60)


def test_damaged_clips_are_named(tmp_path, rows_of, write_clips):
    short = rows_of("short", camera=[[0.0, 0.5, 1.0]] * 19)
    with pytest.raises(StickgenError, match="short: joints and camera have different numbers"):
        ClipStore.open(write_clips(tmp_path / "short", [rows_of("good"), short]))
    joints = np.array(rows_of()["joints"])
    joints[3, 4] = np.nan
    folder = write_clips(tmp_path / "nan", [rows_of("good"), rows_of("nan", joints=joints)])
    with pytest.raises(StickgenError, match="nan: expected finite joints"):
        ClipStore.open(folder)
    with pytest.raises(IndexError, match=r"expected a clip 0..0, got 1"):
        ClipStore.open(write_clips(tmp_path / "one", [rows_of("one")]))[1]
