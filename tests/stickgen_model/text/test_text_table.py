from __future__ import annotations

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from stickgen_model.text.encoder import EncoderMismatchError, identity_of, normalise_sentence
from stickgen_model.text.hashing import HashEncoder
from stickgen_model.text.text_table import TextTable, TextTableError, text_key


class Counting(HashEncoder):
    """Remembers what it was asked."""

    def __init__(self, dim=32):
        super().__init__(dim)
        self.calls = []

    def encode(self, sentences):
        self.calls.append(list(sentences))
        return super().encode(sentences)


def make_table(texts, encoder=None):
    encoder = encoder or HashEncoder(32)
    table = TextTable(identity_of(encoder))
    table.add(texts, encoder)
    return table


def test_each_text_is_embedded_once_and_in_batches():
    encoder = Counting()
    table = TextTable(identity_of(encoder))
    assert table.add(["Walk.", "walk", "run", "WALK ", "jump", "run"], encoder, batch_size=2) == 3
    assert encoder.calls == [["walk", "run"], ["jump"]]
    assert table.add(["jump", "Run"], encoder) == 0
    assert len(encoder.calls) == 2
    assert len(table) == 3
    assert "rUn." in table
    assert "swim" not in table


def test_training_and_serving_get_the_same_vector():
    encoder = HashEncoder(32)
    table = make_table(["A man  waves."])
    served = encoder.encode([normalise_sentence("a man waves")])
    found = table.look_up(["a man waves", "A MAN WAVES."])
    assert found.shape == (2, 1024)
    assert np.array_equal(found[:, :32], np.repeat(served, 2, axis=0))
    assert not found[:, 32:].any()


def test_a_file_gives_the_same_table(tmp_path):
    path = tmp_path / "new" / "text.parquet"
    texts = ["walk", "", "run and jump", "caf\u00e9"]
    table = make_table(texts)
    table.save(path)
    again = TextTable.load(path, identity=table.identity)
    assert again.sentences == table.sentences
    assert np.array_equal(again.look_up(texts), table.look_up(texts))
    encoder = Counting()
    assert again.add([*texts, "swim"], encoder) == 1
    again.save(path)
    assert len(TextTable.load(path)) == 5
    assert [p.name for p in path.parent.iterdir()] == ["text.parquet"]


def test_an_empty_table_is_a_table(tmp_path):
    path = tmp_path / "text.parquet"
    make_table([]).save(path)
    assert len(TextTable.load(path)) == 0


def test_a_failed_write_leaves_the_old_file(tmp_path, monkeypatch):
    path = tmp_path / "text.parquet"
    make_table(["walk"]).save(path)

    def fail(*args, **options):
        msg = "disk full"
        raise OSError(msg)

    monkeypatch.setattr(pq, "write_table", fail)
    with pytest.raises(OSError, match="disk full"):
        make_table(["walk", "run"]).save(path)
    monkeypatch.undo()
    assert len(TextTable.load(path)) == 1
    assert [p.name for p in tmp_path.iterdir()] == ["text.parquet"]


def test_another_encoder_is_refused(tmp_path):
    path = tmp_path / "text.parquet"
    table = make_table(["walk"])
    table.save(path)
    other = HashEncoder(64)
    with pytest.raises(EncoderMismatchError, match=r"text\.parquet: expected .*hash-64.*hash-32"):
        TextTable.load(path, identity=identity_of(other))
    with pytest.raises(EncoderMismatchError, match="text table"):
        table.add(["run"], other)
    assert text_key("walk", table.identity) != text_key("walk", identity_of(other))


def test_a_text_that_is_not_there_is_named():
    with pytest.raises(TextTableError, match=r"2 are not in the table, first 'Swim\.'"):
        make_table(["walk"]).look_up(["walk", "Swim.", "fly"])


def damage(path, how):
    if how == "cut":
        path.write_bytes(path.read_bytes()[:-20])
    elif how == "text":
        path.write_text("not a table")
    elif how == "other":
        pq.write_table(pa.table({"a": [1]}), path)
    else:
        table = pq.read_table(path)
        changed = pa.array(["run", *table.column("text").to_pylist()[1:]])
        pq.write_table(table.set_column(1, "text", changed), path)


@pytest.mark.parametrize("how", ["cut", "text", "other", "rows"])
def test_a_damaged_file_is_an_error_that_says_what_to_do(tmp_path, how):
    path = tmp_path / "text.parquet"
    make_table(["walk", "jump"]).save(path)
    damage(path, how)
    with pytest.raises(TextTableError, match=r"text\.parquet"):
        TextTable.load(path)


def test_what_is_missing_is_named_once_and_room_changes_nothing(tmp_path):
    encoder = HashEncoder(32)
    table = make_table(["walk"])
    assert table.missing(["Walk.", "Run", "run.", "jump"]) == ["run", "jump"]
    before = table.look_up(["walk"])
    table.reserve(1000)
    table.save(tmp_path / "t.parquet")
    assert len(TextTable.load(tmp_path / "t.parquet")) == len(table) == 1
    for number in range(300):
        table.add([f"step {number}"], encoder)
    assert np.array_equal(table.look_up(["walk"]), before)
    assert np.array_equal(
        table.look_up(["step 7", "step 299"], dim=32), encoder.encode(["step 7", "step 299"])
    )


def test_rows_in_many_groups_keep_their_order(tmp_path, monkeypatch):
    monkeypatch.setattr("stickgen_model.text.text_table._ROWS", 3)
    texts = [f"step {number}" for number in range(10)]
    table = make_table(texts)
    table.save(tmp_path / "t.parquet")
    assert pq.ParquetFile(tmp_path / "t.parquet").metadata.num_row_groups == 4
    again = TextTable.load(tmp_path / "t.parquet")
    assert again.sentences == tuple(texts)
    assert np.array_equal(again.look_up(texts), table.look_up(texts))


@pytest.mark.parametrize("how", ["twice", "nan", "null"])
def test_damaged_rows_are_found(tmp_path, how):
    path = tmp_path / "text.parquet"
    make_table(["walk", "jump"]).save(path)
    table = pq.read_table(path)
    if how == "twice":
        table = pa.concat_tables([table, table])
    elif how == "nan":
        vectors = pa.array([[float("nan")] * 32, [0.0] * 32], pa.list_(pa.float32(), 32))
        table = table.set_column(2, "vector", vectors)
    else:
        table = table.set_column(1, "text", pa.array(["walk", None]))
    pq.write_table(table, path)
    with pytest.raises(TextTableError, match="delete it to rebuild"):
        TextTable.load(path)
